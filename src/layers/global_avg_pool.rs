//! Global average pooling: `[channels, height, width]` → `[channels]`, the mean of each map.

use super::LayerSpec;
use super::kind::{LayerKind, picture};
use super::page::{BurnLine, Explain, LayerPage, Sentence};
use super::working::ReceptiveField;

pub static KIND: LayerKind = LayerKind {
    word: "globalpool",
    title: "Global average pooling",
    output: |_, input| Ok(vec![picture(input)?[0]]),
    ..LayerKind::POINTWISE
};

pub fn global_avg_pool() -> LayerSpec {
    LayerSpec::of(&KIND, &[])
}

pub static PAGE: LayerPage = LayerPage {
    about: |_, _| Sentence::plain("Keeps one number of each map: its mean. Nothing to learn"),
    explain: Explain::Steps(|_, working| {
        let [_, height, width] = working.input.shape;
        vec![working.window(false, [height, width])]
    }),
    sees: |_, view| ReceptiveField::whole(view.before, view.field.map),
    in_torch: |_| "nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())".into(),
    in_keras: |_| "layers.GlobalAveragePooling2D()(x)".into(),
    in_burn: |_| BurnLine::Step("adaptive_avg_pool2d(x, [1, 1]).flatten::<2>(1, 3)".into()),
    ..LayerPage::POINTWISE
};
