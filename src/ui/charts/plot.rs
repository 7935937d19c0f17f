//! How a chart looks: an SVG that stretches with its frame, and words around it that do not stretch.

use super::curve::{Behind, Curves};
use super::readout::{self, Reader};
use super::runs;
use super::scale::{Scale, epoch_lines};
use crate::ui::components::plot::{AxisWords, End, Plot, Point, SIDE, axis, dots, empty, ends, grid, path};
use crate::ui::components::reactive::{memo, part, text};
use crate::ui::language::{known, tr};
use crate::ui::panels::panel_state::PanelState;
use leptos::prelude::*;

/// What a chart is of.
#[derive(Clone, Copy)]
pub struct Chart {
    pub id: &'static str,
    pub title: &'static str,
    /// One line under the title: the unit, and how to read the axis.
    pub unit: &'static str,
    pub scale: Scale,
    pub words: fn(f64) -> String,
    /// The same for the table.
    pub exact: fn(f64) -> String,
    pub curves: Memo<Curves>,
}

/// A chart in numbers of its own area.
#[derive(Clone, Default, PartialEq)]
pub struct Drawn {
    pub lines: AxisWords,
    pub epochs: AxisWords,
    pub batches: String,
    pub train: String,
    pub test: String,
    pub dots: String,
    pub behind: Vec<Line>,
    pub guessing: Option<f64>,
    pub ends: Vec<End>,
}

/// A kept run's course, and where its letter stands: from the left and from the top, in per cent.
#[derive(Clone, PartialEq)]
pub struct Line {
    pub slot: usize,
    pub letter: char,
    pub path: String,
    pub label: (f64, f64),
}

impl Chart {
    /// In an area of this width and height.
    pub fn draw(self, area: (f64, f64)) -> Drawn {
        self.curves.with(|c| {
            let behind = c.behind.iter().map(|b| &b.points);
            let all = [&c.batches, &c.train, &c.test].into_iter().chain(behind).flatten().map(|p| p.1);
            let lines = self.scale.lines(all.chain(c.guessing));
            let (low, high) = (lines.first(), lines.last());
            let (low, high) =
                (low.map_or(0.0, |l| self.scale.place(l.0)), high.map_or(1.0, |l| self.scale.place(l.0)));
            let y = |v: f64| (1.0 - (self.scale.place(v) - low) / (high - low).max(1e-9)).clamp(-0.02, 1.02);
            let x = |s: f64| s / c.steps.max(1.0);
            let path = |points: &[Point]| path(points, |s| x(s) * area.0, |v| y(v) * area.1);
            let end = |points: &[Point], name: fn(String) -> String, class| {
                points.last().map(|p| (y(p.1) * 100.0, name((self.words)(p.1)), class))
            };
            let mut ends: Vec<_> = [end(&c.test, of_test, "end-test"), end(&c.train, of_train, "end-train")]
                .into_iter()
                .flatten()
                .collect();
            keep_apart(&mut ends);
            let line = |(order, b): (usize, &Behind)| {
                // Each a little further from the end, so that letters of curves that end together can be read.
                let at = b.points.len().saturating_sub(1) * (20 - order % 15) / 20;
                let label = b.points.get(at).map_or((0.0, 0.0), |p| (x(p.0) * 100.0, y(p.1) * 100.0));
                Line { slot: b.slot, letter: b.letter, path: path(&b.points), label }
            };
            Drawn {
                lines: lines.iter().map(|(v, words)| (y(*v) * 100.0, words.clone())).collect(),
                epochs: epoch_lines(c.steps, c.steps_per_epoch)
                    .into_iter()
                    .map(|(s, w)| (x(s) * 100.0, w))
                    .collect(),
                batches: path(&c.batches),
                train: path(&c.train),
                test: path(&c.test),
                dots: dots(&c.test, |s| x(s) * area.0, |v| y(v) * area.1),
                behind: c.behind.iter().enumerate().map(line).collect(),
                guessing: c.guessing.map(|v| y(v) * 100.0),
                ends,
            }
        })
    }
}

