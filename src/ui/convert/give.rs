//! Where labels come from, and what was found in them.

use super::state::{Converter, sentence};
use crate::annotation::Note;
use crate::annotation::formats::{FORMATS, Format};
use crate::ui::components::files::FilePicker;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::reactive::{flag, part, text};
use crate::ui::language::{known, tr};
use leptos::prelude::*;

pub fn panel(desk: Converter) -> AnyView {
    let choose = FilePicker {
        words: tr!("Choose"),
        class: "button strong",
        several: true,
        label: Some(Signal::stored(tr!("Choose label files and pictures"))),
        ..FilePicker::default()
    };
    let folder = FilePicker { words: tr!("Folder"), folders: true, icon: None, ..FilePicker::default() };
    view! {
        <section class="vision-panel give" aria-labelledby="title-give">
            <h2 class="panel-title" id="title-give">{tr!("Labels")}</h2>
            <div class="give-drop" data-testid="drop">
                <span class="give-sign">{icon(Icon::Picture)}</span>
                <p class="give-words">
                    <strong>{tr!("Drop label files here")}</strong>
                    <span>" "{tr!("and the pictures that they are of. Everything stays on your machine.")}</span>
                </p>
                <div class="buttons give-buttons">
                    {choose.view(move |files| desk.take(files))}
                    {folder.view(move |files| desk.take(files))}
                </div>
            </div>
            {part(move || desk.busy.get().then(|| view! { <p class="note" role="status">{tr!("Looking at it")}</p> }))}
            {part(move || desk.trouble.get().map(|why| refused(&why)))}
            {part(move || found(desk))}
            {known_formats()}
        </section>
    }
    .into_any()
}

fn refused(why: &Note) -> AnyView {
    view! {
        <div class="refused" role="alert" data-testid="refused">
            {icon(Icon::Alert)}
            <p><strong>{sentence(why)}</strong>" "{why.first.clone()}</p>
        </div>
    }
    .into_any()
}

fn found(desk: Converter) -> Option<AnyView> {
    let reading = desk.reading.get()?;
    let titles = reading.formats.iter().filter_map(|id| Format::by_id(id));
    let titles: Vec<String> = titles.map(|format| known(format.title)).collect();
    let odd = reading.notes.0.iter().map(|note| {
        let first = (!note.first.is_empty()).then(|| format!(" ({})", note.first));
        view! { <li>{sentence(note)}{first}</li> }
    });
    let odd = odd.collect_view();
    Some(
        view! {
            <p class="convert-found" data-testid="found">
                <strong>{titles.join(", ")}</strong>
                ": "
                {text(move || desk.in_words())}
            </p>
            <ul class="convert-notes" data-testid="notes" hidden=flag(move || reading.notes.0.is_empty())>{odd}</ul>
            <p class="note">{text(move || tr!("Pictures here: {}", desk.count_of_pictures()))}</p>
            <button type="button" class="quiet" on:click=move |_| desk.start_anew()>{tr!("Start anew")}</button>
        }
        .into_any(),
    )
}

fn known_formats() -> AnyView {
    let row = |format: &'static Format| {
        let words = if format.writes.is_some() { tr!("read and written") } else { tr!("read") };
        view! { <dt>{known(format.title)}</dt><dd><span class="num">{format.files}</span>": "{words}</dd> }
    };
    view! {
        <details class="more">
            <summary>{tr!("Formats that are known")}</summary>
            <dl class="facts">{FORMATS.iter().map(row).collect_view()}</dl>
        </details>
    }
    .into_any()
}
