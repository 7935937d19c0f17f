//! What one example is: what the network reads, token by token, and below each what is asked for there.

use super::blanks::asked::asks_for_hidden;
use super::excerpt::{Asked, excerpt, is_open};
use super::letters::visible;
use super::tokens::{hue, is_unknown, name};
use super::vocabulary::of_text;
use crate::protocol::{Excerpt, Question, TextInfo};
use crate::ui::components::format;
use crate::ui::components::reactive::{flag, memo, part, text};
use crate::ui::language::tr;
use crate::ui::panels::panel_state::PanelState;
use leptos::prelude::*;

/// Tokens that are shown of a long one.
const MOST: usize = 128;

pub fn example(scene: PanelState) -> AnyView {
    let index = RwSignal::new(0_u32);
    // The example that is shown, and how many there are: of another text there may be fewer.
    let place = memo(move || {
        let count = of_text(scene, |info| info.examples[0]).unwrap_or(0);
        (index.get().min(count.saturating_sub(1)), count)
    });
    let asked = excerpt(scene, move || Question::Example { test: false, index: place.get().0 });
    let title = text(move || {
        let (here, count) = place.get();
        let number = |n: u32| format::count(n.into());
        tr!("{} of {} to learn from", number(here + 1), number(count))
    });
    let step = move |back: bool| {
        let (there, _) = place.get_untracked();
        index.set(if back { there.saturating_sub(1) } else { there + 1 });
    };
    let body = part(move || match asked.get() {
        Asked::Waiting => None,
        Asked::Failed(why) => Some(view! { <p class="failed">{why}</p> }.into_any()),
        Asked::Here(excerpt) => of_text(scene, |info| table(info, &excerpt, asks_for_hidden(scene))),
    });
    let view = move || {
        view! {
            <section class="text-part" aria-label=tr!("One example") data-testid="example">
                <h3 class="block-title">{tr!("One example")}" "<span class="block-aside num">{title}</span></h3>
                {body}
                <div class="buttons">
                    <button type="button" class="button" disabled=flag(move || place.get().0 == 0) on:click=move |_| step(true)>{tr!("Previous example")}</button>
                    <button type="button" class="button" disabled=flag(move || place.get().0 + 1 >= place.get().1) on:click=move |_| step(false)>{tr!("Next example")}</button>
                </div>
            </section>
        }
        .into_any()
    };
    let hidden = flag(move || !is_open(scene));
    view! { <div hidden=hidden>{view()}</div> }.into_any()
}

/// Two rows: the target is the input, one token further, or what is hidden.
fn table(info: &TextInfo, excerpt: &Excerpt, hidden: bool) -> AnyView {
    let shown = excerpt.tokens.len().min(MOST);
    let read = excerpt.tokens.iter().zip(&excerpt.texts).take(shown);
    let read = read.map(|(id, text)| cell(info, *id, visible(text))).collect_view();
    let target = |target: &Option<u32>| match target {
        Some(id) => cell(info, *id, name(info, *id)),
        None => {
            let (words, spoken) = (tr!("nothing is asked here"), tr!("nothing is asked here"));
            view! { <td class="unasked" title=words><span aria-hidden="true">"·"</span><span class="sr-only">{spoken}</span></td> }
                .into_any()
        }
    };
    let targets = excerpt.targets.iter().take(shown).map(target).collect_view();
    let unasked = excerpt.targets.iter().any(Option::is_none);
    let more = excerpt.tokens.len() - shown;
    view! {
        <div class="example-frame" tabindex="0" role="region" aria-label=tr!("What is read and what is asked for")>
            <table class="example-table">
                <tbody>
                    <tr><th scope="row">{tr!("reads")}</th>{read}</tr>
                    <tr><th scope="row">{tr!("asked for")}</th>{targets}</tr>
                </tbody>
            </table>
        </div>
        <p class="note num">
            {if hidden { tr!("Some tokens are hidden, other ones each time that it is learned from; what was there is asked for.") } else { tr!("At each token the next one is asked for: the targets are the same text, one token further.") }}
            {unasked.then(|| format!(" {}", tr!("Where there is a dot, nothing is asked here.")))}
            {(more > 0).then(|| format!(" {}", tr!("{} more tokens follow.", format::count(more as u64))))}
        </p>
    }
    .into_any()
}

fn cell(info: &TextInfo, id: u32, words: String) -> AnyView {
    let class = if is_unknown(info, id) { "piece unknown" } else { "piece" };
    view! { <td><span class=class style=hue(id) title=tr!("id {}", id)>{words}</span></td> }.into_any()
}
