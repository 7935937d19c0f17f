//! What runs of an experiment came to, by dataset. In a frame they live as long as the frame.

use super::settings;
use crate::experiment::Finished;
use crate::platform::is_borrowed;

/// None where nothing is kept, or can be.
pub fn all(data: &str) -> Option<Vec<Finished>> {
    if is_borrowed() { None } else { settings::read_json(&name(data)) }
}

pub fn keep(data: &str, all: &[Finished]) {
    if !is_borrowed() {
        settings::write_json(&name(data), &all);
    }
}

fn name(data: &str) -> String {
    format!("experiment.{data}")
}
