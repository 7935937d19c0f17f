//! The GPU's program that adds up a convolution's gradient, which came in parts, as WGSL.

use super::wgsl::bindings;

/// Numbers of a workgroup, and invocations that share one's sum.
const NUMBERS: usize = 8;
const LANES: usize = 8;
/// Workgroups side by side.
const MOST_GROUPS: usize = 32_768;

/// `[parts, weights + filters]` to the weights' gradient, `[weights]`, and the bias', `[filters]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sums {
    pub parts: usize,
    pub weights: usize,
    pub filters: usize,
}

impl Sums {
    pub fn groups(&self) -> [usize; 3] {
        let groups = (self.weights + self.filters).div_ceil(NUMBERS);
        let across = groups.min(MOST_GROUPS);
        [across, groups.div_ceil(across), 1]
    }

    pub fn text(&self) -> String {
        let Self { parts, weights, filters } = *self;
        let numbers = weights + filters;
        let bindings = bindings(&["parts"], &["weights", "bias"]);
        format!(
            "{bindings}var<workgroup> sums: array<f32, {all}>;
@compute @workgroup_size({all})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) id: u32) {{
  let at = (group.y * {across}u + group.x) * {NUMBERS}u + id % {NUMBERS}u;
  var sum = 0.0;
  if (at < {numbers}u) {{
    for (var part = id / {NUMBERS}u; part < {parts}u; part += {LANES}u) {{ sum += parts[part * {numbers}u + at]; }}
  }}
  sums[id] = sum;
  workgroupBarrier();
  if (id >= {NUMBERS}u || at >= {numbers}u) {{ return; }}
  for (var lane = 1u; lane < {LANES}u; lane++) {{ sum += sums[lane * {NUMBERS}u + id]; }}
  if (at < {weights}u) {{ weights[at] = sum; }} else {{ bias[at - {weights}u] = sum; }}
}}
",
            all = NUMBERS * LANES,
            across = self.groups()[0],
        )
    }
}
