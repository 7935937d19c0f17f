//! A network that talks, token by token: the network itself, what it keeps of what it has read, and what it says next.

mod cache;
pub mod network;

use super::exponential::{exp, sum_of_powers};
use super::platform_now;
use super::vision::weights::no_memory;
use crate::chat::CONTEXT;
use crate::chat::conversation::{Template, Turn};
use crate::chat::gguf::Head;
use crate::chat::tokens::Tokens;
use crate::protocol::chat::{ChatQuestion, Over, Pace, Said};
use crate::protocol::{Failure, FailureKind, TokenChoice, WrittenToken};
use crate::random::Random;
use crate::sampling::{Sampling, likeliest};
pub use cache::Cache;
use network::{Network, Sizes};

/// Of the context, so much is left for an answer; more, where the conversation is shorter.
const ANSWER: usize = 256;
// What a message may have of it then: a sentence says so.
const _: () = assert!(CONTEXT - ANSWER == 768);
/// No longer message can fit, so that it need not be cut into tokens.
const MOST_BYTES: usize = 16 * CONTEXT;
/// Tokens that are read at once: between two of these it can be stopped.
const TOGETHER: usize = 16;
/// Likeliest tokens that are told of each place.
const CHOICES: usize = 10;
/// Which random numbers these are.
const PURPOSE: u64 = 0xc4a7 << 40;

/// One that is ready to talk.
pub struct Talk {
    network: Network,
    tokens: Tokens,
    template: Template,
    cache: Cache,
    /// What follows the tokens that it has read.
    next: Option<Vec<f32>>,
}

/// What is to be read before the next token is said.
struct Plan {
    wanted: Vec<u32>,
    forgotten: usize,
}

impl Talk {
    /// From the published file.
    pub fn new(file: Vec<u8>) -> Result<Self, Failure> {
        Self::with_context(file, CONTEXT)
    }

    /// One that has room for so many tokens, more than are left for an answer.
    pub fn with_context(file: Vec<u8>, context: usize) -> Result<Self, Failure> {
        let (sizes, tokens, template) = read_head(&file).map_err(unusable)?;
        let cache = Cache::new(&sizes, context).ok_or_else(no_memory)?;
        let network = Network::new(file).map_err(unusable)?;
        Ok(Self { network, tokens, template, cache, next: None })
    }

    pub fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    /// Reads what it has not read yet, and says what follows, for as long as it is given.
    pub fn go_on(&mut self, question: &ChatQuestion) -> Result<Said, Failure> {
        let Plan { wanted, forgotten } = self.plan(&question.turns)?;
        let began = platform_now();
        let due = || (platform_now() - began) * 1000.0 >= f64::from(question.milliseconds);
        let reading = self.read(&wanted, &due);
        let mut said = Said {
            tokens: Vec::new(),
            unread: (wanted.len() - self.cache.tokens.len()) as u32,
            over: None,
            context: 0,
            forgotten: forgotten as u32,
            reading,
            saying: Pace::default(),
        };
        let mut so_far = match question.turns.last() {
            Some(Turn::Answered(before)) => before.clone(),
            _ => Vec::new(),
        };
        let started = platform_now();
        // Where nothing was to be read, at least one token is said.
        while said.unread == 0 && said.over.is_none() && (!did_something(&said) || !due()) {
            match self.say(question, &so_far) {
                Ok(token) => {
                    so_far.push(token.id);
                    said.tokens.push(token);
                }
                Err(over) => said.over = Some(over),
            }
        }
        let milliseconds = (platform_now() - started) * 1000.0;
        said.saying = Pace { tokens: said.tokens.len() as u32, milliseconds };
        said.context = self.cache.tokens.len() as u32;
        Ok(said)
    }

