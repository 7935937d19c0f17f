//! Where a picture comes from: dropped, pasted, chosen, photographed, or one of the samples; and whether the
//! network that reads it is here.

use super::coming::{Coming, WeightsState};
use super::queue::Shelf;
use super::{camera, samples};
use crate::protocol::Failure;
use crate::ui::components::credit::credit;
use crate::ui::components::files::FilePicker;
use crate::ui::components::format;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::progress::progress;
use crate::ui::components::reactive::{part, text};
use crate::ui::language::{known, tr};
use leptos::prelude::*;

pub fn panel(shelf: Shelf) -> AnyView {
    let photographing = RwSignal::new(false);
    view! {
        <section class="vision-panel give" aria-labelledby="title-give">
            <h2 class="panel-title" id="title-give">{tr!("Picture")}</h2>
            <div class="give-drop" data-testid="drop">
                <span class="give-sign">{icon(Icon::Picture)}</span>
                <p class="give-words"><strong>{tr!("Drop pictures here")}</strong><span>" "{tr!("or paste one. They stay on your machine.")}</span></p>
                <div class="buttons give-buttons">
                    {choose(shelf)}
                    <button type="button" class="button" aria-haspopup="dialog" on:click=move |_| photographing.set(true)>
                        {icon(Icon::Camera)}
                        {tr!("Camera")}
                    </button>
                </div>
            </div>
            <div class="give-weights" data-control="weights" data-testid="weights">{part(move || weights(shelf.coming()))}</div>
            {credit(shelf.network.homepage, shelf.network.citation, shelf.network.licence)}
            {samples::strip(
                move |id| shelf.current().and_then(|i| i.sample).is_some_and(|s| s.id == id),
                move |sample| samples::take(shelf, &sample),
            )}
            {camera::dialog(photographing, move |given| shelf.add(vec![given]))}
        </section>
    }
    .into_any()
}

fn choose(shelf: Shelf) -> AnyView {
    FilePicker {
        words: tr!("Choose"),
        class: "button strong",
        accept: Some("image/*"),
        several: true,
        label: Some(Signal::stored(tr!("Choose pictures"))),
        ..FilePicker::default()
    }
    .view(move |files| shelf.add_files(files))
}

/// Before anything large is fetched its size is said; then how far it is.
pub fn weights(of: Coming) -> AnyView {
    let title = of.title;
    let size = move || of.size.get().map(|(bytes, _)| format::bytes_of(bytes, bytes));
    match of.state.get() {
        WeightsState::Away => {
            let here = of.size.get().is_some_and(|(_, kept)| kept);
            let sentence = match (size(), here) {
                (Some(size), true) => tr!("{} is already here: {}, kept from an earlier visit.", title, size),
                (Some(size), false) => {
                    tr!("{}, {}: fetched with the first picture, once, and kept for next time.", title, size)
                }
                (None, _) => {
                    tr!("{} is fetched with the first picture, once, and kept for next time.", title)
                }
            };
            view! {
                <p>{sentence}</p>
                <button type="button" class="button" on:click=move |_| of.prepare.run(())>
                    {icon(Icon::Download)}
                    {tr!("Fetch the network now")}
                </button>
            }
            .into_any()
        }
        WeightsState::Coming => coming(of),
        WeightsState::Here => {
            let said = match size() {
                Some(size) => tr!("{} is ready ({}, kept for next time).", title, size),
                None => tr!("{} is ready.", title),
            };
            view! { <p class="give-ready">{icon(Icon::Tick)}{said}</p> }.into_any()
        }
        WeightsState::Failed(failure) => refused(of, &failure),
    }
}

/// How many bytes of the weights have come.
pub fn coming(of: Coming) -> AnyView {
    let fetching = of.reader.fetching;
    let share =
        Signal::derive(move || fetching.get().map_or(0.0, |(have, all)| have as f64 / all.max(1) as f64));
    let words = text(move || match fetching.get() {
        Some((have, all)) => tr!("Fetching the network: {}", format::bytes_of(have, all)),
        None => tr!("Starting the network"),
    });
    progress(tr!("Fetching the network"), words, share)
}

/// Why the weights did not come, and a way to try again.
pub fn refused(of: Coming, failure: &Failure) -> AnyView {
    view! {
        <div class="refused" role="alert" data-testid="refused">
            <p><strong>{known(&failure.what)}</strong>" "{known(&failure.advice)}</p>
            <button type="button" class="button" on:click=move |_| of.prepare.run(())>
                {icon(Icon::Reset)}
                {tr!("Try again")}
            </button>
        </div>
    }
    .into_any()
}
