//! The GPU's program for one step of Adam, as WGSL.

use super::convolution::GROUP;
use crate::engine::optimizer::BETAS;

/// Workgroups; an invocation has several numbers where they are more.
const MOST_GROUPS: usize = 4096;

/// Of so many numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Adam {
    pub length: usize,
}

impl Adam {
    pub fn groups(&self) -> [usize; 3] {
        [self.length.div_ceil(GROUP).min(MOST_GROUPS), 1, 1]
    }

    /// Value, gradient, both averages and what `AdamStep` has but for the decay rates (kept, rate, ε) to the new value and
    /// averages.
    pub fn text(&self) -> String {
        let [[keep1, rest1], [keep2, rest2]] = BETAS.map(|beta| [beta as f32, (1.0 - beta) as f32]);
        let mut code = String::new();
        for (at, name) in ["value", "gradient", "first", "second", "step"].iter().enumerate() {
            code += &format!("@group(0) @binding({at}) var<storage, read> {name}: array<f32>;\n");
        }
        for (at, name) in ["new_value", "new_first", "new_second"].iter().enumerate() {
            code += &format!("@group(0) @binding({}) var<storage, read_write> {name}: array<f32>;\n", at + 5);
        }
        code + &format!(
            "@compute @workgroup_size({GROUP})
fn main(@builtin(global_invocation_id) id: vec3u) {{
  for (var at = id.x; at < {}u; at += {}u) {{
    let slope = gradient[at];
    let mean = first[at] * {keep1:?}f + slope * {rest1:?}f;
    let square = second[at] * {keep2:?}f + slope * slope * {rest2:?}f;
    new_first[at] = mean;
    new_second[at] = square;
    new_value[at] = value[at] * step[0] - mean / (sqrt(square) + step[2]) * step[1];
  }}
}}
",
            self.length,
            self.groups()[0] * GROUP
        )
    }
}
