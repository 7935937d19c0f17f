//! What recurrent layers have in mind along a text, and parts of a text as tokens.

use super::inspector::Inspector;
use super::layers::inside;
use super::requests::refuse;
use super::value::{Tokens, Value};
use super::{lost, writing};
use crate::datasets::target::{IGNORE_INDEX, Target};
use crate::datasets::tokens::TokenData;
use crate::engine::recurrent::Cell;
use crate::protocol::{Continuation, Excerpt, Failure, Floats, Question, Response, States, UnitStates};
use burn::tensor::Tensor;

/// A longer text is cut off.
const MAX_TOKENS: usize = 500;

impl Inspector<'_> {
    pub async fn write(&self, how: &Continuation) -> Result<Response, Failure> {
        writing::write(&self.session.run, self.data, how, self.device).await.map(Response::Written)
    }

    pub fn excerpt(&self, question: &Question) -> Result<Response, Failure> {
        let tokens = self.tokens()?;
        let known = |ids: &[u32]| ids.iter().map(|id| text(tokens, *id)).collect();
        Ok(Response::Excerpt(match question {
            Question::Beginning(count) => {
                let all = &self.data.train.tokens.tokens;
                let ids = all[..all.len().min(*count as usize)].to_vec();
                Excerpt { texts: known(&ids), tokens: ids, targets: Vec::new() }
            }
            Question::Example { test, index } => {
                let split = if *test { &self.data.test } else { &self.data.train };
                let index = *index as usize;
                if index >= split.len() {
                    return Err(refuse("This example is not there.", "Choose another."));
                }
                let ids = split.tokens.input(index).to_vec();
                let Target::Tokens(targets) = split.target(index) else { return Err(no_text()) };
                let targets = targets.into_iter().map(|id| (id != IGNORE_INDEX).then_some(id)).collect();
                Excerpt { texts: known(&ids), tokens: ids, targets }
            }
            Question::Text(text) => {
                let cut = writing::cut(tokens, text)?;
                Excerpt { tokens: cut.ids, texts: cut.texts, targets: Vec::new() }
            }
        }))
    }

    /// Of every recurrent layer, along a text that begins as it is given.
    pub async fn states(&self, text: &str) -> Result<Response, Failure> {
        let run = &self.session.run;
        let (texts, flows) = self.read(text)?;
        let time = texts.len();
        let mut layers = Vec::new();
        let mut values: Vec<Tensor<1>> = Vec::new();
        for (index, info) in run.network.layers.iter().enumerate() {
            let Some(cell) = Cell::of_word(info.layer.kind().word) else { continue };
            let hidden = flows[index + 1].clone().sequence();
            let [_, _, units] = hidden.dims();
            values.push(hidden.flatten(0, 2));
            let mut names = vec!["hidden".to_string()];
            // Of a plain cell there is nothing but its hidden state.
            if cell != Cell::Rnn
                && let Some(Value::Picture(gates)) = inside(&run.network, index, flows[index].clone())?
            {
                names.extend(cell.activations().iter().map(|name| (*name).to_string()));
                values.push(gates.swap_dims(1, 2).flatten(0, 3));
            }
            let (layer, word) = (index as u32, info.layer.kind().word.to_string());
            let values = Floats::default();
            layers.push(UnitStates { layer, word, units: units as u32, names, values });
        }
        if !values.is_empty() {
            let read = Tensor::cat(values, 0).into_data_async().await.map_err(lost)?;
            let mut numbers = read.iter::<f32>();
            for layer in &mut layers {
                let count = layer.names.len() * time * layer.units as usize;
                layer.values = Floats(numbers.by_ref().take(count).collect());
            }
        }
        Ok(Response::States(States { step: run.step, tokens: texts, layers }))
    }

    /// A text's tokens, and what the network and then each of its layers gets or gives along them.
    pub(super) fn read(&self, text: &str) -> Result<(Vec<String>, Vec<Value>), Failure> {
        let mut cut = writing::cut(self.tokens()?, text)?;
        cut.shorten(self.longest());
        if cut.ids.is_empty() {
            return Err(refuse("There is no text to read.", "Type some letters."));
        }
        let run = &self.session.run;
        let vocabulary = run.task.outputs();
        let tokens = Tokens::one(cut.ids, vocabulary, self.device);
        let read = Value::Tokens(tokens.asked_by(run.task.field.ask()));
        let mut flows = vec![read.clone()];
        run.network.forward_with(&run.network.weights(), read, |flow| flows.push(flow.clone()))?;
        Ok((cut.texts, flows))
    }

    /// How many tokens it reads at a time: a network that keeps nothing in mind has no places for more than it learned from.
    pub(super) fn longest(&self) -> usize {
        let network = &self.session.run.network;
        if network.carries() { MAX_TOKENS } else { network.input[0].clamp(1, MAX_TOKENS) }
    }

    pub(super) fn tokens(&self) -> Result<&TokenData, Failure> {
        self.data.tokens.as_deref().ok_or_else(no_text)
    }
}

fn text(tokens: &TokenData, id: u32) -> String {
    tokens.target.vocabulary().get(id as usize).cloned().unwrap_or_default()
}

fn no_text() -> Failure {
    refuse("This run learns from no text.", "Open one that does.")
}
