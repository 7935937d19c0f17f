//! What is looked at of Transformer blocks: a text, a block, one of its heads, a token that looks and one that is looked
//! at. A network of an encoder and a decoder first writes the answer to what it is asked.

use crate::layers::block::tells_parts_apart;
use crate::protocol::{AttentionMaps, Excerpt, HeadMaps, Request, Response};
use crate::ui::components::format;
use crate::ui::components::pick::by_key;
use crate::ui::components::reactive::{effect, memo, subscribe};
use crate::ui::language::tr;
use crate::ui::panels::panel_state::PanelState;
use crate::ui::text::answer::{answered, question_of};
use crate::ui::text::asking::{keep_asking, own_text, refusal, spelled};
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
    /// A question is typed, and the network answers it.
    pub asks: Memo<bool>,
    /// The token that was written behind the last one that is looked from, if it is not looked from itself.
    last: RwSignal<String>,
    /// How often heads were switched on or off.
    pub switched: RwSignal<u32>,
}

/// What a map shows: tokens that look down, and tokens that are looked at across.
pub type Area = [std::ops::Range<usize>; 2];

impl Looks {
    pub fn new(scene: PanelState, seen: RwSignal<bool>) -> Self {
        let (refused, from) = (RwSignal::new(None), RwSignal::new(usize::MAX));
        let asks =
            memo(move || scene.state.network.with(|all| all.iter().any(|l| tells_parts_apart(l.layer))));
        let begin = move |found: &Excerpt| {
            let shown = spelled(found, MOST_TOKENS / 2);
            if asks.get_untracked() { question_of(&shown).into() } else { shown }
        };
        let looks = Self {
            scene,
            text: own_text(scene, EVERY_MILLISECONDS, refused, move || from.set(usize::MAX), begin),
            told: RwSignal::new(None),
            head: RwSignal::new((0, 0)),
            from,
            refused,
            asks,
            last: RwSignal::default(),
            switched: RwSignal::new(0),
        };
        let network = memo(move || scene.state.network.get());
        effect(move |_| {
            subscribe(network);
            looks.told.set(None);
        });
        let wanted = memo(move || {
            let text = looks.text.get().filter(|text| !text.is_empty())?;
            seen.get().then(|| (text, network.with(Vec::len), looks.switched.get()))
        });
        keep_asking(scene, EVERY_MILLISECONDS, wanted, move |(text, ..)| looks.ask(text));
        looks
    }

    async fn ask(self, text: String) {
        let answer = match self.asks.get_untracked() {
            true => answered(self.scene.lab, &text).await,
            false => Ok((text, String::new())),
        };
        let answer = match answer {
            Ok((text, last)) => {
                let _ = self.last.try_set(last);
                self.scene.lab.ask(Request::Attention { text }).await
            }
            Err(failure) => Err(failure),
        };
        if self.refused.try_get_untracked().is_none() {
            return;
        }
        match answer {
            Ok(Response::Attention(maps)) => {
                self.refused.set(None);
                // Where there is a question, how it is looked at is what there is to see.
                let crossing = maps.layers.iter().position(|layer| layer.crosses);
                let begins = self.told.with_untracked(Option::is_none);
                self.told.set(Some(Arc::new(maps)));
                if let Some(crossing) = crossing.filter(|_| begins) {
                    self.head.set((crossing, 0));
                }
            }
            Ok(_) => (),
            Err(failure) => self.refused.set(Some(refusal(&failure))),
        }
    }

    /// How many tokens were read; tracked.
    pub fn time(self) -> usize {
        self.told.with(|told| told.as_ref().map_or(0, |told| told.tokens.len()))
    }

    /// The text that was read; tracked.
    pub fn read(self) -> String {
        self.told.with(|told| told.as_ref().map(|told| told.tokens.concat()).unwrap_or_default())
    }

    /// Heads of each block; tracked.
    pub fn heads(self) -> Vec<usize> {
        let heads = |told: &Arc<AttentionMaps>| told.layers.iter().map(|l| l.heads as usize).collect();
        self.told.with(|told| told.as_ref().map(heads).unwrap_or_default())
    }

    /// The chosen head: its block's place in the network, which of its heads it is, and whether it looks from an answer to
    /// its question; tracked.
    pub fn place(self) -> Option<(u32, u32, bool)> {
        let (block, head) = self.head.get();
        self.of_block(block, |layer| (layer.layer, head as u32, layer.crosses))
    }

    /// The chosen head looks from an answer to its question; tracked.
    pub fn crosses(self) -> bool {
        self.place().is_some_and(|(_, _, crosses)| crosses)
    }

    /// The same of any head, with 1 for one that looks from an answer to its question, as heads are switched off; tracked.
    pub fn address(self, (block, head): (usize, usize)) -> Option<[u32; 3]> {
        self.of_block(block, |layer| [layer.layer, head as u32, u32::from(layer.crosses)])
    }

