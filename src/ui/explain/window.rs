//! The largest or the mean of a window, and the frame that shows where on its map some numbers are.

use super::Way;
use super::at::At;
use super::equations::{number, result};
use super::labels::{fixed, maps, short, tint};
use super::map_chooser::map_canvas;
use crate::explain::Position;
use crate::ui::components::pick::{PixelWindow, frame};
use crate::ui::components::reactive::{flag, memo, text};
use crate::ui::language::tr;
use leptos::prelude::*;
use std::ops::Range;

/// A window with more columns is not written out.
const MOST_COLUMNS: usize = 8;

/// The window's numbers, each to be asked; of a maximum, the one that won is marked.
pub fn window(way: Way, at: At, largest: bool, columns: usize, count: usize) -> AnyView {
    let most = memo(move || at.read(|s| s.cells().iter().fold(0.0_f64, |most, c| most.max(c.x.abs()))));
    let winner = memo(move || {
        let out = at.out();
        largest.then(|| at.read(|s| s.cells().iter().position(|cell| cell.x == out))).flatten()
    });
    let cell = move |index: usize| {
        let number = text(move || short(at.x(index)));
        let label = text(move || tr!("{}. Where does it come from?", short(at.x(index))));
        let go = move |_| {
            if let Some(place) = untrack(move || at.from(index)) {
                at.walk.go(place);
            }
        };
        view! {
            <button type="button" class="way-cell" class:winner=flag(move || winner.get() == Some(index)) aria-label=label
                style:background=text(move || tint(at.x(index), most.get())) on:click=go>{number}</button>
        }
        .into_any()
    };
    // Of too many numbers, the one that matters most.
    let strongest = memo(move || {
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
            <div class="way-source">{on_its_map(way, at, 0..count)}</div>
            {grid}
            <p class="way-equation num"><span>{rule}</span><span class="way-op">"="</span>{result(at)}</p>
        </div>
    }
    .into_any()
}

/// The map that some of a step's inputs are in, with a frame around them.
pub fn on_its_map(way: Way, at: At, inputs: Range<usize>) -> AnyView {
    let first = inputs.clone();
    let framed = move || {
        let places: Vec<Position> = inputs.clone().filter_map(|input| at.from(input)).collect();
        let (first, last) = (places.first()?, places.last()?);
        let [_, height, width] = maps(way.scene, *first);
        let (rows, columns) = (first.row..last.row + 1, first.column..last.column + 1);
        Some(PixelWindow { rows, columns, size: (height, width) })
    };
    let map = map_canvas(way, move || first.clone().find_map(|input| at.from(input)));
    view! { <div class="way-picture">{map}{frame(framed)}</div> }.into_any()
}
