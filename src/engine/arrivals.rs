//! What comes of a dataset while the engine works: its manifest, its shards, or why there are none.

use super::event_loop::{EngineLoop, PendingRun};
use super::loader::LoadEvent;
use super::platform_now;
use super::session::Session;
use crate::protocol::{Event, Failure, RunState};
use crate::text::TextDataset;

/// Seconds between two reports of a download, at least.
const BETWEEN_LOADING: f64 = 0.1;

impl<S: Fn(Event)> EngineLoop<S> {
    pub(super) async fn arrived(&mut self, id: &'static str, arrival: LoadEvent) {
        if TextDataset::by_id(id).is_some() {
            return self.text_arrived(id, arrival).await;
        }
        let Some(loaded) = self.library.get_mut(id) else { return };
        let here = self.session.as_ref().is_some_and(|s| s.run.ground.key == id);
        match arrival {
            LoadEvent::Manifest(manifest) => {
                loaded.set_manifest(manifest);
                if let Some(session) = self.session.as_mut().filter(|_| here) {
                    session.run.set_order(loaded);
                }
                if here {
                    self.opened();
                }
            }
            LoadEvent::Bytes(bytes) => {
                loaded.bytes = bytes;
                // Every packet would be too much to tell.
                if platform_now() - self.last_loading < BETWEEN_LOADING {
                    return;
                }
            }
            LoadEvent::Train(shard) => {
                loaded.train.push(shard);
                // Of a run that learns from a few of each class, nobody knew which.
                let waits = |session: &&mut Session| here && session.run.steps_total() == 0;
                if loaded.train.complete()
                    && let Some(session) = self.session.as_mut().filter(waits)
                {
                    session.run.set_order(loaded);
                    self.opened();
                }
            }
            LoadEvent::Test(shard) => {
                loaded.test.push(shard);
                if here && loaded.test.complete() {
                    self.watching.due = true;
                    self.start_evaluation();
                }
            }
            // Only of texts.
            LoadEvent::Text(_) => (),
            LoadEvent::Complete => loaded.loading = false,
            LoadEvent::Failed(failure) => {
                loaded.loading = false;
                loaded.failure = Some(failure.clone());
                self.data_failed(id, here, failure);
            }
        }
        self.tell_loading(id);
        if self.session.as_ref().is_some_and(|s| here && s.state == RunState::Loading) {
            self.play_or_wait();
        }
        self.ask_again().await;
    }

    /// A run that waits for its text is opened when it is there: before, nobody knows its tokens.
    async fn text_arrived(&mut self, id: &'static str, arrival: LoadEvent) {
        match arrival {
            LoadEvent::Text(text) => self.library.set_text(id, *text),
            LoadEvent::Failed(failure) => {
                self.library.text_failed(id);
                if let Some(pending) = self.pending.take_if(|pending| pending.spec.data.id == id) {
                    (self.send)(Event::Failed { run: pending.run, failure: failure.clone() });
                }
                return self.refuse_waiting(id, false, &failure);
            }
            _ => return,
        }
        if let Some(PendingRun { run, spec, checkpoint, play }) =
            self.pending.take_if(|pending| pending.spec.data.id == id)
        {
            self.open(run, &spec, checkpoint.as_deref());
            if let Some(count) = play {
                self.play(run, count);
            }
        }
        self.ask_again().await;
    }

    /// What waited for data.
    async fn ask_again(&mut self) {
        for (id, question) in std::mem::take(&mut self.waiting) {
            self.ask(id, question).await;
        }
    }

    fn data_failed(&mut self, id: &str, here: bool, failure: Failure) {
        self.refuse_waiting(id, here, &failure);
        // A run that does not need the missing file yet goes on; `play_or_wait` ends it when it does.
        if let Some(session) = self.session.as_ref().filter(|s| here && s.state == RunState::Paused) {
            (self.send)(Event::Failed { run: session.id, failure });
        }
    }

    pub(super) fn tell_loading(&mut self, id: &str) {
        self.last_loading = platform_now();
        let (Some(session), Some(loaded)) = (&self.session, self.library.get(id)) else { return };
        if session.run.ground.key != id || loaded.train.total == 0 {
            return;
        }
        (self.send)(Event::Loading {
            run: session.id,
            bytes: loaded.bytes,
            train_examples: loaded.train.len(),
            test_examples: loaded.test.len(),
        });
    }
}
