//! A batch of values between two layers, of any rank.

use burn::tensor::{Device, Tensor, TensorData};

#[derive(Clone, Debug)]
pub enum Value {
    /// `[batch, features]`
    Flat(Tensor<2>),
    /// `[batch, time, features]`
    Sequence(Tensor<3>),
    /// `[batch, channels, height, width]`
    Picture(Tensor<4>),
    /// What a text's network gets.
    Tokens(Tokens),
}

/// Tokens of a batch; to layers that take numbers, each is a one-hot vector.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// `[batch · time]`
    pub ids: Vec<u32>,
    pub time: usize,
    pub vocabulary: usize,
    pub device: Device,
}

/// The same operation on a value of any rank: `pointwise!(value, x => relu(x))`.
macro_rules! pointwise {
    ($value:expr, $x:ident => $result:expr) => {
        match $value {
            Value::Flat($x) => Value::Flat($result),
            Value::Sequence($x) => Value::Sequence($result),
            Value::Picture($x) => Value::Picture($result),
            tokens @ Value::Tokens(_) => {
                let $x = tokens.sequence();
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
                Self::Picture(Tensor::from_data(TensorData::new(values, shape), device))
            }
            [time, features] => {
                let shape = [count, time, features];
                Self::Sequence(Tensor::from_data(TensorData::new(values, shape), device))
            }
            _ => {
                let shape = [count, values.len() / count.max(1)];
                Self::Flat(Tensor::from_data(TensorData::new(values, shape), device))
            }
        }
    }

    /// `[batch, channels, height, width]`; a flat batch is a picture of one pixel, which `describe` never asks for.
    pub fn picture(self) -> Tensor<4> {
        match self {
            Self::Picture(x) => x,
            Self::Sequence(x) => x.unsqueeze_dim(1),
            Self::Tokens(tokens) => tokens.one_hot().unsqueeze_dim(1),
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
        }
    }

    /// `[batch, time, features]`; anything else is one step.
    pub fn sequence(self) -> Tensor<3> {
        match self {
            Self::Sequence(x) => x,
            Self::Tokens(tokens) => tokens.one_hot(),
            other => other.flat().unsqueeze_dim(1),
        }
    }
}

impl Tokens {
    /// `[batch, time, vocabulary]`
    fn one_hot(self) -> Tensor<3> {
        let Self { ids, time, vocabulary, device } = self;
        let batch = ids.len() / time.max(1);
        let mut values = vec![0.0_f32; ids.len() * vocabulary];
        values.chunks_exact_mut(vocabulary).zip(ids).for_each(|(row, id)| row[id as usize] = 1.0);
        Tensor::from_data(TensorData::new(values, [batch, time, vocabulary]), &device)
    }
}
