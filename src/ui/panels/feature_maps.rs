//! All maps of one part of a layer on one canvas. It is one stop for the keyboard; arrows go from map to map.

use super::layer_title::layer_title;
use super::panel_state::PanelState;
use super::planes::{LayerContent, Size, plane};
use super::probe::{Probe, at_pointer, on_key};
use crate::ui::components::picture::{blank, canvas, draw_maps};
use crate::ui::components::reactive::{flag, memo, text};
use crate::ui::explain::Way;
use crate::ui::language::{known, tr};
use leptos::prelude::*;
use web_sys::MouseEvent;

/// The engine sends no more.
const MOST_MAPS: usize = 64;

pub fn strip(
    way: Way,
    probe: RwSignal<Option<Probe>>,
    layer: usize,
    part: LayerContent,
    what: &'static str,
) -> AnyView {
    let scene = way.scene;
    // A number of a map has a way to be followed; a filter's has none.
    let press = move |e: MouseEvent| {
        let chosen = at_pointer(scene, layer, part, &e)
            .or_else(|| probe.get_untracked().filter(|p| p.is(layer, part)));
        let chosen = chosen.unwrap_or(Probe::first(layer, part));
        let opened = part == LayerContent::Maps && way.open(chosen);
        probe.set((!opened).then_some(chosen));
    };
    let draw = canvas("maps-canvas", move |canvas| {
        scene.state.seen.with(|seen| {
            let looked = seen.as_ref().and_then(|s| s.look.as_ref());
            match seen.as_ref().and_then(|s| plane(s, layer, part)) {
                Some(plane) => draw_maps(canvas, plane, Size::of(plane).across(), 0..plane.maps as usize),
                None if looked.is_none() => blank(canvas),
                None => (),
            }
        });
    });
    // Known before the first maps arrive, so nothing moves when they do.
    let size = memo(move || size(scene, layer, part));
    let ratio = move || {
        let (width, height) = size.get().canvas();
        if size.get().is_line() { "auto".into() } else { format!("{width} / {height}") }
    };
    // A few maps do not become larger than many.
    let width = move || format!("{:.2}%", size.get().across() as f64 / size.get().room() as f64 * 100.0);
    view! {
        <button
            type="button"
            class="maps"
            class:line=flag(move || size.get().is_line())
            style:width=text(move || if size.get().is_line() { "100%".into() } else { width() })
            style:aspect-ratio=text(ratio)
            aria-label=text(move || label(scene, layer, part, what))
            aria-expanded=text(move || probe.with(|p| p.is_some_and(|p| p.is(layer, part))).to_string())
            on:click=press
            on:pointermove=move |e| {
                if e.pointer_type() == "mouse" {
                    probe.set(at_pointer(scene, layer, part, &e));
                }
            }
            on:pointerleave=move |e| {
                if e.pointer_type() == "mouse" {
                    probe.set(None);
                }
            }
            on:blur=move |_| probe.set(None)
            on:keydown=move |e| on_key(scene, probe, layer, part, &e)
        >
            {draw}
        </button>
    }
    .into_any()
}

/// Of what is shown, or of what will be.
fn size(scene: PanelState, layer: usize, part: LayerContent) -> Size {
    let shown = scene.state.seen.with(|s| s.as_ref().and_then(|s| plane(s, layer, part)).map(Size::of));
    shown.unwrap_or_else(|| {
        let info = scene.state.network.with(|layers| layers.get(layer).cloned());
        let line = Size { maps: 1, height: 1, width: 16 };
        let Some(info) = info else { return line };
        let maps = match part {
            LayerContent::Filters => info.layer.filter_maps(scene.shape()),
            LayerContent::Maps => match info.output[..] {
                [maps, height, width] => Some([maps, height, width]),
                [time, features] => Some([1, time, features]),
                _ => None,
            },
        };
        maps.map_or(line, |[maps, height, width]| Size { maps: maps.min(MOST_MAPS), height, width })
    })
}

fn label(scene: PanelState, layer: usize, part: LayerContent, what: &str) -> String {
    let title = scene.state.network.with(|l| l.get(layer).map(|l| layer_title(l.layer)).unwrap_or_default());
    let size = size(scene, layer, part);
    let shown = if size.is_line() {
        tr!("{} numbers", size.width)
    } else {
        tr!("{} maps of {} × {}", size.maps, size.height, size.width)
    };
    match part {
        LayerContent::Maps => {
            tr!(
                "{}, {}: {}. Arrow keys go from one to the next, Enter shows how a number came to be",
                title,
                known(what),
                shown
            )
        }
        LayerContent::Filters => {
            tr!("{}, {}: {}. Arrow keys go from one to the next", title, known(what), shown)
        }
    }
}
