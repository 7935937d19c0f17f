//! A network writes on: it reads a beginning, and then each token that was drawn from what it gave for the next one.

use super::dataset_store::Loaded;
use super::layers::Memory;
use super::requests::refuse;
use super::tasks::softmax;
use super::trainer::Trainer;
use super::value::{Tokens, Value};
use super::{lost, platform_now};
use crate::datasets::masked;
use crate::datasets::tokens::TokenData;
use crate::protocol::{Continuation, Failure, TokenChoice, Written, WrittenToken};
use crate::random::Random;
use crate::sampling::Sampling;
use crate::sequences::words::{has_words, tokens_of};
use crate::tokenizer::UNKNOWN;
use burn::tensor::Device;

/// More is not written at once: commands are not heard meanwhile.
const MAX_TOKENS: u32 = 1000;
/// Of a longer beginning, the end is read.
const MAX_PROMPT: usize = 2000;
/// Likeliest tokens that are told of each place.
const CHOICES: usize = 10;
/// Which random numbers these are.
const PURPOSE: u64 = 0x5a3e << 40;
/// Ends a line, and is what a line follows.
const LINE: &str = "\n";
/// Ends an answer.
const END: &str = ".";

/// Reads tokens and says what comes next.
struct Reader<'a> {
    run: &'a Trainer,
    device: &'a Device,
    /// Of a network that keeps in mind what it has read.
    memory: Memory,
    /// What a network looks at that keeps nothing in mind: no more tokens than it learned to look at.
    context: Vec<u32>,
}

impl<'a> Reader<'a> {
    fn new(run: &'a Trainer, device: &'a Device) -> Self {
        Self { run, device, memory: Memory::default(), context: Vec::new() }
    }

    /// What is read next pushes out what was read first.
    fn is_full(&self) -> bool {
        self.context.len() >= self.run.network.input[0]
    }

    /// What comes next follows nothing that was read.
    fn begin_anew(&mut self) {
        self.memory = Memory::default();
        self.context.clear();
    }

    /// The logits behind each of these tokens, `[tokens, vocabulary]`.
    async fn read(&mut self, ids: &[u32]) -> Result<Vec<f32>, Failure> {
        if self.run.network.carries() {
            return self.pass(ids).await;
        }
        let most = self.run.network.input[0].max(1);
        let (mut rest, mut logits) = (ids, Vec::new());
        while !rest.is_empty() {
            // A text that is longer than what it can look at is read in halves, so that each token has something before it.
            let room = most - self.context.len();
            let (now, later) = rest.split_at(rest.len().min(if room > 0 { room } else { most.div_ceil(2) }));
            self.context.extend(now);
            self.context.drain(..self.context.len().saturating_sub(most));
            let all = self.pass(&self.context.clone()).await?;
            logits.extend_from_slice(&all[all.len() - now.len() * self.run.task.outputs()..]);
            rest = later;
        }
        Ok(logits)
    }

    async fn pass(&mut self, ids: &[u32]) -> Result<Vec<f32>, Failure> {
        let vocabulary = self.run.task.outputs();
        let tokens = Tokens::one(ids.to_vec(), vocabulary, self.device);
        let tokens = tokens.asked_by(self.run.task.field.ask());
        let outputs = self.run.network.forward_on(&mut self.memory, Value::Tokens(tokens), None)?;
        Ok(outputs.into_data_async().await.map_err(lost)?.iter().collect())
    }
}

/// The tokens of a text, what each stands for, and what of it the vocabulary lacks.
pub struct Cut {
    pub ids: Vec<u32>,
    pub texts: Vec<String>,
    pub unknown: Vec<String>,
}

impl Cut {
    /// Without what is behind so many tokens; says how many those were.
    pub fn shorten(&mut self, most: usize) -> usize {
        let unread = self.ids.len().saturating_sub(most);
        self.ids.truncate(most);
        self.texts.truncate(most);
        unread
    }
}

/// A text as the run's tokens; of made sequences, a letter or word that they do not have is refused.
pub fn cut(tokens: &TokenData, text: &str) -> Result<Cut, Failure> {
    if let Some(tokenizer) = &tokens.tokenizer {
        let found = match tokens.mask {
            Some(mask) => masked::encode(tokenizer, mask, text),
            None => tokenizer.encode(text),
        };
        let unknown = found.unknown(text).into_iter().map(|(text, _)| text.into()).collect();
        let texts = found.spans.iter().map(|span| text[span.clone()].into()).collect();
        return Ok(Cut { ids: found.ids, texts, unknown });
    }
    let vocabulary = tokens.target.vocabulary();
    if has_words(vocabulary) {
        let ids = tokens_of(vocabulary, text).map_err(|word| {
            let known: Vec<&str> = vocabulary.iter().map(|token| token.trim_end()).collect();
            let what = format!("“{word}” is not made of the words of this task.");
            refuse(what, &format!("It knows {}", known.join(", ")))
        })?;
        let texts = ids.iter().map(|id| vocabulary[*id as usize].clone()).collect();
        return Ok(Cut { ids, texts, unknown: Vec::new() });
    }
    let id = |letter: char| {
        let place = vocabulary.iter().position(|known| known.chars().eq([letter]));
        place.map(|place| place as u32).ok_or_else(|| {
            let known = vocabulary.concat();
            refuse(format!("“{letter}” is not among the letters of this task."), &format!("It knows {known}"))
        })
    };
    let ids = text.chars().map(id).collect::<Result<_, _>>()?;
    Ok(Cut { ids, texts: text.chars().map(String::from).collect(), unknown: Vec::new() })
}

