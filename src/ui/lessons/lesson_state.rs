//! The lesson that is open: its text, the step that is shown, and what is done of it.

use super::conditions::{Facts, Since};
use super::contents::{contents, in_language, listed};
use super::{ask, highlight, still};
use crate::lesson::{Answer, Done, Lesson, Listed, Step, VARIED};
use crate::platform;
use crate::ui::components::reactive::{effect, memo, subscribe};
use crate::ui::language::tr;
use crate::ui::panels::panel_state::{PanelState, Tab};
use crate::ui::pictures::queue::Shelf;
use crate::ui::sketch::state::{Studio, studio};
use crate::ui::store::lesson_progress::{Progress, Reached};
use crate::ui::transfer::controller::TransferController;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// A step that comes true by itself so soon after it was opened has not been read yet: it stays.
const READING_MILLISECONDS: f64 = 5000.0;

/// `Copy`, and in the Leptos context.
#[derive(Clone, Copy)]
pub struct LessonState {
    pub scene: PanelState,
    /// All lessons with their text, once they are needed and have come.
    lessons: RwSignal<Option<Vec<Lesson>>>,
    /// They could not be fetched.
    pub missing: RwSignal<bool>,
    pub progress: RwSignal<Progress>,
    /// The step that is shown, from 0.
    pub at: RwSignal<usize>,
    /// The step that was done last and gave way to the one that is shown.
    pub gave_way: RwSignal<Option<usize>>,
    /// The answer that was chosen last, of the step that is shown.
    pub chosen: RwSignal<Option<usize>>,
    /// Answers that were computed from the run.
    pub asked: RwSignal<Vec<Answer>>,
    /// What “Show me” would show is left out by the link.
    pub nowhere: RwSignal<bool>,
    /// On a phone: the step's title alone.
    pub folded: RwSignal<bool>,
    /// When the step was opened.
    opened: StoredValue<f64>,
    facts: Facts,
    /// What questions about drawings are answered from.
    studio: Studio,
}

impl LessonState {
    /// Must be called under the page's owner.
    pub fn new(scene: PanelState, desk: TransferController, shelf: Shelf) -> Self {
        let book = Self {
            scene,
            lessons: RwSignal::new(None),
            missing: RwSignal::new(false),
            progress: RwSignal::new(Progress::kept()),
            at: RwSignal::new(0),
            gave_way: RwSignal::new(None),
            chosen: RwSignal::new(None),
            asked: RwSignal::default(),
            nowhere: RwSignal::new(false),
            folded: RwSignal::new(false),
            opened: StoredValue::new(0.0),
            facts: Facts::new(scene, desk, shelf),
            studio: studio(),
        };
        let id = memo(move || scene.state.lesson.get());
        effect(move |_| {
            if let Some(id) = id.get() {
                book.begin(&id);
            }
        });
        // The panel that the first step needs is open as soon as its text says which.
        let came = memo(move || book.lesson().map(|lesson| lesson.id));
        effect(move |_| {
            if came.get().is_some() {
                book.open_panel();
            }
        });
        effect(move |_| book.check());
        effect(move |_| book.compute());
        book
    }

    /// The lesson that is open; tracked.
    pub fn lesson(self) -> Option<Lesson> {
        let id = self.scene.state.lesson.get()?;
        self.text_of(&id)
    }

    /// Any lesson with its text, if that is here; tracked.
    pub fn text_of(self, id: &str) -> Option<Lesson> {
        self.lessons.with(|all| all.as_ref()?.iter().find(|lesson| lesson.id == id).cloned())
    }

    /// What the front page says of it, which is there before its text.
    pub fn listed(self) -> Option<Listed> {
        let id = self.scene.state.lesson.get()?;
        listed().into_iter().find(|lesson| lesson.id == id)
    }

    /// Step, and whether it is done; tracked.
    pub fn step(self) -> Option<Step> {
        let at = self.at.get();
        self.lesson().and_then(|lesson| lesson.steps.get(at).cloned())
    }

    pub fn reached(self) -> Reached {
        let id = self.scene.state.lesson.get().unwrap_or_default();
        self.progress.with(|p| p.of(&id))
    }

    /// The step that is shown is done; tracked.
    pub fn is_done(self) -> bool {
        self.reached().steps.contains(&self.at.get())
    }

    /// The lesson after the one that is open.
    pub fn next_lesson(self) -> Option<Listed> {
        let id = self.scene.state.lesson.get()?;
        let mut rest = listed().into_iter().skip_while(move |lesson| lesson.id != id);
        rest.nth(1)
    }

    fn begin(self, id: &str) {
        let done = self.progress.with_untracked(|p| p.of(id).steps);
        let count = listed().iter().find(|l| l.id == id).map_or(1, |l| l.steps);
        self.facts.begin_lesson();
        // Where the visitor was; a lesson that is done begins again.
        self.go((0..count).find(|step| !done.contains(step)).unwrap_or(0));
        self.fetch();
    }

