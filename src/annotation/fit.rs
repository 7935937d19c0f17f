//! What a format has no place for is changed or left out, here and nowhere else, and counted: what comes out is what a
//! file of that format can hold.

use super::mask::Mask;
use super::shape::{Ring, Shape, bounds, box_ring, opened};
use super::{Mark, Notes, Picture, Project, says};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd)]
pub enum Polygons {
    No,
    /// A mark has one ring.
    One,
    /// A mark has as many as it has parts.
    Many,
}

/// What can be said of a mark besides what it is and where.
#[derive(Clone, Copy, Debug)]
pub enum Attributes {
    Any,
    These(&'static [&'static str]),
}

/// What a format has a place for.
#[derive(Clone, Copy, Debug)]
pub struct Abilities {
    pub whole: bool,
    pub boxes: bool,
    pub polygons: Polygons,
    /// A ring in a ring is a hole.
    pub holes: bool,
    pub ellipses: bool,
    pub circles: bool,
    pub lines: bool,
    pub points: bool,
    /// Several points are one mark.
    pub many_points: bool,
    pub masks: bool,
    pub keypoints: bool,
    pub crowds: bool,
    pub scores: bool,
    /// Ids of marks and pictures, and numbers of classes.
    pub ids: bool,
    pub attributes: Attributes,
    pub of_pictures: bool,
    /// A mark without a class.
    pub unnamed: bool,
    /// It says how large pictures are.
    pub sizes: bool,
    /// It cannot be written for a picture whose size is not known.
    pub needs_size: bool,
    /// Nothing may reach past the picture's edge.
    pub within: bool,
    pub empty_pictures: bool,
}

/// What becomes of a project in a format.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    pub kept: Notes,
    pub changed: Notes,
    pub lost: Notes,
}

const STAY: &str = says("stay as they are.");

/// The project as the format can hold it, and what that cost.
pub fn fit(project: &Project, can: &Abilities) -> (Project, Report) {
    let mut report = Report::default();
    let mut out = Project { pictures: Vec::new(), ..project.clone() };
    classes(&mut out, can, &mut report);
    for picture in &project.pictures {
        let fitted = fit_picture(picture, can, &mut report);
        if fitted.marks.is_empty() && !can.empty_pictures {
            report.lost.add(
                says("Pictures without marks"),
                says("have no place in this format."),
                &picture.name,
            );
        } else {
            out.pictures.push(fitted);
        }
    }
    (out, report)
}

fn classes(out: &mut Project, can: &Abilities, report: &mut Report) {
    for (at, class) in out.classes.iter_mut().enumerate() {
        if !can.ids && class.id.take().is_some_and(|id| id != at as i64) {
            let why = says("become 0, 1, 2 and so on, in the same order.");
            report.changed.add(says("Numbers of classes"), why, &class.name);
        }
        if !can.keypoints && !class.keypoints.is_empty() {
            report.lost.add(says("Names of key points"), says("have no place in this format."), &class.name);
            (class.keypoints, class.skeleton) = (Vec::new(), serde_json::Value::Null);
        }
    }
}

fn fit_picture(picture: &Picture, can: &Abilities, report: &mut Report) -> Picture {
    let mut out = Picture { marks: Vec::new(), ..picture.clone() };
    if !can.of_pictures && !out.attributes.is_empty() {
        report.lost.add(says("Remarks on pictures"), says("have no place in this format."), &picture.name);
        out.attributes.clear();
    }
    if !can.ids {
        out.id = None;
    }
    if !can.sizes {
        out.size = None;
    }
    for mark in &picture.marks {
        if can.needs_size && picture.size.is_none() {
            let why = says("are left out: the size of their picture is not known. Give the pictures too.");
            report.lost.add(mark.shape.kind(), why, &picture.name);
        } else if mark.class.is_none() && !can.unnamed {
            let why = says("are left out: nobody said what they are, and this format asks for it.");
            report.lost.add(mark.shape.kind(), why, &picture.name);
        } else {
            fit_mark(mark, picture, can, report, &mut out.marks);
        }
    }
    out
}

fn fit_mark(mark: &Mark, picture: &Picture, can: &Abilities, report: &mut Report, out: &mut Vec<Mark>) {
    let kind = match mark.shape {
        Shape::Whole if !mark.keypoints.is_empty() => says("Key points"),
        _ => mark.shape.kind(),
    };
    let (shapes, why) = match become_fit(mark, picture, can) {
        Ok(fitted) => fitted,
        Err(why) => return report.lost.add(kind, why, &picture.name),
    };
    match why {
        Some(why) => report.changed.add(kind, why, &picture.name),
        None => report.kept.add(kind, STAY, ""),
    }
    let mut rest = mark.clone();
    said_of(&mut rest, picture, can, report);
    out.extend(shapes.into_iter().map(|shape| Mark { shape, ..rest.clone() }));
}

