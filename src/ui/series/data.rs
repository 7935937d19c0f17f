//! Data that is a series made here: the whole of it, its settings, and where the held-out end begins.

use super::lines::{Line, Lines, points};
use super::truth::{info, name, truth};
use crate::protocol::SeriesInfo;
use crate::spec::NumberInfo;
use crate::ui::components::format;
use crate::ui::components::reactive::{memo, part, text};
use crate::ui::language::{known, tr};
use crate::ui::panels::data::chooser;
use crate::ui::panels::panel_state::{PanelState, scene};
use crate::ui::panels::spec_number::number_field;
use leptos::prelude::*;

#[component]
pub fn SeriesData() -> impl IntoView {
    let scene = scene();
    let title = text(move || scene.dataset.with(|d| d.as_ref().map(|d| known(&d.title))).unwrap_or_default());
    let blurb = text(move || scene.dataset.with(|d| d.as_ref().map(|d| known(&d.blurb))).unwrap_or_default());
    let info = info(scene);
    let numbers: Memo<Vec<NumberInfo>> =
        memo(move || scene.dataset.with(|d| d.as_ref().map(|d| d.numbers.clone()).unwrap_or_default()));
    view! {
        <h2 class="panel-title" id="title-data">{tr!("Data")}</h2>
        {chooser(scene)}
        <p class="panel-lead"><strong>{title}</strong>" "{blurb}</p>
        {whole(scene)}
        <p class="note num" data-testid="series-split">{text(move || info.with(|i| i.as_ref().map(split).unwrap_or_default()))}</p>
        <p class="note">{text(move || numbers_of_a_step(scene))}</p>
        <div class="settings" data-control="settings">
            {part(move || numbers.get().into_iter().map(number_field).collect_view())}
        </div>
    }
    .into_any()
}

/// How the end was parted from the rest, in words.
pub fn split(info: &SeriesInfo) -> String {
    let count = |n: u32| format::count(u64::from(n));
    tr!(
        "Held out is the end: the network learns from steps 1 to {}, and is tested on the last {}, a fifth. Before each prediction it reads {} steps, and nothing of what comes later.",
        count(info.cut),
        count(info.steps - info.cut),
        count(info.window)
    )
}

fn numbers_of_a_step(scene: PanelState) -> String {
    let names = scene.dataset.with(|d| d.as_ref().map(|d| d.features.clone()).unwrap_or_default());
    match names.is_empty() {
        true => String::new(),
        false => tr!("The network gets these numbers of each step: {}.", names.join(", ")),
    }
}

fn whole(scene: PanelState) -> AnyView {
    let (all, info) = (truth(scene), info(scene));
    part(move || {
        let info = info.get()?;
        let all = all.get().unwrap_or_default();
        let (cut, end) = (info.cut as usize, info.steps as usize);
        let line = |class, name, range| Line { class, name, points: points(&all, range) };
        Some(
            Lines {
                test_id: "series",
                title: tr!("The series"),
                unit: name(scene),
                from: 0.0,
                to: end as f64,
                truth: vec![
                    line("series-train", tr!("to learn from"), 0..cut + 1),
                    line("series-held", tr!("held out"), cut..end),
                ],
                said: Vec::new(),
                mark: None,
            }
            .view(),
        )
    })
}
