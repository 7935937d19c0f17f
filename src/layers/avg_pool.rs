//! Average pooling: the mean of each 2 × 2 window, stride 2; an odd last row or column is dropped.

use super::LayerSpec;
use super::kind::LayerKind;
use super::max_pool::{halved, windows};
use super::page::{BurnLine, Explain, LayerPage, Sentence};

pub static KIND: LayerKind = LayerKind {
    word: "avgpool",
    title: "Average pooling",
    heading: "Average pooling 2 × 2",
    output: |_, input| halved(input),
    ..LayerKind::POINTWISE
};

pub fn avg_pool() -> LayerSpec {
    LayerSpec::of(&KIND, &[])
}

pub static PAGE: LayerPage = LayerPage {
    about: |_, _| Sentence::plain("Keeps the mean of each 2 × 2 window. Nothing to learn"),
    explain: Explain::Steps(|_, working| vec![working.window(false, [2, 2])]),
    sees: |_, view| windows(view),
    in_torch: |_| "nn.AvgPool2d(2)".into(),
    in_keras: |_| "layers.AveragePooling2D(2)(x)".into(),
    in_burn: |_| BurnLine::Step("avg_pool2d(x, AvgPoolOptions::new([2, 2]).with_stride([2, 2]))".into()),
    ..LayerPage::POINTWISE
};