    /// The conversation as it is written down, without the oldest turns where it is too long.
    fn plan(&self, turns: &[Turn]) -> Result<Plan, Failure> {
        let (over, said) = match turns {
            [over @ .., Turn::Answered(said)] => (over, &said[..]),
            over => (over, &[][..]),
        };
        let known = |id: &u32| (*id as usize) < self.tokens.count();
        let answers = turns.iter().filter_map(|turn| match turn {
            Turn::Answered(said) => Some(said),
            Turn::Asked(_) => None,
        });
        if !matches!(over.last(), Some(Turn::Asked(_))) || !answers.flatten().all(known) {
            return Err(refuse("There is nothing to be answered.", "Write a message first."));
        }
        let long = |turn: &Turn| matches!(turn, Turn::Asked(text) if text.len() > MOST_BYTES);
        if over.last().is_some_and(long) {
            return Err(too_long());
        }
        let beginning = self.template.beginning();
        // What has no place at all is not cut into tokens.
        let written =
            |turn: &Turn| if long(turn) { vec![0; self.cache.room] } else { self.template.turn(turn, &self.tokens) };
        let turns: Vec<Vec<u32>> = over.iter().map(written).collect();
        let around = beginning.len() + self.template.answer(&[]).len();
        // From the last one backwards, as many as have a place; an answer stays with its question.
        let (mut first, mut length) = (over.len(), around);
        while let Some(before) = first.checked_sub(1).filter(|at| length + turns[*at].len() + ANSWER <= self.cache.room) {
            length += turns[before].len();
            first = before;
        }
        if first == over.len() {
            return Err(too_long());
        }
        first += over[first..].iter().take_while(|turn| matches!(turn, Turn::Answered(_))).count();
        let wanted = [beginning, turns[first..].concat(), self.template.answer(said)].concat();
        Ok(Plan { wanted: wanted.into_iter().take(self.cache.room).collect(), forgotten: first })
    }

    /// Reads on towards what is wanted, until it is due.
    fn read(&mut self, wanted: &[u32], due: &impl Fn() -> bool) -> Pace {
        let began = platform_now();
        let same = self.cache.tokens.iter().zip(wanted).take_while(|(a, b)| a == b).count();
        if same < self.cache.tokens.len() || self.next.is_none() {
            // What follows is known of the last token that was read alone.
            self.cache.truncate(same.min(wanted.len() - 1));
            self.next = None;
        }
        let mut tokens = 0;
        while self.cache.tokens.len() < wanted.len() && (tokens == 0 || !due()) {
            let rest = &wanted[self.cache.tokens.len()..];
            let some = &rest[..rest.len().min(TOGETHER)];
            self.next = Some(self.network.read(some, &mut self.cache));
            tokens += some.len() as u32;
        }
        Pace { tokens, milliseconds: (platform_now() - began) * 1000.0 }
    }

    /// One token more behind an answer, or why there is none.
    fn say(&mut self, question: &ChatQuestion, so_far: &[u32]) -> Result<WrittenToken, Over> {
        if self.cache.tokens.len() >= self.cache.room {
            return Err(Over::Full);
        }
        let sampling = Sampling {
            temperature: question.temperature,
            top_k: question.top_k as usize,
            top_p: question.top_p,
        };
        let next = self.next.take().unwrap_or_default();
        let mut random = Random::new(question.seed, PURPOSE + so_far.len() as u64);
        let id = sampling.draw(&next, &mut random).filter(|id| !self.tokens.is_control(*id));
        let Some(id) = id else {
            self.next = Some(next);
            return Err(Over::Ended);
        };
        let token = self.described(id, so_far, &next);
        self.next = Some(self.network.read(&[id], &mut self.cache));
        Ok(token)
    }

    /// A token with what the network gave for it.
    fn described(&self, id: u32, so_far: &[u32], logits: &[f32]) -> WrittenToken {
        let all = likeliest(logits, CHOICES);
        let highest = all.first().map_or(0.0, |(_, logit)| *logit);
        let sum = sum_of_powers(logits, highest);
        let probability = |logit: f32| exp(logit - highest) / sum;
        let choice = |(id, logit): (u32, f32)| {
            let text = String::from_utf8_lossy(self.tokens.bytes(id)).into_owned();
            TokenChoice { id, text, probability: probability(logit) }
        };
        WrittenToken {
            id,
            text: self.tokens.text_behind(so_far, id),
            probability: logits.get(id as usize).map_or(0.0, |logit| probability(*logit)),
            choices: all.into_iter().map(choice).collect(),
        }
    }
}

fn read_head(file: &[u8]) -> Result<(Sizes, Tokens, Template), String> {
    let head = Head::read(file)?;
    let tokens = Tokens::read(&head)?;
    let template = Template::read(&head, &tokens)?;
    Ok((Sizes::read(&head)?, tokens, template))
}

fn did_something(said: &Said) -> bool {
    said.reading.tokens > 0 || !said.tokens.is_empty()
}

fn too_long() -> Failure {
    refuse(
        "This message is too long: with what belongs to it, it may have 768 tokens.",
        "Make it shorter: a token is about four letters.",
    )
}

fn refuse(what: &str, advice: &str) -> Failure {
    Failure::new(FailureKind::Input, what, advice)
}

fn unusable(why: String) -> Failure {
    let what = format!("The weights of the network that talks cannot be used: {why}.");
    Failure::new(FailureKind::Data, what, "Tell whoever runs this site.")
}
