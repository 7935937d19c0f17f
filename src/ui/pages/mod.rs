//! The page's views, a row each: what a preset can open. A page has four slots, for what there is to learn from, the model,
//! what it learned and trying it, each filled or not, and a layout.

pub mod layout;

mod lecture;
mod own;
mod pictures;
mod train;

use crate::protocol::Catalogue;
use crate::spec::{Page, Preset};
use leptos::prelude::*;

pub struct PageInfo {
    pub page: Page,
    /// Where “Skip to …” leads, and its words.
    pub skip_to: &'static str,
    pub skip_words: &'static str,
    /// It has the four panels, which a link can leave out.
    pub panels: bool,
    /// A preset's data or networks are among what the engines have.
    pub offered: fn(&Catalogue, &Preset) -> bool,
    pub draw: fn() -> AnyView,
}

static PAGES: [PageInfo; 4] = [lecture::PAGE, train::PAGE, pictures::PAGE, own::PAGE];

pub fn info(page: Page) -> &'static PageInfo {
    PAGES.iter().find(|info| info.page == page).unwrap_or(&PAGES[0])
}
