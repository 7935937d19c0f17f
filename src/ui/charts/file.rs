//! The charts and the run as files: a chart drawn with its words, and every step that is known as a row.

use super::chart::{Chart, Drawn, Line};
use super::run_history::shown;
use super::runs;
use super::sheet::{Anchor, Sheet, colour};
use crate::table::csv_field;
use crate::ui::components::plot::{AxisWords, End};
use crate::ui::language::{known, tr};
use crate::ui::state::State;
use crate::ui::store::past_runs::Mark;
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write;

const SIZE: (f64, f64) = (720.0, 405.0);
/// The plot in it: left, top, width, height.
const PLOT: [f64; 4] = [64.0, 64.0, 516.0, 285.0];
/// A kept run's name.
const BEHIND: f64 = 20.0;
/// Curves are drawn in tenths.
const FINE: f64 = 10.0;
pub const AREA: (f64, f64) = (PLOT[2] * FINE, PLOT[3] * FINE);

const TRAIN: &str = r#"stroke-width="20" stroke-dasharray="60 40""#;
const TEST: &str = r#"stroke-width="25""#;
const BOLD: &str = r#"font-weight="600""#;

/// The words and the frame that every chart has.
struct ChartFrame<'a> {
    title: &'a str,
    unit: &'a str,
    lines: &'a [(f64, String)],
    across: &'a [(f64, String)],
    ends: &'a [End],
    /// Kept runs and their names, below.
    behind: &'a [(Line, String)],
}

/// As it stands now.
pub fn sheet(state: State, chart: Chart) -> Sheet {
    let drawn = untrack(move || chart.draw(AREA));
    let (title, unit) = (known(chart.title), known(chart.unit));
    let shown = untrack(move || shown(state));
    let name = |line: &Line| shown.iter().find(|k| k.slot == line.slot).map(|k| k.name(state));
    let behind = drawn.behind.iter().map(|line| (line.clone(), untrack(|| name(line)).unwrap_or_default()));
    let frame = ChartFrame {
        title: &title,
        unit: &unit,
        lines: &drawn.lines,
        across: &drawn.epochs,
        ends: &drawn.ends,
        behind: &behind.collect::<Vec<_>>(),
    };
    framed(&frame, |sheet| curves(sheet, &drawn))
}

/// The chart of one's own classifier: accuracy from 0 to 1 over epochs.
pub struct Simple {
    pub title: String,
    pub unit: String,
    pub lines: AxisWords,
    pub across: AxisWords,
    pub ends: Vec<End>,
    /// In `AREA`.
    pub train: String,
    pub test: String,
}

pub fn simple(chart: &Simple) -> Sheet {
    let frame = ChartFrame {
        title: &chart.title,
        unit: &chart.unit,
        lines: &chart.lines,
        across: &chart.across,
        ends: &chart.ends,
        behind: &[],
    };
    framed(&frame, |sheet| {
        sheet.open(&scaled());
        sheet.path(&chart.train, &colour("--plot-train"), TRAIN);
        sheet.path(&chart.test, &colour("--plot-test"), TEST);
        sheet.end();
    })
}