    /// Heads that are switched off; tracked.
    pub fn off(self) -> Vec<[u32; 3]> {
        self.told.with(|told| told.as_ref().map(|told| told.off.clone()).unwrap_or_default())
    }

    /// Tracked.
    pub fn is_off(self, head: (usize, usize)) -> bool {
        self.address(head).is_some_and(|address| self.off().contains(&address))
    }

    fn of_block<T>(self, block: usize, of: impl Fn(&HeadMaps) -> T) -> Option<T> {
        self.told.with(|told| told.as_ref()?.layers.get(block).map(of))
    }

    /// What the maps of a block show; tracked.
    pub fn area(self, block: usize) -> Area {
        let range = |[from, to]: [u32; 2]| from as usize..to as usize;
        let area = |layer: &HeadMaps| [range(layer.queries), range(layer.keys)];
        self.of_block(block, area).unwrap_or([0..0, 0..0])
    }

    /// “Block 2, head 1”; tracked.
    pub fn name(self, (block, head): (usize, usize)) -> String {
        let kind = |layer: &HeadMaps| (layer.crosses, layer.queries[0] > 0);
        let asks = self.asks.get();
        let (Some(mine), head) = (self.of_block(block, kind), head + 1) else { return String::new() };
        let before =
            |told: &AttentionMaps| told.layers.iter().take(block).filter(|l| kind(l) == mine).count();
        let number = 1 + self.told.with(|told| told.as_ref().map_or(0, |told| before(told)));
        match (asks, mine) {
            (false, _) => tr!("Block {}, head {}", number, head),
            (true, (false, false)) => tr!("Encoder {}, in the question, head {}", number, head),
            (true, (false, true)) => tr!("Decoder {}, in the answer, head {}", number, head),
            (true, (true, _)) => tr!("Decoder {}, from the answer to the question, head {}", number, head),
        }
    }

    /// A head's weights within what its map shows, `[query, key]`; tracked.
    pub fn weights(self, (block, head): (usize, usize)) -> Option<Vec<f32>> {
        let ([queries, keys], time) = (self.area(block), self.time());
        self.of_block(block, |layer| {
            let row = |query: usize| {
                let first = (head * time + query) * time;
                layer.weights.get(first + keys.start..first + keys.end).unwrap_or_default().to_vec()
            };
            queries.clone().flat_map(row).collect()
        })
    }

    /// The token that looks: the last one until another is chosen; tracked.
    pub fn query(self) -> usize {
        let [queries, _] = self.area(self.head.get().0);
        self.from.get().clamp(queries.start, queries.end.saturating_sub(1).max(queries.start))
    }

    /// What it takes of each token; tracked.
    pub fn row(self) -> Vec<f32> {
        let ((block, head), time, query) = (self.head.get(), self.time(), self.query());
        let first = (head * time + query) * time;
        self.of_block(block, |layer| layer.weights.get(first..first + time).unwrap_or_default().to_vec())
            .unwrap_or_default()
    }

    /// The text of a token; tracked.
    pub fn token(self, at: usize) -> String {
        self.told
            .with(|told| told.as_ref().and_then(|t| t.tokens.get(at)).map(|token| visible(token)))
            .unwrap_or_default()
    }

    /// The token that is written behind one; tracked.
    pub fn written(self, at: usize) -> String {
        if at + 1 < self.time() { self.token(at + 1) } else { visible(&self.last.get()) }
    }

    /// “Token 12, “e”, takes 62 % of “t”, 20 % of “h”, 9 % of “e””
    pub fn sentence(self) -> String {
        let (query, row) = (self.query(), self.row());
        if query >= row.len() {
            return String::new();
        }
        let mut places: Vec<usize> = (0..row.len()).collect();
        places.sort_by(|a, b| row[*b].total_cmp(&row[*a]));
        let share = |at: &usize| {
            tr!("{} of “{}” ({})", format::percent(f64::from(row[*at]), 100), self.token(*at), at + 1)
        };
        let named: Vec<String> = places.iter().take(NAMED).filter(|at| row[**at] > 0.0).map(share).collect();
        match self.crosses() {
            true => tr!("To write “{}”, it takes {}", self.written(query), named.join(", ")),
            false => tr!("Token {}, “{}”, takes {}", query + 1, self.token(query), named.join(", ")),
        }
    }

    /// Another token looks.
    pub fn choose(self, token: usize) {
        if token != untrack(move || self.query()) {
            self.scene.state.count_action("looking_token");
        }
        self.from.set(token);
    }

    /// Up and down go from token to token, and what it takes is said.
    pub fn step(self, event: &KeyboardEvent) {
        let ([queries, _], from) = untrack(move || (self.area(self.head.get().0), self.query()));
        let (first, rows) = (queries.start, queries.len());
        let at = from.saturating_sub(first);
        let Some((row, column)) = by_key(event, (at, at), (rows, rows)) else { return };
        event.prevent_default();
        self.choose(first + if row == at { column } else { row });
        self.scene.announcement.set(untrack(move || self.sentence()));
    }
}
