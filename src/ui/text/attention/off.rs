//! Heads switched off, and what the network does without them on held-out examples.

use super::looks::Looks;
use crate::protocol::{Request, Response, WithoutHeads};
use crate::ui::charts::score::score_words;
use crate::ui::components::reactive::{flag, memo, part, text};
use crate::ui::language::{known, tr};
use crate::ui::text::asking::{keep_asking, refusal};
use leptos::prelude::*;

/// While training goes on it is judged at most this often.
const EVERY_MILLISECONDS: f64 = 2000.0;

/// Switches the chosen head off or on.
pub fn switch(looks: Looks) -> AnyView {
    // None until the visitor has switched one.
    let wanted = RwSignal::new(None::<Vec<[u32; 3]>>);
    let cost = RwSignal::new(None::<WithoutHeads>);
    let asked = memo(move || wanted.get());
    keep_asking(looks.scene, EVERY_MILLISECONDS, asked, move |heads| ask(looks, heads, cost));
    let is_off = flag(move || looks.is_off(looks.head.get()));
    let some = memo(move || !looks.off().is_empty());
    let toggle = move |_| {
        let (address, mut heads) = untrack(move || (looks.address(looks.head.get()), looks.off()));
        let Some(address) = address else { return };
        match heads.iter().position(|off| *off == address) {
            Some(at) => _ = heads.remove(at),
            None => heads.push(address),
        }
        looks.scene.state.count_action("switched_head");
        wanted.set(Some(heads));
    };
    let words = text(move || match is_off.get() {
        true => tr!("Switch on: {}", looks.name(looks.head.get())),
        false => tr!("Switch off: {}", looks.name(looks.head.get())),
    });
    let all_on = move || {
        let press = move |_| wanted.set(Some(Vec::new()));
        view! { <button type="button" class="quiet" data-testid="all-heads" on:click=press>{tr!("All on")}</button> }
            .into_any()
    };
    view! {
        <div class="looks-off">
            <button type="button" class="button" data-testid="switch-head" on:click=toggle>{words}</button>
            {part(move || some.get().then(all_on))}
        </div>
        <p class="note" role="status" data-testid="without-heads">{text(move || match some.get() {
            true => cost.get().map(|cost| sentence(looks, cost)).unwrap_or_default(),
            false => tr!("A head that is off adds nothing: what gets worse without it is what it is for."),
        })}</p>
    }
    .into_any()
}

async fn ask(looks: Looks, heads: Vec<[u32; 3]>, cost: RwSignal<Option<WithoutHeads>>) {
    let count = heads.len();
    let answer = looks.scene.lab.ask(Request::SwitchOff { heads }).await;
    if cost.try_get_untracked().is_none() {
        return;
    }
    match answer {
        Ok(Response::SwitchedOff(found)) => {
            cost.set(Some(found));
            if untrack(move || looks.off()).len() != count {
                looks.switched.update(|times| *times += 1);
            }
        }
        Ok(_) => (),
        Err(failure) => looks.refused.set(Some(refusal(&failure))),
    }
}

/// “Accuracy on 1,000 held-out answers: 12.0 % without what is off, 99.1 % with all heads. …”
fn sentence(looks: Looks, cost: WithoutHeads) -> String {
    let metric = &looks.scene.task().score;
    let words = |score: f64| score_words(metric, score, cost.count);
    tr!(
        "{}, judged on held-out examples: {} without the heads that are off, {} with all. What it writes and says here is without them; training and its curves have all.",
        known(metric.title),
        words(cost.without),
        words(cost.whole)
    )
}
