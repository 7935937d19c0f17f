//! How much several endings of one beginning differ: how far apart the pens are while they take their first moves.

use super::moves::{PAPER, Pen, PenMove, Point, places};

/// Moves that are compared. Later ones say more of how long the drawings are than of how bold the network is.
pub const COMPARED: usize = 10;

/// The distance of two pens, mean over the first moves and over all pairs, as a share of the paper's side. A pen whose
/// drawing is over stays where it is. None where there are no two.
pub fn spread(endings: &[Vec<PenMove>]) -> Option<f64> {
    let ways: Vec<Vec<Point>> = endings.iter().map(|moves| way(moves)).collect();
    let mut distances = Vec::new();
    for (at, one) in ways.iter().enumerate() {
        for other in &ways[..at] {
            distances.extend((1..=COMPARED).map(|count| {
                let [a, b] = [one, other].map(|way| way[count.min(way.len() - 1)]);
                (a.0 - b.0).hypot(a.1 - b.1)
            }));
        }
    }
    (!distances.is_empty()).then(|| distances.iter().sum::<f64>() / distances.len() as f64 / PAPER)
}

/// Where the pen begins, and where it is after each of its moves.
fn way(moves: &[PenMove]) -> Vec<Point> {
    let drawn = moves.iter().position(|step| step.pen == Pen::End).unwrap_or(moves.len());
    places((0.0, 0.0), &moves[..drawn.min(COMPARED)])
}
