//! The arithmetic, step by step. What stands where follows from the kinds of the steps and stays while it trains; the
//! numbers in it follow the network.

use super::Way;
use super::band::map_canvas;
use super::names::{behind, fixed, short, tint};
use super::plot::plot;
use super::weighted::weighted;
use crate::layers::LayerSpec;
use crate::ui::controls::live::{flag, part, text};
use crate::ui::controls::pick::{Frame, frame};
use crate::ui::controls::words;
use crate::ui::language::{key, known, tr};
use crate::ui::panels::layer::layer_title;
use crate::way::{Cell, Place, Step};
use leptos::prelude::*;
use std::ops::Range;

/// A window with more columns is not written out.
const MOST_COLUMNS: usize = 8;

/// How a step is laid out.
#[derive(Clone, Debug, PartialEq)]
enum Shape {
    /// Input maps of `side × side` cells, in the order of how much they add.
    Weighted {
        side: usize,
        order: Vec<usize>,
    },
    Normalised,
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
                if sums.len() > super::weighted::FEW {
                    order.sort_by(|a, b| sums[*b].abs().total_cmp(&sums[*a].abs()));
                }
                Self::Weighted { side: *side, order }
            }
            Step::Normalised { .. } => Self::Normalised,
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
            Self::Normalised => known(&LayerSpec::BatchNorm.title()),
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
type Layout = Option<(Place, Vec<Shape>)>;

/// One step of what is shown.
#[derive(Clone, Copy)]
pub struct At {
    pub way: Way,
    index: usize,
}

impl At {
    /// Something of the step; nothing while another kind of place is about to be shown.
    pub fn read<T: Default>(self, read: impl FnOnce(&Step) -> T) -> T {
        self.way
            .working
            .with(|w| w.as_ref().and_then(|w| w.steps.get(self.index)).map(read).unwrap_or_default())
    }

    pub fn cell(self, at: usize) -> Option<Cell> {
        self.read(|step| step.cells().get(at).copied())
    }

    pub fn from(self, at: usize) -> Option<Place> {
        self.cell(at).and_then(|cell| cell.from)
    }

    pub fn x(self, at: usize) -> f64 {
        self.cell(at).map_or(0.0, |cell| cell.x)
    }

    pub fn weight(self, at: usize) -> f64 {
        self.read(|step| step.weights().get(at).copied().unwrap_or_default())
    }

    /// Which step it is.
    pub fn index(self) -> usize {
        self.index
    }

    pub fn out(self) -> f64 {
        self.read(Step::out)
    }
}

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
        Some(view! { {stages}{chance(way)} })
    });
    view! { <div class="way-steps" data-testid="way-steps">{view}</div> }.into_any()
}

fn step_view(at: At, shape: Shape) -> AnyView {
    match shape {
        Shape::Weighted { side, order } => weighted(at, side, order),
        Shape::Normalised => normalised(at),
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
        Shape::Added => view! {
            <p class="way-equation num">
                {named(key("branch"), at, |step| if let Step::Added { branch, .. } = step { *branch } else { 0.0 })}
                <span class="way-op">"+"</span>
                {named(key("way around"), at, |step| if let Step::Added { around, .. } = step { *around } else { 0.0 })}
                <span class="way-op">"="</span>{result(at)}
            </p>
        }
        .into_any(),
        Shape::Scaled => scaled(at),
    }
}

/// What the step gives.
pub fn result(at: At) -> AnyView {
    view! { <strong class="way-out" data-testid="way-out">{text(move || fixed(at.out()))}</strong> }
        .into_any()
}

/// A number of the equation with its name under it.
fn named(name: &'static str, at: At, read: fn(&Step) -> f64) -> AnyView {
    view! { <span class="way-named">{text(move || behind(at.read(read)))}<small>{known(name)}</small></span> }
        .into_any()
}

/// The one input of a step: it can be asked where it comes from, if it is not the step before that gave it.
fn number_in(at: At) -> AnyView {
    number(at, Memo::new(|_| 0))
}

fn number(at: At, input: Memo<usize>) -> AnyView {
    let from = Memo::new(move |_| at.from(input.get()));
    let x = move || at.x(input.get());
    part(move || match from.get() {
        Some(place) => {
            let label = text(move || tr!("{}. Where does it come from?", fixed(x())));
            view! {
                <button type="button" class="way-cell way-single" aria-label=label data-testid="way-input-number"
                    style:background=text(move || tint(x(), x().abs()))
                    on:click=move |_| at.way.go(place)>{text(move || fixed(x()))}</button>
            }
            .into_any()
        }
        None => view! { <span>{text(move || fixed(x()))}</span> }.into_any(),
    })
}

fn passed_words(at: At) -> String {
    let Some((from, place)) = at.from(0).zip(at.way.place()) else { return String::new() };
    let layer =
        place.layer.and_then(|layer| at.way.scene.state.network.with(|n| n.get(layer).map(|i| i.layer)));
    match layer {
        Some(LayerSpec::Flatten) => {
            tr!("Number {} of the list is: {}", words::count(place.map as u64 + 1), at.way.place_name(from))
        }
        Some(LayerSpec::Dropout { .. }) => {
            tr!("It leaves numbers out only while it trains. In use, it passes every number on.")
        }
        _ => tr!("The way around takes what came in as it is."),
    }
}

