//! Numbers that are laid out in rows and columns: the one under the pointer, the next one by key, and a frame around some.

use super::reactive::{flag, memo, text};
use leptos::prelude::*;
use std::ops::Range;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, MouseEvent};

/// Row and column.
pub type Spot = (usize, usize);

/// Where the pointer is in the event's element, from the left and from the top: 0 to 1 inside of it.
pub fn pointer_in(event: &MouseEvent) -> Option<(f64, f64)> {
    Some(share_of(event, &event.current_target()?.dyn_into().ok()?))
}

/// Where it is in the canvas of the event's element, which may be narrower; none outside of the canvas.
pub fn pointer_in_canvas(event: &MouseEvent) -> Option<(f64, f64)> {
    let target: Element = event.current_target()?.dyn_into().ok()?;
    let (x, y) = share_of(event, &target.query_selector("canvas").ok()??);
    ((0.0..1.0).contains(&x) && (0.0..1.0).contains(&y)).then_some((x, y))
}

fn share_of(event: &MouseEvent, element: &Element) -> (f64, f64) {
    let area = element.get_bounding_client_rect();
    let x = (f64::from(event.client_x()) - area.left()) / area.width().max(1.0);
    let y = (f64::from(event.client_y()) - area.top()) / area.height().max(1.0);
    (x, y)
}

/// The number under the pointer, where `height × width` of them fill the event's element.
pub fn under_pointer(event: &MouseEvent, (height, width): (usize, usize)) -> Option<Spot> {
    let (x, y) = pointer_in(event)?;
    let (x, y) = (x * width as f64, y * height as f64);
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

/// Where a key leads among `count` tiles, `columns` in a row: arrows, Home and End. Other keys lead nowhere.
pub fn tile_by_key(
    event: &KeyboardEvent,
    from: Option<usize>,
    columns: usize,
    count: usize,
) -> Option<usize> {
    let last = count.saturating_sub(1);
    let next = match (event.key().as_str(), from) {
        ("ArrowRight" | "ArrowDown" | "ArrowLeft" | "ArrowUp", None) | ("Home", _) => 0,
        ("ArrowRight", Some(at)) => at + 1,
        ("ArrowLeft", Some(at)) => at.saturating_sub(1),
        ("ArrowDown", Some(at)) => at + columns,
        ("ArrowUp", Some(at)) => at.saturating_sub(columns),
        ("End", _) => last,
        _ => return None,
    };
    event.prevent_default();
    Some(next.min(last))
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
