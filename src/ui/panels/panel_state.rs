//! What the panels share besides `State`: which tab is open, which picture is looked at, and how often numbers
//! change on the screen.

use crate::datasets;
use crate::datasets::tokens::OWN;
use crate::layers::Shape;
use crate::protocol::{
    DatasetInfo, Evaluation, Form, FoundDigit, Picture, Prediction, Request, Response, Target, TargetField,
};
use crate::tasks::{TASKS, TaskKind};
use crate::ui::components::format;
use crate::ui::components::reactive::{effect, memo};
use crate::ui::components::throttle::Throttle;
use crate::ui::controller::Controller;
use crate::ui::language::{known, tr};
use crate::ui::state::State;
use leptos::ev;
use leptos::prelude::*;

/// The panels that a phone shows one at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    Data,
    Model,
    Learned,
    Try,
}

/// The picture that the network is shown in depth.
#[derive(Clone, Debug, PartialEq)]
pub enum InspectedExample {
    Nothing,
    Train {
        index: u32,
        target: Target,
    },
    /// Its target may not be known yet.
    Test {
        index: u32,
        target: Option<Target>,
    },
    Drawing,
    File {
        name: String,
    },
}

#[derive(Clone, Copy)]
pub struct PanelState {
    pub state: State,
    pub lab: Controller,
    pub tab: RwSignal<Tab>,
    /// One panel at a time: a phone.
    pub narrow: RwSignal<bool>,
    /// Changes when training has gone on, but at most eight times a second: charts and figures follow it.
    pub tick: RwSignal<u32>,
    pub subject: RwSignal<InspectedExample>,
    /// The digits of the photo that is looked at, where there are several.
    pub found: RwSignal<Vec<FoundDigit>>,
    /// Why the last picture could not be used.
    pub trouble: RwSignal<Option<String>>,
    /// What the live region says.
    pub announcement: RwSignal<String>,
    /// None until the catalogue is there.
    pub dataset: Memo<Option<DatasetInfo>>,
    /// What one example is; known before any engine has spoken.
    pub form: Memo<Form>,
    /// The data is a table, whether or not its rows are in order.
    pub is_table: Memo<bool>,
}

const NARROW: &str = "(max-width: 40rem)";
const TICK_MILLISECONDS: f64 = 125.0;

impl PanelState {
    pub fn new(state: State, lab: Controller) -> Self {
        let dataset = memo(move || {
            let id = state.spec.with(|s| s.data.id.clone());
            let opened = state.dataset.get().filter(|d| d.id == id);
            if opened.is_some() {
                return opened;
            }
            state.catalogue.with(|c| c.as_ref()?.datasets.iter().find(|d| d.id == id).cloned())
        });
        let scene = Self {
            state,
            lab,
            tab: RwSignal::new(Tab::Data),
            narrow: RwSignal::new(is_narrow()),
            tick: RwSignal::new(0),
            subject: RwSignal::new(InspectedExample::Nothing),
            found: RwSignal::new(Vec::new()),
            trouble: RwSignal::new(None),
            announcement: RwSignal::new(String::new()),
            dataset,
            form: memo(move || state.spec.with(|s| datasets::form_of(&s.data))),
            is_table: memo(move || state.spec.with(|s| datasets::is_table(&s.data.id))),
        };
        scene.keep_tick();
        scene.keep_width();
        scene
    }

    fn keep_tick(self) {
        let throttle = Throttle::new(TICK_MILLISECONDS);
        effect(move |_| {
            self.state.progress.track();
            self.state.evaluations.track();
            self.state.run.track();
            self.state.steps_total.track();
            throttle.run(move || self.tick.update(|n| *n = n.wrapping_add(1)));
        });
    }

    fn keep_width(self) {
        let handle = window_event_listener(ev::resize, move |_| {
            let narrow = is_narrow();
            if narrow != self.narrow.get_untracked() {
                self.narrow.set(narrow);
            }
        });
        on_cleanup(move || handle.remove());
    }

    /// The network is shown this picture; on a phone the visitor is taken to where it answers.
    pub fn look(self, subject: InspectedExample, picture: Picture) {
        self.trouble.set(None);
        self.state.count_action(if subject == InspectedExample::Drawing { "drawn" } else { "looked" });
        if self.narrow.get_untracked() && subject != InspectedExample::Drawing {
            self.tab.set(Tab::Try);
        }
        self.found.set(Vec::new());
        self.subject.set(subject);
        self.lab.look_at(picture);
    }

