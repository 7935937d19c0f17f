//! The model's sizes and the training's settings, as the catalogue lists them; at the learning rate’s stands what finds one.

use super::find_rate::find_rate;
use super::panel_state::{PanelState, scene};
use super::rate::KEY;
use super::spec_number::number_field;
use super::spec_word::word_field;
use crate::protocol::{Catalogue, ModelInfo};
use crate::spec::{NumberInfo, WordInfo};
use crate::ui::components::format;
use crate::ui::components::reactive::{memo, part, text};
use crate::ui::components::select::Select;
use crate::ui::language::{known, tr};
use leptos::prelude::*;

/// The sizes of the chosen model.
#[component]
pub fn Sizes() -> impl IntoView {
    let scene = scene();
    let sizes = memo(move || {
        let id = scene.state.spec.with(|s| s.model.id.clone());
        scene
            .state
            .catalogue
            .with(|c| c.as_ref().and_then(|c| c.models.iter().find(|m| m.id == id).map(|m| m.sizes.clone())))
    });
    let summary = text(move || {
        let keys = scene.state.spec.with(|s| s.to_keys());
        let list = sizes.get().unwrap_or_default();
        let value =
            |n: &NumberInfo| keys.get(&n.key).and_then(serde_json::Value::as_f64).unwrap_or(n.default);
        // Numbers alone are a riddle.
        list.iter()
            .map(|n| format!("{} {}", known(&n.label), format::plain(value(n))))
            .collect::<Vec<_>>()
            .join(" · ")
    });
    view! {
        {words(scene)}
        <details class="more" data-control="settings" data-testid="sizes">
            <summary>{tr!("Sizes")}<span class="summary-now num">{summary}</span></summary>
            <p class="note">{tr!("A change builds a new network and starts again from step 0.")}</p>
            <div class="settings">
                {part(move || sizes.get().unwrap_or_default().into_iter().map(number_field).collect_view())}
            </div>
        </details>
    }
    .into_any()
}

/// What the chosen model is made of, where there is a choice.
fn words(scene: PanelState) -> AnyView {
    let words = memo(move || {
        let id = scene.state.spec.with(|s| s.model.id.clone());
        // A list of layers has a builder of its own.
        let choices = |m: &ModelInfo| m.words.iter().filter(|w| !w.choices.is_empty()).cloned().collect();
        let of_model = |c: &Catalogue| c.models.iter().find(|m| m.id == id).map(choices);
        let found: Option<Vec<WordInfo>> = scene.state.catalogue.with(|c| c.as_ref().and_then(of_model));
        found.unwrap_or_default()
    });
    part(move || {
        let words = words.get();
        (!words.is_empty()).then(|| {
            let fields = words.into_iter().map(word_field).collect_view();
            view! { <div class="settings" data-control="settings">{fields}</div> }
        })
    })
}

/// Everything that the training can be told.
#[component]
pub fn TrainSettings() -> impl IntoView {
    let scene = scene();
    let numbers = memo(move || {
        let optimizer = scene.state.spec.with(|s| s.train.optimizer.clone());
        // What the optimiser does not read is not asked.
        let wanted = |n: &&NumberInfo| match n.key.as_str() {
            "train.weight_decay" => optimizer == "adamw",
            "train.beta2" => optimizer.starts_with("adam"),
            _ => true,
        };
        scene
            .state
            .catalogue
            .with(|c| c.as_ref().map(|c| c.numbers.iter().filter(wanted).cloned().collect::<Vec<_>>()))
    });
    let augments = memo(move || scene.dataset.with(|d| d.as_ref().is_some_and(|d| !d.augments.is_empty())));
    view! {
        <details class="more" data-control="settings" data-testid="training">
            <summary>{tr!("Training")}<span class="summary-now num">{text(move || in_words(scene))}</span></summary>
            <p class="note">{tr!("The learning rate changes the run that is going on; the others start again from step 0.")}</p>
            <div class="settings">
                {choice(scene, "train.optimizer", "choose-optimizer", tr!("Optimiser"))}
                {choice(scene, "train.schedule", "choose-schedule", tr!("Schedule of the learning rate"))}
                {choice(scene, "train.init", "choose-init", tr!("How weights begin"))}
                {part(move || augments.get().then(|| choice(scene, "train.augment", "choose-augment", tr!("Augmentation"))))}
                {part(move || numbers.get().unwrap_or_default().into_iter().map(|info| number(scene, info)).collect_view())}
            </div>
        </details>
    }
    .into_any()
}

fn number(scene: PanelState, info: NumberInfo) -> AnyView {
    let finds = (info.key == KEY).then(|| find_rate(scene));
    view! { {number_field(info)}{finds} }.into_any()
}

/// An optimiser, a schedule, a way to begin or an augmentation.
fn choice(scene: PanelState, key: &'static str, id: &'static str, label: String) -> AnyView {
    let refused = RwSignal::new(None::<String>);
    let data = memo(move || scene.state.spec.with(|s| s.data.id.clone()));
    let choices = memo(move || {
        scene.state.catalogue.with(|c| match (c, key) {
            (Some(c), "train.optimizer") => c.optimizers.clone(),
            (Some(c), "train.init") => c.inits.clone(),
            // A digit must not be mirrored, a photo may.
            (Some(c), "train.augment") => c.augments_of(&data.get()).cloned().collect(),
            (Some(c), _) => c.schedules.clone(),
            (None, _) => Vec::new(),
        })
    });
    let chosen = memo(move || {
        let keys = scene.state.spec.with(|s| s.to_keys());
        keys.get(key).and_then(|v| v.as_str().map(str::to_string)).unwrap_or_default()
    });
    let blurb = text(move || {
        choices
            .with(|all| all.iter().find(|c| c.id == chosen.get()).map(|c| known(&c.blurb)))
            .unwrap_or_default()
    });
    let choose = move |value: String| refused.set(scene.lab.set(key, serde_json::json!(value)).err());
    view! {
        <div class="setting setting-choice" data-control=key>
            <Select id=id label=label choices=choices chosen=chosen on_choose=choose />
            <p class="setting-help">{blurb}</p>
            <p class="setting-error" role="alert">{text(move || refused.get().unwrap_or_default())}</p>
        </div>
    }
    .into_any()
}

/// “Adam, one cycle, batches of 64, 5 epochs, seed 7”
fn in_words(scene: PanelState) -> String {
    let title = |all: &[crate::spec::ChoiceInfo], id: &str| {
        all.iter().find(|c| c.id == id).map_or_else(|| id.to_string(), |c| known(&c.title))
    };
    scene.state.spec.with(|spec| {
        scene.state.catalogue.with(|c| {
            let Some(c) = c else { return String::new() };
            let (optimizer, schedule) =
                (title(&c.optimizers, &spec.train.optimizer), title(&c.schedules, &spec.train.schedule));
            let epochs = match spec.train.epochs {
                whole if whole.fract() == 0.0 => tr!("{n} epoch" | "{n} epochs" % whole),
                part => tr!("{} epochs", format::plain(part)),
            };
            let batches = tr!("batches of {}", spec.train.batch_size);
            let seed = tr!("seed {}", spec.seed);
            let augment = match spec.train.augment.as_str() {
                "off" => String::new(),
                id => format!(" · {}", title(&c.augments, id)),
            };
            format!("{optimizer} · {schedule} · {batches} · {epochs} · {seed}{augment}")
        })
    })
}
