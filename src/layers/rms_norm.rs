//! RMS normalisation (Zhang & Sennrich 2019): the numbers of an example, or of each step of a sequence, are divided by their
//! root mean square, then each feature is multiplied by what it learns.

use super::LayerSpec;
use super::kind::{Expected, Init, LayerKind, ParamSpec, channels};
use super::page::{BurnLine, Explain, LayerPage, Sentence};
use super::working::{ReceptiveField, Step};

pub static KIND: LayerKind = LayerKind {
    word: "rmsnorm",
    title: "RMS normalisation",
    output: |_, input| if input.len() == 3 { Err(Expected::List) } else { Ok(input.to_vec()) },
    parameters: |_, input| {
        vec![ParamSpec { name: "weight", shape: vec![channels(input)], init: Init::One, trained: true }]
    },
    multiply_adds: |_, input| input.iter().product(),
    ..LayerKind::POINTWISE
};

pub fn rms_norm() -> LayerSpec {
    LayerSpec::of(&KIND, &[])
}

pub static PAGE: LayerPage = LayerPage {
    about: |_, input| Sentence {
        text: "Divides the numbers of each step by their root mean square, then multiplies each of {0} features by what it learns: {0} parameters",
        values: vec![channels(input)],
    },
    explain: Explain::Steps(|_, working| {
        let all = working.input.values.iter().map(|x| f64::from(*x).powi(2));
        let square = all.sum::<f64>() / working.input.values.len() as f64;
        let weight = (working.weights)("weight").first().map_or(f64::NAN, |weight| f64::from(*weight));
        // No mean is taken away, and nothing is added.
        vec![Step::normalised(working.same(), [0.0, square], [weight, 0.0], false)]
    }),
    sees: |_, view| ReceptiveField::whole(view.before, None),
    in_torch: |line| format!("RmsNorm({})", line.channels()),
    in_keras: |line| format!("layers.RMSNormalization(epsilon=1e-5, name=\"{}\")(x)", line.index),
    in_burn: |line| BurnLine::Field {
        kind: "nn::RmsNorm",
        init: format!("nn::RmsNormConfig::new({}).with_epsilon(1e-5).init(device)", line.channels()),
        weights: &[],
    },
    definitions: [TORCH, "", ""],
};

/// PyTorch has one of its own only since 2.4.
const TORCH: &str = "
class RmsNorm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return x * (x.square().mean(-1, keepdim=True) + 1e-5).rsqrt() * self.weight


";
