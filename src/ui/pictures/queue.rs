//! The visitor's pictures: what waits to be read, what was read, what could not be. One after the other goes to
//! the engine; of each only a small copy stays, so thousands fit.

use super::coming::Coming;
pub use super::coming::WeightsState;
use super::image_blobs;
pub use super::reading::{PictureSource, Reading};
use super::viewer_state::Look;
use crate::pretrained::samples::SampleInfo as Sample;
use crate::pretrained::{PRETRAINED, Pretrained};
use crate::protocol::vision::{Classified, Photo, VisionAnswer, VisionQuestion};
use crate::protocol::{Failure, FailureKind};
use crate::ui::client::vision::VisionClient;
use crate::ui::components::format;
use crate::ui::language::{known, tr};
use crate::ui::panels::panel_state::PanelState;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_bytes::ByteBuf;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// Below this the first answer is called unsure.
pub const SURE: f32 = 0.3;

/// A picture on the shelf.
#[derive(Clone, PartialEq)]
pub struct Item {
    pub id: u32,
    /// The file's name, or the sample's title.
    pub name: String,
    pub sample: Option<Arc<Sample>>,
    pub status: Status,
}

/// A picture that comes, with its name.
pub struct Given {
    pub name: String,
    pub source: PictureSource,
    pub sample: Option<Arc<Sample>>,
}

#[derive(Clone, PartialEq)]
pub enum Status {
    Waiting,
    Read(Arc<Reading>),
    Failed(Failure),
}

/// `Copy`, and in the Leptos context. It belongs to the page, not to the view: nothing is lost when the visitor
/// goes to another lesson and comes back.
#[derive(Clone, Copy)]
pub struct Shelf {
    pub reader: VisionClient,
    pub scene: PanelState,
    pub network: &'static Pretrained,
    /// Oldest first.
    pub items: RwSignal<Vec<Item>>,
    pub chosen: RwSignal<Option<u32>>,
    pub weights: RwSignal<WeightsState>,
    /// Bytes of the weights, and whether an earlier visit left them here; none until the server has said.
    pub size: RwSignal<Option<(u64, bool)>>,
    /// Pictures are being read.
    pub working: RwSignal<bool>,
    pub look: Look,
    kept: StoredValue<Rc<RefCell<Kept>>, LocalStorage>,
}

/// What only the browser can hold.
#[derive(Default)]
struct Kept {
    last_id: u32,
    waiting: BTreeMap<u32, PictureSource>,
    /// The network's input of each picture that was read.
    inputs: BTreeMap<u32, web_sys::Blob>,
}

impl Shelf {
    /// Must be called under the page's owner.
    pub fn new(scene: PanelState) -> Self {
        Self {
            reader: expect_context::<VisionClient>(),
            scene,
            network: &PRETRAINED[0],
            items: RwSignal::default(),
            chosen: RwSignal::new(None),
            weights: RwSignal::new(WeightsState::Away),
            size: RwSignal::new(None),
            working: RwSignal::new(false),
            look: Look::new(),
            kept: StoredValue::new_local(Rc::default()),
        }
    }

    /// Puts pictures on the shelf and shows the first of them.
    pub fn add(self, pictures: Vec<Given>) {
        let kept = self.kept.get_value();
        let mut items = Vec::with_capacity(pictures.len());
        for Given { name, source, sample } in pictures {
            let mut kept = kept.borrow_mut();
            kept.last_id += 1;
            let id = kept.last_id;
            kept.waiting.insert(id, source);
            items.push(Item { id, name, sample, status: Status::Waiting });
        }
        let Some(first) = items.first().map(|i| i.id) else { return };
        self.items.update(|all| all.append(&mut items));
        self.choose(first);
        super::viewer_state::bring_into_view();
        // What failed may have been the network for a moment.
        self.weights.update(|w| {
            if matches!(w, WeightsState::Failed(_)) {
                *w = WeightsState::Away;
            }
        });
        self.work();
    }

