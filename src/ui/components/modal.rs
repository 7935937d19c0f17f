//! A dialog before everything else: the browser's own, which keeps the focus and closes on Escape.

use super::icon::{Icon, icon};
use crate::ui::components::reactive::effect;
use crate::ui::language::tr;
use leptos::html;
use leptos::prelude::*;

/// For a `dialog` element that is shown while `open`; its `close` event must set `open` to false.
pub fn modal(open: RwSignal<bool>) -> NodeRef<html::Dialog> {
    let dialog = NodeRef::<html::Dialog>::new();
    effect(move |_| {
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

/// A dialog's title, whose `id` names the dialog, and the button that closes it.
pub fn head(id: &'static str, title: String, open: RwSignal<bool>) -> AnyView {
    view! {
        <div class="help-head">
            <h2 id=id class="panel-title">{title}</h2>
            <button type="button" class="quiet" on:click=move |_| open.set(false)>
                {icon(Icon::Cross)}
                <span>{tr!("Close")}</span>
            </button>
        </div>
    }
    .into_any()
}
