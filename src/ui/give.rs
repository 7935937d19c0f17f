//! What a visitor gives to learn from, a table or a text: handed on to the engines, and runs on it begin anew.

use super::controller::Controller;
use super::engine_manager::RunStage;
use crate::datasets::tokens::OWN;
use crate::table::Given;
use leptos::prelude::*;
use std::rc::Rc;

impl Controller {
    /// The table that this dataset stands for from now on; a run on it begins anew.
    pub fn give_table(self, id: &str, given: Given, mark: u32) {
        let machine = self.machine();
        machine.tables.give(id, given, mark);
        if self.state.spec.with_untracked(|s| s.data.id == id) {
            machine.open_anew();
        }
    }

    /// The table that an earlier visit left of this dataset, or that it left none; a run that waited for it opens.
    pub fn recall_table(self, id: &str, left: Option<(Given, u32)>) {
        let machine = self.machine();
        match left {
            Some((given, mark)) => machine.tables.give(id, given, mark),
            None => machine.tables.nothing_comes(id),
        }
        let waits = machine.stage.get() == RunStage::Waiting;
        if waits && self.state.spec.with_untracked(|s| s.data.id == id) {
            machine.open();
        }
    }

    /// The visitor's own text from now on; a run on it begins anew.
    pub fn give_text(self, text: Rc<str>, mark: u32) {
        let machine = self.machine();
        machine.texts.give(text, mark);
        if self.state.spec.with_untracked(|s| s.data.id == OWN) {
            machine.open_anew();
            machine.measure_again();
        }
    }

    /// The text that an earlier visit left, or that it left none; a run that waited for it opens.
    pub fn recall_text(self, left: Option<(Rc<str>, u32)>) {
        let machine = self.machine();
        match left {
            Some((text, mark)) => machine.texts.give(text, mark),
            None => machine.texts.nothing_comes(),
        }
        let waits = machine.stage.get() == RunStage::Waiting;
        if waits && self.state.spec.with_untracked(|s| s.data.id == OWN) {
            machine.open();
        }
    }
}
