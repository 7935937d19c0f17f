//! A batch of values between two layers, of any rank.

use super::device::tensor;
use super::sequence_ext;
use burn::tensor::{Device, Tensor};
use std::sync::Arc;

#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "there is one of them at a time")]
pub enum Value {
    /// `[batch, features]`
    Flat(Tensor<2>),
    /// `[batch, time, features]`
    Sequence(Tensor<3>),
    /// `[batch, channels, height, width]`
    Picture(Tensor<4>),
    /// What a text's network gets.
    Tokens(Tokens),
    /// What an embedding makes of it.
    Rows(Rows),
}

/// Tokens of a batch; to layers that take numbers, each is a one-hot vector.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// `[batch · time]`
    pub ids: Vec<u32>,
    pub time: usize,
    /// Tokens of each example, where some are shorter than `time` and filled up; none where all are as long.
    pub lengths: Option<Arc<[usize]>>,
    /// Where each example's answer begins, of questions that are answered.
    pub borders: Option<Arc<[usize]>>,
    pub vocabulary: usize,
    pub device: Device,
}

/// Rows of an embedding's table by their tokens, not fetched yet: a recurrent layer may rather weigh the whole table.
#[derive(Clone, Debug)]
pub struct Rows {
    /// `[vocabulary · width]`
    pub table: Tensor<1>,
    pub width: usize,
    pub tokens: Tokens,
}

/// The same operation on a value of any rank: `pointwise!(value, x => relu(x))`.
macro_rules! pointwise {
    ($value:expr, $x:ident => $result:expr) => {
        match $value {
            Value::Flat($x) => Value::Flat($result),
            Value::Sequence($x) => Value::Sequence($result),
            Value::Picture($x) => Value::Picture($result),
            unread @ (Value::Tokens(_) | Value::Rows(_)) => {
                let $x = unread.sequence();
                Value::Sequence($result)
            }
        }
    };
}
pub(super) use pointwise;

impl From<Tensor<4>> for Value {
    fn from(pictures: Tensor<4>) -> Self {
        Self::Picture(pictures)
    }
}

impl Value {
    /// Examples of this shape one after the other.
    pub fn of(values: Vec<f32>, shape: &[usize], device: &Device) -> Self {
        let count = values.len() / shape.iter().product::<usize>().max(1);
        match *shape {
            [channels, height, width] => {
                let shape = [count, channels, height, width];
                Self::Picture(tensor(values, shape, device))
            }
            [time, features] => {
                let shape = [count, time, features];
                Self::Sequence(tensor(values, shape, device))
            }
            _ => {
                let shape = [count, values.len() / count.max(1)];
                Self::Flat(tensor(values, shape, device))
            }
        }
    }

    /// `[batch, channels, height, width]`; a flat batch is a picture of one pixel, which `describe` never asks for.
    pub fn picture(self) -> Tensor<4> {
        match self {
            Self::Picture(x) => x,
            Self::Sequence(x) => x.unsqueeze_dim(1),
            Self::Tokens(tokens) => tokens.one_hot().unsqueeze_dim(1),
            Self::Rows(rows) => rows.fetched().unsqueeze_dim(1),
            Self::Flat(x) => x.unsqueeze_dims(&[2, 3]),
        }
    }

    /// `[batch, features]`: each example's numbers in a row.
    pub fn flat(self) -> Tensor<2> {
        match self {
            Self::Picture(x) => x.flatten(1, 3),
            Self::Sequence(x) => x.flatten(1, 2),
            Self::Flat(x) => x,
            Self::Tokens(tokens) => tokens.one_hot().flatten(1, 2),
            Self::Rows(rows) => rows.fetched().flatten(1, 2),
        }
    }

    /// `[batch, time, features]`; anything else is one step.
    pub fn sequence(self) -> Tensor<3> {
        match self {
            Self::Sequence(x) => x,
            Self::Tokens(tokens) => tokens.one_hot(),
            Self::Rows(rows) => rows.fetched(),
            other => other.flat().unsqueeze_dim(1),
        }
    }

    /// Of `[batch, time, features]` these of all `[batch · time]` steps, each an example of one.
    pub fn steps(self, steps: Vec<u32>) -> Self {
        let values = self.sequence();
        let features = values.dims()[2];
        let values = values.reshape([-1]);
        Self::Sequence(sequence_ext::embedding(values, steps, features).unsqueeze_dim(1))
    }
}

impl Tokens {
    /// Of one example.
    pub fn one(ids: Vec<u32>, vocabulary: usize, device: &Device) -> Self {
        Self { time: ids.len(), ids, lengths: None, borders: None, vocabulary, device: device.clone() }
    }

    /// The same, with answers that begin where this token first stands.
    pub fn asked_by(mut self, token: Option<u32>) -> Self {
        let border = |ids: &[u32]| ids.iter().position(|id| Some(*id) == token).unwrap_or(ids.len());
        self.borders = token.map(|_| self.ids.chunks(self.time.max(1)).map(border).collect());
        self
    }

    /// `[batch, time, vocabulary]`
    fn one_hot(self) -> Tensor<3> {
        let Self { ids, time, vocabulary, device, .. } = self;
        let batch = ids.len() / time.max(1);
        let mut values = vec![0.0_f32; ids.len() * vocabulary];
        values.chunks_exact_mut(vocabulary).zip(ids).for_each(|(row, id)| row[id as usize] = 1.0);
        tensor(values, [batch, time, vocabulary], &device)
    }
}

impl Rows {
    /// `[batch, time, width]`
    pub fn fetched(self) -> Tensor<3> {
        let Self { table, width, tokens } = self;
        let time = tokens.time.max(1);
        let batch = tokens.ids.len() / time;
        sequence_ext::embedding(table, tokens.ids, width).reshape([batch, time, width])
    }
}
