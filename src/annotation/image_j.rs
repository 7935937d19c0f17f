//! ImageJ's regions of interest (`.roi`; `RoiSet.zip` is many of them): big-endian, a header of 64 bytes, then corners as
//! 16-bit numbers from the upper left one, and as floats where they lie between pixels. What is made of several parts is a
//! list of moves instead, whatever the type says.
//!
//! Fields as ij.io.RoiDecoder of ImageJ 1.54 reads them. Coordinates are kept as they are stored.

use super::formats::Sizes;
use super::shape::{Point, Ring, Shape, opened};
use super::{File, Mark, Notes, Picture, Project, says, stem};
use serde_json::Value;

const REGIONS: &str = says("Regions");

/// Subpixel coordinates follow.
const SUBPIXEL: u16 = 128;
const ELLIPSE: u16 = 3;

pub(super) const POLYGON: u8 = 0;
pub(super) const RECT: u8 = 1;
const OVAL: u8 = 2;
pub(super) const LINE: u8 = 3;
const FREELINE: u8 = 4;
pub(super) const POLYLINE: u8 = 5;
pub(super) const FREEHAND: u8 = 7;
const TRACED: u8 = 8;
const ANGLE: u8 = 9;
pub(super) const POINT: u8 = 10;

pub fn read(file: &File, sizes: &Sizes, project: &mut Project, notes: &mut Notes) {
    let Some((shape, said)) = region(&file.bytes) else {
        return notes.add(REGIONS, says("are damaged or of a kind that is not read."), &file.name);
    };
    let (name, size) = picture_of(file, sizes);
    let class = said.label.as_deref().and_then(|label| project.class(label));
    let mut mark = Mark::of(class, shape);
    // Of ours the name is the class with a number.
    if class.is_none() {
        let name = said.name.unwrap_or_else(|| stem(&file.name).into());
        mark.attributes.insert("name".into(), Value::String(name));
    }
    let slices = ["channel", "slice", "frame"].into_iter().zip(said.position);
    mark.attributes.extend(slices.filter(|(_, at)| *at > 0).map(|(name, at)| (name.into(), at.into())));
    let picture: &mut Picture = project.picture(&name);
    picture.size = size.or(picture.size);
    picture.marks.push(mark);
}

/// No region says which picture it is of: the archive's name does, or the only picture that was given.
fn picture_of(file: &File, sizes: &Sizes) -> (String, Option<[u32; 2]>) {
    let archive = file.name.split('/').find_map(|part| part.strip_suffix(".zip"));
    let name = archive.map(|name| name.trim_end_matches("RoiSet").trim_end_matches('_'));
    if let Some(name) = name.filter(|name| !name.is_empty()) {
        return sizes.find(name);
    }
    match sizes.of.iter().next().filter(|_| sizes.of.len() == 1) {
        Some((name, size)) => (name.clone(), Some(*size)),
        None => (String::new(), sizes.all),
    }
}

