//! `intab.ask({ kind, … })` about texts: what the network writes, what it has in mind, and which token comes next.

use super::values::{Outcome, sentence, to_js, unexpected};
use crate::platform::now;
use crate::protocol::{
    Continuation, Form, HeadMaps, Request, Response, States, TokenChoice, UnitStates, Written, WrittenToken,
};
use crate::ui::controller::Controller;
use crate::ui::text::answer::answered;
use crate::ui::text::strip::{Strip, strip};
use js_sys::Reflect;
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use wasm_bindgen::JsValue;

pub const KINDS: [&str; 5] = ["generate", "states", "attention", "fill", "translate"];

#[derive(Serialize)]
struct Generated {
    text: String,
    tokens: Vec<Token>,
    seconds: f64,
    tokens_per_second: f64,
}

#[derive(Serialize)]
struct Token {
    text: String,
    probability: f32,
    nats: f32,
    others: Vec<Other>,
}

#[derive(Serialize)]
struct Other {
    text: String,
    probability: f32,
}

#[derive(Serialize)]
struct Next {
    labels: Vec<Label>,
    seconds: f64,
}

#[derive(Serialize)]
struct Filling {
    masks: Vec<Vec<Other>>,
}

#[derive(Serialize)]
struct Translation {
    text: String,
    alignment: Vec<Vec<f32>>,
}

#[derive(Serialize)]
struct Label {
    id: u32,
    name: String,
    probability: f32,
}

#[derive(Serialize)]
struct Told<'a> {
    tokens: &'a [String],
    units: Units<'a>,
}

/// `[time][unit]`
#[derive(Serialize)]
struct Units<'a> {
    hidden: Vec<&'a [f32]>,
    gates: BTreeMap<&'a str, Vec<&'a [f32]>>,
}

#[derive(Serialize)]
struct Looked<'a> {
    tokens: &'a [String],
    layers: Vec<Looks>,
}

#[derive(Serialize)]
struct Looks {
    layer: u32,
    /// `[head][query][key]`
    heads: Vec<Vec<Vec<f32>>>,
}

/// The run's data are a text or sequences of tokens.
pub fn is_open(lab: Controller) -> bool {
    lab.state.dataset.with_untracked(|d| d.as_ref().is_some_and(|d| d.form == Form::Text))
}

/// `await intab.ask({ kind, … })` of a run that learns a text, where `kind` is one of
/// - `generate`, `prompt`, `tokens` (100), `temperature` (0.8), `top_k` (0 leaves all), `top_p`
///   (1 leaves all), `seed` (1) → `{ text, tokens: [{ text, probability, nats, others: [{ text, probability }] }], seconds,
///   tokens_per_second }`: `text` with the prompt, `tokens` those that were written, each with the ten likeliest at its place
/// - `states`, `input`: a text, `layer` if not the first recurrent one → `{ tokens, units: { hidden, gates: { … } } }`, each
///   `[time][unit]`, the gates by their names (`input`, `forget`, `output`, …)
/// - `attention`, `input`: a text, `layer` and `head` if not all → `{ tokens, layers: [{ layer, heads }] }`, of each head
///   rows of tokens that look, and in them what they take of each token
/// - `fill`, `text` with `[MASK]` where tokens are hidden, `top` (5, at most 10) → `{ masks: [[{ text, probability }]] }`
/// - `translate`, `input`: a question → `{ text, alignment }`: the likeliest answer, and for each of its tokens what it took
///   of each of the question's to be written, in the mean of the last decoder block's heads
pub async fn ask(lab: Controller, kind: &str, question: JsValue) -> Outcome {
    if !is_open(lab) {
        return Err(format!("{kind} is asked of a run that learns a text, and this one does not"));
    }
    let asked = Asked { lab, question };
    match kind {
        "generate" => asked.generate().await,
        "attention" => asked.attention().await,
        "fill" => asked.fill().await,
        "translate" => asked.translate().await,
        _ => asked.states().await,
    }
}

/// The likeliest tokens behind a text.
pub async fn next(lab: Controller, prompt: String) -> Outcome {
    let began = now();
    let how =
        Continuation { prompt, tokens: 1, temperature: 0.0, top_k: 0, top_p: 1.0, seed: 1, choices: true };
    let written = write(lab, how).await?;
    let place = written.prompt as usize;
    let choices = written.tokens.into_iter().nth(place).map(|token| token.choices).unwrap_or_default();
    let label = |c: TokenChoice| Label { id: c.id, name: c.text, probability: c.probability };
    to_js(&Next { labels: choices.into_iter().map(label).collect(), seconds: now() - began })
}

async fn write(lab: Controller, how: Continuation) -> Result<Written, String> {
    match lab.ask(Request::Generate(how)).await.map_err(sentence)? {
        Response::Written(written) => Ok(written),
        _ => Err(unexpected()),
    }
}

struct Asked {
    lab: Controller,
    question: JsValue,
}

impl Asked {
    /// A field, or `default` where it is not said.
    fn field<T: DeserializeOwned>(&self, name: &str, default: T) -> Result<T, String> {
        let value = Reflect::get(&self.question, &name.into()).unwrap_or(JsValue::UNDEFINED);
        if value.is_undefined() {
            return Ok(default);
        }
        serde_wasm_bindgen::from_value(value).map_err(|_| format!("{name} does not fit"))
    }

