//! How much is learned from and how much is held out, and how the one was parted from the other.

use super::vocabulary::of_text;
use crate::datasets::target::TargetField;
use crate::protocol::TextInfo;
use crate::ui::components::format;
use crate::ui::components::reactive::{memo, part};
use crate::ui::language::tr;
use crate::ui::panels::panel_state::PanelState;
use leptos::prelude::*;

pub fn split(scene: PanelState) -> AnyView {
    let asks = memo(move || {
        scene.dataset.with(|d| d.as_ref().is_some_and(|d| matches!(d.target, TargetField::Answer { .. })))
    });
    part(move || of_text(scene, |info| counts(info, asks.get())))
}

fn counts(info: &TextInfo, asks: bool) -> AnyView {
    let [train, test] = info.tokens;
    let grow = |tokens: u64| format!("{} 1 0%", tokens.max(1));
    let of_what = match (asks, info.lines) {
        (true, _) => tr!("Questions"),
        (_, true) => tr!("Lines"),
        (_, false) => tr!("Passages"),
    };
    let row = |name: String, at: usize| {
        let letters = (!asks).then(|| view! { <td>{format::count(info.characters[at])}</td> });
        view! {
            <tr>
                <th scope="row">{name}</th>
                {letters}
                <td>{format::count(info.tokens[at])}</td>
                <td>{format::count(info.examples[at].into())}</td>
            </tr>
        }
        .into_any()
    };
    let how = match (asks, info.lines) {
        (true, _) => {
            tr!(
                "Held-out questions are never asked in training, unless there are too few different ones: then all of them are learned from and tested."
            )
        }
        (_, true) if info.grouped => {
            tr!(
                "Held out is the last tenth of the pictures, with all captions of each. Every caption is one example."
            )
        }
        (_, true) => {
            tr!(
                "Held out is a tenth of the lines, whole ones, after all were mixed. Every line is one example, from its beginning to its end."
            )
        }
        (_, false) => {
            tr!(
                "Held out is the last tenth of the text. Passages of equal length follow each other without a gap, and each is one example."
            )
        }
    };
    let letters = (!asks).then(|| view! { <th scope="col">{tr!("Characters")}</th> });
    view! {
        <div class="split" data-testid="split">
            <div class="split-bar" aria-hidden="true">
                <span class="split-train" style:flex=grow(train)><i style:width="100%"></i></span>
                <span class="split-test" style:flex=grow(test)><i style:width="100%"></i></span>
            </div>
            <table class="split-table num">
                <thead><tr>
                    <th scope="col"><span class="sr-only">{tr!("Part")}</span></th>
                    {letters}
                    <th scope="col">{tr!("Tokens")}</th>
                    <th scope="col">{of_what}</th>
                </tr></thead>
                <tbody>
                    {row(tr!("to learn from"), 0)}
                    {row(tr!("to test on"), 1)}
                </tbody>
            </table>
            <p class="note">{how}</p>
        </div>
    }
    .into_any()
}
