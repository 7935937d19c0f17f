//! The visitor's own pictures: which are nearly the same, and which are held out.

use crate::vision::{flex, numbers};
use futures_executor::block_on;
use intab::engine::vision::feature_cache::{self, Collection};
use intab::engine::vision::similar::{MOST_DIFFERENCE, THUMBNAIL, difference, thumbnail};
use intab::engine::vision::{linear_probe, split};
use intab::protocol::vision::{HeadSpec, TrainedHead};
use intab::random::Random;
use std::collections::BTreeSet;

/// A picture of noise, `[16, 16, 3]`.
fn picture(seed: u32) -> Vec<u8> {
    numbers(16 * 16 * 3, seed, 100.0).iter().map(|x| (x + 128.0) as u8).collect()
}

/// Every byte is as much brighter.
fn brighter(picture: &[u8], by: u8) -> Vec<u8> {
    picture.iter().map(|value| value + by).collect()
}

/// Features of its own for each, so that only what a picture looks like makes it a copy.
fn add(collection: &mut Collection, id: u32, picture: &[u8]) {
    block_on(collection.add(id, numbers(1280, id + 1, 1.0), picture, 16)).unwrap();
}

#[test]
fn copies_are_grouped_and_strangers_are_not() {
    let most = MOST_DIFFERENCE as u8;
    let cup = picture(1);
    assert_eq!(difference(&cup, &brighter(&cup, most)), MOST_DIFFERENCE);
    let mut collection = Collection::default();
    add(&mut collection, 1, &cup);
    add(&mut collection, 2, &brighter(&cup, most + 1));
    add(&mut collection, 4, &cup);
    add(&mut collection, 5, &picture(2));
    assert_eq!(collection.similar(), [[1, 4]]);
    // It is like both.
    add(&mut collection, 3, &brighter(&cup, most));
    assert_eq!(collection.similar(), [[1, 2, 3, 4]]);
    // The same id again is another picture.
    add(&mut collection, 3, &picture(3));
    assert_eq!(collection.similar(), [[1, 4]]);
    block_on(collection.forget(&[1]));
    assert!(collection.similar().is_empty());
}

#[test]
fn a_group_falls_apart_without_the_picture_that_held_it_together() {
    let mut collection = Collection::default();
    let first = picture(1);
    // Each is like the next one only.
    for step in 0..=6 {
        add(&mut collection, step, &brighter(&first, 4 * step as u8));
    }
    assert_eq!(collection.similar(), [[0, 1, 2, 3, 4, 5, 6]]);
    block_on(collection.forget(&[2, 3]));
    assert_eq!(collection.similar(), [vec![0, 1], vec![4, 5, 6]]);
}

#[test]
fn a_thumbnail_is_the_mean_of_every_cell() {
    let large: Vec<u8> = (0..224 * 224)
        .flat_map(|at| {
            let (x, y) = (at % 224, at / 224);
            // One pixel on is bright, the next is dark.
            [(x / 14 * 16) as u8, (y / 14 * 16) as u8, if (x + y) % 2 == 0 { 255 } else { 0 }]
        })
        .collect();
    let small = thumbnail(&large, 224);
    assert_eq!(small.len(), THUMBNAIL);
    assert_eq!(small[..6], [0, 0, 128, 16, 0, 128]);
    assert_eq!(small[THUMBNAIL - 3..], [240, 240, 128]);
    assert_eq!(thumbnail(&[7; 12], 2), [7; THUMBNAIL], "smaller than a thumbnail");
}

/// What a project's file says of a picture is all that is needed of it.
#[test]
fn what_was_computed_comes_back_from_its_bytes() {
    let mut first = Collection::default();
    add(&mut first, 1, &picture(1));
    let computed = first.computed(1).unwrap();
    let (features, thumbnail) = computed.split_at(computed.len() - THUMBNAIL);
    let mut second = Collection::default();
    let features = feature_cache::numbers(features).unwrap();
    block_on(second.keep(9, features, thumbnail.to_vec(), vec![1, 2, 3]));
    assert_eq!(second.computed(9), Some(computed));
    assert_eq!(first.computed(2), None);
    assert_eq!(feature_cache::numbers(&[0; 7]), None, "cut short");
    assert_eq!(feature_cache::numbers(&f32::NAN.to_le_bytes()), None);
}

/// Examples of two classes in turn, and an order by id.
fn examples(count: u32) -> Vec<(u32, u8)> {
    (0..count).map(|id| (id, (id % 2) as u8)).collect()
}

