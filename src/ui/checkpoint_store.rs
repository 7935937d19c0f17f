//! When a run is kept, offered and taken up again (`store::run` says where). A browser may keep nothing for this page; then
//! that is said once, and nothing else changes.

use super::charts::run_history;
use super::engine_manager::{Checkpoint, EngineManager, RunStage};
use super::language::tr;
use super::state::{NoticeLevel, thinned};
use super::store::run::{Offer, SavedRun};
use crate::datasets::tokens::OWN;
use crate::platform::{self, spawn_local};
use crate::protocol::{Request, Response, RunId};
use crate::spec::{PRESETS, Page, Preset};
use leptos::prelude::*;
use std::rc::Rc;
use web_sys::VisibilityState;

/// Points of the training curve that are kept: more than a chart has pixels.
const KEPT_POINTS: usize = 2000;

impl EngineManager {
    /// Keeps a checkpoint of the run that is shown, in place of what was kept before.
    pub(super) fn keep(self: &Rc<Self>, step: u32, bytes: Vec<u8>) {
        if step == 0 || !self.keeper.place.keeps() {
            return;
        }
        self.keeper.next.replace(Some((self.run.get(), bytes, self.about(step))));
        if !self.keeper.writing.replace(true) {
            let machine = self.clone();
            spawn_local(async move {
                while let Some((run, bytes, about)) = machine.keeper.next.take() {
                    machine.write(run, &bytes, &about).await;
                }
                machine.keeper.writing.set(false);
            });
        }
    }

    /// What the page shows of the run at `step`.
    pub(super) fn about(&self, step: u32) -> SavedRun {
        let state = self.state;
        let curve = state.train_curve.with_untracked(|curve| {
            let end = curve.partition_point(|p| p.step <= step);
            thinned(&curve[..end], KEPT_POINTS)
        });
        let mut evaluations = state.evaluations.get_untracked();
        evaluations.retain(|e| e.step <= step);
        let spec = state.spec.get_untracked();
        let shown = state.preset.get_untracked();
        // The last checkpoint may come when the visitor has gone to a page that does not train.
        let trains = |p: &&Preset| p.page == Page::Train;
        let of_data = || PRESETS.iter().filter(trains).find(|p| p.data == spec.data.id);
        let preset = Preset::by_id(&shown).filter(trains).or_else(of_data);
        SavedRun {
            preset: preset.map_or(shown.clone(), |p| p.id.into()),
            table: self.mark(&spec.data.id),
            spec,
            progress: state.progress.get_untracked(),
            train_curve: curve,
            evaluations,
            saved_at: js_sys::Date::now(),
        }
    }

    /// Which table or text of the visitor's a run on this dataset stands on; 0 is the dataset's own.
    fn mark(&self, id: &str) -> u32 {
        self.tables.mark(id).max(self.texts.mark(id))
    }

    async fn mark_to_come(&self, id: &str) -> u32 {
        self.tables.mark_to_come(id).await.max(self.texts.mark_to_come(id).await)
    }

    async fn write(&self, run: RunId, bytes: &[u8], about: &SavedRun) {
        let place = &self.keeper.place;
        let spot = place.of(&about.preset);
        if self.keeper.kept.get() != Some(run) {
            // A tab that is closed between the two files must not leave one run's words with another's weights.
            spot.about().remove().await;
            self.state.offers.update(Vec::clear);
            for old in place.enter(&spot).await {
                old.remove().await;
            }
        }
        let written = match spot.checkpoint().write(bytes).await {
            Ok(()) => place.write_about(&spot, about).await,
            Err(why) => Err(why),
        };
        if written.is_ok() {
            spot.mark();
            let taken_up = self.keeper.taken_up.borrow_mut().take_if(|(of, _)| *of == run);
            if let Some((_, old)) = taken_up.filter(|(_, old)| *old != spot) {
                old.remove().await;
            }
        }
        match written {
            Ok(()) => self.keeper.kept.set(Some(run)),
            Err(why) => {
                platform::log(&format!("the run was not kept: {why}"));
                if !self.keeper.told.replace(true) {
                    let what = "Not kept: this browser keeps nothing for this page.";
                    self.state.notify(NoticeLevel::News, what, "Download the weights to keep them.");
                }
            }
        }
    }

