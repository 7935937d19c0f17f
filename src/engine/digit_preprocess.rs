//! Makes a drawing or a photograph of a digit look as MNIST's do, by the recipe of its authors (LeCun et al.
//! 1998, section III-A): light ink on dark, cropped, scaled into 20 × 20 keeping its shape, and centred by its
//! centre of mass in 28 × 28. Used by prediction, by tests and for the picture of it on the page.

use super::ink::ink_of;
use crate::platform::Rgba;

/// Side of the box that the ink is scaled into, and of the picture.
const BOX: usize = 20;
const SIDE: usize = 28;

/// Photographs are first made this small on their longer side: enough for a digit, quick on a phone.
const LONGEST: usize = 256;

/// Pixels darker than this share of the darkest ink are paper.
const PAPER: f32 = 0.25;

/// A picture of one channel: how much ink, 0…1 or any scale.
#[derive(Clone, Debug, PartialEq)]
pub struct Ink {
    pub width: usize,
    pub height: usize,
    pub values: Vec<f32>,
}

impl Ink {
    /// From a drawing pad's bytes, `[height, width]`, 255 is full ink.
    pub fn from_bytes(width: usize, height: usize, bytes: &[u8]) -> Option<Self> {
        let fits = width > 0 && height > 0 && bytes.len() == width.checked_mul(height)?;
        fits.then(|| Self { width, height, values: bytes.iter().map(|&b| f32::from(b) / 255.0).collect() })
    }

    /// Pen strokes of a photograph or scan, on any ground and under any light.
    pub fn of_strokes(photo: &Rgba) -> Self {
        let gray = Self::gray(photo);
        // A camera's noise is no stroke.
        let radius = usize::from(gray.width.max(gray.height) >= LONGEST);
        ink_of(&gray.blurred(radius))
    }

    /// From a photograph of a thing: its brightness against what is around it, whichever of the two is darker.
    pub fn from_photo(photo: &Rgba) -> Self {
        let gray = Self::gray(photo);
        // The border is paper. Where the rest is darker on the whole, ink is dark.
        let paper = gray.border_median();
        let mean = gray.values.iter().sum::<f32>() / gray.values.len() as f32;
        let sign = if mean <= paper { 1.0 } else { -1.0 };
        // Against the light around each place, so that a shadow over the page is not ink.
        let around = gray.blurred(gray.width.max(gray.height) / 4);
        let pairs = gray.values.iter().zip(&around.values);
        let values = pairs.map(|(value, around)| ((around - value) * sign).max(0.0)).collect();
        Self { values, ..gray }
    }

    /// Brightness, 0…1, small enough for what follows.
    fn gray(photo: &Rgba) -> Self {
        let gray = Self {
            width: photo.width,
            height: photo.height,
            values: photo.pixels.chunks_exact(4).map(brightness).collect(),
        };
        let longest = gray.width.max(gray.height);
        let scale = (LONGEST as f32 / longest as f32).min(1.0);
        let small = |side: usize| ((side as f32 * scale).round() as usize).max(1);
        gray.resized(small(gray.width), small(gray.height))
    }

    /// `[28, 28]` bytes as MNIST has them, or none where there is no ink to speak of.
    pub fn to_digit(&self) -> Option<Vec<u8>> {
        let darkest = self.values.iter().copied().fold(0.0, f32::max);
        if darkest < 0.1 {
            return None;
        }
        // A ramp instead of a step keeps the grey edges that MNIST's digits have.
        let values: Vec<f32> =
            self.values.iter().map(|v| ((v / darkest - PAPER) / (0.75 - PAPER)).clamp(0.0, 1.0)).collect();
        let ink = Self { values, ..*self };
        let digit = ink.cropped()?.fitted();
        Some(digit.centred())
    }

    /// The smallest part that holds all ink, without lone specks.
    fn cropped(&self) -> Option<Self> {
        let rows: Vec<f32> = self.values.chunks_exact(self.width).map(|row| row.iter().sum()).collect();
        let columns: Vec<f32> =
            (0..self.width).map(|x| self.values.iter().skip(x).step_by(self.width).sum()).collect();
        let span = |sums: &[f32]| {
            let enough = 0.5_f32.max(sums.iter().copied().fold(0.0, f32::max) * 0.02);
            let first = sums.iter().position(|&s| s > enough)?;
            Some((first, sums.iter().rposition(|&s| s > enough)? + 1))
        };
        let ((top, bottom), (left, right)) = (span(&rows)?, span(&columns)?);
        let values = (top..bottom)
            .flat_map(|y| self.values[y * self.width + left..y * self.width + right].iter().copied())
            .collect();
        Some(Self { width: right - left, height: bottom - top, values })
    }

