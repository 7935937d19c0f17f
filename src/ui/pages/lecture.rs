//! The front page: the lessons in the lecture's order.

use super::info::PageInfo;
use crate::spec::Page;
use crate::ui::language::key;
use crate::ui::lessons::index::Front;
use leptos::prelude::*;

pub const PAGE: PageInfo = PageInfo {
    page: Page::Lecture,
    skip_to: "#lecture",
    skip_words: key("Skip to the content"),
    panels: false,
    offered: |_, _| true,
    draw: || view! { <Front /> }.into_any(),
};
