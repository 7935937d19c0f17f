//! The menu of languages, each named in itself.

use super::panel_state::PanelState;
use crate::ui::components::reactive::text;
use crate::ui::language::{self, FIRST, PageLanguage, tr};
use crate::ui::state::{NoticeLevel, State};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Nothing where the page has only English.
pub fn menu(scene: PanelState) -> AnyView {
    let PageLanguage(shown) = expect_context::<PageLanguage>();
    let others = language::all();
    if others.is_empty() {
        return ().into_any();
    }
    let names = others.into_iter().map(|(id, language)| (id, language.name));
    let all: Vec<_> = [(FIRST.to_string(), "English".to_string())].into_iter().chain(names).collect();
    let current = shown.get_untracked();
    let option = |(id, name): (String, String)| {
        let selected = id == current;
        view! { <option value=id.clone() lang=id selected=selected>{name}</option> }.into_any()
    };
    let choose = move |event: web_sys::Event| {
        let id = event_target_value(&event);
        spawn_local(async move {
            if language::switch(&id).await {
                return shown.set(id);
            }
            not_fetched(scene.state);
            // The menu goes back to what the page has.
            shown.notify();
        });
    };
    view! {
        <select
            class="language"
            id="language"
            aria-label=tr!("Language")
            data-control="language"
            prop:value=text(move || shown.get())
            on:change=choose
        >
            {all.into_iter().map(option).collect_view()}
        </select>
    }
    .into_any()
}

/// The page stays in the language that it has.
pub fn not_fetched(state: State) {
    state.notify(
        NoticeLevel::Problem,
        tr!("The page’s words in your language could not be fetched."),
        tr!("Choose the language again when the network is back."),
    );
}
