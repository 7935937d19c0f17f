//! The maps and filters of a layer as the engine sends them: which there are, and how they lie on a canvas.

use crate::protocol::{FeatureMaps, LiveView};

/// What a layer's row shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LayerContent {
    Maps,
    Filters,
}

/// The plane that a part of a layer shows.
pub fn plane(seen: &LiveView, layer: usize, part: LayerContent) -> Option<&FeatureMaps> {
    let look = seen.look.as_ref()?;
    match part {
        LayerContent::Maps => look.activations.get(layer),
        LayerContent::Filters => look.filters.as_ref(),
    }
    .filter(|p| p.maps > 0 && p.width > 0 && p.height > 0)
}

/// How many maps there are, and how high and wide each is.
#[derive(Clone, Copy, PartialEq)]
pub struct Size {
    pub maps: usize,
    pub height: usize,
    pub width: usize,
}

impl Size {
    pub fn of(plane: &FeatureMaps) -> Self {
        Self { maps: plane.maps as usize, height: plane.height as usize, width: plane.width as usize }
    }

    /// One line of numbers instead of pictures.
    pub fn is_line(self) -> bool {
        self.maps == 1 && self.height == 1
    }

    /// There is room for this many in a row.
    pub fn room(self) -> usize {
        match self.maps {
            // Of a sequence: steps down, numbers across.
            1 if self.width != self.height => 1,
            0..=16 => 8,
            _ => 16,
        }
    }

    /// This many are in a row.
    pub fn across(self) -> usize {
        self.room().min(self.maps).max(1)
    }

    pub fn rows(self) -> usize {
        self.maps.div_ceil(self.across())
    }

    /// With a gap of one number between the maps.
    pub fn canvas(self) -> (usize, usize) {
        (self.across() * (self.width + 1) - 1, self.rows() * (self.height + 1) - 1)
    }
}
