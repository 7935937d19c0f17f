//! The visitor's own classes: pictures are collected, a small classifier learns them on a pretrained network's
//! features. `project` is what is remembered and `desk` what can be done; pictures come in through `gather`,
//! `camera` and `intake`; the rest is what is seen, from left to right.

pub mod desk;
pub mod project;

mod learn;
mod store;

mod camera;
mod folder;
mod gather;
mod intake;
mod opening;
mod packed;
mod samples;
mod saved;

mod classes;
mod copies;
mod none;
mod shelf;
mod taking;

mod curve;
mod model;

mod doubts;
mod fix;
mod keep;
mod learned;
mod matrix;
mod trial;

mod bar;

use crate::ui::controls::reactive::{part, text};
use crate::ui::language::tr;
use crate::ui::lessons::task;
use crate::ui::panels::tabs::Tabs;
use desk::Desk;
use gather::Place;
use leptos::prelude::*;

#[component]
pub fn OwnView() -> impl IntoView {
    let desk = expect_context::<Desk>();
    desk.open();
    on_cleanup(move || desk.camera.put_away());
    let trial = trial::Trial::new(desk);
    let over = gather::listen(desk, move |file| trial.show(file));
    view! {
        <div id="panels-top"></div>
        <Tabs />
        <main class="equation own">
            {panel(desk, "data", classes::panel(desk, over))}
            {panel(desk, "model", model::panel(desk))}
            {panel(desk, "learned", learned::panel(desk))}
            {panel(desk, "try", trial.panel())}
        </main>
        <div id="play-controls" class="transport-place" tabindex="-1">{task::in_the_foot()}{bar::bar(desk)}</div>
        {part(move || (over.get() == Some(Place::Anywhere)).then(|| view! {
            <div class="drop-over shown" aria-hidden="true">
                <p>{tr!("Drop pictures on a class, or folders anywhere: each becomes a class")}</p>
            </div>
        }))}
    }
    .into_any()
}

/// A region on a large screen; on a phone what a tab opens.
fn panel(desk: Desk, id: &'static str, content: AnyView) -> AnyView {
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
