//! The GPU's programs for recurrent layers, as WGSL: one run of a program is one step through time, with its product and
//! its gates. An invocation has one unit of four examples, so that a weight that was read is used four times.

use super::wgsl::{bindings, each, groups};
use crate::engine::recurrent::Cell;

/// Examples of an invocation.
const ROWS: usize = 4;
/// Numbers from one step's number to the next: where a buffer may begin is a multiple of 256 bytes.
pub const STRIDE: usize = 64;

/// The sizes of a recurrent layer and its window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Walk {
    pub cell: Cell,
    pub batch: usize,
    pub time: usize,
    pub units: usize,
}

/// Which of the programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pass {
    /// The weights, `[gates · units, units]` → transposed.
    Transpose,
    /// The step, what the input adds to the gates, transposed weights, bias, first states → all hidden states and behind
    /// them an LSTM's last c; the activations.
    Forward,
    /// First states, output → h before each step, `[batch, time, units]`.
    Before,
    /// The step, weights, first states (of a GRU: h before each step), activations, the output's gradient → the gradients of
    /// both sums (where they have one, once), and of the states.
    Backward,
}

impl Walk {
    /// Rows of all gates.
    pub fn wide(&self) -> usize {
        self.cell.gates() * self.units
    }

    /// Numbers of the output.
    pub fn length(&self) -> usize {
        (self.time + self.cell.states() - 1) * self.batch * self.units
    }

    /// Whether the recurrent product has the same gradient as what the input adds.
    pub fn same_gradient(&self) -> bool {
        self.cell != Cell::Gru
    }

    pub fn groups(&self, pass: Pass) -> [usize; 3] {
        groups(self.count(pass))
    }

    fn count(&self, pass: Pass) -> usize {
        match pass {
            Pass::Transpose => self.wide() * self.units,
            Pass::Before => self.batch * self.time * self.units,
            Pass::Forward | Pass::Backward => self.batch.div_ceil(ROWS) * self.units,
        }
    }

    pub fn text(&self, pass: Pass) -> String {
        let (read, written): (&[&str], &[&str]) = match (pass, self.cell) {
            (Pass::Transpose, _) => (&["w"], &["output"]),
            (Pass::Before, _) => (&["state", "hidden"], &["output"]),
            (Pass::Forward, _) => (&["step", "x", "w", "bias", "state"], &["output", "kept"]),
            (Pass::Backward, Cell::Rnn) => (&["step", "w", "kept", "gradient"], &["sums", "carried"]),
            (Pass::Backward, Cell::Lstm) => {
                (&["step", "w", "state", "kept", "gradient"], &["sums", "carried"])
            }
            (Pass::Backward, Cell::Gru) => {
                (&["step", "w", "before", "kept", "gradient"], &["of_x", "sums", "carried"])
            }
        };
        let code = match pass {
            Pass::Transpose => "    output[at % U * WIDE + at / U] = w[at];\n".into(),
            Pass::Before => BEFORE.into(),
            Pass::Forward => self.forward(),
            Pass::Backward => self.backward(),
        };
        bindings(read, written) + &self.common() + &each(self.count(pass), &code)
    }

    fn common(&self) -> String {
        let Self { cell, batch, time, units, .. } = *self;
        format!(
            "const B = {batch}u;\nconst T = {time}u;\nconst U = {units}u;\nconst WIDE = {}u;\nconst A = {}u;
fn open(x: f32) -> f32 {{ return 1.0 / (1.0 + exp(-x)); }}
fn squash(x: f32) -> f32 {{ return tanh(clamp(x, -15.0, 15.0)); }}
",
            self.wide(),
            cell.activations().len()
        )
    }

    fn forward(&self) -> String {
        let gates = self.cell.gates();
        let lines = |line: fn(usize) -> String| (0..gates).map(line).collect::<String>();
        let begin = lines(|gate| format!("    var p{gate} = vec4f(bias[{gate}u * U + unit]);\n"));
        let add = lines(|gate| format!("        p{gate} += h * w[k * WIDE + {gate}u * U + unit];\n"));
        let product = |from: &str| {
            format!(
                "      for (var k = 0u; k < U; k++) {{\n        let h = vec4f({});\n{add}      }}\n",
                four(|row| from.replace("ROW", row))
            )
        };
        let sums = lines(|gate| {
            format!(
                "      let x{gate} = x[place * WIDE + {gate}u * U + unit];\n      let r{gate} = p{gate}[lane];\n"
            )
        });
        let first = product("state[ROW * U + k]");
        let later = product("output[(ROW * T + now - 1u) * U + k]");
        format!(
            "{SPLIT}    let now = u32(step[0]);
{begin}    if (now == 0u) {{\n{first}    }} else {{\n{later}    }}
    for (var lane = 0u; lane < 4u; lane++) {{
      let row = top + lane;
      if (row >= B) {{ break; }}
      let place = row * T + now;
      let kept_at = place * A * U + unit;
{sums}{}    }}
",
            match self.cell {
                Cell::Rnn => RNN,
                Cell::Lstm => LSTM,
                Cell::Gru => GRU,
            }
        )
    }

