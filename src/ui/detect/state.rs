//! What there is: one picture, the boxes that the network proposed for it, and which of them are shown.

use crate::detection::suppression::{self, Fate, IOU, SCORE, suppress};
use crate::detection::{BoundingBox, Found, coco};
use crate::pretrained::samples::SampleInfo as Sample;
use crate::pretrained::{DETECTORS, Detector};
use crate::protocol::vision::{Detected, VisionAnswer, VisionQuestion};
use crate::protocol::{Failure, FailureKind};
use crate::ui::client::vision::VisionClient;
use crate::ui::language::{known, tr};
use crate::ui::panels::panel_state::PanelState;
use crate::ui::pictures::image_blobs;
use crate::ui::pictures::queue::{Given, PictureSource, WeightsState, unexpected};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;
use web_sys::Url;

/// Less sure boxes the engine does not tell.
pub const LEAST: f64 = 0.05;
/// No picture is drawn with more boxes than this: the surest.
pub const MOST: usize = 500;

/// The picture that is looked at.
#[derive(Clone, PartialEq)]
pub struct Shown {
    pub name: String,
    /// Of the picture itself.
    pub address: String,
    pub sample: Option<Arc<Sample>>,
}

/// A box that is sure enough, and what becomes of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    pub found: Found,
    pub fate: Fate,
}

/// `Copy`, and in the Leptos context. It belongs to the page, not to the view: nothing is lost when the visitor goes to
/// another lesson and comes back.
#[derive(Clone, Copy)]
pub struct Finder {
    pub reader: VisionClient,
    pub scene: PanelState,
    pub network: &'static Detector,
    pub picture: RwSignal<Option<Shown>>,
    /// None while the picture is being read, and where it could not be.
    pub answer: RwSignal<Option<Arc<Detected>>>,
    pub trouble: RwSignal<Option<Failure>>,
    pub weights: RwSignal<WeightsState>,
    /// Bytes of the weights, and whether an earlier visit left them here; none until the server has said.
    pub size: RwSignal<Option<(u64, bool)>>,
    /// Boxes from this score on are shown.
    pub least: RwSignal<f64>,
    /// Of boxes that cover nearly the same, only the surest is shown.
    pub suppressed: RwSignal<bool>,
    /// From this overlap on they cover nearly the same.
    pub iou: RwSignal<f64>,
    /// Step by step: so many boxes have been decided on.
    pub walked: RwSignal<Option<usize>>,
    /// The box under the pointer or the focus, by its place among the candidates.
    pub pointed: RwSignal<Option<usize>>,
    /// A pointer on the picture draws a box.
    pub drawing: RwSignal<bool>,
    /// That box, in whole pixels of the picture.
    pub own: RwSignal<Option<BoundingBox>>,
    /// Raised with every picture: answers to earlier ones are not wanted.
    turn: StoredValue<u32>,
}

impl Finder {
    /// Must be called under the page's owner.
    pub fn new(scene: PanelState) -> Self {
        Self {
            reader: expect_context::<VisionClient>(),
            scene,
            network: &DETECTORS[0],
            picture: RwSignal::new(None),
            answer: RwSignal::new(None),
            trouble: RwSignal::new(None),
            weights: RwSignal::new(WeightsState::Away),
            size: RwSignal::new(None),
            least: RwSignal::new(f64::from(SCORE)),
            suppressed: RwSignal::new(true),
            iou: RwSignal::new(f64::from(IOU)),
            walked: RwSignal::new(None),
            pointed: RwSignal::new(None),
            drawing: RwSignal::new(false),
            own: RwSignal::new(None),
            turn: StoredValue::new(0),
        }
    }

    /// Asks how large the weights are, once.
    pub fn look_up(self) {
        if self.size.get_untracked().is_none() {
            spawn_local(async move { self.size.set(image_blobs::weights(&self.network.folder()).await) });
        }
    }

    /// Fetches the weights before there is a picture.
    pub fn prepare(self) {
        self.weights.set(WeightsState::Coming);
        spawn_local(async move {
            let question = VisionQuestion::Prepare { network: self.network.id.into() };
            match self.reader.ask(question).await {
                Ok(_) => self.weights.set(WeightsState::Here),
                Err(failure) => self.weights.set(WeightsState::Failed(failure)),
            }
        });
    }

    /// The first of several files: one picture is looked at.
    pub fn take_files(self, files: Vec<web_sys::File>) {
        if let Some(file) = files.into_iter().next() {
            self.take(Given { name: file.name(), source: PictureSource::File(file), sample: None });
        }
    }

    /// Shows a picture and has the network look at it.
    pub fn take(self, given: Given) {
        let turn = self.turn.get_value() + 1;
        self.turn.set_value(turn);
        self.answer.set(None);
        self.trouble.set(None);
        self.walked.set(None);
        self.pointed.set(None);
        self.own.set(None);
        spawn_local(async move {
            let Given { name, source, sample } = given;
            let address = address(&source).await.unwrap_or_default();
            if self.turn.get_value() == turn {
                self.show(Shown { name, address, sample });
                self.read(source, turn).await;
            }
        });
    }

