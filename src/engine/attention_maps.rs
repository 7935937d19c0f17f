//! How much tokens of a text take of each other, in every head of every Transformer block.

use super::inspector::Inspector;
use super::layers::inside;
use super::lost;
use super::value::Value;
use crate::layers::block;
use crate::protocol::{AttentionMaps, Failure, Floats, HeadMaps, Response};

impl Inspector<'_> {
    /// Along a text that begins as it is given; of a longer one than the network can look at, its beginning.
    pub async fn attention(&self, text: &str) -> Result<Response, Failure> {
        let run = &self.session.run;
        let (tokens, flows) = self.read(text)?;
        let mut layers = Vec::new();
        for (index, info) in run.network.layers.iter().enumerate() {
            if !info.layer.is(&block::KIND) {
                continue;
            }
            let Some(Value::Picture(weights)) = inside(&run.network, index, flows[index].clone())? else {
                continue;
            };
            let heads = weights.dims()[1] as u32;
            let weights = weights.into_data_async().await.map_err(lost)?;
            layers.push(HeadMaps { layer: index as u32, heads, weights: Floats(weights.iter().collect()) });
        }
        Ok(Response::Attention(AttentionMaps { step: run.step, tokens, layers }))
    }
}
