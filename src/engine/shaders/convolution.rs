//! The GPU's programs for a convolution (odd kernel, same padding), as WGSL. One invocation has 2 × 2 pixels of the output,
//! a pooling window, × 8 filters, so that a number that was read is used 8 or 4 times and pooling costs no pass of its
//! own; programs know sizes, but not of how many examples.

use super::wgsl::{GROUP, bindings};
use std::fmt::Write;

/// Filters of an invocation.
pub const FILTERS: usize = 8;
/// Invocations that the sum of a weight's gradient is spread over, about.
const SPREAD: usize = 8192;

/// The sizes of a convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Convolution {
    pub channels: usize,
    pub height: usize,
    pub width: usize,
    pub filters: usize,
    pub kernel: usize,
    pub stride: usize,
    /// With a ReLU and 2 × 2 max pooling after it; an odd last row or column is dropped. Stride 1 then.
    pub pooled: bool,
}

impl Convolution {
    /// Output height and width.
    pub fn out(&self) -> [usize; 2] {
        self.convolved().map(|size| if self.pooled { size / 2 } else { size })
    }

    /// Workgroups of `forward` for a batch.
    pub fn forward_groups(&self, batch: usize) -> [usize; 3] {
        let [down, across] = self.windows();
        [(down * across).div_ceil(GROUP), self.filters.div_ceil(FILTERS), batch]
    }

    /// Whether an output's gradient has to be spread over the pixels that it came from: some, not all, have a part.
    pub fn spreads(&self) -> bool {
        self.pooled || self.stride > 1
    }

    /// Workgroups of `spread` for a batch.
    pub fn spread_groups(&self, batch: usize) -> [usize; 3] {
        [(self.height * self.width).div_ceil(GROUP), self.filters, batch]
    }

    /// Workgroups of `to_weights` for a batch.
    pub fn to_weights_groups(&self, batch: usize) -> [usize; 3] {
        [(self.parts(batch) * self.filters * self.channels).div_ceil(GROUP), 1, 1]
    }

    /// Workgroups of `to_input` for a batch.
    pub fn to_input_groups(&self, batch: usize) -> [usize; 3] {
        self.backwards().forward_groups(batch)
    }

    /// Sums that `to_weights` leaves for each number of a gradient.
    pub fn parts(&self, batch: usize) -> usize {
        (SPREAD / (self.filters * self.channels)).clamp(1, batch * self.out()[0])
    }

    /// Numbers in the gradient of the weights, and of the bias after them.
    pub fn numbers(&self) -> usize {
        self.filters * (self.channels * self.kernel * self.kernel + 1)
    }

    /// Height and width of the output before pooling.
    fn convolved(&self) -> [usize; 2] {
        [self.height, self.width].map(|size| size.div_ceil(self.stride))
    }

    fn windows(&self) -> [usize; 2] {
        self.convolved().map(|size| if self.pooled { size / 2 } else { size.div_ceil(2) })
    }

    /// The convolution that takes an output's gradient to the input's.
    fn backwards(&self) -> Self {
        Self { channels: self.filters, filters: self.channels, stride: 1, pooled: false, ..*self }
    }

    /// Input, weights and bias → output; with pooling also which pixel of its window won, 0…3, or 4 if none did.
    pub fn forward(&self) -> String {
        let written: &[&str] = if self.pooled { &["output", "winners"] } else { &["output"] };
        let code = bindings(&["x", "weights", "bias"], written) + &self.sizes() + PIXEL;
        let index = |filter: usize, x: usize| format!("at + {}u", filter * self.filter() + x);
        let at = format!("(first * {}u + c) * {}u + ky * {}u", self.channels, self.area(), self.kernel);
        let end = if self.pooled { self.pool() } else { self.keep("bias[first + {f}u]") };
        code + &self.sum(&at, index) + &end
    }

    /// The output's gradient, and the winners if pooled → the gradient of a convolution that leaves out no pixel.
    pub fn spread(&self) -> String {
        let (read, at, mine): (&[&str], _, _) = match self.pooled {
            true => (&["found", "winners"], POOLED, WINNER),
            false => (&["found"], STRIDED, "row % S == 0u && column % S == 0u"),
        };
        let code = bindings(read, &["output"]) + &self.sizes();
        code + &format!(
            "@compute @workgroup_size({GROUP})
fn main(@builtin(global_invocation_id) id: vec3u) {{
  if (id.x >= H * W) {{ return; }}
  let plane = id.z * F + id.y;
  let row = id.x / W;
  let column = id.x % W;
  let at = {at};
  output[plane * H * W + id.x] = select(0.0, found[at], {mine});
}}
"
        )
    }

