//! Histograms of one column for each group, under one another on one axis, and in words what they show.

use super::pick::{Pick, columns};
use super::say;
use super::state::TableState;
use crate::table::grouped_histogram::{Part, Spread};
use crate::table::{Kind, Table, summary};
use crate::ui::components::format;
use crate::ui::components::plot::{AxisWords, axis};
use crate::ui::components::reactive::{effect, memo, part, text};
use crate::ui::language::tr;
use leptos::prelude::*;

/// Marks of an axis, at most.
const TICKS: f64 = 6.0;

#[derive(Clone, Copy)]
struct Chosen {
    bench: TableState,
    column: RwSignal<Option<usize>>,
    by: RwSignal<Option<usize>>,
    split: RwSignal<Option<usize>>,
}

pub fn histograms(bench: TableState) -> AnyView {
    let [column, by, split] = [(); 3].map(|()| RwSignal::new(None));
    effect(move |before: Option<Option<String>>| {
        // Another table, or another target, has other columns worth looking at.
        let now = bench.target().map(|(_, name)| name);
        bench.table.track();
        let gone = bench.table.with_untracked(|t| t.as_ref().map_or(0, |t| t.columns.len()))
            <= column.get_untracked().unwrap_or(0);
        if before.as_ref() != Some(&now) || gone {
            let chosen = bench.table.with_untracked(|t| t.as_ref().map(|t| first_choice(t, bench)));
            let (first, groups, parts) = chosen.unwrap_or((None, None, None));
            column.set(first);
            by.set(groups);
            split.set(parts);
        }
        now
    });
    let spread = memo(move || {
        bench.table.with(|t| t.as_ref().and_then(|t| t.spread(column.get()?, by.get(), split.get())))
    });
    let chosen = Chosen { bench, column, by, split };
    view! {
        <section class="table-block" aria-labelledby="title-spread" data-testid="spread">
            <h2 class="block-title" id="title-spread">{tr!("How the groups differ")}</h2>
            {choices(chosen)}
            {part(move || match spread.get() {
                Some(spread) => drawn(chosen, &spread),
                None => view! { <p class="empty">{tr!("Choose a column of numbers.")}</p> }.into_any(),
            })}
        </section>
    }
    .into_any()
}

/// The first column of numbers that is learned from, by what is learned, by the next category.
fn first_choice(table: &Table, bench: TableState) -> (Option<usize>, Option<usize>, Option<usize>) {
    let target = untrack(|| bench.target()).map(|(at, _)| at);
    let features =
        bench.recipe.with_untracked(|r| r.as_ref().map(|r| r.features.clone())).unwrap_or_default();
    let learned_from = |at: &usize| features.contains(&table.columns[*at].name);
    let of_kind = |kind: Kind| (0..table.columns.len()).filter(move |at| table.columns[*at].kind() == kind);
    let number = of_kind(Kind::Number).find(learned_from).or_else(|| of_kind(Kind::Number).next());
    let target = target.filter(|at| table.columns[*at].kind() == Kind::Category);
    let by = target.or_else(|| of_kind(Kind::Category).next());
    let few = |at: &usize| Some(*at) != by && table.columns[*at].summary.distinct() <= 2;
    let split =
        of_kind(Kind::Category).filter(learned_from).find(few).or_else(|| of_kind(Kind::Category).find(few));
    (number, by, split)
}

fn choices(chosen: Chosen) -> AnyView {
    let bench = chosen.bench;
    let numbers = columns(bench, |kind| kind == Kind::Number);
    let words = columns(bench, |kind| kind == Kind::Category);
    view! {
        <div class="table-picks">
            <Pick id="spread-column" label=tr!("Column") columns=numbers chosen=chosen.column />
            <Pick id="spread-by" label=tr!("for each") columns=words chosen=chosen.by none=true />
            <Pick id="spread-split" label=tr!("and each") columns=words chosen=chosen.split none=true />
        </div>
    }
    .into_any()
}

fn drawn(chosen: Chosen, spread: &Spread) -> AnyView {
    let Spread { low, high, step, most, .. } = *spread;
    let column = chosen.column.get_untracked().unwrap_or(0);
    let mean = |value: f64| {
        let said = |t: &Option<Table>| t.as_ref().map(|t| say::mean(t, column, value));
        chosen.bench.table.with_untracked(said).unwrap_or_default()
    };
    let place = |value: f64| (value - low) / (high - low) * 100.0;
    let strip = |group: &str, index: usize, part: &Part| {
        let name = if part.name.is_empty() { group } else { &part.name };
        let label = tr!("{}: mean {} of {}", name, mean(part.mean), format::count(part.count as u64));
        let below = if place(part.mean) > 70.0 { "right" } else { "left" };
        view! {
            <div class="strip" data-part=index.to_string()>
                <span class="strip-name">{part.name.clone()}</span>
                <div class="strip-plot" role="img" aria-label=label>
                    <svg viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden="true" focusable="false">
                        <path class="strip-bars" d=bars(part, most) />
                        <path class="strip-mean" d=format!("M{:.1} 0V100", place(part.mean) * 10.0) />
                    </svg>
                    <span class=format!("strip-words num {below}") style=format!("left:{:.1}%", place(part.mean)) aria-hidden="true">
                        {(part.count > 0).then(|| mean(part.mean))}
                    </span>
                </div>
            </div>
        }
        .into_any()
    };
    let groups = spread.groups.iter().enumerate().map(|(at, group)| {
        let strips: Vec<_> =
            group.parts.iter().enumerate().map(|(index, part)| strip(&group.name, index, part)).collect();
        let named =
            (!group.name.is_empty()).then(|| view! { <h3 class="spread-name">{group.name.clone()}</h3> });
        view! {
            <div class="spread-group" data-class=colour_of(at)>
                {named}
                {strips}
            </div>
        }
        .into_any()
    });
    let groups = groups.collect_view();
    let words = conclusion(chosen, spread, mean);
    let out = (spread.left_out > 0).then(|| {
        let out = tr!(
            "Not drawn, because a value is missing or the group is rare: {} rows",
            format::count(spread.left_out as u64)
        );
        view! { <p class="note">{out}</p> }
    });
    view! {
        <div class="spread">{groups}<div class="plot-axis num" aria-hidden="true">{axis(ticks(low, high, step), "left")}</div></div>
        {words.map(|words| view! { <p class="spread-words" data-testid="spread-words">{words}</p> })}
        {out}
    }
    .into_any()
}

