//! What could stand in a token's place: the ten likeliest of the token that was pressed.

use super::state::ChatState;
use crate::chat::VOCABULARY;
use crate::protocol::TokenChoice;
use crate::ui::components::reactive::part;
use crate::ui::language::tr;
use crate::ui::text::likely::{Alternatives, likely};
use leptos::prelude::*;

pub fn panel(desk: ChatState) -> AnyView {
    let nothing = part(move || {
        let none = desk.chosen.get().is_none();
        none.then(|| {
            view! { <p class="empty">{tr!("Press a word of an answer: the ten likeliest tokens for its place are shown here, and another one can be put there.")}</p> }
                .into_any()
        })
    });
    view! {
        <section class="vision-panel chat-right" aria-labelledby="title-inside" data-testid="chat-inside">
            <h2 class="panel-title" id="title-inside">{tr!("Token by token")}</h2>
            {nothing}
            {likely(alternatives(desk))}
        </section>
    }
    .into_any()
}

fn alternatives(desk: ChatState) -> Alternatives {
    Alternatives {
        chosen: desk.chosen,
        token: Callback::new(move |at: usize| {
            let tokens = desk.tokens(desk.open.get())?;
            tokens.get(at).map(|token| (token.clone(), tokens.len()))
        }),
        vocabulary: Callback::new(|()| VOCABULARY),
        sampling: Callback::new(move |()| desk.sampling()),
        busy: desk.busy,
        replace: Callback::new(move |(at, choice): (usize, TokenChoice)| {
            desk.replace(desk.open.get_untracked(), at, choice);
        }),
    }
}
