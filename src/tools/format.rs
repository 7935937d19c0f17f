//! Numbers and lists as a person reads them.

/// 70000 → “70,000”.
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Bytes in the unit that fits: “812 bytes”, “12.3 kB”, “1.20 MB”.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.2} MB", bytes as f64 / 1e6),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_are_grouped_and_sizes_have_units() {
        let grouped = [0, 12, 999, 1_000, 70_000, 1_234_567].map(super::thousands);
        assert_eq!(grouped, ["0", "12", "999", "1,000", "70,000", "1,234,567"]);
        let sizes = [0, 999, 1_000, 12_340, 1_200_000].map(super::size);
        assert_eq!(sizes, ["0 bytes", "999 bytes", "1.0 kB", "12.3 kB", "1.20 MB"]);
    }
}
