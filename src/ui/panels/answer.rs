//! What the network says of the picture that is looked at: its answer, and how sure it is of every class.

use super::panel_state::{InspectedExample, PanelState, scene};
use crate::protocol::Prediction;
use crate::ui::components::format;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::reactive::{flag, memo, part, text};
use crate::ui::language::tr;
use leptos::prelude::*;

#[component]
pub fn AnswerBars() -> impl IntoView {
    let scene = scene();
    let said = memo(move || {
        scene.state.seen.with(|s| s.as_ref().and_then(|s| s.look.as_ref()).map(|l| l.prediction.clone()))
    });
    let rows = part(move || (0..scene.outputs()).map(|class| bar(scene, said, class as u32)).collect_view());
    view! {
        <p class="answer" data-testid="answer">{part(move || answer(scene, said.get()))}</p>
        <div class="bars" class:long=flag(move || scene.long_names()) role="list" aria-label=tr!("Probability of each class") data-testid="bars">
            {rows}
        </div>
    }
    .into_any()
}

/// “It says 7”, and whether that is so where this is known.
fn answer(scene: PanelState, said: Option<Prediction>) -> AnyView {
    let Some(said) = said else {
        return view! { <span class="answer-none">{tr!("No picture yet")}</span> }.into_any();
    };
    let target = scene.subject.with(|s| match s {
        InspectedExample::Train { target, .. } => Some(target.clone()),
        InspectedExample::Test { target, .. } => target.clone(),
        _ => None,
    });
    let judged = target.map(|target| {
        if said.is_right(&target) {
            view! { <span class="answer-judged right">{icon(Icon::Tick)}{tr!("right")}</span> }.into_any()
        } else {
            let truth = scene.target_words(&target);
            view! { <span class="answer-judged wrong">{icon(Icon::Cross)}{tr!("it is {}", truth)}</span> }
                .into_any()
        }
    });
    view! {
        {tr!("It says")}" "
        <strong>{scene.prediction_words(&said)}</strong>
        <span class="answer-sure num">{tr!("{} sure", format::chance(said.confidence()))}</span>
        {judged}
    }
    .into_any()
}

fn bar(scene: PanelState, said: Memo<Option<Prediction>>, class: u32) -> AnyView {
    let p = memo(move || said.with(|said| said.as_ref()?.numbers().get(class as usize).copied()));
    let best = flag(move || {
        said.with(|said| said.as_ref().and_then(Prediction::class).is_some_and(|(best, _)| best == class))
    });
    let name = scene.class(class);
    view! {
        <div class="bar" role="listitem" class:best=best>
            <span class="bar-name">{name}</span>
            <span class="bar-track" data-class=class>
                <i style:transform=text(move || format!("scaleX({:.4})", p.get().unwrap_or(0.0)))></i>
            </span>
            <span class="bar-value num">{text(move || p.get().map_or_else(|| "—".to_string(), format::chance))}</span>
        </div>
    }
    .into_any()
}
