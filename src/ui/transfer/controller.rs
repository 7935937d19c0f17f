//! What can be done with the visitor's classes: the one handle that this page's parts share. It lives as long as
//! the whole page, so work goes on while another lesson is looked at.

use super::camera::Camera;
use super::incoming::{Intake, Opening, Saved};
use super::keeper::Keeper;
use super::project::{self, Alike, Class, Project, Verdict, pictures};
use crate::protocol::vision::VisionQuestion;
use crate::protocol::{Failure, FailureKind};
use crate::ui::client::vision::VisionClient;
use crate::ui::components::reactive::memo;
use crate::ui::language::{known, tr};
use crate::ui::panels::panel_state::PanelState;
use crate::ui::state::NoticeLevel;
use crate::ui::timers::Debounce;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::{BTreeMap, BTreeSet};
use web_sys::{Blob, Url};

pub const NETWORK: &str = "efficientnet_lite0";

/// How far the pictures of an earlier visit are back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Nobody has come to this page yet.
    Shut,
    Opening,
    /// Everything that is kept is with the engine.
    Open,
    /// It could not be asked; pressing Train asks again.
    Stuck,
}

/// `Copy`, and in the Leptos context.
#[derive(Clone, Copy)]
pub struct TransferController {
    pub reader: VisionClient,
    pub scene: PanelState,
    pub project: RwSignal<Project>,
    pub stage: RwSignal<Stage>,
    /// The weights are here and the engine has them.
    pub warm: RwSignal<bool>,
    pub intake: Intake,
    pub camera: Camera,
    pub keeper: Keeper,
    pub training: RwSignal<bool>,
    /// Why the last training or guess failed.
    pub trouble: RwSignal<Option<String>>,
    /// The engine holds a classifier.
    pub can_guess: RwSignal<bool>,
    pub undo: RwSignal<Option<Undo>>,
    /// The class that pasted pictures go to.
    pub focused: RwSignal<Option<u32>>,
    pub verdicts: Memo<Vec<Verdict>>,
    /// Changes when addresses of small pictures have come.
    pub arrived: RwSignal<u32>,
    pub selected: RwSignal<BTreeSet<u32>>,
    /// Groups of pictures that are nearly the same, as the engine knows them.
    pub similar: RwSignal<Vec<Vec<u32>>>,
    pub alike: Memo<Vec<Alike>>,
    /// The project file that waits for an answer, or that could not be opened.
    pub opening: RwSignal<Opening>,
    pub(super) waiting: StoredValue<Option<Saved>, LocalStorage>,
    thumbs: StoredValue<BTreeMap<u32, Thumb>, LocalStorage>,
    /// Generation of the worker that has received the saved pictures.
    pub(super) given: StoredValue<u32>,
    pub(super) again: StoredValue<Debounce, LocalStorage>,
}

/// The 224 × 224 pixels that the network saw, as a file and its address.
struct Thumb {
    url: String,
    file: Blob,
}

/// What would bring back what the visitor has just done.
#[derive(Clone, Debug, PartialEq)]
pub struct Undo {
    pub what: String,
    /// The class that went, and where it stood.
    class: Option<(usize, Class)>,
    /// Pictures, and the class that each came from.
    pictures: Vec<(u32, u32)>,
}

impl TransferController {
    /// Must be called under the page's owner; nothing runs before `open`.
    pub fn new(reader: VisionClient, scene: PanelState) -> Self {
        let project = RwSignal::new(Project::default());
        let similar = RwSignal::new(Vec::new());
        Self {
            reader,
            scene,
            project,
            stage: RwSignal::new(Stage::Shut),
            warm: RwSignal::new(false),
            intake: Intake::new(),
            camera: Camera::new(),
            keeper: Keeper::new(),
            training: RwSignal::new(false),
            trouble: RwSignal::new(None),
            can_guess: RwSignal::new(false),
            undo: RwSignal::new(None),
            focused: RwSignal::new(None),
            verdicts: memo(move || project.with(Project::verdicts)),
            arrived: RwSignal::new(0),
            selected: RwSignal::new(BTreeSet::new()),
            similar,
            alike: memo(move || {
                similar.with(|groups| project.with(|project| project::alike(project, groups)))
            }),
            opening: RwSignal::new(Opening::default()),
            waiting: StoredValue::new_local(None),
            thumbs: StoredValue::new_local(BTreeMap::new()),
            given: StoredValue::new(0),
            again: StoredValue::new_local(Debounce::default()),
        }
    }

    /// Every change of the project goes through here, so that it is kept.
    pub fn change<T>(self, change: impl FnOnce(&mut Project) -> T) -> T {
        let result = change(&mut self.project.write());
        self.keep_soon();
        self.train_again_soon();
        result
    }

    pub fn name(self, key: u32) -> String {
        self.project.with(|p| p.class(key).map(Class::title).unwrap_or_default())
    }

    pub fn say(self, words: impl Into<String>) {
        self.scene.announcement.set(words.into());
    }

    pub fn tell(self, what: &str, advice: &str) {
        self.scene.state.notify(NoticeLevel::News, what, advice);
    }

    /// The address of the 224 × 224 pixels that the network saw, once they are here.
    pub fn thumb(self, id: u32) -> Option<String> {
        self.thumbs.with_value(|t| t.get(&id).map(|thumb| thumb.url.clone()))
    }

    /// Its file.
    pub(super) fn picture_file(self, id: u32) -> Option<Blob> {
        self.thumbs.with_value(|t| t.get(&id).map(|thumb| thumb.file.clone()))
    }