    pub fn look_at_nothing(self) {
        self.trouble.set(None);
        self.subject.set(InspectedExample::Nothing);
        self.lab.watch(|w| w.look = None);
    }

    /// Prepares a picture file once, so that a file that is none is a sentence here and not an error each time
    /// the network is asked again.
    pub async fn look_at_file(self, name: String, bytes: Vec<u8>) {
        match self.lab.ask(Request::Digits(serde_bytes::ByteBuf::from(bytes))).await {
            Ok(Response::Digits(found)) => {
                let Some(first) = found.first().map(|digit| digit.input.clone()) else { return };
                self.look(InspectedExample::File { name }, Picture::Exact(first));
                self.found.set(found);
            }
            Ok(_) => (),
            Err(failure) => {
                if self.narrow.get_untracked() {
                    self.tab.set(Tab::Try);
                }
                self.trouble.set(Some(format!("{} {}", known(&failure.what), known(&failure.advice))));
            }
        }
    }

    /// The class's name, or its number while there is no catalogue.
    pub fn class(self, class: u32) -> String {
        let name =
            self.dataset.with(|d| d.as_ref().and_then(|d| d.target.classes().get(class as usize).cloned()));
        name.map_or_else(|| class.to_string(), |name| known(&name))
    }

    /// A target in words: its class or its number.
    pub fn target_words(self, target: &Target) -> String {
        match target {
            Target::Class(class) => self.class(*class),
            Target::Value(value) => format::number(f64::from(*value)),
            Target::Tokens(_) => String::new(),
        }
    }

    /// What a network says, in words.
    pub fn prediction_words(self, prediction: &Prediction) -> String {
        match prediction {
            Prediction::Class(_) => self.class(prediction.class().map_or(0, |(class, _)| class)),
            Prediction::Value(value) => format::number(f64::from(*value)),
        }
    }

    /// How many classes there are; 0 where no class is predicted.
    pub fn classes(self) -> usize {
        self.dataset.with(|d| d.as_ref().map_or(0, |d| d.classes().len()))
    }

    /// What is trained and how good it is are called.
    pub fn task(self) -> &'static TaskKind {
        self.dataset.with(|d| d.as_ref().map_or(TASKS[0], |d| TaskKind::of(&d.target)))
    }

    /// How many numbers the network gives for an example.
    pub fn outputs(self) -> usize {
        self.dataset.with(|d| d.as_ref().map_or(10, |d| d.target.outputs().max(1)))
    }

    /// What the network takes: `[channels, height, width]` or `[features]`.
    pub fn input(self) -> Shape {
        let shape = self.dataset.with(|d| d.as_ref().map(|d| d.shape.clone()).unwrap_or_default());
        // How many numbers a row has is known when it is open.
        if shape.is_empty() { vec![1] } else { shape }
    }

    /// What examples are called, in the plural.
    pub fn noun(self) -> String {
        self.dataset.with(|d| match d {
            None => tr!("pictures"),
            Some(d) if matches!(d.target, TargetField::Token { .. } | TargetField::Masked { .. }) => {
                examples_of(d)
            }
            Some(d) => known(&d.noun),
        })
    }

    /// `[channels, height, width]` of a picture; of anything else, one row of numbers.
    pub fn shape(self) -> [usize; 3] {
        self.dataset.with(|d| match d.as_ref().map(|d| d.shape.as_slice()) {
            Some(&[channels, height, width]) => [channels, height, width],
            Some(&[features]) => [1, 1, features],
            _ => [1, 28, 28],
        })
    }

    /// The last evaluation of the run.
    pub fn last_evaluation(self) -> Memo<Option<Evaluation>> {
        memo(move || self.state.evaluations.with(|all| all.last().cloned()))
    }

    pub fn ready(self) -> bool {
        self.state.engine.with(|e| e.active.is_some())
    }

    /// Some class name is too long to stand under a small picture.
    pub fn long_names(self) -> bool {
        self.dataset.with(|d| d.as_ref().is_some_and(|d| d.target.classes().iter().any(|c| c.len() > 3)))
    }
}

/// A text is learned line by line, or in passages; which of them is known when it is open.
fn examples_of(text: &DatasetInfo) -> String {
    match &text.text {
        None => tr!("examples"),
        Some(info) if !info.lines => tr!("passages"),
        Some(_) if text.id == OWN => tr!("lines"),
        Some(_) => known(&text.noun),
    }
}

fn is_narrow() -> bool {
    window().match_media(NARROW).ok().flatten().is_some_and(|m| m.matches())
}

pub fn scene() -> PanelState {
    expect_context::<PanelState>()
}
