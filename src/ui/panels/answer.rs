//! What the network says of the picture that is looked at: its answer, and how sure it is of every class.

use super::panel_state::{InspectedExample, PanelState, scene};
use crate::ui::components::format;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::reactive::{flag, memo, part, text};
use crate::ui::language::tr;
use leptos::prelude::*;

#[component]
pub fn AnswerBars() -> impl IntoView {
    let scene = scene();
    let probabilities = memo(move || {
        scene.state.seen.with(|s| {
            s.as_ref().and_then(|s| s.look.as_ref()).map(|l| l.probabilities.clone()).unwrap_or_default()
        })
    });
    let best = memo(move || {
        probabilities.with(|all| {
            let best = all.iter().copied().enumerate().max_by(|a, b| a.1.total_cmp(&b.1));
            best.map(|(class, p)| (class as u8, p))
        })
    });
    let rows = part(move || {
        let classes = scene.dataset.with(|d| d.as_ref().map_or(10, |d| d.classes.len()));
        (0..classes).map(|class| bar(scene, probabilities, best, class as u8)).collect_view()
    });
    view! {
        <p class="answer" data-testid="answer">{part(move || answer(scene, best.get()))}</p>
        <div class="bars" class:long=flag(move || scene.long_names()) role="list" aria-label=tr!("Probability of each class") data-testid="bars">
            {rows}
        </div>
    }
    .into_any()
}

/// “It says 7”, and whether that is so where this is known.
fn answer(scene: PanelState, best: Option<(u8, f32)>) -> AnyView {
    let Some((class, p)) = best else {
        return view! { <span class="answer-none">{tr!("No picture yet")}</span> }.into_any();
    };
    let truth = scene.subject.with(|s| match s {
        InspectedExample::Train { label, .. } => Some(*label),
        InspectedExample::Test { label, .. } => *label,
        _ => None,
    });
    let judged = truth.map(|truth| {
        if truth == class {
            view! { <span class="answer-judged right">{icon(Icon::Tick)}{tr!("right")}</span> }.into_any()
        } else {
            let truth = scene.class(truth);
            view! { <span class="answer-judged wrong">{icon(Icon::Cross)}{tr!("it is {}", truth)}</span> }
                .into_any()
        }
    });
    view! {
        {tr!("It says")}" "
        <strong>{scene.class(class)}</strong>
        <span class="answer-sure num">{tr!("{} sure", format::chance(p))}</span>
        {judged}
    }
    .into_any()
}

fn bar(
    scene: PanelState,
    probabilities: Memo<Vec<f32>>,
    best: Memo<Option<(u8, f32)>>,
    class: u8,
) -> AnyView {
    let p = memo(move || probabilities.with(|all| all.get(usize::from(class)).copied()));
    let name = scene.class(class);
    view! {
        <div class="bar" role="listitem" class:best=flag(move || best.get().is_some_and(|b| b.0 == class))>
            <span class="bar-name">{name}</span>
            <span class="bar-track" data-class=class>
                <i style:transform=text(move || format!("scaleX({:.4})", p.get().unwrap_or(0.0)))></i>
            </span>
            <span class="bar-value num">{text(move || p.get().map_or_else(|| "—".to_string(), format::chance))}</span>
        </div>
    }
    .into_any()
}