#[derive(Default)]
struct Said {
    name: Option<String>,
    label: Option<String>,
    /// Channel, slice and frame of a stack, from 1; 0 where it is none.
    position: [u32; 3],
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

/// Signed, but far below nothing it is large: pictures reach to 60,000 pixels.
fn corner(bytes: &[u8], at: usize) -> Option<f64> {
    let number = short(bytes, at)?;
    Some(if (number as i16) < -5000 { f64::from(number) } else { f64::from(number as i16) })
}

fn long(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn float(bytes: &[u8], at: usize) -> Option<f64> {
    Some(f64::from(f32::from_bits(long(bytes, at)?))).filter(|number| number.is_finite())
}

fn region(bytes: &[u8]) -> Option<(Shape, Said)> {
    let kind = *bytes.get(6)?;
    let [top, left, bottom, right] = [8, 10, 12, 14].map(|at| corner(bytes, at));
    let (top, left, bottom, right) = (top?, left?, bottom?, right?);
    let subpixel = short(bytes, 50)? & SUBPIXEL != 0;
    let four = || Some([float(bytes, 18)?, float(bytes, 22)?, float(bytes, 26)?, float(bytes, 30)?]);
    let area = match subpixel && matches!(kind, RECT | OVAL) {
        true => four()?,
        false => [left, top, right - left, bottom - top],
    };
    let moves = long(bytes, 36)? as usize;
    let shape = match kind {
        _ if moves > 0 => Shape::Rings(parts(bytes.get(64..64 + moves.checked_mul(4)?)?)?),
        RECT => Shape::Box(area),
        OVAL => {
            let [x, y, w, h] = area;
            Shape::Ellipse { centre: [x + w / 2.0, y + h / 2.0], radii: [w / 2.0, h / 2.0], angle: 0.0 }
        }
        LINE => {
            let [x1, y1, x2, y2] = four()?;
            Shape::Line(vec![[x1, y1], [x2, y2]])
        }
        FREEHAND if short(bytes, 48)? == ELLIPSE => ellipse(four()?, float(bytes, 52)?),
        POLYGON | FREEHAND | TRACED => Shape::Polygon(vec![opened(points(bytes, [left, top], subpixel)?)]),
        FREELINE | POLYLINE | ANGLE => Shape::Line(points(bytes, [left, top], subpixel)?),
        POINT => Shape::Points(points(bytes, [left, top], subpixel)?),
        _ => return None,
    };
    Some((shape, said(bytes).unwrap_or_default()))
}

/// The ends of its longer axis, and how long the other is as a share of that.
fn ellipse([x1, y1, x2, y2]: [f64; 4], ratio: f64) -> Shape {
    let radius = (x2 - x1).hypot(y2 - y1) / 2.0;
    let centre = [(x1 + x2) / 2.0, (y1 + y2) / 2.0];
    Shape::Ellipse { centre, radii: [radius, radius * ratio], angle: (y2 - y1).atan2(x2 - x1) }
}

fn points(bytes: &[u8], [left, top]: Point, subpixel: bool) -> Option<Vec<Point>> {
    let count = match usize::from(short(bytes, 16)?) {
        0 => long(bytes, 18)? as usize,
        some => some,
    };
    if count == 0 || count > bytes.len() / 4 {
        return None;
    }
    let at = |index: usize| match subpixel {
        true => {
            let start = 64 + 4 * count + 4 * index;
            Some([float(bytes, start)?, float(bytes, start + 4 * count)?])
        }
        false => {
            let start = 64 + 2 * index;
            // From the corner on; traced ones may lie before it.
            let of = |at| Some(f64::from(short(bytes, at)? as i16));
            Some([left + of(start)?, top + of(start + 2 * count)?])
        }
    };
    (0..count).map(at).collect()
}

/// 0 goes to a point, 1 draws a line to one, 2 and 3 a curve with one or two points that bend it, 4 closes.
fn parts(moves: &[u8]) -> Option<Vec<Ring>> {
    let numbers: Option<Vec<f64>> = (0..moves.len() / 4).map(|at| float(moves, 4 * at)).collect();
    let numbers = numbers?;
    let mut rings: Vec<Ring> = Vec::new();
    let mut at = 0;
    while at < numbers.len() {
        let kind = numbers[at] as u8;
        let length = *[2, 2, 4, 6, 0].get(usize::from(kind))?;
        let given = numbers.get(at + 1..at + 1 + length)?;
        at += 1 + length;
        let given: Vec<Point> = given.chunks_exact(2).map(|pair| [pair[0], pair[1]]).collect();
        match kind {
            0 => rings.push(given),
            4 => (),
            _ => bend(rings.last_mut()?, &given)?,
        }
    }
    let rings: Vec<Ring> = rings.into_iter().map(opened).filter(|ring| ring.len() > 2).collect();
    (!rings.is_empty()).then_some(rings)
}

/// A Bézier curve as straight pieces; a line is one with nothing that bends it.
fn bend(ring: &mut Ring, given: &[Point]) -> Option<()> {
    const PIECES: usize = 8;
    let start = *ring.last()?;
    let pieces = if given.len() == 1 { 1 } else { PIECES };
    for piece in 1..=pieces {
        let share = piece as f64 / pieces as f64;
        // De Casteljau: between neighbours, until one point is left.
        let mut points: Vec<Point> = std::iter::once(start).chain(given.iter().copied()).collect();
        while points.len() > 1 {
            let between = |pair: &[Point]| [0, 1].map(|i| pair[0][i] + (pair[1][i] - pair[0][i]) * share);
            points = points.windows(2).map(between).collect();
        }
        ring.push(if piece == pieces { *given.last()? } else { points[0] });
    }
    Some(())
}

/// Names are UTF-16, in a second header.
fn said(bytes: &[u8]) -> Option<Said> {
    let second = long(bytes, 60)? as usize;
    let header = bytes.get(second..).filter(|_| second > 0)?;
    let text = |offset: usize, length: usize| {
        let (start, count) = (long(header, offset)? as usize, long(header, length)? as usize);
        let units = bytes.get(start..start.checked_add(count.checked_mul(2)?)?)?.chunks_exact(2);
        let units: Vec<u16> = units.map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
        (start > 0 && count > 0).then(|| String::from_utf16_lossy(&units))
    };
    let label = text(40, 44).and_then(|all| {
        let of = |line: &str| line.strip_prefix("label: ").map(|label| label.trim().to_string());
        all.lines().find_map(of)
    });
    let position = [4, 8, 12].map(|at| long(header, at).unwrap_or(0));
    Some(Said { name: text(16, 20), label, position })
}
