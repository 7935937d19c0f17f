//! What stays between visits: the project as the page knows it, and the classifier's file. Pictures and features
//! are kept by the engine. Where the browser keeps nothing, that is told once and work goes on.

use super::controller::{Stage, TransferController, sentence};
use super::project::{Project, class_name, pictures};
use crate::protocol::vision::{VisionAnswer, VisionQuestion};
use crate::ui::browser;
use crate::ui::language::tr;
use crate::ui::store::file::StoredFile;
use js_sys::{Array, Object, Promise, Reflect};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_bytes::ByteBuf;
use std::collections::BTreeSet;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::VisibilityState;

/// Also the name of the lock that tells other tabs.
const PROJECT_NAME: &str = "own/project";
const PROJECT: StoredFile = StoredFile::new(PROJECT_NAME);
const HEAD: StoredFile = StoredFile::new("own/head");
const SOON_MILLISECONDS: u32 = 700;
const RECALLED_AT_ONCE: usize = 64;

impl TransferController {
    pub(super) fn not_kept(self, why: &str) {
        if self.keeper.refused.with_untracked(Option::is_some) {
            return;
        }
        self.keeper.refused.set(Some(why.to_string()));
        let what = tr!("Not kept: this browser cannot save your pictures ({}).", why);
        self.tell(&what, &tr!("Everything works until the tab is closed; save the project to keep it."));
    }

    /// What an earlier visit left comes back. Called whenever somebody comes to this page.
    pub fn open(self) {
        if self.stage.get_untracked() != Stage::Shut {
            return;
        }
        self.stage.set(Stage::Opening);
        self.reader.start();
        self.claim();
        // Both live as long as the page.
        let _ = window_event_listener_untyped("visibilitychange", move |_| {
            if document().visibility_state() == VisibilityState::Hidden {
                self.keep_now();
            }
        });
        let _ = window_event_listener_untyped("pagehide", move |_| self.keep_now());
        spawn_local(async move {
            let found = PROJECT.read().await.and_then(|words| Project::read(&words));
            if let Some(found) = found {
                let untouched = self.project.with_untracked(|p| p.count() == 0);
                if untouched {
                    self.welcome(&found);
                    self.project.set(found);
                    self.keeper.kept.set(true);
                }
            }
            let trash = self.project.with_untracked(|p| p.trash.clone());
            self.forget(trash);
            self.restore().await;
        });
    }

    /// Two tabs that write the same project would undo each other's work: the second one is told.
    fn claim(self) {
        let Ok(locks) = browser::service("locks") else { return };
        let granted = Closure::once_into_js(move |lock: JsValue| {
            if lock.is_null() {
                let what = tr!("These classes are open in another tab too.");
                self.tell(&what, &tr!("Work in one of them: what is done in both at once can be lost."));
            }
            // Held as long as the page lives: this promise is never kept.
            Promise::new(&mut |_, _| ())
        });
        let options = Object::new();
        // Neither can fail: the object is ours, and a refused lock is only not held.
        let _ = Reflect::set(&options, &"ifAvailable".into(), &JsValue::TRUE);
        let held = browser::call(&locks, "request", &Array::of3(&PROJECT_NAME.into(), &options, &granted));
        // A frame that may hold none says so later.
        if let Some(held) = held.ok().and_then(|held| held.dyn_into::<Promise>().ok()) {
            spawn_local(async move { drop(JsFuture::from(held).await) });
        }
    }

    fn welcome(self, found: &Project) {
        if found.count() > 0 {
            let classes = tr!("{n} class" | "{n} classes" % found.classes.len());
            let what = tr!("{}, {}, from last time.", classes, pictures(found.count()));
            self.tell(&what, &tr!("They were kept in this browser."));
        }
    }

