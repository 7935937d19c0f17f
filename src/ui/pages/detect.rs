//! A network that comes trained says where all the things in a picture are: where the picture comes from on the left, the
//! picture with its boxes in the middle, the things as a list on the right.

use super::info::PageInfo;
use super::layout::Slots;
use crate::spec::Page;
use crate::ui::components::drop;
use crate::ui::components::reactive::{flag, memo, part};
use crate::ui::detect::state::finder;
use crate::ui::detect::{give, list, stage};
use crate::ui::language::{key, tr};
use leptos::prelude::*;

pub const PAGE: PageInfo = PageInfo {
    page: Page::Detect,
    skip_to: "#vision",
    skip_words: key("Skip to the content"),
    panels: false,
    offered: |catalogue, _| !catalogue.detectors.is_empty(),
    draw,
};

fn draw() -> AnyView {
    let desk = finder();
    let over = drop::listen_all(move |files| desk.take_files(files));
    // It tells what there is, and it is ready to look when there is a picture; the weights wait.
    desk.reader.start();
    desk.look_up();
    let empty = memo(move || desk.picture.with(Option::is_none));
    let seen = part(move || (!empty.get()).then(|| view! { {stage::panel(desk)}{list::panel(desk)} }));
    let slots = Slots {
        material: Some(give::panel(desk)),
        learned: Some(seen),
        try_it: None,
        model: None,
        bar: ().into_any(),
    };
    view! {
        {slots.stage("vision", flag(move || empty.get()))}
        {drop::overlay(move || over.get().is_some(), || tr!("Drop a picture to have it looked at"))}
    }
    .into_any()
}