    fn backward(&self) -> String {
        let sums = four(|row| format!("sums[({row} * T + done) * WIDE + j]"));
        format!(
            "{SPLIT}    let done = u32(step[0]);
    var of_h = vec4f();
    if (done < T) {{
      for (var j = 0u; j < WIDE; j++) {{ of_h += vec4f({sums}) * w[j * U + unit]; }}
    }}
    for (var lane = 0u; lane < 4u; lane++) {{
      let row = top + lane;
      if (row >= B) {{ break; }}
      let state_at = row * U + unit;
      var dh = of_h[lane];
      if (done < T) {{ dh += carried[state_at]; }}
      if (done == 0u) {{
        carried[state_at] = dh;
        continue;
      }}
      let place = row * T + done - 1u;
      let kept_at = place * A * U + unit;
      let to = place * WIDE + unit;
      dh += gradient[place * U + unit];
{}    }}
",
            match self.cell {
                Cell::Rnn => RNN_BACK,
                Cell::Lstm => LSTM_BACK,
                Cell::Gru => GRU_BACK,
            }
        )
    }
}

/// The numbers of an invocation's four examples; one that there is not is the last again.
fn four(number: impl Fn(&str) -> String) -> String {
    ["a", "b", "c", "d"].map(number).join(", ")
}

const SPLIT: &str = "    let unit = at % U;
    let top = at / U * 4u;
    let a = top;
    let b = min(top + 1u, B - 1u);
    let c = min(top + 2u, B - 1u);
    let d = min(top + 3u, B - 1u);
";

const BEFORE: &str = "    let row = at / (T * U);
    let now = at / U % T;
    if (now == 0u) { output[at] = state[row * U + at % U]; } else { output[at] = hidden[at - U]; }
";

const RNN: &str = "      let h = squash(x0 + r0);
      output[place * U + unit] = h;
      kept[kept_at] = h;
";

const LSTM: &str = "      let cell_at = B * T * U + row * U + unit;
      var before = state[B * U + row * U + unit];
      if (now > 0u) { before = output[cell_at]; }
      let i = open(x0 + r0);
      let f = open(x1 + r1);
      let g = squash(x2 + r2);
      let o = open(x3 + r3);
      let cell = f * before + i * g;
      output[cell_at] = cell;
      output[place * U + unit] = o * squash(cell);
      kept[kept_at] = i;
      kept[kept_at + U] = f;
      kept[kept_at + 2u * U] = g;
      kept[kept_at + 3u * U] = o;
      kept[kept_at + 4u * U] = cell;
";

const GRU: &str = "      var before = state[row * U + unit];
      if (now > 0u) { before = output[(place - 1u) * U + unit]; }
      let r = open(x0 + r0);
      let z = open(x1 + r1);
      let n = squash(x2 + r * r2);
      output[place * U + unit] = n + z * (before - n);
      kept[kept_at] = r;
      kept[kept_at + U] = z;
      kept[kept_at + 2u * U] = n;
      kept[kept_at + 3u * U] = r2;
";

const RNN_BACK: &str = "      let h = kept[kept_at];
      sums[to] = dh * (1.0 - h * h);
      carried[state_at] = 0.0;
";

const LSTM_BACK: &str = "      let i = kept[kept_at];
      let f = kept[kept_at + U];
      let g = kept[kept_at + 2u * U];
      let o = kept[kept_at + 3u * U];
      let squashed = squash(kept[kept_at + 4u * U]);
      var before = state[B * U + state_at];
      if (done > 1u) { before = kept[kept_at - U]; }
      var dc = gradient[B * T * U + state_at];
      if (done < T) { dc = carried[B * U + state_at]; }
      dc += dh * o * (1.0 - squashed * squashed);
      sums[to] = dc * g * i * (1.0 - i);
      sums[to + U] = dc * before * f * (1.0 - f);
      sums[to + 2u * U] = dc * i * (1.0 - g * g);
      sums[to + 3u * U] = dh * squashed * o * (1.0 - o);
      carried[state_at] = 0.0;
      carried[B * U + state_at] = dc * f;
";

const GRU_BACK: &str = "      let r = kept[kept_at];
      let z = kept[kept_at + U];
      let n = kept[kept_at + 2u * U];
      let of_update = dh * (before[place * U + unit] - n) * z * (1.0 - z);
      let of_candidate = dh * (1.0 - z) * (1.0 - n * n);
      let of_reset = of_candidate * kept[kept_at + 3u * U] * r * (1.0 - r);
      of_x[to] = of_reset;
      of_x[to + U] = of_update;
      of_x[to + 2u * U] = of_candidate;
      sums[to] = of_reset;
      sums[to + U] = of_update;
      sums[to + 2u * U] = of_candidate * r;
      carried[state_at] = dh * z;
";
