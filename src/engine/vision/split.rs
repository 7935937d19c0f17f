//! Which pictures are held out. Those that are nearly the same, or frames of one recording, are held out together or
//! trained on together: otherwise the held-out ones would say how well copies are recognised.

use std::collections::{BTreeMap, BTreeSet};

/// The pictures that are held out: up to `share` of every class, in the order that `order` gives. `groups` may overlap
/// and may name pictures that are not there.
pub fn held_out(
    examples: &[(u32, u8)],
    groups: &[Vec<u32>],
    share: f64,
    order: impl Fn(u32) -> u64,
) -> BTreeSet<u32> {
    let mut sets = united(examples, groups);
    sets.sort_by_cached_key(|set| set.iter().map(|(id, _)| (order(*id), *id)).min());
    let sizes = sizes(examples);
    let mut split = Split { held: BTreeMap::new(), ids: BTreeSet::new() };
    let target = |class: &u8| (sizes[class] as f64 * share.clamp(0.0, 0.5)).floor() as usize;
    for set in &sets {
        split.take_if(set, target);
    }
    // Where every group is larger than the share, the smallest one is better than none, if at least as much is left.
    sets.sort_by_key(Vec::len);
    for class in sizes.keys().filter(|class| target(class) > 0) {
        for set in sets.iter().filter(|set| set.iter().any(|(_, of)| of == class)) {
            if split.count(*class) == 0 {
                split.take_if(set, |class| if target(class) > 0 { sizes[class] / 2 } else { 0 });
            }
        }
    }
    split.ids
}

struct Split {
    /// How many of each class.
    held: BTreeMap<u8, usize>,
    ids: BTreeSet<u32>,
}

impl Split {
    fn count(&self, class: u8) -> usize {
        self.held.get(&class).copied().unwrap_or(0)
    }

    /// Holds a set out, unless a class had more than `most` held out then.
    fn take_if(&mut self, set: &[(u32, u8)], most: impl Fn(&u8) -> usize) {
        if sizes(set).iter().all(|(class, size)| self.count(*class) + size <= most(class)) {
            for (id, class) in set {
                *self.held.entry(*class).or_default() += 1;
                self.ids.insert(*id);
            }
        }
    }
}

/// How many examples each class has.
fn sizes(examples: &[(u32, u8)]) -> BTreeMap<u8, usize> {
    let mut sizes = BTreeMap::new();
    examples.iter().for_each(|(_, class)| *sizes.entry(*class).or_default() += 1);
    sizes
}

/// The examples in sets: those that share a group, however indirectly, are in one set.
fn united(examples: &[(u32, u8)], groups: &[Vec<u32>]) -> Vec<Vec<(u32, u8)>> {
    let mut parents: BTreeMap<u32, u32> = examples.iter().map(|(id, _)| (*id, *id)).collect();
    for group in groups {
        let mut there =
            group.iter().filter(|id| parents.contains_key(id)).copied().collect::<Vec<_>>().into_iter();
        let Some(first) = there.next() else { continue };
        for id in there {
            let (a, b) = (root(&mut parents, first), root(&mut parents, id));
            parents.insert(b, a);
        }
    }
    let mut sets: BTreeMap<u32, Vec<(u32, u8)>> = BTreeMap::new();
    for example in examples {
        sets.entry(root(&mut parents, example.0)).or_default().push(*example);
    }
    sets.into_values().collect()
}

fn root(parents: &mut BTreeMap<u32, u32>, id: u32) -> u32 {
    let mut at = id;
    while parents[&at] != at {
        // Halves the way for whoever comes next.
        let above = parents[&parents[&at]];
        parents.insert(at, above);
        at = above;
    }
    at
}
