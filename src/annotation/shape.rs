//! What is drawn around a thing, in pixels from the picture's upper left corner; 0 is that corner's edge, not a pixel's
//! centre.

use super::mask::Mask;
use super::says;

pub type Point = [f64; 2];
/// Its last point is joined to its first, which is not repeated.
pub type Ring = Vec<Point>;

/// An ellipse that becomes a polygon has so many points.
pub const SIDES: usize = 32;

#[derive(Clone, Debug, Default, PartialEq)]
pub enum Shape {
    /// The picture as a whole; or key points alone.
    #[default]
    Whole,
    /// Left, top, width, height.
    Box([f64; 4]),
    /// What any of the rings is around.
    Polygon(Vec<Ring>),
    /// What an odd number of the rings is around: a ring in a ring is a hole.
    Rings(Vec<Ring>),
    /// Centre, radii, and by how much the first radius is turned from the x axis towards the y axis, in radians.
    Ellipse {
        centre: Point,
        radii: Point,
        angle: f64,
    },
    Circle {
        centre: Point,
        radius: f64,
    },
    Line(Vec<Point>),
    Points(Vec<Point>),
    Mask(Mask),
}

/// What shapes are called, in the plural: counts are given by these.
pub const KINDS: [&str; 9] = [
    says("Labels of whole pictures"),
    says("Boxes"),
    says("Polygons"),
    says("Polygons with holes"),
    says("Ellipses"),
    says("Circles"),
    says("Lines"),
    says("Points"),
    says("Masks"),
];

/// Left, top, width and height of what the points span.
pub fn bounds(points: &[Point]) -> Option<[f64; 4]> {
    let first = points.first()?;
    let (mut low, mut high) = (*first, *first);
    for point in points {
        for axis in 0..2 {
            low[axis] = low[axis].min(point[axis]);
            high[axis] = high[axis].max(point[axis]);
        }
    }
    Some([low[0], low[1], high[0] - low[0], high[1] - low[1]])
}

/// The area inside, positive where the ring runs clockwise on the screen.
pub fn signed_area(ring: &[Point]) -> f64 {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum::<f64>() / 2.0
}

/// Without the first point repeated at the end, as Make Sense and others write it.
pub fn opened(mut ring: Ring) -> Ring {
    while ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    ring
}

pub fn ellipse_ring([x, y]: Point, [a, b]: Point, angle: f64) -> Ring {
    let (sin, cos) = angle.sin_cos();
    let corner = |at: usize| {
        let (s, c) = (at as f64 / SIDES as f64 * std::f64::consts::TAU).sin_cos();
        [x + a * c * cos - b * s * sin, y + a * c * sin + b * s * cos]
    };
    (0..SIDES).map(corner).collect()
}

pub fn box_ring([x, y, w, h]: [f64; 4]) -> Ring {
    vec![[x, y], [x + w, y], [x + w, y + h], [x, y + h]]
}

impl Shape {
    pub fn kind(&self) -> &'static str {
        KINDS[match self {
            Self::Whole => 0,
            Self::Box(_) => 1,
            Self::Polygon(_) => 2,
            Self::Rings(_) => 3,
            Self::Ellipse { .. } => 4,
            Self::Circle { .. } => 5,
            Self::Line(_) => 6,
            Self::Points(_) => 7,
            Self::Mask(_) => 8,
        }]
    }

    /// Left, top, width and height; none of a whole picture, or of what has no points.
    pub fn bounds(&self) -> Option<[f64; 4]> {
        match self {
            Self::Whole => None,
            Self::Box(area) => Some(*area),
            Self::Polygon(rings) | Self::Rings(rings) => bounds(&rings.concat()),
            Self::Ellipse { centre: [x, y], radii: [a, b], angle } => {
                let (sin, cos) = angle.sin_cos();
                let [w, h] = [(a * cos).hypot(b * sin), (a * sin).hypot(b * cos)];
                Some([x - w, y - h, 2.0 * w, 2.0 * h])
            }
            Self::Circle { centre: [x, y], radius } => {
                Some([x - radius, y - radius, 2.0 * radius, 2.0 * radius])
            }
            Self::Line(points) | Self::Points(points) => bounds(points),
            Self::Mask(mask) => mask.bounds(),
        }
    }

    /// Its outline as rings: none of what is not an area.
    pub fn rings(&self) -> Option<Vec<Ring>> {
        match self {
            Self::Box(area) => Some(vec![box_ring(*area)]),
            Self::Polygon(rings) | Self::Rings(rings) => Some(rings.clone()),
            Self::Ellipse { centre, radii, angle } => Some(vec![ellipse_ring(*centre, *radii, *angle)]),
            Self::Circle { centre, radius } => Some(vec![ellipse_ring(*centre, [*radius; 2], 0.0)]),
            Self::Mask(mask) => Some(mask.outline()),
            Self::Whole | Self::Line(_) | Self::Points(_) => None,
        }
    }
}
