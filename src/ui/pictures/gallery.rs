//! All pictures on the shelf as cards; one click shows one in depth. Only so many are drawn at a time.

use super::queue::{Item, SURE, Shelf, Status, capital, chance};
use crate::ui::components::format;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::reactive::{memo, part, text};
use crate::ui::language::{known, tr};
use leptos::prelude::*;
use std::sync::Arc;

/// Cards drawn at first, and added at a time.
const PAGE: usize = 60;

pub fn panel(shelf: Shelf) -> AnyView {
    let shown = RwSignal::new(PAGE);
    let several = memo(move || shelf.items.with(Vec::len) > 1);
    part(move || several.get().then(|| gallery(shelf, shown)))
}

fn gallery(shelf: Shelf, shown: RwSignal<usize>) -> AnyView {
    let cards = move || shelf.items.with(|all| all.iter().take(shown.get()).cloned().collect::<Vec<_>>());
    // A card is drawn anew when it was read; the picture's number alone would keep the old one.
    let key = |item: &Item| (item.id, item.status != Status::Waiting);
    view! {
        <section class="vision-panel gallery" aria-labelledby="title-gallery" data-testid="gallery">
            <div class="gallery-head">
                <h2 class="panel-title" id="title-gallery">{tr!("Your pictures")}</h2>
                <p class="gallery-count num" data-testid="gallery-count">{text(move || count(shelf))}</p>
                <div class="buttons">{part(move || buttons(shelf))}</div>
            </div>
            <ul class="cards" role="list">
                <For each=cards key=key children=move |item| card(shelf, &item) />
            </ul>
            {part(move || {
                let all = shelf.items.with(Vec::len);
                (all > shown.get()).then(|| view! {
                    <button type="button" class="button gallery-more" on:click=move |_| shown.update(|n| *n += PAGE)>
                        {tr!("Show more; {} are not shown", format::count((all - shown.get()) as u64))}
                    </button>
                })
            })}
        </section>
    }
    .into_any()
}

fn buttons(shelf: Shelf) -> AnyView {
    if shelf.working.get() {
        return view! { <button type="button" class="button" on:click=move |_| shelf.stop()>{tr!("Stop reading")}</button> }
            .into_any();
    }
    view! { <button type="button" class="button" on:click=move |_| shelf.clear()>{tr!("Remove all")}</button> }
        .into_any()
}

/// “12 of 40 read, 1 could not be”
fn count(shelf: Shelf) -> String {
    shelf.items.with(|all| {
        let failed = all.iter().filter(|i| matches!(i.status, Status::Failed(_))).count();
        let read = all.iter().filter(|i| matches!(i.status, Status::Read(_))).count();
        let number = |n: usize| format::count(n as u64);
        match failed {
            0 => tr!("{} of {} read", number(read), number(all.len())),
            _ => tr!("{} of {} read, {} could not be", number(read), number(all.len()), number(failed)),
        }
    })
}

fn card(shelf: Shelf, item: &Item) -> AnyView {
    let id = item.id;
    let name = Arc::<str>::from(item.name.as_str());
    let (picture, first, second) = match &item.status {
        Status::Waiting => (
            view! { <span class="card-picture skeleton"></span> }.into_any(),
            item.name.clone(),
            tr!("waits"),
        ),
        Status::Failed(failure) => (
            view! { <span class="card-picture card-failed">{icon(Icon::Alert)}</span> }.into_any(),
            item.name.clone(),
            known(&failure.what),
        ),
        Status::Read(read) => {
            let (first, second) = read.top.first().map_or_else(Default::default, |t| {
                let chance = chance(t.probability);
                (capital(&t.name), if t.probability < SURE { tr!("{}, unsure", chance) } else { chance })
            });
            let thumb = read.thumb.clone();
            let picture = view! {
                <span class="card-picture"><img src=thumb alt="" width="224" height="224" decoding="async" /></span>
            };
            (picture.into_any(), first, second)
        }
    };
    let remove = tr!("Remove {}", name);
    view! {
        <li class="card">
            <button
                type="button"
                class="card-open"
                title=name.to_string()
                aria-pressed=text(move || (shelf.chosen.get() == Some(id)).to_string())
                on:click=move |_| open(shelf, id)
            >
                {picture}
                <span class="card-first">{first}</span>
                <span class="card-second num">{second}</span>
            </button>
            <button type="button" class="card-remove" aria-label=remove.clone() title=remove on:click=move |_| shelf.remove(id)>
                {icon(Icon::Cross)}
            </button>
        </li>
    }
    .into_any()
}

fn open(shelf: Shelf, id: u32) {
    shelf.choose(id);
    super::viewer_state::bring_into_view();
}
