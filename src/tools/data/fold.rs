//! From the tensors of a published file to the weights of our layers: names, shapes, and batch normalisation folded
//! into the convolution before it.

use super::legacy_pth::Tensor;
use crate::pretrained::{Layer, Pretrained};
use crate::tools::Result;
use std::collections::{BTreeMap, BTreeSet};

/// What the publishers added to the variance; their file does not say it.
const EPSILON: f64 = 1e-3;

/// Counts of training steps, which computing does not need.
const IGNORED: &str = ".num_batches_tracked";

/// One of our tensors.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    pub name: String,
    pub shape: Vec<usize>,
    pub values: Vec<f32>,
}

/// The weight and the bias of every layer that has them, in the order of the layers. Everything in the file must be
/// of use.
pub fn fold(network: &Pretrained, file: &BTreeMap<String, Tensor>) -> Result<Vec<Weights>> {
    let mut reader = Reader { file, used: BTreeSet::new() };
    let mut folded = Vec::new();
    for layer in (network.layers)() {
        if let Some(shape) = layer.weight() {
            folded.extend(reader.layer(&layer, shape)?);
        }
    }
    let unused = file.keys().find(|name| !reader.used.contains(*name) && !name.ends_with(IGNORED));
    match unused {
        Some(name) => Err(format!("its tensor {name} belongs to no layer")),
        None => Ok(folded),
    }
}

/// What the file calls a layer's weights and the normalisation after them: the names of EfficientNet-PyTorch.
fn names(layer: &str) -> Option<(String, Option<String>)> {
    let (path, name) = layer.rsplit_once('.').unwrap_or(("", layer));
    let (weight, norm) = match name {
        "stem" => ("_conv_stem", "_bn0"),
        "expand" => ("_expand_conv", "_bn0"),
        "depthwise" => ("_depthwise_conv", "_bn1"),
        "project" => ("_project_conv", "_bn2"),
        "head" => ("_conv_head", "_bn1"),
        "classifier" => return Some(("_fc".into(), None)),
        _ => return None,
    };
    let full = |name| if path.is_empty() { String::from(name) } else { format!("_{path}.{name}") };
    Some((full(weight), Some(full(norm))))
}

struct Reader<'a> {
    file: &'a BTreeMap<String, Tensor<'a>>,
    used: BTreeSet<String>,
}

impl Reader<'_> {
    fn layer(&mut self, layer: &Layer, shape: Vec<usize>) -> Result<[Weights; 2]> {
        let (source, norm) =
            names(&layer.name).ok_or_else(|| format!("no file names a layer “{}”", layer.name))?;
        let filters = shape[0];
        let mut weight = self.read(&format!("{source}.weight"), &shape)?;
        let bias = match norm {
            Some(norm) => self.normalise(&mut weight, &norm, filters)?,
            None => self.read(&format!("{source}.bias"), &[filters])?,
        };
        if weight.iter().chain(&bias).any(|value| !value.is_finite()) {
            return Err(format!("its layer {source} has values that are no numbers"));
        }
        let named = |end, shape, values| Weights { name: format!("{}.{end}", layer.name), shape, values };
        Ok([named("weight", shape, weight), named("bias", vec![filters], bias)])
    }

    /// Ioffe & Szegedy 2015: γ (x − μ) / √(σ² + ε) + β is a factor for each filter and a bias.
    fn normalise(&mut self, weight: &mut [f32], norm: &str, filters: usize) -> Result<Vec<f32>> {
        let mut read = |name| self.read(&format!("{norm}.{name}"), &[filters]);
        let (gamma, beta) = (read("weight")?, read("bias")?);
        let (mean, variance) = (read("running_mean")?, read("running_var")?);
        let mut bias = Vec::with_capacity(filters);
        for (filter, weights) in weight.chunks_mut(weight.len() / filters).enumerate() {
            let factor = f64::from(gamma[filter]) / (f64::from(variance[filter]) + EPSILON).sqrt();
            weights.iter_mut().for_each(|value| *value = (f64::from(*value) * factor) as f32);
            bias.push((f64::from(beta[filter]) - f64::from(mean[filter]) * factor) as f32);
        }
        Ok(bias)
    }

    fn read(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        let tensor = self.file.get(name).ok_or_else(|| format!("it has no tensor {name}"))?;
        if tensor.shape != shape {
            return Err(format!("its tensor {name} is {:?} where {shape:?} was expected", tensor.shape));
        }
        self.used.insert(name.into());
        tensor.values().ok_or_else(|| format!("its tensor {name} holds no fractions"))
    }
}
