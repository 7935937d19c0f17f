//! How far the visitor is in each lesson.

use super::settings;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Progress(BTreeMap<String, Reached>);

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Reached {
    /// Steps by their number, from 0.
    pub steps: BTreeSet<usize>,
    pub goal: bool,
}

impl Progress {
    /// Of earlier visits. What cannot be read counts as none.
    pub fn kept() -> Self {
        settings::read_json("lessons").unwrap_or_default()
    }

    pub fn of(&self, lesson: &str) -> Reached {
        self.0.get(lesson).cloned().unwrap_or_default()
    }

    pub fn change(&mut self, lesson: &str, change: impl FnOnce(&mut Reached)) {
        change(self.0.entry(lesson.into()).or_default());
        settings::write_json("lessons", self);
    }
}
