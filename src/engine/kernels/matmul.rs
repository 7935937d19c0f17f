//! The product of two matrices, in tiles of 4 × 8 sums that fit the machine's registers with what they are made of.
//! Both factors are packed first: as a tile reads them, one number after the other.

use super::simd::F4;
use std::ops::Range;

/// Rows and columns of a tile.
const HIGH: usize = 4;
const WIDE: usize = 8;
/// Numbers side by side that are packed together, a multiple of both: four lines of the machine's caches, so that the next
/// ones are on their way.
const LINE: usize = 64;
/// Depth that is multiplied at once, so that both packed factors stay in the machine's caches.
const DEPTH: usize = 512;
/// Numbers of the left factor that are gone through for every panel of the right one: they should stay in the second-level
/// cache.
const BLOCK: usize = 16 * 1024;

/// Numbers in memory seen as `[rows, columns]`: how far it is to the next of either.
#[derive(Clone, Copy)]
pub(super) struct Matrix<'a> {
    values: &'a [f32],
    pub rows: usize,
    pub columns: usize,
    down: usize,
    right: usize,
}

impl<'a> Matrix<'a> {
    pub fn new(values: &'a [f32], [rows, columns]: [usize; 2]) -> Self {
        Self::spread(values, [rows, columns], columns)
    }

    /// With `down` numbers from one row to the next.
    pub fn spread(values: &'a [f32], [rows, columns]: [usize; 2], down: usize) -> Self {
        assert!(rows == 0 || (rows - 1) * down + columns <= values.len(), "{rows} × {columns}");
        Self { values, rows, columns, down, right: 1 }
    }

    pub fn transposed(self) -> Self {
        Self { rows: self.columns, columns: self.rows, down: self.right, right: self.down, ..self }
    }

    /// Columns `from..to`.
    fn columns(self, from: usize, to: usize) -> Self {
        Self { values: &self.values[from * self.right..], columns: to - from, ..self }
    }

    /// Rows `from..to`.
    fn rows(self, from: usize, to: usize) -> Self {
        self.transposed().columns(from, to).transposed()
    }
}

/// A matrix in strips of `N` rows, `[strips][columns][N]`; rows that are missing at the end are zero. The left factor of
/// a product is packed so by its rows, the right one by its columns.
pub(super) struct Packed<const N: usize> {
    values: Vec<f32>,
    rows: usize,
    depth: usize,
}

pub(super) type Left = Packed<HIGH>;
pub(super) type Right = Packed<WIDE>;

impl Right {
    pub fn of(matrix: Matrix) -> Self {
        let mut packed = Self::new();
        packed.pack(matrix.transposed());
        packed
    }
}

impl<const N: usize> Packed<N> {
    pub fn new() -> Self {
        Self { values: Vec::new(), rows: 0, depth: 0 }
    }

    /// Packs another matrix into the same memory.
    pub fn pack(&mut self, matrix: Matrix) {
        let Matrix { values, rows, columns, down, right } = matrix;
        (self.rows, self.depth) = (rows, columns);
        self.values.clear();
        self.values.resize(rows.div_ceil(N) * N * columns, 0.0);
        if columns == 0 {
            return;
        }
        if down == 1 {
            self.pack_lines(values, right);
            return;
        }
        for (strip, to) in self.values.chunks_exact_mut(N * columns).enumerate() {
            let from = &values[strip * N * down..];
            let rows = usize::min(N, rows - strip * N);
            let turned = if rows == N && right == 1 { turn::<N>(from, down, to) } else { 0 };
            for row in 0..rows {
                let from = from[row * down..].iter().step_by(right).skip(turned);
                let to = to.iter_mut().skip(turned * N + row).step_by(N);
                to.zip(from).for_each(|(to, from)| *to = *from);
            }
        }
    }

