//! What the table of views says of one.

use crate::protocol::Form;
use crate::ui::panels::panel_state::PanelState;
use crate::ui::table::state::TableState;
use crate::ui::text::own::OwnText;
use leptos::prelude::*;

pub struct View {
    pub form: Form,
    /// The examples are rows of a table, or are made of them.
    pub is_table: bool,
    /// As the style sheets call it.
    pub name: &'static str,
    /// What there is to learn from.
    pub material: fn() -> AnyView,
    /// The network.
    pub model: fn(PanelState) -> AnyView,
    /// What it learned, below the score.
    pub learned: fn(PanelState) -> AnyView,
    /// What a visitor can do with a network.
    pub try_it: fn() -> AnyView,
    /// While a file is held over the page.
    pub drop_words: fn() -> String,
    /// A file that was dropped or pasted, and holds no weights.
    pub take_file: fn(PanelState, Takers, web_sys::File),
}

/// Who takes a visitor's file.
#[derive(Clone, Copy)]
pub struct Takers {
    pub table: TableState,
    pub text: OwnText,
}
