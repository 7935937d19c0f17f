//! What the network says of the whole plane, behind the points that it learns from.

use super::data::most;
use super::draw;
use super::points::{Points, points};
use crate::datasets::toy2d::REACH;
use crate::protocol::FeatureMaps;
use crate::ui::components::format;
use crate::ui::components::pick::pointer_in;
use crate::ui::components::picture::{canvas, value};
use crate::ui::components::reactive::{effect, text};
use crate::ui::language::{known, tr};
use crate::ui::panels::panel_state::{PanelState, scene};
use leptos::prelude::*;

/// A point of the training set that a click chose; the trace follows it.
#[derive(Clone, Copy)]
pub struct Example(pub RwSignal<u32>);

#[component]
pub fn DecisionSurface() -> impl IntoView {
    let scene = scene();
    let tests = RwSignal::new(false);
    let sharp = RwSignal::new(false);
    let cursor = RwSignal::new(None::<(f32, f32)>);
    let points = points();
    let example: Example = expect_context();
    view! {
        <div class="plane" data-testid="surface">
            <div class="plane-stage"
                on:pointermove=move |event| cursor.set(at(&event))
                on:pointerleave=move |_| cursor.set(None)
                on:click=move |event| choose(points, example, at(&event))>
                {answer(scene, sharp)}
                {dots(points, example, tests)}
                <span class="plane-axis plane-axis-x" aria-hidden="true">"x₁"</span>
                <span class="plane-axis plane-axis-y" aria-hidden="true">"x₂"</span>
            </div>
            <p class="plane-says num" data-testid="plane-says">{text(move || says(scene, cursor.get()))}</p>
            <div class="plane-switches">
                <label class="check"><input type="checkbox" prop:checked=move || tests.get() on:change=move |e| tests.set(event_target_checked(&e)) />{tr!("Show the held-out points, as rings")}</label>
                <label class="check"><input type="checkbox" prop:checked=move || sharp.get() on:change=move |e| sharp.set(event_target_checked(&e)) />{tr!("Show only the decision, not how sure")}</label>
            </div>
        </div>
    }
    .into_any()
}

/// The map whose numbers are drawn, and the number that is full colour; the first class is orange, the second blue.
fn shown(answer: &FeatureMaps) -> (usize, impl Fn(f32) -> f32 + Copy) {
    let classes = answer.maps > 1;
    let most = answer.min.abs().max(answer.max.abs()).max(f32::MIN_POSITIVE);
    (usize::from(classes), move |v: f32| if classes { v * 2.0 - 1.0 } else { v / most })
}

fn answer(scene: PanelState, sharp: RwSignal<bool>) -> AnyView {
    canvas("plane-answer", move |canvas| {
        let sharp = sharp.get();
        scene.state.seen.with(|seen| {
            let Some(surface) = seen.as_ref().and_then(|s| s.surface.as_ref()) else { return };
            let (map, share) = shown(&surface.answer);
            draw::map(canvas, &surface.answer, map, |v| if sharp { share(v).signum() } else { share(v) });
        });
    })
}

fn dots(points: Points, Example(example): Example, tests: RwSignal<bool>) -> AnyView {
    let node = NodeRef::<leptos::html::Canvas>::new();
    let resized = draw::resized(node);
    effect(move |_| {
        let Some(canvas) = node.get() else { return };
        resized.track();
        let Some((context, width, height)) = draw::sharp(&canvas) else { return };
        points.with(|numbers| {
            let Some(numbers) = numbers else { return };
            let most = most(&numbers.train.targets);
            let radius = (width / 110.0).clamp(2.2, 4.5);
            if tests.get() {
                draw::dots(
                    &context,
                    (width, height),
                    &numbers.test,
                    draw::Dots { radius, rings: true, most },
                );
            }
            draw::dots(&context, (width, height), &numbers.train, draw::Dots { radius, rings: false, most });
            let chosen = example.get() as usize;
            if chosen < numbers.train.len() {
                let row = numbers.train.row(chosen);
                let (x, y) = draw::place(row[0], row[1], width, height);
                context.begin_path();
                let _ = context.arc(x, y, radius * 2.2, 0.0, std::f64::consts::TAU);
                context.set_line_width(2.0);
                context.set_stroke_style_str("#7a7a7a");
                context.stroke();
            }
        });
    });
    view! { <canvas class="plane-dots" node_ref=node aria-hidden="true"></canvas> }.into_any()
}

/// The plane's numbers under the pointer.
fn at(event: &web_sys::MouseEvent) -> Option<(f32, f32)> {
    let (x, y) = pointer_in(event)?;
    let number = |share: f64| (share as f32 * 2.0 - 1.0) * REACH;
    ((0.0..=1.0).contains(&x) && (0.0..=1.0).contains(&y)).then(|| (number(x), -number(y)))
}

/// The nearest training point becomes the one that is traced.
fn choose(points: Points, Example(example): Example, place: Option<(f32, f32)>) {
    let (Some((x, y)), Some(numbers)) = (place, points.get_untracked()) else { return };
    let far = |index: &usize| {
        let row = numbers.train.row(*index);
        (row[0] - x).powi(2) + (row[1] - y).powi(2)
    };
    if let Some(nearest) = (0..numbers.train.len()).min_by(|a, b| far(a).total_cmp(&far(b))) {
        example.set(nearest as u32);
    }
}

/// “x₁ = 1.2, x₂ = −3.0: blue, 97 %”
fn says(scene: PanelState, place: Option<(f32, f32)>) -> String {
    let Some((x, y)) = place else {
        return tr!(
            "Point somewhere to read what the network says there; click a point to follow it through the network."
        );
    };
    let words = scene.state.seen.with(|seen| {
        let answer = &seen.as_ref()?.surface.as_ref()?.answer;
        let side = answer.width as usize;
        let cell = |v: f32| ((((v + REACH) / (2.0 * REACH)) * side as f32) as usize).min(side - 1);
        let at = cell(-y) * side + cell(x);
        if answer.maps == 1 {
            return Some(tr!("height {}", format::number(f64::from(value(answer, at)))));
        }
        let best = (0..answer.maps as usize).map(|map| (map, value(answer, map * side * side + at)));
        let (class, chance) = best.max_by(|a, b| a.1.total_cmp(&b.1))?;
        Some(format!("{}, {}", scene.class(class as u32), format::chance(chance)))
    });
    let number = |v: f32| format::decimals(f64::from(v), 1);
    let words = words.unwrap_or_else(|| known("—"));
    tr!("x₁ = {}, x₂ = {}: {}", number(x), number(y), words)
}
