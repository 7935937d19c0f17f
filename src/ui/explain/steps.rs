//! The arithmetic, step by step. What stands where follows from the kinds of the steps and stays while it trains; the
//! numbers in it follow the network.

use super::Way;
use super::at::At;
use super::equations::{added, answered, normalised, number_in, passed_words, result, scaled};
use super::plot::plot;
use super::products::{Products, products};
use super::sum::{FEW, lines, weighted};
use super::walk::Walk;
use super::weighted_sum::channels;
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
    /// Input maps of `side × side` cells, in the order of how much they add; `before` are those of the step before.
    Weighted {
        side: usize,
        order: Vec<usize>,
        before: bool,
    },
    Products(Products),
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
    fn of(step: &Step, place: Position) -> Self {
        match step {
            Step::Weighted { side, sums, cells, .. } => {
                let mut order: Vec<usize> = (0..sums.len()).collect();
                // Colours stay in their order; many maps begin with what matters.
                if sums.len() > FEW {
                    order.sort_by(|a, b| sums[*b].abs().total_cmp(&sums[*a].abs()));
                }
                let of_itself = |from: Position| from.layer == place.layer && !from.inside;
                let before = cells.iter().all(|cell| cell.from.is_none_or(of_itself));
                Self::Weighted { side: *side, order, before }
            }
            Step::Products { terms, .. } => Self::Products(Products::of(terms)),
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
            Self::Weighted { before: true, .. } => tr!("From the step before: the hidden state, weighed"),
            Self::Weighted { .. } => tr!("Weighted sum"),
            Self::Products(products) => products.title(),
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

/// Of a picture’s network with its maps, `pictures`.
pub fn steps(walk: Walk, pictures: Option<Way>) -> AnyView {
    // The order of the maps is that of the moment when the number was chosen: nothing jumps while it trains.
    let layout =
        Memo::new(move |before: Option<&Layout>| {
            walk.working.with(|w| {
                let w = w.as_ref()?;
                let kept = before.and_then(|b| b.as_ref()).filter(|(place, _)| *place == w.place);
                Some(kept.cloned().unwrap_or_else(|| {
                    (w.place, w.steps.iter().map(|step| Shape::of(step, w.place)).collect())
                }))
            })
        });
    let view = part(move || {
        let (_, shapes) = layout.get()?;
        let around = shapes.contains(&Shape::Added);
        let recurrent = shapes.iter().any(|shape| matches!(shape, Shape::Products(_)));
        let several = shapes.len() > 1;
        let step = |(index, shape): (usize, Shape)| {
            let title = several.then(|| {
                let title = match (around, index, &shape) {
                    (_, _, Shape::Weighted { before: false, .. }) if recurrent => {
                        tr!("From this step: what comes in, weighed")
                    }
                    (false, ..) | (true, _, Shape::Added | Shape::Activated(_)) => shape.title(),
                    (true, 0 | 1, _) => tr!("Branch: {}", shape.title()),
                    (true, ..) => tr!("Way around: {}", shape.title()),
                };
                view! { <h3 class="block-title">{title}</h3> }
            });
            let body = step_view(pictures, At { walk, index }, shape);
            view! { <section class="way-stage">{title}{body}</section> }.into_any()
        };
        let stages = shapes.into_iter().enumerate().map(step).collect_view();
        Some(view! { {stages}{answered(walk)} })
    });
    view! { <div class="way-steps" data-testid="way-steps">{view}</div> }.into_any()
}

fn step_view(pictures: Option<Way>, at: At, shape: Shape) -> AnyView {
    match shape {
        Shape::Weighted { side, order, .. } => {
            let terms = match pictures {
                Some(way) if side > 1 => channels(way, at, side, &order),
                _ => lines(at, &order),
            };
            weighted(at, terms, order.len())
        }
        Shape::Products(shape) => products(at, &shape),
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
        Shape::Window { largest, columns, count } => {
            pictures.map(|way| window(way, at, largest, columns, count)).into_any()
        }
        Shape::Passed => view! {
            <p class="way-about">{text(move || passed_words(at))}</p>
            <p class="way-equation num">{number_in(at)}<span class="way-op">"="</span>{result(at)}</p>
        }
        .into_any(),
        Shape::Added => added(at),
        Shape::Scaled => scaled(at),
    }
}
