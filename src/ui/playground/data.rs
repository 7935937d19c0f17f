//! Data that is points: which rule, how much noise, how many are held out.

use super::points::points;
use super::{draw, watch};
use crate::datasets::target::Targets;
use crate::datasets::{NUMBERS, TabularDataset};
use crate::protocol::Form;
use crate::spec::DataSpec;
use crate::ui::components::format;
use crate::ui::components::reactive::{effect, flag, memo, part, text};
use crate::ui::language::{known, tr};
use crate::ui::panels::data::chooser;
use crate::ui::panels::panel_state::{PanelState, scene};
use crate::ui::panels::spec_number::number_field;
use leptos::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;

#[component]
pub fn PlaneData() -> impl IntoView {
    let scene = scene();
    watch(scene);
    let blurb = text(move || scene.dataset.with(|d| d.as_ref().map(|d| known(&d.blurb))).unwrap_or_default());
    let title = text(move || scene.dataset.with(|d| d.as_ref().map(|d| known(&d.title))).unwrap_or_default());
    let sets = NUMBERS.iter().filter(|set| set.form == Form::Point).map(|set| thumbnail(scene, set));
    let numbers =
        memo(move || scene.dataset.with(|d| d.as_ref().map(|d| d.numbers.clone()).unwrap_or_default()));
    view! {
        <h2 class="panel-title" id="title-data">{tr!("Data")}</h2>
        {chooser(scene)}
        <p class="panel-lead"><strong>{title}</strong>" "{blurb}</p>
        <div class="plane-sets" role="group" aria-label=tr!("Which points") data-testid="point-sets" data-control="data data.id">{sets.collect_view()}</div>
        {split()}
        <div class="settings" data-control="settings">
            {part(move || numbers.get().into_iter().map(number_field).collect_view())}
        </div>
    }
    .into_any()
}

fn thumbnail(scene: PanelState, set: &'static TabularDataset) -> AnyView {
    let here = move || scene.state.spec.with(|s| s.data.id == set.about.id);
    let node = NodeRef::<leptos::html::Canvas>::new();
    effect(move |_| {
        let Some(canvas) = node.get() else { return };
        let spec = DataSpec { id: set.about.id.into(), options: BTreeMap::new() };
        let (Some((context, width, height)), Ok(numbers)) =
            (draw::sharp(&canvas), (set.open)(&spec, 7, None))
        else {
            return;
        };
        let most = most(&numbers.train.targets);
        draw::dots(&context, (width, height), &numbers.train, draw::Dots { radius: 1.3, rings: false, most });
    });
    let choose = move |_| {
        if let Err(why) = scene.lab.set("data.id", json!(set.about.id)) {
            scene.announcement.set(why);
        }
    };
    view! {
        <button type="button" class="plane-set" class:chosen=flag(here) aria-pressed=text(move || here().to_string())
            data-testid=format!("set-{}", set.about.id) on:click=choose>
            <canvas node_ref=node aria-hidden="true"></canvas>
            <span>{known(set.about.title)}</span>
        </button>
    }
    .into_any()
}

/// The greatest size among numbers.
pub fn most(targets: &Targets) -> Option<f32> {
    let Targets::Values(numbers) = targets else { return None };
    Some(numbers.iter().fold(1e-6, |most: f32, v| most.max(v.abs())))
}

fn split() -> AnyView {
    let points = points();
    let words = text(move || {
        points.with(|p| match p {
            Some(p) => tr!(
                "{} points to learn from, {} held out to test on",
                format::count(p.train.len() as u64),
                format::count(p.test.len() as u64)
            ),
            None => String::new(),
        })
    });
    view! { <p class="split-words num" data-testid="split">{words}</p> }.into_any()
}
