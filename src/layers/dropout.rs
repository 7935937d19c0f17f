//! Dropout (Srivastava et al. 2014): while training, every number is 0 with a chance in per cent, and the others grow so
//! that the mean stays.

use super::LayerSpec;
use super::kind::{LayerKind, Number};
use super::page::{BurnLine, Explain, LayerPage, Sentence};
use super::working::passed;

const PERCENT: Number = Number { label: "Per cent", mark: "", min: 0, max: 90, step: 1, default: 25 };

pub static KIND: LayerKind = LayerKind {
    word: "dropout",
    title: "Dropout",
    heading: "Dropout {} %",
    numbers: &[PERCENT],
    ..LayerKind::POINTWISE
};

pub fn dropout(percent: usize) -> LayerSpec {
    LayerSpec::of(&KIND, &[percent])
}

pub static PAGE: LayerPage = LayerPage {
    about: |layer, _| Sentence {
        text: "While training, each number is left out with a chance of {} %, so that none is relied on alone. Nothing to learn",
        values: vec![layer.number(0)],
    },
    explain: Explain::Passed {
        from: |_, working| passed(working.same()),
        why: "It leaves numbers out only while it trains. In use, it passes every number on.",
    },
    in_torch: |line| format!("nn.Dropout({})", line.number(0) as f64 / 100.0),
    in_keras: |line| format!("layers.Dropout({})(x)", line.number(0) as f64 / 100.0),
    in_burn: |line| BurnLine::Field {
        kind: "Dropout",
        init: format!("DropoutConfig::new({:?}).init()", line.number(0) as f64 / 100.0),
        weights: &[],
    },
    ..LayerPage::POINTWISE
};