    /// Scaled so that its longer side is 20.
    fn fitted(&self) -> Self {
        let scale = BOX as f32 / self.width.max(self.height) as f32;
        let side = |length: usize| ((length as f32 * scale).round() as usize).clamp(1, BOX);
        let mut fitted = self.resized(side(self.width), side(self.height));
        // Averaging thins the ink; a digit's darkest pixels are full ink.
        let darkest = fitted.values.iter().copied().fold(f32::EPSILON, f32::max);
        fitted.values.iter_mut().for_each(|v| *v = (*v / darkest).min(1.0));
        fitted
    }

    /// In the middle of 28 × 28 by its centre of mass.
    fn centred(&self) -> Vec<u8> {
        let mass: f32 = self.values.iter().sum();
        let at = |axis: fn(usize, usize) -> usize| {
            let moment: f32 =
                self.values.iter().enumerate().map(|(i, v)| v * axis(i, self.width) as f32).sum();
            moment / mass
        };
        let (x, y) = (at(|i, width| i % width), at(|i, width| i / width));
        let offset = |centre: f32, length: usize| {
            let wanted = (SIDE as f32 / 2.0 - centre - 0.5).round().max(0.0) as usize;
            wanted.min(SIDE - length)
        };
        let (left, top) = (offset(x, self.width), offset(y, self.height));
        let mut out = vec![0; SIDE * SIDE];
        for (y, row) in self.values.chunks_exact(self.width).enumerate() {
            for (x, value) in row.iter().enumerate() {
                out[(top + y) * SIDE + left + x] = (value * 255.0).round() as u8;
            }
        }
        out
    }

    /// Every new pixel is the mean of the area that it covers; enlarging repeats.
    fn resized(&self, width: usize, height: usize) -> Self {
        let across = |values: &[f32], from: usize, to: usize, lines: usize, step: usize, stride: usize| {
            let mut out = vec![0.0; to * lines];
            let ratio = from as f32 / to as f32;
            for line in 0..lines {
                for place in 0..to {
                    let (begin, end) = (place as f32 * ratio, (place + 1) as f32 * ratio);
                    let mut sum = 0.0;
                    for i in begin as usize..(end.ceil() as usize).min(from) {
                        let covered = (end.min((i + 1) as f32) - begin.max(i as f32)).max(0.0);
                        sum += values[line * stride + i * step] * covered;
                    }
                    out[line * to + place] = sum / (end - begin);
                }
            }
            out
        };
        let wide = across(&self.values, self.width, width, self.height, 1, self.width);
        // Column by column, which leaves the picture transposed: turned back at once.
        let tall = across(&wide, self.height, height, width, width, 1);
        let values = (0..width * height).map(|i| tall[(i % width) * height + i / width]).collect();
        Self { width, height, values }
    }

    /// The mean of the square of this radius around each pixel.
    fn blurred(&self, radius: usize) -> Self {
        let (width, height) = (self.width, self.height);
        // Sums of everything above and to the left (Crow 1984): four look-ups for a square of any size.
        let mut sums = vec![0.0_f64; (width + 1) * (height + 1)];
        for y in 0..height {
            let mut row = 0.0;
            for x in 0..width {
                row += f64::from(self.values[y * width + x]);
                sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row;
            }
        }
        let mut values = Vec::with_capacity(width * height);
        for y in 0..height {
            let (top, bottom) = (y.saturating_sub(radius), (y + radius + 1).min(height));
            for x in 0..width {
                let (left, right) = (x.saturating_sub(radius), (x + radius + 1).min(width));
                let at = |y: usize, x: usize| sums[y * (width + 1) + x];
                let sum = at(bottom, right) - at(top, right) - at(bottom, left) + at(top, left);
                values.push((sum / ((bottom - top) * (right - left)) as f64) as f32);
            }
        }
        Self { width, height, values }
    }

    fn border_median(&self) -> f32 {
        let (width, height) = (self.width, self.height);
        let mut border: Vec<f32> = (0..width * height)
            .filter(|i| {
                let (x, y) = (i % width, i / width);
                x == 0 || y == 0 || x + 1 == width || y + 1 == height
            })
            .map(|i| self.values[i])
            .collect();
        border.sort_by(f32::total_cmp);
        border.get(border.len() / 2).copied().unwrap_or(0.0)
    }
}

/// Rec. 709 luma of a pixel on white paper, 0…1.
fn brightness(pixel: &[u8]) -> f32 {
    let alpha = f32::from(pixel[3]) / 255.0;
    let luma = 0.2126 * f32::from(pixel[0]) + 0.7152 * f32::from(pixel[1]) + 0.0722 * f32::from(pixel[2]);
    luma / 255.0 * alpha + (1.0 - alpha)
}
