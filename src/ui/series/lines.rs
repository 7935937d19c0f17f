//! Lines over steps: what is true, what is held out, and what a network says.

use crate::ui::components::format;
use crate::ui::components::plot::{AxisWords, Plot, Point, SIDE, axis, empty, grid, path};
use crate::ui::language::tr;
use leptos::prelude::*;

/// More points would not be seen.
const MOST: usize = 1000;
/// What a network says is drawn at most so many times the height of the truth above and below it.
const BEYOND: f64 = 0.5;

/// A line, by how the style sheets call it.
pub struct Line {
    pub class: &'static str,
    /// What it is, in words.
    pub name: String,
    /// Steps and values; a gap where a value is none.
    pub points: Vec<Point>,
}

/// Lines over the steps from `from` to `to`.
pub struct Lines {
    pub test_id: &'static str,
    pub title: String,
    pub unit: String,
    pub from: f64,
    pub to: f64,
    /// The heights of these decide the axis.
    pub truth: Vec<Line>,
    pub said: Vec<Line>,
    /// Where a line stands upright, and what for.
    pub mark: Option<(f64, String)>,
}

/// Every step of a range of `all`.
pub fn points(all: &[f32], range: std::ops::Range<usize>) -> Vec<Point> {
    let end = range.end.min(all.len());
    (range.start.min(end)..end).map(|step| (step as f64, f64::from(all[step]))).collect()
}

impl Lines {
    pub fn view(self) -> AnyView {
        let heights = self.truth.iter().flat_map(|line| &line.points).map(|point| point.1);
        let heights = heights.filter(|value| value.is_finite());
        let (low, high) = heights.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
        let known = low <= high;
        let (low, high) = if known { (low, high.max(low + 1e-9)) } else { (0.0, 1.0) };
        let room = (high - low) * BEYOND;
        let said = self.said.iter().flat_map(|line| &line.points).map(|point| point.1);
        let said = said.filter(|value| value.is_finite()).map(|value| value.clamp(low - room, high + room));
        let (low, high) = said.fold((low, high), |(a, b), v| (a.min(v), b.max(v)));
        let margin = (high - low) * 0.05;
        let (low, high) = (low - margin, high + margin);
        let y = move |value: f64| (1.0 - (value - low) / (high - low)).clamp(-0.02, 1.02) * SIDE;
        let (from, span) = (self.from, (self.to - self.from).max(1.0));
        let x = move |step: f64| (step - from) / span * SIDE;
        let up: AxisWords = round_numbers(low, high, 4)
            .into_iter()
            .map(|value| (y(value) / SIDE * 100.0, format::plain(value)))
            .collect();
        let across: AxisWords = round_numbers(self.from, self.to, 4)
            .into_iter()
            .filter(|step| step.fract() == 0.0)
            .map(|step| (x(step) / SIDE * 100.0, format::count(step as u64)))
            .collect();
        let grid = grid(&up);
        let line = |line: &Line| {
            let d: String = line
                .points
                .split(|point| !point.1.is_finite())
                .filter(|part| !part.is_empty())
                .map(|part| path(&few(part), x, y))
                .collect();
            view! { <path class=line.class d=d /> }.into_any()
        };
        let drawn = self.truth.iter().chain(&self.said).map(line).collect_view();
        let mark = self.mark.as_ref().map(|(step, _)| format!("M{:.0} 0V{SIDE}", x(*step)));
        let words = self.mark.as_ref().map(|(step, words)| {
            let left = format!("left:{:.2}%", x(*step) / SIDE * 100.0);
            view! { <p class="series-mark" style=left aria-hidden="true">{words.clone()}</p> }.into_any()
        });
        let key = |line: &Line| {
            view! { <li><svg class="series-key" viewBox="0 0 24 8" aria-hidden="true" focusable="false"><path class=line.class d="M1 4H23" /></svg>{line.name.clone()}</li> }
                .into_any()
        };
        let keys = self.truth.iter().chain(&self.said).map(key).collect_view();
        let nothing = (!known).then(|| empty(tr!("The series is on its way.")));
        Plot {
            class: "chart series-chart",
            test_id: Some(self.test_id.into()),
            title: self.title,
            unit: self.unit,
            readout: ().into_any(),
            up: axis(up, "top"),
            area: view! {
                <div class="chart-area series-area">
                    <svg viewBox="0 0 1000 1000" preserveAspectRatio="none" aria-hidden="true" focusable="false">
                        <path class="line-grid" d=grid />
                        <path class="series-mark-line" d=mark />
                        {drawn}
                    </svg>
                </div>
            }
            .into_any(),
            across: axis(across, "left"),
            across_unit: Some(tr!("step")),
            over: view! { {words}{nothing} }.into_any(),
            below: view! { <ul class="series-keys">{keys}</ul> }.into_any(),
        }
        .view()
    }
}

/// Of many points, every so many.
fn few(points: &[Point]) -> Vec<Point> {
    let stride = points.len().div_ceil(MOST).max(1);
    points.iter().step_by(stride).copied().collect()
}

/// At most about so many numbers of one, two or five and zeros between two.
fn round_numbers(low: f64, high: f64, most: usize) -> Vec<f64> {
    let rough = (high - low) / most as f64;
    if !rough.is_finite() || rough <= 0.0 {
        return Vec::new();
    }
    let ten = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|lead| lead * ten).find(|step| *step >= rough);
    let step = step.unwrap_or(10.0 * ten);
    let first = (low / step).ceil() as i64;
    let last = (high / step).floor() as i64;
    // Divided by a power of ten rather than multiplied: 3 × 0.1 is not 0.3.
    let inverse = (1.0 / step).round();
    let value = |at: i64| if step < 1.0 && inverse > 0.0 { at as f64 / inverse } else { at as f64 * step };
    (first..=last).map(value).collect()
}
