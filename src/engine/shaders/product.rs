//! The GPU's program for a product of two matrices, as WGSL. One invocation has 4 × 4 numbers, so that a number that was
//! read is used four times; the columns of neighbours lie side by side.

use super::convolution::GROUP;
use std::fmt::Write;

/// Rows, and columns, of an invocation.
const SIDE: usize = 4;

/// `[rows, inner]` × `[inner, columns]`; what is turned lies in memory with its axes exchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Product {
    pub rows: usize,
    pub columns: usize,
    pub inner: usize,
    pub turned: [bool; 2],
}

impl Product {
    pub fn groups(&self) -> [usize; 3] {
        [(self.columns.div_ceil(SIDE) * self.rows.div_ceil(SIDE)).div_ceil(GROUP), 1, 1]
    }

    /// What the program depends on: the rows of a batch only in number, which it sees.
    pub fn known(self) -> Self {
        Self { rows: if self.turned[0] { self.rows } else { 0 }, ..self }
    }

    pub fn text(&self) -> String {
        let Self { rows, columns, inner, turned, .. } = self;
        let across = columns.div_ceil(SIDE);
        let left = |row: usize| match turned[0] {
            true => format!("a[k * {rows}u + top + {row}u]"),
            false => format!("a[(top + {row}u) * {inner}u + k]"),
        };
        let right = |column: usize| match turned[1] {
            true => format!("b[(column + {}u) * {inner}u + k]", column * across),
            false => format!("b[k * {columns}u + column + {}u]", column * across),
        };
        let mut code = format!(
            "@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read_write> output: array<f32>;
fn keep(row: u32, column: u32, sum: f32) {{
  let at = row * {columns}u + column;
  if (column < {columns}u && at < arrayLength(&output)) {{ output[at] = sum; }}
}}
@compute @workgroup_size({GROUP})
fn main(@builtin(global_invocation_id) id: vec3u) {{
  let column = id.x % {across}u;
  let top = id.x / {across}u * {SIDE}u;
  if (top * {columns}u >= arrayLength(&output)) {{ return; }}\n"
        );
        for column in 0..SIDE {
            let _ = writeln!(code, "  var s{column} = vec4f();");
        }
        let lefts = (0..SIDE).map(left).collect::<Vec<_>>().join(", ");
        let _ = writeln!(code, "  for (var k = 0u; k < {inner}u; k++) {{\n    let l = vec4f({lefts});");
        for column in 0..SIDE {
            let _ = writeln!(code, "    s{column} += l * {};", right(column));
        }
        code += "  }\n";
        for (row, part) in ["x", "y", "z", "w"].iter().enumerate() {
            for column in 0..SIDE {
                let _ =
                    writeln!(code, "  keep(top + {row}u, column + {}u, s{column}.{part});", column * across);
            }
        }
        code + "}\n"
    }
}
