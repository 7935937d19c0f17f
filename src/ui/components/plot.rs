//! A plot: its title and unit, words along its axes, and the drawing between them. The drawing stretches with its frame, in
//! numbers of a square of 1000 × 1000; words do not stretch.

use leptos::prelude::*;

/// From the left and from the bottom, in the plot's own units.
pub type Point = (f64, f64);

/// Words and their place along an axis, in per cent.
pub type AxisWords = Vec<(f64, String)>;

/// Words at a curve's end: their height from the top in per cent, and their class.
pub type End = (f64, String, &'static str);

/// The side of the square that a drawing is in.
pub const SIDE: f64 = 1000.0;

pub struct Plot {
    pub class: &'static str,
    pub test_id: Option<String>,
    pub title: String,
    /// One line under the title: the unit, and how to read the axis.
    pub unit: String,
    /// Between title and drawing.
    pub readout: AnyView,
    /// `axis` words beside the drawing.
    pub up: AnyView,
    /// The drawing, in a `.chart-area`.
    pub area: AnyView,
    /// `axis` words below, and what they count.
    pub across: AnyView,
    pub across_unit: Option<String>,
    /// What lies over or beside the drawing.
    pub over: AnyView,
    pub below: AnyView,
}

impl Plot {
    pub fn view(self) -> AnyView {
        view! {
            <figure class=self.class data-testid=self.test_id>
                <figcaption class="chart-head">
                    <span class="chart-title">{self.title}</span>
                    <span class="chart-unit">{self.unit}</span>
                </figcaption>
                {self.readout}
                <div class="chart-body">
                    <div class="chart-lines num" aria-hidden="true">{self.up}</div>
                    {self.area}
                    <div class="chart-epochs num" data-unit=self.across_unit aria-hidden="true">{self.across}</div>
                    {self.over}
                </div>
                {self.below}
            </figure>
        }
        .into_any()
    }
}

/// `side` is where the per cents are counted from: `left`, `top` or `bottom`.
pub fn axis(words: AxisWords, side: &'static str) -> AnyView {
    let word = |(place, word): (f64, String)| {
        view! { <span style=format!("{side}:{place:.2}%")>{word}</span> }.into_any()
    };
    words.into_iter().map(word).collect_view().into_any()
}

pub fn ends(words: Vec<End>) -> AnyView {
    let end = |(top, words, class): End| {
        view! { <span class=class style=format!("top:{top:.1}%")>{words}</span> }.into_any()
    };
    words.into_iter().map(end).collect_view().into_any()
}

/// Where nothing can be drawn yet.
pub fn empty(words: String) -> AnyView {
    view! { <p class="chart-empty"><span>{words}</span></p> }.into_any()
}

/// A line across the square at each of an axis' words.
pub fn grid(up: &AxisWords) -> String {
    up.iter().map(|line| format!("M0 {:.0}H{SIDE}", line.0 / 100.0 * SIDE)).collect()
}

/// `x` and `y` are where a point lies in the drawing.
pub fn path(points: &[Point], x: impl Fn(f64) -> f64, y: impl Fn(f64) -> f64) -> String {
    let mut path = String::with_capacity(points.len() * 12);
    for (i, point) in points.iter().enumerate() {
        path.push(if i == 0 { 'M' } else { 'L' });
        path.push_str(&format!("{:.0} {:.0}", x(point.0), y(point.1)));
    }
    path
}

/// Lines of no length: with round ends they are dots, however the drawing is stretched.
pub fn dots(points: &[Point], x: impl Fn(f64) -> f64, y: impl Fn(f64) -> f64) -> String {
    points.iter().map(|p| format!("M{:.0} {:.0}h0", x(p.0), y(p.1))).collect()
}
