//! Files dropped or pasted anywhere on the page.

use leptos::ev;
use leptos::prelude::*;
use web_sys::{DataTransfer, File};

/// Listens on the whole window. The signal says whether a file is held over the page right now.
pub fn listen(on_file: impl Fn(File) + Clone + 'static) -> RwSignal<bool> {
    let over = RwSignal::new(false);
    let on_paste = on_file.clone();
    let handles = [
        window_event_listener(ev::dragover, move |e| {
            if e.data_transfer().is_some_and(|t| has_file(&t)) {
                // Without this the browser would leave the page and show the file.
                e.prevent_default();
                over.set(true);
            }
        }),
        window_event_listener(ev::dragleave, move |e| {
            // Without a related target the pointer has left the window.
            if e.related_target().is_none() {
                over.set(false);
            }
        }),
        window_event_listener(ev::drop, move |e| {
            over.set(false);
            if let Some(file) = e.data_transfer().and_then(|t| first_file(&t)) {
                e.prevent_default();
                on_file(file);
            }
        }),
        window_event_listener(ev::paste, move |e| {
            if let Some(file) = e.clipboard_data().and_then(|t| first_file(&t)) {
                e.prevent_default();
                on_paste(file);
            }
        }),
    ];
    on_cleanup(move || handles.into_iter().for_each(WindowListenerHandle::remove));
    over
}

fn has_file(transfer: &DataTransfer) -> bool {
    transfer.types().iter().any(|t| t.as_string().as_deref() == Some("Files"))
}

fn first_file(transfer: &DataTransfer) -> Option<File> {
    transfer.files()?.get(0)
}
