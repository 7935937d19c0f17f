//! Four floats at once: wasm's `v128` where the engine runs, an array that the compiler vectorises in native
//! tests. Kernels check their sizes once and then use raw pointers: V8 runs checked indexing at half the speed
//! (design study `kernels.md`).

#[cfg(target_arch = "wasm32")]
use core::arch::wasm32 as wasm;

/// Four `f32`.
#[derive(Clone, Copy)]
pub(super) struct F4(
    #[cfg(target_arch = "wasm32")] pub(super) wasm::v128,
    #[cfg(not(target_arch = "wasm32"))] pub(super) [f32; 4],
);

/// # Safety
/// `load`, `load_all` and `store` need four (`load_all`: one) readable or writable floats at the pointer; any
/// alignment will do.
#[cfg(target_arch = "wasm32")]
impl F4 {
    #[inline(always)]
    pub fn splat(value: f32) -> Self {
        Self(wasm::f32x4_splat(value))
    }

    #[inline(always)]
    pub unsafe fn load(from: *const f32) -> Self {
        Self(unsafe { wasm::v128_load(from.cast()) })
    }

    /// One float, four times.
    #[inline(always)]
    pub unsafe fn load_all(from: *const f32) -> Self {
        Self(unsafe { wasm::v128_load32_splat(from.cast()) })
    }

    #[inline(always)]
    pub unsafe fn store(self, to: *mut f32) {
        unsafe { wasm::v128_store(to.cast(), self.0) }
    }

    #[inline(always)]
    pub fn add(self, other: Self) -> Self {
        Self(wasm::f32x4_add(self.0, other.0))
    }

    #[inline(always)]
    pub fn sub(self, other: Self) -> Self {
        Self(wasm::f32x4_sub(self.0, other.0))
    }

    #[inline(always)]
    pub fn mul(self, other: Self) -> Self {
        Self(wasm::f32x4_mul(self.0, other.0))
    }

    #[inline(always)]
    pub fn div(self, other: Self) -> Self {
        Self(wasm::f32x4_div(self.0, other.0))
    }

    #[inline(always)]
    pub fn max(self, other: Self) -> Self {
        Self(wasm::f32x4_pmax(self.0, other.0))
    }

    #[inline(always)]
    pub fn min(self, other: Self) -> Self {
        Self(wasm::f32x4_pmin(self.0, other.0))
    }

    /// `yes` where `self > other`, else `no`.
    #[inline(always)]
    pub fn if_greater(self, other: Self, yes: Self, no: Self) -> Self {
        Self(wasm::v128_bitselect(yes.0, no.0, wasm::f32x4_gt(self.0, other.0)))
    }

    /// `yes` where `self > other` or `self` is not a number, else `no`.
    #[inline(always)]
    pub fn if_beats(self, other: Self, yes: Self, no: Self) -> Self {
        let beats = wasm::v128_or(wasm::f32x4_gt(self.0, other.0), wasm::f32x4_ne(self.0, self.0));
        Self(wasm::v128_bitselect(yes.0, no.0, beats))
    }

    /// Of eight numbers those at even and at odd places.
    #[inline(always)]
    pub fn part(self, next: Self) -> [Self; 2] {
        [
            Self(wasm::i32x4_shuffle::<0, 2, 4, 6>(self.0, next.0)),
            Self(wasm::i32x4_shuffle::<1, 3, 5, 7>(self.0, next.0)),
        ]
    }

    /// Rows of a 4 × 4 matrix to its columns.
    #[inline(always)]
    pub fn transpose([a, b, c, d]: [Self; 4]) -> [Self; 4] {
        let (ab, cd) =
            (wasm::i32x4_shuffle::<0, 4, 1, 5>(a.0, b.0), wasm::i32x4_shuffle::<0, 4, 1, 5>(c.0, d.0));
        let (ba, dc) =
            (wasm::i32x4_shuffle::<2, 6, 3, 7>(a.0, b.0), wasm::i32x4_shuffle::<2, 6, 3, 7>(c.0, d.0));
        [
            Self(wasm::i64x2_shuffle::<0, 2>(ab, cd)),
            Self(wasm::i64x2_shuffle::<1, 3>(ab, cd)),
            Self(wasm::i64x2_shuffle::<0, 2>(ba, dc)),
            Self(wasm::i64x2_shuffle::<1, 3>(ba, dc)),
        ]
    }
}

/// # Safety
/// As above.
#[cfg(not(target_arch = "wasm32"))]
impl F4 {
    #[inline(always)]
    pub fn splat(value: f32) -> Self {
        Self([value; 4])
    }

    #[inline(always)]
    pub unsafe fn load(from: *const f32) -> Self {
        Self(unsafe { from.cast::<[f32; 4]>().read_unaligned() })
    }

    /// One float, four times.
    #[inline(always)]
    pub unsafe fn load_all(from: *const f32) -> Self {
        Self([unsafe { *from }; 4])
    }

    #[inline(always)]
    pub unsafe fn store(self, to: *mut f32) {
        unsafe { to.cast::<[f32; 4]>().write_unaligned(self.0) }
    }

    #[inline(always)]
    pub fn add(self, other: Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] + other.0[i]))
    }

    #[inline(always)]
    pub fn sub(self, other: Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] - other.0[i]))
    }

    #[inline(always)]
    pub fn mul(self, other: Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] * other.0[i]))
    }

    #[inline(always)]
    pub fn div(self, other: Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] / other.0[i]))
    }

    #[inline(always)]
    pub fn max(self, other: Self) -> Self {
        Self(std::array::from_fn(|i| if self.0[i] < other.0[i] { other.0[i] } else { self.0[i] }))
    }

    #[inline(always)]
    pub fn min(self, other: Self) -> Self {
        Self(std::array::from_fn(|i| if other.0[i] < self.0[i] { other.0[i] } else { self.0[i] }))
    }

    /// `yes` where `self > other`, else `no`.
    #[inline(always)]
    pub fn if_greater(self, other: Self, yes: Self, no: Self) -> Self {
        Self(std::array::from_fn(|i| if self.0[i] > other.0[i] { yes.0[i] } else { no.0[i] }))
    }

    /// `yes` where `self > other` or `self` is not a number, else `no`.
    #[inline(always)]
    pub fn if_beats(self, other: Self, yes: Self, no: Self) -> Self {
        let beats = |i: usize| self.0[i] > other.0[i] || self.0[i].is_nan();
        Self(std::array::from_fn(|i| if beats(i) { yes.0[i] } else { no.0[i] }))
    }

    /// Of eight numbers those at even and at odd places.
    #[inline(always)]
    pub fn part(self, next: Self) -> [Self; 2] {
        let of = |i: usize| if i < 4 { self.0[i] } else { next.0[i - 4] };
        [0, 1].map(|odd| Self(std::array::from_fn(|i| of(2 * i + odd))))
    }

    /// Rows of a 4 × 4 matrix to its columns.
    #[inline(always)]
    pub fn transpose(rows: [Self; 4]) -> [Self; 4] {
        std::array::from_fn(|column| Self(std::array::from_fn(|row| rows[row].0[column])))
    }
}

impl F4 {
    /// `self + a · b`
    #[inline(always)]
    pub fn mul_add(self, a: Self, b: Self) -> Self {
        self.add(a.mul(b))
    }

    #[inline(always)]
    pub fn to_array(self) -> [f32; 4] {
        let mut lanes = [0.0; 4];
        // SAFETY: there is room for four.
        unsafe { self.store(lanes.as_mut_ptr()) };
        lanes
    }
}
