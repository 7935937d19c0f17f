//! What is in the picture as a list: the thing that is pointed at or in focus is the box that stands out.

use super::boxes::look;
use super::png;
use super::state::{Finder, class_name};
use crate::detection::export::{Picture, coco, csv};
use crate::detection::suppression::Fate;
use crate::ui::charts::sheet::offer_text;
use crate::ui::components::format;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::reactive::{flag, part, text};
use crate::ui::language::{known, tr};
use leptos::prelude::*;

/// More rows help nobody.
const ROWS: usize = 100;

pub fn panel(desk: Finder) -> AnyView {
    view! {
        <section class="vision-panel says" aria-labelledby="title-says" data-testid="says">
            <h2 class="panel-title" id="title-says">{tr!("What is in it")}</h2>
            {part(move || match desk.answer.with(Option::is_some) {
                true => found(desk),
                false => view! { <p class="says-first none">{tr!("Nothing yet")}</p> }.into_any(),
            })}
            {about(desk)}
        </section>
    }
    .into_any()
}

fn found(desk: Finder) -> AnyView {
    view! {
        <p class="detect-count" data-testid="detect-count">{text(move || desk.in_words())}</p>
        {part(move || rows(desk))}
        {part(move || took(desk))}
        <div class="buttons detect-export">
            <button type="button" class="quiet" data-control="export" on:click=move |_| save(desk, "json")>
                {icon(Icon::Download)}
                "COCO JSON"
            </button>
            <button type="button" class="quiet" on:click=move |_| save(desk, "csv")>
                {icon(Icon::Download)}
                "CSV"
            </button>
            <button type="button" class="quiet" on:click=move |_| png::save(desk)>
                {icon(Icon::Download)}
                {tr!("PNG with boxes")}
            </button>
        </div>
    }
    .into_any()
}

fn rows(desk: Finder) -> AnyView {
    let all = desk.candidates().into_iter().enumerate();
    let kept: Vec<_> = all.filter(|(_, one)| one.fate == Fate::Kept).collect();
    let more = kept.len().saturating_sub(ROWS);
    let rows = kept.into_iter().take(ROWS).map(|(at, one)| {
        let (colour, line) = look(one.found.class);
        let area = one.found.area;
        let place = tr!(
            "{} × {} pixels at {}, {}",
            format::decimals(area.width().into(), 0),
            format::decimals(area.height().into(), 0),
            format::decimals(area.left.into(), 0),
            format::decimals(area.top.into(), 0)
        );
        let pointed = flag(move || desk.pointed.get() == Some(at));
        view! {
            <li>
                <button
                    type="button"
                    class="found-row"
                    class:pointed=pointed
                    aria-pressed=text(move || pointed.get().to_string())
                    on:pointerenter=move |_| desk.pointed.set(Some(at))
                    on:pointerleave=move |_| desk.pointed.set(None)
                    on:focus=move |_| desk.pointed.set(Some(at))
                    on:blur=move |_| desk.pointed.set(None)
                    on:click=move |_| desk.pointed.set(Some(at))
                >
                    <i class="found-mark" style:--of=colour style:border-style=line></i>
                    <span class="found-name">{class_name(one.found.class)}</span>
                    <span class="num">{format::chance(one.found.score)}</span>
                    <span class="found-place num">{place}</span>
                </button>
            </li>
        }
    });
    view! {
        <ul class="found-list" data-testid="detect-list" aria-labelledby="title-says">{rows.collect_view()}</ul>
        {(more > 0).then(|| view! { <p class="note">{tr!("{} more", more)}</p> })}
    }
    .into_any()
}

fn took(desk: Finder) -> Option<AnyView> {
    let took = desk.answer.with(|answer| answer.as_ref().map(|a| a.milliseconds))?;
    let [network, prepare, decode] = [took.network, took.prepare, took.decode].map(format::milliseconds);
    Some(
        view! {
            <p class="says-took num" data-testid="took">
                {tr!("{} for the network, {} for preparing, {} for decoding. CPU, one core.", network, prepare, decode)}
            </p>
        }
        .into_any(),
    )
}

/// What is shown, as a file.
fn save(desk: Finder, kind: &str) {
    let Some(answer) = desk.answer.get_untracked() else { return };
    let name =
        desk.picture.with_untracked(|shown| shown.as_ref().map(|s| s.name.clone()).unwrap_or_default());
    let kept = untrack(move || desk.kept());
    let pictures = [Picture { file_name: &name, size: answer.size, found: &kept }];
    let text = if kind == "json" { coco(&pictures).ok() } else { Some(csv(&pictures)) };
    if text.and_then(|text| offer_text(&format!("boxes.{kind}"), &text)).is_none() {
        desk.scene.announcement.set(tr!("The file could not be made."));
    }
}

fn about(desk: Finder) -> AnyView {
    let network = desk.network;
    view! {
        <details class="more says-about">
            <summary>{tr!("About this network")}</summary>
            <dl class="facts">
                <dt>{tr!("Network")}</dt>
                <dd>{network.title}". "{known(network.blurb)}</dd>
                <dt>{tr!("Learned from")}</dt>
                <dd>{known(network.trained_on)}</dd>
            </dl>
        </details>
    }
    .into_any()
}
