//! How much of a set of pictures is learned from, and how well it is labelled: what “how much data do we need?” is about.

use super::target::Targets;
use crate::random::Random;
use crate::spec::{DataSpec, NumberInfo};

/// The keys after `data.`
pub const PER_CLASS: &str = "per_class";
pub const WRONG: &str = "wrong_labels";
/// The most that can be wrong, in per cent.
pub const MOST_WRONG: u32 = 90;

/// The purposes of the streams of chances.
const CHOICE: u64 = 4 << 40;
const MISLABELLED: u64 = 5 << 40;

pub fn numbers() -> Vec<NumberInfo> {
    let number = |key: &str, label: &str, help: &str, max: f64, choices: &[f64]| NumberInfo {
        key: format!("data.{key}"),
        label: label.into(),
        help: help.into(),
        min: 0.0,
        max,
        default: 0.0,
        whole: true,
        choices: choices.into(),
        live: false,
    };
    vec![
        number(
            PER_CLASS,
            "Examples of each class",
            "So many of each class are learned from, chosen by the seed; 0 means all. What it is tested on stays the same.",
            10_000.0,
            &[0.0, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0],
        ),
        number(
            WRONG,
            "Wrong labels, %",
            "This share of the training examples is learned with the label of another class, as if someone had been careless.",
            f64::from(MOST_WRONG),
            &[0.0, 10.0, 20.0, 40.0, 60.0],
        ),
    ]
}

fn setting(data: &DataSpec, key: &str) -> f64 {
    data.options.get(key).and_then(serde_json::Value::as_f64).unwrap_or(0.0)
}

/// How many examples of each class are learned from; none if all are.
pub fn per_class(data: &DataSpec) -> Option<usize> {
    Some(setting(data, PER_CLASS) as usize).filter(|count| *count > 0)
}

/// The places of `count` examples of each class, chosen by the seed; of a class that has fewer, all. Of what has no classes,
/// all.
pub fn chosen(targets: &Targets, count: usize, seed: u32) -> Vec<u32> {
    let mut places: Vec<u32> = (0..targets.len() as u32).collect();
    let Targets::Classes(labels) = targets else { return places };
    Random::new(seed, CHOICE).shuffle(&mut places);
    let mut taken = vec![0; labels.iter().max().map_or(0, |most| *most as usize + 1)];
    places.retain(|place| {
        let taken = &mut taken[labels[*place as usize] as usize];
        *taken += 1;
        *taken <= count
    });
    places
}

/// The targets of examples `places`, some of them wrong as the setting says; the same ones at every step.
pub fn mislabelled(targets: Targets, places: &[u32], classes: usize, data: &DataSpec, seed: u32) -> Targets {
    let share = setting(data, WRONG) as f32 / 100.0;
    let Targets::Classes(mut labels) = targets else { return targets };
    if share > 0.0 && classes > 1 {
        for (label, place) in labels.iter_mut().zip(places) {
            let mut random = Random::new(seed, MISLABELLED + u64::from(*place));
            if random.between(0.0, 1.0) < share {
                *label = (*label + 1 + random.below(classes - 1) as u32) % classes as u32;
            }
        }
    }
    Targets::Classes(labels)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn data(key: &str, value: f64) -> DataSpec {
        DataSpec { id: "mnist".into(), options: [(key.to_string(), json!(value))].into() }
    }

    #[test]
    fn as_many_of_each_class_are_chosen_and_others_with_another_seed() {
        let targets = Targets::Classes((0..1000).map(|at| at % 7 % 5).collect());
        let Targets::Classes(labels) = &targets else { panic!("classes") };
        for count in [1, 3, 40] {
            let places = chosen(&targets, count, 1);
            for class in 0..5 {
                assert_eq!(places.iter().filter(|at| labels[**at as usize] == class).count(), count);
            }
            assert_eq!(places, chosen(&targets, count, 1));
            assert_ne!(places, chosen(&targets, count, 2));
        }
        assert_eq!(chosen(&targets, 5000, 1).len(), 1000);
        assert_eq!(per_class(&data(PER_CLASS, 10.0)), Some(10));
        assert_eq!(per_class(&data(WRONG, 10.0)), None);
    }

    #[test]
    fn as_many_labels_are_wrong_as_is_said_and_always_the_same() {
        let places: Vec<u32> = (0..10_000).collect();
        let truth = |at: &u32| at % 10;
        let targets = |places: &[u32]| Targets::Classes(places.iter().map(truth).collect());
        let made = mislabelled(targets(&places), &places, 10, &data(WRONG, 20.0), 3);
        let Targets::Classes(labels) = &made else { panic!("classes") };
        let wrong = labels.iter().zip(&places).filter(|(label, at)| **label != truth(at)).count();
        assert!((1900..2100).contains(&wrong), "{wrong}");
        assert!((0..10).all(|class| labels.contains(&class)));
        let few = mislabelled(targets(&places[70..90]), &places[70..90], 10, &data(WRONG, 20.0), 3);
        assert_eq!(few, Targets::Classes(labels[70..90].to_vec()));
        assert_eq!(mislabelled(targets(&places), &places, 10, &data(PER_CLASS, 5.0), 3), targets(&places));
    }
}
