//! Files in and out: the button that picks them, their bytes, and bytes offered as a download.

use super::icon::{Icon, icon};
use js_sys::{Array, Uint8Array};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, File, FileList, HtmlAnchorElement, HtmlInputElement, Url};

/// The whole file, or nothing if the browser could not read it.
pub async fn read(file: &File) -> Option<Vec<u8>> {
    let buffer = JsFuture::from(file.array_buffer()).await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}

/// Gives the bytes to the visitor as a file of this name.
pub fn offer(name: &str, bytes: &[u8]) -> Option<()> {
    let options = BlobPropertyBag::new();
    options.set_type("application/octet-stream");
    let parts = Array::of1(&Uint8Array::from(bytes));
    let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()?;
    let url = Url::create_object_url_with_blob(&blob).ok()?;
    let anchor: HtmlAnchorElement = document().create_element("a").ok()?.dyn_into().ok()?;
    anchor.set_href(&url);
    anchor.set_download(name);
    anchor.click();
    // The click only starts the download; the address must outlive it for a moment.
    set_timeout(move || drop(Url::revoke_object_url(&url)), std::time::Duration::from_secs(10));
    Some(())
}

/// A button with which the visitor chooses files.
pub struct FilePicker {
    pub words: String,
    pub icon: Option<Icon>,
    pub class: &'static str,
    /// Kinds of files, as the `accept` attribute has them; none where all are welcome.
    pub accept: Option<&'static str>,
    pub several: bool,
    /// Whole folders are chosen.
    pub folders: bool,
    /// What a screen reader says where the words alone would be unclear.
    pub label: Option<Signal<String>>,
    /// For what moves the focus here.
    pub id: Option<&'static str>,
    pub disabled: Signal<bool>,
}

impl Default for FilePicker {
    fn default() -> Self {
        Self {
            words: String::new(),
            icon: Some(Icon::Upload),
            class: "button",
            accept: None,
            several: false,
            folders: false,
            label: None,
            id: None,
            disabled: Signal::stored(false),
        }
    }
}

impl FilePicker {
    pub fn view(self, on_files: impl Fn(Vec<File>) + 'static) -> AnyView {
        view! {
            <label class=self.class class:off=self.disabled>
                {self.icon.map(icon)}
                {self.words}
                <input
                    id=self.id
                    class="sr-only"
                    type="file"
                    accept=self.accept
                    multiple=self.several
                    prop:webkitdirectory=self.folders
                    aria-label=self.label
                    disabled=self.disabled
                    on:change=move |e| on_files(chosen(&e))
                />
            </label>
        }
        .into_any()
    }

    /// Where one file is chosen at a time.
    pub fn view_one(self, on_file: impl Fn(File) + 'static) -> AnyView {
        self.view(move |files| files.into_iter().for_each(&on_file))
    }
}

/// The files that an input holds; it is emptied, so that the same file can be chosen again.
fn chosen(event: &web_sys::Event) -> Vec<File> {
    let input = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
    let Some(input) = input else { return Vec::new() };
    let files = input.files().map(|list| all(&list)).unwrap_or_default();
    input.set_value("");
    files
}

pub fn all(list: &FileList) -> Vec<File> {
    (0..list.length()).filter_map(|at| list.get(at)).collect()
}
