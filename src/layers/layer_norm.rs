//! Layer normalisation (Ba, Kiros & Hinton 2016): every example's numbers, or those of each step of a sequence, to mean 0
//! and variance 1, then each feature or channel times γ plus β. No other example matters, so it is the same in training and
//! in use.

use super::LayerSpec;
use super::kind::{Init, LayerKind, ParamSpec, channels, zeros};
use super::page::{BurnLine, Explain, LayerPage, Sentence};
use super::working::{ReceptiveField, Step};

pub static KIND: LayerKind = LayerKind {
    word: "layernorm",
    title: "Layer normalisation",
    parameters: |_, input| {
        let weight =
            ParamSpec { name: "weight", shape: vec![channels(input)], init: Init::One, trained: true };
        vec![zeros("bias", channels(input)), weight]
    },
    multiply_adds: |_, input| input.iter().product(),
    ..LayerKind::POINTWISE
};

pub fn layer_norm() -> LayerSpec {
    LayerSpec::of(&KIND, &[])
}

pub static PAGE: LayerPage = LayerPage {
    about: |_, input| Sentence {
        text: "Shifts and scales all numbers of an example to mean 0 and variance 1, then each of {0} features by what it learns: {0} × 2 = {1} parameters",
        values: vec![channels(input), 2 * channels(input)],
    },
    explain: Explain::Steps(|_, working| {
        let all: Vec<f64> = match working.input.shape {
            // Of a sequence, those of the same step.
            [features, time, 1] if time > 1 => {
                (0..features).map(|map| working.at(map, working.place.row, 0).x).collect()
            }
            _ => working.input.values.iter().map(|x| f64::from(*x)).collect(),
        };
        let mean = all.iter().sum::<f64>() / all.len() as f64;
        let variance = all.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / all.len() as f64;
        let learned = ["weight", "bias"]
            .map(|name| (working.weights)(name).first().map_or(f64::NAN, |number| f64::from(*number)));
        vec![Step::normalised(working.same(), [mean, variance], learned, false)]
    }),
    sees: |_, view| ReceptiveField::whole(view.before, None),
    in_torch: |line| match line.is_picture() {
        true => format!("nn.GroupNorm(1, {})", line.channels()),
        false => format!("nn.LayerNorm({})", line.channels()),
    },
    in_keras: |line| match line.is_picture() {
        true => format!("layers.GroupNormalization(groups=1, epsilon=1e-5, name=\"{}\")(x)", line.index),
        false => format!("layers.LayerNormalization(epsilon=1e-5, name=\"{}\")(x)", line.index),
    },
    in_burn: |line| match line.is_picture() {
        true => BurnLine::Field {
            kind: "nn::GroupNorm",
            init: format!("nn::GroupNormConfig::new(1, {}).init(device)", line.channels()),
            weights: &[],
        },
        false => BurnLine::Field {
            kind: "nn::LayerNorm",
            init: format!("nn::LayerNormConfig::new({}).init(device)", line.channels()),
            weights: &[],
        },
    },
    ..LayerPage::POINTWISE
};