    /// Where a column's numbers lie side by side: some lines of the cache at a time, for several strips at once.
    fn pack_lines(&mut self, values: &[f32], right: usize) {
        let depth = self.depth;
        for (group, to) in self.values.chunks_mut(LINE * depth).enumerate() {
            let count = usize::min(LINE, self.rows - group * LINE);
            for at in 0..depth {
                let line = &values[group * LINE + at * right..][..count];
                for (strip, from) in line.chunks(N).enumerate() {
                    let to = &mut to[(strip * depth + at) * N..][..from.len()];
                    // Of a length that is known: a call to copy takes longer than the copy.
                    match (<&[f32; N]>::try_from(from), to.first_chunk_mut::<N>()) {
                        (Ok(from), Some(to)) => *to = *from,
                        _ => to.copy_from_slice(from),
                    }
                }
            }
        }
    }
}

/// Packs `N` rows, `down` numbers apart, four of their numbers at a time; how many of each row that were.
fn turn<const N: usize>(from: &[f32], down: usize, to: &mut [f32]) -> usize {
    let columns = to.len() / N;
    let turned = columns - columns % 4;
    assert!((N - 1) * down + columns <= from.len() && N.is_multiple_of(4));
    for at in (0..turned).step_by(4) {
        for row in (0..N).step_by(4) {
            // SAFETY: four numbers from `at` are in each of the rows, and `N` numbers for each of them in `to`.
            unsafe {
                let line = |i: usize| F4::load(from.as_ptr().add((row + i) * down + at));
                for (i, four) in F4::transpose([line(0), line(1), line(2), line(3)]).into_iter().enumerate() {
                    four.store(to.as_mut_ptr().add((at + i) * N + row));
                }
            }
        }
    }
    turned
}

/// `left` `[rows, depth]` · `right` `[depth, columns]` → `[rows, columns]`
pub(super) fn multiply(left: Matrix, right: Matrix) -> Vec<f32> {
    assert_eq!(left.columns, right.rows);
    let mut product = vec![0.0; left.rows * right.columns];
    let (mut packed_left, mut packed_right) = (Left::new(), Right::new());
    for from in (0..right.rows).step_by(DEPTH) {
        let to = usize::min(from + DEPTH, right.rows);
        packed_left.pack(left.columns(from, to));
        packed_right.pack(right.rows(from, to).transposed());
        add_product(&packed_left, &packed_right, &mut product);
    }
    product
}

/// What of a product counts for a strip of rows: a range of the depth, and columns from the first on. The rest is 0.
pub(super) struct Extent {
    pub depth: Range<usize>,
    pub columns: usize,
}

/// Adds the product to `sums`, whose rows lie `down` numbers apart, leaving out what is known to be 0: `extent` says it
/// for the strip of rows from one row to another.
pub(super) fn add_ragged(
    left: &Left,
    right: &Right,
    sums: &mut [f32],
    down: usize,
    extent: impl Fn(Range<usize>) -> Extent,
) {
    let (depth, columns, rows) = (left.depth, right.rows, left.rows);
    assert_eq!(depth, right.depth);
    assert!(rows == 0 || (rows - 1) * down + columns <= sums.len());
    let strips = (0..rows).step_by(HIGH).map(|row| row..usize::min(row + HIGH, rows));
    let extents: Vec<(Range<usize>, Extent)> = strips.map(|rows| (rows.clone(), extent(rows))).collect();
    for (panel, right) in right.values.chunks_exact((WIDE * depth).max(1)).enumerate() {
        let column = panel * WIDE;
        let width = usize::min(WIDE, columns - column);
        for ((rows, of), left) in extents.iter().zip(left.values.chunks_exact(HIGH * depth)) {
            if column >= of.columns || of.depth.is_empty() {
                continue;
            }
            let Range { start, end } = of.depth;
            let tile = tile(&left[HIGH * start..HIGH * end], &right[WIDE * start..WIDE * end]);
            rows.clone()
                .zip(tile)
                .for_each(|(row, tile)| add(tile, &mut sums[row * down + column..][..width]));
        }
    }
}

