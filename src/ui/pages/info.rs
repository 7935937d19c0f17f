//! What the table of pages says of one.

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
