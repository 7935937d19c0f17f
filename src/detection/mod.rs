//! Things found in a picture, each with a box around it: how much two boxes overlap, which of many are kept, how a picture
//! of any size fits a network's square, and what is handed on. Plain arithmetic; holds no tensor, knows no browser.

pub mod average_precision;
pub mod coco;
pub mod export;
pub mod labels;
pub mod letterbox;
pub mod outputs;
pub mod own;
pub mod suppression;

use serde::{Deserialize, Serialize};

/// A box with upright sides, in pixels from the picture's upper left corner.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct BoundingBox {
    pub left: f32,
    pub top: f32,
    pub right: f32,
    pub bottom: f32,
}

/// One thing that a network proposes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// A row of `coco::CATEGORIES`.
    pub class: u16,
    /// 0…1: that there is something, times that it is this.
    pub score: f32,
    pub area: BoundingBox,
}

impl BoundingBox {
    pub fn width(&self) -> f32 {
        (self.right - self.left).max(0.0)
    }

    pub fn height(&self) -> f32 {
        (self.bottom - self.top).max(0.0)
    }

    pub fn area(&self) -> f32 {
        self.width() * self.height()
    }

    /// What both cover. Where they do not meet, a box without area.
    pub fn intersection(&self, other: &Self) -> Self {
        Self {
            left: self.left.max(other.left),
            top: self.top.max(other.top),
            right: self.right.min(other.right),
            bottom: self.bottom.min(other.bottom),
        }
    }

    /// Intersection over union (Jaccard 1901): what both cover, as a share of what at least one covers. 0 if neither has
    /// any area.
    pub fn iou(&self, other: &Self) -> f32 {
        let both = self.intersection(other).area();
        let either = self.area() + other.area() - both;
        if either > 0.0 { both / either } else { 0.0 }
    }

    /// What of it lies on a picture of this width and height.
    pub fn within(&self, [width, height]: [f32; 2]) -> Self {
        Self {
            left: self.left.clamp(0.0, width),
            top: self.top.clamp(0.0, height),
            right: self.right.clamp(0.0, width),
            bottom: self.bottom.clamp(0.0, height),
        }
    }

    /// Its sides on whole pixels.
    pub fn whole(&self) -> Self {
        let [left, top, right, bottom] = [self.left, self.top, self.right, self.bottom].map(f32::round);
        Self { left, top, right, bottom }
    }

    /// Every coordinate times a factor, one across and one down.
    pub fn scaled(&self, [across, down]: [f32; 2]) -> Self {
        Self {
            left: self.left * across,
            top: self.top * down,
            right: self.right * across,
            bottom: self.bottom * down,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::BoundingBox;

    fn of([left, top, right, bottom]: [f32; 4]) -> BoundingBox {
        BoundingBox { left, top, right, bottom }
    }

    #[test]
    fn overlap_is_a_share_of_both() {
        let one = of([0.0, 0.0, 4.0, 4.0]);
        let cases = [
            ([0.0, 0.0, 4.0, 4.0], 1.0),
            ([2.0, 0.0, 6.0, 4.0], 8.0 / 24.0),
            ([1.0, 1.0, 3.0, 3.0], 4.0 / 16.0),
            ([4.0, 0.0, 8.0, 4.0], 0.0),
            ([5.0, 5.0, 8.0, 8.0], 0.0),
            ([3.0, 3.0, 1.0, 1.0], 0.0),
        ];
        for (other, expected) in cases {
            assert_eq!(one.iou(&of(other)), expected, "{other:?}");
            assert_eq!(of(other).iou(&one), expected, "{other:?}");
        }
        let point = of([1.0; 4]);
        assert_eq!(point.iou(&point), 0.0, "nothing covers nothing");
    }
}
