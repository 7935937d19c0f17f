//! The GPU's programs for one step of an optimiser, as WGSL: one for each parameter, where Burn's operations take one for
//! each sum and product.

use super::wgsl::{bindings, each, groups};
use crate::engine::optimizer::MOMENTUM;

/// Whose step it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// `step` is the learning rate.
    Momentum,
    /// `step` is what `AdamStep` has: kept, rate, ε, and of each decay rate itself and what is left to 1.
    Adam,
}

/// Of so many numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Update {
    pub rule: Rule,
    pub length: usize,
}

impl Update {
    pub fn groups(&self) -> [usize; 3] {
        groups(self.length)
    }

    /// Value, gradient, state and the step's numbers → the new value and state.
    pub fn text(&self) -> String {
        match self.rule {
            Rule::Momentum => {
                let code = format!(
                    "    let kept = velocity[at] * {:?}f + gradient[at];
    new_velocity[at] = kept;
    new_value[at] = value[at] - kept * step[0];
",
                    MOMENTUM as f32
                );
                let read = ["value", "gradient", "velocity", "step"];
                bindings(&read, &["new_value", "new_velocity"]) + &each(self.length, &code)
            }
            Rule::Adam => {
                let code = "    let slope = gradient[at];
    let mean = first[at] * step[3] + slope * step[4];
    let square = second[at] * step[5] + slope * slope * step[6];
    new_first[at] = mean;
    new_second[at] = square;
    new_value[at] = value[at] * step[0] - mean / (sqrt(square) + step[2]) * step[1];
";
                let read = ["value", "gradient", "first", "second", "step"];
                bindings(&read, &["new_value", "new_first", "new_second"]) + &each(self.length, code)
            }
        }
    }
}
