//! Max pooling of 2 × 2 windows where no convolution takes it along; an odd last row or column is dropped.

use super::simd::F4;

/// The sizes of a pooling: planes are pictures times channels.
#[derive(Clone, Copy, Debug)]
pub struct Pool {
    pub planes: usize,
    pub height: usize,
    pub width: usize,
}

impl Pool {
    /// Output height and width.
    pub fn out(&self) -> [usize; 2] {
        [self.height / 2, self.width / 2]
    }

    /// `x` `[planes, height, width]` → the largest of each window, `[planes, out height, out width]`, and which it was,
    /// row by row; of equal numbers the first wins, and what is not a number does against any.
    pub fn forward(&self, x: &[f32]) -> (Vec<f32>, Vec<u8>) {
        assert_eq!(x.len(), self.planes * self.height * self.width);
        let [high, wide] = self.out();
        let mut output = vec![0.0; self.planes * high * wide];
        let mut winners = vec![0; output.len()];
        for row in 0..self.planes * high {
            let from = (row / high * self.height + row % high * 2) * self.width;
            let (upper, lower) = x[from..from + 2 * self.width].split_at(self.width);
            let to = row * wide..(row + 1) * wide;
            let (largest, winner) = (&mut output[to.clone()], &mut winners[to]);
            if wide < 4 {
                for column in 0..wide {
                    let at = 2 * column;
                    let window = [upper[at], upper[at + 1], lower[at], lower[at + 1]].map(F4::splat);
                    let (value, place) = largest_of(window);
                    (largest[column], winner[column]) = (value.to_array()[0], place[0]);
                }
                continue;
            }
            // Four windows at a time, the last of which overlap those before them.
            for column in (0..wide).step_by(4).map(|column| column.min(wide - 4)) {
                // SAFETY: a line has two numbers for each of `wide` windows, and at least four windows are left.
                let [[a, b], [c, d]] = [upper, lower].map(|line| unsafe {
                    let at = line.as_ptr().add(2 * column);
                    F4::load(at).part(F4::load(at.add(4)))
                });
                let (values, places) = largest_of([a, b, c, d]);
                largest[column..column + 4].copy_from_slice(&values.to_array());
                winner[column..column + 4].copy_from_slice(&places);
            }
        }
        (output, winners)
    }

    /// The input's gradient, `[planes, height, width]`; `winners` and `gradient` are as `forward`'s answer.
    pub fn gradient(&self, winners: &[u8], gradient: &[f32]) -> Vec<f32> {
        let [high, wide] = self.out();
        assert_eq!((winners.len(), gradient.len()), (self.planes * high * wide, winners.len()));
        let mut input = vec![0.0; self.planes * self.height * self.width];
        for row in 0..self.planes * high {
            let to = (row / high * self.height + row % high * 2) * self.width;
            let at = row * wide..(row + 1) * wide;
            for (column, (&winner, &gradient)) in winners[at.clone()].iter().zip(&gradient[at]).enumerate() {
                let (down, right) = (usize::from(winner / 2), usize::from(winner % 2));
                input[to + down * self.width + 2 * column + right] = gradient;
            }
        }
        input
    }
}

/// Of the four numbers of a window the largest, and which it is; of four windows at once.
#[inline(always)]
fn largest_of([a, b, c, d]: [F4; 4]) -> (F4, [u8; 4]) {
    let number = |n: u8| F4::splat(n.into());
    let (above, below) = (b.if_beats(a, b, a), d.if_beats(c, d, c));
    let first = b.if_beats(a, number(1), number(0));
    let second = d.if_beats(c, number(3), number(2));
    let places = below.if_beats(above, second, first);
    (below.if_beats(above, below, above), places.to_array().map(|place| place as u8))
}
