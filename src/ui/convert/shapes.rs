//! Marks as SVG over their picture, in the picture's pixels.

use crate::annotation::shape::{Point, Shape};
use crate::annotation::{Mark, Picture, Project};
use leptos::prelude::*;
use std::fmt::Write;

/// More marks of a picture nobody can tell apart, and they take long to draw.
pub const MOST: usize = 500;

/// Colours that the theme has for classes.
const COLOURS: usize = 10;

/// How large the picture is, or what all marks span.
pub fn extent(picture: &Picture) -> [f64; 2] {
    let spans = picture.marks.iter().filter_map(Mark::bounds);
    let far = spans.fold([1.0_f64, 1.0], |far, [x, y, w, h]| [far[0].max(x + w), far[1].max(y + h)]);
    picture.size.map_or(far, |size| size.map(f64::from))
}

pub fn layer(picture: &Picture, project: &Project) -> AnyView {
    let [width, height] = extent(picture);
    let marks = picture.marks.iter().take(MOST).map(|mark| {
        let colour = mark.class.map_or("var(--ink-quiet)".into(), |at| format!("var(--class-{})", at % COLOURS));
        let filled = !matches!(mark.shape, Shape::Line(_) | Shape::Points(_) | Shape::Whole);
        let fill = if filled { colour.clone() } else { "none".into() };
        view! {
            <path class="convert-mark" d=path(mark, width.max(height) / 100.0) style:stroke=colour style:fill=fill fill-rule="evenodd">
                <title>{project.class_name(mark).to_string()}</title>
            </path>
        }
    });
    view! {
        <svg class="convert-shapes" viewBox=format!("0 0 {width} {height}") aria-hidden="true" data-testid="shapes">
            {marks.collect_view()}
        </svg>
    }
    .into_any()
}

/// Points are crosses of this size.
fn path(mark: &Mark, cross: f64) -> String {
    let mut d = String::new();
    match &mark.shape {
        Shape::Line(points) => along(&mut d, points, ""),
        Shape::Points(points) => points.iter().for_each(|point| at(&mut d, *point, cross)),
        area => area.rings().unwrap_or_default().iter().for_each(|ring| along(&mut d, ring, "Z")),
    }
    let seen = mark.keypoints.iter().filter(|point| point[2] > 0.0);
    seen.for_each(|[x, y, _]| at(&mut d, [*x, *y], cross / 2.0));
    d
}

fn along(d: &mut String, points: &[Point], end: &str) {
    for (index, [x, y]) in points.iter().enumerate() {
        // Writing to a text does not fail.
        let _ = write!(d, "{}{x:.2} {y:.2}", if index == 0 { "M" } else { "L" });
    }
    d.push_str(end);
}

fn at(d: &mut String, [x, y]: Point, size: f64) {
    let _ = write!(d, "M{:.2} {y:.2}h{:.2}M{x:.2} {:.2}v{:.2}", x - size, 2.0 * size, y - size, 2.0 * size);
}
