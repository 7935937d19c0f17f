//! What it learned: how many of the held-out pictures are right, which classes are confused, and labels that look
//! wrong.

use super::controller::TransferController;
use super::{label_errors, matrix};
use crate::ui::components::format;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::reactive::{memo, part};
use crate::ui::language::tr;
use leptos::prelude::*;

pub fn panel(desk: TransferController) -> AnyView {
    let trained = memo(move || desk.project.with(|p| p.outcome.is_some()));
    view! {
        <h2 class="panel-title" id="title-learned">{tr!("What it learned")}</h2>
        {headline(desk)}
        {unseen(desk)}
        {stale(desk)}
        {part(move || trained.get().then(|| view! {
            {matrix::view(desk)}
            {label_errors::view(desk)}
        }))}
    }
    .into_any()
}

fn headline(desk: TransferController) -> AnyView {
    let figure = part(move || match desk.score() {
        Some((right, count)) if count > 0 => {
            let share = format::percent(right as f64 / count as f64, count as u32);
            view! { <strong class="headline-figure num" data-testid="own-accuracy">{share}</strong> }
                .into_any()
        }
        _ => view! { <strong class="headline-figure num none">"—"</strong> }.into_any(),
    });
    let of = part(move || match desk.score() {
        Some((_, count)) if count > 0 => match count < 20 {
            true => tr!("of only {n} held-out picture right" | "of only {n} held-out pictures right" % count),
            false => tr!("of {n} held-out picture right" | "of {n} held-out pictures right" % count),
        },
        Some(_) => tr!("no picture was held out"),
        None => match desk.project.with(|p| p.imported.clone()) {
            Some(labels) => tr!("from a file: tells apart {}", labels.join(", ")),
            None => tr!("not trained yet"),
        },
    });
    let below = part(move || match desk.seconds() {
        Some(words) => words,
        None => {
            tr!("Some pictures of every class are held out: it is tried on those, which it never trains on")
        }
    });
    view! {
        <div class="headline">
            <p class="headline-line">{figure}<span class="headline-of num" data-testid="own-of">{of}</span></p>
            <p class="headline-below num">{below}</p>
        </div>
    }
    .into_any()
}

/// Classes of which no picture could be held out, so the figure says nothing about them.
fn unseen(desk: TransferController) -> AnyView {
    let names = memo(move || desk.project.with(|p| p.unseen()));
    part(move || {
        let names = names.get();
        (!names.is_empty()).then(|| {
            let names = names.iter().map(|name| format!("“{name}”")).collect::<Vec<_>>().join(", ");
            view! {
                <div class="notice news own-notice" data-testid="unseen">
                    {icon(Icon::Info)}
                    <p>
                        {tr!("No picture of {} is held out: all are nearly the same, or of one recording.", names)}" "
                        {tr!("Add other pictures, or record again in another place.")}
                    </p>
                </div>
            }
            .into_any()
        })
    })
}

/// Something has changed since it was trained.
fn stale(desk: TransferController) -> AnyView {
    let changed = memo(move || desk.project.with(|p| (p.changed(), p.settings_changed())));
    part(move || {
        let (pictures, settings) = changed.get();
        let trained = desk.project.with(|p| p.outcome.is_some());
        (trained && (pictures > 0 || settings) && !desk.training.get()).then(|| {
            let what = match pictures {
                0 => tr!("Other settings than it was trained with."),
                n => tr!("{n} picture new, gone or labelled otherwise since." | "{n} pictures new, gone or labelled otherwise since." % n),
            };
            view! {
                <div class="notice news own-notice" data-testid="stale">
                    {icon(Icon::Info)}
                    <p class="num">{what}</p>
                    <button type="button" class="button" on:click=move |_| desk.train()>{tr!("Train again")}</button>
                </div>
            }
            .into_any()
        })
    })
}
