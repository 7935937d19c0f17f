//! The product of two matrices, in tiles of 4 × 8 sums that fit the machine's registers with what they are made of.
//! Both factors are packed first: as a tile reads them, one number after the other.

use super::simd::F4;

/// Rows and columns of a tile.
const HIGH: usize = 4;
const WIDE: usize = 8;
/// Numbers of a line of the machine's caches, a multiple of both.
const LINE: usize = 16;
/// Depth that is multiplied at once, so that both packed factors stay in the machine's caches.
const DEPTH: usize = 512;

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
            for row in 0..usize::min(N, rows - strip * N) {
                let from = from[row * down..].iter().step_by(right);
                to[row..].iter_mut().step_by(N).zip(from).for_each(|(to, from)| *to = *from);
            }
        }
    }

    /// Where a column's numbers lie side by side: a line of the cache at a time, for several strips at once.
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

/// Adds the product to `sums`, `[rows, columns]`.
pub(super) fn add_product(left: &Left, right: &Right, sums: &mut [f32]) {
    let (depth, columns) = (left.depth, right.rows);
    assert_eq!((depth, sums.len()), (right.depth, left.rows * columns));
    if depth == 0 {
        return;
    }
    for (panel, right) in right.values.chunks_exact(WIDE * depth).enumerate() {
        let column = panel * WIDE;
        let width = usize::min(WIDE, columns - column);
        for (rows, left) in sums.chunks_mut(HIGH * columns).zip(left.values.chunks_exact(HIGH * depth)) {
            for (row, [low, high]) in rows.chunks_exact_mut(columns).zip(tile(left, right)) {
                let to = &mut row[column..column + width];
                if width == WIDE {
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
        }
    }
}

/// The sum of the outer products of `left`, `[depth][4]`, and `right`, `[depth][8]`.
#[inline(always)]
fn tile(left: &[f32], right: &[f32]) -> [[F4; 2]; HIGH] {
    let mut sums = [[F4::splat(0.0); 2]; HIGH];
    for (left, right) in left.chunks_exact(HIGH).zip(right.chunks_exact(WIDE)) {
        // SAFETY: `right` has two fours.
        let (low, high) = unsafe { (F4::load(right.as_ptr()), F4::load(right.as_ptr().add(4))) };
        for (sum, left) in sums.iter_mut().zip(left) {
            // SAFETY: it is one float.
            let left = unsafe { F4::load_all(left) };
            *sum = [sum[0].mul_add(left, low), sum[1].mul_add(left, high)];
        }
    }
    sums
}