/// A question in words may come without the sign that asks for its answer, which it then gets.
fn ask(tokens: &TokenData, prompt: &mut Cut) {
    let vocabulary = tokens.target.vocabulary();
    let sign = tokens.target.ask().filter(|_| has_words(vocabulary));
    if let Some(id) = sign.filter(|id| !prompt.ids.is_empty() && !prompt.ids.contains(id)) {
        prompt.ids.push(id);
        prompt.texts.push(vocabulary[id as usize].clone());
    }
}

/// What the network of a run over texts writes.
pub async fn write(
    run: &Trainer,
    data: &Loaded,
    how: &Continuation,
    device: &Device,
) -> Result<Written, Failure> {
    let Some(tokens) = &data.tokens else {
        return Err(refuse("This network does not write.", "Open one that learns from a text."));
    };
    if tokens.mask.is_some() {
        return Err(refuse(
            "This network names hidden tokens and does not write on.",
            "Hide one, or choose “the next token”.",
        ));
    }
    let began = platform_now();
    let mut prompt = cut(tokens, &how.prompt)?;
    ask(tokens, &mut prompt);
    let skipped = prompt.ids.len().saturating_sub(MAX_PROMPT);
    prompt.ids.drain(..skipped);
    prompt.texts.drain(..skipped);
    let vocabulary = tokens.target.vocabulary();
    let is = |id: u32, text: &str| vocabulary.get(id as usize).is_some_and(|known| known == text);
    let line = (0..vocabulary.len() as u32).find(|id| is(*id, LINE));
    // A line follows the end of another one; a text begins after an empty line, or with any token.
    let starts = tokens.info.lines || prompt.ids.is_empty();
    let before = line.or(data.train.tokens.tokens.first().copied()).filter(|_| starts);

    let apart = run.network.tells_parts_apart();
    if apart && prompt.ids.len() > run.network.input[0] {
        return Err(refuse(
            "The question is longer than any that this network learned from.",
            "Ask a shorter one.",
        ));
    }
    let mut reader = Reader::new(run, device);
    let read: Vec<u32> = before.into_iter().chain(prompt.ids.iter().copied()).collect();
    let logits = reader.read(&read).await?;
    let mut rows = logits.chunks_exact(vocabulary.len());
    let mut written = Vec::new();
    let mut next = if before.is_some() { rows.next() } else { None };
    for (id, text) in prompt.ids.iter().zip(prompt.texts) {
        written.push(described(*id, text, next, how, vocabulary));
        next = rows.next();
    }
    let count = written.len() as u32;
    let mut next = next.map(<[f32]>::to_vec).unwrap_or_default();
    let sampling = Sampling { temperature: how.temperature, top_k: how.top_k as usize, top_p: how.top_p };
    let mut random = Random::new(how.seed, PURPOSE);
    for _ in 0..how.tokens.min(MAX_TOKENS) {
        // The network has never been taught an unknown token by the text that it learned from.
        if tokens.tokenizer.is_some() && tokens.info.vocabulary[UNKNOWN as usize].count == 0 {
            next[UNKNOWN as usize] = f32::NEG_INFINITY;
        }
        let Some(id) = sampling.draw(&next, &mut random) else { break };
        let text = vocabulary[id as usize].clone();
        written.push(described(id, text, Some(&next), how, vocabulary));
        if tokens.tokenizer.is_none() && is(id, END) {
            break;
        }
        if tokens.info.lines && Some(id) == line {
            reader.begin_anew();
        }
        // Of a question that is not all there any more, no answer goes on.
        if reader.is_full() && apart {
            break;
        }
        next = reader.read(&[id]).await?;
    }
    let seconds = platform_now() - began;
    Ok(Written { tokens: written, prompt: count, unknown: prompt.unknown, seconds })
}

/// A token with what the network gave for it, if anything was before it.
fn described(
    id: u32,
    text: String,
    logits: Option<&[f32]>,
    how: &Continuation,
    vocabulary: &[String],
) -> WrittenToken {
    let probabilities = logits.map(softmax).unwrap_or_default();
    let choices = if how.choices { likeliest(&probabilities, vocabulary) } else { Vec::new() };
    WrittenToken { id, text, probability: probabilities.get(id as usize).copied().unwrap_or(0.0), choices }
}

pub(super) fn likeliest(probabilities: &[f32], vocabulary: &[String]) -> Vec<TokenChoice> {
    let mut all: Vec<(u32, f32)> = (0..).zip(probabilities.iter().copied()).collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1));
    let choice = |(id, probability): (u32, f32)| TokenChoice {
        id,
        text: vocabulary.get(id as usize).cloned().unwrap_or_default(),
        probability,
    };
    all.into_iter().take(CHOICES).map(choice).collect()
}
