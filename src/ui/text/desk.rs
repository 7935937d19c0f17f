//! What the Try panel of texts holds: a beginning, how tokens are drawn, what was written, and the token that is looked at.

use super::asking::{keep_asking, refusal};
use super::questions::{END, held_out};
use super::sample::asks_questions;
use crate::protocol::{Continuation, Request, Response, Written};
use crate::sampling::Sampling;
use crate::ui::components::keys::focus;
use crate::ui::components::reactive::{effect, memo, subscribe};
use crate::ui::panels::panel_state::PanelState;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// An answer that ends by itself is never longer.
const LONGEST_ANSWER: u32 = 100;
/// How warm it is at first; questions have one right answer.
const TEMPERATURE: f64 = 0.8;
/// A question to begin with is asked for at most this often.
const OFFER_MILLISECONDS: f64 = 1000.0;

#[derive(Clone, Copy)]
pub struct Desk {
    pub scene: PanelState,
    pub prompt: RwSignal<String>,
    pub temperature: RwSignal<f64>,
    pub top_k: RwSignal<f64>,
    pub top_p: RwSignal<f64>,
    /// Tokens that are written at once.
    pub tokens: RwSignal<u32>,
    /// Made questions are answered instead of texts written.
    pub asks: Memo<bool>,
    pub sheet: RwSignal<Option<Arc<Sheet>>>,
    /// The token whose alternatives are shown, by its place.
    pub chosen: RwSignal<Option<usize>>,
    pub busy: RwSignal<bool>,
    pub refused: RwSignal<Option<String>>,
    /// Tokens of an answer to a made question.
    answer: StoredValue<u32>,
    seed: StoredValue<u32>,
    /// Counts what was asked, so that a late answer is known as one.
    latest: StoredValue<u32>,
}

/// What was written.
#[derive(Debug)]
pub struct Sheet {
    pub written: Written,
    /// How many of the tokens the visitor gave.
    pub own: usize,
    /// The visitor's text that it began with.
    began: String,
}

impl Sheet {
    pub fn text(&self) -> String {
        self.before(self.written.tokens.len())
    }

    /// The text in front of token `at`.
    fn before(&self, at: usize) -> String {
        self.written.tokens[..at].iter().map(|token| token.text.as_str()).collect()
    }
}

/// What is to be written next.
struct Wanted {
    prompt: String,
    tokens: u32,
    /// How many of the prompt's tokens are the visitor's; all where it is not said.
    own: Option<usize>,
    /// Is looked at when it is written.
    chosen: Option<usize>,
}

impl Desk {
    pub fn new(scene: PanelState) -> Self {
        let desk = Self {
            scene,
            prompt: RwSignal::default(),
            temperature: RwSignal::new(TEMPERATURE),
            top_k: RwSignal::new(0.0),
            top_p: RwSignal::new(1.0),
            tokens: RwSignal::new(100),
            asks: memo(move || asks_questions(scene)),
            sheet: RwSignal::new(None),
            chosen: RwSignal::new(None),
            busy: RwSignal::new(false),
            refused: RwSignal::new(None),
            answer: StoredValue::new(LONGEST_ANSWER),
            seed: StoredValue::new(0),
            latest: StoredValue::new(0),
        };
        desk.follow_data();
        desk
    }

    /// What was written of other data, or cut into other tokens, says nothing here. A made question is offered to begin
    /// with, asked for until it is there.
    fn follow_data(self) {
        let data = memo(move || self.scene.state.spec.with(|spec| (spec.data.clone(), spec.seed)));
        let offered = RwSignal::new(false);
        effect(move |_| {
            subscribe(data);
            self.clear();
            self.temperature.set(if self.asks.get() { 0.0 } else { TEMPERATURE });
            offered.set(false);
        });
        let wanted = memo(move || (self.asks.get() && !offered.get()).then(|| data.get()));
        keep_asking(self.scene, OFFER_MILLISECONDS, wanted, move |_| async move {
            let Ok(Some(found)) = held_out(self.scene, 0).await else { return };
            if offered.try_set(true).is_some() {
                return;
            }
            self.answer.set_value(if found.truth.ends_with(END) { LONGEST_ANSWER } else { found.length });
            if self.prompt.with_untracked(String::is_empty) {
                self.prompt.set(found.question);
            }
        });
    }

