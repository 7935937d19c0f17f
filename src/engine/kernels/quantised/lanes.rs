//! Whole numbers, several at once: wasm's `v128` where the engine runs, arrays in native tests. As in `simd`, sizes are checked
//! once by who calls.

use super::super::simd::F4;
#[cfg(target_arch = "wasm32")]
use core::arch::wasm32 as wasm;

/// Eight numbers of 16 bits.
#[derive(Clone, Copy)]
pub(super) struct Short8(
    #[cfg(target_arch = "wasm32")] wasm::v128,
    #[cfg(not(target_arch = "wasm32"))] [u16; 8],
);

/// Four of 32 bits.
#[derive(Clone, Copy)]
pub(super) struct Long4(
    #[cfg(target_arch = "wasm32")] wasm::v128,
    #[cfg(not(target_arch = "wasm32"))] [i32; 4],
);

/// # Safety
/// `load` needs 16 readable bytes at the pointer, `load_pair` 4, `halves` 8; any alignment will do.
#[cfg(target_arch = "wasm32")]
impl Short8 {
    #[inline(always)]
    pub(super) unsafe fn load(from: *const u8) -> Self {
        Self(unsafe { wasm::v128_load(from.cast()) })
    }

    /// Two numbers, four times.
    #[inline(always)]
    pub(super) unsafe fn load_pair(from: *const i16) -> Self {
        Self(unsafe { wasm::v128_load32_splat(from.cast()) })
    }

    /// The lowest four bits of each.
    #[inline(always)]
    pub(super) fn low_four(self) -> Self {
        Self(wasm::v128_and(self.0, wasm::u16x8_splat(15)))
    }

    /// Shifted to the right, with nothing coming in.
    #[inline(always)]
    pub(super) fn shifted(self, by: u32) -> Self {
        Self(wasm::u16x8_shr(self.0, by))
    }

    /// The lower byte of each, as a number with a sign.
    #[inline(always)]
    pub(super) fn low_byte(self) -> Self {
        Self(wasm::i16x8_shr(wasm::i16x8_shl(self.0, 8), 8))
    }

    /// The upper one.
    #[inline(always)]
    pub(super) fn high_byte(self) -> Self {
        Self(wasm::i16x8_shr(self.0, 8))
    }

    /// The products of neighbours, added in pairs.
    #[inline(always)]
    pub(super) fn dot(self, other: Self) -> Long4 {
        Long4(wasm::i32x4_dot_i16x8(self.0, other.0))
    }
}

#[cfg(target_arch = "wasm32")]
impl Long4 {
    #[inline(always)]
    pub(super) fn zero() -> Self {
        Self(wasm::i32x4_splat(0))
    }

    #[inline(always)]
    pub(super) fn add(self, other: Self) -> Self {
        Self(wasm::i32x4_add(self.0, other.0))
    }

    #[inline(always)]
    pub(super) fn floats(self) -> F4 {
        F4(wasm::f32x4_convert_i32x4(self.0))
    }
}

/// Four numbers of half precision; infinite ones are not expected.
///
/// # Safety
/// As above.
#[cfg(target_arch = "wasm32")]
#[inline(always)]
pub(super) unsafe fn halves(from: *const u8) -> F4 {
    let bits = wasm::i32x4_shl(unsafe { wasm::i32x4_load_extend_i16x4(from.cast()) }, 13);
    // The sign stays where it was spread to; the exponent's bias grows by 112.
    let placed = wasm::v128_and(bits, wasm::u32x4_splat(0x8fff_e000));
    F4(wasm::f32x4_mul(placed, wasm::u32x4_splat((127 + 112) << 23)))
}

/// # Safety
/// As above.
#[cfg(not(target_arch = "wasm32"))]
impl Short8 {
    #[inline(always)]
    pub(super) unsafe fn load(from: *const u8) -> Self {
        Self(unsafe { from.cast::<[u16; 8]>().read_unaligned() }.map(u16::from_le))
    }

    /// Two numbers, four times.
    #[inline(always)]
    pub(super) unsafe fn load_pair(from: *const i16) -> Self {
        let [a, b] = unsafe { from.cast::<[u16; 2]>().read_unaligned() };
        Self([a, b, a, b, a, b, a, b])
    }

    /// The lowest four bits of each.
    #[inline(always)]
    pub(super) fn low_four(self) -> Self {
        Self(self.0.map(|number| number & 15))
    }

    /// Shifted to the right, with nothing coming in.
    #[inline(always)]
    pub(super) fn shifted(self, by: u32) -> Self {
        Self(self.0.map(|number| number >> by))
    }

    /// The lower byte of each, as a number with a sign.
    #[inline(always)]
    pub(super) fn low_byte(self) -> Self {
        Self(self.0.map(|number| ((number << 8).cast_signed() >> 8).cast_unsigned()))
    }

    /// The upper one.
    #[inline(always)]
    pub(super) fn high_byte(self) -> Self {
        Self(self.0.map(|number| (number.cast_signed() >> 8).cast_unsigned()))
    }

    /// The products of neighbours, added in pairs.
    #[inline(always)]
    pub(super) fn dot(self, other: Self) -> Long4 {
        let product = |at: usize| i32::from(self.0[at].cast_signed()) * i32::from(other.0[at].cast_signed());
        Long4(std::array::from_fn(|pair| product(2 * pair) + product(2 * pair + 1)))
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl Long4 {
    #[inline(always)]
    pub(super) fn zero() -> Self {
        Self([0; 4])
    }

    #[inline(always)]
    pub(super) fn add(self, other: Self) -> Self {
        Self(std::array::from_fn(|at| self.0[at].wrapping_add(other.0[at])))
    }

    #[inline(always)]
    pub(super) fn floats(self) -> F4 {
        F4(self.0.map(|number| number as f32))
    }
}

/// Four numbers of half precision; infinite ones are not expected.
///
/// # Safety
/// As above.
#[cfg(not(target_arch = "wasm32"))]
#[inline(always)]
pub(super) unsafe fn halves(from: *const u8) -> F4 {
    let four = unsafe { from.cast::<[i16; 4]>().read_unaligned() };
    F4(four.map(|half| {
        let placed = (i32::from(i16::from_le(half)) << 13).cast_unsigned() & 0x8fff_e000;
        f32::from_bits(placed) * f32::from_bits((127 + 112) << 23)
    }))
}
