//! Small values by name, in `localStorage`. Where the browser keeps nothing, they hold for this visit.

use crate::ui::browser::local_storage;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub fn read(name: &str) -> Option<String> {
    local_storage()?.get_item(&format!("intab.{name}")).ok().flatten()
}

pub fn write(name: &str, value: &str) {
    if let Some(storage) = local_storage() {
        // Not kept is not a problem: it holds for this visit.
        let _ = storage.set_item(&format!("intab.{name}"), value);
    }
}

/// What cannot be read counts as none.
pub fn read_json<T: DeserializeOwned>(name: &str) -> Option<T> {
    serde_json::from_str(&read(name)?).ok()
}

pub fn write_json<T: Serialize>(name: &str, value: &T) {
    if let Ok(text) = serde_json::to_string(value) {
        write(name, &text);
    }
}
