//! Where the number lies: its map, to choose another number from, and what of the picture it can see.

use super::Way;
use super::frame::CHOOSER;
use super::labels::{fixed, is_list, maps};
use crate::explain::{Position, field};
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::pick::{PixelWindow, Spot, by_key, frame, under_pointer};
use crate::ui::components::picture::{blank, canvas, draw_channel, draw_numbers, draw_picture, ink_canvas};
use crate::ui::components::reactive::{memo, part, text};
use crate::ui::language::tr;
use leptos::prelude::*;
use web_sys::{KeyboardEvent, PointerEvent};

/// A list's numbers stand in rows of this many.
const IN_A_ROW: usize = 32;
impl Way {
    /// Height and width of what can be chosen from.
    fn size(self, place: Position) -> (usize, usize) {
        let [maps, height, width] = maps(self.scene, place);
        match is_list(self.scene, place) {
            true => (maps.div_ceil(IN_A_ROW), maps.min(IN_A_ROW)),
            false => (height, width),
        }
    }

    fn spot(self, place: Position) -> Spot {
        let (_, width) = self.size(place);
        if is_list(self.scene, place) {
            (place.map / width, place.map % width)
        } else {
            (place.row, place.column)
        }
    }

    /// The number at a spot of the map, or of the list, that `place` is in.
    fn at(self, place: Position, (row, column): Spot) -> Option<Position> {
        let [maps, ..] = maps(self.scene, place);
        let (_, width) = self.size(place);
        match is_list(self.scene, place) {
            true => Some(Position { map: row * width + column, ..place }).filter(|place| place.map < maps),
            false => Some(Position { row, column, ..place }),
        }
    }
}

/// The picture with what the number can see of it.
pub fn input_picture(way: Way) -> AnyView {
    let seen = memo(move || {
        let place = way.walk.place()?;
        let region = way.scene.state.network.with(|n| field(n, &way.scene.shape(), place, None));
        let [_, height, width] = way.scene.shape();
        Some(PixelWindow { rows: region.rows, columns: region.columns, size: (height, width) })
    });
    let draw = ink_canvas("way-canvas", move |canvas| match way.picture() {
        Some(bytes) => draw_picture(canvas, way.scene.shape(), &bytes),
        None => blank(canvas),
    });
    let words = text(move || {
        let Some(PixelWindow { rows, columns, size: (height, width) }) = seen.get() else {
            return String::new();
        };
        match (rows.len(), columns.len()) == (height, width) {
            true => tr!("It can see the whole picture"),
            false => tr!("It can see {} × {} of {} × {} pixels", rows.len(), columns.len(), height, width),
        }
    });
    view! {
        <figure class="way-figure way-input" data-testid="way-input">
            <div class="way-picture">{draw}{frame(move || seen.get())}</div>
            <figcaption class="num">{words}</figcaption>
        </figure>
    }
    .into_any()
}

/// A map as it is told: of the picture in its colours or as ink, of a layer in blue and orange.
pub fn map_canvas(way: Way, place: impl Fn() -> Option<Position> + Send + Sync + 'static) -> AnyView {
    let place = memo(place);
    let of_input = memo(move || place.get().is_some_and(|p| p.layer.is_none()));
    part(move || match of_input.get() {
        true => ink_canvas("way-canvas", move |canvas| {
            let Some((place, bytes)) = place.get().zip(way.picture()) else { return blank(canvas) };
            let shape = way.scene.shape();
            match shape[0] {
                3 => draw_channel(canvas, shape, &bytes, place.map),
                _ => draw_picture(canvas, shape, &bytes),
            }
        }),
        false => canvas("way-canvas way-map", move |canvas| {
            let numbers = place.get().and_then(|place| Some((way.size(place).1, way.numbers(place)?)));
            match numbers {
                Some((width, numbers)) => draw_numbers(canvas, width, &numbers),
                None => blank(canvas),
            }
        }),
    })
}

