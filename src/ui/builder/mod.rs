//! The builder: the network as a list of layers that is edited, with every layer's output shape and parameters as
//! they change. What does not fit is said where it is; the run keeps the last list that fits.

mod draft;
mod row;

use crate::layers::{AnswerError, KINDS, LayerKind, LayerSpec, describe, embedding, flatten, last, syntax};
use crate::models::{LAYERS, MODELS, Model, Recipe};
use crate::protocol::Form;
use crate::spec::{ModelSpec, RunSpec};
use crate::ui::components::format;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::keys::focus;
use crate::ui::components::reactive::{part, text as live};
use crate::ui::language::{known, tr};
use crate::ui::panels::panel_state::{PanelState, scene};
use draft::Draft;
use leptos::html;
use leptos::prelude::*;
use std::collections::BTreeMap;

/// The model whose layers are the visitor's.
fn own() -> Option<&'static Model> {
    MODELS.iter().find(|m| matches!(m.recipe, Recipe::Text(_)))
}

/// The network that is shown is a list of the visitor's own.
pub fn is_own(spec: &RunSpec) -> bool {
    own().is_some_and(|m| m.id == spec.model.id)
}

/// The layers of the network that is shown become a list of the visitor's own.
pub fn open(scene: PanelState) {
    let spec = scene.state.spec.get_untracked();
    let (Some(own), Some(layers)) = (own(), untrack(|| list(scene, &spec.model))) else { return };
    let changes =
        [("model.id".to_string(), own.id.into()), (format!("model.{LAYERS}"), syntax::print(&layers).into())];
    if let Err(why) = scene.lab.set_all(&changes) {
        scene.announcement.set(why);
    }
    // The button is gone; who pressed it goes on in the list.
    request_animation_frame(|| focus("builder-title"));
}

/// A model's layers, the last one's units left open; without Flatten where there is no picture to flatten.
fn list(scene: PanelState, spec: &ModelSpec) -> Option<Vec<LayerSpec>> {
    let mut layers = Model::by_id(&spec.id)?.layers_of(spec, 0).ok()?;
    layers.retain(|layer| is_of_use(scene, *layer));
    Some(layers)
}

/// Whether a layer can stand anywhere in a network that gets such data.
fn is_of_use(scene: PanelState, layer: LayerSpec) -> bool {
    let fits = |shape: &[usize]| describe(&[layer], shape).is_ok();
    match scene.form.get() {
        // Large enough for every layer that makes a picture smaller.
        Form::Picture => fits(&[1, 64, 64]) || fits(&[1]),
        // Something is asked for at every step.
        Form::Text => fits(&[2, 2]) && !layer.is(&flatten::KIND) && !layer.is(&last::KIND),
        Form::Series => fits(&[2, 2]) && !layer.is(&embedding::KIND),
        Form::Row | Form::Point => !layer.is(&flatten::KIND) && fits(&[1]),
    }
}

#[component]
pub fn Builder() -> impl IntoView {
    let draft = Draft::new(scene());
    view! {
        <section class="builder" aria-labelledby="builder-title" data-control="settings" data-testid="builder">
            <h3 id="builder-title" class="block-title" tabindex="-1">{tr!("Layers, from the input to the answer")}</h3>
            <ol class="build-list">
                <For each=move || draft.items.get() key=|item| item.id let:item>{row::row(draft, item.id)}</For>
            </ol>
            <p class="build-total num" data-testid="build-total">{live(move || total(draft))}</p>
            <p class="setting-error" role="alert" data-testid="build-error">{live(move || trouble(draft))}</p>
            {add(draft)}
            {start_from(draft)}
        </section>
    }
    .into_any()
}

fn total(draft: Draft) -> String {
    draft.fit.with(|fit| {
        if fit.misfit.is_some() {
            return String::new();
        }
        let sum = |of: fn(&crate::layers::LayerInfo) -> usize| fit.infos.iter().map(of).sum::<usize>() as u64;
        tr!(
            "{} parameters, {} multiplications for one example",
            format::count(sum(|l| l.parameters)),
            format::count(sum(|l| l.multiply_adds))
        )
    })
}

