//! The other format: what stays, what changes and what is left out, before anything is saved.

use super::state::{Converter, sentence};
use crate::annotation::formats::FORMATS;
use crate::annotation::{Note, Notes};
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::reactive::part;
use crate::ui::language::{known, tr};
use leptos::prelude::*;

pub fn panel(desk: Converter) -> AnyView {
    let written = FORMATS.iter().filter(|format| format.writes.is_some());
    let options = written.map(|format| {
        let chosen = desk.to.with_untracked(|to| to == format.id);
        view! { <option value=format.id selected=chosen>{known(format.title)}</option> }
    });
    view! {
        <section class="vision-panel says" aria-labelledby="title-says" data-testid="says">
            <h2 class="panel-title" id="title-says">{tr!("Hand on")}</h2>
            <div class="convert-to">
                <label for="convert-to">{tr!("Format")}</label>
                <select id="convert-to" data-control="to" on:change=move |e| desk.to.set(event_target_value(&e))>
                    {options.collect_view()}
                </select>
            </div>
            {part(move || report(desk))}
            <div class="buttons detect-export">
                <button type="button" class="button strong" data-control="save" on:click=move |_| desk.save()>
                    {icon(Icon::Download)}
                    {tr!("Save")}
                </button>
            </div>
        </section>
    }
    .into_any()
}

fn report(desk: Converter) -> Option<AnyView> {
    let report = desk.report()?;
    let nothing = report.changed.0.is_empty() && report.lost.0.is_empty();
    Some(
        view! {
            <div data-testid="report" role="status">
                {group(tr!("Kept"), &report.kept, "kept")}
                {group(tr!("Changed"), &report.changed, "changed")}
                {group(tr!("Left out"), &report.lost, "lost")}
                {nothing.then(|| view! { <p class="note">{tr!("Everything has a place in this format.")}</p> })}
            </div>
        }
        .into_any(),
    )
}

fn group(title: String, notes: &Notes, kind: &'static str) -> Option<AnyView> {
    let row = |note: &Note| {
        let first = (!note.first.is_empty()).then(|| format!(" ({})", note.first));
        view! { <li>{sentence(note)}{first}</li> }
    };
    (!notes.0.is_empty()).then(|| {
        view! {
            <h3 class="convert-group">{title}</h3>
            <ul class="convert-notes" data-kind=kind>{notes.0.iter().map(row).collect_view()}</ul>
        }
        .into_any()
    })
}
