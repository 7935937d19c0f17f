//! What a network says of hidden tokens.

use super::inspector::Inspector;
use super::requests::refuse;
use super::tasks::softmax;
use super::value::{Tokens, Value};
use super::{lost, writing};
use crate::protocol::{Blank, Failure, Filled, Response};

impl Inspector<'_> {
    /// Of every `[MASK]` of a text.
    pub async fn fill(&self, text: &str) -> Result<Response, Failure> {
        let tokens = self.tokens()?;
        let Some(mask) = tokens.mask else {
            return Err(refuse("This network has not learned to name hidden tokens.", "Open one that has."));
        };
        let mut cut = writing::cut(tokens, text)?;
        let unread = cut.shorten(self.longest()) as u32;
        let run = &self.session.run;
        let places = (0..).zip(&cut.ids).filter(|(_, id)| **id == mask).map(|(at, _)| at);
        let places: Vec<u32> = places.collect();
        let mut blanks = Vec::new();
        if !places.is_empty() {
            let vocabulary = tokens.target.vocabulary();
            let read = Value::Tokens(Tokens::one(cut.ids.clone(), vocabulary.len(), self.device));
            let logits = run.network.forward(read)?.into_data_async().await.map_err(lost)?;
            let logits: Vec<f32> = logits.iter().collect();
            for at in places {
                let start = at as usize * vocabulary.len();
                let mut row = logits[start..start + vocabulary.len()].to_vec();
                // Neither is ever asked for: what is unknown is not hidden.
                row[mask as usize] = f32::NEG_INFINITY;
                row[crate::tokenizer::UNKNOWN as usize] = f32::NEG_INFINITY;
                blanks.push(Blank { at, choices: writing::likeliest(&softmax(&row), vocabulary) });
            }
        }
        let writing::Cut { texts, unknown, .. } = cut;
        Ok(Response::Filled(Filled { step: run.step, tokens: texts, blanks, unknown, unread }))
    }
}
