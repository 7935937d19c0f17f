//! Labels from one tool's files to another's: where they come from on the left, the pictures with their labels in the
//! middle, what becomes of them in another format on the right.

use super::info::PageInfo;
use super::layout::Slots;
use crate::spec::Page;
use crate::ui::client::vision::VisionClient;
use crate::ui::components::drop;
use crate::ui::components::reactive::{flag, memo, part};
use crate::ui::convert::state::Converter;
use crate::ui::convert::{give, hand_on, look};
use crate::ui::language::{key, tr};
use leptos::prelude::*;

pub const PAGE: PageInfo = PageInfo {
    page: Page::Convert,
    skip_to: "#convert",
    skip_words: key("Skip to the content"),
    panels: false,
    offered: |_, _| true,
    draw,
};

fn draw() -> AnyView {
    let desk = expect_context::<Converter>();
    let over = drop::listen_all(move |files| desk.take(files));
    // Nothing here needs it, but what there is in all is what it tells.
    expect_context::<VisionClient>().start();
    let empty = memo(move || desk.reading.with(Option::is_none));
    let seen = part(move || (!empty.get()).then(|| view! { {look::panel(desk)}{hand_on::panel(desk)} }));
    let slots = Slots {
        material: Some(give::panel(desk)),
        learned: Some(seen),
        try_it: None,
        model: None,
        bar: ().into_any(),
    };
    view! {
        {slots.stage("convert", flag(move || empty.get()))}
        {drop::overlay(move || over.get().is_some(), || tr!("Drop label files to have them read"))}
    }
    .into_any()
}