    /// Offers the runs of earlier visits and other tabs that this page can read. A frame takes its own up.
    pub(super) async fn find_offers(self: Rc<Self>) {
        let place = &self.keeper.place;
        let looks = place.looks();
        if place.is_frame() && !looks {
            return;
        }
        let mut found = Vec::new();
        for spot in place.kept().await {
            if let Some(run) = place.read_about(&spot).await {
                found.push(Offer { run, spot });
            }
        }
        if self.keeper.kept.get().is_some() {
            return;
        }
        if !looks {
            return self.state.offers.set(self.in_order(found));
        }
        if let Some(offer) = found.pop() {
            // What is wrong with it is nothing that the people around a slide would want to read.
            let _ = self.take_up(offer).await;
        }
        place.looked();
    }

    /// What this tab trained last first, then the lab that is shown, then the newest.
    fn in_order(&self, mut offers: Vec<Offer>) -> Vec<Offer> {
        let shown = self.state.preset.get_untracked();
        let far = |offer: &Offer| (!offer.spot.is_of_tab(), offer.run.preset != shown);
        offers.sort_by(|a, b| far(a).cmp(&far(b)).then(b.run.saved_at.total_cmp(&a.run.saved_at)));
        offers
    }

    pub(super) async fn resume_offer(self: Rc<Self>, offer: Offer) {
        let others = self.state.offers.get_untracked().into_iter().filter(|other| *other != offer).collect();
        self.state.offers.set(Vec::new());
        if let Err(what) = self.take_up(offer).await {
            self.state.offers.set(others);
            self.state.notify(NoticeLevel::Problem, what, "Press Play to train anew.");
        }
    }

    /// Goes on with a run that was kept, from its checkpoint. An error says why it cannot.
    async fn take_up(self: &Rc<Self>, Offer { run: saved, spot }: Offer) -> Result<(), String> {
        let Some(bytes) = spot.checkpoint().read().await else {
            return Err("The run of the earlier visit is no longer kept by the browser.".into());
        };
        let checked = self.state.catalogue.with_untracked(|c| c.as_ref().map(|c| c.check(&saved.spec)));
        if let Some(Err(why)) = checked {
            return Err(format!("The run of the earlier visit does not fit this page: {why}."));
        }
        if self.mark_to_come(&saved.spec.data.id).await != saved.table {
            return Err(match saved.spec.data.id == OWN {
                true => {
                    tr!("The run of the earlier visit learned from another text than the one that is here.")
                }
                false => {
                    tr!("The run of the earlier visit learned from another table than the one that is here.")
                }
            });
        }
        run_history::keep(self.state, false);
        self.close(RunStage::Waiting);
        // A frame that was told to play meanwhile plays on.
        self.playing.set(self.playing.get() && self.keeper.place.is_frame());
        let step = saved.progress.as_ref().map_or(0, |p| p.step);
        self.state.restore(saved);
        self.checkpoint.replace(Some(Checkpoint { step, bytes }));
        self.keeper.taken_up.replace(Some((self.run.get(), spot)));
        self.open();
        self.measure_again();
        Ok(())
    }

    pub(super) fn discard_offer(&self, offer: Offer) {
        self.state.offers.update(|offers| offers.retain(|other| *other != offer));
        spawn_local(async move { offer.spot.remove().await });
    }

    /// Keeps what was trained since the last checkpoint.
    fn keep_now(self: &Rc<Self>) {
        let kept = self.checkpoint.borrow().as_ref().map_or(0, |c| c.step);
        let Some(active) = self.active().filter(|_| self.stage.get() == RunStage::Open) else { return };
        if self.state.step() <= kept {
            return;
        }
        let (machine, run) = (self.clone(), self.run.get());
        spawn_local(async move {
            let answer = machine.ask_engine(active, Request::Checkpoint).await;
            if let Ok(Response::File(bytes)) = answer
                && machine.run.get() == run
            {
                machine.remember(machine.state.step(), bytes.into_vec());
            }
        });
    }

    /// The tab went into the background, or came back.
    fn visibility(self: &Rc<Self>) {
        let hidden = document().visibility_state() == VisibilityState::Hidden;
        if hidden {
            self.keep_now();
            if self.playing.get() && !self.state.background.get_untracked() {
                self.pause();
                self.keeper.paused_by_hiding.set(true);
            }
        } else if self.keeper.paused_by_hiding.take() {
            self.play();
        }
    }

    /// Keeps the run when the visitor leaves, and does in the background as they chose.
    pub(super) fn watch_visibility(self: &Rc<Self>) {
        let machine = self.clone();
        // Both live as long as the page.
        let _ = window_event_listener_untyped("visibilitychange", move |_| machine.visibility());
        let machine = self.clone();
        let _ = window_event_listener_untyped("pagehide", move |_| machine.keep_now());
    }
}