/// Adds the product to `sums`, `[rows, columns]`.
pub(super) fn add_product(left: &Left, right: &Right, sums: &mut [f32]) {
    let (depth, columns) = (left.depth, right.rows);
    assert_eq!((depth, sums.len()), (right.depth, left.rows * columns));
    if depth == 0 {
        return;
    }
    let rows = (BLOCK / depth).next_multiple_of(HIGH);
    for (sums, left) in sums.chunks_mut(rows * columns).zip(left.values.chunks(rows * depth)) {
        for (panel, right) in right.values.chunks_exact(WIDE * depth).enumerate() {
            let column = panel * WIDE;
            let width = usize::min(WIDE, columns - column);
            for (rows, left) in sums.chunks_mut(HIGH * columns).zip(left.chunks_exact(HIGH * depth)) {
                let rows = rows.chunks_exact_mut(columns).map(|row| &mut row[column..column + width]);
                rows.zip(tile(left, right)).for_each(|(to, sums)| add(sums, to));
            }
        }
    }
}

/// Adds as many of the sums as there are places.
#[inline(always)]
fn add([low, high]: [F4; 2], to: &mut [f32]) {
    if to.len() == WIDE {
        // SAFETY: `to` has eight numbers.
        unsafe {
            F4::load(to.as_ptr()).add(low).store(to.as_mut_ptr());
            F4::load(to.as_ptr().add(4)).add(high).store(to.as_mut_ptr().add(4));
        }
    } else {
        let sums = low.to_array().into_iter().chain(high.to_array());
        to.iter_mut().zip(sums).for_each(|(to, sum)| *to += sum);
    }
}

/// The sum of the outer products of `left`, `[depth][4]`, and `right`, `[depth][8]`, of at least one.
#[inline(always)]
fn tile(left: &[f32], right: &[f32]) -> [[F4; 2]; HIGH] {
    let mut steps = right.len() / WIDE;
    assert!(steps > 0 && left.len() >= steps * HIGH);
    let mut sums = [[F4::splat(0.0); 2]; HIGH];
    let (mut left, mut right) = (left.as_ptr(), right.as_ptr());
    // Counted down and tested at the end: with a test at the beginning a product takes an eighth longer.
    loop {
        // SAFETY: as many fours of `left`, and twice as many of `right`, are there as there are steps.
        unsafe {
            let (low, high) = (F4::load(right), F4::load(right.add(4)));
            for (row, sum) in sums.iter_mut().enumerate() {
                let left = F4::load_all(left.add(row));
                *sum = [sum[0].mul_add(left, low), sum[1].mul_add(left, high)];
            }
            (left, right) = (left.add(HIGH), right.add(WIDE));
        }
        steps -= 1;
        if steps == 0 {
            return sums;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Matrix, multiply};
    use crate::random::Random;

    /// Whole and cut tiles, strips, lines and depths; either factor turned or with something else between its rows.
    #[test]
    fn products_are_sums() {
        let mut random = Random::new(5, 0);
        let sizes =
            [[1, 1, 1], [3, 5, 7], [4, 8, 8], [33, 517, 70], [130, 129, 131], [512, 1030, 16], [70, 3, 200]];
        for [rows, depth, columns] in sizes {
            let mut numbers =
                |count: usize| -> Vec<f32> { (0..count).map(|_| random.uniform(1.0)).collect() };
            let (left, right) = (numbers(rows * (depth + 3)), numbers(depth * columns));
            let left_turned: Vec<f32> =
                (0..depth * rows).map(|at| left[at % rows * (depth + 3) + at / rows]).collect();
            let right_turned: Vec<f32> =
                (0..columns * depth).map(|at| right[at % depth * columns + at / depth]).collect();
            let lefts = [
                Matrix::spread(&left, [rows, depth], depth + 3),
                Matrix::new(&left_turned, [depth, rows]).transposed(),
            ];
            let rights = [
                Matrix::new(&right, [depth, columns]),
                Matrix::new(&right_turned, [columns, depth]).transposed(),
            ];
            for [a, b] in [[0, 0], [0, 1], [1, 0], [1, 1]] {
                for (at, found) in multiply(lefts[a], rights[b]).into_iter().enumerate() {
                    let terms = (0..depth).map(|k| {
                        f64::from(left[at / columns * (depth + 3) + k])
                            * f64::from(right[k * columns + at % columns])
                    });
                    let sum: f64 = terms.sum();
                    assert!(
                        (f64::from(found) - sum).abs() < 1e-4 * (1.0 + sum.abs()),
                        "{rows} × {depth} × {columns}: {found} is not {sum}"
                    );
                }
            }
        }
    }
}
