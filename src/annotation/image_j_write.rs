//! A project as ImageJ's ROI Manager opens it: a `RoiSet.zip` for each picture. A region's class is its name, with a
//! number, and stands among its properties.

use super::image_j::{FREEHAND, LINE, POINT, POLYGON, POLYLINE, RECT};
use super::shape::{Point, Ring, Shape};
use super::{File, Mark, Picture, Project, file_stem};
use crate::archive::Writer;

const VERSION: u16 = 228;
const HEADER: usize = 64;
const SECOND: usize = 64;

pub fn write(project: &Project) -> Vec<File> {
    let one = |picture: &Picture| {
        let mut zip = Writer::default();
        for (at, mark) in picture.marks.iter().enumerate() {
            let label = project.class_name(mark);
            let name = format!("{:04} {label}", at + 1).trim_end().to_string();
            let file = format!("{}.roi", name.replace(['/', '\\', ':'], "_"));
            zip.add(&file, &region(mark, &name, label));
        }
        let name = format!("{}_RoiSet.zip", file_stem(&picture.name));
        Some(File { name, bytes: zip.finish()? })
    };
    project.pictures.iter().filter_map(one).collect()
}

struct Bytes(Vec<u8>);

impl Bytes {
    fn put(&mut self, at: usize, bytes: &[u8]) {
        self.0[at..at + bytes.len()].copy_from_slice(bytes);
    }

    fn short(&mut self, at: usize, number: f64) {
        self.put(at, &(number as i32 as u16).to_be_bytes());
    }

    fn floats(&mut self, at: usize, numbers: &[f64]) {
        for (index, number) in numbers.iter().enumerate() {
            self.put(at + 4 * index, &(*number as f32).to_be_bytes());
        }
    }
}

fn region(mark: &Mark, name: &str, label: &str) -> Vec<u8> {
    let mut out = Bytes(vec![0; HEADER]);
    out.put(0, b"Iout");
    out.put(4, &VERSION.to_be_bytes());
    let [x, y, w, h] = mark.bounds().unwrap_or_default();
    for (at, side) in [(8, y.floor()), (10, x.floor()), (12, (y + h).ceil()), (14, (x + w).ceil())] {
        out.short(at, side);
    }
    // Where it lies between pixels is kept.
    out.put(50, &128_u16.to_be_bytes());
    body(&mut out, &mark.shape);
    second(&mut out, name, label);
    out.0
}

fn body(out: &mut Bytes, shape: &Shape) {
    match shape {
        Shape::Box(area) => {
            out.0[6] = RECT;
            out.floats(18, area);
        }
        Shape::Ellipse { centre: [x, y], radii: [a, b], angle } => {
            let (sin, cos) = angle.sin_cos();
            out.0[6] = FREEHAND;
            out.put(48, &3_u16.to_be_bytes());
            out.floats(18, &[x - a * cos, y - a * sin, x + a * cos, y + a * sin]);
            out.floats(52, &[if *a == 0.0 { 1.0 } else { b / a }]);
            // Tools that do not know ellipses have the polygon.
            points(out, &super::shape::ellipse_ring([*x, *y], [*a, *b], *angle));
        }
        Shape::Line(ends) if ends.len() == 2 => {
            out.0[6] = LINE;
            out.floats(18, ends.as_flattened());
        }
        Shape::Line(all) => {
            out.0[6] = POLYLINE;
            points(out, all);
        }
        Shape::Points(all) => {
            out.0[6] = POINT;
            points(out, all);
        }
        Shape::Polygon(rings) if rings.len() == 1 => {
            out.0[6] = POLYGON;
            points(out, &rings[0]);
        }
        Shape::Polygon(rings) | Shape::Rings(rings) => {
            out.0[6] = RECT;
            // No floats of a box: the list of moves is the shape.
            out.put(50, &[0, 0]);
            parts(out, rings);
        }
        _ => (),
    }
}

fn points(out: &mut Bytes, all: &[Point]) {
    let count = all.len();
    let few = u16::try_from(count).unwrap_or(0);
    out.put(16, &few.to_be_bytes());
    if few == 0 {
        out.put(18, &(count as u32).to_be_bytes());
    }
    let start = out.0.len();
    out.0.resize(start + 12 * count, 0);
    let [left, top] = [10, 8].map(|at| f64::from(i16::from_be_bytes([out.0[at], out.0[at + 1]])));
    for (index, [x, y]) in all.iter().enumerate() {
        out.short(start + 2 * index, (x - left).round());
        out.short(start + 2 * (count + index), (y - top).round());
    }
    let [x, y] = [0, 1].map(|axis| all.iter().map(|point| point[axis]).collect::<Vec<_>>());
    out.floats(start + 4 * count, &[x, y].concat());
}

fn parts(out: &mut Bytes, rings: &[Ring]) {
    let mut moves: Vec<f64> = Vec::new();
    for ring in rings {
        for (at, point) in ring.iter().enumerate() {
            moves.push(if at == 0 { 0.0 } else { 1.0 });
            moves.extend(point);
        }
        moves.push(4.0);
    }
    out.put(36, &(moves.len() as u32).to_be_bytes());
    let start = out.0.len();
    out.0.resize(start + 4 * moves.len(), 0);
    out.floats(start, &moves);
}

fn second(out: &mut Bytes, name: &str, label: &str) {
    let start = out.0.len();
    out.put(60, &(start as u32).to_be_bytes());
    out.0.resize(start + SECOND, 0);
    let text = |out: &mut Bytes, offset: usize, text: &str| {
        let units: Vec<u16> = text.encode_utf16().collect();
        let at = out.0.len() as u32;
        out.put(start + offset, &at.to_be_bytes());
        out.put(start + offset + 4, &(units.len() as u32).to_be_bytes());
        out.0.extend(units.iter().flat_map(|unit| unit.to_be_bytes()));
    };
    text(out, 16, name);
    if !label.is_empty() {
        text(out, 40, &format!("label: {label}\n"));
    }
}
