//! Max pooling of 2 × 2 windows where no convolution takes it along; an odd last row or column is dropped.

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
            let places = output[to.clone()].iter_mut().zip(&mut winners[to]);
            let windows = upper.chunks_exact(2).zip(lower.chunks_exact(2));
            for ((largest, winner), (upper, lower)) in places.zip(windows) {
                (*largest, *winner) = (upper[0], 0);
                for (number, place) in [(upper[1], 1), (lower[0], 2), (lower[1], 3)] {
                    let wins = number > *largest || number.is_nan();
                    *largest = if wins { number } else { *largest };
                    *winner = if wins { place } else { *winner };
                }
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
