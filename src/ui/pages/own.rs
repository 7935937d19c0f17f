//! A classifier of the visitor's own classes, on a pretrained network's features.

use super::info::PageInfo;
use super::layout::Slots;
use crate::spec::Page;
use crate::ui::components::drop;
use crate::ui::language::{key, tr};
use crate::ui::transfer::controller::TransferController;
use crate::ui::transfer::file_drop::{self, Place};
use crate::ui::transfer::{action_bar, classes, model, results, try_it};
use leptos::prelude::*;

pub const PAGE: PageInfo = PageInfo {
    page: Page::Own,
    skip_to: "#play-controls",
    skip_words: key("Skip to the content"),
    panels: true,
    offered: |catalogue, _| !catalogue.pretrained.is_empty(),
    draw,
};

fn draw() -> AnyView {
    let desk = expect_context::<TransferController>();
    desk.open();
    on_cleanup(move || desk.camera.put_away());
    let trial = try_it::Trial::new(desk);
    let over = file_drop::listen(desk, move |file| trial.show(file));
    let slots = Slots {
        material: Some(classes::panel(desk, over)),
        model: Some(model::panel(desk)),
        learned: Some(results::panel(desk)),
        try_it: Some(trial.panel()),
        bar: action_bar::bar(desk),
    };
    view! {
        {slots.columns(desk.scene, "equation own", "own", None)}
        {drop::overlay(
            move || over.get() == Some(Place::Anywhere),
            || tr!("Drop pictures on a class, or folders anywhere: each becomes a class"),
        )}
    }
    .into_any()
}