/// Why the list cannot be trained; what one layer lacks is said there.
fn trouble(draft: Draft) -> String {
    if draft.fit.with(|fit| fit.misfit.is_some()) {
        return tr!("These layers do not fit together yet. The run keeps the last ones that did.");
    }
    match draft.fit.with(|fit| fit.answer) {
        Some(AnswerError::OneForAll) => {
            tr!(
                "This network gives one answer for the whole sequence, but every step is asked for. Leave out Last step and Flatten."
            )
        }
        Some(AnswerError::OneForEach) => {
            tr!(
                "This network gives an answer at every step, but one for the whole sequence is asked for. Put Last step or Flatten before the last layer."
            )
        }
        Some(AnswerError::Foreseen) => {
            tr!(
                "A layer that reads in both directions would see what is asked for, the tokens to come. Let it read from the beginning only."
            )
        }
        Some(AnswerError::NoQuestion) => {
            tr!(
                "Encoder and decoder blocks take questions that have answers, and these data have none. Take Transformer blocks."
            )
        }
        None => draft.refused.get().unwrap_or_default(),
    }
}

fn add(draft: Draft) -> AnyView {
    let menu = NodeRef::<html::Select>::new();
    let offered = move |kind: &&'static LayerKind| is_of_use(draft.scene, kind.standard());
    let option = |kind: &LayerKind| view! { <option value=kind.word>{known(kind.title)}</option> }.into_any();
    let options = part(move || KINDS.iter().copied().filter(offered).map(option).collect_view());
    let left_out = part(move || {
        let titles = KINDS.iter().copied().filter(|kind| !offered(kind)).map(|kind| known(kind.title));
        let titles = titles.collect::<Vec<_>>().join(", ");
        (!titles.is_empty()).then(|| {
            view! { <p class="note">{tr!("Not offered, because they do not take data like this: {}.", titles)}</p> }
        })
    });
    let behind = move || match draft.chosen_place() {
        Some(place) => tr!("Add a layer, behind layer {}", place + 1),
        None => tr!("Add a layer, before the last"),
    };
    let press = move |_| {
        if let Some(kind) = menu.get_untracked().and_then(|menu| LayerSpec::kind_of(&menu.value())) {
            draft.add(kind);
        }
    };
    view! {
        <div class="build-add">
            <label class="build-label" for="add-layer">{live(behind)}</label>
            <div class="build-line">
                <select id="add-layer" node_ref=menu>
                    {options}
                </select>
                <button type="button" class="button" data-testid="add-layer" on:click=press>
                    {icon(Icon::Plus)}
                    <span>{tr!("Add")}</span>
                </button>
            </div>
            {left_out}
        </div>
    }
    .into_any()
}

/// Any network of the table, as a list to go on from.
fn start_from(draft: Draft) -> AnyView {
    let others = move || {
        let fits = |m: &&Model| {
            let spec = ModelSpec { id: m.id.into(), options: BTreeMap::new() };
            let layers = m.layers_of(&spec, draft.scene.outputs());
            let infos = layers.ok().and_then(|layers| describe(&layers, &draft.scene.input()).ok());
            infos.is_some_and(|infos| draft::answer(draft.scene, &infos).is_ok())
        };
        let others = MODELS.iter().filter(|m| !matches!(m.recipe, Recipe::Text(_))).filter(fits);
        others.map(|m| view! { <option value=m.id>{known(m.title)}</option> }.into_any()).collect_view()
    };
    let choose = move |e: web_sys::Event| {
        let id = event_target_value(&e);
        // It is a thing to do, not a state: the same one can be chosen again.
        event_target::<web_sys::HtmlSelectElement>(&e).set_value("");
        let spec = ModelSpec { id, options: BTreeMap::new() };
        if let Some(layers) = untrack(|| list(draft.scene, &spec)) {
            draft.replace(layers);
        }
    };
    view! {
        <div class="build-add">
            <label class="build-label" for="start-from">{tr!("Start from")}</label>
            <select id="start-from" on:change=choose>
                <option value="">{tr!("Choose a network")}</option>
                {part(others)}
            </select>
        </div>
    }
    .into_any()
}
