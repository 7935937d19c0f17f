//! The list of lessons, and how one in the page's language is found.

use crate::lesson::{Contents, Listed};
use leptos::prelude::*;
use std::cell::OnceCell;

/// What `index.html` carries of the lessons. The tool wrote it; without it there are no lessons, and
/// everything else works.
pub fn contents<T>(read: impl FnOnce(&Contents) -> T) -> T {
    thread_local!(static CONTENTS: OnceCell<Contents> = const { OnceCell::new() });
    let parse = || {
        let text = document().get_element_by_id("lessons").and_then(|e| e.text_content());
        serde_json::from_str(&text.unwrap_or_default()).unwrap_or_default()
    };
    CONTENTS.with(|cell| read(cell.get_or_init(parse)))
}

/// In the page's language, or else in English.
pub fn in_language<T: Clone>(all: &std::collections::BTreeMap<String, T>) -> Option<T> {
    let language = document().document_element().and_then(|root| root.get_attribute("lang"));
    language.and_then(|language| all.get(&language)).or_else(|| all.get("en")).cloned()
}

/// All lessons in the lecture's order.
pub fn listed() -> Vec<Listed> {
    contents(|contents| in_language(&contents.listed)).unwrap_or_default()
}

/// The lab that a lesson begins with, as the hash of a link.
pub fn lab_of(id: &str) -> Option<String> {
    let find = |all: &Vec<Listed>| all.iter().find(|lesson| lesson.id == id).map(|lesson| lesson.lab.clone());
    contents(|contents| contents.listed.get("en").and_then(find))
}
