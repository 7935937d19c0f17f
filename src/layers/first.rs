//! First: `[time, features]` → `[features]`, what the token in front has come to.

use super::LayerSpec;
use super::kind::{LayerKind, sequence};
use super::page::{BurnLine, Explain, LayerPage, Sentence};
use super::working::{ReceptiveField, passed};

pub static KIND: LayerKind = LayerKind {
    word: "first",
    title: "First step",
    output: |_, input| Ok(vec![sequence(input)?[1]]),
    ..LayerKind::POINTWISE
};

pub fn first() -> LayerSpec {
    LayerSpec::of(&KIND, &[])
}

pub static PAGE: LayerPage = LayerPage {
    about: |_, _| Sentence::plain("Keeps the numbers of the first step alone. Nothing to learn"),
    explain: Explain::Steps(|_, working| vec![passed(working.at(working.place.map, 0, 0))]),
    sees: |_, view| ReceptiveField { map: view.field.map, rows: 0..1, columns: 0..1 },
    in_torch: |_| "First()".into(),
    in_keras: |_| "x[:, 0]".into(),
    in_burn: |_| BurnLine::Step("x.slice(s![.., 0, ..]).squeeze_dim::<2>(1)".into()),
    definitions: [TORCH, "", ""],
};

const TORCH: &str = "
class First(nn.Module):
    def forward(self, x):
        return x[:, 0]


";
