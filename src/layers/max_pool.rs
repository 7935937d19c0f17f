//! Max pooling: the largest of each 2 × 2 window, stride 2; an odd last row or column is dropped.

use super::LayerSpec;
use super::kind::{Expected, LayerKind, picture};
use super::page::{BurnLine, Explain, LayerPage, Sentence, View};
use super::working::ReceptiveField;

pub static KIND: LayerKind = LayerKind {
    word: "pool",
    title: "Max pooling",
    heading: "Max pooling 2 × 2",
    output: |_, input| halved(input),
    ..LayerKind::POINTWISE
};

pub fn max_pool() -> LayerSpec {
    LayerSpec::of(&KIND, &[])
}

/// Half of the height and width.
pub fn halved(input: &[usize]) -> Result<Vec<usize>, Expected> {
    let [channels, height, width] = picture(input)?;
    if height < 2 || width < 2 { Err(Expected::TwoByTwo) } else { Ok(vec![channels, height / 2, width / 2]) }
}

/// Windows of 2 × 2.
pub fn windows(view: &View) -> ReceptiveField {
    view.field.through(view.before, view.field.map, |at| 2 * at as isize..2 * at as isize + 2)
}

pub static PAGE: LayerPage = LayerPage {
    about: |_, _| Sentence::plain("Keeps the largest number of each 2 × 2 window. Nothing to learn"),
    explain: Explain::Steps(|_, working| vec![working.window(true, [2, 2])]),
    sees: |_, view| windows(view),
    in_torch: |_| "nn.MaxPool2d(2)".into(),
    in_keras: |_| "layers.MaxPooling2D(2)(x)".into(),
    in_burn: |_| BurnLine::Step("max_pool2d(x, MaxPoolOptions::new([2, 2]).with_stride([2, 2]))".into()),
    ..LayerPage::POINTWISE
};
