//! A picture of any shape in a network's square: made as large as fits, in the upper left corner, the rest one grey.

use super::BoundingBox;

/// How a picture lies in the square.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Letterbox {
    pub side: usize,
    /// Width and height in the square, at least 1.
    pub size: [usize; 2],
    /// Pixels of the square for a pixel of the picture.
    scale: f64,
}

impl Letterbox {
    /// For a picture of this width and height, which must not be 0.
    pub fn of(picture: [usize; 2], side: usize) -> Self {
        let longest = picture.into_iter().fold(1, usize::max);
        // Whole numbers, so that the longest side is the square's exactly; long panoramas do not fit into a browser's usize.
        let fitted = |length: usize| (length as u64 * side as u64 / longest as u64) as usize;
        let size = picture.map(|length| fitted(length).max(1));
        let scale = side as f64 / longest as f64;
        Self { side, size, scale }
    }

    /// The square, `[side, side, 3]`, from the picture in its size, `[height, width, 3]`.
    pub fn filled(&self, picture: &[u8], fill: u8) -> Vec<u8> {
        let mut square = vec![fill; self.side * self.side * 3];
        let rows = picture.chunks_exact(self.size[0] * 3);
        for (row, to) in rows.zip(square.chunks_exact_mut(self.side * 3)) {
            to[..row.len()].copy_from_slice(row);
        }
        square
    }

    /// A box in the square as one on the picture.
    pub fn back(&self, area: &BoundingBox) -> BoundingBox {
        let scale = (1.0 / self.scale) as f32;
        area.scaled([scale, scale])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_fills_the_square_one_way() {
        let cases = [
            ([640, 480], [416, 312]),
            ([480, 640], [312, 416]),
            ([20, 20], [416, 416]),
            ([4160, 416], [416, 41]),
            ([100_000, 1], [416, 1]),
        ];
        for (picture, size) in cases {
            assert_eq!(Letterbox::of(picture, 416).size, size, "{picture:?}");
        }
        let letterbox = Letterbox::of([8, 4], 4);
        let square = letterbox.filled(&[1; 4 * 2 * 3], 114);
        assert_eq!((square[..24].to_vec(), square[24..].to_vec()), (vec![1; 24], vec![114; 24]));
        let area = BoundingBox { left: 1.0, top: 0.5, right: 4.0, bottom: 2.0 };
        assert_eq!(letterbox.back(&area), BoundingBox { left: 2.0, top: 1.0, right: 8.0, bottom: 4.0 });
    }
}
