//! The arithmetic, step by step. What stands where follows from the kinds of the steps and stays while it trains; the
//! numbers in it follow the network.

use super::Way;
use super::at::At;
use super::equations::{added, answered, normalised, number_in, passed_words, result, scaled};
use super::plot::plot;
use super::weighted_sum::weighted;
use super::window::window;
use crate::explain::{Position, Step};
use crate::layers::{LayerSpec, batch_norm};
use crate::ui::components::reactive::{part, text};
use crate::ui::language::{known, tr};
use crate::ui::panels::layer_title::layer_title;
use leptos::prelude::*;

/// How a step is laid out.
#[derive(Clone, Debug, PartialEq)]
enum Shape {
    /// Input maps of `side × side` cells, in the order of how much they add.
    Weighted {
        side: usize,
        order: Vec<usize>,
    },
    Normalised {
        running: bool,
    },
    Activated(LayerSpec),
    Window {
        largest: bool,
        columns: usize,
        count: usize,
    },
    Passed,
    Added,
    Scaled,
}

impl Shape {
    fn of(step: &Step) -> Self {
        match step {
            Step::Weighted { side, sums, .. } => {
                let mut order: Vec<usize> = (0..sums.len()).collect();
                // Colours stay in their order; many maps begin with what matters.
                if sums.len() > super::weighted_sum::FEW {
                    order.sort_by(|a, b| sums[*b].abs().total_cmp(&sums[*a].abs()));
                }
                Self::Weighted { side: *side, order }
            }
            Step::Normalised { running, .. } => Self::Normalised { running: *running },
            Step::Activated { layer, .. } => Self::Activated(*layer),
            Step::Window { largest, columns, cells, .. } => {
                Self::Window { largest: *largest, columns: *columns, count: cells.len() }
            }
            Step::Passed { .. } => Self::Passed,
            Step::Added { .. } => Self::Added,
            Step::Scaled { .. } => Self::Scaled,
        }
    }

    fn title(&self) -> String {
        match self {
            Self::Weighted { .. } => tr!("Weighted sum"),
            Self::Normalised { running: true } => known(batch_norm::KIND.title),
            Self::Normalised { running: false } => tr!("Normalised"),
            Self::Activated(layer) => layer_title(*layer),
            Self::Window { largest: true, .. } => tr!("The largest"),
            Self::Window { .. } => tr!("The mean"),
            Self::Passed => tr!("Passed on"),
            Self::Added => tr!("Added up"),
            Self::Scaled => tr!("Normalised"),
        }
    }
}

/// A place, and how its steps are laid out.
type Layout = Option<(Position, Vec<Shape>)>;

pub fn steps(way: Way) -> AnyView {
    // The order of the maps is that of the moment when the number was chosen: nothing jumps while it trains.
    let layout = Memo::new(move |before: Option<&Layout>| {
        way.working.with(|w| {
            let w = w.as_ref()?;
            let kept = before.and_then(|b| b.as_ref()).filter(|(place, _)| *place == w.place);
            Some(kept.cloned().unwrap_or_else(|| (w.place, w.steps.iter().map(Shape::of).collect())))
        })
    });
    let view = part(move || {
        let (_, shapes) = layout.get()?;
        let around = shapes.contains(&Shape::Added);
        let several = shapes.len() > 1;
        let step = |(index, shape): (usize, Shape)| {
            let title = several.then(|| {
                let title = match (around, index, &shape) {
                    (false, ..) | (true, _, Shape::Added | Shape::Activated(_)) => shape.title(),
                    (true, 0 | 1, _) => tr!("Branch: {}", shape.title()),
                    (true, ..) => tr!("Way around: {}", shape.title()),
                };
                view! { <h3 class="block-title">{title}</h3> }
            });
            let body = step_view(At { way, index }, shape);
            view! { <section class="way-stage">{title}{body}</section> }.into_any()
        };
        let stages = shapes.into_iter().enumerate().map(step).collect_view();
        Some(view! { {stages}{answered(way)} })
    });
    view! { <div class="way-steps" data-testid="way-steps">{view}</div> }.into_any()
}

fn step_view(at: At, shape: Shape) -> AnyView {
    match shape {
        Shape::Weighted { side, order } => weighted(at, side, order),
        Shape::Normalised { running } => normalised(at, running),
        Shape::Activated(layer) => view! {
            <div class="way-function">
                {plot(at, layer)}
                <p class="way-equation num">
                    {number_in(at)}<span class="way-op">"→"</span>{layer_title(layer)}<span class="way-op">"→"</span>{result(at)}
                </p>
            </div>
        }
        .into_any(),
        Shape::Window { largest, columns, count } => window(at, largest, columns, count),
        Shape::Passed => view! {
            <p class="way-about">{text(move || passed_words(at))}</p>
            <p class="way-equation num">{number_in(at)}<span class="way-op">"="</span>{result(at)}</p>
        }
        .into_any(),
        Shape::Added => added(at),
        Shape::Scaled => scaled(at),
    }
}
