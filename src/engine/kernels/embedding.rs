//! Rows of a table by their numbers: what a token's vector is.

/// `table` is `[rows, width]`; the answer `[ids, width]`. An id that the table does not have is a bug of the caller's.
pub fn gather(table: &[f32], ids: &[u32], width: usize) -> Vec<f32> {
    let mut rows = Vec::with_capacity(ids.len() * width);
    for &id in ids {
        rows.extend_from_slice(&table[id as usize * width..][..width]);
    }
    rows
}

/// The table's gradient, `[rows, width]`, from that of what was gathered: a row that was taken twice gets both.
pub fn scatter_add(gradient: &[f32], ids: &[u32], rows: usize, width: usize) -> Vec<f32> {
    assert_eq!(gradient.len(), ids.len() * width);
    let mut table = vec![0.0; rows * width];
    for (&id, slopes) in ids.iter().zip(gradient.chunks_exact(width)) {
        let row = &mut table[id as usize * width..][..width];
        row.iter_mut().zip(slopes).for_each(|(sum, slope)| *sum += slope);
    }
    table
}
