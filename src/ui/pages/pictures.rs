//! A network that comes trained tells what is in a picture. The picture is on a stage: what the network sees of it, what it
//! says, and below how it came to that, layer by layer.

use super::info::PageInfo;
use super::layout::Slots;
use crate::spec::Page;
use crate::ui::components::drop;
use crate::ui::components::reactive::{flag, memo, part};
use crate::ui::language::{key, tr};
use crate::ui::pictures::queue::shelf;
use crate::ui::pictures::{answer, gallery, layers, upload, viewer};
use leptos::prelude::*;

pub const PAGE: PageInfo = PageInfo {
    page: Page::Pictures,
    skip_to: "#vision",
    skip_words: key("Skip to the content"),
    panels: false,
    offered: |catalogue, _| !catalogue.pretrained.is_empty(),
    draw,
};

fn draw() -> AnyView {
    let shelf = shelf();
    let over = drop::listen_all(move |files| shelf.add_files(files));
    // It tells what there is, and it is ready to read when there is a picture; the weights wait.
    shelf.reader.start();
    shelf.look_up();
    let empty = memo(move || shelf.items.with(Vec::is_empty));
    let seen = part(move || (!empty.get()).then(|| view! { {viewer::panel(shelf)}{answer::panel(shelf)} }));
    let slots = Slots {
        material: Some(upload::panel(shelf)),
        learned: Some(seen),
        try_it: Some(gallery::panel(shelf)),
        model: Some(layers::panel(shelf)),
        bar: ().into_any(),
    };
    view! {
        {slots.stage("vision", flag(move || empty.get()))}
        {drop::overlay(move || over.get().is_some(), || tr!("Drop pictures to have them read"))}
    }
    .into_any()
}