    pub fn add_files(self, files: Vec<web_sys::File>) {
        let given = |f: web_sys::File| Given { name: f.name(), source: PictureSource::File(f), sample: None };
        self.add(files.into_iter().map(given).collect());
    }

    /// The picture that is looked at.
    pub fn current(self) -> Option<Item> {
        let id = self.chosen.get()?;
        self.items.with(|all| find(all, id).cloned())
    }

    /// Asks how large the weights are, once.
    pub fn look_up(self) {
        if self.size.get_untracked().is_none() {
            spawn_local(async move { self.size.set(image_blobs::weights(&self.network.folder()).await) });
        }
    }

    /// Shows this one in depth.
    pub fn choose(self, id: u32) {
        if self.chosen.get_untracked() != Some(id) {
            self.chosen.set(Some(id));
            self.look.leave();
        }
        let status = self.items.with_untracked(|all| find(all, id).map(|i| i.status.clone()));
        let blob = self.kept.get_value().borrow().inputs.get(&id).cloned();
        if let (Some(Status::Read(read)), Some(blob)) = (status, blob) {
            spawn_local(async move {
                let input = image_blobs::bytes(&blob).await;
                if self.chosen.get_untracked() == Some(id)
                    && let Some(input) = input
                {
                    self.look.show(read, input);
                }
            });
        }
    }

    pub fn remove(self, id: u32) {
        self.forget(id);
        let mut next = None;
        self.items.update(|all| {
            let at = all.iter().position(|i| i.id == id).unwrap_or(0);
            all.retain(|i| i.id != id);
            next = all.get(at).or(all.last()).map(|i| i.id);
        });
        if self.chosen.get_untracked() == Some(id) {
            self.look.leave();
            self.chosen.set(None);
            if let Some(next) = next {
                self.choose(next);
            }
        }
    }

    pub fn clear(self) {
        let ids = self.items.with_untracked(|all| all.iter().map(|i| i.id).collect::<Vec<_>>());
        ids.into_iter().for_each(|id| self.forget(id));
        self.items.set(Vec::new());
        self.chosen.set(None);
        self.look.leave();
    }

    /// Those that wait stay unread.
    pub fn stop(self) {
        self.kept.get_value().borrow_mut().waiting.clear();
        self.items.update(|all| all.retain(|i| i.status != Status::Waiting));
        let gone = |id| self.items.with_untracked(|all| find(all, id).is_none());
        if self.chosen.get_untracked().is_some_and(gone) {
            self.chosen.set(None);
            self.look.leave();
            let last = self.items.with_untracked(|all| all.last().map(|i| i.id));
            last.into_iter().for_each(|id| self.choose(id));
        }
    }

