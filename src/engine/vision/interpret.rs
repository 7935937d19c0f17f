//! What can be asked of a picture: what is in it, where the network looked, what its layers make of it.

use super::network::Classifier;
use super::{preprocess, refuse};
use crate::engine::inspect::plane;
use crate::engine::platform_now;
use crate::engine::tasks::softmax;
use crate::protocol::vision::{Area, Classified, Milliseconds, Named, Photo};
use crate::protocol::{Failure, FeatureMaps};
use serde_bytes::ByteBuf;

/// Answers that are told, and mapped.
const TOP: usize = 5;

/// What a covered place is filled with: the network's own zero, a middle grey.
const GREY: u8 = 127;

pub async fn classify(classifier: &mut Classifier, photo: &Photo) -> Result<Classified, Failure> {
    let prepared = preprocess::read(photo, classifier.about.input).await?;
    let began = platform_now();
    let last_map = classifier.last_map();
    let mut map = Vec::new();
    let logits = classifier.run(&prepared.input, |index, values| {
        if index == last_map {
            map = values.to_vec();
        }
    });
    let network = (platform_now() - began) * 1000.0;
    let probabilities = softmax(&logits);
    let mut order: Vec<usize> = (0..probabilities.len()).collect();
    order.sort_by(|&a, &b| probabilities[b].total_cmp(&probabilities[a]));
    order.truncate(TOP);
    let heat = order.iter().map(|&class| heat(classifier, class, &map)).collect();
    let name = |class: usize| classifier.labels.get(class).cloned().unwrap_or_else(|| class.to_string());
    let top = order
        .iter()
        .map(|&class| Named { class: class as u16, name: name(class), probability: probabilities[class] })
        .collect();
    Ok(Classified {
        input: ByteBuf::from(prepared.input),
        size: prepared.size,
        top,
        heat,
        heat_side: classifier.layers()[last_map].to[1] as u32,
        logits,
        milliseconds: Milliseconds { decode: prepared.decode, prepare: prepared.prepare, network },
    })
}

/// What every place adds to the class's logit; all places together, and the bias, are the logit.
fn heat(classifier: &Classifier, class: usize, map: &[f32]) -> Vec<f32> {
    let weights = classifier.class_weights(class);
    let places = map.len() / weights.len().max(1);
    let dot = |place: &[f32]| place.iter().zip(&weights).map(|(x, w)| x * w).sum::<f32>() / places as f32;
    map.chunks_exact(weights.len().max(1)).map(dot).collect()
}

/// `[boxes × classes]` probabilities.
pub fn occlude(
    classifier: &mut Classifier,
    input: &[u8],
    boxes: &[Area],
    classes: &[u16],
) -> Result<Vec<f32>, Failure> {
    let side = whole(classifier, input)?;
    let mut found = Vec::with_capacity(boxes.len() * classes.len());
    for area in boxes {
        let mut covered = input.to_vec();
        let end = |from: u16, length: u16| (usize::from(from) + usize::from(length)).min(side);
        for y in usize::from(area.top)..end(area.top, area.height) {
            let (left, right) = (usize::from(area.left).min(side), end(area.left, area.width));
            covered[(y * side + left) * 3..(y * side + right.max(left)) * 3].fill(GREY);
        }
        let probabilities = softmax(&classifier.run(&covered, |_, _| ()));
        found.extend(classes.iter().map(|&c| probabilities.get(usize::from(c)).copied().unwrap_or(0.0)));
    }
    Ok(found)
}

/// The maps of one layer.
pub fn inside(classifier: &mut Classifier, input: &[u8], layer: usize) -> Result<FeatureMaps, Failure> {
    whole(classifier, input)?;
    let Some(about) = classifier.layers().get(layer).cloned() else {
        return Err(refuse("The network has no such layer.", "Choose another."));
    };
    let [channels, height, width] = about.to;
    let mut values = Vec::new();
    classifier.run(input, |index, output| {
        if index == layer {
            // Channel by channel, as pictures are drawn.
            values = (0..channels).flat_map(|c| output.iter().skip(c).step_by(channels)).copied().collect();
        }
    });
    let shape = if height * width > 1 { vec![channels, height, width] } else { vec![channels] };
    Ok(plane(&values, &shape))
}

/// The side of a picture that is what the network takes.
fn whole(classifier: &Classifier, input: &[u8]) -> Result<usize, Failure> {
    let side = classifier.about.input.side;
    if input.len() != side * side * 3 {
        return Err(refuse(
            "This picture has another size than the network takes.",
            "Choose another picture.",
        ));
    }
    Ok(side)
}
