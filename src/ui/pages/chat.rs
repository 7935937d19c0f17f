//! A network that comes trained talks: the network on the left, the conversation in the middle, and on the right what could
//! stand in a token's place.

use super::info::PageInfo;
use super::layout::Slots;
use crate::spec::Page;
use crate::ui::chat::state::chat_room;
use crate::ui::chat::{conversation, inside, network};
use crate::ui::language::key;
use leptos::prelude::*;

pub const PAGE: PageInfo = PageInfo {
    page: Page::Chat,
    skip_to: "#chat",
    skip_words: key("Skip to the content"),
    panels: false,
    offered: |catalogue, _| catalogue.talks,
    draw,
};

fn draw() -> AnyView {
    let desk = chat_room().open();
    on_cleanup(move || desk.stop());
    let slots = Slots {
        material: Some(network::panel(desk)),
        learned: Some(conversation::panel(desk)),
        try_it: Some(inside::panel(desk)),
        model: None,
        bar: ().into_any(),
    };
    slots.stage("chat", Signal::stored(false))
}