    fn forget(self, id: u32) {
        let kept = self.kept.get_value();
        kept.borrow_mut().waiting.remove(&id);
        kept.borrow_mut().inputs.remove(&id);
        self.look.forget(id);
        self.items.with_untracked(|all| {
            if let Some(Status::Read(read)) = find(all, id).map(|i| &i.status) {
                image_blobs::revoke(&read.thumb);
            }
        });
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
            self.work();
        });
    }

    /// Its network's weights on their way.
    pub fn coming(self) -> Coming {
        Coming {
            title: self.network.title,
            reader: self.reader,
            size: self.size,
            state: self.weights,
            prepare: Callback::new(move |()| self.prepare()),
        }
    }

    /// Reads what waits, one after the other, unless it is at it.
    fn work(self) {
        if self.working.get_untracked() || matches!(*self.weights.read_untracked(), WeightsState::Failed(_)) {
            return;
        }
        self.working.set(true);
        spawn_local(async move {
            while let Some((id, source)) = self.next() {
                if !self.read(id, source).await {
                    break;
                }
            }
            self.working.set(false);
        });
    }

    /// The one that is looked at first, then in the order of their coming.
    fn next(self) -> Option<(u32, PictureSource)> {
        let kept = self.kept.get_value();
        let kept = kept.borrow();
        let chosen = self.chosen.get_untracked().filter(|id| kept.waiting.contains_key(id));
        let id = chosen.or_else(|| kept.waiting.keys().next().copied())?;
        kept.waiting.get(&id).map(|source| (id, source.clone()))
    }

    /// False if the others need not be tried either: the weights do not come.
    async fn read(self, id: u32, source: PictureSource) -> bool {
        let photo = match image_blobs::photo(source).await {
            Ok(photo) => photo,
            Err(failure) => return self.failed(id, failure),
        };
        if self.weights.get_untracked() != WeightsState::Here {
            self.weights.set(WeightsState::Coming);
        }
        let network = self.network.id.into();
        match self.reader.ask(VisionQuestion::Classify { network, photo }).await {
            Ok(VisionAnswer::Classified(answer)) => {
                self.weights.set(WeightsState::Here);
                self.read_well(id, answer).await;
                true
            }
            Ok(_) => self.failed(id, unexpected()),
            Err(failure) if failure.kind == FailureKind::Data => {
                self.weights.set(WeightsState::Failed(failure));
                false
            }
            Err(failure) => self.failed(id, failure),
        }
    }

    fn failed(self, id: u32, failure: Failure) -> bool {
        if self.chosen.get_untracked() == Some(id) {
            self.scene.announcement.set(format!("{} {}", known(&failure.what), known(&failure.advice)));
        }
        self.kept.get_value().borrow_mut().waiting.remove(&id);
        self.settle(id, Status::Failed(failure));
        true
    }

    async fn read_well(self, id: u32, answer: Classified) {
        let name = self.items.with_untracked(|all| find(all, id).map(|i| i.name.clone()));
        // Removed meanwhile.
        let Some(name) = name else { return };
        let Classified { input, size, top, heat, heat_side, milliseconds, .. } = answer;
        let thumb = image_blobs::thumb(&input, self.network.input.side).await.unwrap_or_default();
        let heat_side = heat_side as usize;
        let read = Arc::new(Reading { id, name, thumb, size, top, heat, heat_side, milliseconds });
        let kept = self.kept.get_value();
        if kept.borrow_mut().waiting.remove(&id).is_none() {
            return image_blobs::revoke(&read.thumb);
        }
        if let Some(blob) = image_blobs::blob(&input) {
            kept.borrow_mut().inputs.insert(id, blob);
        }
        self.settle(id, Status::Read(read.clone()));
        self.scene.state.count_action("classified");
        if self.chosen.get_untracked() == Some(id) {
            self.scene.announcement.set(in_words(&read));
            self.look.show(read, input.into_vec());
        }
    }

    fn settle(self, id: u32, status: Status) {
        self.items.update(|all| {
            if let Some(item) = all.iter_mut().find(|i| i.id == id) {
                item.status = status;
            }
        });
    }

    /// What the network makes of exactly this input.
    pub async fn classify(self, input: Vec<u8>) -> Result<Classified, Failure> {
        let photo = Photo::Exact(ByteBuf::from(input));
        match self.reader.ask(VisionQuestion::Classify { network: self.network.id.into(), photo }).await? {
            VisionAnswer::Classified(answer) => Ok(answer),
            _ => Err(unexpected()),
        }
    }
}

pub fn shelf() -> Shelf {
    expect_context::<Shelf>()
}

pub fn find(items: &[Item], id: u32) -> Option<&Item> {
    items.iter().find(|i| i.id == id)
}

pub fn unexpected() -> Failure {
    Failure::new(FailureKind::Engine, tr!("The engine answered another question."), tr!("Try again."))
}

/// “Golden retriever, 93 %”
pub fn in_words(read: &Reading) -> String {
    let Some(first) = read.top.first() else { return String::new() };
    let said = format!("{}, {}", capital(&first.name), chance(first.probability));
    if first.probability < SURE { tr!("Unsure: {}", said) } else { said }
}

/// A probability for people; what is hardly there is not called nothing.
pub fn chance(p: f32) -> String {
    if p < 0.005 { "< 1\u{202f}%".into() } else { format::chance(p) }
}

/// With a large first letter.
pub fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
