//! The network as a picture, drawn from the network: the input on top, then every layer with what it makes of
//! the picture that is looked at, live.

use super::layer::{Row, layer_row};
use super::panel_state::{InspectedExample, PanelState, Tab, scene};
use super::pictures::skeletons;
use super::pixels::Pixels;
use super::probe::Probe;
use crate::layers;
use crate::ui::components::reactive::{effect, flag, part, text};
use crate::ui::explain::Way;
use crate::ui::explain::dialog::WayDialog;
use crate::ui::language::tr;
use leptos::prelude::*;

#[component]
pub fn NetworkPicture() -> impl IntoView {
    let scene = scene();
    let probe = RwSignal::new(None::<Probe>);
    let way = Way::new(scene);
    effect(move |_| {
        // A phone that shows another panel need not be sent maps that nobody sees.
        let inside = !scene.narrow.get() || scene.tab.get() == Tab::Model;
        scene.lab.watch(|w| w.inside = inside);
    });
    let rows = part(move || {
        let network = scene.state.network.get();
        if network.is_empty() {
            return view! { <div class="layers-waiting">{skeletons(6)}</div> }.into_any();
        }
        let total = network.iter().map(|l| l.parameters).sum::<usize>();
        let first = network.iter().position(|l| l.parameters > 0);
        let classes = scene
            .dataset
            .with_untracked(|d| d.as_ref().map(|d| d.target.classes().to_vec()).unwrap_or_default());
        let mut input = input_shape(scene);
        let mut rows = Vec::with_capacity(network.len());
        for (index, info) in network.iter().enumerate() {
            let last = index + 1 == network.len();
            rows.push(layer_row(
                way,
                probe,
                Row {
                    index,
                    info: info.clone(),
                    input: std::mem::replace(&mut input, info.output.clone()),
                    share: info.parameters as f64 / total.max(1) as f64,
                    filters: first == Some(index),
                    classes: if last { classes.clone() } else { Vec::new() },
                },
            ));
        }
        rows.collect_view().into_any()
    });
    view! {
        <div class="network" role="group" aria-label=tr!("The network, layer by layer") data-testid="network">
            {input_row(scene)}
            {rows}
        </div>
        <WayDialog way=way />
    }
    .into_any()
}

fn input_shape(scene: PanelState) -> layers::Shape {
    scene.dataset.with(|d| d.as_ref().map_or_else(Vec::new, |d| d.shape.clone()))
}

fn input_row(scene: PanelState) -> AnyView {
    let pixels = Pixels::new(scene);
    let colour = flag(move || scene.shape()[0] == 3);
    view! {
        <div class="layer layer-input">
            <div class="layer-head">
                <span class="layer-name">{tr!("Input")}</span>
                <span class="layer-shape mono">{text(move || layers::format_shape(&input_shape(scene)))}</span>
                <span class="layer-parameters"></span>
            </div>
            <div class="layer-input-body" class:colour=colour>
                {pixels.picture("thumb pixels")}
                {pixels.channels()}
                <p class="layer-input-words">
                    {text(move || subject_words(scene))}
                    <span class="pixels-words num" data-testid="pixel">{text(move || pixels.sentence())}</span>
                </p>
            </div>
        </div>
    }
    .into_any()
}

/// Which picture this is, e.g. “Test picture 13, a 4”.
pub fn subject_words(scene: PanelState) -> String {
    scene.subject.with(|subject| match subject {
        InspectedExample::Nothing => {
            tr!("Click any picture, or draw one, and watch it pass through the layers")
        }
        InspectedExample::Train { index, target } => {
            tr!("Training picture {}, labelled {}", index + 1, scene.target_words(target))
        }
        InspectedExample::Test { index, target: Some(target) } => {
            tr!("Test picture {}, labelled {}", index + 1, scene.target_words(target))
        }
        InspectedExample::Test { index, target: None } => tr!("Test picture {}", index + 1),
        InspectedExample::Drawing => tr!("Your drawing"),
        InspectedExample::File { name } => tr!("Your picture, {}", name),
    })
}
