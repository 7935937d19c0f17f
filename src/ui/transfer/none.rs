//! “None of these”: a class for pictures of anything else. Without it the classifier has to choose one of the others,
//! whatever it sees.

use super::controller::TransferController;
use super::project::MOST_CLASSES;
use super::{burst, samples};
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::reactive::{flag, memo, part};
use crate::ui::language::tr;
use leptos::prelude::*;

pub fn button(desk: TransferController) -> AnyView {
    let there = memo(move || desk.project.with(|p| p.classes.iter().any(|c| c.none)));
    let full = flag(move || desk.project.with(|p| p.classes.len() >= MOST_CLASSES));
    part(move || {
        (!there.get()).then(|| {
            view! {
                <button type="button" class="button" disabled=full on:click=move |_| add(desk)>
                    {icon(Icon::Plus)}
                    {tr!("Add “None of these”")}
                </button>
            }
        })
    })
}

fn add(desk: TransferController) {
    if let Some(key) = desk.change(|p| p.none_class()) {
        desk.say(tr!("{} added", untrack(|| desk.name(key))));
        burst::focus_soon(format!("name-{key}"));
    }
}

/// What belongs into it, in its card.
pub fn note(desk: TransferController, key: u32) -> AnyView {
    if !desk.project.with_untracked(|p| p.class(key).is_some_and(|c| c.none)) {
        return ().into_any();
    }
    let found = samples::find();
    let empty = memo(move || desk.project.with(|p| p.class(key).is_some_and(|c| c.ids.is_empty())));
    view! {
        <p class="note class-note" data-testid="none-note">
            {tr!("Put in pictures of anything else: the empty table, your hand, other things. Without this class it must choose one of the others, whatever it sees.")}
        </p>
        {part(move || {
            let all = found.get();
            (empty.get() && !all.is_empty()).then(|| view! {
                <p class="own-begin">
                    <button
                        type="button"
                        class="button"
                        on:click=move |_| {
                            samples::fill(desk, key, all.clone());
                            burst::focus_soon(format!("name-{key}"));
                        }
                    >
                        {icon(Icon::Picture)}
                        {tr!("Fill it with sample pictures")}
                    </button>
                    <span class="note">{tr!("Then delete those that show one of your classes.")}</span>
                </p>
            }.into_any())
        })}
    }
    .into_any()
}
