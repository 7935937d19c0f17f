//! One picture after the other, with its labels.

use super::shapes;
use super::state::Converter;
use crate::ui::components::reactive::{flag, part, text};
use crate::ui::language::tr;
use leptos::prelude::*;

pub fn panel(desk: Converter) -> AnyView {
    let count = move || desk.reading.with(|reading| reading.as_ref().map_or(0, |r| r.project.pictures.len()));
    let go = move |by: isize| {
        desk.at.update(|at| *at = at.saturating_add_signed(by).min(untrack(count).max(1) - 1))
    };
    view! {
        <section class="vision-panel sees-panel detect-panel" id="vision-sees" tabindex="-1" aria-labelledby="title-sees">
            <h2 class="panel-title" id="title-sees">{tr!("What is labelled")}</h2>
            <div class="buttons convert-turn" role="group" aria-label=tr!("Pictures")>
                <button type="button" class="button" disabled=flag(move || desk.at.get() == 0) on:click=move |_| go(-1)>
                    {tr!("Previous")}
                </button>
                <button type="button" class="button" disabled=flag(move || desk.at.get() + 1 >= count()) on:click=move |_| go(1)>
                    {tr!("Next")}
                </button>
                <span class="num" data-testid="turn">{text(move || format!("{} / {}", desk.at.get() + 1, count()))}</span>
            </div>
            {part(move || picture(desk))}
        </section>
    }
    .into_any()
}

fn picture(desk: Converter) -> Option<AnyView> {
    let reading = desk.reading.get()?;
    let picture = reading.project.pictures.get(desk.at.get())?;
    let [width, height] = shapes::extent(picture);
    let address = desk.address(&picture.name);
    let missing = address.is_none();
    let label = tr!("{0}. Marks: {1}", picture.name.clone(), picture.marks.len());
    let more = picture.marks.len().saturating_sub(shapes::MOST);
    let mut names: Vec<String> = Vec::new();
    for mark in &picture.marks {
        let name = reading.project.class_name(mark);
        if !name.is_empty() && !names.iter().any(|other| other == name) {
            names.push(name.into());
        }
    }
    Some(
        view! {
            <div
                class="detect-stage convert-stage"
                role="img"
                aria-label=label.clone()
                data-testid="convert-stage"
                style:aspect-ratio=format!("{width} / {height}")
            >
                {address.map(|address| view! { <img class="convert-picture" src=address alt="" /> })}
                {shapes::layer(picture, &reading.project)}
            </div>
            <p class="convert-caption">{label}</p>
            <p class="note">{names.join(", ")}</p>
            {missing.then(|| view! { <p class="note">{tr!("The picture itself is not here: its labels are drawn alone.")}</p> })}
            {(more > 0).then(|| view! { <p class="note">{tr!("{} more", more)}</p> })}
        }
        .into_any(),
    )
}
