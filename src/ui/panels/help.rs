//! What this is, its keys, and where the data stays.

use crate::ui::components::modal::{head, modal};
use crate::ui::language::tr;
use crate::ui::panels::engine::speed_link;
use leptos::prelude::*;

#[component]
pub fn Help(open: RwSignal<bool>) -> impl IntoView {
    let dialog = modal(open);
    view! {
        <dialog class="help" node_ref=dialog aria-labelledby="help-title" on:close=move |_| open.set(false)>
            {head("help-title", tr!("What this is"), open)}
            {words()}
            {keys()}
            <p>{speed_link()}</p>
            <h3 class="block-title">{tr!("Privacy")}</h3>
            <p>
                {tr!("Nothing leaves this tab. The pictures that you draw or drop, the network and everything it learns stay on your machine; the page fetches its own files and asks nobody else for anything.")}
            </p>
        </dialog>
    }
    .into_any()
}

fn words() -> AnyView {
    view! {
        <p>
            {tr!("A neural network is data and a model. On the left is what there is to learn from, in the middle what learns, on the right what it has learned. Press Play and the network trains here, in your browser.")}
        </p>
        <p>
            {tr!("Blue is positive or right, orange is negative or wrong. Click any picture and watch it pass through the layers; point at any map to ask for its numbers. The accuracy is always of test pictures that it never trains on.")}
        </p>
    }
    .into_any()
}

fn keys() -> AnyView {
    let row = |key: String, does: String| view! { <dt><kbd>{key}</kbd></dt><dd>{does}</dd> }.into_any();
    view! {
        <h3 class="block-title">{tr!("Keys")}</h3>
        <dl class="keys">
            {row(tr!("Space"), tr!("play or pause, on the Play button"))}
            {row(".".into(), tr!("one training step"))}
            {row("r".into(), tr!("reset to step 0"))}
            {row(tr!("Arrows"), tr!("move in charts, in the confusion matrix and among a layer’s maps"))}
            {row("?".into(), tr!("this page"))}
        </dl>
    }
    .into_any()
}
