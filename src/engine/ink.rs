//! The ink of a photograph: thin marks that differ from the light around them. The background is what is left when
//! marks up to a width are filled in (a morphological closing, Serra 1982), so the edge of a shadow or of the paper is
//! background on both of its sides, however sharp it is. Ink is told by its share of that light, which a shadow over
//! both does not change.

use super::digit_preprocess::Ink;

/// Marks wider than twice this share of the longer side are no ink.
const REACH: usize = 8;

/// Where the light is less than this, little can be told by shares of it: it counts as much less.
const DIM: f32 = 0.3;

/// A share of the picture that is more than a glint.
const GROUND: f32 = 0.05;

/// From brightness, 0…1: how much of the light each pixel takes away, or, where marks are lighter than what is around
/// them, adds.
pub fn ink_of(brightness: &Ink) -> Ink {
    if has_light_ground(brightness) {
        return marks(brightness);
    }
    marks(&Ink { values: brightness.values.iter().map(|v| 1.0 - v).collect(), ..*brightness })
}

/// Dark marks on a lighter ground.
fn marks(brightness: &Ink) -> Ink {
    let Ink { width, height, .. } = *brightness;
    let reach = (width.max(height) / REACH).max(1);
    // The picture goes on beyond its border, so that a dark edge that reaches it is no mark.
    let margin = 2 * reach + 1;
    let wide = (width + 2 * margin, height + 2 * margin);
    let beyond = |at: usize, side: usize| at.saturating_sub(margin).min(side - 1);
    let values = (0..wide.0 * wide.1)
        .map(|at| brightness.values[beyond(at / wide.0, height) * width + beyond(at % wide.0, width)]);
    let ground = swept(&swept(&values.collect::<Vec<_>>(), wide, reach, f32::max), wide, reach, f32::min);
    let values = brightness.values.iter().enumerate().map(|(at, value)| {
        let at = (at / width + margin) * wide.0 + at % width + margin;
        // Pixels are squares: where the ground's light changes, its edge is known to a pixel and no better.
        let across = (ground[at + 1] - ground[at - 1]).abs();
        let step = across.max((ground[at + wide.0] - ground[at - wide.0]).abs());
        let ground = ground[at];
        ((ground - value - step) / ground.max(0.01) * (ground / DIM).min(1.0)).max(0.0)
    });
    Ink { width, height, values: values.collect() }
}

/// The most of what is within reach of each pixel, across and then down; `most` says which of two is more.
fn swept(
    values: &[f32],
    (width, height): (usize, usize),
    reach: usize,
    most: fn(f32, f32) -> f32,
) -> Vec<f32> {
    let across: Vec<f32> =
        values.chunks_exact(width).flat_map(|line| line_swept(line, reach, most)).collect();
    let mut swept = vec![0.0; values.len()];
    for x in 0..width {
        let column: Vec<f32> = across.iter().skip(x).step_by(width).copied().collect();
        for (y, value) in line_swept(&column, reach, most).into_iter().enumerate() {
            swept[y * width + x] = value;
        }
    }
    debug_assert_eq!(swept.len(), width * height);
    swept
}

/// By blocks of the window's length, each swept from both of its ends (van Herk 1992): the cost does not grow with the reach.
fn line_swept(line: &[f32], reach: usize, most: fn(f32, f32) -> f32) -> Vec<f32> {
    let block = 2 * reach + 1;
    let (mut on, mut back) = (line.to_vec(), line.to_vec());
    for at in 1..line.len() {
        if !at.is_multiple_of(block) {
            on[at] = most(on[at], on[at - 1]);
        }
    }
    for at in (0..line.len().saturating_sub(1)).rev() {
        if !(at + 1).is_multiple_of(block) {
            back[at] = most(back[at], back[at + 1]);
        }
    }
    let last = line.len().saturating_sub(1);
    (0..line.len()).map(|at| most(back[at.saturating_sub(reach)], on[(at + reach).min(last)])).collect()
}

/// Whether some of the picture is light over more than a stroke's width: then ink is what is darker, also where the paper
/// lies on something dark. On a board, only the strokes are light.
fn has_light_ground(brightness: &Ink) -> bool {
    let Ink { width, height, .. } = *brightness;
    let reach = (width.max(height) / REACH / 2).max(3);
    let darkest = swept(&brightness.values, (width, height), reach, f32::min);
    let ground = swept(&darkest, (width, height), reach, f32::max);
    let ends = brightness.values.iter().fold((1.0_f32, 0.0_f32), |(a, b), v| (a.min(*v), b.max(*v)));
    let middle = f32::midpoint(ends.0, ends.1);
    let light = ground.iter().filter(|v| **v > middle).count();
    light as f32 > GROUND * ground.len() as f32
}
