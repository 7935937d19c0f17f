//! Every row as a mark at its values of two columns, coloured and shaped by its class.

use super::pick::{Pick, columns};
use super::spread::{colour_of, ticks};
use super::state::TableState;
use crate::table::{Cell, Cells, Kind, Table};
use crate::ui::components::format;
use crate::ui::components::plot::axis;
use crate::ui::components::reactive::{effect, part};
use crate::ui::language::tr;
use leptos::prelude::*;

/// More marks would hide one another, and take long to draw.
const MOST_MARKS: usize = 4_000;

/// The plot, in its own units: three wide, two high.
const WIDE: f64 = 600.0;
const HIGH: f64 = 400.0;

/// Colours that there are.
const MOST_CLASSES: usize = 10;

/// What is drawn.
struct Marks {
    low: [f64; 2],
    high: [f64; 2],
    /// A class's name and its marks as one path.
    classes: Vec<(String, String)>,
    drawn: usize,
    /// Rows that have both values.
    all: usize,
}

pub fn scatter(bench: TableState) -> AnyView {
    let [across, up, by] = [(); 3].map(|()| RwSignal::new(None::<usize>));
    effect(move |before: Option<Option<String>>| {
        let now = bench.target().map(|(_, name)| name);
        bench.table.track();
        let width = bench.table.with_untracked(|t| t.as_ref().map_or(0, |t| t.columns.len()));
        let gone = [across, up].iter().any(|place| place.get_untracked().is_none_or(|at| at >= width));
        if before.as_ref() != Some(&now) || gone {
            let target = untrack(|| bench.target()).map(|(at, _)| at);
            let numbers =
                bench.table.with_untracked(|t| t.as_ref().map(|t| two(t, target)).unwrap_or_default());
            across.set(numbers.first().copied());
            up.set(numbers.get(1).or(numbers.first()).copied());
            by.set(bench.table.with_untracked(|t| t.as_ref().and_then(|t| classes(t, target))));
        }
        now
    });
    let numbers = columns(bench, |kind| kind == Kind::Number);
    let kinds = columns(bench, |kind| kind == Kind::Category || kind == Kind::Number);
    let plot = part(move || {
        let (across, up, by) = (across.get()?, up.get()?, by.get());
        bench.table.with(|t| Some(plot(t.as_ref()?, [across, up], by)))
    });
    view! {
        <section class="table-block" aria-labelledby="title-scatter" data-testid="scatter">
            <h2 class="block-title" id="title-scatter">{tr!("One mark a row")}</h2>
            <div class="table-picks">
                <Pick id="scatter-x" label=tr!("Across") columns=numbers chosen=across />
                <Pick id="scatter-y" label=tr!("Up") columns=numbers chosen=up />
                <Pick id="scatter-by" label=tr!("Colour") columns=kinds chosen=by none=true />
            </div>
            {plot}
        </section>
    }
    .into_any()
}

/// Two columns of numbers, the first ones that are not what is learned.
fn two(table: &Table, target: Option<usize>) -> Vec<usize> {
    let numbers = (0..table.columns.len()).filter(|at| table.columns[*at].kind() == Kind::Number);
    numbers.filter(|at| Some(*at) != target).take(2).collect()
}

/// What colours: the target, or the first category.
fn classes(table: &Table, target: Option<usize>) -> Option<usize> {
    let fits = |at: &usize| table.columns[*at].summary.distinct() <= MOST_CLASSES;
    target.filter(fits).or_else(|| {
        (0..table.columns.len()).find(|at| table.columns[*at].kind() == Kind::Category && fits(at))
    })
}

fn marks(table: &Table, columns: [usize; 2], by: Option<usize>) -> Option<Marks> {
    let [across, up] = columns.map(|at| match table.columns.get(at).map(|c| &c.cells) {
        Some(Cells::Numbers { values, .. }) => Some(values),
        _ => None,
    });
    let (across, up) = (across?, up?);
    let there: Vec<usize> =
        (0..table.rows()).filter(|row| !across[*row].is_nan() && !up[*row].is_nan()).collect();
    let ends = |values: &[f64]| {
        let (low, high) = there.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), row| {
            (low.min(values[*row]), high.max(values[*row]))
        });
        let margin = if high > low { (high - low) * 0.04 } else { 1.0 };
        (low - margin, high + margin)
    };
    if there.is_empty() {
        return None;
    }
    let (x, y) = (ends(across), ends(up));
    let names = table.names(by, MOST_CLASSES);
    let mut classes: Vec<(String, String)> = names.iter().map(|name| (name.clone(), String::new())).collect();
    let mut unknown = String::new();
    let stride = there.len().div_ceil(MOST_MARKS);
    let mut drawn = 0;
    for row in there.iter().step_by(stride).copied() {
        let at = ((across[row] - x.0) / (x.1 - x.0) * WIDE, HIGH - (up[row] - y.0) / (y.1 - y.0) * HIGH);
        let class = match by.map(|by| (by, table.cell(row, by))) {
            None => Some(0),
            Some((_, Cell::Missing)) => None,
            Some((by, _)) => names.iter().position(|name| *name == table.text(row, by)),
        };
        match class {
            Some(class) => classes[class].1.push_str(&shape(class, at)),
            None => unknown.push_str(&shape(usize::MAX, at)),
        }
        drawn += 1;
    }
    if !unknown.is_empty() {
        classes.push(("?".into(), unknown));
    }
    Some(Marks { low: [x.0, y.0], high: [x.1, y.1], classes, drawn, all: there.len() })
}

