//! One layer of the network's picture: its name, output shape and parameters, and its maps for the picture that
//! is looked at. A map can be asked about with pointer, finger or keys; the same card opens.

use super::probe::{Part, Probe, card};
use super::scene::Scene;
use crate::layers::{self, LayerInfo, LayerSpec};
use crate::protocol::{Plane, Seen};
use crate::ui::controls::picture::{blank, canvas, draw_maps};
use crate::ui::controls::words;
use leptos::prelude::*;

/// What a row is drawn from.
pub struct Row {
    pub index: usize,
    pub info: LayerInfo,
    /// The shape that the layer takes.
    pub input: layers::Shape,
    /// Of all parameters.
    pub share: f64,
    /// The first layer that has weights shows them.
    pub filters: bool,
    /// The last layer has one number per class.
    pub classes: Vec<String>,
}

pub fn layer_row(scene: Scene, probe: RwSignal<Option<Probe>>, row: Row) -> AnyView {
    let Row { index, info, input, share, filters, classes } = row;
    let parameters = match info.parameters {
        0 => String::new(),
        n => words::count(n as u64),
    };
    let width = format!("{:.1}%", share * 100.0);
    let kind = match info.layer {
        LayerSpec::Conv { .. } | LayerSpec::Dense { .. } => "layer layer-weighted",
        _ => "layer",
    };
    let about = StoredValue::new(about(info.layer, &input));
    view! {
        <div class=kind data-testid=format!("layer-{index}")>
            <div class="layer-head">
                <span class="layer-name">{unbroken(&info.layer.title())}</span>
                <span class="layer-shape mono">{layers::words(&info.output)}</span>
                <span class="layer-parameters num" title="parameters">
                    {parameters}
                    <i class="layer-share" style:width=width></i>
                </span>
            </div>
            {filters.then(|| strip(scene, probe, index, Part::Filters, "weights"))}
            {strip(scene, probe, index, Part::Maps, "output")}
            {(!classes.is_empty()).then(|| class_names(&classes))}
            {move || {
                let open = probe.with(|p| p.is_some_and(|p| p.layer == index));
                open.then(|| card(scene, probe, about))
            }}
        </div>
    }
    .into_any()
}

/// The plane that a part of a layer shows.
pub fn plane(seen: &Seen, layer: usize, part: Part) -> Option<&Plane> {
    let look = seen.look.as_ref()?;
    match part {
        Part::Maps => look.activations.get(layer),
        Part::Filters => look.filters.as_ref(),
    }
    .filter(|p| p.maps > 0 && p.width > 0 && p.height > 0)
}

/// As many maps in a row as stay large enough to see.
pub fn columns(plane: &Plane) -> usize {
    match plane.maps {
        0..=8 => 8,
        9..=16 => plane.maps.div_ceil(2).max(8) as usize,
        _ => 16,
    }
}

/// All maps of one part on one canvas. The button makes it one stop for the keyboard; arrows go from map to map.
fn strip(
    scene: Scene,
    probe: RwSignal<Option<Probe>>,
    layer: usize,
    part: Part,
    what: &'static str,
) -> AnyView {
    let draw = canvas("maps-canvas", move |canvas| {
        scene.state.seen.with(|seen| {
            let looked = seen.as_ref().and_then(|s| s.look.as_ref());
            match seen.as_ref().and_then(|s| plane(s, layer, part)) {
                Some(plane) => draw_maps(canvas, plane, columns(plane), 0..plane.maps as usize),
                None if looked.is_none() => blank(canvas),
                None => (),
            }
        });
    });
    // The shape of the strip is known before the first maps arrive, so nothing moves when they do.
    let shape = move || strip_shape(scene, layer, part);
    let label = move || strip_label(scene, layer, part, what);
    let at_pointer = move |e: &web_sys::MouseEvent| super::probe::at_pointer(scene, layer, part, e);
    view! {
        <button
            type="button"
            class="maps"
            class:line=move || shape().2
            style:--columns=move || shape().0.to_string()
            style:aspect-ratio=move || shape().1
            aria-label=label
            aria-expanded=move || probe.with(|p| p.is_some_and(|p| p.is(layer, part))).to_string()
            on:click=move |e| probe.set(at_pointer(&e).or(Some(Probe::first(layer, part))))
            on:pointermove=move |e| {
                if e.pointer_type() == "mouse" {
                    probe.set(at_pointer(&e));
                }
            }
            on:pointerleave=move |e| {
                if e.pointer_type() == "mouse" {
                    probe.set(None);
                }
            }
            on:blur=move |_| probe.set(None)
            on:keydown=move |e| super::probe::on_key(scene, probe, layer, part, &e)
        >
            {draw}
        </button>
    }
    .into_any()
}