fn by_chance(id: u32) -> u64 {
    Random::new(5, id.into()).below(1 << 30) as u64
}

#[test]
fn without_groups_every_class_gives_its_share() {
    let held = split::held_out(&examples(100), &[], 0.2, by_chance);
    assert_eq!(held.len(), 20);
    assert_eq!(held.iter().filter(|id| *id % 2 == 0).count(), 10);
    assert_eq!(held, split::held_out(&examples(100), &[], 0.2, by_chance));
    assert_ne!(held, split::held_out(&examples(100), &[], 0.2, |id| by_chance(id + 1000)));
    assert!(split::held_out(&examples(100), &[], 0.0, by_chance).is_empty());
}

#[test]
fn a_group_is_never_on_both_sides() {
    let mut random = Random::new(3, 0);
    for _ in 0..300 {
        let examples = examples(4 + random.below(60) as u32);
        // They overlap, reach over both classes, and name pictures that are not there.
        let groups: Vec<Vec<u32>> = (0..random.below(12))
            .map(|_| (0..random.below(7)).map(|_| random.below(70) as u32).collect())
            .collect();
        let share = random.below(6) as f64 / 10.0;
        let held = split::held_out(&examples, &groups, share, by_chance);
        for group in &groups {
            let sides: BTreeSet<bool> = group
                .iter()
                .filter(|id| examples.iter().any(|(other, _)| other == *id))
                .map(|id| held.contains(id))
                .collect();
            assert!(sides.len() < 2, "{group:?} of {groups:?} is on both sides: {held:?}");
        }
        for class in 0..2 {
            let of = |id: &&u32| **id % 2 == class;
            let all = examples.iter().filter(|(id, _)| id % 2 == class).count();
            assert!(held.iter().filter(of).count() * 2 <= all, "more than half is held out");
        }
    }
}

#[test]
fn a_class_of_large_groups_gives_its_smallest() {
    let recordings = |sizes: &[u32]| {
        let mut next = 0;
        let mut groups = Vec::new();
        for size in sizes {
            groups.push((next..next + size).collect::<Vec<u32>>());
            next += size;
        }
        let examples: Vec<_> = (0..next).map(|id| (id, 0)).collect();
        split::held_out(&examples, &groups, 0.2, by_chance).len()
    };
    assert_eq!(recordings(&[50, 30, 20]), 20, "it fits");
    assert_eq!(recordings(&[50, 40, 30]), 30, "none fits");
    assert_eq!(recordings(&[50, 50]), 50, "half is left");
    assert_eq!(recordings(&[60]), 0, "nothing would be left");
    assert_eq!(recordings(&[60, 4]), 4);
}

/// Ten pictures of one class that are all the same file, ten of another that differ; ids by `id`.
fn trained(id: impl Fn(u32) -> u32, recordings: Vec<Vec<u32>>) -> TrainedHead {
    let mut collection = Collection::default();
    for n in 0..20 {
        let seed = if n < 10 { 0 } else { n };
        let features = numbers(1280, seed + 1, 1.0);
        block_on(collection.add(id(n), features, &picture(seed + 1), 16)).unwrap();
    }
    let spec = HeadSpec {
        network: "efficientnet_lite0".into(),
        examples: (0..20).map(|n| (id(n), (n / 10) as u8)).collect(),
        classes: 2,
        epochs: 5,
        learning_rate: 0.01,
        held_out: 0.2,
        seed: 7,
        recordings,
    };
    block_on(linear_probe::train(&spec, "efficientnet_lite0", &collection, &flex(), |_| ())).unwrap().1
}

fn held(result: &TrainedHead) -> Vec<u32> {
    result.guesses.iter().filter(|g| g.held_out).map(|g| g.id).collect()
}

#[test]
fn a_class_of_one_file_has_nothing_held_out() {
    let held_out = held(&trained(|n| n, Vec::new()));
    assert_eq!(held_out.len(), 2);
    assert!(held_out.iter().all(|id| *id >= 10), "copies of a training picture are held out: {held_out:?}");
    let recorded = trained(|n| n, vec![(10..19).collect()]);
    assert_eq!(held(&recorded), [19], "the frames of a recording stay together");
}

/// A project that was saved and opened has other ids, and the same split.
#[test]
fn ids_do_not_decide_what_is_held_out() {
    let [first, again] = [trained(|n| n, Vec::new()), trained(|n| 290 + n * 3, Vec::new())];
    assert_eq!(held(&again), held(&first).iter().map(|n| 290 + n * 3).collect::<Vec<_>>());
    assert_eq!(again.curve, first.curve);
}
