//! Sinusoidal positions (Vaswani et al. 2017, section 3.5): waves of many lengths, added. `[time, width]` → the same.

use super::LayerSpec;
use super::kind::{LayerKind, sequence};
use super::page::{BurnLine, Explain, LayerPage, Sentence};
use super::working::ReceptiveField;

pub static KIND: LayerKind = LayerKind {
    word: "sinusoidal",
    title: "Sinusoidal positions",
    output: |_, input| sequence(input).map(Vec::from),
    ..LayerKind::POINTWISE
};

pub fn sinusoidal() -> LayerSpec {
    LayerSpec::of(&KIND, &[])
}

/// PE(t, 2i) = sin(t / 10000^(2i / width)), PE(t, 2i + 1) = cos of the same; `[time, width]`
pub fn encoding(time: usize, width: usize) -> Vec<f32> {
    let of = |at: usize| {
        let (place, feature) = ((at / width) as f64, at % width);
        let angle = place / 10_000_f64.powf((feature - feature % 2) as f64 / width as f64);
        (if feature.is_multiple_of(2) { angle.sin() } else { angle.cos() }) as f32
    };
    (0..time * width).map(of).collect()
}

pub static PAGE: LayerPage = LayerPage {
    about: |_, input| Sentence {
        text: "Adds {1} waves to each of {0} places, from a short one to a very long one: no two places get the same numbers. Nothing to learn",
        values: input.to_vec(),
    },
    explain: Explain::Steps(|_, _| Vec::new()),
    sees: |_, view| ReceptiveField::whole(view.before, None),
    in_torch: |_| "Sinusoidal()".into(),
    in_keras: |_| "Sinusoidal()(x)".into(),
    in_burn: |_| BurnLine::Step("sinusoidal(x)".into()),
    definitions: [TORCH, KERAS, BURN],
};

const TORCH: &str = "
class Sinusoidal(nn.Module):
    def forward(self, x):
        time, width = x.shape[1:]
        place = torch.arange(time, device=x.device)[:, None]
        angle = place / 10000 ** (torch.arange(0, width, 2, device=x.device) / width)
        waves = torch.stack([angle.sin(), angle.cos()], dim=-1).flatten(1)
        return x + waves[:, :width]


";

const KERAS: &str = "
class Sinusoidal(layers.Layer):
    def call(self, x):
        time, width = keras.ops.shape(x)[1], x.shape[-1]
        place = keras.ops.arange(time, dtype=\"float32\")[:, None]
        angle = place / 10000 ** (keras.ops.arange(0, width, 2, dtype=\"float32\") / width)
        waves = keras.ops.stack([keras.ops.sin(angle), keras.ops.cos(angle)], axis=-1)
        return x + keras.ops.reshape(waves, (time, 2 * waves.shape[1]))[:, :width]

    def compute_output_spec(self, x):
        return keras.KerasTensor(x.shape, x.dtype)


";

const BURN: &str = "fn sinusoidal(x: Tensor<3>) -> Tensor<3> {
    let [_, time, width] = x.dims();
    let of = |at: usize| {
        let (place, feature) = ((at / width) as f64, at % width);
        let angle = place / 10_000_f64.powf((feature - feature % 2) as f64 / width as f64);
        (if feature % 2 == 0 { angle.sin() } else { angle.cos() }) as f32
    };
    let waves: Vec<f32> = (0..time * width).map(of).collect();
    let device = x.device();
    x + Tensor::<3>::from_data(TensorData::new(waves, [1, time, width]), &device)
}

";
