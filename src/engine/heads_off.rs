//! Heads of Transformer blocks that are switched off, and what that costs on held-out examples.

use super::event_loop::EngineLoop;
use super::layers::Memory;
use super::requests::refuse;
use super::trainer::read_sums;
use crate::layers::block::{HEADS, attends};
use crate::layers::{LayerInfo, decoder};
use crate::protocol::{Event, Failure, Response, WithoutHeads};

/// So many held-out examples are judged, in batches of so many.
const EXAMPLES: usize = 128;
const BATCH: usize = 32;

impl<S: Fn(Event)> EngineLoop<S> {
    /// These, as `Network::off` has them, and no others. None until held-out examples are there.
    pub(super) async fn switch_off(&mut self, heads: &[[u32; 3]]) -> Result<Option<Response>, Failure> {
        let session = self.session.as_mut().ok_or_else(Self::no_run)?;
        let data = self.library.get(&session.run.ground.key).ok_or_else(Self::no_run)?;
        let network = &mut session.run.network;
        let off: Vec<[usize; 3]> = heads.iter().map(|head| head.map(|at| at as usize)).collect();
        let there = |[layer, head, crosses]: &[usize; 3]| {
            let info = network.layers.get(*layer).filter(|info| attends(info.layer));
            let crossing = |info: &LayerInfo| *crosses == 0 || info.layer.is(&decoder::KIND);
            info.is_some_and(|info| *head < info.layer.number(HEADS) && crossing(info))
        };
        if !off.iter().all(there) {
            return Err(refuse("The network has no such head.", "Ask for one that it has."));
        }
        network.off = off;
        let (run, all) = (&session.run, data.test.len().min(EXAMPLES));
        if all == 0 {
            return Ok(None);
        }
        let mut scores = [0.0; 2];
        let mut count = 0;
        for (score, network) in scores.iter_mut().zip([&*run.network.whole(), &run.network]) {
            let mut sums = Vec::new();
            for start in (0..all).step_by(BATCH) {
                let examples = start..(start + BATCH).min(all);
                let samples = examples.clone().map(|at| data.sample(&data.test, at));
                let targets = data.test.select(examples);
                let input = data.batch(samples, &self.device);
                let outputs = network.forward_on(&mut Memory::default(), input, None)?;
                let found = read_sums(std::iter::once(&run.task.sums_of(outputs, &targets))).await?.concat();
                sums.resize(found.len(), 0.0);
                sums.iter_mut().zip(found).for_each(|(sum, term)| *sum += term);
            }
            *score = run.task.scores(&sums, all).score;
            count = run.task.count(&sums, all) as u32;
        }
        let [whole, without] = scores;
        Ok(Some(Response::SwitchedOff(WithoutHeads { step: run.step, count, whole, without })))
    }
}
