//! One picture in depth: which view of it is open, which class is asked about, what was painted over, which
//! places were covered, and what a layer makes of it.

use super::reading::Reading;
use crate::protocol::vision::{Classified, Named};
use crate::protocol::{Failure, FeatureMaps};
use crate::ui::language::key;
use leptos::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Ways to see the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Input,
    Heat,
    Cover,
    Paint,
}

impl Mode {
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::Input, key("Pixels")),
        (Self::Heat, key("Where it looked")),
        (Self::Cover, key("Cover places")),
        (Self::Paint, key("Paint over")),
    ];
}

/// Probabilities of the five classes with each place covered in turn, as far as it has come.
#[derive(Clone, Default, PartialEq)]
pub struct Covered {
    /// One row of classes for each place.
    pub rows: Vec<Vec<f32>>,
}

/// What a layer makes of the picture.
#[derive(Clone, PartialEq)]
pub enum Maps {
    Waiting,
    Here(Arc<FeatureMaps>),
    Failed(Failure),
}

/// What the network makes of the painted picture.
#[derive(PartialEq)]
pub struct After {
    /// The probabilities of what were the five likeliest before.
    pub five: Vec<f32>,
    pub first: Named,
}

impl After {
    pub fn of(before: &Reading, answer: &Classified) -> Arc<Self> {
        let most = answer.logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let all: f32 = answer.logits.iter().map(|l| (l - most).exp()).sum();
        let chance = |class: u16| {
            answer.logits.get(usize::from(class)).map_or(0.0, |logit| (logit - most).exp() / all)
        };
        let five = before.top.iter().map(|t| chance(t.class)).collect();
        let first = answer.top.first().cloned();
        Arc::new(Self {
            five,
            first: first.unwrap_or(Named { class: 0, name: String::new(), probability: 0.0 }),
        })
    }
}

#[derive(Clone, Copy)]
pub struct Look {
    pub mode: RwSignal<Mode>,
    /// None while the picture is being read.
    pub read: RwSignal<Option<Arc<Reading>>>,
    /// What the network sees of it, `[side, side, 3]`.
    pub input: RwSignal<Arc<Vec<u8>>>,
    /// Which of the five.
    pub class: RwSignal<usize>,
    /// Row and column under the pointer.
    pub place: RwSignal<Option<(usize, usize)>>,
    /// The input with the visitor's grey on it.
    pub painted: RwSignal<Option<Arc<Vec<u8>>>>,
    /// What the network makes of that.
    pub after: RwSignal<Option<Arc<After>>>,
    /// By the picture's id.
    pub covered: RwSignal<BTreeMap<u32, Covered>>,
    /// The id of the picture whose places are being covered.
    pub covering: RwSignal<Option<u32>>,
    /// The layer that is looked into.
    pub layer: RwSignal<Option<usize>>,
    pub maps: RwSignal<Option<Maps>>,
    /// Why the last question about this picture has no answer.
    pub trouble: RwSignal<Option<Failure>>,
    /// Ids of pictures that were looked at with the overlay.
    pub overlaid: StoredValue<BTreeSet<u32>>,
}

impl Look {
    pub fn new() -> Self {
        Self {
            mode: RwSignal::new(Mode::Input),
            read: RwSignal::new(None),
            input: RwSignal::default(),
            class: RwSignal::new(0),
            place: RwSignal::new(None),
            painted: RwSignal::new(None),
            after: RwSignal::new(None),
            covered: RwSignal::default(),
            covering: RwSignal::new(None),
            layer: RwSignal::new(None),
            maps: RwSignal::new(None),
            trouble: RwSignal::new(None),
            overlaid: StoredValue::default(),
        }
    }

    /// Another picture comes; the view that is open and the layer stay.
    pub fn leave(self) {
        self.read.set(None);
        self.place.set(None);
        self.painted.set(None);
        self.after.set(None);
        self.class.set(0);
        self.covering.set(None);
        self.trouble.set(None);
    }

    pub fn show(self, read: Arc<Reading>, input: Vec<u8>) {
        self.input.set(Arc::new(input));
        self.read.set(Some(read));
    }

    pub fn forget(self, id: u32) {
        if self.covered.with_untracked(|all| all.contains_key(&id)) {
            self.covered.update(|all| drop(all.remove(&id)));
        }
    }

    /// What the network was last given: with the visitor's grey, if there is any.
    pub fn shown(self) -> Arc<Vec<u8>> {
        self.painted.get().unwrap_or_else(|| self.input.get())
    }
}

/// The picture is shown where all are shown, which may be out of sight, or not be there before the page is drawn.
pub fn bring_into_view() {
    let look = || {
        let place = document().get_element_by_id("vision-sees");
        let Some(place) = place else { return };
        let top = place.get_bounding_client_rect().top();
        let height = window().inner_height().ok().and_then(|h| h.as_f64()).unwrap_or(800.0);
        if top < 0.0 || top > height / 2.0 {
            place.scroll_into_view();
        }
    };
    set_timeout(look, std::time::Duration::from_millis(60));
}
