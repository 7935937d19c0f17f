//! Products of quantised matrices and what comes into them: the weights stay as their file has them, 4 or 8 bits each with a
//! scale for 32, and are never made floats in memory. What comes in is quantised too, to 16 bits with a scale for 32: so
//! whole numbers are multiplied, and what that rounds is far below what the weights' own rounding did.
//!
//! Four rows lie in turns, block by block, so that four sums grow side by side: `interleave` does that to a file's bytes, once
//! and in their place.

mod lanes;
mod q4_1;
mod q8_0;

use super::simd::F4;
use crate::chat::gguf::{BLOCK, Encoding};

/// Rows that lie in turns.
pub const TURN: usize = 4;
/// Tokens that are multiplied together: four sums and the weights fit into the registers of V8.
const TOGETHER: usize = 4;

/// The largest number of 16 bits.
const LARGEST: f32 = 32_767.0;

/// What comes into a matrix, `[tokens, columns]`, quantised.
#[derive(Default)]
pub struct Activations {
    columns: usize,
    values: Vec<i16>,
    /// Of each block: what 1 stands for.
    scales: Vec<f32>,
    /// Of each block: the sum of its numbers.
    sums: Vec<f32>,
}

impl Activations {
    /// `x` is `[tokens, columns]`; columns are whole blocks.
    pub fn fill(&mut self, x: &[f32], columns: usize) {
        assert!(columns > 0 && columns.is_multiple_of(BLOCK) && x.len().is_multiple_of(columns));
        self.columns = columns;
        self.values.clear();
        self.scales.clear();
        self.sums.clear();
        for block in x.as_chunks::<BLOCK>().0 {
            let largest = block.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
            let scale = largest / LARGEST;
            let inverse = if largest > 0.0 { LARGEST / largest } else { 0.0 };
            let whole = block.map(|value| (value * inverse).round_ties_even() as i16);
            let sum: i32 = whole.iter().map(|value| i32::from(*value)).sum();
            self.values.extend(whole);
            self.scales.push(scale);
            self.sums.push(sum as f32 * scale);
        }
    }

    pub fn tokens(&self) -> usize {
        self.values.len() / self.columns.max(1)
    }

    fn inputs(&self, first: usize) -> Inputs {
        let blocks = self.columns / BLOCK;
        Inputs {
            columns: self.columns,
            values: self.values[first * self.columns..].as_ptr(),
            scales: self.scales[first * blocks..].as_ptr(),
            sums: self.sums[first * blocks..].as_ptr(),
        }
    }
}

/// What the innermost loops read, from a token on.
#[derive(Clone, Copy)]
struct Inputs {
    columns: usize,
    values: *const i16,
    scales: *const f32,
    sums: *const f32,
}

/// A quantised matrix `[rows, columns]` whose rows lie in turns.
#[derive(Clone, Copy)]
pub struct Quantised<'a> {
    bytes: &'a [u8],
    encoding: Encoding,
    rows: usize,
    columns: usize,
}

impl<'a> Quantised<'a> {
    /// Its bytes are as `interleave` left them.
    pub fn new(bytes: &'a [u8], encoding: Encoding, [rows, columns]: [usize; 2]) -> Self {
        let [size, numbers] = encoding.block();
        assert!(fits(encoding, [rows, columns]) && bytes.len() == rows * (columns / numbers) * size);
        Self { bytes, encoding, rows, columns }
    }

    /// `to` `[tokens, rows]` is the product with every token.
    pub fn multiply(&self, x: &Activations, to: &mut [f32]) {
        let tokens = x.tokens();
        assert!(x.columns == self.columns && to.len() == tokens * self.rows);
        let turn = self.turn();
        for (at, weights) in self.bytes.chunks_exact(turn).enumerate() {
            let mut first = 0;
            while first < tokens {
                let to = to[first * self.rows + at * TURN..].as_mut_ptr();
                let x = x.inputs(first);
                // SAFETY: so many tokens are left in x, of as many columns as the weights have, and in `to`.
                first += unsafe {
                    match tokens - first {
                        TOGETHER.. => self.some::<TOGETHER>(weights, x, to),
                        2.. => self.some::<2>(weights, x, to),
                        _ => self.some::<1>(weights, x, to),
                    }
                };
            }
        }
    }

    /// Four rows times so many tokens, which it answers.
    ///
    /// # Safety
    /// `x` has so many tokens; `to` has room for four numbers at each.
    #[inline(always)]
    unsafe fn some<const N: usize>(&self, weights: &[u8], x: Inputs, to: *mut f32) -> usize {
        unsafe {
            let sums: [F4; N] = match self.encoding {
                Encoding::Q4_1 => q4_1::sums(weights, x),
                _ => q8_0::sums(weights, x),
            };
            for (at, sum) in sums.into_iter().enumerate() {
                sum.store(to.add(at * self.rows));
            }
        }
        N
    }

    /// Bytes of four rows.
    fn turn(&self) -> usize {
        let [size, numbers] = self.encoding.block();
        TURN * (self.columns / numbers) * size
    }

