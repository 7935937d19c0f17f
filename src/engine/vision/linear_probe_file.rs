//! The visitor's own classifier as a file: safetensors with its labels, and with what must be done to a picture
//! before it, in the metadata.

use super::linear_probe::Head;
use crate::pretrained::Pretrained;
use crate::protocol::{Failure, FailureKind};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use std::collections::HashMap;

/// The file's format, raised when it changes.
const VERSION: &str = "1";

pub fn save(head: &Head, labels: &[String], about: &Pretrained) -> Result<Vec<u8>, Failure> {
    let features = head.weight.len() / head.bias.len().max(1);
    let bytes = |values: &[f32]| values.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>();
    let (weight, bias) = (bytes(&head.weight), bytes(&head.bias));
    let view = |shape: Vec<usize>, data| TensorView::new(Dtype::F32, shape, data).map_err(unwritable);
    let tensors = [
        ("weight", view(vec![head.bias.len(), features], &weight)?),
        ("bias", view(vec![head.bias.len()], &bias)?),
    ];
    let input = about.input;
    let preprocessing = format!(
        "short side to {} (bicubic, antialiased), middle {} x {}, (byte - {}) / {}",
        input.resize, input.side, input.side, input.mean, input.scale
    );
    let metadata = HashMap::from([
        ("intab_head".to_string(), VERSION.to_string()),
        ("network".into(), about.id.into()),
        ("features".into(), "the mean of every channel of its last map".into()),
        ("preprocessing".into(), preprocessing),
        ("labels".into(), serde_json::to_string(labels).map_err(unwritable)?),
    ]);
    safetensors::serialize(tensors, Some(metadata)).map_err(unwritable)
}

/// The head in the file, and its labels.
pub fn load(bytes: &[u8]) -> Result<(Head, Vec<String>), Failure> {
    let not_whole = |_| unreadable("it is not a whole safetensors file");
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(not_whole)?;
    let file = SafeTensors::deserialize(bytes).map_err(not_whole)?;
    let text = |name: &str| header.metadata().as_ref().and_then(|m| m.get(name)).map(String::as_str);
    if text("intab_head") != Some(VERSION) {
        return Err(unreadable("it was not saved by this page"));
    }
    let about = text("network")
        .and_then(Pretrained::by_id)
        .ok_or_else(|| unreadable("it is for a network that this page does not have"))?;
    let labels: Vec<String> = text("labels")
        .and_then(|labels| serde_json::from_str(labels).ok())
        .ok_or_else(|| unreadable("it has no labels"))?;
    if labels.is_empty() || labels.len() > usize::from(u8::MAX) {
        return Err(unreadable("it has no classes, or more than can be told apart here"));
    }
    let features = (about.layers)().last().map_or(0, |layer| layer.from[0]);
    let read = |name: &str, shape: &[usize]| -> Result<Vec<f32>, Failure> {
        let view = file.tensor(name).map_err(|_| unreadable("it has no weights"))?;
        if view.shape() != shape || view.dtype() != Dtype::F32 {
            return Err(unreadable("its weights have another shape"));
        }
        let values: Vec<f32> =
            view.data().chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        let numbers = values.iter().all(|value| value.is_finite());
        numbers.then_some(values).ok_or_else(|| unreadable("it holds something that is not a number"))
    };
    let classes = labels.len();
    let weight = read("weight", &[classes, features])?;
    let bias = read("bias", &[classes])?;
    Ok((Head { network: about.id, weight, bias }, labels))
}

fn unwritable(error: impl std::fmt::Display) -> Failure {
    crate::platform::log(&format!("head: {error}"));
    Failure::new(FailureKind::Input, "The classifier could not be written to a file.", "Try again.")
}

fn unreadable(why: &str) -> Failure {
    Failure::new(
        FailureKind::Input,
        format!("This classifier cannot be used: {why}."),
        "Choose a .safetensors file that was exported on this page.",
    )
}
