//! A class token (Devlin et al. 2019; Dosovitskiy et al. 2020): a learned row of numbers is put in front of all tokens, to
//! collect from them what the answer needs. `[time, width]` → `[time + 1, width]`.

use super::LayerSpec;
use super::kind::{Init, LayerKind, ParamSpec, channels, sequence};
use super::page::{BurnLine, Explain, LayerPage, Sentence};
use super::working::{Operand, ReceptiveField, passed};

/// The deviation of the fresh row, in thousandths.
const DEVIATION: usize = 20;

pub static KIND: LayerKind = LayerKind {
    word: "classtoken",
    title: "Class token",
    output: |_, input| {
        let [time, width] = sequence(input)?;
        Ok(vec![time + 1, width])
    },
    parameters: |_, input| {
        let init = Init::Normal { thousandths: DEVIATION };
        vec![ParamSpec { name: "weight", shape: vec![channels(input)], init, trained: true }]
    },
    ..LayerKind::POINTWISE
};

pub fn class_token() -> LayerSpec {
    LayerSpec::of(&KIND, &[])
}

pub static PAGE: LayerPage = LayerPage {
    about: |_, input| Sentence {
        text: "Puts a token of its own in front, whose {0} numbers are learned: {0} parameters",
        values: vec![channels(input)],
    },
    explain: Explain::Steps(|_, working| {
        let place = working.place;
        let learned = (working.weights)("weight").first().map_or(f64::NAN, |number| f64::from(*number));
        vec![passed(match place.row.checked_sub(1) {
            Some(before) => working.at(place.map, before, 0),
            None => Operand { from: None, x: learned },
        })]
    }),
    sees: |_, view| ReceptiveField::whole(view.before, None),
    in_torch: |line| format!("ClassToken({})", line.channels()),
    in_keras: |line| format!("ClassToken(name=\"{}\")(x)", line.index),
    in_burn: |line| BurnLine::Field {
        kind: "ClassToken",
        init: format!("ClassToken::new({}, device)", line.channels()),
        weights: &[],
    },
    definitions: [TORCH, KERAS, BURN],
};

const TORCH: &str = "
class ClassToken(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(0.02 * torch.randn(width))

    def forward(self, x):
        return torch.cat([self.weight.expand(x.shape[0], 1, -1), x], dim=1)


";

const KERAS: &str = "
class ClassToken(layers.Layer):
    def build(self, shape):
        self.parts = {\"weight\": self.add_weight(shape=(shape[-1],), initializer=drawn(0.02))}

    def call(self, x):
        front = keras.ops.zeros_like(x[:, :1]) + self.parts[\"weight\"]
        return keras.ops.concatenate([front, x], axis=1)


";

const BURN: &str = "#[derive(Module, Debug)]
struct ClassToken {
    weight: burn::module::Param<Tensor<1>>,
}

impl ClassToken {
    fn new(width: usize, device: &Device) -> Self {
        Self { weight: drawn(0.02).init([width], device) }
    }

    fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let [batch, _, width] = x.dims();
        let front = self.weight.val().reshape([1, 1, width]).expand([batch, 1, width]);
        Tensor::cat(vec![front, x], 1)
    }
}

";
