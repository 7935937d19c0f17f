//! The list while it is edited. It becomes the run's as soon as it fits; a list that comes from elsewhere (a link, a
//! script) takes its place.

use crate::catalogue::affordable;
use crate::datasets::TokenDataset;
use crate::layers::{
    AnswerError, LayerInfo, LayerKind, LayerSpec, ShapeError, check_answer, check_directions, describe_until,
    syntax,
};
use crate::models::{LAYERS, Model};
use crate::ui::components::keys::focus;
use crate::ui::components::reactive::{effect, memo};
use crate::ui::language::{known, tr};
use crate::ui::panels::panel_state::PanelState;
use leptos::prelude::*;

/// A layer with a name of its own, so that it stays itself when it moves.
#[derive(Clone, PartialEq)]
pub struct Item {
    pub id: u32,
    pub layer: LayerSpec,
}

/// The layers that fit, and the first that does not.
#[derive(Clone, Default, PartialEq)]
pub struct Fit {
    pub infos: Vec<LayerInfo>,
    pub misfit: Option<ShapeError>,
    /// Why what they give is not what is asked for.
    pub answer: Option<AnswerError>,
}

/// Whether an answer is asked for at every step of a sequence.
pub fn every_step(scene: PanelState) -> bool {
    scene.dataset.with(|d| d.as_ref().is_some_and(|d| d.target.is_sequence()))
}

/// Whether what the layers give is what is asked for, and nothing of it is seen before.
pub fn answer(scene: PanelState, infos: &[LayerInfo]) -> Result<(), AnswerError> {
    let (is_read, has_questions) = scene.state.spec.with(|spec| {
        (TokenDataset::asks_for_what_is_read(&spec.data), TokenDataset::has_questions(&spec.data))
    });
    check_answer(infos, every_step(scene)).and_then(|()| check_directions(infos, is_read, has_questions))
}

#[derive(Clone, Copy)]
pub struct Draft {
    pub scene: PanelState,
    pub items: RwSignal<Vec<Item>>,
    pub fit: Memo<Fit>,
    /// Behind which one a new layer is put.
    chosen: RwSignal<Option<u32>>,
    /// Why the page does not take a list that fits.
    pub refused: RwSignal<Option<String>>,
    next: StoredValue<u32>,
}

impl Draft {
    pub fn new(scene: PanelState) -> Self {
        let items = RwSignal::new(Vec::<Item>::new());
        let fit = memo(move || {
            let layers = items.with(|all| all.iter().map(|item| item.layer).collect());
            let layers = syntax::with_classes(layers, scene.outputs());
            let (infos, misfit) = describe_until(&layers, &scene.input());
            let answer = answer(scene, &infos).err().filter(|_| misfit.is_none());
            Fit { infos, misfit, answer }
        });
        let (chosen, refused) = (RwSignal::new(None), RwSignal::new(None));
        let draft = Self { scene, items, fit, chosen, refused, next: StoredValue::new(0) };
        let written = memo(move || {
            scene
                .state
                .spec
                .with(|s| Model::by_id(&s.model.id)?.layers_of(&s.model, 0).ok())
                .unwrap_or_default()
        });
        effect(move |_| {
            let layers = written.get();
            if !layers.is_empty() && draft.layers() != layers {
                draft.put(layers);
            }
        });
        draft
    }

    fn layers(self) -> Vec<LayerSpec> {
        self.items.with_untracked(|all| all.iter().map(|item| item.layer).collect())
    }

    fn fresh(self, layer: LayerSpec) -> Item {
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        Item { id, layer }
    }

    fn put(self, layers: Vec<LayerSpec>) {
        self.chosen.set(None);
        self.items.set(layers.into_iter().map(|layer| self.fresh(layer)).collect());
    }

    /// Another list in its place.
    pub fn replace(self, layers: Vec<LayerSpec>) {
        self.put(layers);
        self.changed();
    }

