//! A network writes on: it reads a beginning, and then each token that was drawn from what it gave for the next one.

use super::dataset_store::Loaded;
use super::layers::Memory;
use super::requests::refuse;
use super::tasks::softmax;
use super::trainer::Trainer;
use super::value::{Tokens, Value};
use super::{lost, platform_now};
use crate::datasets::tokens::TokenData;
use crate::protocol::{Continuation, Failure, TokenChoice, Written, WrittenToken};
use crate::random::Random;
use crate::sampling::Sampling;
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
    memory: Memory,
}

impl Reader<'_> {
    /// The logits behind each of these tokens, `[tokens, vocabulary]`.
    async fn read(&mut self, ids: &[u32]) -> Result<Vec<f32>, Failure> {
        let vocabulary = self.run.task.outputs();
        let tokens = Tokens { ids: ids.to_vec(), time: ids.len(), vocabulary, device: self.device.clone() };
        let outputs = self.run.network.forward_on(&mut self.memory, Value::Tokens(tokens))?;
        Ok(outputs.into_data_async().await.map_err(lost)?.iter().collect())
    }
}

/// The tokens of a text, what each stands for, and what of it the vocabulary lacks.
pub struct Cut {
    pub ids: Vec<u32>,
    pub texts: Vec<String>,
    pub unknown: Vec<String>,
}

/// A text as the run's tokens; of made sequences, a letter that they do not have is refused.
pub fn cut(tokens: &TokenData, text: &str) -> Result<Cut, Failure> {
    if let Some(tokenizer) = &tokens.tokenizer {
        let found = tokenizer.encode(text);
        let unknown = found.unknown(text).into_iter().map(|(text, _)| text.into()).collect();
        let texts = found.spans.iter().map(|span| text[span.clone()].into()).collect();
        return Ok(Cut { ids: found.ids, texts, unknown });
    }
    let id = |letter: char| {
        let place = tokens.target.vocabulary().iter().position(|known| known.chars().eq([letter]));
        place.map(|place| place as u32).ok_or_else(|| {
            let known = tokens.target.vocabulary().concat();
            refuse(format!("“{letter}” is not among the letters of this task."), &format!("It knows {known}"))
        })
    };
    let ids = text.chars().map(id).collect::<Result<_, _>>()?;
    Ok(Cut { ids, texts: text.chars().map(String::from).collect(), unknown: Vec::new() })
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
    let began = platform_now();
    let mut prompt = cut(tokens, &how.prompt)?;
    let skipped = prompt.ids.len().saturating_sub(MAX_PROMPT);
    prompt.ids.drain(..skipped);
    prompt.texts.drain(..skipped);
    let vocabulary = tokens.target.vocabulary();
    let is = |id: u32, text: &str| vocabulary.get(id as usize).is_some_and(|known| known == text);
    let line = (0..vocabulary.len() as u32).find(|id| is(*id, LINE));
    // A line follows the end of another one; a text begins after an empty line, or with any token.
    let starts = tokens.info.lines || prompt.ids.is_empty();
    let before = line.or(data.train.tokens.tokens.first().copied()).filter(|_| starts);

    let mut reader = Reader { run, device, memory: Memory::default() };
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
            reader.memory = Memory::default();
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

fn likeliest(probabilities: &[f32], vocabulary: &[String]) -> Vec<TokenChoice> {
    let mut all: Vec<(u32, f32)> = (0..).zip(probabilities.iter().copied()).collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1));
    let choice = |(id, probability): (u32, f32)| TokenChoice {
        id,
        text: vocabulary.get(id as usize).cloned().unwrap_or_default(),
        probability,
    };
    all.into_iter().take(CHOICES).map(choice).collect()
}
