//! The GPU's programs for a dense layer: products of two matrices with what comes before and after them, as WGSL. One
//! invocation has 4 × 4 numbers, so that a number that was read is used four times; the columns of neighbours lie side
//! by side.

use super::wgsl::{GROUP, bindings};
use std::fmt::Write;

/// Rows, and columns, of an invocation.
const SIDE: usize = 4;

/// A dense layer, with a ReLU or none after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Dense {
    pub inputs: usize,
    pub units: usize,
    pub relu: bool,
}

/// Which of a layer's products: `[rows, inner]` × `[inner, columns]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Product {
    /// Inputs × weights, bias added: `[batch, units]`.
    Forward(Dense),
    /// Gradient × weights: `[batch, inputs]`.
    ToInput(Dense),
    /// Gradient × inputs, of a batch of so many: `[units, inputs]`, and the gradient's sums for the bias.
    ToWeights(Dense, usize),
}

impl Product {
    fn layer(&self) -> Dense {
        let (Self::Forward(of) | Self::ToInput(of) | Self::ToWeights(of, _)) = self;
        *of
    }

    /// Columns and inner size; rows, but for those of a batch.
    fn sizes(&self) -> (usize, usize, Option<usize>) {
        let Dense { inputs, units, .. } = self.layer();
        match *self {
            Self::Forward(_) => (units, inputs, None),
            Self::ToInput(_) => (inputs, units, None),
            Self::ToWeights(_, batch) => (inputs, batch, Some(units)),
        }
    }

    pub fn groups(&self, batch: usize) -> [usize; 3] {
        let (columns, _, rows) = self.sizes();
        [(columns.div_ceil(SIDE) * rows.unwrap_or(batch).div_ceil(SIDE)).div_ceil(GROUP), 1, 1]
    }

    /// Of matrices in memory by rows. Both factors, a forward pass' bias, and for a gradient the layer's output with a ReLU →
    /// the product, and the bias' gradient beside the weights'.
    pub fn text(&self) -> String {
        let (columns, inner, rows) = self.sizes();
        let relu = self.layer().relu;
        let forward = matches!(self, Self::Forward(_));
        let across = columns.div_ceil(SIDE);
        let left = |row: usize| {
            let at = match rows {
                Some(rows) => format!("k * {rows}u + top + {row}u"),
                None => format!("(top + {row}u) * {inner}u + k"),
            };
            if relu && !forward {
                format!("select(0.0, a[{at}], given[{at}] > 0.0)")
            } else {
                format!("a[{at}]")
            }
        };
        let right = |column: usize| match forward {
            true => format!("b[(column + {}u) * {inner}u + k]", column * across),
            false => format!("b[k * {columns}u + column + {}u]", column * across),
        };
        let mut code = self.bindings();
        let _ = write!(
            code,
            "fn keep(row: u32, column: u32, sum: f32) {{
  let at = row * {columns}u + column;
  if (column < {columns}u && at < arrayLength(&output)) {{ output[at] = {}; }}
}}
@compute @workgroup_size({GROUP})
fn main(@builtin(global_invocation_id) id: vec3u) {{
  let column = id.x % {across}u;
  let top = id.x / {across}u * {SIDE}u;
  if (top * {columns}u >= arrayLength(&output)) {{ return; }}\n",
            match (forward, relu) {
                (true, true) => "max(sum + bias[column], 0.0)",
                (true, false) => "sum + bias[column]",
                _ => "sum",
            }
        );
        for column in 0..SIDE {
            let _ = writeln!(code, "  var s{column} = vec4f();");
        }
        let (begin, add) = match rows {
            Some(_) => ("  var total = vec4f();\n", "    total += l;\n"),
            None => ("", ""),
        };
        let lefts = (0..SIDE).map(left).collect::<Vec<_>>().join(", ");
        let _ = write!(
            code,
            "{begin}  for (var k = 0u; k < {inner}u; k++) {{\n    let l = vec4f({lefts});\n{add}"
        );
        for column in 0..SIDE {
            let _ = writeln!(code, "    s{column} += l * {};", right(column));
        }
        code += "  }\n";
        for (row, part) in ["x", "y", "z", "w"].iter().enumerate() {
            for column in 0..SIDE {
                let _ =
                    writeln!(code, "  keep(top + {row}u, column + {}u, s{column}.{part});", column * across);
            }
            if let Some(rows) = rows {
                let _ = writeln!(
                    code,
                    "  if (column == 0u && top + {row}u < {rows}u) {{ bias[top + {row}u] = total.{part}; }}"
                );
            }
        }
        code + "}\n"
    }

    fn bindings(&self) -> String {
        let relu = self.layer().relu;
        match self {
            Self::Forward(_) => bindings(&["a", "b", "bias"], &["output"]),
            Self::ToInput(_) if relu => bindings(&["a", "b", "given"], &["output"]),
            Self::ToInput(_) => bindings(&["a", "b"], &["output"]),
            Self::ToWeights(..) if relu => bindings(&["a", "b", "given"], &["output", "bias"]),
            Self::ToWeights(..) => bindings(&["a", "b"], &["output", "bias"]),
        }
    }
}