/// Columns, the aspect ratio in CSS's words, and whether it is one line of numbers.
fn strip_shape(scene: Scene, layer: usize, part: Part) -> (usize, String, bool) {
    let known = scene
        .state
        .seen
        .with(|s| s.as_ref().and_then(|s| plane(s, layer, part)).map(|p| (p.maps, p.height, p.width)));
    let planned = move || {
        scene.state.network.with(|layers| match layers.get(layer).map(|l| l.output.as_slice()) {
            Some([maps, height, width]) if part == Part::Maps => {
                (*maps.min(&64) as u32, *height as u32, *width as u32)
            }
            Some([maps, ..]) if part == Part::Filters => (*maps.min(&64) as u32, 5, 5),
            _ => (1, 1, 16),
        })
    };
    let (maps, height, width) = known.unwrap_or_else(planned);
    let plane = Plane { maps, height, width, min: 0.0, max: 0.0, pixels: Default::default() };
    if height == 1 && maps == 1 {
        return (1, "auto".into(), true);
    }
    let columns = columns(&plane);
    let across = columns.min(maps as usize).max(1);
    let rows = (maps as usize).div_ceil(across);
    let (w, h) = (across * (width as usize + 1) - 1, rows * (height as usize + 1) - 1);
    // Fewer maps than columns do not become larger than the others.
    (columns * 1000 / across, format!("{w} / {h}"), false)
}

fn strip_label(scene: Scene, layer: usize, part: Part, what: &str) -> String {
    let title = scene.state.network.with(|l| l.get(layer).map(|l| l.layer.title()).unwrap_or_default());
    let seen = scene.state.seen.with(|s| {
        s.as_ref().and_then(|s| plane(s, layer, part)).map(|p| match (p.maps, p.height) {
            (1, 1) => format!("{} numbers", p.width),
            (maps, height) => format!("{maps} maps of {height} × {}", p.width),
        })
    });
    format!(
        "{title}, {what}: {}. Arrow keys go from one to the next",
        seen.unwrap_or_else(|| "nothing yet".into())
    )
}

/// “5 × 5” stays on one line.
fn unbroken(title: &str) -> String {
    title.replace(" × ", "\u{a0}×\u{a0}")
}

fn class_names(classes: &[String]) -> AnyView {
    let names = classes.iter().map(|c| view! { <span>{c.clone()}</span> }.into_any()).collect_view();
    view! { <div class="layer-classes" aria-hidden="true">{names}</div> }.into_any()
}

/// What the layer does and where its parameters come from, in one line.
fn about(layer: LayerSpec, input: &[usize]) -> String {
    let first = input.first().copied().unwrap_or(0);
    match layer {
        LayerSpec::Conv { filters, kernel } => format!(
            "Slides {filters} filters over its input. {filters} × ({first} × {kernel} × {kernel} weights + 1 bias) = {} parameters",
            words::count((filters * (first * kernel * kernel + 1)) as u64)
        ),
        LayerSpec::Dense { units } => format!(
            "Each number is a weighted sum of all {} inputs. {units} × ({} weights + 1 bias) = {} parameters",
            words::count(first as u64),
            words::count(first as u64),
            words::count((units * (first + 1)) as u64)
        ),
        LayerSpec::Relu => "Negative numbers become 0, the others stay: max(0, x). Nothing to learn".into(),
        LayerSpec::MaxPool => "Keeps the largest number of each 2 × 2 window. Nothing to learn".into(),
        LayerSpec::Flatten => "The same numbers, in one line. Nothing to learn".into(),
    }
}
