//! The worst mistakes of the last test: wrong, and sure of it.

use super::panel_state::{PanelState, scene};
use super::pictures::{Pictures, asked, last_evaluation, skeletons};
use super::test_predictions::verdict;
use super::thumbnail::{Tile, grid};
use crate::protocol::{Example, Request};
use crate::ui::components::format;
use crate::ui::components::reactive::part;
use crate::ui::language::tr;
use leptos::prelude::*;

const SHOWN: u32 = 12;

#[component]
pub fn Mistakes() -> impl IntoView {
    let scene = scene();
    let last = last_evaluation(scene);
    let pictures = asked(scene.lab, move || last.get().map(|_| Request::Mistakes { limit: SHOWN }));
    let body = part(move || {
        match pictures.get() {
        Pictures::Idle => {
            view! { <p class="empty">{tr!("Here will be the pictures that it is surest and wrong about.")}</p> }
                .into_any()
        }
        Pictures::Waiting => view! { <div class="tiles wide">{skeletons(SHOWN as usize)}</div> }.into_any(),
        Pictures::Failed(why) => view! { <p class="failed">{why}</p> }.into_any(),
        Pictures::Here(examples) if examples.is_empty() => {
            view! { <p class="empty">{tr!("It made no mistake in the last test.")}</p> }.into_any()
        }
        Pictures::Here(examples) => strip(scene, &examples, tr!("The worst mistakes")),
    }
    });
    view! {
        <div class="block" data-testid="mistakes">
            <h3 class="block-title">{tr!("Worst mistakes")}" "<span class="block-aside">{tr!("wrong, and sure of it")}</span></h3>
            {body}
        </div>
    }
    .into_any()
}

/// Test pictures with what the last evaluation made of them.
pub fn strip(scene: PanelState, examples: &[Example], label: String) -> AnyView {
    let tiles = examples.iter().map(|e| tile(scene, e)).collect_view();
    grid(scene, "tiles wide", label, None, tiles.into_any())
}

fn tile(scene: PanelState, example: &Example) -> AnyView {
    let truth = scene.target_words(&example.target);
    let Some(prediction) = &example.prediction else { return ().into_any() };
    let said = scene.prediction_words(prediction);
    let chance = format::chance(prediction.confidence());
    let right = prediction.is_right(&example.target);
    let name =
        tr!("Test picture {}, labelled {}, read as {}, {} sure", example.index + 1, truth, said, chance);
    let mark = if right { "right" } else { "wrong" };
    let caption = view! {
        {verdict(&said, mark)}
        {(!right).then(|| view! { <span class="tile-detail">{tr!("is {}", truth)}</span> })}
        <span class="tile-detail num">{chance}</span>
    };
    Tile::of_test(example, Signal::stored(name), caption.into_any(), Signal::stored(mark)).view(scene)
}
