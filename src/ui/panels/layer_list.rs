//! The network as a list, for what has no pictures of maps: every layer with its output at each step and its parameters,
//! and, opened, what it does.

use super::layer::about;
use super::layer_title::layer_title;
use super::panel_state::{PanelState, scene};
use super::pictures::skeletons;
use crate::layers::{LayerInfo, Shape, format_shape};
use crate::protocol::Form;
use crate::ui::components::format;
use crate::ui::components::reactive::part;
use crate::ui::language::tr;
use leptos::prelude::*;

#[component]
pub fn LayerList() -> impl IntoView {
    let scene = scene();
    let rows = part(move || {
        let network = scene.state.network.get();
        if network.is_empty() {
            return match scene.state.lacks_text.get() {
                true => ().into_any(),
                false => skeletons(3),
            };
        }
        rows(scene, &network)
    });
    view! { <div class="network layer-list" role="group" aria-label=tr!("The network, layer by layer") data-testid="network">{rows}</div> }
        .into_any()
}

fn rows(scene: PanelState, network: &[LayerInfo]) -> AnyView {
    let total = network.iter().map(|layer| layer.parameters).sum::<usize>();
    let mut shape = untrack(|| scene.input());
    let input = input(scene, &shape);
    let mut rows = Vec::with_capacity(network.len());
    for (index, info) in network.iter().enumerate() {
        let before = std::mem::replace(&mut shape, info.output.clone());
        rows.push(row(index, info, &before, total));
    }
    view! { {input}{rows.collect_view()} }.into_any()
}

fn input(scene: PanelState, shape: &Shape) -> AnyView {
    let of_numbers = scene.form.get_untracked() == Form::Series;
    let words = match shape[..] {
        [time, numbers] if of_numbers => {
            tr!("{} steps of {} numbers", format::count(time as u64), format::count(numbers as u64))
        }
        [time, tokens] => {
            tr!("{} steps, each one of {} tokens", format::count(time as u64), format::count(tokens as u64))
        }
        _ => format_shape(shape),
    };
    view! {
        <div class="layer layer-input">
            <div class="layer-head">
                <span class="layer-name">{tr!("Input")}</span>
                <span class="layer-shape">{words}</span>
            </div>
        </div>
    }
    .into_any()
}

fn row(index: usize, info: &LayerInfo, input: &Shape, total: usize) -> AnyView {
    let parameters = match info.parameters {
        0 => tr!("no parameters"),
        n => tr!("{n} parameter" | "{n} parameters" % n),
    };
    let width = format!("{:.1}%", info.parameters as f64 / total.max(1) as f64 * 100.0);
    let class = if info.parameters > 0 { "layer layer-weighted" } else { "layer" };
    view! {
        <details class=class data-testid=format!("layer-{index}")>
            <summary class="layer-head">
                <span class="layer-name">{layer_title(info.layer)}</span>
                <span class="layer-shape mono">{in_steps(&info.output)}</span>
                <span class="layer-parameters num">{parameters}<i class="layer-share" style:width=width></i></span>
            </summary>
            <p class="layer-about">{about(info.layer, input)}</p>
        </details>
    }
    .into_any()
}

/// “32 steps × 128”
fn in_steps(shape: &[usize]) -> String {
    match *shape {
        [time, features] => tr!("{n} step × {}" | "{n} steps × {}" % time, format::count(features as u64)),
        _ => format_shape(shape),
    }
}
