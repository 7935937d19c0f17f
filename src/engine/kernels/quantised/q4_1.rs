//! Four rows of Q4_1 in turns. A block of each: 4 scales, 4 least values, then 4 × 16 bytes. Of those, four bytes belong to a
//! row and hold 8 of its numbers: seen as two numbers of 16 bits, their quarters from the lowest on are numbers 0, 2, 4, 6 and
//! 1, 3, 5, 7. So one shift and one mask give pairs of neighbours of four rows.

use super::lanes::{Long4, Short8, halves};
use super::{BLOCK, F4, Inputs, TURN, half_at};

/// Bytes of a file's block, and of its scale and least value.
const SIZE: usize = 4 + BLOCK / 2;
const WHOLE: usize = TURN * SIZE;
const LEAST: usize = 2 * TURN;
const NUMBERS: usize = 4 * TURN;

/// Where number `at` of a block lies among a row's: its byte, and by how much it is shifted there.
fn lies(lane: usize, at: usize) -> (usize, u32) {
    let [eight, within] = [at / 8, at % 8];
    let quarter = within / 2;
    (NUMBERS + eight * 16 + lane * 4 + within % 2 * 2 + quarter / 2, quarter as u32 % 2 * 4)
}

/// Puts a file's block where row `lane` has it.
pub(super) fn place(block: &[u8], lane: usize, to: &mut [u8]) {
    to[2 * lane..][..2].copy_from_slice(&block[..2]);
    to[LEAST + 2 * lane..][..2].copy_from_slice(&block[2..4]);
    for at in 0..BLOCK {
        // A file has the first half of the numbers in the lower halves of its bytes.
        let number = block[4 + at % (BLOCK / 2)] >> (at / (BLOCK / 2) * 4) & 15;
        let (byte, shift) = lies(lane, at);
        to[byte] = to[byte] & !(15 << shift) | number << shift;
    }
}

/// The numbers of row `lane`.
pub(super) fn numbers(block: &[u8], lane: usize) -> [f32; BLOCK] {
    let [scale, least] = [half_at(block, 2 * lane), half_at(block, LEAST + 2 * lane)];
    std::array::from_fn(|at| {
        let (byte, shift) = lies(lane, at);
        scale * f32::from(block[byte] >> shift & 15) + least
    })
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
            for eight in 0..BLOCK / 8 {
                let packed = Short8::load(at.add(NUMBERS + eight * 16));
                let parts = [
                    packed.low_four(),
                    packed.shifted(4).low_four(),
                    packed.shifted(8).low_four(),
                    packed.shifted(12),
                ];
                for (token, whole) in whole.iter_mut().enumerate() {
                    let x = x.values.add(token * x.columns + block * BLOCK + eight * 8);
                    for (pair, part) in parts.iter().enumerate() {
                        *whole = whole.add(part.dot(Short8::load_pair(x.add(2 * pair))));
                    }
                }
            }
            let [scale, least] = [halves(at), halves(at.add(LEAST))];
            for (token, sum) in sums.iter_mut().enumerate() {
                let place = token * blocks + block;
                let scaled = scale.mul(F4::load_all(x.scales.add(place)));
                let grown = sum.mul_add(whole[token].floats(), scaled);
                *sum = grown.mul_add(least, F4::load_all(x.sums.add(place)));
            }
        }
    }
    sums
}
