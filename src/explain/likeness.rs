//! How alike rows of numbers are.

/// Cosines between each two of the rows, `width` numbers each: `[row, row]`, 1 for the same direction, −1 for the opposite.
pub fn cosines(rows: &[f32], width: usize) -> Vec<f32> {
    let rows: Vec<&[f32]> = rows.chunks_exact(width.max(1)).collect();
    let length = |row: &[f32]| product(row, row).sqrt().max(1e-12);
    let lengths: Vec<f32> = rows.iter().map(|row| length(row)).collect();
    let one = |a: usize, b: usize| product(rows[a], rows[b]) / (lengths[a] * lengths[b]);
    (0..rows.len()).flat_map(|a| (0..rows.len()).map(move |b| (a, b))).map(|(a, b)| one(a, b)).collect()
}

fn product(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
