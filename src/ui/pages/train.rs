//! A run that is trained here: data → model → what it learned, and trying it. Its panels are drawn by what one example is.

use super::info::PageInfo;
use super::layout::Slots;
use crate::spec::Page;
use crate::ui::components::drop;
use crate::ui::components::reactive::{memo, part, subscribe, text};
use crate::ui::language::key;
use crate::ui::panels::model::ModelPanel;
use crate::ui::panels::panel_state::{PanelState, scene};
use crate::ui::panels::playback::Transport;
use crate::ui::panels::results::LearnedPanel;
use crate::ui::panels::weights;
use crate::ui::views::info::Takers;
use crate::ui::views::view as look;
use leptos::prelude::*;
use std::time::Duration;

/// Between the panels' first drawing.
const TASK_MILLISECONDS: u64 = 15;

pub const PAGE: PageInfo = PageInfo {
    page: Page::Train,
    skip_to: "#play-controls",
    skip_words: key("Skip to the training controls"),
    panels: true,
    offered: |catalogue, preset| catalogue.datasets.iter().any(|d| d.id == preset.data),
    draw,
};

fn draw() -> AnyView {
    let scene = scene();
    let takers = Takers { table: expect_context(), text: expect_context() };
    let over = drop::listen(move |file| take(scene, takers, file));
    // One panel a task: drawn all at once they would hold up a click for a quarter of a second on a slow machine.
    let drawn = RwSignal::new(0);
    for count in 1..4_u8 {
        let time = Duration::from_millis(u64::from(count) * TASK_MILLISECONDS);
        set_timeout(move || _ = drawn.try_set(count), time);
    }
    let slot = move |turn: u8, draw: fn(PanelState) -> AnyView| {
        let there = memo(move || drawn.get() >= turn);
        Some(part(move || there.get().then(|| draw(scene))))
    };
    let slots = Slots {
        material: slot(0, |scene| {
            // A table stays as it is when its rows are said to be in order.
            let drawn = memo(move || {
                let view = look(scene);
                (view.name, view.is_table)
            });
            part(move || {
                subscribe(drawn);
                untrack(move || (look(scene).material)())
            })
        }),
        model: slot(1, |_| {
            view! { <ModelPanel network=|scene| part(move || (look(scene).model)(scene)) /> }.into_any()
        }),
        learned: slot(2, |_| {
            view! { <LearnedPanel learned=|scene| part(move || (look(scene).learned)(scene)) /> }.into_any()
        }),
        try_it: slot(3, |scene| part(move || (look(scene).try_it)())),
        bar: view! { <Transport /> }.into_any(),
    };
    let form = text(move || look(scene).name.to_string());
    view! {
        {slots.columns(scene, "equation", "panel", Some(form))}
        {drop::overlay(move || over.get().is_some(), move || (look(scene).drop_words)())}
    }
    .into_any()
}

/// A file that was dropped or pasted: weights by their name, anything else is an example, a table or a text.
fn take(scene: PanelState, takers: Takers, file: web_sys::File) {
    if file.name().ends_with(".safetensors") {
        weights::load(scene, file);
    } else {
        (untrack(move || look(scene)).take_file)(scene, takers, file);
    }
}
