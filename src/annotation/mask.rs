//! Pixels of a picture as lengths of runs, as COCO has them: column by column, from the top; the first run is of pixels
//! that do not belong to it. Compressed, the lengths are letters: five bits each, and from the third on only what differs
//! from the length before the last (the format of pycocotools' `rleToString`).

use super::shape::{Point, Ring, bounds};
use std::collections::BTreeMap;

/// Larger pictures than this nobody labels; a damaged size must not fill the memory.
const MOST: u64 = 1 << 26;

#[derive(Clone, Debug, PartialEq)]
pub struct Mask {
    pub width: u32,
    pub height: u32,
    pub runs: Vec<u32>,
}

impl Mask {
    /// None if the runs do not fit the picture.
    pub fn new([width, height]: [u32; 2], runs: Vec<u32>) -> Option<Self> {
        let all: u64 = runs.iter().map(|run| u64::from(*run)).sum();
        let pixels = u64::from(width) * u64::from(height);
        (all == pixels && pixels <= MOST).then_some(Self { width, height, runs })
    }

    pub fn decompress(size: [u32; 2], text: &str) -> Option<Self> {
        let mut runs: Vec<i64> = Vec::new();
        let mut letters = text.bytes();
        while letters.len() > 0 {
            let (mut value, mut shift) = (0_i64, 0_u32);
            loop {
                let bits = i64::from(letters.next()?.checked_sub(48)?);
                value |= (bits & 0x1f).checked_shl(shift).filter(|_| shift < 50)?;
                shift += 5;
                if bits & 0x20 == 0 {
                    if bits & 0x10 != 0 {
                        value |= -1 << shift;
                    }
                    break;
                }
            }
            if runs.len() > 2 {
                value += runs[runs.len() - 2];
            }
            runs.push(value);
        }
        let runs: Result<Vec<u32>, _> = runs.into_iter().map(u32::try_from).collect();
        Self::new(size, runs.ok()?)
    }

    pub fn compressed(&self) -> String {
        let mut text = String::new();
        for (at, run) in self.runs.iter().enumerate() {
            let before = if at > 2 { self.runs[at - 2] } else { 0 };
            let mut value = i64::from(*run) - i64::from(before);
            loop {
                let bits = value & 0x1f;
                value >>= 5;
                let last = if bits & 0x10 != 0 { value == -1 } else { value == 0 };
                text.push(char::from((bits + if last { 0 } else { 0x20 } + 48) as u8));
                if last {
                    break;
                }
            }
        }
        text
    }

    /// From pixels that are asked for, column by column.
    pub fn from_pixels([width, height]: [u32; 2], belongs: impl Fn(u32, u32) -> bool) -> Self {
        let (mut runs, mut now) = (vec![0], false);
        for x in 0..width {
            for y in 0..height {
                if belongs(x, y) != now {
                    now = !now;
                    runs.push(0);
                }
                if let Some(run) = runs.last_mut() {
                    *run += 1;
                }
            }
        }
        Self { width, height, runs }
    }

    /// A pixel belongs to it if its centre is inside: of an odd number of rings, or, if `any`, of at least one.
    pub fn filled([width, height]: [u32; 2], rings: &[Ring], any: bool) -> Option<Self> {
        if u64::from(width) * u64::from(height) > MOST {
            return None;
        }
        let mut pixels = vec![false; width as usize * height as usize];
        for ring in rings {
            let [left, _, across, _] = bounds(ring).unwrap_or_default();
            let column = |x: f64| x.clamp(0.0, f64::from(width)) as u32;
            for x in column(left.floor())..column((left + across).ceil()) {
                let mut crossed = crossings(ring, f64::from(x) + 0.5);
                crossed.sort_by(f64::total_cmp);
                for pair in crossed.chunks_exact(2) {
                    let row = |y: f64| (y - 0.5).ceil().clamp(0.0, f64::from(height)) as usize;
                    let start = x as usize * height as usize;
                    let between = row(pair[0])..row(pair[1]).max(row(pair[0]));
                    for pixel in &mut pixels[start + between.start..start + between.end] {
                        *pixel = any || !*pixel;
                    }
                }
            }
        }
        Some(Self::from_pixels([width, height], |x, y| pixels[x as usize * height as usize + y as usize]))
    }