fn bars(part: &Part, most: u32) -> String {
    let width = 1000.0 / part.bars.len().max(1) as f64;
    let bar = |(at, count): (usize, &u32)| {
        let height = f64::from(*count) / f64::from(most.max(1)) * 96.0;
        format!("M{:.1} 100v{:.1}h{:.1}v{:.1}z", at as f64 * width + 0.6, -height, width - 1.2, height)
    };
    part.bars.iter().enumerate().filter(|(_, count)| **count > 0).map(bar).collect()
}

/// “female is lower than male in every species: Adelie 37.3 and 40.4, …”
fn conclusion(chosen: Chosen, spread: &Spread, mean: impl Fn(f64) -> String) -> Option<String> {
    let (low, high) = spread.always_lower()?;
    let name = |column: Option<usize>| {
        let name = |t: &Option<Table>| Some(t.as_ref()?.columns.get(column?)?.name.clone());
        chosen.bench.table.with_untracked(name)
    };
    let first = &spread.groups.first()?.parts;
    let each = spread.groups.iter().map(|group| {
        let (low, high) = (mean(group.parts[low].mean), mean(group.parts[high].mean));
        if group.name.is_empty() {
            tr!("{} and {}", low, high)
        } else {
            tr!("{} {} and {}", group.name, low, high)
        }
    });
    let each = each.collect::<Vec<_>>().join(", ");
    let column = name(chosen.column.get_untracked())?;
    let (low, high) = (&first[low].name, &first[high].name);
    Some(match name(chosen.by.get_untracked()) {
        Some(by) => tr!(
            "The mean of “{}” is smaller for {} than for {} in every “{}”: {}.",
            column,
            low,
            high,
            by,
            each
        ),
        None => tr!("The mean of “{}” is smaller for {} than for {}: {}.", column, low, high, each),
    })
}

/// Words at round places of an axis. They lie at least `least` apart.
pub fn ticks(low: f64, high: f64, least: f64) -> AxisWords {
    let step = crate::table::grouped_histogram::nice_step((high - low) * 30.0 / TICKS).max(least);
    let decimals = (-step.log10().floor()).clamp(0.0, 6.0) as usize;
    let first = (low / step).ceil() as i64;
    let last = (high / step + 1e-9).floor() as i64;
    let tick = |at: i64| {
        let value = at as f64 * step;
        ((value - low) / (high - low).max(f64::MIN_POSITIVE) * 100.0, format::decimals(value, decimals))
    };
    (first..=last.min(first + 20)).map(tick).collect()
}

/// Which of the page's ten colours a class has; the first is grey, which is for what has none.
pub fn colour_of(class: usize) -> String {
    (class % 9 + 1).to_string()
}

/// A small histogram of a whole column.
pub fn small(table: &Table, column: usize) -> AnyView {
    let counts: Vec<u32> = match table.columns.get(column).map(|c| &c.summary) {
        Some(summary::Summary::Numbers(numbers)) => numbers.bins.clone(),
        Some(summary::Summary::Words(words)) if words.counts.len() <= 24 => words.counts.clone(),
        _ => Vec::new(),
    };
    let most = counts.iter().copied().max().unwrap_or(1);
    let part = Part { name: String::new(), count: 0, mean: 0.0, bars: counts };
    view! {
        <svg class="small-bars" viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden="true" focusable="false">
            <path class="strip-bars" d=bars(&part, most) />
        </svg>
    }
    .into_any()
}

/// A column's numbers in one line.
pub fn line(table: &Table, column: usize) -> Signal<String> {
    let words = match table.columns.get(column).map(|c| &c.summary) {
        Some(summary::Summary::Numbers(n)) if n.count > 0 => {
            let word = |v: f64| say::mean(table, column, v);
            tr!("{} to {}, mean {}", word(n.min), word(n.max), word(n.mean))
        }
        Some(summary::Summary::Words(w)) if w.distinct > 0 => {
            let names = table.names(Some(column), 5);
            let more = w.distinct.saturating_sub(names.len());
            let names = names.join(", ");
            if more > 0 { tr!("{} and {} more", names, format::count(more as u64)) } else { names }
        }
        _ => String::new(),
    };
    text(move || words.clone())
}
