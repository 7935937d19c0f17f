//! Whether the project is there again at the next visit.

use crate::ui::timers::Debounce;
use leptos::prelude::*;

#[derive(Clone, Copy)]
pub struct Keeper {
    pub(super) soon: StoredValue<Debounce, LocalStorage>,
    pub(super) writing: StoredValue<bool>,
    /// Changed since it was last written.
    pub(super) dirty: StoredValue<bool>,
    /// Something is in the browser for the next visit.
    pub kept: RwSignal<bool>,
    /// The browser keeps nothing, and why.
    pub refused: RwSignal<Option<String>>,
}

impl Keeper {
    pub fn new() -> Self {
        Self {
            soon: StoredValue::new_local(Debounce::default()),
            writing: StoredValue::new(false),
            dirty: StoredValue::new(false),
            kept: RwSignal::new(false),
            refused: RwSignal::new(None),
        }
    }
}