    pub fn clear(self) {
        self.latest.update_value(|n| *n = n.wrapping_add(1));
        self.busy.set(false);
        self.refused.set(None);
        self.chosen.set(None);
        self.sheet.set(None);
        self.prompt.set(String::new());
    }

    pub fn sampling(self) -> Sampling {
        Sampling {
            temperature: self.temperature.get() as f32,
            top_k: self.top_k.get() as usize,
            top_p: self.top_p.get() as f32,
        }
    }

    /// From the visitor's beginning, with other random numbers than before.
    pub fn write_on(self) {
        self.scene.state.count_action("wrote");
        self.seed.update_value(|seed| *seed = seed.wrapping_add(1));
        let tokens =
            if self.asks.get_untracked() { self.answer.get_value() } else { self.tokens.get_untracked() };
        let prompt = self.prompt.get_untracked();
        if !prompt.is_empty() {
            self.scene.state.count_action("began");
        }
        self.ask(Wanted { prompt, tokens, own: None, chosen: None });
    }

    /// One token behind what is there, or behind another beginning if that was changed.
    pub fn one_more(self) {
        self.scene.state.count_action("wrote");
        self.seed.update_value(|seed| *seed = seed.wrapping_add(1));
        let began = self.prompt.get_untracked();
        let sheet = self.sheet.get_untracked().filter(|sheet| sheet.began == began);
        let (prompt, own) = match &sheet {
            Some(sheet) => (sheet.text(), Some(sheet.own)),
            None => (began, None),
        };
        self.ask(Wanted { prompt, tokens: 1, own, chosen: None });
    }

    /// Another token in place of token `at`, and the rest anew with the same random numbers.
    pub fn replace(self, at: usize, token: &str) {
        let Some(sheet) = self.sheet.get_untracked().filter(|s| at < s.written.tokens.len()) else { return };
        self.scene.state.count_action("chose_token");
        let rest = (sheet.written.tokens.len() - at - 1).max(1);
        let prompt = sheet.before(at) + token;
        self.ask(Wanted { prompt, tokens: rest as u32, own: Some(sheet.own), chosen: Some(at) });
    }

    fn ask(self, wanted: Wanted) {
        if self.busy.get_untracked() {
            return;
        }
        let mine = self.latest.get_value();
        self.busy.set(true);
        self.refused.set(None);
        let Wanted { prompt, tokens, own, chosen } = wanted;
        let began = self.prompt.get_untracked();
        let sampling = untrack(move || self.sampling());
        let question = Request::Generate(Continuation {
            prompt,
            tokens,
            temperature: sampling.temperature,
            top_k: sampling.top_k as u32,
            top_p: sampling.top_p,
            seed: self.seed.get_value(),
            choices: true,
        });
        spawn_local(async move {
            let answer = self.scene.lab.ask(question).await;
            // Cleared meanwhile, or the view is gone.
            if self.latest.try_get_value() != Some(mine) {
                return;
            }
            self.busy.set(false);
            match answer {
                Ok(Response::Written(written)) => {
                    let prompt = written.prompt as usize;
                    let own = own.map_or(prompt, |own| own.min(prompt));
                    self.chosen.set(chosen.filter(|at| *at < written.tokens.len()));
                    self.sheet.set(Some(Arc::new(Sheet { written, own, began })));
                    // The button that was pressed is gone; the keyboard goes on at the token that it put there.
                    if let Some(at) = chosen {
                        request_animation_frame(move || focus(&format!("token-{at}")));
                    }
                }
                Ok(_) => (),
                Err(failure) => self.refused.set(Some(refusal(&failure))),
            }
        });
    }
}