    /// One row as floats, put at the end of `to`.
    pub fn row(&self, row: usize, to: &mut Vec<f32>) {
        let turn = &self.bytes[row / TURN * self.turn()..][..self.turn()];
        let [size, _] = self.encoding.block();
        for block in turn.chunks_exact(TURN * size) {
            to.extend(match self.encoding {
                Encoding::Q4_1 => q4_1::numbers(block, row % TURN),
                _ => q8_0::numbers(block, row % TURN),
            });
        }
    }
}

/// Whether a matrix is one that is known here.
pub fn fits(encoding: Encoding, [rows, columns]: [usize; 2]) -> bool {
    encoding != Encoding::F32 && rows.is_multiple_of(TURN) && columns > 0 && columns.is_multiple_of(BLOCK)
}

/// Has the rows of a file's matrix lie in turns, in their place.
pub fn interleave(bytes: &mut [u8], encoding: Encoding, [rows, columns]: [usize; 2]) {
    assert!(fits(encoding, [rows, columns]));
    let [size, numbers] = encoding.block();
    let row = columns / numbers * size;
    let mut before = vec![0; TURN * row];
    for turn in bytes.chunks_exact_mut(TURN * row) {
        before.copy_from_slice(turn);
        for (at, to) in turn.chunks_exact_mut(TURN * size).enumerate() {
            for lane in 0..TURN {
                let block = &before[lane * row + at * size..][..size];
                match encoding {
                    Encoding::Q4_1 => q4_1::place(block, lane, to),
                    _ => q8_0::place(block, lane, to),
                }
            }
        }
    }
}

/// Half precision at a place, as a float.
fn half_at(bytes: &[u8], at: usize) -> f32 {
    crate::engine::weights::half(u16::from_le_bytes([bytes[at], bytes[at + 1]]))
}

#[cfg(test)]
mod tests {
    use super::{Activations, BLOCK, Encoding, Quantised, half_at, interleave};
    use crate::random::Random;

    /// A matrix as a file has it, and the same as plain numbers.
    fn matrix(encoding: Encoding, [rows, columns]: [usize; 2], random: &mut Random) -> (Vec<u8>, Vec<f64>) {
        let [size, _] = encoding.block();
        let mut bytes: Vec<u8> =
            (0..rows * columns / BLOCK * size).map(|_| random.below(256) as u8).collect();
        let mut numbers = Vec::new();
        for block in bytes.chunks_exact_mut(size) {
            // Half precision with exponents of no more than 2⁻⁴, of both signs, and now and then so small that it is subnormal.
            for high in [1, 3].into_iter().filter(|at| *at == 1 || encoding == Encoding::Q4_1) {
                block[high] &= if random.below(8) == 0 { 0x83 } else { 0xaf };
            }
            let scale = f64::from(half_at(block, 0));
            match encoding {
                Encoding::Q4_1 => {
                    let least = f64::from(half_at(block, 2));
                    let halves = [0, 4].map(|shift| block[4..].iter().map(move |byte| byte >> shift & 15));
                    numbers.extend(halves.into_iter().flatten().map(|q| scale * f64::from(q) + least));
                }
                _ => numbers.extend(block[2..].iter().map(|q| scale * f64::from(q.cast_signed()))),
            }
        }
        (bytes, numbers)
    }

    #[test]
    fn products_are_those_of_plain_arithmetic() {
        let mut random = Random::new(11, 0);
        for encoding in [Encoding::Q4_1, Encoding::Q8_0] {
            for shape @ [rows, columns] in [[4, 32], [8, 96], [20, 576]] {
                let (mut bytes, numbers) = matrix(encoding, shape, &mut random);
                interleave(&mut bytes, encoding, shape);
                let matrix = Quantised::new(&bytes, encoding, shape);
                let mut found = Vec::new();
                (0..rows).for_each(|row| matrix.row(row, &mut found));
                assert_eq!(found, numbers.iter().map(|x| *x as f32).collect::<Vec<_>>(), "{encoding:?}");
                for tokens in 1..8 {
                    // Some far larger than others; a block of noughts has no scale.
                    let x: Vec<f32> = (0..tokens * columns)
                        .map(|at| random.normal() * [1.0, 100.0, 0.0][at / BLOCK % 3])
                        .collect();
                    let mut inputs = Activations::default();
                    inputs.fill(&x, columns);
                    assert_eq!(inputs.tokens(), tokens);
                    let mut to = vec![f32::NAN; tokens * rows];
                    matrix.multiply(&inputs, &mut to);
                    for (at, found) in to.iter().enumerate() {
                        let row = &numbers[at % rows * columns..][..columns];
                        let terms = row.iter().zip(&x[at / rows * columns..]).map(|(w, x)| w * f64::from(*x));
                        let (exact, size) =
                            terms.fold((0.0, 0.0), |(sum, size), term| (sum + term, size + term.abs()));
                        let error = (f64::from(*found) - exact).abs();
                        assert!(
                            error <= 5e-5 * size + 1e-9,
                            "{encoding:?} {shape:?}: {found} is not {exact}"
                        );
                    }
                }
            }
        }
    }
}
