//! Files dropped or pasted anywhere on the page.

use leptos::ev;
use leptos::prelude::*;
use web_sys::{DataTransfer, File};

/// Listens on the whole window. The signal says whether a file is held over the page right now.
pub fn listen(on_file: impl Fn(File) + Clone + 'static) -> RwSignal<bool> {
    listen_all(move |files| files.into_iter().take(1).for_each(&on_file))
}

/// The same where several files are welcome at once.
pub fn listen_all(on_files: impl Fn(Vec<File>) + Clone + 'static) -> RwSignal<bool> {
    let over = RwSignal::new(false);
    let on_paste = on_files.clone();
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
            let files = e.data_transfer().map(|t| files(&t)).unwrap_or_default();
            if !files.is_empty() {
                e.prevent_default();
                on_files(files);
            }
        }),
        window_event_listener(ev::paste, move |e| {
            let files = e.clipboard_data().map(|t| files(&t)).unwrap_or_default();
            if !files.is_empty() {
                e.prevent_default();
                on_paste(files);
            }
        }),
    ];
    on_cleanup(move || handles.into_iter().for_each(WindowListenerHandle::remove));
    over
}

fn has_file(transfer: &DataTransfer) -> bool {
    transfer.types().iter().any(|t| t.as_string().as_deref() == Some("Files"))
}

fn files(transfer: &DataTransfer) -> Vec<File> {
    transfer.files().map(|list| super::files::all(&list)).unwrap_or_default()
}
