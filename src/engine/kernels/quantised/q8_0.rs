//! Four rows of Q8_0 in turns. A block of each: 4 scales, then 8 × 16 bytes. Of those, four bytes belong to a row and are its
//! numbers 0, 2, 1, 3: seen as numbers of 16 bits, the lower bytes are neighbours, and so are the upper ones.

use super::lanes::{Long4, Short8, halves};
use super::{BLOCK, F4, Inputs, TURN, half_at};

/// Bytes of a file's block, and of the scales of four.
const SIZE: usize = 2 + BLOCK;
const WHOLE: usize = TURN * SIZE;
const NUMBERS: usize = 2 * TURN;

/// Where number `at` of a block lies among a row's.
fn lies(lane: usize, at: usize) -> usize {
    let within = at % 4;
    NUMBERS + at / 4 * 16 + lane * 4 + within % 2 * 2 + within / 2
}

/// Puts a file's block where row `lane` has it.
pub(super) fn place(block: &[u8], lane: usize, to: &mut [u8]) {
    to[2 * lane..][..2].copy_from_slice(&block[..2]);
    for (at, number) in block[2..].iter().enumerate() {
        to[lies(lane, at)] = *number;
    }
}

/// The numbers of row `lane`.
pub(super) fn numbers(block: &[u8], lane: usize) -> [f32; BLOCK] {
    let scale = half_at(block, 2 * lane);
    std::array::from_fn(|at| scale * f32::from(block[lies(lane, at)].cast_signed()))
}

/// Four rows times `N` tokens.
///
/// # Safety
/// `x` has so many tokens, and they are as long as the rows.
#[inline(always)]
pub(super) unsafe fn sums<const N: usize>(weights: &[u8], x: Inputs) -> [F4; N] {
    let blocks = weights.len() / WHOLE;
    let mut sums = [F4::splat(0.0); N];
    for block in 0..blocks {
        // SAFETY: the block is one of them, and each token has as many.
        unsafe {
            let at = weights.as_ptr().add(block * WHOLE);
            let mut whole = [Long4::zero(); N];
            for four in 0..BLOCK / 4 {
                let packed = Short8::load(at.add(NUMBERS + four * 16));
                let parts = [packed.low_byte(), packed.high_byte()];
                for (token, whole) in whole.iter_mut().enumerate() {
                    let x = x.values.add(token * x.columns + block * BLOCK + four * 4);
                    for (pair, part) in parts.iter().enumerate() {
                        *whole = whole.add(part.dot(Short8::load_pair(x.add(2 * pair))));
                    }
                }
            }
            let scale = halves(at);
            for (token, sum) in sums.iter_mut().enumerate() {
                let scaled = scale.mul(F4::load_all(x.scales.add(token * blocks + block)));
                *sum = sum.mul_add(whole[token].floats(), scaled);
            }
        }
    }
    sums
}
