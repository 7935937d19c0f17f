//! Mean: `[time, features]` → `[features]`, each feature's mean over all steps.

use super::LayerSpec;
use super::kind::{LayerKind, sequence};
use super::page::{BurnLine, Explain, LayerPage, Sentence};
use super::working::ReceptiveField;

pub static KIND: LayerKind = LayerKind {
    word: "mean",
    title: "Mean of all steps",
    output: |_, input| Ok(vec![sequence(input)?[1]]),
    ..LayerKind::POINTWISE
};

pub fn mean() -> LayerSpec {
    LayerSpec::of(&KIND, &[])
}

pub static PAGE: LayerPage = LayerPage {
    about: |_, _| {
        Sentence::plain("Keeps one number of each feature: its mean over all steps. Nothing to learn")
    },
    explain: Explain::Steps(|_, working| {
        let [_, time, _] = working.input.shape;
        vec![working.window(false, [time, 1])]
    }),
    sees: |_, view| ReceptiveField::whole(view.before, view.field.map),
    in_torch: |_| "Mean()".into(),
    in_keras: |_| "layers.GlobalAveragePooling1D()(x)".into(),
    in_burn: |_| BurnLine::Step("x.mean_dim(1).squeeze_dim::<2>(1)".into()),
    definitions: [TORCH, "", ""],
};

const TORCH: &str = "
class Mean(nn.Module):
    def forward(self, x):
        return x.mean(dim=1)


";