    async fn generate(&self) -> Outcome {
        let how = Continuation {
            prompt: self.field("prompt", String::new())?,
            tokens: self.field("tokens", 100)?,
            temperature: self.field("temperature", 0.8)?,
            top_k: self.field("top_k", 0)?,
            top_p: self.field("top_p", 1.0)?,
            seed: self.field("seed", 1)?,
            choices: true,
        };
        let written = write(self.lab, how).await?;
        let text = written.tokens.iter().map(|token| token.text.as_str()).collect();
        let tokens: Vec<Token> =
            written.tokens.into_iter().skip(written.prompt as usize).map(token).collect();
        let tokens_per_second = tokens.len() as f64 / written.seconds.max(1e-6);
        to_js(&Generated { text, tokens, seconds: written.seconds, tokens_per_second })
    }

    /// The text that is asked about.
    fn input(&self) -> Result<String, String> {
        let text: String = self.field("input", String::new())?;
        if text.is_empty() { Err("input is the text that the network reads".into()) } else { Ok(text) }
    }

    async fn attention(&self) -> Outcome {
        let (layer, head): (Option<u32>, Option<usize>) =
            (self.field("layer", None)?, self.field("head", None)?);
        let question = Request::Attention { text: self.input()? };
        let Response::Attention(maps) = self.lab.ask(question).await.map_err(sentence)? else {
            return Err(unexpected());
        };
        let time = maps.tokens.len().max(1);
        let heads = |of: &HeadMaps| {
            let all = of.weights.chunks_exact(time * time).enumerate();
            let wanted = all.filter(|(at, _)| head.is_none_or(|wanted| wanted == *at));
            wanted.map(|(_, map)| map.chunks_exact(time).map(<[f32]>::to_vec).collect()).collect()
        };
        let wanted = maps.layers.iter().filter(|of| layer.is_none_or(|wanted| wanted == of.layer));
        let layers: Vec<Looks> = wanted.map(|of| Looks { layer: of.layer, heads: heads(of) }).collect();
        if layers.is_empty() {
            return Err("this network has no Transformer block at that place".into());
        }
        to_js(&Looked { tokens: &maps.tokens, layers })
    }

    async fn translate(&self) -> Outcome {
        let (read, last) = answered(self.lab, &self.input()?).await.map_err(sentence)?;
        let question = Request::Attention { text: read };
        let Response::Attention(maps) = self.lab.ask(question).await.map_err(sentence)? else {
            return Err(unexpected());
        };
        let Some(across) = maps.layers.iter().rfind(|layer| layer.crosses) else {
            return Err("this network has no decoder that looks at a question".into());
        };
        let (time, heads) = (maps.tokens.len(), across.heads as usize);
        let [queries, keys] = [across.queries, across.keys].map(|[from, to]| from as usize..to as usize);
        let share = |query: usize, key: usize| {
            let of = |head: usize| across.weights[(head * time + query) * time + key];
            (0..heads).map(of).sum::<f32>() / heads as f32
        };
        let row = |query: usize| keys.clone().map(|key| share(query, key)).collect();
        let text = maps.tokens[queries.start + 1..].concat() + &last;
        to_js(&Translation { text, alignment: queries.map(row).collect() })
    }

    async fn fill(&self) -> Outcome {
        let text: String = self.field("text", String::new())?;
        let top: usize = self.field("top", 5)?;
        let Response::Filled(filled) = self.lab.ask(Request::Fill { text }).await.map_err(sentence)? else {
            return Err(unexpected());
        };
        let other = |c: TokenChoice| Other { text: c.text.trim().into(), probability: c.probability };
        let masks = filled.blanks.into_iter().map(|b| b.choices.into_iter().take(top).map(other).collect());
        to_js(&Filling { masks: masks.collect() })
    }

    async fn states(&self) -> Outcome {
        let text = self.input()?;
        let wanted: Option<u32> = self.field("layer", None)?;
        let Response::States(states) = self.lab.ask(Request::States { text }).await.map_err(sentence)? else {
            return Err(unexpected());
        };
        let layer = layer(&states, wanted)?;
        let (mut hidden, mut gates) = (Vec::new(), BTreeMap::new());
        for (at, name) in layer.names.iter().enumerate() {
            let rows = strip(&states, layer, at).map_or_else(Vec::new, Strip::rows);
            match name.as_str() {
                "hidden" => hidden = rows,
                gate => drop(gates.insert(gate, rows)),
            }
        }
        to_js(&Told { tokens: &states.tokens, units: Units { hidden, gates } })
    }
}

fn token(token: WrittenToken) -> Token {
    let other = |c: TokenChoice| Other { text: c.text, probability: c.probability };
    Token {
        nats: -token.probability.max(f32::MIN_POSITIVE).ln(),
        text: token.text,
        probability: token.probability,
        others: token.choices.into_iter().map(other).collect(),
    }
}

/// The recurrent layer at that place of the network, or the first one.
fn layer(states: &States, wanted: Option<u32>) -> Result<&UnitStates, String> {
    let Some(first) = states.layers.first() else {
        return Err("this network has no recurrent layer".into());
    };
    let Some(wanted) = wanted else { return Ok(first) };
    states.layers.iter().find(|layer| layer.layer == wanted).ok_or_else(|| {
        let places: Vec<String> = states.layers.iter().map(|layer| layer.layer.to_string()).collect();
        format!("layer {wanted} is not recurrent; these are: {}", places.join(", "))
    })
}
