//! What a network of Transformer blocks would say if it ended earlier: the normalisation and the logits that stand behind
//! its last block, behind each of the others (the “logit lens”, nostalgebraist 2020).

use super::inspector::Inspector;
use super::layers::ForwardPass;
use super::lost;
use super::requests::refuse;
use super::tasks::softmax;
use super::writing::likeliest;
use crate::layers::block::attends;
use crate::layers::encoder;
use crate::protocol::{Failure, LogitLens, Response, TokenChoice};

impl Inspector<'_> {
    /// Along a text that begins as it is given.
    pub async fn logit_lens(&self, text: &str) -> Result<Response, Failure> {
        let run = &self.session.run;
        let (tokens, flows) = self.read(text)?;
        let vocabulary = self.tokens()?.target.vocabulary();
        // What an encoder makes of a question is not what is said.
        let is_block = |at: &usize| {
            let layer = run.network.layers[*at].layer;
            attends(layer) && !layer.is(&encoder::KIND)
        };
        let blocks: Vec<usize> = (0..run.network.layers.len()).filter(is_block).collect();
        let [Some(first), Some(last)] = [blocks.first(), blocks.last()] else {
            return Err(refuse("This network has no Transformer blocks.", "Choose one that has."));
        };
        let weights = run.network.weights();
        let mut guesses = Vec::new();
        for at in [*first].into_iter().chain(blocks.iter().map(|block| block + 1)) {
            let mut rest = ForwardPass::new(&run.network, &weights, None);
            rest.index = last + 1;
            let logits = rest.run(flows[at].clone(), |_| ())?.flat();
            let logits: Vec<f32> = logits.into_data_async().await.map_err(lost)?.iter().collect();
            let best = |row: &[f32]| likeliest(&softmax(row), vocabulary).into_iter().next();
            let row: Vec<TokenChoice> = logits.chunks_exact(vocabulary.len()).filter_map(best).collect();
            guesses.push(row);
        }
        Ok(Response::LogitLens(LogitLens { step: run.step, tokens, guesses }))
    }
}