    /// Gives the engine back what is kept: features, small pictures and the classifier.
    pub(super) async fn restore(self) {
        self.stage.set(Stage::Opening);
        self.given.set_value(self.reader.lives());
        let ids = self.project.with_untracked(Project::ids);
        let mut found = BTreeSet::new();
        for some in ids.chunks(RECALLED_AT_ONCE) {
            match self.reader.ask(VisionQuestion::Recall { ids: some.to_vec() }).await {
                Ok(VisionAnswer::Collected(all)) => {
                    for one in all {
                        if self.thumb(one.id).is_none() {
                            self.show(one.id, &one.picture);
                        }
                        found.insert(one.id);
                    }
                    self.arrived.update(|n| *n = n.wrapping_add(1));
                }
                Ok(_) => (),
                Err(failure) => {
                    self.stage.set(Stage::Stuck);
                    return self.trouble.set(Some(sentence(&failure)));
                }
            }
        }
        self.drop_missing(ids.into_iter().filter(|id| !found.contains(id)).collect());
        self.compare().await;
        self.restore_head().await;
        self.stage.set(Stage::Open);
    }

    fn drop_missing(self, missing: Vec<u32>) {
        if missing.is_empty() {
            return;
        }
        self.drop_thumbs(&missing);
        let gone: BTreeSet<u32> = missing.into_iter().collect();
        self.change(|p| p.classes.iter_mut().for_each(|c| c.ids.retain(|id| !gone.contains(id))));
        let what = tr!("{n} picture of last time is no longer kept by the browser."
            | "{n} pictures of last time are no longer kept by the browser." % gone.len());
        self.tell(&what, &tr!("The others are all here."));
    }

    async fn restore_head(self) {
        let wanted = self.project.with_untracked(Project::head_labels).len();
        if wanted == 0 || self.can_guess.get_untracked() {
            return;
        }
        let Some(bytes) = HEAD.read().await else { return };
        let answer = self.reader.ask(VisionQuestion::LoadHead(ByteBuf::from(bytes))).await;
        // One that does not fit is replaced by the next training.
        self.can_guess.set(matches!(answer, Ok(VisionAnswer::Head(labels)) if labels.len() == wanted));
    }

    /// The classifier's file, for the next visit.
    pub(super) async fn keep_head(self, bytes: &[u8]) {
        if let Err(why) = HEAD.write(bytes).await {
            self.not_kept(&why);
        }
    }

    pub(super) fn keep_soon(self) {
        self.keeper.dirty.set_value(true);
        self.keeper.soon.with_value(|soon| soon.within(SOON_MILLISECONDS, move || self.keep_now()));
    }

    fn keep_now(self) {
        let keeper = self.keeper;
        if !keeper.dirty.get_value() || keeper.writing.get_value() {
            return;
        }
        keeper.writing.set_value(true);
        spawn_local(async move {
            while keeper.dirty.get_value() {
                keeper.dirty.set_value(false);
                let words = self.project.with_untracked(|p| serde_json::to_vec(p).unwrap_or_default());
                match PROJECT.write(&words).await {
                    Ok(()) => keeper.kept.set(true),
                    Err(why) => self.not_kept(&why),
                }
            }
            keeper.writing.set_value(false);
        });
    }

    /// Everything goes: pictures, labels, classifier.
    pub fn start_over(self) {
        self.intake.cancel();
        self.camera.put_away();
        let ids = self.project.with_untracked(|p| [p.ids(), p.trash.clone()].concat());
        // Ids go on from where they are: what was given out is never given out again.
        let (next_id, next_key) = self.project.with_untracked(|p| (p.next_id, p.next_key));
        self.undo.set(None);
        self.trouble.set(None);
        self.can_guess.set(false);
        self.selected.update(BTreeSet::clear);
        self.change(|p| {
            let mut fresh = Project { next_id, next_key, classes: Vec::new(), ..Project::default() };
            fresh.add_class(&class_name(1));
            fresh.add_class(&class_name(2));
            fresh.trash.clone_from(&ids);
            *p = fresh;
        });
        self.forget(ids);
        spawn_local(async { HEAD.remove().await });
        self.say(tr!("Everything is deleted"));
    }
}
