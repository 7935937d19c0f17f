//! How much tokens of a text, or patches of a picture, take of each other, in every head of every Transformer block.

use super::inspector::{Inspector, not_there, sample};
use super::layers::block;
use super::lost;
use super::network::Network;
use super::requests::refuse;
use super::value::Value;
use crate::layers::block::{HEADS, KIND};
use crate::layers::{positions, sinusoidal};
use crate::protocol::{AttentionMaps, Failure, Floats, HeadMaps, Picture, PositionRows, Response};

impl Inspector<'_> {
    /// Along a text that begins as it is given; of a longer one than the network can look at, its beginning.
    pub async fn attention(&self, text: &str) -> Result<Response, Failure> {
        let (tokens, flows) = self.read(text)?;
        self.attention_of(tokens, &flows).await
    }

    /// Of a picture, whose tokens are its patches, behind the class token where there is one; they have no texts.
    pub async fn picture_attention(&self, picture: &Picture) -> Result<Response, Failure> {
        let (network, picture) = (&self.session.run.network, self.ready(picture).await?);
        let sample = sample(self.data, &picture)?.ok_or_else(not_there)?;
        let Some(first) = network.layers.iter().position(|info| info.layer.is(&KIND)) else {
            return Err(refuse("This network has no Transformer block.", "Choose a Vision Transformer."));
        };
        let input = self.data.batch([sample].into_iter(), self.device);
        let mut flows = vec![input.clone()];
        network.forward_with(&network.weights(), input, |flow| flows.push(flow.clone()))?;
        let time = network.layers[first].output.first().copied().unwrap_or(0);
        self.attention_of(vec![String::new(); time], &flows).await
    }

    /// `flows`: what each layer gets.
    async fn attention_of(&self, tokens: Vec<String>, flows: &[Value]) -> Result<Response, Failure> {
        let run = &self.session.run;
        let mut layers = Vec::new();
        for (index, info) in run.network.layers.iter().enumerate() {
            for met in block::met(&run.network, index, flows)? {
                let weights = met.weights().into_data_async().await.map_err(lost)?;
                let weights: Vec<f32> = weights.iter().collect();
                layers.push(HeadMaps {
                    layer: index as u32,
                    heads: info.layer.number(HEADS) as u32,
                    crosses: met.crosses,
                    queries: [met.queries.start as u32, met.queries.end as u32],
                    keys: [met.keys.start as u32, met.keys.end as u32],
                    weights: Floats(among_all(&met, &weights, tokens.len())),
                });
            }
        }
        Ok(Response::Attention(AttentionMaps {
            step: run.step,
            tokens,
            layers,
            positions: position_rows(&run.network).await?,
            off: run.network.off.iter().map(|head| head.map(|at| at as u32)).collect(),
        }))
    }
}

/// `[head, query, key]` of those that meet → the same of all tokens, where the others take nothing.
fn among_all(met: &block::Met, weights: &[f32], time: usize) -> Vec<f32> {
    let (rows, columns) = (met.queries.len(), met.keys.len());
    if [rows, columns] == [time, time] {
        return weights.to_vec();
    }
    let mut all = vec![0.0; weights.len() / (rows * columns).max(1) * time * time];
    for (at, row) in weights.chunks_exact(columns.max(1)).enumerate() {
        let (head, query) = (at / rows, met.queries.start + at % rows);
        let first = (head * time + query) * time + met.keys.start;
        all[first..first + columns].copy_from_slice(row);
    }
    all
}

/// What the network adds to the token at each place that it knows.
async fn position_rows(network: &Network) -> Result<Option<PositionRows>, Failure> {
    for (index, info) in network.layers.iter().enumerate() {
        let &[time, width] = &info.output[..] else { continue };
        let values = if info.layer.is(&sinusoidal::KIND) {
            sinusoidal::encoding(time, width)
        } else if info.layer.is(&positions::KIND) {
            let name = format!("{index}.weight");
            let Some(rows) = network.parameters.iter().find(|parameter| parameter.name == name) else {
                continue;
            };
            rows.value.clone().into_data_async().await.map_err(lost)?.iter().collect()
        } else {
            continue;
        };
        return Ok(Some(PositionRows { width: width as u32, values: Floats(values) }));
    }
    Ok(None)
}
