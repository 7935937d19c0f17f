//! Files dropped or pasted anywhere on the page.

use super::reactive::{flag, text};
use leptos::ev;
use leptos::prelude::*;
use web_sys::{DataTransfer, DragEvent, File};

/// Listens on the whole window for one file. The signal says whether a file is held over the page right now.
pub fn listen(on_file: impl Fn(File) + Clone + 'static) -> RwSignal<Option<()>> {
    listen_all(move |files| files.into_iter().take(1).for_each(&on_file))
}

/// The same where several files are welcome at once.
pub fn listen_all(on_files: impl Fn(Vec<File>) + Clone + 'static) -> RwSignal<Option<()>> {
    let take = move |transfer: &DataTransfer| {
        let files = files(transfer);
        let some = !files.is_empty();
        if some {
            on_files(files);
        }
        some
    };
    let on_paste = take.clone();
    listen_at(|_| (), move |(), transfer| _ = take(transfer), on_paste)
}

/// Where it matters at which `place` something is dropped. `on_paste` says whether it took what was pasted. The signal
/// says where a file is held right now.
pub fn listen_at<P: Copy + PartialEq + Send + Sync + 'static>(
    place: fn(&DragEvent) -> P,
    on_drop: impl Fn(P, &DataTransfer) + 'static,
    on_paste: impl Fn(&DataTransfer) -> bool + 'static,
) -> RwSignal<Option<P>> {
    let over = RwSignal::new(None);
    let handles = [
        window_event_listener(ev::dragover, move |e| {
            if e.data_transfer().is_some_and(|t| has_file(&t)) {
                // Without this the browser would leave the page and show the file.
                e.prevent_default();
                let place = Some(place(&e));
                if over.get_untracked() != place {
                    over.set(place);
                }
            }
        }),
        window_event_listener(ev::dragleave, move |e| {
            // Without a related target the pointer has left the window.
            if e.related_target().is_none() {
                over.set(None);
            }
        }),
        window_event_listener(ev::drop, move |e| {
            over.set(None);
            if let Some(transfer) = e.data_transfer().filter(has_file) {
                e.prevent_default();
                on_drop(place(&e), &transfer);
            }
        }),
        window_event_listener(ev::paste, move |e| {
            if e.clipboard_data().is_some_and(|t| on_paste(&t)) {
                e.prevent_default();
            }
        }),
    ];
    on_cleanup(move || handles.into_iter().for_each(WindowListenerHandle::remove));
    over
}

/// Words over the whole page while a file is held over it.
pub fn overlay(
    shown: impl Fn() -> bool + Send + Sync + 'static,
    words: impl Fn() -> String + Send + Sync + 'static,
) -> AnyView {
    view! {
        <div class="drop-over" class:shown=flag(shown) aria-hidden="true">
            <p>{text(words)}</p>
        </div>
    }
    .into_any()
}

fn has_file(transfer: &DataTransfer) -> bool {
    transfer.types().iter().any(|t| t.as_string().as_deref() == Some("Files"))
}

pub fn files(transfer: &DataTransfer) -> Vec<File> {
    transfer.files().map(|list| super::files::all(&list)).unwrap_or_default()
}
