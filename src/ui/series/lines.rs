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

/// Which part of the plane is drawn.
#[derive(Clone, Copy)]
struct Frame {
    from: f64,
    to: f64,
    low: f64,
    high: f64,
}

impl Frame {
    fn x(self, step: f64) -> f64 {
        (step - self.from) / (self.to - self.from).max(1.0) * SIDE
    }

    fn y(self, value: f64) -> f64 {
        (1.0 - (value - self.low) / (self.high - self.low)).clamp(-0.02, 1.02) * SIDE
    }

    fn up(self) -> AxisWords {
        let lines = round_numbers(self.low, self.high, 4).into_iter();
        lines.map(|value| (self.y(value) / SIDE * 100.0, format::plain(value))).collect()
    }

    fn across(self) -> AxisWords {
        let whole = round_numbers(self.from, self.to, 4).into_iter().filter(|step| step.fract() == 0.0);
        whole.map(|step| (self.x(step) / SIDE * 100.0, format::count(step as u64))).collect()
    }

    fn line(self, line: &Line) -> AnyView {
        let parts = line.points.split(|point| !point.1.is_finite()).filter(|part| !part.is_empty());
        let d: String = parts.map(|part| path(&few(part), |x| self.x(x), |y| self.y(y))).collect();
        view! { <path class=line.class d=d /> }.into_any()
    }
}

/// The least and the greatest of the lines' finite values; none where there are none.
fn heights(lines: &[Line]) -> Option<(f64, f64)> {
    let all = lines.iter().flat_map(|line| &line.points).map(|point| point.1).filter(|v| v.is_finite());
    all.fold(None, |found, v| {
        let (low, high) = found.unwrap_or((v, v));
        Some((f64::min(low, v), f64::max(high, v)))
    })
}

impl Lines {
    /// As high as the truth, and as what is said where that does not go too far beyond it; none before the truth is there.
    fn frame(&self) -> Option<Frame> {
        let (low, high) = heights(&self.truth)?;
        let high = high.max(low + 1e-9);
        let room = (high - low) * BEYOND;
        let (below, above) = heights(&self.said).unwrap_or((low, high));
        let (low, high) = (low.min(below.max(low - room)), high.max(above.min(high + room)));
        let margin = (high - low) * 0.05;
        Some(Frame { from: self.from, to: self.to, low: low - margin, high: high + margin })
    }

    pub fn view(self) -> AnyView {
        let found = self.frame();
        let frame = found.unwrap_or(Frame { from: self.from, to: self.to, low: 0.0, high: 1.0 });
        let up = if found.is_some() { frame.up() } else { Vec::new() };
        let mark = self.mark.as_ref().map(|(step, _)| format!("M{:.0} 0V{SIDE}", frame.x(*step)));
        let words = self.mark.as_ref().map(|(step, words)| {
            let left = format!("left:{:.2}%", frame.x(*step) / SIDE * 100.0);
            view! { <p class="series-mark" style=left aria-hidden="true">{words.clone()}</p> }.into_any()
        });
        let lines = || self.truth.iter().chain(&self.said);
        let drawn = lines().map(|line| frame.line(line)).collect_view();
        let keys = lines().map(key).collect_view();
        let nothing = found.is_none().then(|| empty(tr!("The series is on its way.")));
        let area = view! {
            <div class="chart-area series-area">
                <svg viewBox="0 0 1000 1000" preserveAspectRatio="none" aria-hidden="true" focusable="false">
                    <path class="line-grid" d=grid(&up) />
                    <path class="series-mark-line" d=mark />
                    {drawn}
                </svg>
            </div>
        };
        Plot {
            class: "chart series-chart",
            test_id: Some(self.test_id.into()),
            title: self.title,
            unit: self.unit,
            readout: ().into_any(),
            up: axis(up, "top"),
            area: area.into_any(),
            across: axis(frame.across(), "left"),
            across_unit: Some(tr!("step")),
            over: view! { {words}{nothing} }.into_any(),
            below: view! { <ul class="series-keys">{keys}</ul> }.into_any(),
        }
        .view()
    }
}

fn key(line: &Line) -> AnyView {
    view! {
        <li>
            <svg class="series-key" viewBox="0 0 24 8" aria-hidden="true" focusable="false"><path class=line.class d="M1 4H23" /></svg>
            {line.name.clone()}
        </li>
    }
    .into_any()
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