/// What is said of a mark besides its shape.
fn said_of(rest: &mut Mark, picture: &Picture, can: &Abilities, report: &mut Report) {
    let mut lost = |what: &'static str| {
        report.lost.add(what, says("have no place in this format."), &picture.name);
    };
    if !can.keypoints && !rest.keypoints.is_empty() {
        lost(says("Key points"));
        rest.keypoints.clear();
    }
    if !can.crowds && std::mem::take(&mut rest.crowd) {
        lost(says("Remarks that a mark is a crowd"));
    }
    if !can.scores && rest.score.take().is_some() {
        lost(says("Scores"));
    }
    if !can.ids {
        rest.id = None;
    }
    if let Attributes::These(names) = can.attributes {
        let before = rest.attributes.len();
        rest.attributes.retain(|name, _| names.contains(&name.as_str()));
        (rest.attributes.len()..before).for_each(|_| lost(says("Attributes")));
    }
}

type Fitted = Result<(Vec<Shape>, Option<&'static str>), &'static str>;

fn become_fit(mark: &Mark, picture: &Picture, can: &Abilities) -> Fitted {
    let none = says("cannot be expressed in this format.");
    let (shapes, why) = match &mark.shape {
        Shape::Whole if !mark.keypoints.is_empty() && can.keypoints => (vec![Shape::Whole], None),
        Shape::Whole if mark.keypoints.is_empty() && can.whole => (vec![Shape::Whole], None),
        Shape::Line(_) if can.lines => (vec![mark.shape.clone()], None),
        Shape::Points(points) if can.points && (can.many_points || points.len() == 1) => {
            (vec![mark.shape.clone()], None)
        }
        Shape::Points(points) if can.points => {
            let each = points.iter().map(|point| Shape::Points(vec![*point])).collect();
            (each, Some(says("become a mark for each point.")))
        }
        Shape::Whole | Shape::Line(_) | Shape::Points(_) => return Err(none),
        area => fit_area(area, picture, can).ok_or(none)??,
    };
    match picture.size.filter(|_| can.within) {
        Some(size) => inside(shapes, why, size),
        None => Ok((shapes, why)),
    }
}

/// None where the format has no areas.
fn fit_area(area: &Shape, picture: &Picture, can: &Abilities) -> Option<Fitted> {
    let same = || Some(Ok((vec![area.clone()], None)));
    match area {
        Shape::Box(_) if can.boxes => return same(),
        Shape::Ellipse { .. } if can.ellipses => return same(),
        Shape::Circle { .. } if can.circles => return same(),
        Shape::Circle { centre, radius } if can.ellipses => {
            let ellipse = Shape::Ellipse { centre: *centre, radii: [*radius; 2], angle: 0.0 };
            return Some(Ok((vec![ellipse], Some(says("become ellipses with two equal radii.")))));
        }
        Shape::Mask(_) if can.masks => return same(),
        Shape::Rings(_) if can.holes => return same(),
        Shape::Rings(rings) if can.masks && picture.size.is_some() => {
            let mask = Mask::filled(picture.size?, rings, false)?;
            return Some(Ok((vec![Shape::Mask(mask)], Some(says("become masks, pixel by pixel.")))));
        }
        _ => (),
    }
    match can.polygons {
        Polygons::No => can.boxes.then(|| {
            let bounds = area.bounds().ok_or(says("have no points."))?;
            Ok((vec![Shape::Box(bounds)], Some(says("become the boxes around them."))))
        }),
        many => Some(as_polygons(area, many, can.holes)),
    }
}

fn as_polygons(area: &Shape, many: Polygons, holes: bool) -> Fitted {
    let rings: Vec<Ring> = area.rings().unwrap_or_default().into_iter().map(opened).collect();
    let all = rings.len();
    let rings: Vec<Ring> = rings.into_iter().filter(|ring| ring.len() > 2).collect();
    if rings.is_empty() {
        return Err(says("have fewer than three points, which is no area."));
    }
    let nested = matches!(area, Shape::Rings(_) | Shape::Mask(_));
    if nested && holes {
        return Ok((vec![Shape::Rings(rings)], Some(says("become their outlines."))));
    }
    let before = rings.len();
    let rings = if nested { outer(rings) } else { rings };
    let why = match area {
        Shape::Box(_) => Some(says("become polygons of four points.")),
        Shape::Ellipse { .. } | Shape::Circle { .. } => Some(says("become polygons of 32 points.")),
        _ if rings.len() < before => Some(says("become their outlines, without holes.")),
        Shape::Mask(_) | Shape::Rings(_) => Some(says("become their outlines.")),
        _ if rings.len() < all => Some(says("lose parts of fewer than three points.")),
        _ => None,
    };
    // What parts are around is what an odd number of them is around, as long as no two meet.
    if many == Polygons::One && holes && rings.len() > 1 && apart(&rings) {
        return Ok((vec![Shape::Rings(rings)], Some(says("become one region of several parts."))));
    }
    if many == Polygons::One && rings.len() > 1 {
        let each = rings.into_iter().map(|ring| Shape::Polygon(vec![ring])).collect();
        return Ok((each, why.or(Some(says("become a mark for each part.")))));
    }
    Ok((vec![Shape::Polygon(rings)], why))
}

/// The boxes around them do not meet.
fn apart(rings: &[Ring]) -> bool {
    let boxes: Vec<[f64; 4]> = rings.iter().filter_map(|ring| bounds(ring)).collect();
    let meet = |a: &[f64; 4], b: &[f64; 4]| {
        (0..2).all(|axis| a[axis] < b[axis] + b[axis + 2] && b[axis] < a[axis] + a[axis + 2])
    };
    boxes.iter().enumerate().all(|(at, one)| boxes[at + 1..].iter().all(|other| !meet(one, other)))
}

/// Those that lie in no other.
fn outer(rings: Vec<Ring>) -> Vec<Ring> {
    let inside = |ring: &Ring, other: &Ring| {
        let [x, y] = ring[0];
        // A little off the corner, so that rings that touch there do not count as inside.
        let [x, y] = [x + 0.25 * (ring[1][0] - x).signum(), y + 0.25 * (ring[1][1] - y).signum()];
        let next = other.iter().cycle().skip(1);
        let crossed = other.iter().zip(next).filter(|(a, b)| {
            (a[0] <= x) != (b[0] <= x) && a[1] + (x - a[0]) / (b[0] - a[0]) * (b[1] - a[1]) < y
        });
        crossed.count() % 2 == 1
    };
    let within_another =
        |at: usize| rings.iter().enumerate().any(|(index, other)| index != at && inside(&rings[at], other));
    let stay: Vec<bool> = (0..rings.len()).map(|at| !within_another(at)).collect();
    let kept = |(ring, stays): (&Ring, bool)| stays.then(|| ring.clone());
    let outer: Vec<Ring> = rings.iter().zip(stay).filter_map(kept).collect();
    // Rings that each lie in another are damaged; all are better than none.
    if outer.is_empty() { rings } else { outer }
}

/// Cut at the picture's edge.
fn inside(shapes: Vec<Shape>, why: Option<&'static str>, [width, height]: [u32; 2]) -> Fitted {
    let most = [f64::from(width), f64::from(height)];
    let cut = |[x, y]: [f64; 2]| [x.clamp(0.0, most[0]), y.clamp(0.0, most[1])];
    let cut_ring = |ring: &Ring| ring.iter().map(|point| cut(*point)).collect::<Ring>();
    let mut changed = false;
    let mut out = Vec::new();
    for shape in shapes {
        let inside = match &shape {
            Shape::Box(area) => {
                let corners = box_ring(*area).into_iter().map(cut).collect::<Ring>();
                let ([left, top], [right, bottom]) = (corners[0], corners[2]);
                Shape::Box([left, top, right - left, bottom - top])
            }
            Shape::Polygon(rings) => Shape::Polygon(rings.iter().map(cut_ring).collect()),
            other => other.clone(),
        };
        let [before, after] = [&shape, &inside].map(|shape| shape.bounds().map_or(0.0, |[_, _, w, h]| w * h));
        if inside.bounds() != shape.bounds() && after == 0.0 && before != 0.0 {
            return Err(says("are left out: they lie outside of the picture."));
        }
        changed |= far(&shape, &inside);
        out.push(inside);
    }
    let cut = says("are cut at the edge of the picture.");
    Ok((out, why.or(changed.then_some(cut))))
}

/// By more than rounding.
fn far(one: &Shape, other: &Shape) -> bool {
    let [one, other] = [one, other].map(|shape| shape.rings().unwrap_or_default().concat());
    one.iter().zip(&other).any(|(a, b)| (a[0] - b[0]).abs().max((a[1] - b[1]).abs()) > 1e-6)
}
