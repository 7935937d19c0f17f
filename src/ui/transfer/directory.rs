//! Folders that were dropped or picked, as pictures with the name of the folder that each lies in.

use super::incoming::Source;
use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DataTransfer, File};

pub struct Found {
    /// Empty for a file that lies in none.
    pub folder: String,
    pub source: Source,
}

// A file or folder under the pointer, as browsers name it; web-sys spreads it over six types.
#[wasm_bindgen]
extern "C" {
    pub type Entry;
    #[wasm_bindgen(method, getter, js_name = isDirectory)]
    fn is_directory(this: &Entry) -> bool;
    #[wasm_bindgen(method, getter)]
    fn name(this: &Entry) -> String;
    #[wasm_bindgen(method)]
    fn file(this: &Entry, done: &Function, failed: &Function);
    #[wasm_bindgen(method, js_name = createReader)]
    fn create_reader(this: &Entry) -> Reader;

    type Reader;
    #[wasm_bindgen(method, js_name = readEntries)]
    fn read_entries(this: &Reader, done: &Function, failed: &Function);
}

/// What is dropped, where the browser can look into folders; otherwise nothing.
pub fn entries(transfer: &DataTransfer) -> Vec<Entry> {
    let items = transfer.items();
    let entry = |i| {
        let item = items.get(i)?;
        let get: Function = Reflect::get(&item, &"webkitGetAsEntry".into()).ok()?.dyn_into().ok()?;
        let entry = get.call0(&item).ok().filter(|e| !e.is_null())?;
        Some(entry.unchecked_into::<Entry>())
    };
    (0..items.length()).filter_map(entry).collect()
}

/// All files in them, however deep.
pub async fn walk(entries: Vec<Entry>) -> Vec<Found> {
    let mut found = Vec::new();
    let mut open: Vec<(String, Entry)> = entries.into_iter().map(|e| (String::new(), e)).collect();
    while let Some((folder, entry)) = open.pop() {
        if hidden(&entry.name()) {
            continue;
        }
        if entry.is_directory() {
            let name = entry.name();
            let reader = entry.create_reader();
            // A folder gives its entries in portions, and an empty one at the end.
            while let Some(portion) = promised(|done, failed| reader.read_entries(done, failed)).await {
                let portion = Array::from(&portion);
                if portion.length() == 0 {
                    break;
                }
                open.extend(portion.iter().map(|e| (name.clone(), e.unchecked_into())));
            }
        } else if let Some(file) = promised(|done, failed| entry.file(done, failed)).await {
            found.push(Found { folder, source: Source::File(file.unchecked_into()) });
        }
    }
    found
}

/// Files of an input that takes a folder.
pub fn picked(files: Vec<File>) -> Vec<Found> {
    let found = |file: File| {
        let path = Reflect::get(&file, &"webkitRelativePath".into()).ok().and_then(|p| p.as_string());
        let path = path.unwrap_or_default();
        let mut parts = path.rsplit('/');
        let name = parts.next().unwrap_or_default();
        let folder = parts.next().unwrap_or_default().to_string();
        (!hidden(name) && !path.contains("__MACOSX")).then_some(Found { folder, source: Source::File(file) })
    };
    files.into_iter().filter_map(found).collect()
}

/// What systems put into folders for themselves.
pub fn hidden(name: &str) -> bool {
    name.starts_with('.') || ["__MACOSX", "Thumbs.db", "desktop.ini"].contains(&name)
}

/// A call that answers by callback; none if it failed.
async fn promised(call: impl Fn(&Function, &Function)) -> Option<JsValue> {
    let promise = Promise::new(&mut |resolve, reject| call(&resolve, &reject));
    JsFuture::from(promise).await.ok()
}
