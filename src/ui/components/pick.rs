//! Numbers that are laid out in rows and columns: the one under the pointer, the next one by key, and a frame around some.

use super::reactive::{flag, memo, text};
use leptos::prelude::*;
use std::ops::Range;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, MouseEvent};

/// Row and column.
pub type Spot = (usize, usize);

/// Where the pointer is in what fills the event's element, `height × width`.
pub fn under_pointer(event: &MouseEvent, (height, width): (usize, usize)) -> Option<Spot> {
    let target = event.current_target()?.dyn_into::<Element>().ok()?;
    let area = target.get_bounding_client_rect();
    let x = (f64::from(event.client_x()) - area.left()) / area.width().max(1.0) * width as f64;
    let y = (f64::from(event.client_y()) - area.top()) / area.height().max(1.0) * height as f64;
    let inside = x >= 0.0 && y >= 0.0 && x < width as f64 && y < height as f64;
    inside.then_some((y as usize, x as usize))
}

/// Where an arrow key leads from there; other keys lead nowhere.
pub fn by_key(event: &KeyboardEvent, (row, column): Spot, (height, width): (usize, usize)) -> Option<Spot> {
    let last = |length: usize| length.saturating_sub(1);
    match event.key().as_str() {
        "ArrowLeft" => Some((row, column.saturating_sub(1))),
        "ArrowRight" => Some((row, (column + 1).min(last(width)))),
        "ArrowUp" => Some((row.saturating_sub(1), column)),
        "ArrowDown" => Some(((row + 1).min(last(height)), column)),
        _ => None,
    }
}

/// Some rows and columns of `size`, height and width.
#[derive(Clone, PartialEq)]
pub struct PixelWindow {
    pub rows: Range<usize>,
    pub columns: Range<usize>,
    pub size: (usize, usize),
}

impl PixelWindow {
    pub fn spot((row, column): Spot, size: (usize, usize)) -> Self {
        Self { rows: row..row + 1, columns: column..column + 1, size }
    }
}

/// A frame over what fills the element that it is in.
pub fn frame(shown: impl Fn() -> Option<PixelWindow> + Send + Sync + 'static) -> AnyView {
    let shown = memo(shown);
    let share = |at: usize, length: usize| format!("{}%", at as f64 / length.max(1) as f64 * 100.0);
    let side = move |of: fn(&PixelWindow) -> (usize, usize)| {
        text(move || {
            shown.with(|f| f.as_ref().map(of)).map_or_else(String::new, |(at, length)| share(at, length))
        })
    };
    view! {
        <i
            class="pixels-mark"
            hidden=flag(move || shown.with(Option::is_none))
            style:top=side(|f| (f.rows.start, f.size.0))
            style:left=side(|f| (f.columns.start, f.size.1))
            style:height=side(|f| (f.rows.len(), f.size.0))
            style:width=side(|f| (f.columns.len(), f.size.1))
        ></i>
    }
    .into_any()
}