pub fn of_train(value: String) -> String {
    tr!("train {}", value)
}

pub fn of_test(value: String) -> String {
    tr!("test {}", value)
}

/// Words that would overlap are moved apart.
fn keep_apart(ends: &mut [End]) {
    const APART: f64 = 13.0;
    if let [a, b] = ends {
        let gap = (a.0 - b.0).abs();
        if gap < APART {
            let push = (APART - gap) / 2.0;
            let down = if a.0 <= b.0 { 1.0 } else { -1.0 };
            a.0 -= push * down;
            b.0 += push * down;
        }
    }
}

pub fn chart(scene: PanelState, chart: Chart) -> AnyView {
    let drawn = memo(move || chart.draw((SIDE, SIDE)));
    // They stay as they are while the live curves grow.
    let behind = memo(move || drawn.with(|d| d.behind.clone()));
    let reader = Reader { chart, cursor: RwSignal::new(None), scene };
    let nothing = memo(move || {
        chart.curves.with(|c| [&c.train, &c.test].into_iter().all(Vec::is_empty) && c.behind.is_empty())
    });
    let readout = view! {
        <p class="chart-readout num" data-testid=format!("readout-{}", chart.id)>{text(move || reader.words())}</p>
    };
    let over = view! {
        <div class="chart-ends num" aria-hidden="true">{part(move || ends(drawn.with(|d| d.ends.clone())))}</div>
        <div class="chart-letters" aria-hidden="true">{part(move || behind.with(|all| all.iter().map(letter).collect_view()))}</div>
        {part(move || drawn.with(|d| d.guessing).map(|top| view! {
            <p class="chart-guessing" aria-hidden="true" style:top=format!("{top:.1}%")>{tr!("guessing")}</p>
        }))}
        {part(move || nothing.get().then(|| empty(tr!("no steps yet"))))}
    };
    Plot {
        class: "chart",
        test_id: Some(format!("chart-{}", chart.id)),
        title: known(chart.title),
        unit: known(chart.unit),
        readout: readout.into_any(),
        up: part(move || axis(drawn.with(|d| d.lines.clone()), "top")),
        area: readout::area(reader, svg(drawn, behind, reader)),
        across: part(move || axis(drawn.with(|d| d.epochs.clone()), "left")),
        across_unit: Some(tr!("epoch")),
        over: over.into_any(),
        below: ().into_any(),
    }
    .view()
}

fn svg(drawn: Memo<Drawn>, behind: Memo<Vec<Line>>, reader: Reader) -> AnyView {
    let of = move |get: fn(&Drawn) -> &String| drawn.with(|d| get(d).clone());
    let guessing = move || drawn.with(|d| d.guessing).map(|top| format!("M0 {:.0}H1000", top * 10.0));
    let grid = text(move || drawn.with(|d| grid(&d.lines)));
    let cursor =
        text(move || reader.share().map(|x| format!("M{:.0} 0V1000", x * 1000.0)).unwrap_or_default());
    view! {
        <svg viewBox="0 0 1000 1000" preserveAspectRatio="none" aria-hidden="true" focusable="false">
            <path class="line-grid" d=grid />
            <path class="line-guessing" d=text(move || guessing().unwrap_or_default()) />
            {part(move || behind.with(|all| all.iter().map(runs::line).collect_view()))}
            <path class="line-batches" d=text(move || of(|d| &d.batches)) />
            <path class="line-train" d=text(move || of(|d| &d.train)) />
            <path class="line-test" d=text(move || of(|d| &d.test)) />
            <path class="line-dots" d=text(move || of(|d| &d.dots)) />
            <path class="line-cursor" d=cursor />
        </svg>
    }
    .into_any()
}

fn letter(line: &Line) -> AnyView {
    let (left, top) = line.label;
    view! { <span style=format!("left:{left:.1}%;top:{top:.1}%")>{line.letter}</span> }.into_any()
}
