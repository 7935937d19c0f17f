//! One head of a Transformer block for one token: its query, and the keys and values of the tokens.

use super::inspector::Inspector;
use super::layers::block;
use super::lost;
use super::requests::refuse;
use crate::layers::block::{HEADS, attends};
use crate::protocol::{Failure, Floats, HeadIo, Response};
use burn::tensor::Tensor;

impl Inspector<'_> {
    /// Of a text that begins as it is given: layer, head, and the token that looks; with `crosses`, at the question that it
    /// answers.
    pub async fn head(
        &self,
        text: &str,
        [layer, head, at]: [usize; 3],
        crosses: bool,
    ) -> Result<Response, Failure> {
        let run = &self.session.run;
        let (tokens, flows) = self.read(text)?;
        let none = || refuse("The network has no such head or token.", "Ask for one that it has.");
        let info = run.network.layers.get(layer).filter(|info| attends(info.layer)).ok_or_else(none)?;
        let all = block::met(&run.network, layer, &flows)?;
        let met = all.into_iter().find(|met| met.crosses == crosses && met.queries.contains(&at));
        let Some(met) = met.filter(|_| head < info.layer.number(HEADS)) else { return Err(none()) };
        // Where a token looks at its own part only, what is told is about that part.
        let first = if crosses { 0 } else { met.keys.start };
        let row = at - met.queries.start;
        let size = met.of.width / info.layer.number(HEADS);
        let [query, keys, values] = met.rows.map(|all| all.narrow(2, head * size, size));
        let flat = [query.narrow(1, row, 1), keys, values].map(|all: Tensor<3>| all.flatten::<1>(0, 2));
        let read = Tensor::cat(flat.to_vec(), 0).into_data_async().await.map_err(lost)?;
        let mut numbers = read.iter::<f32>();
        let mut next = |count: usize| Floats(numbers.by_ref().take(count).collect());
        let time = met.keys.len();
        Ok(Response::HeadIo(Box::new(HeadIo {
            step: run.step,
            at: (at - first) as u32,
            seen: met.of.seen(0, row) as u32,
            slope: met.of.slope(head),
            query: next(size),
            keys: next(time * size),
            values: next(time * size),
            tokens: tokens[first..].to_vec(),
        })))
    }
}
