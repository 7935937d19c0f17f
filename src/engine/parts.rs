//! Questions and their answers in a batch of sequences, one behind the other: an encoder works on the first part of each
//! and a decoder on the second, without what fills the shorter ones up.

use super::sequence_ext;
use burn::tensor::Tensor;
use std::sync::Arc;

pub struct Parts {
    time: usize,
    /// Where each example's answer begins: with the token that asks for it.
    borders: Arc<[usize]>,
}

/// One of the two in every example.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Question,
    Answer,
}

impl Parts {
    /// Of `[batch, time, …]`; where it is not said where answers begin, all is question.
    pub fn new(borders: Option<&Arc<[usize]>>, [batch, time]: [usize; 2]) -> Self {
        let known = borders.filter(|borders| borders.len() == batch).cloned();
        Self { time, borders: known.unwrap_or_else(|| vec![time; batch].into()) }
    }

    /// Tokens of each question.
    pub fn questions(&self) -> Arc<[usize]> {
        self.borders.clone()
    }

    /// Tokens of the longest; one at least.
    pub fn longest(&self, part: Part) -> usize {
        let lengths = self.borders.iter().map(|border| match part {
            Part::Question => *border,
            Part::Answer => self.time - border,
        });
        lengths.max().unwrap_or(1).max(1)
    }

    /// One part of each, from `[batch, time, width]`: `[batch, longest, width]`. A shorter one is filled up with copies.
    pub fn take(&self, part: Part, x: &Tensor<3>) -> Tensor<3> {
        let (time, longest) = (self.time, self.longest(part));
        let place = |(example, border): (usize, &usize), at: usize| {
            let place = match part {
                Part::Question => at.min(border.saturating_sub(1)),
                Part::Answer => (border + at).min(time - 1),
            };
            (example * time + place) as u32
        };
        let examples = self.borders.iter().enumerate();
        let places = examples.flat_map(|one| (0..longest).map(move |at| place(one, at)));
        rows(x.clone(), places.collect(), longest)
    }

    /// The batch with another part in place of this one.
    pub fn put(&self, part: Part, x: Tensor<3>, new: Tensor<3>) -> Tensor<3> {
        let ([batch, time, width], longest) = (x.dims(), self.longest(part));
        let place = |(example, border): (usize, &usize), at: usize| {
            let within = match part {
                Part::Question => (at < *border).then_some(at),
                Part::Answer => at.checked_sub(*border),
            };
            within.map_or(example * time + at, |within| batch * time + example * longest + within) as u32
        };
        let examples = self.borders.iter().enumerate();
        let places = examples.flat_map(|one| (0..time).map(move |at| place(one, at))).collect();
        let all = [x, new].map(|of| of.reshape([1, -1, width as i32]));
        rows(Tensor::cat(all.to_vec(), 1), places, time)
    }

    /// Each token's place in its part.
    pub fn places(&self) -> Vec<u32> {
        let within = |border: &usize| {
            let border = *border;
            (0..self.time).map(move |at| if at < border { at } else { at - border } as u32)
        };
        self.borders.iter().flat_map(within).collect()
    }
}

/// Of all rows of `[…, …, width]` those at these places, so many for each example.
fn rows(x: Tensor<3>, places: Vec<u32>, time: usize) -> Tensor<3> {
    let (width, batch) = (x.dims()[2], places.len() / time);
    sequence_ext::embedding(x.flatten(0, 2), places, width).reshape([batch, time, width])
}
