//! `intab.ask({ kind, … })` about texts: what the network writes, what it has in mind, and which token comes next.

use super::values::{Outcome, sentence, to_js, unexpected};
use crate::platform::now;
use crate::protocol::{
    Continuation, Form, Request, Response, States, TokenChoice, UnitStates, Written, WrittenToken,
};
use crate::ui::controller::Controller;
use crate::ui::text::strip::{Strip, strip};
use js_sys::Reflect;
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use wasm_bindgen::JsValue;

pub const KINDS: [&str; 2] = ["generate", "states"];

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
pub async fn ask(lab: Controller, kind: &str, question: JsValue) -> Outcome {
    if !is_open(lab) {
        return Err(format!("{kind} is asked of a run that learns a text, and this one does not"));
    }
    let asked = Asked { lab, question };
    match kind {
        "generate" => asked.generate().await,
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

    async fn states(&self) -> Outcome {
        let text: String = self.field("input", String::new())?;
        if text.is_empty() {
            return Err("input is the text that the network reads".into());
        }
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
