//! Whether the table that is shown is there again at the next visit, and what is known of those that are.

use super::run::OWN;
use crate::ui::store::keeping::Keeping;
use crate::ui::store::table::SavedTable;
use crate::ui::timers::Debounce;
use leptos::prelude::*;
use std::collections::BTreeMap;

#[derive(Clone, Copy)]
pub struct Keeper {
    pub(super) soon: StoredValue<Debounce, LocalStorage>,
    /// By dataset, as they were when they were last shown or kept.
    pub(super) tables: StoredValue<BTreeMap<&'static str, SavedTable>>,
    pub(super) opened: StoredValue<bool>,
    pub keeping: RwSignal<Keeping>,
    /// There is a table of the visitor's own, shown or not.
    pub own: RwSignal<bool>,
}

impl Keeper {
    pub fn new() -> Self {
        Self {
            soon: StoredValue::new_local(Debounce::default()),
            tables: StoredValue::new(BTreeMap::new()),
            opened: StoredValue::new(false),
            keeping: RwSignal::new(Keeping::Nothing),
            own: RwSignal::new(false),
        }
    }

    pub(super) fn known(self, id: &str, there: bool) {
        if id == OWN {
            self.own.set(there);
        }
    }
}
