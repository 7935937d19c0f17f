//! A line through fewer points (Ramer 1972; Douglas & Peucker 1973), as the drawings were that the networks learned from.

use super::moves::Point;

/// The points without which the line would run further than `tolerance` from where it ran; the first and the last stay.
pub fn simplified(line: &[Point], tolerance: f64) -> Vec<Point> {
    let Some(last) = line.len().checked_sub(1) else { return Vec::new() };
    let mut kept = vec![false; line.len()];
    (kept[0], kept[last]) = (true, true);
    // Not by calling itself: a line of a hundred thousand points may not fill the stack.
    let mut open = vec![(0, last)];
    while let Some((from, to)) = open.pop() {
        let between = (from + 1..to).map(|at| (at, distance(line[at], line[from], line[to])));
        let farthest = between.max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((at, _)) = farthest.filter(|(_, distance)| *distance > tolerance) {
            kept[at] = true;
            open.extend([(from, at), (at, to)]);
        }
    }
    line.iter().zip(kept).filter(|(_, kept)| *kept).map(|(point, _)| *point).collect()
}

/// How far a point is from the line between two others.
fn distance(point: Point, from: Point, to: Point) -> f64 {
    let (along, away) = ((to.0 - from.0, to.1 - from.1), (point.0 - from.0, point.1 - from.1));
    let length = along.0.hypot(along.1);
    if length == 0.0 {
        return away.0.hypot(away.1);
    }
    // Past an end, that end is nearest.
    let share = ((away.0 * along.0 + away.1 * along.1) / (length * length)).clamp(0.0, 1.0);
    (away.0 - share * along.0).hypot(away.1 - share * along.1)
}
