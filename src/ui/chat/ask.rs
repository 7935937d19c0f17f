//! What is asked of the network: to be fetched, and to go on, slice by slice, until it ends or is stopped.

use super::state::{ChatState, Message, ids, words};
use crate::chat::TALKER;
use crate::protocol::chat::{ChatQuestion, Over, Pace, Said, Turn};
use crate::protocol::vision::{VisionAnswer, VisionQuestion};
use crate::protocol::{Failure, FailureKind, TokenChoice, WrittenToken};
use crate::ui::language::{known, tr};
use crate::ui::pictures::image_blobs;
use crate::ui::pictures::queue::{WeightsState, unexpected};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// So long the engine goes on before it tells: some tokens come together, and it hears of a stop.
const SLICE_MILLISECONDS: u32 = 60;

impl ChatState {
    /// Asks how large the weights are, once.
    pub fn look_up(self) {
        if self.size.get_untracked().is_none() {
            spawn_local(async move { self.size.set(image_blobs::weights(&TALKER.folder()).await) });
        }
    }

    /// Fetches the weights.
    pub fn prepare(self) {
        self.weights.set(WeightsState::Coming);
        spawn_local(async move {
            let answer = self.reader.ask(VisionQuestion::Prepare { network: TALKER.id.into() }).await;
            // Whether the browser kept it; without a connection nobody says.
            if let Some(size) = image_blobs::weights(&TALKER.folder()).await {
                self.size.set(Some(size));
            }
            self.weights.set(answer.map_or_else(WeightsState::Failed, |_| WeightsState::Here));
        });
    }

    /// Says what the visitor wrote, and has it answered.
    pub fn send(self) {
        let text = self.draft.get_untracked().trim().to_string();
        if text.is_empty() || self.busy.get_untracked() {
            return;
        }
        self.draft.set(String::new());
        self.say(Message::Own(text));
        self.seed.update_value(|seed| *seed = seed.wrapping_add(1));
        self.go_on(Vec::new());
    }

    /// Another token at a place of an answer; what follows is said anew.
    pub fn replace(self, message: usize, at: usize, choice: TokenChoice) {
        let Some(tokens) = untrack(move || self.tokens(message)) else { return };
        let Some(there) = tokens.get(at).filter(|_| !self.busy.get_untracked()) else { return };
        self.scene.state.count_action("chose_token");
        let TokenChoice { id, text, probability } = choice;
        let other = WrittenToken { id, text, probability, choices: there.choices.clone() };
        let begun = [&tokens[..at], &[other]].concat();
        self.messages.update(|all| Arc::make_mut(all).truncate(message));
        self.go_on(begun);
    }

    /// It says no more. What it has said stays.
    pub fn stop(self) {
        if self.busy.get_untracked() {
            self.finish(None);
        }
    }

    /// Nothing was said.
    pub fn begin_anew(self) {
        self.turn.update_value(|turn| *turn += 1);
        self.busy.set(false);
        self.answer.set(Arc::default());
        self.messages.set(Arc::default());
        self.chosen.set(None);
        self.trouble.set(None);
        self.context.set(0);
        self.forgotten.set(0);
    }

    fn say(self, message: Message) {
        self.messages.update(|all| Arc::make_mut(all).push(message));
    }

    /// Has the answer go on behind what is said of it.
    fn go_on(self, begun: Vec<WrittenToken>) {
        self.turn.update_value(|turn| *turn += 1);
        let turn = self.turn.get_value();
        self.chosen.set(None);
        self.trouble.set(None);
        self.answer.set(Arc::new(begun));
        self.busy.set(true);
        for pace in [self.reading, self.saying] {
            pace.set(Pace::default());
        }
        let sampling = untrack(move || self.sampling());
        let turns = self.turns();
        let seed = self.seed.get_value();
        spawn_local(async move {
            loop {
                let said = Turn::Answered(self.answer.with_untracked(|answer| ids(answer)));
                let question = ChatQuestion {
                    turns: [&turns[..], &[said]].concat(),
                    temperature: sampling.temperature,
                    top_k: sampling.top_k as u32,
                    top_p: sampling.top_p,
                    seed,
                    milliseconds: SLICE_MILLISECONDS,
                };
                let answer = self.reader.ask(VisionQuestion::Chat(question)).await;
                if self.turn.get_value() != turn {
                    return;
                }
                match answer {
                    Ok(VisionAnswer::Said(said)) => {
                        if let Some(over) = self.heard(said) {
                            return self.finish(Some(over));
                        }
                    }
                    Ok(_) => return self.refused(unexpected()),
                    Err(failure) => return self.refused(failure),
                }
            }
        });
    }

    fn heard(self, said: Said) -> Option<Over> {
        self.weights.set(WeightsState::Here);
        self.unread.set(said.unread);
        self.context.set(said.context);
        self.forgotten.set(said.forgotten);
        self.reading.update(|pace| add(pace, said.reading));
        self.saying.update(|pace| add(pace, said.saying));
        if !said.tokens.is_empty() {
            self.answer.update(|answer| Arc::make_mut(answer).extend(said.tokens));
        }
        said.over
    }

    /// What was said becomes a message.
    fn finish(self, over: Option<Over>) {
        self.turn.update_value(|turn| *turn += 1);
        self.busy.set(false);
        self.unread.set(0);
        let tokens = self.answer.get_untracked();
        self.answer.set(Arc::default());
        if over == Some(Over::Ended) {
            self.scene.state.count_action("was_answered");
        }
        self.scene.announcement.set(words(&tokens));
        self.say(Message::Answer { tokens, over });
    }

    /// What the visitor wrote is given back, unless something was said of it.
    fn refused(self, failure: Failure) {
        self.scene.announcement.set(format!("{} {}", known(&failure.what), known(&failure.advice)));
        if failure.kind != FailureKind::Input {
            self.weights.set(WeightsState::Failed(failure.clone()));
        }
        if self.answer.with_untracked(|answer| answer.is_empty()) {
            self.turn.update_value(|turn| *turn += 1);
            self.busy.set(false);
            let mut back = None;
            self.messages.update(|all| back = Arc::make_mut(all).pop());
            if let Some(Message::Own(text)) = back {
                self.draft.update(|draft| {
                    if draft.is_empty() {
                        *draft = text;
                    }
                });
            }
        } else {
            self.finish(None);
        }
        self.trouble.set(Some(failure));
    }

    /// The last answer, for who cannot see it.
    pub fn pace(self) -> String {
        let rate = |pace: Pace| f64::from(pace.tokens) * 1000.0 / pace.milliseconds.max(1.0);
        let (reading, saying) = (self.reading.get(), self.saying.get());
        if saying.tokens == 0 {
            return String::new();
        }
        let [reading, saying] =
            [reading, saying].map(|pace| crate::ui::components::format::number(rate(pace)));
        tr!("It reads {} tokens a second and says {}.", reading, saying)
    }
}

fn add(pace: &mut Pace, more: Pace) {
    pace.tokens += more.tokens;
    pace.milliseconds += more.milliseconds;
}
