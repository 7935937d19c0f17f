//! Planes of numbers one behind another, as Burn keeps them, or side by side, as the kernels want them: from one to
//! the other in blocks of 4 × 4, of which the last overlaps the one before it.

use super::simd::F4;

/// A matrix to be turned: number (`r`, `c`) is at `r · down[0] + c` before and at `c · down[1] + r` after.
#[derive(Clone, Copy)]
pub(super) struct Turn {
    pub rows: usize,
    pub columns: usize,
    pub down: [usize; 2],
}

impl Turn {
    pub fn copy(&self, from: &[f32], to: &mut [f32]) {
        let Self { rows, columns, down } = *self;
        assert!((rows - 1) * down[0] + columns <= from.len() && (columns - 1) * down[1] + rows <= to.len());
        let (from, to) = (from.as_ptr(), to.as_mut_ptr());
        // SAFETY: the farthest number of either side was just checked.
        unsafe {
            if rows < 4 || columns < 4 {
                for row in 0..rows {
                    for column in 0..columns {
                        *to.add(column * down[1] + row) = *from.add(row * down[0] + column);
                    }
                }
                return;
            }
            for row in (0..rows).step_by(4).map(|row| row.min(rows - 4)) {
                for column in (0..columns).step_by(4).map(|column| column.min(columns - 4)) {
                    let from = from.add(row * down[0] + column);
                    let lines = [0, 1, 2, 3].map(|line| F4::load(from.add(line * down[0])));
                    for (line, numbers) in F4::transpose(lines).into_iter().enumerate() {
                        numbers.store(to.add((column + line) * down[1] + row));
                    }
                }
            }
        }
    }
}