fn normalised(at: At) -> AnyView {
    let read = |pick: fn([f64; 4]) -> f64| {
        move |step: &Step| match *step {
            Step::Normalised { mean, variance, gamma, beta, .. } => pick([mean, variance, gamma, beta]),
            _ => 0.0,
        }
    };
    let show = move |name: &'static str, pick: fn([f64; 4]) -> f64| {
        view! { <span class="way-named">{text(move || behind(at.read(read(pick))))}<small>{known(name)}</small></span> }
            .into_any()
    };
    view! {
        <p class="way-equation num">
            "("{number_in(at)}<span class="way-op">"−"</span>{show(key("running mean"), |n| n[0])}")"
            <span class="way-op">"÷ √("</span>{show(key("running variance"), |n| n[1])}" + "{words::plain(crate::layers::EPSILON)}<span class="way-op">") ×"</span>
            {show("γ", |n| n[2])}<span class="way-op">"+"</span>{show("β", |n| n[3])}
            <span class="way-op">"="</span>{result(at)}
        </p>
    }
    .into_any()
}

fn scaled(at: At) -> AnyView {
    let show = move |name: &'static str, pick: fn([f64; 3]) -> f64, whole: bool| {
        let number = move || {
            at.read(|step| match *step {
                Step::Scaled { byte, mean, std, .. } => pick([byte, mean, std]),
                _ => 0.0,
            })
        };
        let shown = text(move || if whole { words::count(number() as u64) } else { fixed(number()) });
        view! { <span class="way-named">{shown}<small>{known(name)}</small></span> }.into_any()
    };
    view! {
        <p class="way-equation num">
            "("{show(key("of 255"), |n| n[0], true)}<span class="way-op">"÷ 255 −"</span>{show(key("mean"), |n| n[1], false)}")"
            <span class="way-op">"÷"</span>{show(key("standard deviation"), |n| n[2], false)}
            <span class="way-op">"="</span>{result(at)}
        </p>
    }
    .into_any()
}

/// The window's numbers, each to be asked; of a maximum, the one that won is marked.
fn window(at: At, largest: bool, columns: usize, count: usize) -> AnyView {
    let most = Memo::new(move |_| at.read(|s| s.cells().iter().fold(0.0_f64, |most, c| most.max(c.x.abs()))));
    let winner = Memo::new(move |_| {
        let out = at.out();
        largest.then(|| at.read(|s| s.cells().iter().position(|cell| cell.x == out))).flatten()
    });
    let cell = move |index: usize| {
        let number = text(move || short(at.x(index)));
        let label = text(move || tr!("{}. Where does it come from?", short(at.x(index))));
        let go = move |_| {
            if let Some(place) = untrack(move || at.from(index)) {
                at.way.go(place);
            }
        };
        view! {
            <button type="button" class="way-cell" class:winner=flag(move || winner.get() == Some(index)) aria-label=label
                style:background=text(move || tint(at.x(index), most.get())) on:click=go>{number}</button>
        }
        .into_any()
    };
    // Of too many numbers, the one that matters most.
    let strongest = Memo::new(move |_| {
        at.read(|s| {
            let cells = s.cells().iter().enumerate();
            cells.max_by(|a, b| a.1.x.abs().total_cmp(&b.1.x.abs())).map_or(0, |(index, _)| index)
        })
    });
    let grid = match columns <= MOST_COLUMNS {
        true => {
            let cells = (0..count).map(cell).collect_view();
            view! { <div class="way-grid" style=format!("--side: {columns}") data-testid="way-window">{cells}</div> }
                .into_any()
        }
        false => view! {
            <span class="way-named">{number(at, strongest)}<small>{tr!("the farthest from 0")}</small></span>
        }
        .into_any(),
    };
    let rule = text(move || match largest {
        true => tr!("the largest of {} numbers", count),
        false => {
            let sum = at.read(|s| s.cells().iter().map(|cell| cell.x).sum::<f64>());
            tr!("{0} numbers add up to {1}; {1} ÷ {0}", count, fixed(sum))
        }
    });
    view! {
        <div class="way-channel">
            <div class="way-source">{on_its_map(at, 0..count)}</div>
            {grid}
            <p class="way-equation num"><span>{rule}</span><span class="way-op">"="</span>{result(at)}</p>
        </div>
    }
    .into_any()
}

/// The map that some of a step's inputs are in, with a frame around them.
pub fn on_its_map(at: At, inputs: Range<usize>) -> AnyView {
    let first = inputs.clone();
    let framed = move || {
        let places: Vec<Place> = inputs.clone().filter_map(|input| at.from(input)).collect();
        let (first, last) = (places.first()?, places.last()?);
        let [_, height, width] = at.way.maps(*first);
        let (rows, columns) = (first.row..last.row + 1, first.column..last.column + 1);
        Some(Frame { rows, columns, size: (height, width) })
    };
    let map = map_canvas(at.way, move || first.clone().find_map(|input| at.from(input)));
    view! { <div class="way-picture">{map}{frame(framed)}</div> }.into_any()
}

/// Of the numbers that answer: how sure the network is.
fn chance(way: Way) -> AnyView {
    let answers = Memo::new(move |_| way.working.with(|w| w.as_ref().is_some_and(|w| w.chance.is_some())));
    let read =
        move |at: usize| way.working.with(|w| w.as_ref().and_then(|w| w.chance).map_or(0.0, |c| c[at]));
    part(move || {
        answers.get().then(|| {
            view! {
                <section class="way-stage" data-testid="way-softmax">
                    <h3 class="block-title">{tr!("Softmax: the number becomes a probability")}</h3>
                    <p class="way-equation num">
                        <span class="way-named">{text(move || words::number(read(0)))}<small>{tr!("e to this number")}</small></span>
                        <span class="way-op">"÷"</span>
                        <span class="way-named">{text(move || words::number(read(1)))}<small>{tr!("the same of every class, added up")}</small></span>
                        <span class="way-op">"="</span>
                        <strong class="way-out">{text(move || words::chance(read(2) as f32))}</strong>
                    </p>
                </section>
            }
        })
    })
}
