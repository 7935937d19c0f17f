//! The page's views, a row each: what a preset can open. A page has four slots, for what there is to learn from, the model,
//! what it learned and trying it, each filled or not, and a layout.

pub mod info;
pub mod layout;

mod chat;
mod convert;
mod detect;
mod lecture;
mod own;
mod pictures;
mod sketch;
mod train;

use crate::spec::Page;
use info::PageInfo;

static PAGES: [PageInfo; 8] = [
    lecture::PAGE,
    train::PAGE,
    pictures::PAGE,
    detect::PAGE,
    convert::PAGE,
    own::PAGE,
    sketch::PAGE,
    chat::PAGE,
];

pub fn of(page: Page) -> &'static PageInfo {
    PAGES.iter().find(|info| info.page == page).unwrap_or(&PAGES[0])
}
