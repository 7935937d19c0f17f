//! Non-maximum suppression: one thing is found many times, at neighbouring places; only the surest of boxes that cover
//! nearly the same is kept (Felzenszwalb et al. 2010).

use super::Found;

/// Overlap from which one of two boxes goes: the publishers' of YOLOX, in their demonstration.
pub const IOU: f32 = 0.45;

/// Score from which a box counts: theirs, too.
pub const SCORE: f32 = 0.3;

/// What becomes of a box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fate {
    Kept,
    /// A surer box of its kind, by its index, covers nearly the same.
    Covered {
        by: usize,
        iou: f32,
    },
}

/// Surest first; equally sure ones stay as they are.
pub fn sort(found: &mut [Found]) {
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
}

/// What becomes of each, in the order of `found`, which must be sorted. Only boxes of the same class compete.
pub fn suppress(found: &[Found], iou: f32) -> Vec<Fate> {
    let mut fates: Vec<Fate> = Vec::with_capacity(found.len());
    for (at, one) in found.iter().enumerate() {
        let rival = (0..at).find_map(|by| {
            let other = &found[by];
            let alive = other.class == one.class && fates[by] == Fate::Kept;
            let overlap = if alive { other.area.iou(&one.area) } else { 0.0 };
            (overlap > iou).then_some(Fate::Covered { by, iou: overlap })
        });
        fates.push(rival.unwrap_or(Fate::Kept));
    }
    fates
}

/// Those that are at least as sure as `score` and stay. `found` must be sorted.
pub fn kept(found: &[Found], score: f32, iou: f32) -> Vec<Found> {
    let sure = &found[..found.partition_point(|one| one.score >= score)];
    let fates = suppress(sure, iou);
    sure.iter().zip(fates).filter(|(_, fate)| *fate == Fate::Kept).map(|(one, _)| *one).collect()
}

#[cfg(test)]
mod tests {
    use super::super::BoundingBox;
    use super::*;

    fn found(class: u16, score: f32, left: f32) -> Found {
        Found { class, score, area: BoundingBox { left, top: 0.0, right: left + 10.0, bottom: 10.0 } }
    }

    #[test]
    fn the_surest_of_a_kind_stays() {
        let mut all = vec![
            found(0, 0.5, 1.0),
            found(0, 0.9, 0.0),
            found(1, 0.8, 0.0),
            found(0, 0.3, 4.0),
            found(0, 0.2, 30.0),
        ];
        sort(&mut all);
        assert_eq!(all.iter().map(|f| f.score).collect::<Vec<_>>(), [0.9, 0.8, 0.5, 0.3, 0.2]);
        let fates = suppress(&all, 0.45);
        assert_eq!(fates[0], Fate::Kept);
        assert_eq!(fates[1], Fate::Kept, "another kind");
        assert_eq!(fates[2], Fate::Covered { by: 0, iou: 90.0 / 110.0 });
        // 6 of 14 with the surest; 7 of 13 with one that is gone, which counts no more.
        assert_eq!(fates[3], Fate::Kept);
        assert_eq!(fates[4], Fate::Kept);
        assert!(suppress(&all, 1.0).iter().all(|fate| *fate == Fate::Kept));
        assert!(suppress(&[], 0.5).is_empty());
        let scores = |score, iou| kept(&all, score, iou).iter().map(|one| one.score).collect::<Vec<_>>();
        assert_eq!(scores(0.3, 0.45), [0.9, 0.8, 0.3]);
        assert_eq!(scores(0.5, 0.45), [0.9, 0.8]);
        assert_eq!(scores(0.5, 0.9), [0.9, 0.8, 0.5]);
    }
}
