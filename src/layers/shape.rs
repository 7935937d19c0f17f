//! What a layer makes of a shape, what that costs, and why it may not fit.

use super::{
    Expected, LayerInfo, LayerSpec, ParamSpec, Shape, block, cell, embedding, format_shape, patches,
};
use std::fmt;

/// Why a layer does not fit behind the one before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShapeError {
    /// Counted from 1.
    pub layer: usize,
    /// The layer's title.
    pub title: String,
    pub takes: Expected,
    pub got: Shape,
}

impl ShapeError {
    /// Of patches that do not fill the picture, the sides that would: “1, 2, 4, 7”.
    pub fn sides(&self) -> String {
        let &[.., height, width] = &self.got[..] else { return String::new() };
        patches::sides([height, width]).map(|side| side.to_string()).collect::<Vec<_>>().join(", ")
    }
}

impl fmt::Display for ShapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { layer, title, got, .. } = self;
        let what = match got[..] {
            [_] => "a list",
            [_, _] => "a sequence",
            _ => "a picture",
        };
        let is_sequence = got.len() == 2;
        let got = format_shape(got);
        match self.takes {
            Expected::List => {
                let before = if is_sequence { "Last step or Flatten" } else { "Flatten" };
                write!(f, "layer {layer}: {title} takes a list of numbers, but gets {what} of {got}")?;
                write!(f, "; put {before} before it")
            }
            Expected::Picture => {
                write!(f, "layer {layer}: {title} takes a picture, but gets {what} of {got}")
            }
            Expected::Sequence => {
                write!(f, "layer {layer}: {title} takes a sequence, but gets {what} of {got}")
            }
            Expected::Tokens => {
                write!(f, "layer {layer}: {title} takes tokens, which only the first layer gets")
            }
            Expected::TwoByTwo => {
                write!(f, "layer {layer}: {title} needs at least 2 × 2 pixels, but gets {got}")
            }
            Expected::Shared(count) => {
                write!(
                    f,
                    "layer {layer}: {title} shares out the numbers of each step evenly, but gets {got}"
                )?;
                write!(f, "; take a width that {count} divides")
            }
            Expected::Divided(_) => {
                write!(f, "layer {layer}: {title} leave something of a picture of {got} over")?;
                write!(f, "; a patch can have {} pixels each way", self.sides())
            }
            Expected::Larger => write!(f, "layer {layer}: {title} leaves nothing of {got}"),
        }
    }
}

/// Why what a network gives is not what is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerError {
    /// One answer for the whole sequence, where every step is asked for.
    OneForAll,
    /// An answer at every step, where one is asked for.
    OneForEach,
    /// A layer reads in both directions, and what is asked for is among what it reads.
    Foreseen,
    /// A layer tells a question from its answer, and the data have none.
    NoQuestion,
}

impl fmt::Display for AnswerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OneForAll => {
                "this network gives one answer for the whole sequence, but every step is asked for; leave out Last step and Flatten"
            }
            Self::OneForEach => {
                "this network gives an answer at every step, but one for the whole sequence is asked for; put Last step or Flatten before the last layer"
            }
            Self::Foreseen => {
                "a layer that reads in both directions would see what is asked for, the tokens to come; let it read from the beginning only"
            }
            Self::NoQuestion => {
                "encoder and decoder blocks take questions that have answers, and this data has none; take Transformer blocks"
            }
        })
    }
}

/// Whether the last layer gives what is asked for: `[time, outputs]` at `every_step` of a sequence, else `[outputs]`.
pub fn check_answer(infos: &[LayerInfo], every_step: bool) -> Result<(), AnswerError> {
    match (infos.last().map(|last| last.output.len()), every_step) {
        (Some(1), true) => Err(AnswerError::OneForAll),
        (Some(2), false) => Err(AnswerError::OneForEach),
        _ => Ok(()),
    }
}

/// Whether the layers may read what they do: in both directions only where nothing of what is asked for `is_read`, and
/// questions apart from answers only where there are such.
pub fn check_directions(infos: &[LayerInfo], is_read: bool, has_questions: bool) -> Result<(), AnswerError> {
    let any = |of: fn(LayerSpec) -> bool| infos.iter().any(|info| of(info.layer));
    if is_read && any(cell::is_both) {
        return Err(AnswerError::Foreseen);
    }
    match !has_questions && any(block::tells_parts_apart) {
        true => Err(AnswerError::NoQuestion),
        false => Ok(()),
    }
}

impl LayerSpec {
    /// The layer's output for an input of `input` shape, or what it would need.
    fn info(self, input: &[usize]) -> Result<LayerInfo, Expected> {
        let output = (self.kind().output)(self, input)?;
        let parameters = self.parameters(input).iter().filter(|p| p.trained).map(ParamSpec::len).sum();
        Ok(LayerInfo {
            layer: self,
            output,
            parameters,
            multiply_adds: (self.kind().multiply_adds)(self, input),
        })
    }
}

/// Every layer's output shape and parameter count for inputs of `input` shape.
pub fn describe(layers: &[LayerSpec], input: &[usize]) -> Result<Vec<LayerInfo>, ShapeError> {
    match describe_until(layers, input) {
        (infos, None) => Ok(infos),
        (_, Some(misfit)) => Err(misfit),
    }
}

/// The same up to the first layer that does not fit.
pub fn describe_until(layers: &[LayerSpec], input: &[usize]) -> (Vec<LayerInfo>, Option<ShapeError>) {
    let mut shape = input.to_vec();
    let mut infos = Vec::with_capacity(layers.len());
    for (index, layer) in layers.iter().enumerate() {
        // Behind another layer, there are numbers.
        let misplaced = index > 0 && layer.is(&embedding::KIND);
        match if misplaced { Err(Expected::Tokens) } else { layer.info(&shape) } {
            Ok(info) => {
                shape.clone_from(&info.output);
                infos.push(info);
            }
            Err(takes) => {
                let misfit = ShapeError { layer: index + 1, title: layer.title(), takes, got: shape };
                return (infos, Some(misfit));
            }
        }
    }
    (infos, None)
}