fn framed(frame: &ChartFrame, draw: impl FnOnce(&mut Sheet)) -> Sheet {
    let [left, top, width, height] = PLOT;
    let (ink, quiet, grid) = (colour("--ink"), colour("--ink-quiet"), colour("--line"));
    let mut sheet = Sheet::new(SIZE.0, SIZE.1 + BEHIND * frame.behind.len() as f64);
    sheet.text((left, 26.0), Anchor::Start, &ink, r#"font-size="17" font-weight="600""#, frame.title);
    sheet.text((left, 45.0), Anchor::Start, &quiet, "", frame.unit);
    sheet.begin(left, top);
    for (place, words) in frame.lines {
        let y = place / 100.0 * height;
        sheet.path(&format!("M0 {y:.1}H{width}"), &grid, r#"stroke-width="1""#);
        sheet.text((-8.0, y + 4.0), Anchor::End, &quiet, "", words);
    }
    for (place, words) in frame.across {
        sheet.text((place / 100.0 * width, height + 24.0), Anchor::Middle, &quiet, "", words);
    }
    sheet.text((-8.0, height + 24.0), Anchor::End, &quiet, "", &tr!("epoch"));
    draw(&mut sheet);
    for (place, words, class) in frame.ends {
        let fill = colour(if *class == "end-test" { "--plot-test" } else { "--wrong" });
        sheet.text((width + 8.0, place / 100.0 * height + 4.0), Anchor::Start, &fill, BOLD, words);
    }
    for (row, (line, name)) in frame.behind.iter().enumerate() {
        let y = height + 48.0 + BEHIND * row as f64;
        let (stroke, style) = runs::stroke(line.slot, 1.0);
        sheet.path(&format!("M0 {y:.1}h40"), &stroke, &style);
        sheet.text((48.0, y + 4.0), Anchor::Start, &ink, "", &format!("{} {name}", line.letter));
        let at = (line.label.0 / 100.0 * width, line.label.1 / 100.0 * height - 5.0);
        sheet.text(at, Anchor::Middle, &ink, BOLD, &line.letter.to_string());
    }
    sheet.end();
    sheet
}

fn scaled() -> String {
    format!(r#"transform="scale({})""#, 1.0 / FINE)
}

fn curves(sheet: &mut Sheet, drawn: &Drawn) {
    let [_, _, width, height] = PLOT;
    let quiet = colour("--plot-quiet");
    if let Some(guessing) = drawn.guessing {
        let y = guessing / 100.0 * height;
        sheet.path(&format!("M0 {y:.1}H{width}"), &quiet, r#"stroke-width="1" stroke-dasharray="1 4""#);
        sheet.text((width - 4.0, y - 5.0), Anchor::End, &colour("--ink-quiet"), "", &tr!("guessing"));
    }
    sheet.open(&scaled());
    let test = colour("--plot-test");
    for line in &drawn.behind {
        let (stroke, style) = runs::stroke(line.slot, FINE);
        sheet.path(&line.path, &stroke, &style);
    }
    sheet.path(&drawn.batches, &colour("--plot-batches"), r#"stroke-width="10" stroke-opacity="0.55""#);
    sheet.path(&drawn.train, &colour("--plot-train"), TRAIN);
    sheet.path(&drawn.test, &test, TEST);
    sheet.path(&drawn.dots, &test, r#"stroke-width="60" stroke-linecap="round""#);
    sheet.end();
}

/// Every step that the page knows of: what its batch said, and what the test after it said. The kept runs that are
/// shown follow, their batches as means over spans.
pub fn csv(state: State) -> String {
    let mut out = String::from("step,epoch,train_loss,train_accuracy,test_loss,test_accuracy,run\r\n");
    let train = state
        .train_curve
        .with_untracked(|all| all.iter().map(|p| (p.step, p.loss, p.score)).collect::<Vec<Mark>>());
    let test = state
        .evaluations
        .with_untracked(|all| all.iter().map(|e| (e.step, e.loss, e.score as f32)).collect::<Vec<Mark>>());
    rows(&mut out, &train, &test, state.steps_per_epoch.get_untracked(), "");
    for kept in untrack(move || shown(state)) {
        let name = format!("{} {}", kept.letter(), untrack(|| kept.name(state)));
        rows(&mut out, &kept.train, &kept.test, kept.steps_per_epoch, &csv_field(&name));
    }
    out
}

fn rows(out: &mut String, train: &[Mark], test: &[Mark], per_epoch: u32, run: &str) {
    let mut steps: BTreeMap<u32, [Option<Mark>; 2]> = BTreeMap::new();
    for (place, marks) in [train, test].into_iter().enumerate() {
        for mark in marks {
            steps.entry(mark.0).or_default()[place] = Some(*mark);
        }
    }
    for (step, marks) in steps {
        let epoch = f64::from(step) / f64::from(per_epoch.max(1));
        let numbers =
            marks.map(|mark| mark.map_or_else(|| ",".into(), |(_, loss, share)| format!("{loss},{share}")));
        // Writing to a string never fails.
        let _ = write!(out, "{step},{epoch:.4},{},{run}\r\n", numbers.join(","));
    }
}
