//! Numbers as pictures. Everything is drawn as ink with transparency, so that zero is the paper, in the light
//! theme and in the dark one, and nothing is drawn again when the theme changes.
//! Blue is positive, orange is negative, the ink of a picture is the text's colour (inverted by CSS).

use crate::pixels::png;
use crate::protocol::FeatureMaps;
use crate::ui::components::reactive::effect;
use leptos::prelude::*;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

pub const POSITIVE: [u8; 3] = [38, 116, 222];
pub const NEGATIVE: [u8; 3] = [226, 108, 10];

fn context(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    canvas.get_context("2d").ok()??.dyn_into().ok()
}

/// Shows `rgba` (`width` × `height`) on the canvas, which takes its size.
pub fn put(canvas: &HtmlCanvasElement, width: usize, height: usize, rgba: &[u8]) {
    if canvas.width() != width as u32 || canvas.height() != height as u32 {
        canvas.set_width(width as u32);
        canvas.set_height(height as u32);
    }
    let image = ImageData::new_with_u8_clamped_array_and_sh(Clamped(rgba), width as u32, height as u32);
    if let (Ok(image), Some(context)) = (image, context(canvas)) {
        // Only fails for images without size, which ImageData refuses already.
        let _ = context.put_image_data(&image, 0.0, 0.0);
    }
}

/// A dataset's picture, `[channels, height, width]` bytes: grey as ink, colour as it is.
pub fn draw_picture(canvas: &HtmlCanvasElement, shape: [usize; 3], pixels: &[u8]) {
    let [channels, height, width] = shape;
    let area = height * width;
    if area == 0 || pixels.len() < channels * area {
        return;
    }
    let mut rgba = vec![0; area * 4];
    for (i, pixel) in rgba.chunks_exact_mut(4).enumerate() {
        if channels == 3 {
            pixel.copy_from_slice(&[pixels[i], pixels[area + i], pixels[2 * area + i], 255]);
        } else {
            pixel[3] = pixels[i];
        }
    }
    put(canvas, width, height, &rgba);
    is_photo(canvas, channels == 3);
}

/// One channel of a colour picture of that shape, in its colour.
pub fn draw_channel(
    canvas: &HtmlCanvasElement,
    [_, height, width]: [usize; 3],
    pixels: &[u8],
    channel: usize,
) {
    let plane = pixels.chunks_exact(height * width).nth(channel).unwrap_or_default();
    let mut rgba = vec![0; plane.len() * 4];
    for (pixel, byte) in rgba.chunks_exact_mut(4).zip(plane) {
        pixel[channel] = *byte;
        pixel[3] = 255;
    }
    put(canvas, width, height, &rgba);
    is_photo(canvas, true);
}

/// Numbers, `width` in a row, between their greatest and its opposite.
pub fn draw_numbers(canvas: &HtmlCanvasElement, width: usize, numbers: &[f32]) {
    let most = numbers.iter().fold(f32::MIN_POSITIVE, |most, v| most.max(v.abs()));
    let height = numbers.len().div_ceil(width.max(1));
    let mut rgba: Vec<u8> = numbers.iter().flat_map(|v| signed(v / most)).collect();
    rgba.resize(height * width * 4, 0);
    put(canvas, width, height, &rgba);
    is_photo(canvas, false);
}

/// Whether the canvas shows colours as they are: then the dark theme leaves them so.
pub fn is_photo(canvas: &HtmlCanvasElement, photo: bool) {
    // Fails only for names with spaces.
    let _ = canvas.class_list().toggle_with_force("photo", photo);
}

/// One number of a plane.
pub fn value(plane: &FeatureMaps, index: usize) -> f32 {
    let byte = plane.pixels.get(index).copied().unwrap_or(0);
    plane.min + (plane.max - plane.min) * f32::from(byte) / 255.0
}

/// Maps side by side, `columns` in a row, with a gap of one number between them.
pub fn draw_maps(
    canvas: &HtmlCanvasElement,
    plane: &FeatureMaps,
    columns: usize,
    maps: std::ops::Range<usize>,
) {
    let (height, width) = (plane.height as usize, plane.width as usize);
    let columns = columns.min(maps.len()).max(1);
    let rows = maps.len().div_ceil(columns).max(1);
    let full_width = columns * (width + 1) - 1;
    let full_height = rows * (height + 1) - 1;
    let mut rgba = vec![0; full_width * full_height * 4];
    let most = plane.min.abs().max(plane.max.abs()).max(f32::MIN_POSITIVE);
    for (tile, map) in maps.enumerate() {
        let (left, top) = (tile % columns * (width + 1), tile / columns * (height + 1));
        for y in 0..height {
            for x in 0..width {
                let share = value(plane, (map * height + y) * width + x) / most;
                let at = ((top + y) * full_width + left + x) * 4;
                rgba[at..at + 4].copy_from_slice(&signed(share));
            }
        }
    }
    put(canvas, full_width, full_height, &rgba);
}

/// −1…1 as orange…nothing…blue.
fn signed(share: f32) -> [u8; 4] {
    let [r, g, b] = if share < 0.0 { NEGATIVE } else { POSITIVE };
    [r, g, b, (share.abs().sqrt() * 255.0) as u8]
}

/// A canvas that draws itself once it is on the page and whenever a signal that `draw` reads changes.
pub fn canvas(class: &'static str, draw: impl Fn(&HtmlCanvasElement) + 'static) -> AnyView {
    let node = NodeRef::<leptos::html::Canvas>::new();
    effect(move |_| {
        if let Some(canvas) = node.get() {
            draw(&canvas);
        }
    });
    view! { <canvas class=class node_ref=node width="28" height="28" aria-hidden="true"></canvas> }.into_any()
}

/// A canvas of ink in a frame of its own: the dark theme inverts the ink, not the frame.
pub fn ink_canvas(frame: &'static str, draw: impl Fn(&HtmlCanvasElement) + 'static) -> AnyView {
    view! { <span class=frame>{canvas("ink", draw)}</span> }.into_any()
}

/// A dataset's picture that stays as it is, in a frame. An image, because a canvas is a layer of its own for the browser: with
/// six dozen of them on the page, putting layers together took half of the page's time while it trained.
pub fn still(frame: &'static str, shape: [usize; 3], pixels: &[u8]) -> AnyView {
    let file: String = png(pixels, shape).into_iter().map(char::from).collect();
    // Fails only for letters above 255.
    let source = window().btoa(&file).map(|letters| format!("data:image/png;base64,{letters}")).ok();
    let [channels, height, width] = shape;
    let class = if channels == 3 { "still" } else { "still ink" };
    view! { <span class=frame><img class=class src=source width=width height=height decoding="sync" alt=""/></span> }
        .into_any()
}

/// Nothing, in the size that it has.
pub fn blank(canvas: &HtmlCanvasElement) {
    // Setting the size, even to what it is, clears a canvas.
    canvas.set_width(canvas.width());
}
