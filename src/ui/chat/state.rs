//! What there is: what was said so far, what is being said, how it is drawn, and how full the context is.

use crate::protocol::chat::{Over, Pace, Turn};
use crate::protocol::{Failure, WrittenToken};
use crate::sampling::Sampling;
use crate::ui::client::vision::VisionClient;
use crate::ui::panels::panel_state::PanelState;
use crate::ui::pictures::queue::WeightsState;
use leptos::prelude::*;
use std::sync::Arc;

/// As its publisher recommends, like the share.
const TEMPERATURE: f64 = 0.2;
const TOP_P: f32 = 0.9;
/// Beyond these nothing is drawn: of 49,152 tokens the tail is noise.
const TOP_K: u32 = 40;
pub const HOTTEST: f64 = 1.5;

/// What one of the two said.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    Own(String),
    Answer {
        tokens: Arc<Vec<WrittenToken>>,
        /// None where the visitor stopped it.
        over: Option<Over>,
    },
}

/// `Copy`. It belongs to the page, not to the view: nothing is lost when the visitor comes back.
#[derive(Clone, Copy)]
pub struct ChatState {
    pub reader: VisionClient,
    pub scene: PanelState,
    pub weights: RwSignal<WeightsState>,
    /// Bytes of the weights, and whether an earlier visit left them here; none until the server has said.
    pub size: RwSignal<Option<(u64, bool)>>,
    /// What was said.
    pub messages: RwSignal<Arc<Vec<Message>>>,
    /// What the network is saying.
    pub answer: RwSignal<Arc<Vec<WrittenToken>>>,
    /// It reads or says something.
    pub busy: RwSignal<bool>,
    /// Tokens that it has still to read.
    pub unread: RwSignal<u32>,
    /// What the visitor is about to say.
    pub draft: RwSignal<String>,
    pub temperature: RwSignal<f64>,
    /// Tokens that the network has before it.
    pub context: RwSignal<u32>,
    /// Turns from the beginning on that have no place there any more.
    pub forgotten: RwSignal<u32>,
    /// Of the last answer.
    pub reading: RwSignal<Pace>,
    pub saying: RwSignal<Pace>,
    /// The message whose token is looked at, and the token.
    pub open: RwSignal<usize>,
    pub chosen: RwSignal<Option<usize>>,
    pub trouble: RwSignal<Option<Failure>>,
    pub seed: StoredValue<u32>,
    /// Raised whenever what was asked for is no longer wanted.
    pub turn: StoredValue<u32>,
}

impl ChatState {
    fn new(reader: VisionClient, scene: PanelState) -> Self {
        Self {
            reader,
            scene,
            weights: RwSignal::new(WeightsState::Away),
            size: RwSignal::new(None),
            messages: RwSignal::default(),
            answer: RwSignal::default(),
            busy: RwSignal::new(false),
            unread: RwSignal::new(0),
            draft: RwSignal::default(),
            temperature: RwSignal::new(TEMPERATURE),
            context: RwSignal::new(0),
            forgotten: RwSignal::new(0),
            reading: RwSignal::default(),
            saying: RwSignal::default(),
            open: RwSignal::new(0),
            chosen: RwSignal::new(None),
            trouble: RwSignal::new(None),
            seed: StoredValue::new(0),
            turn: StoredValue::new(0),
        }
    }

    /// Followed where it is called.
    pub fn sampling(self) -> Sampling {
        Sampling { temperature: self.temperature.get() as f32, top_k: TOP_K as usize, top_p: TOP_P }
    }

    /// The tokens of a message that is an answer; followed.
    pub fn tokens(self, message: usize) -> Option<Arc<Vec<WrittenToken>>> {
        self.messages.with(|all| match all.get(message)? {
            Message::Answer { tokens, .. } => Some(tokens.clone()),
            Message::Own(_) => None,
        })
    }

    /// The conversation as the engine takes it.
    pub fn turns(self) -> Vec<Turn> {
        let turn = |message: &Message| match message {
            Message::Own(text) => Turn::Asked(text.clone()),
            Message::Answer { tokens, .. } => Turn::Answered(ids(tokens)),
        };
        self.messages.with_untracked(|all| all.iter().map(turn).collect())
    }
}

pub fn ids(tokens: &[WrittenToken]) -> Vec<u32> {
    tokens.iter().map(|token| token.id).collect()
}

/// What tokens say together.
pub fn words(tokens: &[WrittenToken]) -> String {
    tokens.iter().map(|token| token.text.as_str()).collect()
}

/// In the Leptos context: what the page of the conversation knows, from when it is opened first.
#[derive(Clone, Copy)]
pub struct ChatRoom {
    scene: PanelState,
    reader: VisionClient,
    owner: StoredValue<Option<Owner>>,
    there: RwSignal<Option<ChatState>>,
}

impl ChatRoom {
    /// Must be called under the page's owner.
    pub fn new(scene: PanelState) -> Self {
        Self {
            scene,
            reader: expect_context::<VisionClient>(),
            owner: StoredValue::new(Owner::current()),
            there: RwSignal::new(None),
        }
    }

    /// Made at the first call.
    pub fn open(self) -> ChatState {
        let there = self.there.get_untracked();
        there.unwrap_or_else(|| {
            let make = || ChatState::new(self.reader, self.scene);
            // Under the page's owner, which stays when the view goes.
            let made = self.owner.get_value().map_or_else(make, |owner| owner.with(make));
            self.there.set(Some(made));
            made
        })
    }
}

pub fn chat_room() -> ChatRoom {
    expect_context::<ChatRoom>()
}
