//! A dialog before everything else: the browser's own, which keeps the focus and closes on Escape.

use leptos::html;
use leptos::prelude::*;

/// For a `dialog` element that is shown while `open`; its `close` event must set `open` to false.
pub fn modal(open: RwSignal<bool>) -> NodeRef<html::Dialog> {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        if open.get() && !dialog.open() {
            // Refused only when it is open already.
            let _ = dialog.show_modal();
        } else if !open.get() && dialog.open() {
            dialog.close();
        }
    });
    dialog
}
