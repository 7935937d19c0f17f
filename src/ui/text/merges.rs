//! Byte pairs, merge by merge: which two tokens became one, from the most frequent pair on.

use super::tokens::{hue, name};
use super::vocabulary::of_text;
use crate::protocol::TextInfo;
use crate::ui::components::format;
use crate::ui::components::reactive::{memo, part, text};
use crate::ui::language::tr;
use crate::ui::panels::panel_state::PanelState;
use leptos::prelude::*;

/// Merges that are seen at once: the chosen one and those before it.
const SEEN: usize = 6;

/// Nothing where no pairs were merged.
pub fn merges(scene: PanelState) -> AnyView {
    let count = memo(move || of_text(scene, |info| info.merges.len()).unwrap_or(0));
    part(move || (count.get() > 0).then(|| slider(scene, count.get())))
}

fn slider(scene: PanelState, count: usize) -> AnyView {
    let chosen = RwSignal::new(1_usize);
    let words = text(move || of_text(scene, |info| in_words(info, chosen.get())).unwrap_or_default());
    let slide = move |event: web_sys::Event| {
        if let Ok(wanted) = event_target_value(&event).parse::<usize>() {
            chosen.set(wanted.clamp(1, count));
        }
    };
    view! {
        <section class="text-part" aria-label=tr!("Merges") data-testid="merges">
            <h3 class="block-title">{tr!("Merges")}" "<span class="block-aside num">{tr!("{} pairs became one token each, the most frequent first", format::count(count as u64))}</span></h3>
            <input
                type="range"
                min="1"
                max=count.to_string()
                step="1"
                aria-label=tr!("Which merge")
                aria-valuetext=words
                style:--share=text(move || ((chosen.get() - 1) as f64 / (count - 1).max(1) as f64).to_string())
                prop:value=text(move || chosen.get().to_string())
                on:input=slide
            />
            <ol class="merges" aria-hidden="true">
                {part(move || of_text(scene, |info| rows(info, chosen.get())))}
            </ol>
        </section>
    }
    .into_any()
}

/// The chosen merge last.
fn rows(info: &TextInfo, chosen: usize) -> AnyView {
    let first = chosen.saturating_sub(SEEN);
    let piece = |id: u32| view! { <span class="piece" style=hue(id)>{name(info, id)}</span> }.into_any();
    let row = |at: usize| {
        let ([left, right], merged) = *info.merges.get(at)?;
        let count = info.vocabulary.get(merged as usize).map_or(0, |token| token.count);
        let class = if at + 1 == chosen { "merge chosen" } else { "merge" };
        Some(
            view! {
                <li class=class>
                    <span class="merge-number num">{format::count(at as u64 + 1)}</span>
                    <span>{piece(left)}" + "{piece(right)}" → "{piece(merged)}</span>
                    <span class="vocabulary-count num">{format::count(count)}</span>
                </li>
            }
            .into_any(),
        )
    };
    (first..chosen).filter_map(row).collect_view().into_any()
}

/// “Merge 12: t + h → th”
fn in_words(info: &TextInfo, chosen: usize) -> String {
    let Some(([left, right], merged)) = info.merges.get(chosen - 1) else { return String::new() };
    let [left, right, merged] = [left, right, merged].map(|id| name(info, *id));
    tr!("Merge {}: {} + {} → {}", format::count(chosen as u64), left, right, merged)
}
