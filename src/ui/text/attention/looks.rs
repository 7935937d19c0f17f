//! What is looked at of Transformer blocks: a text, a block, one of its heads, a token that looks and one that is looked
//! at.

use crate::protocol::{AttentionMaps, Question, Request, Response};
use crate::ui::components::format;
use crate::ui::components::pick::by_key;
use crate::ui::components::reactive::{effect, memo};
use crate::ui::language::tr;
use crate::ui::panels::panel_state::PanelState;
use crate::ui::text::asking::{keep_asking, refusal};
use crate::ui::text::letters::visible;
use leptos::prelude::*;
use std::sync::Arc;
use web_sys::KeyboardEvent;

/// More tokens than this are too narrow to be seen.
pub const MOST_TOKENS: usize = 64;
/// While training goes on it is asked at most this often.
const EVERY_MILLISECONDS: f64 = 700.0;
/// Of those that are looked at, so many are named.
const NAMED: usize = 3;

#[derive(Clone, Copy)]
pub struct Looks {
    pub scene: PanelState,
    /// None until the visitor types one or the beginning of the held-out text is known.
    pub text: RwSignal<Option<String>>,
    pub told: RwSignal<Option<Arc<AttentionMaps>>>,
    /// Block and head, places in what was told.
    pub head: RwSignal<(usize, usize)>,
    /// The token that looks.
    pub from: RwSignal<usize>,
    pub refused: RwSignal<Option<String>>,
}

impl Looks {
    pub fn new(scene: PanelState, seen: RwSignal<bool>) -> Self {
        let looks = Self {
            scene,
            text: RwSignal::new(None),
            told: RwSignal::new(None),
            head: RwSignal::new((0, 0)),
            from: RwSignal::new(usize::MAX),
            refused: RwSignal::new(None),
        };
        looks.follow_data();
        let network = memo(move || scene.state.network.get());
        effect(move |_| {
            network.track();
            looks.told.set(None);
        });
        let wanted = memo(move || {
            let text = looks.text.get().filter(|text| !text.is_empty())?;
            seen.get().then(|| (text, network.with(Vec::len)))
        });
        keep_asking(scene, EVERY_MILLISECONDS, wanted, move |(text, _)| looks.ask(text));
        looks
    }

    /// Other data have another beginning, which is asked for until it is there.
    fn follow_data(self) {
        let data = memo(move || self.scene.state.spec.with(|spec| (spec.data.clone(), spec.seed)));
        effect(move |_| {
            data.track();
            self.text.set(None);
            self.from.set(usize::MAX);
        });
        let wanted = memo(move || self.text.with(Option::is_none).then(|| data.get()));
        keep_asking(self.scene, EVERY_MILLISECONDS, wanted, move |_| self.ask_beginning());
    }

    async fn ask_beginning(self) {
        let question = Request::Excerpt(Question::Example { test: true, index: 0 });
        let answer = self.scene.lab.ask(question).await;
        // The visitor has typed one by now, or the view is gone.
        if self.text.try_get_untracked() != Some(None) {
            return;
        }
        match answer {
            Ok(Response::Excerpt(found)) => {
                self.refused.set(None);
                let shown = found.texts.iter().take(MOST_TOKENS / 2);
                self.text.set(Some(shown.map(String::as_str).collect()));
            }
            Ok(_) => (),
            Err(failure) => self.refused.set(Some(refusal(&failure))),
        }
    }

    async fn ask(self, text: String) {
        let answer = self.scene.lab.ask(Request::Attention { text }).await;
        if self.refused.try_get_untracked().is_none() {
            return;
        }
        match answer {
            Ok(Response::Attention(maps)) => {
                self.refused.set(None);
                self.told.set(Some(Arc::new(maps)));
            }
            Ok(_) => (),
            Err(failure) => self.refused.set(Some(refusal(&failure))),
        }
    }

    /// How many tokens were read; tracked.
    pub fn time(self) -> usize {
        self.told.with(|told| told.as_ref().map_or(0, |told| told.tokens.len()))
    }

    /// Heads of each block; tracked.
    pub fn heads(self) -> Vec<usize> {
        let heads = |told: &Arc<AttentionMaps>| told.layers.iter().map(|l| l.heads as usize).collect();
        self.told.with(|told| told.as_ref().map(heads).unwrap_or_default())
    }

    /// A head's weights, `[query, key]`; tracked.
    pub fn weights(self, (block, head): (usize, usize)) -> Option<Vec<f32>> {
        self.told.with(|told| {
            let told = told.as_ref()?;
            let area = told.tokens.len().pow(2);
            Some(told.layers.get(block)?.weights.get(head * area..(head + 1) * area)?.to_vec())
        })
    }

    /// The token that looks: the last one until another is chosen; tracked.
    pub fn query(self) -> usize {
        self.from.get().min(self.time().saturating_sub(1))
    }

    /// What it takes of each token; tracked.
    pub fn row(self) -> Vec<f32> {
        let (time, query) = (self.time(), self.query());
        let weights = self.weights(self.head.get()).unwrap_or_default();
        weights.get(query * time..(query + 1) * time).map(<[f32]>::to_vec).unwrap_or_default()
    }

    /// “Token 12, “e”, takes 62 % of “t”, 20 % of “h”, 9 % of “e””
    pub fn sentence(self) -> String {
        let (query, row) = (self.query(), self.row());
        self.told.with(|told| {
            let Some(token) = told.as_ref().and_then(|told| told.tokens.get(query)) else {
                return String::new();
            };
            let name = |at: usize| told.as_ref().map(|t| visible(&t.tokens[at])).unwrap_or_default();
            let mut places: Vec<usize> = (0..row.len()).collect();
            places.sort_by(|a, b| row[*b].total_cmp(&row[*a]));
            let share = |at: &usize| {
                tr!("{} of “{}” ({})", format::percent(f64::from(row[*at]), 100), name(*at), at + 1)
            };
            let named: Vec<String> =
                places.iter().take(NAMED).filter(|at| row[**at] > 0.0).map(share).collect();
            tr!("Token {}, “{}”, takes {}", query + 1, visible(token), named.join(", "))
        })
    }

    /// Up and down go from token to token, and what it takes is said.
    pub fn step(self, event: &KeyboardEvent) {
        let (time, from) = untrack(move || (self.time(), self.query()));
        let Some((row, column)) = by_key(event, (from, from), (time, time)) else { return };
        event.prevent_default();
        self.from.set(if row == from { column } else { row });
        self.scene.announcement.set(untrack(move || self.sentence()));
    }
}
