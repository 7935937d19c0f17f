//! The picture with the boxes that are shown and their labels drawn on it, as a PNG.

use super::boxes::{colour_token, look};
use super::state::{Finder, class_name};
use crate::detection::labels::place;
use crate::detection::{BoundingBox, Found};
use crate::ui::charts::sheet::{Anchor, Sheet, colour, width_of};
use crate::ui::components::{files, format};
use crate::ui::language::tr;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Longer sides are made shorter: browsers refuse canvases that are much larger.
const LONGEST: f32 = 4096.0;
/// The longest side in letters' heights.
const LETTERS: f32 = 48.0;
/// What a letter is wide, in its height, where the browser cannot say.
const WIDE: f64 = 0.6;

pub fn save(desk: Finder) {
    let kept = untrack(move || desk.kept());
    let Some(size) = untrack(move || desk.size()) else { return };
    spawn_local(async move {
        let shown = document().query_selector(".detect-picture").ok().flatten();
        let png = match shown {
            Some(picture) => sheet(&kept, size).png_over(&picture).await,
            None => None,
        };
        if png.and_then(|bytes| files::offer("boxes.png", &bytes)).is_none() {
            // The page may be gone.
            let _ = desk.scene.announcement.try_set(tr!("The file could not be made."));
        }
    });
}

/// The boxes and their labels, on a picture of this width and height; `kept` has the surest first.
fn sheet(kept: &[Found], [width, height]: [f32; 2]) -> Sheet {
    let scale = (LONGEST / width.max(height)).min(1.0);
    let stage = [width, height].map(|side| (side * scale).round().max(1.0));
    let letter = (stage[0].max(stage[1]) / LETTERS).max(11.0);
    let line = letter / 6.0;
    let mut sheet = Sheet::clear(stage[0].into(), stage[1].into());
    let boxes: Vec<BoundingBox> = kept.iter().map(|one| one.area.scaled([scale; 2])).collect();
    for (one, area) in kept.iter().zip(&boxes).rev() {
        let BoundingBox { left, top, right, bottom } = area;
        let path = format!("M{left:.1} {top:.1}H{right:.1}V{bottom:.1}H{left:.1}Z");
        sheet.path(&path, "#fff", &format!("stroke-width=\"{:.1}\" stroke-opacity=\"0.7\"", line * 2.0));
        let dashes = match look(one.class).1 {
            "dashed" => format!("stroke-dasharray=\"{:.1} {:.1}\"", line * 3.0, line * 2.0),
            "dotted" => format!("stroke-dasharray=\"{line:.1} {line:.1}\""),
            _ => String::new(),
        };
        let style = format!("stroke-width=\"{line:.1}\" {dashes}");
        sheet.path(&path, &colour(&colour_token(one.class)), &style);
    }
    labels(&mut sheet, kept, &boxes, stage, letter);
    sheet
}

/// As on the page: none covers another.
fn labels(sheet: &mut Sheet, kept: &[Found], boxes: &[BoundingBox], stage: [f32; 2], letter: f32) {
    let words: Vec<String> =
        kept.iter().map(|one| format!("{} {}", class_name(one.class), format::chance(one.score))).collect();
    let font = format!("560 {letter}px system-ui, sans-serif");
    let pad = f64::from(letter) * 0.3;
    let sizes: Vec<[f32; 2]> = words
        .iter()
        .map(|words| {
            let by_letters = words.chars().count() as f64 * f64::from(letter) * WIDE;
            [(width_of(words, &font).unwrap_or(by_letters) + pad * 3.5) as f32, letter * 1.4]
        })
        .collect();
    let [paper, ink] = ["--raised", "--ink"].map(colour);
    let style = format!("font-size=\"{letter:.1}\" font-weight=\"560\"");
    for (at, found) in place(boxes, &sizes, stage).into_iter().enumerate() {
        let Some([x, y]) = found.map(|found| found.map(f64::from)) else { continue };
        let [width, height] = sizes[at].map(f64::from);
        sheet.rect([x, y, width, height], &paper, 1.0);
        sheet.rect([x, y, pad, height], &colour(&colour_token(kept[at].class)), 1.0);
        let base = y + f64::from(letter) * 1.05;
        sheet.text((x + pad * 2.0, base), Anchor::Start, &ink, &style, &words[at]);
    }
}
