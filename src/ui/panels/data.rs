//! Data: what there is to learn from. Real pictures of the training set, how many, and where they come from.

use super::panel_state::{InspectedExample, PanelState, scene};
use super::pictures::{Pictures, asked, skeletons};
use super::pipeline::pipeline;
use super::spec_number::number_field;
use super::thumbnail::{Tile, grid};
use crate::datasets::Manifest;
use crate::datasets::amount::per_class;
use crate::protocol::{DatasetInfo, Example, Picture, Request, RunState};
use crate::spec::ChoiceInfo;
use crate::ui::components::credit::credit;
use crate::ui::components::format;
use crate::ui::components::reactive::{memo, part, text};
use crate::ui::components::select::Select;
use crate::ui::language::{known, tr};
use leptos::prelude::*;

const SHOWN: u32 = 30;

#[component]
pub fn DataPanel() -> impl IntoView {
    let scene = scene();
    let title = text(move || scene.dataset.with(|d| d.as_ref().map(|d| d.title.clone())).unwrap_or_default());
    let blurb = text(move || scene.dataset.with(|d| d.as_ref().map(|d| known(&d.blurb))).unwrap_or_default());
    view! {
        <h2 class="panel-title" id="title-data">{tr!("Data")}</h2>
        {chooser(scene)}
        <p class="panel-lead"><strong>{title}</strong>" "{blurb}</p>
        {samples(scene)}
        {part(move || scene.dataset.get().map(|d| credit(&d.homepage, &d.citation, &d.licence)))}
        {split(scene)}
        {amount(scene)}
        {pipeline(scene)}
        <details class="more" data-testid="data-facts">
            <summary>{tr!("About this data")}</summary>
            {part(move || scene.dataset.get().map(|d| facts(scene, &d)))}
        </details>
    }
    .into_any()
}

/// Only where there is a choice.
pub fn chooser(scene: PanelState) -> AnyView {
    let choices = memo(move || {
        let choice =
            |d: &DatasetInfo| ChoiceInfo { id: d.id.clone(), title: d.title.clone(), blurb: d.blurb.clone() };
        scene.state.catalogue.with(|c| c.as_ref().map(|c| c.datasets.iter().map(choice).collect::<Vec<_>>()))
    });
    let chosen = memo(move || scene.state.spec.with(|s| s.data.id.clone()));
    let choose = move |id: String| {
        if let Err(why) = scene.lab.set("data.id", serde_json::json!(id)) {
            scene.announcement.set(why);
        }
    };
    view! {
        <div class="panel-choice" data-control="data data.id">
            <Select
                id="choose-data"
                label=tr!("Dataset")
                choices=Signal::derive(move || choices.get().unwrap_or_default())
                chosen=chosen
                on_choose=choose
            />
        </div>
    }
    .into_any()
}

fn samples(scene: PanelState) -> AnyView {
    let pictures = asked(scene.lab, move || {
        // A new engine is asked again, in case the old one took the question with it.
        scene.state.engine.with(|e| e.active)?;
        let dataset = scene.dataset.with(|d| d.as_ref().map(|d| d.id.clone()))?;
        Some(Request::Samples { dataset, train: (0..SHOWN).collect(), test: Vec::new() })
    });
    let tiles = part(move || match pictures.get() {
        Pictures::Idle | Pictures::Waiting => skeletons(SHOWN as usize),
        Pictures::Here(examples) => examples.iter().map(|e| sample(scene, e)).collect_view().into_any(),
        Pictures::Failed(why) => view! { <p class="failed">{why}</p> }.into_any(),
    });
    grid(scene, "tiles", tr!("Training pictures with their labels"), Some("samples"), tiles)
}

fn sample(scene: PanelState, example: &Example) -> AnyView {
    let class = scene.target_words(&example.target);
    let name = tr!("Training picture {}, labelled {}", example.index + 1, class);
    Tile {
        subject: InspectedExample::Train { index: example.index, target: example.target.clone() },
        picture: Picture::Exact(example.pixels.clone()),
        pixels: example.pixels.to_vec(),
        name: Signal::stored(name),
        caption: view! { <span class="class-name" data-class=example.target.class()>{class}</span> }
            .into_any(),
        mark: Signal::stored(""),
    }
    .view(scene)
}

