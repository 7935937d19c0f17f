//! Model: what learns. The kind of network, its sizes, the network itself as a picture, and how it is trained.

use super::engine::EngineSection;
use super::panel_state::{PanelState, scene};
use super::settings::{Sizes, TrainSettings};
use super::shipped_weights::TrainedWeights;
use crate::spec::ChoiceInfo;
use crate::ui::builder;
use crate::ui::components::format;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::reactive::{memo, part, text};
use crate::ui::components::select::Select;
use crate::ui::language::{known, tr};
use leptos::prelude::*;

/// `network` draws the network itself.
#[component]
pub fn ModelPanel(network: fn(PanelState) -> AnyView) -> impl IntoView {
    let scene = scene();
    let refused = RwSignal::new(None::<String>);
    let own = memo(move || scene.state.spec.with(builder::is_own));
    view! {
        <h2 class="panel-title" id="title-model">{tr!("Model")}</h2>
        {chooser(scene, refused)}
        <p class="setting-error" role="alert">{text(move || refused.get().unwrap_or_default())}</p>
        <p class="panel-lead">
            <strong class="num" data-testid="parameters">{text(move || total(scene))}</strong>
            " "
            {text(move || blurb(scene))}
        </p>
        <TrainedWeights />
        {network(scene)}
        {part(move || (!own.get()).then(|| view! { <Sizes /> }))}
        <TrainSettings />
        <EngineSection />
    }
    .into_any()
}

/// Makes the network that is shown a list of the visitor's own.
pub fn edit_button(scene: PanelState) -> AnyView {
    part(move || {
        let own = scene.state.spec.with(builder::is_own);
        (!own).then(|| {
            view! {
                <button type="button" class="quiet" data-testid="edit-layers" data-control="settings" on:click=move |_| builder::open(scene)>
                    {icon(Icon::Table)}
                    <span>{tr!("Edit layers")}</span>
                </button>
            }
        })
    })
}

fn chooser(scene: PanelState, refused: RwSignal<Option<String>>) -> AnyView {
    // Those that the data fits into.
    let choices = memo(move || {
        let spec = scene.state.spec.get();
        scene.state.catalogue.with(|c| {
            let Some(c) = c else { return Vec::new() };
            let fits = |m: &&crate::protocol::ModelInfo| {
                c.change(&spec, "model.id", &serde_json::json!(m.id)).is_ok()
            };
            let choice = |m: &crate::protocol::ModelInfo| ChoiceInfo {
                id: m.id.clone(),
                title: m.title.clone(),
                blurb: m.blurb.clone(),
            };
            c.models.iter().filter(fits).map(choice).collect::<Vec<_>>()
        })
    });
    let chosen = memo(move || scene.state.spec.with(|s| s.model.id.clone()));
    let choose = move |id: String| refused.set(scene.lab.set("model.id", serde_json::json!(id)).err());
    view! {
        <div class="panel-choice" data-control="model.id">
            <Select id="choose-model" label=tr!("Network") choices=choices chosen=chosen on_choose=choose />
        </div>
    }
    .into_any()
}

/// “54,314 parameters.”
fn total(scene: PanelState) -> String {
    let total = scene.state.network.with(|layers| layers.iter().map(|l| l.parameters as u64).sum::<u64>());
    if total == 0 { String::new() } else { tr!("{} parameters.", format::count(total)) }
}

fn blurb(scene: PanelState) -> String {
    let id = scene.state.spec.with(|s| s.model.id.clone());
    scene.state.catalogue.with(|c| {
        let models = c.as_ref().map(|c| c.models.as_slice()).unwrap_or_default();
        models.iter().find(|m| m.id == id).map(|m| known(&m.blurb)).unwrap_or_default()
    })
}