    fn open_panel(self) {
        let panel = untrack(move || self.step()).and_then(|step| step.place().map(|place| place.panel));
        let all = [Tab::Data, Tab::Model, Tab::Learned, Tab::Try];
        let tab = all.into_iter().find(|tab| Some(tab.id()) == panel).unwrap_or(Tab::Data);
        self.scene.tab.set(tab);
    }

    /// Asks again where it could not be had.
    pub fn fetch(self) {
        if self.lessons.with_untracked(Option::is_some) {
            return;
        }
        let Some(file) = contents(|c| in_language(&c.files)) else { return };
        self.missing.set(false);
        spawn_local(async move {
            let bytes = platform::fetch(&file, false, |_| ()).await.ok();
            match bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()) {
                Some(lessons) => self.lessons.set(Some(lessons)),
                None => self.missing.set(true),
            }
        });
    }

    /// The page's language is another one.
    pub fn forget(self) {
        self.lessons.set(None);
        if self.scene.state.lesson.with_untracked(Option::is_some) {
            self.fetch();
        }
    }

    pub fn go(self, step: usize) {
        still::let_go();
        self.facts.begin_step();
        self.opened.set_value(js_sys::Date::now());
        self.chosen.set(None);
        self.asked.set(Vec::new());
        self.nowhere.set(false);
        self.gave_way.set(None);
        self.folded.set(false);
        self.at.set(step);
    }

    pub fn leave(self) {
        self.scene.state.lesson.set(None);
    }

    pub fn answer(self, answer: usize) {
        self.chosen.set(Some(answer));
        let right = match untrack(move || self.step()).map(|step| step.done) {
            Some(Done::Answered(answers)) => answers.get(answer).is_some_and(|answer| answer.right),
            Some(Done::Asked(_)) => {
                self.asked.with_untracked(|all| all.get(answer).is_some_and(|answer| answer.right))
            }
            _ => false,
        };
        if right {
            self.done();
        }
    }

    /// Keeps the answers about the run what they are; those that were answered stay.
    fn compute(self) {
        let Some(Step { done: Done::Asked(question), .. }) = self.step() else { return };
        let answered = self.chosen.with(Option::is_some) && untrack(move || self.is_done());
        let now = if question == VARIED { ask::differ(self.studio) } else { self.confused() };
        if now.is_empty() || answered {
            return;
        }
        if self.asked.with_untracked(|shown| ask::outdated(shown, &now)) {
            self.chosen.set(None);
            self.asked.set(now);
        }
    }

    /// Which mistake the run makes most; nothing before its first test.
    fn confused(self) -> Vec<Answer> {
        self.scene.tick.track();
        subscribe(self.scene.dataset);
        let last = self.scene.state.evaluations.with_untracked(|all| all.last().cloned());
        last.map(|last| ask::confused(self.scene, &last)).unwrap_or_default()
    }

    /// Marks what holds now; called whenever a fact changes.
    fn check(self) {
        let Some(lesson) = self.lesson() else { return };
        let fact = |since: Since| move |name: &str| self.facts.value(name, since);
        let reached = self.progress.with_untracked(|p| p.of(&lesson.id));
        if !reached.goal && lesson.reached.holds(fact(self.facts.of_lesson)) {
            self.progress.update(|p| p.change(&lesson.id, |r| r.goal = true));
            self.scene.announcement.set(tr!("Goal reached: {}", lesson.goal));
        }
        if let Some(Step { done: Done::When(check), .. }) = lesson.steps.get(self.at.get())
            && check.holds(fact(self.facts.of_step))
        {
            self.done();
        }
    }

    fn done(self) {
        let Some(id) = self.scene.state.lesson.get_untracked() else { return };
        let at = self.at.get_untracked();
        if self.progress.with_untracked(|p| p.of(&id).steps.contains(&at)) {
            return;
        }
        self.progress.update(|p| p.change(&id, |r| _ = r.steps.insert(at)));
        let Some(step) = untrack(move || self.step()) else { return };
        self.scene.announcement.set(tr!("Step done: {}", step.title));
        let last = untrack(move || self.lesson()).is_none_or(|lesson| at + 1 >= lesson.steps.len());
        if !last && self.gives_way(&step) {
            still::keep(move || {
                self.go(at + 1);
                self.folded.set(true);
                self.gave_way.set(Some(at));
            });
        }
    }

    /// What is read stays until the reader goes on: an answer, what “Show me” lights, and what came true too soon.
    fn gives_way(self, step: &Step) -> bool {
        let Done::When(check) = &step.done else { return false };
        let read = js_sys::Date::now() - self.opened.get_value() >= READING_MILLISECONDS;
        !check.names("shown") && (check.by_hand() || read)
    }

    /// The step that gave way is shown again, and stays.
    pub fn take_back(self) {
        if let Some(at) = self.gave_way.get_untracked() {
            self.go(at);
        }
    }

    /// “Show me” was pressed.
    pub fn show(self) {
        let place = untrack(move || self.step()).and_then(|step| step.place());
        self.folded.set(true);
        let there = place.is_some_and(|place| untrack(move || highlight::to(self.scene, place)));
        self.nowhere.set(!there);
        if there {
            self.scene.state.count_action("shown");
        }
    }
}