/// How much of it is learned from, and how well it is labelled.
fn amount(scene: PanelState) -> AnyView {
    let numbers =
        memo(move || scene.dataset.with(|d| d.as_ref().map(|d| d.numbers.clone()).unwrap_or_default()));
    view! {
        <details class="more" data-testid="amount">
            <summary>{tr!("Learn from less, or from worse")}</summary>
            <div class="settings" data-control="settings">
                {part(move || numbers.get().into_iter().map(number_field).collect_view())}
            </div>
        </details>
    }
    .into_any()
}

/// How many to learn from and to test on; the bar fills as they arrive.
fn split(scene: PanelState) -> AnyView {
    let data = scene.state.data;
    let counts = move || {
        data.with(|d| {
            let Some(manifest) = d.manifest.as_ref() else {
                let here = (d.train_examples as u64, d.test_examples as u64);
                return (here.0 > 0).then_some(here);
            };
            Some((Manifest::examples(&manifest.train) as u64, Manifest::examples(&manifest.test) as u64))
        })
    };
    let grow = move |part: usize| {
        let (train, test) = counts().unwrap_or((6, 1));
        format!("{} 1 0%", [train, test][part].max(1))
    };
    let here = move |part: usize| {
        let Some((train, test)) = counts() else { return "0%".to_string() };
        let (all, here) = data.with(|d| [(train, d.train_examples), (test, d.test_examples)][part]);
        format!("{:.1}%", here as f64 / all.max(1) as f64 * 100.0)
    };
    let words = part(move || match counts() {
        Some((train, test)) => view! {
            <strong class="num">{learned_from(scene, train)}</strong>" "{tr!("to learn from")}", "
            <strong class="num">{format::count(test)}</strong>" "{tr!("to test on")}
        }
        .into_any(),
        None => view! { <span class="skeleton-text">{tr!("counting the examples")}</span> }.into_any(),
    });
    view! {
        <div class="split" data-testid="split">
            <div class="split-bar" aria-hidden="true">
                <span class="split-train" style:flex=text(move || grow(0))><i style:width=text(move || here(0))></i></span>
                <span class="split-test" style:flex=text(move || grow(1))><i style:width=text(move || here(1))></i></span>
            </div>
            <p class="split-words">{words}</p>
            <p class="split-bytes num" data-testid="loading">{text(move || arrived(scene))}</p>
        </div>
    }
    .into_any()
}

/// “60,000”, or “50 of 60,000”
fn learned_from(scene: PanelState, all: u64) -> String {
    let few = scene.state.spec.with(|spec| per_class(&spec.data));
    let chosen = few.map(|count| (count * scene.classes()) as u64).filter(|chosen| *chosen < all);
    match chosen {
        Some(chosen) => tr!("{} of {}", format::count(chosen), format::count(all)),
        None => format::count(all),
    }
}

/// “1.2 of 11 MB here” until everything is.
fn arrived(scene: PanelState) -> String {
    scene.state.data.with(|d| match &d.manifest {
        None if d.train_examples > 0 => String::new(),
        None => tr!("Waiting for the data’s description"),
        Some(m) if d.bytes >= m.bytes() => tr!("All here, {}", format::bytes_of(d.bytes, m.bytes())),
        Some(m) if scene.state.run.get() == RunState::Failed => {
            tr!("{} here; loading has stopped", format::bytes_of(d.bytes, m.bytes()))
        }
        Some(m) => tr!("{} here, more on the way", format::bytes_of(d.bytes, m.bytes())),
    })
}

fn facts(scene: PanelState, dataset: &DatasetInfo) -> AnyView {
    let source = text(move || {
        scene
            .state
            .data
            .with(|d| d.manifest.as_ref().map_or_else(|| tr!("not here yet"), |m| known(&m.source)))
    });
    let shape = crate::layers::format_shape(&dataset.shape);
    let numbers = |values: &[f32]| {
        values
            .iter()
            .map(|v| format::plain((f64::from(*v) * 1e4).round() / 1e4))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let normalised = tr!("(pixel ÷ 255 − {}) ÷ {}", numbers(&dataset.mean), numbers(&dataset.std));
    view! {
        <dl class="facts">
            <dt>{tr!("Each picture")}</dt>
            <dd class="mono">{shape}</dd>
            <dt>{tr!("Normalised")}</dt>
            <dd class="mono">{normalised}</dd>
            <dt>{tr!("Made from")}</dt>
            <dd>{source}</dd>
        </dl>
    }
    .into_any()
}
