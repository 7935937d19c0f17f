//! Cropping: without the outer `border` rows and columns on every side.

use super::LayerSpec;
use super::kind::{Expected, LayerKind, Number, picture};
use super::page::{BurnLine, Explain, LayerPage, Sentence};
use super::working::{around, passed};

const BORDER: Number = Number { label: "Pixels", mark: "", min: 1, max: 16, step: 1, default: 2 };

pub static KIND: LayerKind = LayerKind {
    word: "crop",
    title: "Cropping",
    numbers: &[BORDER],
    output: |layer, input| {
        let [channels, height, width] = picture(input)?;
        let left = |size: usize| size.checked_sub(2 * layer.number(0)).filter(|left| *left > 0);
        let (Some(height), Some(width)) = (left(height), left(width)) else { return Err(Expected::Larger) };
        Ok(vec![channels, height, width])
    },
    ..LayerKind::POINTWISE
};

pub fn crop(border: usize) -> LayerSpec {
    LayerSpec::of(&KIND, &[border])
}

pub static PAGE: LayerPage = LayerPage {
    about: |layer, _| Sentence {
        text: "Cuts {} pixels off every side. Nothing to learn",
        values: vec![layer.number(0)],
    },
    explain: Explain::Passed {
        from: |layer, working| {
            let (place, border) = (working.place, layer.number(0));
            passed(working.at(place.map, place.row + border, place.column + border))
        },
        why: "It cuts the border off, and passes on what is inside.",
    },
    sees: |layer, view| view.field.through(view.before, view.field.map, |at| around(at + layer.number(0), 0)),
    in_torch: |line| format!("nn.ZeroPad2d(-{})", line.number(0)),
    in_keras: |line| format!("layers.Cropping2D({})(x)", line.number(0)),
    in_burn: |line| BurnLine::Step(format!("x.slice(s![.., .., {0}..-{0}, {0}..-{0}])", line.number(0))),
    ..LayerPage::POINTWISE
};
