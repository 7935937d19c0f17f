//! A layer's maps for the picture that is looked at, side by side; each can be pointed at.

use super::queue::Shelf;
use super::viewer_state::Maps;
use crate::protocol::FeatureMaps;
use crate::ui::charts::export::{Thing, export, on_page};
use crate::ui::components::format;
use crate::ui::components::pick::{pointer_in_canvas, tile_by_key};
use crate::ui::components::picture::{canvas, draw_maps, value};
use crate::ui::components::reactive::{part, text};
use crate::ui::language::{known, tr};
use leptos::prelude::*;
use std::sync::Arc;
use web_sys::MouseEvent;

pub fn view(shelf: Shelf, about: StoredValue<String>, channels: usize) -> AnyView {
    let look = shelf.look;
    // Which map is asked about.
    let asked = RwSignal::new(None::<usize>);
    let body = part(move || match look.maps.get() {
        Some(Maps::Here(plane)) => {
            let plane = if plane.height == 1 { as_maps(&plane) } else { plane };
            drawn(shelf, plane, asked, channels)
        }
        Some(Maps::Failed(failure)) => {
            view! { <p class="failed" role="alert">{known(&failure.what)}" "{known(&failure.advice)}</p> }
                .into_any()
        }
        Some(Maps::Waiting) => view! { <div class="net-maps-waiting skeleton"></div> }.into_any(),
        None => view! { <p class="empty">{tr!("Choose a picture first, and its maps are drawn here.")}</p> }
            .into_any(),
    });
    view! {
        <div class="net-maps" data-testid="maps">
            <p class="sees-about">{text(move || about.get_value())}</p>
            {body}
        </div>
    }
    .into_any()
}

/// A line of numbers as maps of one number, so that all layers can be drawn and asked alike.
fn as_maps(line: &FeatureMaps) -> Arc<FeatureMaps> {
    Arc::new(FeatureMaps { maps: line.width * line.maps, width: 1, ..line.clone() })
}

fn drawn(shelf: Shelf, plane: Arc<FeatureMaps>, asked: RwSignal<Option<usize>>, channels: usize) -> AnyView {
    let maps = plane.maps as usize;
    let columns = columns(shelf, &plane);
    let shown = plane.clone();
    let picture = canvas("net-maps-canvas", move |canvas| draw_maps(canvas, &shown, columns, 0..maps));
    let (for_words, for_keys) = (plane.clone(), plane.clone());
    let name = tr!("{} maps of {} × {}. Arrows go from map to map", maps, plane.height, plane.width);
    let said = text(move || sentence(&for_words, asked.get(), channels));
    let file = Thing::canvas(tr!("The maps"), || "intab-maps".into(), || on_page(".net-maps-canvas"));
    // No map larger than a thumbnail, whatever the screen.
    let width = format!("{}rem", columns * if plane.height == 1 { 2 } else { 7 });
    view! {
        <button
            type="button"
            class="net-maps-all"
            style:max-width=width
            aria-label=name
            on:pointermove=move |e| asked.set(at(maps, columns, &e))
            on:pointerdown=move |e| asked.set(at(maps, columns, &e))
            on:pointerleave=move |_| asked.set(None)
            on:keydown=move |e| {
                if let Some(next) = tile_by_key(&e, asked.get_untracked(), columns, maps) {
                    asked.set(Some(next));
                    shelf.scene.announcement.set(sentence(&for_keys, Some(next), channels));
                }
            }
        >
            {picture}
        </button>
        <p class="net-maps-words num" data-testid="maps-words">{said}</p>
        {export(shelf.scene, "export-maps", vec![file])}
    }
    .into_any()
}

fn columns(shelf: Shelf, plane: &FeatureMaps) -> usize {
    let most = match (shelf.scene.narrow.get(), plane.height) {
        (true, 1) => 25,
        (true, _) => 8,
        (false, 1) => 50,
        (false, _) => 16,
    };
    most.min(plane.maps as usize).max(1)
}

/// “64 of 1,152 maps, 14 × 14 each, −3.1 to 5.2”, or one map's range.
fn sentence(plane: &FeatureMaps, asked: Option<usize>, channels: usize) -> String {
    let number = |v: f32| format::number(v.into());
    let (maps, cells) = (plane.maps as usize, (plane.height * plane.width) as usize);
    if let Some(map) = asked {
        let values = (0..cells).map(|i| value(plane, map * cells + i));
        let (min, max) = values.fold((f32::INFINITY, f32::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
        if cells == 1 {
            return tr!("Channel {}: {}", map + 1, number(min));
        }
        return tr!(
            "Map {} of {}: from {} to {}",
            map + 1,
            format::count(channels as u64),
            number(min),
            number(max)
        );
    }
    let count = |n: usize| format::count(n as u64);
    let shown = if maps < channels { tr!("{} of {}", count(maps), count(channels)) } else { count(maps) };
    let each = match cells {
        1 => tr!("one number each"),
        _ => tr!("{} × {} each", plane.height, plane.width),
    };
    tr!(
        "{} maps shown, {}, from {} to {}. Blue is above 0, orange below",
        shown,
        each,
        number(plane.min),
        number(plane.max)
    )
}

/// The map under the pointer.
fn at(maps: usize, columns: usize, event: &MouseEvent) -> Option<usize> {
    let (x, y) = pointer_in_canvas(event)?;
    let rows = maps.div_ceil(columns);
    let map = (y * rows as f64) as usize * columns + (x * columns as f64) as usize;
    (map < maps).then_some(map)
}
