//! Last: `[time, features]` → `[features]`, what a sequence has come to at its end.

use super::LayerSpec;
use super::kind::{LayerKind, sequence};
use super::page::{BurnLine, Explain, LayerPage, Sentence};
use super::working::ReceptiveField;

pub static KIND: LayerKind = LayerKind {
    word: "last",
    title: "Last step",
    output: |_, input| Ok(vec![sequence(input)?[1]]),
    ..LayerKind::POINTWISE
};

pub fn last() -> LayerSpec {
    LayerSpec::of(&KIND, &[])
}

pub static PAGE: LayerPage = LayerPage {
    about: |_, _| Sentence::plain("Keeps the numbers of the last step alone. Nothing to learn"),
    explain: Explain::Steps(|_, _| Vec::new()),
    sees: |_, view| ReceptiveField::whole(view.before, None),
    in_torch: |_| "Last()".into(),
    in_keras: |_| "x[:, -1]".into(),
    in_burn: |_| BurnLine::Step("x.slice(s![.., -1, ..]).squeeze_dim::<2>(1)".into()),
    definitions: [TORCH, "", ""],
};

const TORCH: &str = "
class Last(nn.Module):
    def forward(self, x):
        return x[:, -1]


";
