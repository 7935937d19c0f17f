//! Positions: every place of a sequence has a row of numbers, which is learned and added (Gehring et al. 2017; so do BERT
//! and GPT-2). `[time, width]` → the same. Attention by itself does not know in which order its tokens stand.

use super::LayerSpec;
use super::kind::{Init, LayerKind, ParamSpec, sequence};
use super::page::{BurnLine, Explain, LayerPage, Sentence};
use super::working::ReceptiveField;

/// The deviation of fresh rows, in thousandths: as an embedding's, so that neither drowns the other.
const DEVIATION: usize = 300;

pub static KIND: LayerKind = LayerKind {
    word: "positions",
    title: "Learned positions",
    output: |_, input| sequence(input).map(Vec::from),
    parameters: |_, input| {
        let init = Init::Normal { thousandths: DEVIATION };
        vec![ParamSpec { name: "weight", shape: input.to_vec(), init, trained: true }]
    },
    ..LayerKind::POINTWISE
};

pub fn positions() -> LayerSpec {
    LayerSpec::of(&KIND, &[])
}

pub static PAGE: LayerPage = LayerPage {
    about: |_, input| Sentence {
        text: "Adds a row of {1} numbers of its own to each place, and learns the rows: {0} places × {1} = {2} parameters",
        values: vec![input[0], input[1], input.iter().product()],
    },
    explain: Explain::Steps(|_, _| Vec::new()),
    sees: |_, view| ReceptiveField::whole(view.before, None),
    in_torch: |line| format!("Positions({}, {})", line.input[0], line.channels()),
    in_keras: |line| format!("Positions({}, name=\"{}\", **rows)(x)", line.input[0], line.index),
    in_burn: |line| BurnLine::Field {
        kind: "Positions",
        init: format!("Positions::new({}, {}, device)", line.input[0], line.channels()),
        weights: &["weight"],
    },
    definitions: [TORCH, KERAS, BURN],
};

const TORCH: &str = "
class Positions(nn.Module):
    def __init__(self, time, width):
        super().__init__()
        self.weight = nn.Parameter(0.3 * torch.randn(time, width))

    def forward(self, x):
        return x + self.weight[: x.shape[1]]


";

const KERAS: &str = "
class Positions(layers.Layer):
    def __init__(self, time, embeddings_initializer, embeddings_regularizer=None, **named):
        super().__init__(**named)
        self.time, self.begins, self.penalty = time, embeddings_initializer, embeddings_regularizer

    def build(self, shape):
        weight = self.add_weight(shape=(self.time, shape[-1]), initializer=self.begins, regularizer=self.penalty)
        self.parts = {\"weight\": weight}

    def call(self, x):
        return x + self.parts[\"weight\"][: keras.ops.shape(x)[1]]

    def compute_output_spec(self, x):
        return keras.KerasTensor(x.shape, x.dtype)


";

const BURN: &str = "#[derive(Module, Debug)]
struct Positions {
    weight: burn::module::Param<Tensor<2>>,
}

impl Positions {
    fn new(time: usize, width: usize, device: &Device) -> Self {
        Self { weight: rows_start().init([time, width], device) }
    }

    fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let [_, time, width] = x.dims();
        x + self.weight.val().narrow(0, 0, time).reshape([1, time, width])
    }
}

";
