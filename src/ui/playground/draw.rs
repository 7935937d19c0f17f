//! The plane on canvases: a map behind, points before it.

use crate::datasets::tabular::Rows;
use crate::datasets::target::Target;
use crate::datasets::toy2d::REACH;
use crate::protocol::FeatureMaps;
use crate::ui::components::picture::{NEGATIVE, POSITIVE, put, value};
use crate::ui::components::reactive::effect;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// −1…1 as a colour: class 0 is orange like what is negative, class 1 blue like what is positive.
pub fn ink(share: f32) -> [u8; 3] {
    if share < 0.0 { NEGATIVE } else { POSITIVE }
}

/// One map of a plane as ink over the paper: `share` says how far each number is from nothing, −1…1.
pub fn map(canvas: &HtmlCanvasElement, plane: &FeatureMaps, index: usize, share: impl Fn(f32) -> f32) {
    let (height, width) = (plane.height as usize, plane.width as usize);
    let mut rgba = vec![0; height * width * 4];
    for (at, pixel) in rgba.chunks_exact_mut(4).enumerate() {
        let share = share(value(plane, index * height * width + at)).clamp(-1.0, 1.0);
        let [r, g, b] = ink(share);
        pixel.copy_from_slice(&[r, g, b, (share.abs() * 190.0) as u8]);
    }
    put(canvas, width, height, &rgba);
}

/// One number as ink all over.
pub fn fill(canvas: &HtmlCanvasElement, share: f32) {
    let [r, g, b] = ink(share);
    put(canvas, 1, 1, &[r, g, b, (share.abs().min(1.0) * 190.0) as u8]);
}

/// The canvas in as many pixels as the screen has there, and its size in CSS pixels.
pub fn sharp(canvas: &HtmlCanvasElement) -> Option<(CanvasRenderingContext2d, f64, f64)> {
    let ratio = leptos::prelude::window().device_pixel_ratio().clamp(1.0, 3.0);
    let (width, height) = (f64::from(canvas.client_width()), f64::from(canvas.client_height()));
    if width < 1.0 || height < 1.0 {
        return None;
    }
    canvas.set_width((width * ratio) as u32);
    canvas.set_height((height * ratio) as u32);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    // Fails only for numbers that are none.
    let _ = context.scale(ratio, ratio);
    Some((context, width, height))
}

/// Changes whenever the canvas gets another size, also from none: a phone shows one panel at a time.
pub fn resized(node: NodeRef<leptos::html::Canvas>) -> RwSignal<u32> {
    let changed = RwSignal::new(0_u32);
    let told = Closure::<dyn FnMut()>::new(move || {
        _ = changed.try_update(|n| *n = n.wrapping_add(1));
    });
    let observer = web_sys::ResizeObserver::new(told.as_ref().unchecked_ref()).ok();
    let kept = StoredValue::new_local((observer, told));
    effect(move |_| {
        let Some(canvas) = node.get() else { return };
        kept.with_value(|(observer, _)| observer.iter().for_each(|o| o.observe(&canvas)));
    });
    on_cleanup(move || _ = kept.try_with_value(|(observer, _)| observer.iter().for_each(|o| o.disconnect())));
    changed
}

/// How points are drawn.
#[derive(Clone, Copy)]
pub struct Dots {
    /// Radius in CSS pixels.
    pub radius: f64,
    /// Held-out points are rings: they are looked at, never learned from.
    pub rings: bool,
    /// The greatest number that is told; of classes, none.
    pub most: Option<f32>,
}

/// Points on a canvas that `sharp` has made.
pub fn dots(context: &CanvasRenderingContext2d, (width, height): (f64, f64), rows: &Rows, style: Dots) {
    for index in 0..rows.len() {
        let row = rows.row(index);
        let (x, y) = place(row[0], row[1], width, height);
        let share = match rows.targets.get(index) {
            Target::Class(class) => class as f32 * 2.0 - 1.0,
            Target::Value(value) => value / style.most.unwrap_or(1.0),
            Target::Tokens(_) => 0.0,
        };
        let [r, g, b] = ink(share);
        let strength = if style.most.is_some() { 0.25 + 0.75 * share.abs().min(1.0) } else { 1.0 };
        let colour = format!("rgba({r},{g},{b},{strength:.2})");
        context.begin_path();
        // Fails only for a negative radius.
        let _ = context.arc(x, y, style.radius, 0.0, std::f64::consts::TAU);
        if style.rings {
            context.set_line_width(style.radius * 0.55);
            context.set_stroke_style_str(&colour);
            context.stroke();
        } else {
            context.set_fill_style_str(&colour);
            context.fill();
            context.set_line_width(0.75);
            context.set_stroke_style_str("rgba(255,255,255,0.85)");
            context.stroke();
        }
    }
}

/// Where a point of the plane lies.
pub fn place(x: f32, y: f32, width: f64, height: f64) -> (f64, f64) {
    let share = |v: f32| f64::from((v + REACH) / (2.0 * REACH));
    (share(x) * width, (1.0 - share(y)) * height)
}
