//! A network that draws finishes what the visitor begins: the paper in the middle, what it is to draw on the left, several
//! endings at once on the right.

use super::info::PageInfo;
use super::layout::Slots;
use crate::spec::Page;
use crate::ui::language::key;
use crate::ui::sketch::state::studio;
use crate::ui::sketch::{controls, endings, paper};
use leptos::prelude::*;

pub const PAGE: PageInfo = PageInfo {
    page: Page::Sketch,
    skip_to: "#sketch",
    skip_words: key("Skip to the content"),
    panels: false,
    offered: |catalogue, _| !catalogue.sketchers.is_empty(),
    draw,
};

fn draw() -> AnyView {
    let desk = studio().open();
    on_cleanup(move || desk.leave());
    let slots = Slots {
        material: Some(controls::panel(desk)),
        learned: Some(paper::panel(desk)),
        try_it: Some(endings::panel(desk)),
        model: None,
        bar: ().into_any(),
    };
    slots.stage("sketch", Signal::stored(false))
}