/// Each class has a shape of its own too; what is unknown is a ring with a cross.
fn shape(class: usize, (x, y): (f64, f64)) -> String {
    let at = |x: f64, y: f64, d: &str| format!("M{x:.1} {y:.1}{d}");
    match class {
        usize::MAX => {
            at(x - 8.0, y, "h16M")
                + &format!("{x:.1} {:.1}v16", y - 8.0)
                + &at(x - 6.0, y, "a6 6 0 1 0 12 0a6 6 0 1 0-12 0")
        }
        _ => match class % 5 {
            0 => at(x - 4.2, y, "a4.2 4.2 0 1 0 8.4 0a4.2 4.2 0 1 0-8.4 0z"),
            1 => at(x, y - 5.2, "l5 8.6h-10z"),
            2 => at(x - 3.8, y - 3.8, "h7.6v7.6h-7.6z"),
            3 => at(x, y - 5.4, "l5.4 5.4-5.4 5.4-5.4-5.4z"),
            _ => at(x, y + 5.2, "l5-8.6h-10z"),
        },
    }
}

fn plot(table: &Table, columns: [usize; 2], by: Option<usize>) -> AnyView {
    let Some(Marks { low, high, classes, drawn, all }) = marks(table, columns, by) else {
        return view! { <p class="empty">{tr!("No row has both values.")}</p> }.into_any();
    };
    let [across, up] = columns.map(|at| table.columns.get(at).map(|c| c.name.clone()).unwrap_or_default());
    let horizontal = ticks(low[0], high[0], 0.0);
    let vertical = ticks(low[1], high[1], 0.0);
    let lines: String = horizontal
        .iter()
        .map(|(share, _)| format!("M{:.1} 0v{HIGH}", share / 100.0 * WIDE))
        .chain(vertical.iter().map(|(share, _)| format!("M0 {:.1}h{WIDE}", HIGH - share / 100.0 * HIGH)))
        .collect();
    let class_of = |at: usize, name: &str| if name == "?" { String::from("unknown") } else { colour_of(at) };
    let paths: Vec<_> = classes
        .iter()
        .enumerate()
        .map(|(at, (name, d))| {
            view! { <path class="mark" data-class=class_of(at, name) d=d.clone() /> }.into_any()
        })
        .collect();
    let legend = classes.iter().enumerate().filter(|(_, (name, _))| !name.is_empty()).map(|(at, (name, _))| {
        let shape = shape(if name == "?" { usize::MAX } else { at }, (9.0, 9.0));
        let words = if name == "?" { tr!("? to fill in") } else { name.clone() };
        view! {
            <li>
                <svg viewBox="0 0 18 18" aria-hidden="true" focusable="false"><path class="mark" data-class=class_of(at, name) d=shape /></svg>
                <span>{words}</span>
            </li>
        }
        .into_any()
    });
    let legend = legend.collect_view();
    let some = (drawn < all).then(|| {
        let words = tr!("{} of {} rows are drawn.", format::count(drawn as u64), format::count(all as u64));
        view! { <p class="note">{words}</p> }
    });
    let label = tr!("{} rows by {} and {}", format::count(drawn as u64), across, up);
    view! {
        <ul class="legend">{legend}</ul>
        <div class="scatter">
            <p class="scatter-up">{up}</p>
            <div class="scatter-plot" role="img" aria-label=label>
                <div class="scatter-left num" aria-hidden="true">{axis(vertical, "bottom")}</div>
                <svg viewBox=format!("0 0 {WIDE} {HIGH}") aria-hidden="true" focusable="false">
                    <path class="line-grid" d=lines />
                    {paths}
                </svg>
                <div class="plot-axis num" aria-hidden="true">{axis(horizontal, "left")}</div>
            </div>
            <p class="scatter-across">{across}</p>
        </div>
        {some}
    }
    .into_any()
}
