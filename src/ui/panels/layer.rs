//! One layer of the network's picture: its name, output shape and parameters, and its maps for the picture that
//! is looked at. A map can be asked about with pointer, finger or keys; the same card opens.

use super::feature_maps::strip;
pub use super::layer_title::layer_title;
use super::planes::LayerContent;
use super::probe::{Probe, card};
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
    let first = input.first().copied().unwrap_or(0);
    match layer {
        LayerSpec::Conv { filters, kernel } => tr!(
            "Slides {0} filters over its input. {0} × ({1} × {2} × {2} weights + 1 bias) = {3} parameters",
            filters,
            first,
            kernel,
            format::count((filters * (first * kernel * kernel + 1)) as u64)
        ),
        LayerSpec::Dense { units } => tr!(
            "Each number is a weighted sum of all {0} inputs. {1} × ({0} weights + 1 bias) = {2} parameters",
            format::count(first as u64),
            units,
            format::count((units * (first + 1)) as u64)
        ),
        LayerSpec::Residual { .. } => tr!(
            "Two 3 × 3 convolutions, each normalised, are added to what came in: the block learns only what to change"
        ),
        LayerSpec::BatchNorm => tr!(
            "Shifts and scales each of its {0} channels to mean 0 and variance 1 over the batch, then by what it learns: {0} × 2 = {1} parameters",
            format::count(first as u64),
            format::count(2 * first as u64)
        ),
        LayerSpec::Dropout { percent } => tr!(
            "While training, each number is left out with a chance of {} %, so that none is relied on alone. Nothing to learn",
            percent
        ),
        LayerSpec::LeakyRelu => {
            tr!("Negative numbers shrink to a hundredth, the others stay. Nothing to learn")
        }
        LayerSpec::Gelu => {
            tr!("x times the chance that a normal random number is below x: a smooth ReLU. Nothing to learn")
        }
        LayerSpec::Tanh => tr!("Squeezes every number between −1 and 1. Nothing to learn"),
        LayerSpec::Sigmoid => tr!("Squeezes every number between 0 and 1: 1 / (1 + e⁻ˣ). Nothing to learn"),
        LayerSpec::AvgPool => tr!("Keeps the mean of each 2 × 2 window. Nothing to learn"),
        LayerSpec::GlobalAvgPool => tr!("Keeps one number of each map: its mean. Nothing to learn"),
        LayerSpec::Relu => tr!("Negative numbers become 0, the others stay: max(0, x). Nothing to learn"),
        LayerSpec::MaxPool => tr!("Keeps the largest number of each 2 × 2 window. Nothing to learn"),
        LayerSpec::Crop { border } => tr!("Cuts {} pixels off every side. Nothing to learn", border),
        LayerSpec::Flatten => tr!("The same numbers, in one line. Nothing to learn"),
    }
}
