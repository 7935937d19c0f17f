//! What the network would say if it ended after each of its blocks: one row a block, one column a token.

use super::looks::Looks;
use crate::protocol::{LogitLens, Request, Response, TokenChoice};
use crate::ui::components::reactive::{memo, part, text};
use crate::ui::language::tr;
use crate::ui::text::asking::{keep_asking, refusal};
use crate::ui::text::letters::visible;
use crate::ui::text::likely::percent;
use leptos::prelude::*;
use std::sync::Arc;

/// While training goes on it is asked at most this often.
const EVERY_MILLISECONDS: f64 = 700.0;

pub fn lens(looks: Looks) -> AnyView {
    let told = RwSignal::new(None::<Arc<LogitLens>>);
    let refused = RwSignal::new(None);
    let wanted = memo(move || {
        let text = looks.text.get().filter(|text| !text.is_empty())?;
        // What is read along with a question is what was written to it.
        let text = if looks.asks.get() { looks.read() } else { text };
        Some((text, looks.heads(), looks.switched.get()))
    });
    keep_asking(looks.scene, EVERY_MILLISECONDS, wanted, move |(text, ..)| async move {
        let answer = looks.scene.lab.ask(Request::LogitLens { text }).await;
        if refused.try_get_untracked().is_none() {
            return;
        }
        match answer {
            Ok(Response::LogitLens(lens)) => {
                refused.set(None);
                told.set(Some(Arc::new(lens)));
            }
            Ok(_) => (),
            Err(failure) => refused.set(Some(refusal(&failure))),
        }
    });
    // Whoever sees what is behind a token names that token itself, unless it is hidden.
    let next = memo(move || looks.scene.task().id != "masked_token");
    view! {
        <p class="note">{text(move || match next.get() {
            true => tr!("Each block changes what stands for a token a little. Here each row is read as if it were the last one: the likeliest next token, and how sure. Framed is what really comes next."),
            false => tr!("Each block changes what stands for a token a little. Here each row is read as if it were the last one: the likeliest token at each place, and how sure."),
        })}</p>
        <p class="setting-error" role="alert">{text(move || refused.get().unwrap_or_default())}</p>
        <div class="mind-table" tabindex="0" role="region" aria-label=tr!("What it would say after each block")>
            {part(move || told.with(|told| told.as_ref().map(|lens| table(lens, next.get()))))}
        </div>
    }
    .into_any()
}

fn table(lens: &LogitLens, next: bool) -> AnyView {
    let read = lens.tokens.iter().map(|token| view! { <th scope="col">{visible(token)}</th> }.into_any());
    let read = read.collect_view();
    let rows = lens.guesses.iter().enumerate().map(|(row, guesses)| {
        let name = match row {
            0 => tr!("before the first block"),
            row => tr!("after block {}", row),
        };
        let cells = guesses.iter().enumerate().map(|(at, guess)| {
            cell(guess, next && lens.tokens.get(at + 1).is_some_and(|truth| *truth == guess.text))
        });
        let cells = cells.collect_view();
        view! { <tr><th scope="row">{name}</th>{cells}</tr> }.into_any()
    });
    view! {
        <table class="apart-table lens-table num">
            <thead><tr><th scope="row">{tr!("It reads")}</th>{read}</tr></thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn cell(guess: &TokenChoice, comes: bool) -> AnyView {
    let colour = format!(
        "background:rgba(var(--mark-right),calc({:.2} * var(--cell-most)))",
        guess.probability.sqrt()
    );
    view! { <td class:comes=comes style=colour>{visible(&guess.text)}<small>{percent(guess.probability)}</small></td> }
        .into_any()
}
