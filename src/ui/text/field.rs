//! Where a visitor gives a text of their own: a field to type or paste into, and a button for a file. It is learned when
//! they say so, not at every key.

use super::own::{OwnText, Trouble};
use crate::ui::components::files::FilePicker;
use crate::ui::components::reactive::{flag, part, text};
use crate::ui::language::tr;
use crate::ui::store::keeping::Keeping;
use crate::ui::table::say::say;
use leptos::html;
use leptos::prelude::*;

/// Where it is typed; Play leads to it while there is no text.
pub const FIELD: &str = "own-text";

pub fn field(own: OwnText) -> AnyView {
    let node = NodeRef::<html::Textarea>::new();
    let use_it = move |_| {
        if let Some(field) = node.get_untracked() {
            own.use_field(&field);
        }
    };
    let typed = move |_| {
        if let Some(field) = node.get_untracked() {
            own.typed(field);
        }
    };
    let picker = FilePicker {
        words: tr!("Choose a file"),
        accept: Some(".txt,.md,.csv,.tex,.html,.srt,text/*"),
        label: Some(Signal::stored(tr!("Choose a text file"))),
        ..FilePicker::default()
    };
    view! {
        <section class="own-text" aria-label=tr!("Your own text") data-testid="own-text">
            <label class="setting-name" for=FIELD>{tr!("Your text")}</label>
            <textarea
                id=FIELD
                rows="7"
                spellcheck="false"
                autocomplete="off"
                placeholder=tr!("Type or paste a text, or choose a file")
                aria-describedby="own-text-about own-text-trouble"
                aria-invalid=move || own.trouble.with(Option::is_some).then_some("true")
                node_ref=node
                prop:value=text(move || own.shown())
                on:input=typed
            ></textarea>
            <div class="buttons">
                <button type="button" class="button strong" data-testid="use-text" disabled=flag(move || own.busy.get()) on:click=use_it>
                    {tr!("Use this text")}
                </button>
                {picker.view_one(move |file| own.take_file(file))}
            </div>
            <p class="failed" id="own-text-trouble" role="alert" data-testid="text-trouble">{text(move || trouble(own))}</p>
            <p class="note num" id="own-text-about" role="status">{text(move || own.about())}</p>
            {part(move || notes(own))}
            {kept(own)}
        </section>
    }
    .into_any()
}

/// Why a text that was given cannot be learned from; tracked.
pub fn trouble(own: OwnText) -> String {
    own.trouble.with(|trouble| match trouble {
        None => String::new(),
        Some(Trouble::Unread) => tr!("The browser could not read this file."),
        Some(Trouble::Refused(why)) => say(why),
    })
}

fn notes(own: OwnText) -> AnyView {
    own.used.with(|used| {
        let notes = used.iter().flat_map(|used| &used.notes);
        notes.map(|note| view! { <p class="note">{say(note)}</p> }.into_any()).collect_view().into_any()
    })
}

/// Says where the text is kept, and forgets it.
fn kept(own: OwnText) -> AnyView {
    let line = |words: String, button: Option<AnyView>| {
        view! { <p class="note table-kept" data-testid="text-kept">{words}" "{button}</p> }.into_any()
    };
    let forget = move || {
        view! { <button type="button" class="quiet" on:click=move |_| own.forget()>{tr!("Forget it")}</button> }.into_any()
    };
    let keep = move || {
        view! { <button type="button" class="quiet" on:click=move |_| own.keep()>{tr!("Keep it")}</button> }
            .into_any()
    };
    part(move || match own.keeping.get() {
        Keeping::Nothing => None,
        Keeping::Saved => {
            Some(line(tr!("Your text is kept in this browser, and nowhere else."), Some(forget())))
        }
        Keeping::Forgotten => Some(line(tr!("Not kept: it is gone when this tab is closed."), Some(keep()))),
        Keeping::Refused(why) => Some(line(tr!("Not kept: this browser cannot save it ({}).", why), None)),
    })
}