    /// The gradient of such a one and weights → the input's gradient: a convolution with turned weights.
    pub fn to_input(&self) -> String {
        let turned = self.backwards();
        let code = bindings(&["x", "weights"], &["output"]) + &turned.sizes() + PIXEL;
        let index = |filter: usize, x: usize| format!("at + {}u", filter * self.area() + self.kernel - 1 - x);
        let (area, last) = (self.area(), self.kernel - 1);
        let at = format!("(c * {}u + first) * {area}u + ({last}u - ky) * {}u", self.channels, self.kernel);
        code + &turned.sum(&at, index) + &turned.keep("0.0")
    }

    /// Input, the output's gradient, and the winners if pooled → `parts` sums `[parts, numbers]` of the gradients of weights
    /// and bias. Only the pixel that won its window has a part.
    pub fn to_weights(&self, batch: usize) -> String {
        let [down, across] = self.out();
        let (area, parts) = (self.area(), self.parts(batch));
        let taps = || (0..self.kernel).flat_map(|y| (0..self.kernel).map(move |x| (y, x)));
        let read: &[&str] = if self.pooled { &["x", "gradient", "winners"] } else { &["x", "gradient"] };
        let mut code = bindings(read, &["output"]) + &self.sizes();
        let _ = write!(
            code,
            "@compute @workgroup_size({GROUP})
fn main(@builtin(global_invocation_id) id: vec3u) {{
  let c = id.x % C;
  let f = id.x / C % F;
  let part = id.x / (C * F);
  if (part >= {parts}u) {{ return; }}
  var bias = 0.0;\n"
        );
        for (y, x) in taps() {
            let _ = writeln!(code, "  var s{y}{x} = 0.0;");
        }
        let _ = write!(
            code,
            "  for (var line = part; line < {lines}u; line += {parts}u) {{
    let n = line / {down}u;
    let row = line % {down}u;
    let plane = (n * C + c) * H * W;
    let start = ((n * F + f) * {down}u + row) * {across}u;
    for (var column = 0u; column < {across}u; column++) {{
      {cell}
      bias += g;\n",
            lines = batch * down,
            cell = if self.pooled { WON } else { EACH },
        );
        for x in 0..self.kernel {
            let _ = writeln!(code, "      let in{x} = x0 + {x}u < W;");
        }
        for y in 0..self.kernel {
            let _ = write!(
                code,
                "      let g{y} = select(0.0, g, y0 + {y}u < H);
      let at{y} = plane + (y0 + {y}u) * W + x0;\n"
            );
        }
        for (y, x) in taps() {
            let _ = writeln!(code, "      s{y}{x} += g{y} * select(0.0, x[at{y} + {x}u], in{x});");
        }
        let _ = write!(
            code,
            "    }}
  }}
  let to = part * {numbers}u + (f * C + c) * {area}u;\n",
            numbers = self.numbers()
        );
        for (y, x) in taps() {
            let _ = writeln!(code, "  output[to + {}u] = s{y}{x};", y * self.kernel + x);
        }
        let _ = write!(
            code,
            "  if (c == 0u) {{ output[part * {}u + F * C * {area}u + f] = bias; }}\n}}\n",
            self.numbers()
        );
        code
    }

    fn area(&self) -> usize {
        self.kernel * self.kernel
    }

    /// Numbers of one filter.
    fn filter(&self) -> usize {
        self.channels * self.area()
    }

    /// Unsigned numbers all: what is left of a picture or above it is far to its right or below it.
    fn sizes(&self) -> String {
        let Self { channels, height, width, filters, kernel, stride, .. } = self;
        let ([down, across], radius) = (self.convolved(), kernel / 2);
        let all = [
            ("C", *channels),
            ("H", *height),
            ("W", *width),
            ("F", *filters),
            ("R", radius),
            ("S", *stride),
            ("DOWN", down),
            ("ACROSS", across),
        ];
        all.map(|(name, size)| format!("const {name} = {size}u;\n")).concat()
    }

    /// The sums `s0`… of a window's four pixels, one for each filter from `first` on. `index` is where a filter's weight
    /// for the pixel `x` of a row is.
    fn sum(&self, at: &str, index: impl Fn(usize, usize) -> String) -> String {
        let [down, across] = self.windows();
        let (last, stride) = (self.kernel - 1 + self.stride, self.stride);
        let row = |to: &str, y: &str| -> String {
            (0..=last).map(|x| format!("{to}{x} = pixel(plane, {y}, left + {x}u);\n")).collect()
        };
        let mut code = format!(
            "@compute @workgroup_size({GROUP})
fn main(@builtin(global_invocation_id) id: vec3u) {{
  if (id.x >= {}u) {{ return; }}
  let window = vec2u(id.x % {across}u, id.x / {across}u);
  let first = id.y * {FILTERS}u;
  let top = 2u * S * window.y - R;
  let left = 2u * S * window.x - R;\n",
            down * across
        );
        for filter in 0..FILTERS {
            let _ = writeln!(code, "var s{filter} = vec4f();");
        }
        code += "for (var c = 0u; c < C; c++) {\nlet plane = id.z * C + c;\n";
        // With stride 1 the window's lower row is the upper one for the kernel's next row.
        let kept = stride == 1;
        if kept {
            code += &row("var a", "top");
        }
        let _ = writeln!(code, "for (var ky = 0u; ky < {}u; ky++) {{\nlet at = {at};", self.kernel);
        if !kept {
            code += &row("let a", "top + ky");
        }
        code += &row("let b", "top + ky + S");
        for x in 0..self.kernel {
            let _ = writeln!(code, "let p{x} = vec4f(a{x}, a{n}, b{x}, b{n});", n = x + stride);
            for filter in 0..FILTERS.min(self.filters) {
                let _ = writeln!(code, "s{filter} += p{x} * weights[{}];", index(filter, x));
            }
        }
        if kept {
            (0..=last).for_each(|x| code += &format!("a{x} = b{x};\n"));
        }
        code + "}\n}\n"
    }

    /// Writes the sums, with `bias`, as they are.
    fn keep(&self, bias: &str) -> String {
        let mut code = String::from("let y = 2u * window.y;\nlet x = 2u * window.x;\n");
        for filter in 0..FILTERS.min(self.filters) {
            let bias = bias.replace("{f}", &filter.to_string());
            let _ = writeln!(
                code,
                "if (first + {filter}u < F) {{ keep(id.z * F + first + {filter}u, y, x, s{filter} + {bias}); }}"
            );
        }
        code + "}\n" + KEEP
    }

    /// Writes the largest of each window, or 0.
    fn pool(&self) -> String {
        let mut code = String::new();
        for filter in 0..FILTERS.min(self.filters) {
            let _ = writeln!(
                code,
                "if (first + {filter}u < F) {{ keep(id.z * F + first + {filter}u, id.x, s{filter} + bias[first + {filter}u]); }}"
            );
        }
        code + "}\n" + POOL
    }
}

const PIXEL: &str = "fn pixel(plane: u32, row: u32, column: u32) -> f32 {
  return select(0.0, x[(plane * H + row) * W + column], row < H && column < W);
}
";

const POOLED: &str = "(plane * (H / 2u) + row / 2u) * (W / 2u) + column / 2u";
// Of an odd last row or column nobody won.
const WINNER: &str =
    "row < H / 2u * 2u && column < W / 2u * 2u && winners[at] == f32(row % 2u * 2u + column % 2u)";
const STRIDED: &str = "(plane * DOWN + row / S) * ACROSS + column / S";

const EACH: &str = "let g = gradient[start + column];
      let y0 = S * row - R;
      let x0 = S * column - R;";

const WON: &str = "let winner = u32(winners[start + column]);
      let g = select(0.0, gradient[start + column], winner < 4u);
      let y0 = 2u * row + winner / 2u % 2u - R;
      let x0 = 2u * column + winner % 2u - R;";

const KEEP: &str = "fn keep(plane: u32, y: u32, x: u32, sums: vec4f) {
  let at = (plane * DOWN + y) * ACROSS + x;
  output[at] = sums.x;
  if (x + 1u < ACROSS) { output[at + 1u] = sums.y; }
  if (y + 1u < DOWN) {
    output[at + ACROSS] = sums.z;
    if (x + 1u < ACROSS) { output[at + ACROSS + 1u] = sums.w; }
  }
}
";

const POOL: &str = "fn keep(plane: u32, window: u32, sums: vec4f) {
  let at = plane * (H / 2u) * (W / 2u) + window;
  let best = max(max(sums.x, sums.y), max(sums.z, sums.w));
  var winner = select(select(select(3.0, 2.0, sums.z == best), 1.0, sums.y == best), 0.0, sums.x == best);
  output[at] = max(best, 0.0);
  winners[at] = select(4.0, winner, best > 0.0);
}
";
