//! “Which nine differ more?”, from what was measured of a visitor's own drawing at a low and at a high temperature.

/// Where one is less than so many times the other, they differ about as much.
const CLEAR: f64 = 1.1;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Varied {
    /// The first.
    Cold,
    /// The second.
    Hot,
    Alike,
}

/// Which of two groups of drawings differs more.
pub fn varied(cold: f64, hot: f64) -> Varied {
    if hot > cold * CLEAR {
        Varied::Hot
    } else if cold > hot * CLEAR {
        Varied::Cold
    } else {
        Varied::Alike
    }
}

#[cfg(test)]
mod tests {
    use super::{Varied, varied};

    #[test]
    fn the_right_answer_is_what_was_measured() {
        assert_eq!(varied(0.01, 0.08), Varied::Hot);
        assert_eq!(varied(0.08, 0.01), Varied::Cold);
        assert_eq!(varied(0.05, 0.054), Varied::Alike);
        assert_eq!(varied(0.05, 0.056), Varied::Hot);
        assert_eq!(varied(0.0, 0.0), Varied::Alike, "drawings that are all the same");
        assert_eq!(varied(0.0, 0.001), Varied::Hot);
    }
}