/// The map, to point at; arrow keys go from number to number, Page keys from map to map.
pub fn chooser(way: Way) -> AnyView {
    let place = memo(move || way.walk.place());
    let size = memo(move || place.get().map_or((1, 1), |place| way.size(place)));
    // Of the map that was chosen, also while another one of its layer is still shown.
    let chosen = move |spot: Option<Spot>| {
        let (shown, chosen) = (place.get_untracked()?, way.walk.trail.with_untracked(|t| t.last().copied())?);
        let same = (chosen.layer, chosen.inside) == (shown.layer, shown.inside);
        spot.filter(|_| same).and_then(|spot| untrack(move || way.at(chosen, spot)))
    };
    let point = move |e: PointerEvent, stays: bool| {
        let Some(next) = chosen(under_pointer(&e, size.get_untracked())) else { return };
        // A mouse can look around before it chooses; a finger cannot. What opens under a mouse at rest is not pointed at.
        if stays || e.pointer_type() != "mouse" {
            way.walk.change(next);
        } else if e.movement_x() != 0 || e.movement_y() != 0 {
            way.walk.hover.set(Some(next));
        }
    };
    let label = text(move || {
        let Some(place) = place.get() else { return String::new() };
        let (height, width) = size.get();
        let (layer, map) = (way.walk.names.layer.run(place), way.walk.names.number.run(place));
        let shown =
            if is_list(way.scene, place) { layer } else { format!("{layer}, {map}: {height} × {width}") };
        tr!("{}. Arrow keys go from number to number", shown)
    });
    let line = memo(move || place.get().is_some_and(|place| is_list(way.scene, place)));
    let ratio = text(move || match (line.get(), size.get()) {
        (true, _) => "auto".into(),
        (false, (height, width)) => format!("{width} / {height}"),
    });
    // A number of a list is as high as a finger, or there are too many.
    let height = text(move || match (line.get(), size.get().0) {
        (false, _) => "auto".into(),
        (true, 1) => "var(--target)".into(),
        (true, rows) => format!("{:.2}rem", (0.75 * rows as f64).min(15.0)),
    });
    view! {
        <figure class="way-figure way-output">
            <div
                id=CHOOSER
                class="way-picture way-choose"
                role="application"
                tabindex="0"
                aria-label=label
                data-testid="way-map"
                style:aspect-ratio=ratio
                style:height=height
                on:pointermove=move |e| point(e, false)
                on:pointerdown=move |e| point(e, true)
                on:pointerleave=move |_| way.walk.hover.set(None)
                on:keydown=move |e| on_key(way, &e)
            >
                {map_canvas(way, move || place.get())}
                {frame(move || place.get().map(|place| PixelWindow::spot(way.spot(place), size.get())))}
            </div>
            <figcaption>{turn(way, place)}</figcaption>
        </figure>
    }
    .into_any()
}

/// From map to map.
fn turn(way: Way, place: Memo<Option<Position>>) -> AnyView {
    let to = move |up: bool| untrack(move || next_map(way, place.get()?, up));
    let button = move |up: bool, name: String, shape: Icon| {
        view! {
            <button type="button" class="stepper-button" aria-label=name
                on:click=move |_| { to(up).inspect(|next| way.walk.change(*next)); }>{icon(shape)}</button>
        }
        .into_any()
    };
    let words = text(move || {
        let Some(place) = place.get() else { return String::new() };
        let [maps, ..] = maps(way.scene, place);
        match (place.layer, is_list(way.scene, place)) {
            (None, _) => way.walk.names.number.run(place),
            (_, true) => tr!("{} of {} numbers", place.map + 1, maps),
            (_, false) => tr!("map {} of {}", place.map + 1, maps),
        }
    });
    let several = memo(move || place.get().is_some_and(|place| maps(way.scene, place)[0] > 1));
    view! {
        {part(move || several.get().then(|| button(false, tr!("The one before"), Icon::Minus)))}
        <span class="num">{words}</span>
        {part(move || several.get().then(|| button(true, tr!("The next one"), Icon::Plus)))}
    }
    .into_any()
}

fn next_map(way: Way, place: Position, up: bool) -> Option<Position> {
    let [maps, ..] = maps(way.scene, place);
    let map = if up { place.map + 1 } else { place.map.checked_sub(1)? };
    (map < maps).then_some(Position { map, ..place })
}

fn on_key(way: Way, event: &KeyboardEvent) {
    let Some(place) = way.walk.place_untracked() else { return };
    let next = untrack(move || match event.key().as_str() {
        "PageUp" => next_map(way, place, false),
        "PageDown" => next_map(way, place, true),
        _ => by_key(event, way.spot(place), way.size(place)).and_then(|spot| way.at(place, spot)),
    });
    let Some(next) = next else { return };
    event.prevent_default();
    way.walk.change(next);
    let said = untrack(move || {
        let value = way.walk.working.with(|w| w.as_ref().filter(|w| w.place == next).map(|w| fixed(w.value)));
        [Some(way.walk.names.place.run(next)), value].into_iter().flatten().collect::<Vec<_>>().join(": ")
    });
    way.scene.announcement.set(said);
}
