//! The charts and the run as files: a chart drawn with its words, and every step that is known as a row.

use super::history::share;
use super::plot::{Chart, Drawn};
use super::sheet::{Anchor, Sheet, colour};
use crate::protocol::{Evaluation, TrainPoint};
use crate::ui::language::{known, tr};
use crate::ui::state::State;
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write;

const SIZE: (f64, f64) = (720.0, 405.0);
/// The plot in it: left, top, width, height.
const PLOT: [f64; 4] = [64.0, 64.0, 516.0, 285.0];
/// Curves are drawn in tenths.
const FINE: f64 = 10.0;
pub const AREA: (f64, f64) = (PLOT[2] * FINE, PLOT[3] * FINE);

const TRAIN: &str = r#"stroke-width="20" stroke-dasharray="60 40""#;
const TEST: &str = r#"stroke-width="25""#;
const BOLD: &str = r#"font-weight="600""#;

/// The words and the frame that every chart has.
struct Frame<'a> {
    title: &'a str,
    unit: &'a str,
    lines: &'a [(f64, String)],
    across: &'a [(f64, String)],
    ends: &'a [(f64, String, &'static str)],
}

/// As it stands now.
pub fn sheet(chart: Chart) -> Sheet {
    let drawn = untrack(move || chart.draw(AREA));
    let (title, unit) = (known(chart.title), known(chart.unit));
    let frame =
        Frame { title: &title, unit: &unit, lines: &drawn.lines, across: &drawn.epochs, ends: &drawn.ends };
    framed(&frame, |sheet| curves(sheet, &drawn))
}

/// The chart of one's own classifier: accuracy from 0 to 1 over epochs.
pub struct Simple {
    pub title: String,
    pub unit: String,
    pub lines: Vec<(f64, String)>,
    pub across: Vec<(f64, String)>,
    pub ends: Vec<(f64, String, &'static str)>,
    /// In `AREA`.
    pub train: String,
    pub test: String,
}

pub fn simple(chart: &Simple) -> Sheet {
    let frame = Frame {
        title: &chart.title,
        unit: &chart.unit,
        lines: &chart.lines,
        across: &chart.across,
        ends: &chart.ends,
    };
    framed(&frame, |sheet| {
        sheet.open(&scaled());
        sheet.path(&chart.train, &colour("--plot-train"), TRAIN);
        sheet.path(&chart.test, &colour("--plot-test"), TEST);
        sheet.end();
    })
}

fn framed(frame: &Frame, draw: impl FnOnce(&mut Sheet)) -> Sheet {
    let [left, top, width, height] = PLOT;
    let (ink, quiet, grid) = (colour("--ink"), colour("--ink-quiet"), colour("--line"));
    let mut sheet = Sheet::new(SIZE.0, SIZE.1);
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
    sheet.end();
    sheet
}

fn scaled() -> String {
    format!(r#"transform="scale({})""#, 1.0 / FINE)
}

fn curves(sheet: &mut Sheet, drawn: &Drawn) {
    let [_, _, width, height] = PLOT;
    let quiet = colour("--plot-quiet");
    let y = drawn.guessing / 100.0 * height;
    sheet.path(&format!("M0 {y:.1}H{width}"), &quiet, r#"stroke-width="1" stroke-dasharray="1 4""#);
    sheet.text((width - 4.0, y - 5.0), Anchor::End, &colour("--ink-quiet"), "", &tr!("guessing"));
    sheet.open(&scaled());
    let test = colour("--plot-test");
    sheet.path(&drawn.batches, &colour("--plot-batches"), r#"stroke-width="10" stroke-opacity="0.55""#);
    sheet.path(&drawn.train, &colour("--plot-train"), TRAIN);
    sheet.path(&drawn.test, &test, TEST);
    sheet.path(&drawn.dots, &test, r#"stroke-width="60" stroke-linecap="round""#);
    sheet.end();
}

/// Every step that the page knows of: what its batch said, and what the test after it said.
pub fn csv(state: State) -> String {
    let mut steps: BTreeMap<u32, (Option<TrainPoint>, Option<Evaluation>)> = BTreeMap::new();
    state.train_curve.with_untracked(|all| {
        for point in all {
            steps.entry(point.step).or_default().0 = Some(*point);
        }
    });
    state.evaluations.with_untracked(|all| {
        for evaluation in all {
            steps.entry(evaluation.step).or_default().1 = Some(evaluation.clone());
        }
    });
    let per_epoch = f64::from(state.steps_per_epoch.get_untracked().max(1));
    let mut out = String::from("step,epoch,train_loss,train_accuracy,test_loss,test_accuracy\r\n");
    for (step, (train, test)) in steps {
        let (loss, accuracy) =
            train.map(|p| (p.loss.to_string(), p.accuracy.to_string())).unwrap_or_default();
        let (test_loss, test_accuracy) =
            test.map(|e| (e.loss.to_string(), share(&e).to_string())).unwrap_or_default();
        let epoch = f64::from(step) / per_epoch;
        // Writing to a string never fails.
        let _ = write!(out, "{step},{epoch:.4},{loss},{accuracy},{test_loss},{test_accuracy}\r\n");
    }
    out
}
