//! The GPU's program for softmax and cross-entropy with their gradient, as WGSL: what Burn would do in twenty small ones.

use super::wgsl::{GROUP, bindings};

/// Mean cross-entropy of logits `[rows, classes]`, nats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Entropy {
    pub rows: usize,
    pub classes: usize,
    /// `TrainSpec::label_smoothing`, as bits.
    pub smoothing: u32,
}

impl Entropy {
    /// Logits and truths (a class's index) to the loss, `[1]`, and the logits' gradient, `[rows, classes]`.
    pub fn text(&self) -> String {
        let Self { rows, classes, smoothing } = *self;
        let smoothing = f32::from_bits(smoothing);
        let [share, kept, spread] = [1.0 / rows as f32, 1.0 - smoothing, smoothing / classes as f32];
        let bindings = bindings(&["logits", "truths"], &["loss", "gradient"]);
        format!(
            "{bindings}var<workgroup> sums: array<f32, {GROUP}>;
@compute @workgroup_size({GROUP})
fn main(@builtin(local_invocation_index) id: u32) {{
  var sum = 0.0;
  for (var row = id; row < {rows}u; row += {GROUP}u) {{
    let at = row * {classes}u;
    var highest = logits[at];
    for (var k = 1u; k < {classes}u; k++) {{ highest = max(highest, logits[at + k]); }}
    var powers = 0.0;
    var all = 0.0;
    for (var k = 0u; k < {classes}u; k++) {{
      let below = logits[at + k] - highest;
      powers += exp(below);
      all += below;
    }}
    let truth = u32(truths[row]);
    sum += log(powers) - {kept:?}f * (logits[at + truth] - highest) - {spread:?}f * all;
    for (var k = 0u; k < {classes}u; k++) {{
      let told = {spread:?}f + select(0.0, {kept:?}f, k == truth);
      gradient[at + k] = {share:?}f * (exp(logits[at + k] - highest) / powers - told);
    }}
  }}
  sums[id] = sum;
  workgroupBarrier();
  if (id == 0u) {{
    for (var i = 1u; i < {GROUP}u; i++) {{ sum += sums[i]; }}
    loss[0] = {share:?}f * sum;
  }}
}}
"
        )
    }
}
