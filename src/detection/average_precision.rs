//! How good a detector is where the truth is known: average precision as COCO's evaluator computes it (Lin et al. 2014;
//! pycocotools), objects of every size, the surest hundred boxes of a class in a picture. Equal to `pycocotools` to four
//! decimals: tests/reference/average_precision.py.

use super::{BoundingBox, Found};
use serde::{Deserialize, Serialize};

/// So many boxes of a class count in a picture: the surest.
const MOST: usize = 100;

/// Recalls at which precision is read: 0, 0.01, … 1.
const RECALLS: usize = 101;

/// Overlaps from which a box is a hit: 0.5, 0.55, … 0.95.
const OVERLAPS: usize = 10;

/// A thing that really is in a picture.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Truth {
    /// A row of `coco::CATEGORIES`.
    pub class: u16,
    pub area: BoundingBox,
    /// Many things of this kind in one box: what is found there is neither right nor wrong.
    pub crowd: bool,
}

/// A picture: what is in it, and what was found, the surest first.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    pub truth: &'a [Truth],
    pub found: &'a [Found],
}

/// What a found box is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Match {
    /// A thing that no surer box had found, by its index in the picture's truth.
    Hit(usize),
    /// Nothing is there, or a surer box has found it already.
    Miss,
    /// In a crowd.
    Ignored,
}

/// One box on the way from the surest to the least sure of all pictures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    pub score: f32,
    pub hit: bool,
    /// Of all things that are there, found so far: 0…1.
    pub recall: f64,
    /// Of all boxes so far, right: 0…1.
    pub precision: f64,
}

/// The curve of one class.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// How many things there are.
    pub things: usize,
    pub steps: Vec<Step>,
}

/// The average precision of a class: at an overlap of 0.5, and the mean from 0.5 to 0.95.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OfClass {
    pub class: u16,
    pub half: f64,
    pub all: f64,
}

/// The n-th overlap that counts, as numpy's `linspace` rounds it.
fn overlap(n: usize) -> f64 {
    let last = OVERLAPS - 1;
    if n >= last { 0.95 } else { n as f64 * ((0.95 - 0.5) / last as f64) + 0.5 }
}

/// Intersection over union; of a crowd, the share of the found box that lies in it.
fn iou(found: &BoundingBox, truth: &Truth) -> f64 {
    let sides = |area: &BoundingBox| {
        let [left, top, right, bottom] = [area.left, area.top, area.right, area.bottom].map(f64::from);
        ((right - left).max(0.0), (bottom - top).max(0.0))
    };
    let area = |(width, height): (f64, f64)| width * height;
    let both = area(sides(&found.intersection(&truth.area)));
    let own = area(sides(found));
    let either = if truth.crowd { own } else { own + area(sides(&truth.area)) - both };
    if either > 0.0 { both / either } else { 0.0 }
}

/// What each of a picture's boxes of one class is, from the surest down: it takes the thing that it overlaps most, at least
/// `least`, of those that are left; a crowd only if there is none.
pub fn matches(truth: &[Truth], found: &[Found], class: u16, least: f64) -> Vec<Match> {
    let least = least.min(1.0 - 1e-10);
    let mut taken = vec![false; truth.len()];
    let of_class = |crowd: bool| {
        (0..truth.len()).filter(move |&at| truth[at].class == class && truth[at].crowd == crowd)
    };
    // Of equal ones the last, as there.
    let most = |area: &BoundingBox, at: &mut dyn Iterator<Item = usize>| {
        let enough = at.map(|at| (at, iou(area, &truth[at]))).filter(|(_, overlap)| *overlap >= least);
        enough.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(at, _)| at)
    };
    let of_found = found.iter().filter(|one| one.class == class).take(MOST);
    of_found
        .map(|one| {
            if let Some(hit) = most(&one.area, &mut of_class(false).filter(|&at| !taken[at])) {
                taken[hit] = true;
                return Match::Hit(hit);
            }
            // Any number of boxes may lie in a crowd.
            most(&one.area, &mut of_class(true)).map_or(Match::Miss, |_| Match::Ignored)
        })
        .collect()
}

/// From the surest box of a class in all pictures down. None where none of it is there: then there is nothing to find.
pub fn curve(pictures: &[Seen], class: u16, least: f64) -> Option<Curve> {
    let counts = |thing: &&Truth| thing.class == class && !thing.crowd;
    let things: usize = pictures.iter().map(|seen| seen.truth.iter().filter(counts).count()).sum();
    let mut boxes: Vec<(f32, bool)> = Vec::new();
    for Seen { truth, found } in pictures {
        let scores = found.iter().filter(|one| one.class == class).map(|one| one.score);
        let decided = scores.zip(matches(truth, found, class, least));
        boxes.extend(
            decided
                .filter(|(_, what)| *what != Match::Ignored)
                .map(|(score, what)| (score, what != Match::Miss)),
        );
    }
    // Equally sure ones stay in the pictures' order.
    boxes.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut hits = 0;
    let steps = boxes.into_iter().zip(1_u32..).map(|((score, hit), count)| {
        hits += u32::from(hit);
        let [recall, precision] = [things as f64, f64::from(count)].map(|of| f64::from(hits) / of);
        Step { score, hit, recall, precision }
    });
    (things > 0).then(|| Curve { things, steps: steps.collect() })
}

