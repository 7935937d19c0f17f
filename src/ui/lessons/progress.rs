//! How far the visitor is in each lesson, kept in the browser.

use crate::ui::preferences;
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
        preferences::read("lessons").and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
    }

    pub fn of(&self, lesson: &str) -> Reached {
        self.0.get(lesson).cloned().unwrap_or_default()
    }

    pub fn change(&mut self, lesson: &str, change: impl FnOnce(&mut Reached)) {
        change(self.0.entry(lesson.into()).or_default());
        preferences::write("lessons", &serde_json::to_string(self).unwrap_or_default());
    }
}
