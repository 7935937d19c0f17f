//! The tokens that a text was cut into, the most frequent first.

use super::tokens::{hue, is_unknown, name};
use crate::protocol::TextInfo;
use crate::ui::components::format;
use crate::ui::components::reactive::{memo, part, text};
use crate::ui::language::tr;
use crate::ui::panels::panel_state::PanelState;
use leptos::prelude::*;

/// Rows that are shown at first, and at most.
const FEW: usize = 20;
const MOST: usize = 300;

pub fn vocabulary(scene: PanelState) -> AnyView {
    let all = RwSignal::new(false);
    let size = memo(move || of_text(scene, |info| info.vocabulary.len()).unwrap_or(0));
    let aside = text(move || tr!("{} tokens, the most frequent first", format::count(size.get() as u64)));
    let rows = part(move || {
        let shown = if all.get() { MOST } else { FEW };
        of_text(scene, |info| rows(info, shown))
    });
    let more = part(move || {
        let (size, all_of_them) = (size.get(), all.get());
        (size > FEW).then(|| {
            let words = match (all_of_them, size > MOST) {
                (true, _) => tr!("Show the first {}", FEW),
                (false, true) => tr!("Show the first {}", MOST),
                (false, false) => tr!("Show all {}", size),
            };
            view! {
                <button type="button" class="quiet" aria-expanded=all_of_them.to_string() on:click=move |_| all.update(|all| *all = !*all)>
                    {words}
                </button>
            }
        })
    });
    view! {
        <section class="text-part" aria-label=tr!("Vocabulary") data-testid="vocabulary">
            <h3 class="block-title">{tr!("Vocabulary")}" "<span class="block-aside num">{aside}</span></h3>
            <ol class="vocabulary">{rows}</ol>
            {more}
        </section>
    }
    .into_any()
}

/// Of the text that is open; tracked.
pub fn of_text<T>(scene: PanelState, of: impl FnOnce(&TextInfo) -> T) -> Option<T> {
    scene.dataset.with(|d| d.as_ref()?.text.as_deref().map(of))
}

fn rows(info: &TextInfo, shown: usize) -> AnyView {
    let mut order: Vec<usize> = (0..info.vocabulary.len()).collect();
    // The sort keeps the order of what is equal.
    order.sort_by_key(|id| std::cmp::Reverse(info.vocabulary[*id].count));
    let most = order.first().map_or(1, |id| info.vocabulary[*id].count.max(1)) as f64;
    let row = |id: &usize| {
        let (id, count) = (*id as u32, info.vocabulary[*id].count);
        let class = if is_unknown(info, id) { "piece unknown" } else { "piece" };
        let width = format!("width:{:.2}%", count as f64 / most * 100.0);
        view! {
            <li class="vocabulary-row">
                <span class="vocabulary-token"><span class=class style=hue(id)>{name(info, id)}</span></span>
                <span class="vocabulary-id num" title=tr!("id")>{id}</span>
                <span class="vocabulary-bar" aria-hidden="true"><i style=width></i></span>
                <span class="vocabulary-count num">{format::count(count)}</span>
            </li>
        }
        .into_any()
    };
    order.iter().take(shown).map(row).collect_view().into_any()
}
