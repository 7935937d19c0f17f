//! Asking one number of the network: which map, which place, what value. Opened by hover, tap or keys.

use super::panel_state::PanelState;
use super::planes::{LayerContent, Size, plane};
use crate::ui::components::format;
use crate::ui::components::pick::{pointer_in_canvas, tile_by_key};
use crate::ui::components::picture::{canvas, draw_maps, value};
use crate::ui::components::reactive::{flag, text};
use crate::ui::language::tr;
use leptos::prelude::*;
use web_sys::{KeyboardEvent, MouseEvent};

/// What is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probe {
    pub layer: usize,
    pub part: LayerContent,
    pub map: usize,
    /// Row and column in the map; none when the whole map was chosen by key.
    pub place: Option<(usize, usize)>,
}

impl Probe {
    pub fn first(layer: usize, part: LayerContent) -> Self {
        Self { layer, part, map: 0, place: None }
    }

    pub fn is(&self, layer: usize, part: LayerContent) -> bool {
        self.layer == layer && self.part == part
    }
}

/// The number under the pointer.
pub fn at_pointer(scene: PanelState, layer: usize, part: LayerContent, event: &MouseEvent) -> Option<Probe> {
    let (x, y) = pointer_in_canvas(event)?;
    scene.state.seen.with_untracked(|seen| {
        let plane = plane(seen.as_ref()?, layer, part)?;
        let size = Size::of(plane);
        let Size { maps, height, width } = size;
        let (full_width, full_height) = size.canvas();
        let px = (x * full_width as f64) as usize;
        let py = (y * full_height as f64) as usize;
        let map = (py / (height + 1)) * size.across() + px / (width + 1);
        let place = (py % (height + 1), px % (width + 1));
        (map < maps && place.0 < height && place.1 < width).then_some(Probe {
            layer,
            part,
            map,
            place: Some(place),
        })
    })
}

/// Arrows go from map to map, or from number to number on a line; Escape closes.
pub fn on_key(
    scene: PanelState,
    probe: RwSignal<Option<Probe>>,
    layer: usize,
    part: LayerContent,
    event: &KeyboardEvent,
) {
    let size =
        scene.state.seen.with_untracked(|s| s.as_ref().and_then(|s| plane(s, layer, part)).map(Size::of));
    let Some(size) = size else { return };
    let line = size.is_line();
    // A line of numbers is asked number by number, pictures map by map.
    let (count, across) = if line { (size.width, 10) } else { (size.maps, size.across()) };
    let now = probe.get_untracked().filter(|p| p.is(layer, part));
    let at = now.map(|p| if line { p.place.map_or(0, |q| q.1) } else { p.map });
    if event.key() == "Escape" {
        return probe.set(None);
    }
    let Some(next) = tile_by_key(event, at, across, count) else { return };
    let place = line.then_some((0, next));
    let next = Probe { layer, part, map: if line { 0 } else { next }, place };
    probe.set(Some(next));
    scene.announcement.set(sentence(scene, next));
}

/// The card: the map enlarged, where and how much, and what the layer does.
pub fn card(scene: PanelState, probe: RwSignal<Option<Probe>>, about: StoredValue<String>) -> AnyView {
    scene.state.count_action("probed");
    let enlarged = canvas("probe-canvas", move |canvas| {
        let Some(p) = probe.get() else { return };
        scene.state.seen.with(|seen| {
            if let Some(plane) =
                seen.as_ref().and_then(|s| plane(s, p.layer, p.part)).filter(|p| p.height > 1)
            {
                draw_maps(canvas, plane, 1, p.map..p.map + 1);
            }
        });
    });
    let flat = move || {
        let p = probe.get()?;
        scene.state.seen.with(|s| plane(s.as_ref()?, p.layer, p.part).map(|p| p.height == 1))
    };
    view! {
        <div class="probe" class:flat=flag(move || flat() == Some(true)) data-testid="probe">
            {enlarged}
            <div class="probe-words">
                <p class="num">{text(move || probe.get().map(|p| sentence(scene, p)).unwrap_or_default())}</p>
                <p>{text(move || about.get_value())}</p>
                <p>{text(move || match probe.get().is_some_and(|p| p.part == LayerContent::Maps) {
                    true => tr!("Press it to see how this number came to be"),
                    false => String::new(),
                })}</p>
            </div>
        </div>
    }
    .into_any()
}

/// “Map 3 of 8, from −1.20 to 3.41. Row 12, column 7: 0.84”
fn sentence(scene: PanelState, probe: Probe) -> String {
    scene.state.seen.with(|seen| {
        let Some(plane) = seen.as_ref().and_then(|s| plane(s, probe.layer, probe.part)) else {
            return tr!("Nothing to show yet. Choose a picture first");
        };
        let (height, width) = (plane.height as usize, plane.width as usize);
        let line = plane.maps == 1 && height == 1;
        let number = |v: f32| format::number(v.into());
        let at = |(y, x): (usize, usize)| number(value(plane, (probe.map * height + y) * width + x));
        if line {
            let x = probe.place.map_or(0, |p| p.1);
            let all = format::count(width as u64);
            return tr!(
                "Number {} of {}: {}. All lie between {} and {}",
                x + 1,
                all,
                at((0, x)),
                number(plane.min),
                number(plane.max)
            );
        }
        let cells = height * width;
        let of_map = (0..cells).map(|i| value(plane, probe.map * cells + i));
        let (min, max) = of_map.fold((f32::INFINITY, f32::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
        let (at_map, low, high) = (probe.map + 1, number(min), number(max));
        let range = match probe.part {
            LayerContent::Filters => tr!("Filter {} of {}, from {} to {}", at_map, plane.maps, low, high),
            LayerContent::Maps => tr!("Map {} of {}, from {} to {}", at_map, plane.maps, low, high),
        };
        match probe.place {
            Some((y, x)) => tr!("{}. Row {}, column {}: {}", range, y + 1, x + 1, at((y, x))),
            None => range,
        }
    })
}