    fn show(self, shown: Shown) {
        let before = self.picture.get_untracked();
        if let Some(before) = before.filter(|before| before.address.starts_with("blob:")) {
            image_blobs::revoke(&before.address);
        }
        self.picture.set(Some(shown));
    }

    async fn read(self, source: PictureSource, turn: u32) {
        let photo = match image_blobs::photo(source).await {
            Ok(photo) => photo,
            Err(failure) => return self.failed(failure, turn),
        };
        if self.weights.get_untracked() != WeightsState::Here {
            self.weights.set(WeightsState::Coming);
        }
        let network = self.network.id.into();
        match self.reader.ask(VisionQuestion::Detect { network, photo }).await {
            Ok(VisionAnswer::Detected(answer)) => {
                self.weights.set(WeightsState::Here);
                if self.turn.get_value() == turn {
                    self.answer.set(Some(Arc::new(answer)));
                    self.scene.state.count_action("detected");
                    self.scene.announcement.set(untrack(move || self.in_words()));
                }
            }
            Ok(_) => self.failed(unexpected(), turn),
            Err(failure) if failure.kind == FailureKind::Data => {
                self.weights.set(WeightsState::Failed(failure.clone()));
                self.failed(failure, turn);
            }
            Err(failure) => {
                // What is wrong with a picture says nothing of the weights.
                if self.weights.get_untracked() == WeightsState::Coming {
                    self.weights.set(WeightsState::Away);
                }
                self.failed(failure, turn);
            }
        }
    }

    fn failed(self, failure: Failure, turn: u32) {
        if self.turn.get_value() == turn {
            self.scene.announcement.set(format!("{} {}", known(&failure.what), known(&failure.advice)));
            self.trouble.set(Some(failure));
        }
    }

    /// Width and height of the picture that was looked at, at least 1 each.
    pub fn size(self) -> Option<[f32; 2]> {
        self.answer.with(|answer| answer.as_ref().map(|a| a.size.map(|side| side.max(1) as f32)))
    }

    /// The boxes that are sure enough, the surest first, and what becomes of each.
    pub fn candidates(self) -> Vec<Candidate> {
        let Some(answer) = self.answer.get() else { return Vec::new() };
        let least = self.least.get() as f32;
        let sure = answer.found.iter().take_while(|found| found.score >= least).take(MOST);
        let sure: Vec<Found> = sure.copied().collect();
        let fates = match self.suppressed.get() {
            true => suppress(&sure, self.iou.get() as f32),
            false => vec![Fate::Kept; sure.len()],
        };
        sure.into_iter().zip(fates).map(|(found, fate)| Candidate { found, fate }).collect()
    }

    /// All that the engine told, less what suppression takes out: what is measured against the truth.
    pub fn measured(self) -> Vec<Found> {
        let Some(answer) = self.answer.get() else { return Vec::new() };
        let iou = if self.suppressed.get() { self.iou.get() as f32 } else { 1.0 };
        suppression::kept(&answer.found, 0.0, iou)
    }

    /// Those that are kept.
    pub fn kept(self) -> Vec<Found> {
        let kept = |one: &Candidate| one.fate == Fate::Kept;
        self.candidates().into_iter().filter(kept).map(|one| one.found).collect()
    }

    /// “person × 3, bus × 1”, the most frequent first.
    pub fn counted(self) -> String {
        let mut counts: Vec<(u16, usize)> = Vec::new();
        for found in self.kept() {
            match counts.iter_mut().find(|(class, _)| *class == found.class) {
                Some((_, count)) => *count += 1,
                None => counts.push((found.class, 1)),
            }
        }
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let words = counts.into_iter().map(|(class, count)| format!("{} × {count}", class_name(class)));
        words.collect::<Vec<_>>().join(", ")
    }

    /// What is in the picture, in a sentence.
    pub fn in_words(self) -> String {
        match self.counted() {
            counted if counted.is_empty() => {
                tr!("Nothing that it knows is found. Lower the score to see what it is less sure of.")
            }
            counted => tr!("Found: {}", counted),
        }
    }
}

/// What COCO calls this class, in the page's language.
pub fn class_name(class: u16) -> String {
    coco::CATEGORIES
        .get(usize::from(class))
        .map_or_else(|| class.to_string(), |category| known(category.words()))
}

/// Where the picture itself can be shown from.
async fn address(source: &PictureSource) -> Option<String> {
    match source {
        PictureSource::File(file) => Url::create_object_url_with_blob(file).ok(),
        PictureSource::Address(address) => Some(address.clone()),
        PictureSource::Camera { width, height, rgba } => image_blobs::jpeg(rgba, *width, *height).await,
    }
}

pub fn finder() -> Finder {
    expect_context::<Finder>()
}
