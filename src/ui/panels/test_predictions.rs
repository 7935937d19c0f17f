//! A fixed handful of test pictures, and what the network says of each, while it learns.

use super::panel_state::{InspectedExample, PanelState, scene};
use super::pictures::skeletons;
use super::thumbnail::{Tile, grid};
use crate::protocol::{Example, Picture, Prediction, Request, Response};
use crate::ui::components::format;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::reactive::{effect, memo, part, text};
use crate::ui::language::tr;
use leptos::prelude::*;
use leptos::task::spawn_local;

const SHOWN: u32 = 30;

#[component]
pub fn TestGrid() -> impl IntoView {
    let scene = scene();
    let predictions =
        memo(move || scene.state.seen.with(|s| s.as_ref().map(|s| s.grid.clone()).unwrap_or_default()));
    let pictures = pictures(scene);
    effect(move |_| scene.lab.watch(|w| w.grid = (0..SHOWN).collect()));
    look_at_the_first(scene, pictures);
    let right = move || {
        let pictures = pictures.get()?;
        predictions.with(|all| {
            let known = all.len() == pictures.len();
            known.then(|| all.iter().zip(&pictures).filter(|(said, p)| said.is_right(&p.target)).count())
        })
    };
    let summary = text(move || match right() {
        Some(right) => tr!("{} of these {} right now", right, SHOWN),
        None => String::new(),
    });
    let tiles = part(move || match pictures.get() {
        None => skeletons(SHOWN as usize),
        Some(all) => {
            all.iter().enumerate().map(|(i, p)| tile(scene, predictions, i, p)).collect_view().into_any()
        }
    });
    view! {
        <div class="block">
            <h3 class="block-title">{tr!("Test pictures")}" "<span class="block-aside num">{summary}</span></h3>
            {grid(scene, "tiles", tr!("Test pictures with the network’s answers"), Some("test-grid"), tiles)}
        </div>
    }
    .into_any()
}

/// Once per dataset, as soon as the test set has begun to arrive.
fn pictures(scene: PanelState) -> RwSignal<Option<Vec<Example>>> {
    let pictures = RwSignal::new(None);
    let here = memo(move || {
        let dataset = scene.dataset.with(|d| d.as_ref().map(|d| d.id.clone()))?;
        let arrived = scene.state.data.with(|d| {
            d.test_examples >= SHOWN as usize && d.manifest.as_ref().is_some_and(|m| m.id == dataset)
        });
        Some((dataset, arrived))
    });
    effect(move |before: Option<Option<String>>| {
        pictures.set(None);
        let dataset = here.with(|h| h.as_ref().map(|h| h.0.clone()));
        // A picture of another dataset would not fit; a drawing is the visitor's own and stays where there is a pad.
        let changed = before.flatten().is_some_and(|b| dataset.as_ref() != Some(&b));
        let pad = untrack(move || scene.shape())[0] == 1;
        if changed && !(pad && scene.subject.with_untracked(|s| *s == InspectedExample::Drawing)) {
            scene.look_at_nothing();
        }
        if here.with(|h| h.as_ref().is_some_and(|h| h.1))
            && let Some(dataset) = dataset.clone()
        {
            fetch(scene, dataset, here, pictures);
        }
        dataset
    });
    pictures
}

fn fetch(
    scene: PanelState,
    dataset: String,
    here: Memo<Option<(String, bool)>>,
    pictures: RwSignal<Option<Vec<Example>>>,
) {
    spawn_local(async move {
        let test = (0..SHOWN).collect();
        let question = Request::Samples { dataset: dataset.clone(), train: Vec::new(), test };
        let Ok(Response::Examples(found)) = scene.lab.ask(question).await else { return };
        // Another dataset may have been chosen meanwhile, or the panel been drawn anew.
        if here.try_get_untracked().flatten().is_some_and(|(now, _)| now == dataset) {
            let _ = pictures.try_set(Some(found));
        }
    });
}

/// So that the inside of the network is not empty when the page opens.
fn look_at_the_first(scene: PanelState, pictures: RwSignal<Option<Vec<Example>>>) {
    effect(move |_| {
        let first =
            pictures.with(|p| p.as_ref().and_then(|p| p.first().map(|p| (p.index, p.target.clone()))));
        let Some((index, target)) = first else { return };
        if scene.subject.with_untracked(|s| *s == InspectedExample::Nothing) {
            scene.subject.set(InspectedExample::Test { index, target: Some(target) });
            scene.lab.look_at(Picture::Test(index));
        }
    });
}

fn tile(scene: PanelState, predictions: Memo<Vec<Prediction>>, at: usize, example: &Example) -> AnyView {
    let index = example.index;
    let truth = StoredValue::new(example.target.clone());
    let said = memo(move || predictions.with(|all| all.get(at).cloned()));
    let mark = Signal::derive(move || match said.get() {
        Some(said) if truth.with_value(|truth| said.is_right(truth)) => "right",
        Some(_) => "wrong",
        None => "",
    });
    let name = Signal::derive(move || {
        let truth = truth.with_value(|truth| scene.target_words(truth));
        match said.get() {
            Some(said) => tr!(
                "Test picture {}, labelled {}, read as {}, {}",
                index + 1,
                truth,
                scene.prediction_words(&said),
                format::chance(said.confidence())
            ),
            None => tr!("Test picture {}, labelled {}", index + 1, truth),
        }
    });
    let caption = part(move || match (said.get(), mark.get()) {
        (None, _) => view! { <span class="verdict">"·"</span> }.into_any(),
        (Some(said), mark) => verdict(&scene.prediction_words(&said), mark),
    });
    Tile::of_test(example, name, caption.into_any(), mark).view(scene)
}

/// What it says, with a sign, so that the colour is not alone.
pub fn verdict(said: &str, mark: &str) -> AnyView {
    let sign = match mark {
        "right" => Some(icon(Icon::Tick)),
        "wrong" => Some(icon(Icon::Cross)),
        _ => None,
    };
    let class = format!("verdict {mark}");
    view! { <span class=class>{sign}{said.to_string()}</span> }.into_any()
}
