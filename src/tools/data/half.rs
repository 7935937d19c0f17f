//! Half precision (IEEE 754 binary16) and back: one sign bit, five of exponent, ten of fraction.

/// The nearest half, the even one of two that are equally near. What is too large becomes infinite.
pub fn from_f32(value: f32) -> u16 {
    let bits = value.to_bits();
    let sign = (bits >> 16 & 0x8000) as u16;
    let magnitude = bits & 0x7fff_ffff;
    if magnitude > 0x7f80_0000 {
        return sign | 0x7e00; // not a number
    }
    // 65520 lies in the middle between the largest half and what would follow it.
    if magnitude >= 0x477f_f000 {
        return sign | 0x7c00;
    }
    // From 2⁻¹⁴ on the fraction loses 13 bits; below, one more with each power of two.
    let exponent = magnitude >> 23;
    if exponent >= 113 {
        return sign | rounded(magnitude - (112 << 23), 13);
    }
    // Less than half the smallest half.
    if exponent < 102 {
        return sign;
    }
    let fraction = magnitude & 0x007f_ffff | 0x0080_0000;
    sign | rounded(fraction, 126 - exponent)
}

/// Without its last `drop` bits. A carry out of the fraction raises the exponent, which is as it should be.
fn rounded(bits: u32, drop: u32) -> u16 {
    let (kept, lost, middle) = (bits >> drop, bits & ((1 << drop) - 1), 1 << (drop - 1));
    let up = lost > middle || lost == middle && kept & 1 == 1;
    (kept + u32::from(up)) as u16
}

/// The same value; every half is one exactly.
pub fn to_f32(half: u16) -> f32 {
    let sign = u32::from(half & 0x8000) << 16;
    let (exponent, fraction) = (u32::from(half >> 10 & 31), u32::from(half & 1023));
    let bits = match exponent {
        // 2⁻²⁴ is the smallest half's value.
        0 => (fraction as f32 * 2_f32.powi(-24)).to_bits(),
        31 => 0x7f80_0000 | fraction << 13,
        _ => (exponent + 112) << 23 | fraction << 13,
    };
    f32::from_bits(sign | bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_half_survives_the_way_there_and_back() {
        for half in 0..=u16::MAX {
            let value = to_f32(half);
            if value.is_nan() {
                assert!(to_f32(from_f32(value)).is_nan(), "{half:#x}");
            } else {
                assert_eq!(from_f32(value), half, "{half:#x}, {value}");
            }
        }
    }

    /// Between each two neighbours: the middle goes to the even one, what is a little off it to the nearer.
    #[test]
    fn values_between_two_halves_go_to_the_nearer_or_to_the_even() {
        for half in 0..0x7bff_u16 {
            let (low, high) = (to_f32(half), to_f32(half + 1));
            let middle = (low + high) / 2.0; // exact: it has one bit more
            let even = half + (half & 1);
            for (value, expected) in
                [(middle.next_down(), half), (middle, even), (middle.next_up(), half + 1)]
            {
                assert_eq!(from_f32(value), expected, "{value} after {half:#x}");
                assert_eq!(from_f32(-value), expected | 0x8000, "-{value} after {half:#x}");
            }
        }
    }

    #[test]
    fn the_largest_and_the_smallest_have_a_border() {
        assert_eq!(from_f32(65504.0), 0x7bff);
        assert_eq!(from_f32(65520_f32.next_down()), 0x7bff);
        for infinite in [65520.0, f32::MAX, f32::INFINITY] {
            assert_eq!(from_f32(infinite), 0x7c00);
            assert_eq!(from_f32(-infinite), 0xfc00);
        }
        for zero in [0.0, f32::MIN_POSITIVE, 1e-45, 2_f32.powi(-25)] {
            assert_eq!(from_f32(zero), 0);
            assert_eq!(from_f32(-zero), 0x8000);
        }
        assert_eq!(from_f32(2_f32.powi(-25).next_up()), 1);
    }
}
