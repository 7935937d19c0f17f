//! The GPU's programs for attention, as WGSL: one invocation for each query of each head, or for each key on the way
//! back. Weights are computed again where they are needed, from their row's logarithm, so none are kept.

use super::wgsl::{bindings, each, groups};
use crate::engine::attention::Attention;

/// The sizes of an attention, as far as a program's text depends on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Attend {
    pub batch: usize,
    pub heads: usize,
    pub width: usize,
    pub queries: usize,
    pub keys: usize,
    pub causal: bool,
    pub sloped: bool,
    /// Examples have lengths of their own, which are the last that is read.
    pub ragged: bool,
}

/// Which of the programs. Of each query's row of weights two numbers are kept, `[batch, heads, queries, 2]`: the logarithm
/// of the sum that it was divided by, and how its gradient hangs together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pass {
    /// Queries, keys, values → output, rows' numbers.
    Forward,
    /// Queries, keys → weights, `[batch, heads, queries, keys]`.
    Weights,
    /// Queries, keys, values, the output's gradient, output → the queries' gradient; completes the rows' numbers.
    ToQueries,
    /// Queries, keys, values, the output's gradient, rows' numbers → the gradients of keys and values.
    ToKeys,
}

impl From<&Attention> for Attend {
    fn from(of: &Attention) -> Self {
        let Attention { batch, heads, width, queries, keys, causal, sloped, ref lengths } = *of;
        Self { batch, heads, width, queries, keys, causal, sloped, ragged: !lengths.is_empty() }
    }
}

impl Attend {
    pub fn groups(&self, pass: Pass) -> [usize; 3] {
        groups(self.count(pass))
    }

    pub fn text(&self, pass: Pass) -> String {
        let (mut read, written, code): (Vec<&str>, &[&str], &str) = match pass {
            Pass::Forward => (vec!["q", "k", "v"], &["output", "rows"], FORWARD),
            Pass::Weights => (vec!["q", "k"], &["output"], WEIGHTS),
            Pass::ToQueries => (vec!["q", "k", "v", "g", "o"], &["output", "rows"], TO_QUERIES),
            Pass::ToKeys => (vec!["q", "k", "v", "g", "rows"], &["of_k", "of_v"], TO_KEYS),
        };
        if self.ragged {
            read.push("lengths");
        }
        let tokens = if pass == Pass::ToKeys { self.keys } else { self.queries };
        let split = format!(
            "    let b = at / {0}u;\n    let h = at / {tokens}u % H;\n    let i = at % {tokens}u;\n",
            self.heads * tokens
        );
        bindings(&read, written) + &self.common() + &each(self.count(pass), &(split + code))
    }

    fn count(&self, pass: Pass) -> usize {
        self.batch * self.heads * if pass == Pass::ToKeys { self.keys } else { self.queries }
    }

    /// Sizes, what a query sees, and how well a key fits it.
    fn common(&self) -> String {
        let Self { heads, width, queries, keys, causal, sloped, ragged, .. } = *self;
        let (size, behind) = (width / heads, keys.saturating_sub(queries));
        let real = if ragged { "clamp(u32(lengths[b]), 1u, K)" } else { "K" };
        let seen = if causal { format!("min({real}, i + 1u + {behind}u)") } else { real.to_string() };
        let slope = if sloped { format!("exp2(-8.0 * f32(h + 1u) / {heads}.0)") } else { "0.0".into() };
        format!(
            "const H = {heads}u;\nconst W = {width}u;\nconst D = {size}u;\nconst Q = {queries}u;\nconst K = {keys}u;
const SCALE = {:?}f;
fn of_query(b: u32, h: u32, i: u32) -> u32 {{ return (b * Q + i) * W + h * D; }}
fn of_key(b: u32, h: u32, j: u32) -> u32 {{ return (b * K + j) * W + h * D; }}
fn seen(b: u32, i: u32) -> u32 {{ return {seen}; }}
fn score(b: u32, h: u32, i: u32, j: u32) -> f32 {{
  let query = of_query(b, h, i);
  let key = of_key(b, h, j);
  var sum = 0.0;
  for (var x = 0u; x < D; x++) {{ sum += q[query + x] * k[key + x]; }}
  return sum * SCALE - {slope} * abs(f32(i + {behind}u) - f32(j));
}}
",
            1.0 / (size as f32).sqrt()
        )
    }
}

const FORWARD: &str = "    let to = of_query(b, h, i);
    let count = seen(b, i);
    var highest = score(b, h, i, 0u);
    for (var j = 1u; j < count; j++) { highest = max(highest, score(b, h, i, j)); }
    var sum = 0.0;
    for (var x = 0u; x < D; x++) { output[to + x] = 0.0; }
    for (var j = 0u; j < count; j++) {
      let power = exp(score(b, h, i, j) - highest);
      sum += power;
      let key = of_key(b, h, j);
      for (var x = 0u; x < D; x++) { output[to + x] += power * v[key + x]; }
    }
    for (var x = 0u; x < D; x++) { output[to + x] /= sum; }
    rows[2u * at] = highest + log(sum);
    rows[2u * at + 1u] = 0.0;
";

const WEIGHTS: &str = "    let count = seen(b, i);
    var highest = score(b, h, i, 0u);
    for (var j = 1u; j < count; j++) { highest = max(highest, score(b, h, i, j)); }
    var sum = 0.0;
    for (var j = 0u; j < count; j++) { sum += exp(score(b, h, i, j) - highest); }
    for (var j = 0u; j < K; j++) {
      output[at * K + j] = select(0.0, exp(score(b, h, i, j) - highest) / sum, j < count);
    }
";

const TO_QUERIES: &str = "    let to = of_query(b, h, i);
    var together = 0.0;
    for (var x = 0u; x < D; x++) {
      together += g[to + x] * o[to + x];
      output[to + x] = 0.0;
    }
    rows[2u * at + 1u] = together;
    let count = seen(b, i);
    for (var j = 0u; j < count; j++) {
      let key = of_key(b, h, j);
      var slope = 0.0;
      for (var x = 0u; x < D; x++) { slope += g[to + x] * v[key + x]; }
      slope = exp(score(b, h, i, j) - rows[2u * at]) * (slope - together) * SCALE;
      for (var x = 0u; x < D; x++) { output[to + x] += slope * k[key + x]; }
    }
";

const TO_KEYS: &str = "    let to = of_key(b, h, i);
    for (var x = 0u; x < D; x++) {
      of_k[to + x] = 0.0;
      of_v[to + x] = 0.0;
    }
    for (var j = 0u; j < Q; j++) {
      if (i >= seen(b, j)) { continue; }
      let row = 2u * ((b * H + h) * Q + j);
      let query = of_query(b, h, j);
      let weight = exp(score(b, h, j, i) - rows[row]);
      var slope = 0.0;
      for (var x = 0u; x < D; x++) { slope += g[query + x] * v[to + x]; }
      slope = weight * (slope - rows[row + 1u]) * SCALE;
      for (var x = 0u; x < D; x++) {
        of_v[to + x] += weight * g[query + x];
        of_k[to + x] += slope * q[query + x];
      }
    }
";