    /// The list becomes the run's, if it fits.
    fn changed(self) {
        self.refused.set(None);
        let ready = self.fit.with_untracked(|fit| {
            let costs = fit.infos.iter().map(|l| (l.parameters, l.multiply_adds));
            (fit.misfit.is_none() && fit.answer.is_none()).then(|| affordable(costs))
        });
        let set = || {
            let list = syntax::print(&self.layers());
            self.scene.lab.set(&format!("model.{LAYERS}"), list.into())
        };
        self.refused.set(ready.and_then(|ready| ready.and_then(|()| set()).err()));
    }

    pub fn place(self, id: u32) -> Option<usize> {
        self.items.with(|all| all.iter().position(|item| item.id == id))
    }

    /// The last one answers, and stays where it is.
    pub fn is_last(self, id: u32) -> bool {
        self.items.with(|all| all.last().is_some_and(|item| item.id == id))
    }

    pub fn choose(self, id: u32) {
        self.chosen.set(Some(id));
    }

    /// Where the chosen layer is, if a new one can be put behind it.
    pub fn chosen_place(self) -> Option<usize> {
        self.chosen.get().filter(|id| !self.is_last(*id)).and_then(|id| self.place(id))
    }

    pub fn add(self, kind: &'static LayerKind) {
        let item = self.fresh(kind.standard());
        let id = item.id;
        let last = self.items.with_untracked(Vec::len).saturating_sub(1);
        let place = untrack(move || self.chosen_place()).map_or(last, |place| place + 1);
        self.items.update(|all| all.insert(place.min(all.len()), item));
        self.chosen.set(Some(id));
        self.changed();
        self.scene.announcement.set(tr!("{} is layer {} now", known(kind.title), place + 1));
        let field = if kind.numbers.is_empty() { "remove" } else { "0" };
        request_animation_frame(move || focus(&format!("layer-{id}-{field}")));
    }

    pub fn set(self, id: u32, layer: LayerSpec) {
        self.items.update(|all| {
            all.iter_mut().filter(|item| item.id == id).for_each(|item| item.layer = layer);
        });
        self.changed();
    }

    pub fn remove(self, id: u32) {
        let Some(place) = untrack(move || self.place(id)) else { return };
        if untrack(move || self.is_last(id)) {
            return;
        }
        self.items.update(|all| _ = all.remove(place));
        self.changed();
        self.scene.announcement.set(tr!("Layer {} is gone", place + 1));
        let next = self.items.with_untracked(|all| all.get(place).map(|item| item.id));
        // The last one has nothing that removes it.
        let near = if next.is_some_and(|id| untrack(move || self.is_last(id))) { None } else { next };
        let target = near.map_or("add-layer".to_string(), |id| format!("layer-{id}-remove"));
        request_animation_frame(move || focus(&target));
    }

    /// One place up (−1) or down (1); the focus goes along.
    pub fn shift(self, id: u32, by: isize) {
        let Some(place) = untrack(move || self.place(id)) else { return };
        let movable = self.items.with_untracked(Vec::len).saturating_sub(1);
        let Some(to) = place.checked_add_signed(by).filter(|to| *to < movable && place < movable) else {
            return;
        };
        let focused = document().active_element().map(|e| e.id()).unwrap_or_default();
        self.items.update(|all| all.swap(place, to));
        self.changed();
        self.scene.announcement.set(tr!("Layer {} is layer {} now", place + 1, to + 1));
        let way = if by < 0 { "up" } else { "down" };
        let back = if by < 0 { "down" } else { "up" };
        request_animation_frame(move || {
            focus(&focused);
            // At the end of its way the button that was pressed can be pressed no more.
            let lost = document().active_element().is_none_or(|e| e.id() != focused);
            if lost && focused == format!("layer-{id}-{way}") {
                focus(&format!("layer-{id}-{back}"));
            }
        });
    }
}
