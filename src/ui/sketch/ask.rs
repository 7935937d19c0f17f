//! What is asked of the network: to be fetched, to finish what was begun once or nine times, and what it expects.

use super::play;
use super::state::{Ending, Measured, SketchState};
use crate::protocol::sketch::{MOST_ENDINGS, SketchQuestion, Sketched};
use crate::protocol::vision::{VisionAnswer, VisionQuestion};
use crate::protocol::{Failure, FailureKind};
use crate::sketch::Sketcher;
use crate::sketch::moves::{PenMove, centred, places, strokes_of};
use crate::sketch::spread::spread;
use crate::ui::components::format;
use crate::ui::language::{known, tr};
use crate::ui::pictures::image_blobs;
use crate::ui::pictures::queue::{WeightsState, unexpected};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// Temperatures that a lesson calls cold and hot.
pub const COLD: f64 = 0.2;
pub const HOT: f64 = 0.8;

impl SketchState {
    /// Another kind of thing is to be drawn.
    pub fn choose(self, kind: &'static Sketcher) {
        if self.kind.get_untracked().id == kind.id {
            return;
        }
        self.begin_anew();
        self.kind.set(kind);
        self.weights.set(WeightsState::Away);
        self.size.set(None);
        self.look_up();
        if self.looks.get_untracked() {
            self.look();
        }
    }

    /// Asks how large the weights are, once for each kind.
    pub fn look_up(self) {
        let kind = self.kind.get_untracked();
        if self.size.get_untracked().is_none() {
            spawn_local(async move {
                let size = image_blobs::weights(&kind.folder()).await;
                if self.kind.get_untracked().id == kind.id {
                    self.size.set(size);
                }
            });
        }
    }

    /// Fetches the weights before they are needed.
    pub fn prepare(self) {
        let network = self.kind.get_untracked().id;
        self.weights.set(WeightsState::Coming);
        spawn_local(async move {
            let answer = self.reader.ask(VisionQuestion::Prepare { network: network.into() }).await;
            if self.kind.get_untracked().id == network {
                self.weights.set(answer.map_or_else(WeightsState::Failed, |_| WeightsState::Here));
            }
        });
    }

    /// Has it finish what is begun, or draw from nothing.
    pub fn finish(self) {
        self.forget_ending();
        self.draw(1, move |endings, _| {
            let Some(ending) = endings.into_iter().next() else { return };
            let own = ending.before.is_some();
            self.scene.state.count_action(if own { "finished" } else { "dreamed" });
            play::show(self, Arc::new(ending));
        });
    }

    /// Another ending of the same beginning.
    pub fn again(self) {
        self.seed.update_value(|seed| *seed = seed.wrapping_add(1));
        self.finish();
    }

    /// Nine endings side by side, and how far apart their pens are.
    pub fn finish_nine(self) {
        self.seed.update_value(|seed| *seed = seed.wrapping_add(1));
        self.draw(MOST_ENDINGS, move |endings, temperature| {
            let drawn: Vec<_> = endings.iter().map(|ending| ending.moves.clone()).collect();
            if let Some(spread) = spread(&drawn) {
                self.measure(Measured { temperature, spread });
                let far = format::percent(spread, 1000);
                self.scene.announcement.set(tr!(
                    "Nine endings are drawn. Their pens are on average {} of the paper’s side apart.",
                    far
                ));
            }
            self.nine.set(endings.into_iter().map(Arc::new).collect());
        });
    }

    fn measure(self, new: Measured) {
        self.measured.update(|all| {
            all.retain(|one| one.temperature != new.temperature);
            all.push(new);
            all.sort_by(|a, b| a.temperature.total_cmp(&b.temperature));
        });
        if new.temperature <= COLD {
            self.scene.state.count_action("nine_cold");
        }
        if new.temperature >= HOT {
            self.scene.state.count_action("nine_hot");
        }
    }

    /// Asks what the network expected before every move, and expects now.
    pub fn look(self) {
        let begun = untrack(move || self.moves());
        let turn = self.turn.get_value();
        spawn_local(async move {
            if let Ok(told) = self.ask(begun, 0, 0.0, 0).await
                && self.turn.get_value() == turn
            {
                self.expected.set(Some(Arc::new(told.expected)));
            }
        });
    }

    /// Has so many endings drawn, at the temperature that is set; `then` gets both, unless they are no longer wanted.
    fn draw(self, endings: u8, then: impl FnOnce(Vec<Ending>, f64) + 'static) {
        self.turn.update_value(|turn| *turn += 1);
        let (turn, seed) = (self.turn.get_value(), self.seed.get_value());
        let temperature = self.temperature.get_untracked();
        let begun = untrack(move || self.begun());
        let start = untrack(move || self.start());
        self.working.set(true);
        self.trouble.set(None);
        // What was being drawn is drawn to its end.
        self.leave();
        spawn_local(async move {
            let answer = self.ask(begun.clone(), endings, temperature as f32, seed).await;
            if self.turn.get_value() != turn {
                return;
            }
            self.working.set(false);
            match answer {
                Ok(sketched) => {
                    self.pace.set(Some(sketched.milliseconds_per_step));
                    let at = places(start, &begun).last().copied().unwrap_or(start);
                    let ending = |moves| ending(begun.last().copied(), at, moves);
                    then(sketched.endings.into_iter().map(ending).collect(), temperature);
                }
                Err(failure) => {
                    self.scene.announcement.set(format!(
                        "{} {}",
                        known(&failure.what),
                        known(&failure.advice)
                    ));
                    self.trouble.set(Some(failure));
                }
            }
        });
    }

    /// Asks the network that is chosen, and says how its weights are.
    async fn ask(
        self,
        begun: Vec<PenMove>,
        endings: u8,
        temperature: f32,
        seed: u32,
    ) -> Result<Sketched, Failure> {
        let network = self.kind.get_untracked().id;
        if self.weights.get_untracked() != WeightsState::Here {
            self.weights.set(WeightsState::Coming);
        }
        let question = SketchQuestion { network: network.into(), begun, temperature, seed, endings };
        let answer = self.reader.ask(VisionQuestion::Sketch(question)).await;
        let current = self.kind.get_untracked().id == network;
        match answer {
            Ok(VisionAnswer::Sketched(sketched)) => {
                if current {
                    self.weights.set(WeightsState::Here);
                }
                Ok(sketched)
            }
            Ok(_) => Err(unexpected()),
            Err(failure) => {
                let lacks = failure.kind != FailureKind::Input;
                if current && lacks {
                    self.weights.set(WeightsState::Failed(failure.clone()));
                }
                Err(failure)
            }
        }
    }
}

/// What it drew, in its place: from the pen on, or of a whole drawing in the middle of the paper.
fn ending(before: Option<PenMove>, at: (f64, f64), moves: Vec<PenMove>) -> Ending {
    let start = if before.is_some() { at } else { centred(&moves) };
    let strokes = strokes_of(start, before.as_ref(), &moves);
    Ending { start, before, moves, strokes }
}