    pub fn pixels(&self) -> u64 {
        self.runs.iter().skip(1).step_by(2).map(|run| u64::from(*run)).sum()
    }

    /// Its pixels' columns and the rows from and to which they reach.
    fn columns(&self) -> Vec<(u32, u32, u32)> {
        let (mut at, mut found) = (0_u64, Vec::new());
        let height = u64::from(self.height.max(1));
        for (index, run) in self.runs.iter().enumerate() {
            let end = at + u64::from(*run);
            while index % 2 == 1 && at < end {
                let stop = end.min((at / height + 1) * height);
                found.push(((at / height) as u32, (at % height) as u32, (stop - 1) as u32 % self.height + 1));
                at = stop;
            }
            at = end;
        }
        found
    }

    pub fn bounds(&self) -> Option<[f64; 4]> {
        let columns = self.columns();
        let (first, last) = (columns.first()?.0, columns.last()?.0);
        let top = columns.iter().map(|column| column.1).min()?;
        let bottom = columns.iter().map(|column| column.2).max()?;
        Some([first, top, last + 1 - first, bottom - top].map(f64::from))
    }

    /// The edges of its pixels, as rings: those around it run clockwise on the screen, those around holes the other way.
    pub fn outline(&self) -> Vec<Ring> {
        // From where each edge leads where, with the inside on its right hand. Edges between two pixels of it cancel.
        let mut edges: BTreeMap<(i64, i64), Vec<(i64, i64)>> = BTreeMap::new();
        let columns = self.columns();
        let height = self.height as usize;
        let mut pixels = vec![false; self.width as usize * height];
        for (x, top, bottom) in &columns {
            let start = *x as usize * height;
            pixels[start + *top as usize..start + *bottom as usize].fill(true);
        }
        let has = |x: i64, y: i64| {
            let inside = (0..i64::from(self.width)).contains(&x) && (0..i64::from(self.height)).contains(&y);
            inside && pixels[x as usize * height + y as usize]
        };
        let mut edge = |from, to| edges.entry(from).or_default().push(to);
        for (x, top, bottom) in columns {
            let x = i64::from(x);
            edge((x, top.into()), (x + 1, top.into()));
            edge((x + 1, bottom.into()), (x, bottom.into()));
            for y in i64::from(top)..i64::from(bottom) {
                if !has(x + 1, y) {
                    edge((x + 1, y), (x + 1, y + 1));
                }
                if !has(x - 1, y) {
                    edge((x, y + 1), (x, y));
                }
            }
        }
        let mut rings = Vec::new();
        while let Some((&start, _)) = edges.first_key_value() {
            rings.push(follow(&mut edges, start));
        }
        rings
    }
}

/// One way round, its edges taken out; points on a straight line are left out.
fn follow(edges: &mut BTreeMap<(i64, i64), Vec<(i64, i64)>>, start: (i64, i64)) -> Ring {
    let (mut at, mut heading) = (start, None);
    let mut ring: Ring = Vec::new();
    while let Some(ways) = edges.get_mut(&at) {
        // Where two corners touch, the turn to the right stays with the pixel that it came along.
        let right = heading.map(|(x, y): (i64, i64)| (at.0 - y, at.1 + x));
        let place = ways.iter().position(|way| Some(*way) == right).unwrap_or(0);
        let to = ways.swap_remove(place);
        if ways.is_empty() {
            edges.remove(&at);
        }
        let towards = (to.0 - at.0, to.1 - at.1);
        if heading != Some(towards) {
            ring.push([at.0 as f64, at.1 as f64]);
        }
        heading = Some(towards);
        at = to;
        if at == start {
            break;
        }
    }
    ring
}

/// The heights at which a ring crosses the upright line at `x`.
fn crossings(ring: &[Point], x: f64) -> Vec<f64> {
    let next = ring.iter().cycle().skip(1);
    let pairs = ring.iter().zip(next);
    let crossing = pairs.filter(|(a, b)| (a[0] <= x) != (b[0] <= x));
    crossing.map(|(a, b)| a[1] + (x - a[0]) / (b[0] - a[0]) * (b[1] - a[1])).collect()
}
