//! The visitor's own classes: pictures are collected, a small classifier learns them on a pretrained network's
//! features. `project` is what is remembered and `desk` what can be done; pictures come in through `gather`,
//! `camera` and `intake`; the rest is what is seen, from left to right.

pub mod controller;
pub mod project;

mod project_store;
mod training;

mod camera;
mod directory;
mod file_drop;
mod ingest;
mod opening;
mod packed;
mod samples;
mod saved;

mod burst;
mod classes;
mod copies;
mod none;
mod thumbnails;

mod curve;
mod model;

mod export_buttons;
mod label_errors;
mod matrix;
mod relabel;
mod results;
mod try_it;

mod action_bar;

use crate::ui::components::drop;
use crate::ui::components::reactive::text;
use crate::ui::language::tr;
use crate::ui::lessons::task;
use crate::ui::panels::tabs::Tabs;
use controller::TransferController;
use file_drop::Place;
use leptos::prelude::*;

#[component]
pub fn OwnView() -> impl IntoView {
    let desk = expect_context::<TransferController>();
    desk.open();
    on_cleanup(move || desk.camera.put_away());
    let trial = try_it::Trial::new(desk);
    let over = file_drop::listen(desk, move |file| trial.show(file));
    view! {
        <div id="panels-top"></div>
        <Tabs />
        <main class="equation own">
            {panel(desk, "data", classes::panel(desk, over))}
            {panel(desk, "model", model::panel(desk))}
            {panel(desk, "learned", results::panel(desk))}
            {panel(desk, "try", trial.panel())}
        </main>
        <div id="play-controls" class="transport-place" tabindex="-1">{task::in_the_foot()}{action_bar::bar(desk)}</div>
        {drop::overlay(
            move || over.get() == Some(Place::Anywhere),
            || tr!("Drop pictures on a class, or folders anywhere: each becomes a class"),
        )}
    }
    .into_any()
}

/// A region on a large screen; on a phone what a tab opens.
fn panel(desk: TransferController, id: &'static str, content: AnyView) -> AnyView {
    let role = move || if desk.scene.narrow.get() { "tabpanel" } else { "region" };
    view! {
        <section
            class=format!("panel panel-{id}")
            id=format!("panel-{id}")
            role=text(move || role().to_string())
            aria-labelledby=format!("title-{id}")
            data-testid=format!("own-{id}")
        >
            {content}
        </section>
    }
    .into_any()
}
