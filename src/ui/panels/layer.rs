//! One layer of the network's picture: its name, output shape and parameters, and its maps for the picture that
//! is looked at. A map can be asked about with pointer, finger or keys; the same card opens.

use super::feature_maps::strip;
use super::layer_title::{in_words, layer_title};
use super::planes::LayerContent;
use super::probe::{Probe, card};
use crate::layers::page::{LayerPage, Sentence};
use crate::layers::{self, LayerInfo, LayerSpec};
use crate::ui::components::format;
use crate::ui::components::reactive::part;
use crate::ui::explain::Way;
use crate::ui::language::{key, known, tr};
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

pub fn layer_row(way: Way, probe: RwSignal<Option<Probe>>, row: Row) -> AnyView {
    let scene = way.scene;
    let Row { index, info, input, share, filters, classes } = row;
    let parameters = match info.parameters {
        0 => String::new(),
        n => format::count(n as u64),
    };
    let width = format!("{:.1}%", share * 100.0);
    let kind = if info.parameters > 0 { "layer layer-weighted" } else { "layer" };
    let about = StoredValue::new(about(info.layer, &input));
    view! {
        <div class=kind data-testid=format!("layer-{index}")>
            <div class="layer-head">
                <span class="layer-name">{unbroken(&layer_title(info.layer))}</span>
                <span class="layer-shape mono">{layers::format_shape(&info.output)}</span>
                <span class="layer-parameters num" title=tr!("parameters")>
                    {parameters}
                    <i class="layer-share" style:width=width></i>
                </span>
            </div>
            {filters.then(|| strip(way, probe, index, LayerContent::Filters, key("weights")))}
            {strip(way, probe, index, LayerContent::Maps, key("output"))}
            {(!classes.is_empty()).then(|| class_names(&classes))}
            {part(move || {
                let open = probe.with(|p| p.is_some_and(|p| p.layer == index));
                open.then(|| card(scene, probe, about))
            })}
        </div>
    }
    .into_any()
}

/// “5 × 5” stays on one line.
fn unbroken(title: &str) -> String {
    title.replace(" × ", "\u{a0}×\u{a0}")
}

fn class_names(classes: &[String]) -> AnyView {
    let names = classes.iter().map(|c| view! { <span>{known(c)}</span> }.into_any()).collect_view();
    let class = if classes.iter().any(|c| c.len() > 3) { "layer-classes long" } else { "layer-classes" };
    view! { <div class=class aria-hidden="true">{names}</div> }.into_any()
}

/// What the layer does and where its parameters come from, in one line.
pub fn about(layer: LayerSpec, input: &[usize]) -> String {
    let Sentence { text, values } = (LayerPage::of(layer).about)(layer, input);
    in_words(text, values.into_iter().map(|value| format::count(value as u64)))
}
