//! The GPU's programs for batch normalisation with the ReLU that may follow it, as WGSL: one pass for the moments, one
//! for the output, two back, where Burn's operations take one for each sum and product.

use super::wgsl::{bindings, each, groups};
use crate::layers::EPSILON;

/// Invocations that share one channel's sums.
const LANES: usize = 256;

/// The sizes of a normalisation: `[batch, channels, area]`; rows of numbers have an area of 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Norm {
    pub batch: usize,
    pub channels: usize,
    pub area: usize,
    /// A ReLU follows.
    pub relu: bool,
    /// The means and variances are the input's own, and move with it.
    pub by_batch: bool,
}

/// Which of a normalisation's programs. A channel's line is four numbers: x ↦ x · scale + shift is what it does, and
/// x ↦ (x − mean) · inverse comes before γ and β.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pass {
    /// Input → means and (biased) variances, `[channels]` each.
    Moments,
    /// Input, β, γ, means, variances → the output and the lines, `[channels, 4]`.
    Forward,
    /// Input, the output's gradient, lines → the gradients of γ and β.
    Sums,
    /// Input, the output's gradient, lines, the gradients of γ and β → the input's gradient.
    ToInput,
}

impl Norm {
    pub fn groups(&self, pass: Pass) -> [usize; 3] {
        match pass {
            Pass::Moments | Pass::Sums => [self.channels, 1, 1],
            Pass::Forward | Pass::ToInput => groups(self.numbers()),
        }
    }

    pub fn text(&self, pass: Pass) -> String {
        let (read, written, code): (&[&str], &[&str], String) = match pass {
            Pass::Moments => (&["x"], &["means", "variances"], self.by_channel(MOMENTS)),
            Pass::Forward => {
                (&["x", "beta", "gamma", "means", "variances"], &["output", "lines"], self.by_number(FORWARD))
            }
            Pass::Sums => (&["x", "slope", "lines"], &["of_gamma", "of_beta"], self.by_channel(SUMS)),
            Pass::ToInput => {
                (&["x", "slope", "lines", "of_gamma", "of_beta"], &["output"], self.by_number(TO_INPUT))
            }
        };
        let Self { channels, area, relu, by_batch, .. } = self;
        let sizes = format!(
            "const C = {channels}u;\nconst A = {area}u;\nconst COUNT = {}u;\nconst EPSILON = {:?}f;\nconst RELU = {relu};\nconst MOVES = {by_batch};\n",
            self.batch * area,
            EPSILON as f32
        );
        bindings(read, written) + &sizes + &code
    }

    fn numbers(&self) -> usize {
        self.batch * self.channels * self.area
    }

    /// `code` for every channel, by a workgroup.
    fn by_channel(&self, code: &str) -> String {
        format!(
            "const LANES = {LANES}u;\nvar<workgroup> parts: array<f32, LANES>;
fn total(part: f32, lane: u32) -> f32 {{
  workgroupBarrier();
  parts[lane] = part;
  for (var half = LANES / 2u; half > 0u; half /= 2u) {{
    workgroupBarrier();
    if (lane < half) {{ parts[lane] += parts[lane + half]; }}
  }}
  workgroupBarrier();
  return parts[0];
}}
fn place(channel: u32, at: u32) -> u32 {{ return (at / A * C + channel) * A + at % A; }}
{ALIVE}@compute @workgroup_size({LANES})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {{
  let c = group.x;
{code}}}
"
        )
    }

    /// `code` for every number.
    fn by_number(&self, code: &str) -> String {
        ALIVE.to_string() + &each(self.numbers(), &format!("    let c = at / A % C;\n{code}"))
    }
}

/// A gradient as it is before the ReLU, which was given `y`.
const ALIVE: &str = "fn alive(slope: f32, y: f32) -> f32 { return select(slope, 0.0, RELU && y <= 0.0); }\n";

const MOMENTS: &str = "  var sum = 0.0;
  for (var at = lane; at < COUNT; at += LANES) { sum += x[place(c, at)]; }
  let mean = total(sum, lane) / f32(COUNT);
  sum = 0.0;
  for (var at = lane; at < COUNT; at += LANES) {
    let apart = x[place(c, at)] - mean;
    sum += apart * apart;
  }
  let variance = total(sum, lane) / f32(COUNT);
  if (lane == 0u) {
    means[c] = mean;
    variances[c] = variance;
  }
";

// Compared, not `max`: what is not a number stays so, or a run that diverged would look dead.
const FORWARD: &str = "    let inverse = inverseSqrt(variances[c] + EPSILON);
    let scale = gamma[c] * inverse;
    let shift = beta[c] - means[c] * scale;
    let y = x[at] * scale + shift;
    output[at] = select(y, 0.0, RELU && y < 0.0);
    if (at / A < C && at % A == 0u) {
      lines[4u * c] = scale;
      lines[4u * c + 1u] = shift;
      lines[4u * c + 2u] = means[c];
      lines[4u * c + 3u] = inverse;
    }
";

const SUMS: &str = "  let scale = lines[4u * c];
  let shift = lines[4u * c + 1u];
  var gamma = 0.0;
  var beta = 0.0;
  for (var at = lane; at < COUNT; at += LANES) {
    let here = place(c, at);
    let g = alive(slope[here], x[here] * scale + shift);
    beta += g;
    gamma += g * (x[here] - lines[4u * c + 2u]);
  }
  let all_gamma = total(gamma, lane) * lines[4u * c + 3u];
  let all_beta = total(beta, lane);
  if (lane == 0u) {
    of_gamma[c] = all_gamma;
    of_beta[c] = all_beta;
  }
";

// Ioffe & Szegedy 2015, section 3, in one line.
const TO_INPUT: &str = "    let scale = lines[4u * c];
    let g = alive(slope[at], x[at] * scale + lines[4u * c + 1u]);
    let normal = (x[at] - lines[4u * c + 2u]) * lines[4u * c + 3u];
    let moved = select(0.0, (of_beta[c] + normal * of_gamma[c]) / f32(COUNT), MOVES);
    output[at] = scale * (g - moved);
";