impl Curve {
    /// The best precision at this recall or a higher one: the curve without its dips. One number for each step.
    pub fn envelope(&self) -> Vec<f64> {
        let mut best = 0.0_f64;
        let mut from_behind = |step: &Step| {
            best = best.max(step.precision);
            best
        };
        let mut envelope: Vec<f64> = self.steps.iter().rev().map(&mut from_behind).collect();
        envelope.reverse();
        envelope
    }

    /// The area below it: the mean of the envelope at 101 recalls, 0 where the curve does not get to.
    pub fn average_precision(&self) -> f64 {
        let envelope = self.envelope();
        let at = |n: usize| {
            let recall = n as f64 * 0.01;
            let first = self.steps.partition_point(|step| step.recall < recall);
            envelope.get(first).copied().unwrap_or(0.0)
        };
        (0..RECALLS).map(at).sum::<f64>() / RECALLS as f64
    }
}

/// For each class that is in the pictures.
pub fn by_class(pictures: &[Seen]) -> Vec<OfClass> {
    let all = pictures.iter().flat_map(|seen| seen.truth).filter(|thing| !thing.crowd);
    let classes: std::collections::BTreeSet<u16> = all.map(|thing| thing.class).collect();
    let of = |class: u16| {
        let at = |n: usize| curve(pictures, class, overlap(n)).map_or(0.0, |curve| curve.average_precision());
        let each: Vec<f64> = (0..OVERLAPS).map(at).collect();
        OfClass { class, half: each[0], all: each.iter().sum::<f64>() / OVERLAPS as f64 }
    };
    classes.into_iter().map(of).collect()
}

/// The mean over classes, at 0.5 and from 0.5 to 0.95; none where nothing is there.
pub fn mean(classes: &[OfClass]) -> Option<[f64; 2]> {
    let count = classes.len() as f64;
    let sum = |of: fn(&OfClass) -> f64| classes.iter().map(of).sum::<f64>() / count;
    (!classes.is_empty()).then(|| [sum(|one| one.half), sum(|one| one.all)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(left: f32) -> BoundingBox {
        BoundingBox { left, top: 0.0, right: left + 10.0, bottom: 10.0 }
    }

    fn truth(class: u16, left: f32) -> Truth {
        Truth { class, area: area(left), crowd: false }
    }

    fn found(class: u16, score: f32, left: f32) -> Found {
        Found { class, score, area: area(left) }
    }

    #[test]
    fn a_thing_is_found_once_and_a_crowd_is_ignored() {
        let there = [truth(0, 0.0), truth(0, 3.0), truth(1, 50.0), Truth { crowd: true, ..truth(0, 80.0) }];
        let boxes = [
            found(0, 0.9, 0.0),
            found(0, 0.8, 1.0),
            found(0, 0.7, 2.0),
            found(1, 0.6, 0.0),
            found(0, 0.5, 81.0),
            found(0, 0.4, 79.0),
        ];
        let expected = [Match::Hit(0), Match::Hit(1), Match::Miss, Match::Ignored, Match::Ignored];
        assert_eq!(matches(&there, &boxes, 0, 0.5), expected);
        assert_eq!(matches(&there, &boxes, 1, 0.5), [Match::Miss]);
        assert_eq!(matches(&there, &boxes, 0, 0.95)[1..3], [Match::Miss; 2]);
        assert!(matches(&[], &boxes, 2, 0.5).is_empty());
    }

    #[test]
    fn the_curve_is_walked_from_the_surest_down() {
        let there = [truth(0, 0.0), truth(0, 20.0)];
        let boxes = [found(0, 0.9, 0.0), found(0, 0.8, 40.0), found(0, 0.7, 20.0), found(0, 0.6, 60.0)];
        let seen = [Seen { truth: &there, found: &boxes }];
        let curve = curve(&seen, 0, 0.5).unwrap();
        assert_eq!(curve.things, 2);
        let steps: Vec<_> = curve.steps.iter().map(|step| (step.hit, step.recall, step.precision)).collect();
        assert_eq!(steps, [(true, 0.5, 1.0), (false, 0.5, 0.5), (true, 1.0, 2.0 / 3.0), (false, 1.0, 0.5)]);
        assert_eq!(curve.envelope(), [1.0, 2.0 / 3.0, 2.0 / 3.0, 0.5]);
        // 51 recalls up to 0.5, 50 above it.
        let expected = (51.0 + 50.0 * 2.0 / 3.0) / 101.0;
        assert!((curve.average_precision() - expected).abs() < 1e-12);
        let classes = by_class(&seen);
        assert_eq!(classes.len(), 1);
        assert!((mean(&classes).unwrap()[0] - expected).abs() < 1e-12);
    }

    #[test]
    fn what_is_not_there_has_no_curve_and_what_is_not_found_none_above_zero() {
        let there = [truth(3, 0.0)];
        let seen = [Seen { truth: &there, found: &[] }];
        assert!(curve(&seen, 0, 0.5).is_none());
        assert_eq!(mean(&by_class(&seen)), Some([0.0, 0.0]));
        assert_eq!(mean(&by_class(&[])), None);
    }
}