    pub(super) fn set_thumb(self, id: u32, url: String, file: Blob) {
        self.thumbs.update_value(|t| drop(t.insert(id, Thumb { url, file })));
    }

    pub(super) fn drop_thumbs(self, ids: &[u32]) {
        self.thumbs.update_value(|thumbs| {
            for thumb in ids.iter().filter_map(|id| thumbs.remove(id)) {
                // Fails only for what is no address.
                let _ = Url::revoke_object_url(&thumb.url);
            }
        });
    }

    pub fn add_class(self) -> Option<u32> {
        self.change(|p| p.add_class(&p.new_name()))
    }

    pub fn remove_class(self, key: u32) {
        let Some(at) = self.project.with_untracked(|p| p.classes.iter().position(|c| c.key == key)) else {
            return;
        };
        self.intake.leave_out(key);
        let class = self.change(|p| {
            let mut class = p.classes.remove(at);
            let ids = std::mem::take(&mut class.ids);
            p.trash.extend(&ids);
            (class, ids)
        });
        let (class, ids) = class;
        let what = match ids.len() {
            0 => tr!("“{}” is removed.", class.title()),
            n => tr!("“{}” is removed with {}.", class.title(), pictures(n)),
        };
        let pictures = ids.into_iter().map(|id| (id, key)).collect();
        self.offer_undo(Undo { what, class: Some((at, class)), pictures });
    }

    pub fn delete(self, ids: &[u32]) {
        let moved = self.take_out(ids);
        self.change(|p| p.trash.extend(moved.iter().map(|(id, _)| *id)));
        let what = tr!("{n} picture deleted." | "{n} pictures deleted." % moved.len());
        self.offer_undo(Undo { what, class: None, pictures: moved });
    }

    /// They are of this class really.
    pub fn relabel(self, ids: &[u32], key: u32) {
        let moved = self.take_out(ids);
        self.change(|p| {
            if let Some(class) = p.class_mut(key) {
                class.ids.extend(moved.iter().map(|(id, _)| *id));
            }
            p.confirmed.retain(|id| moved.iter().all(|(other, _)| other != id));
        });
        let what = tr!(
            "{n} picture moved to “{}”." | "{n} pictures moved to “{}”." % moved.len(),
            untrack(|| self.name(key))
        );
        self.offer_undo(Undo { what, class: None, pictures: moved });
    }

    /// The label is right, whatever the network says.
    pub fn confirm(self, id: u32) {
        self.change(|p| p.confirmed.insert(id));
        self.say(tr!("Label kept"));
    }

    /// Takes pictures out of their classes; each with the class that it was in.
    fn take_out(self, ids: &[u32]) -> Vec<(u32, u32)> {
        let wanted: BTreeSet<u32> = ids.iter().copied().collect();
        self.selected.update(|s| s.retain(|id| !wanted.contains(id)));
        self.change(|p| {
            let mut taken = Vec::new();
            for class in &mut p.classes {
                let key = class.key;
                class.ids.retain(|id| {
                    let goes = wanted.contains(id);
                    if goes {
                        taken.push((*id, key));
                    }
                    !goes
                });
            }
            taken
        })
    }

    /// What the last Undo could have brought back goes for good, unless this one can.
    fn offer_undo(self, undo: Undo) {
        let still = |id: &u32| undo.pictures.iter().any(|(other, _)| other == id);
        let trash = self.project.with_untracked(|p| p.trash.clone());
        self.say(undo.what.clone());
        self.forget(trash.into_iter().filter(|id| !still(id)).collect());
        self.undo.set(Some(undo));
    }

    pub fn take_back(self) {
        let Some(undo) = self.undo.get_untracked() else { return };
        self.undo.set(None);
        let ids: Vec<u32> = undo.pictures.iter().map(|(id, _)| *id).collect();
        self.take_out(&ids);
        self.change(|p| {
            p.trash.retain(|id| !ids.contains(id));
            if let Some((at, class)) = undo.class {
                p.classes.insert(at.min(p.classes.len()), class);
            }
            for (id, key) in undo.pictures {
                match p.class_mut(key) {
                    Some(class) => class.ids.push(id),
                    None => p.trash.push(id),
                }
            }
            // As they were taken.
            p.classes.iter_mut().for_each(|c| c.ids.sort_unstable());
        });
        self.say(tr!("Undone"));
    }

    pub(super) fn forget(self, ids: Vec<u32>) {
        if ids.is_empty() {
            return;
        }
        self.drop_thumbs(&ids);
        spawn_local(async move {
            // If it fails they stay in the trash, and the next visit tries again.
            if self.reader.ask(VisionQuestion::Forget { ids: ids.clone() }).await.is_ok() {
                self.change(|p| p.forget(&ids));
                self.compare().await;
            }
        });
    }

    /// An engine that died has lost everything: before the next question its successor is given what is kept.
    pub(super) async fn ready(self) {
        self.reader.start();
        if self.stage.get_untracked() == Stage::Stuck || self.reader.lives() != self.given.get_value() {
            self.warm.set(false);
            self.can_guess.set(false);
            self.restore().await;
        }
    }

    pub(super) fn noticed(self, failure: &Failure) {
        if failure.kind == FailureKind::Engine {
            self.warm.set(false);
        }
    }
}

/// A failure as one line.
pub fn sentence(failure: &Failure) -> String {
    format!("{} {}", known(&failure.what), known(&failure.advice)).trim().to_string()
}
