//! Flatten: `[channels, height, width]` → `[channels · height · width]`, `[time, features]` → `[time · features]`.

use super::LayerSpec;
use super::kind::LayerKind;
use super::page::{BurnLine, Explain, LayerPage, Sentence};
use super::working::{ReceptiveField, passed};

pub static KIND: LayerKind = LayerKind {
    word: "flatten",
    title: "Flatten",
    output: |_, input| Ok(vec![input.iter().product()]),
    ..LayerKind::POINTWISE
};

pub fn flatten() -> LayerSpec {
    LayerSpec::of(&KIND, &[])
}

/// Map, row and column of a number of the list.
fn place([maps, height, width]: [usize; 3], index: usize) -> [usize; 3] {
    // Of a sequence, step after step.
    if width == 1 && height > 1 {
        return [index % maps, index / maps, 0];
    }
    [index / (height * width), index / width % height, index % width]
}

pub static PAGE: LayerPage = LayerPage {
    about: |_, _| Sentence::plain("The same numbers, in one line. Nothing to learn"),
    explain: Explain::Passed {
        from: |_, working| {
            let [map, row, column] = place(working.input.shape, working.place.map);
            passed(working.at(map, row, column))
        },
        why: "Number {0} of the list is: {1}",
    },
    sees: |_, view| match view.field.map {
        Some(index) => {
            let [map, row, column] = place(view.before, index);
            ReceptiveField { map: Some(map), rows: row..row + 1, columns: column..column + 1 }
        }
        None => ReceptiveField::whole(view.before, None),
    },
    in_torch: |_| "nn.Flatten()".into(),
    // In the page and in PyTorch, a picture's channels come first.
    in_keras: |line| match line.is_picture() {
        true => "layers.Flatten()(layers.Permute((3, 1, 2))(x))".into(),
        false => "layers.Flatten()(x)".into(),
    },
    in_burn: |line| {
        BurnLine::Step(match line.input.len() {
            3 => "x.flatten::<2>(1, 3)".into(),
            2 => "x.flatten::<2>(1, 2)".into(),
            _ => "x".into(),
        })
    },
    ..LayerPage::POINTWISE
};
