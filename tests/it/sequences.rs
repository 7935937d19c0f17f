//! Sequences made from a seed: each answer is worked out again here, another way.

use intab::sequences::{GENERATORS, Generator, Make, windows};
use std::collections::BTreeMap;

const EXAMPLES: u64 = 300;

fn texts(id: &str, settings: &[usize]) -> Vec<(String, String)> {
    let generator = Generator::by_id(id).unwrap();
    (0..EXAMPLES)
        .map(|number| generator.answered(settings, 5, number).unwrap())
        .map(|made| (made.question, made.answer))
        .collect()
}

#[test]
fn every_example_is_made_again_and_is_one_of_its_letters() {
    for generator in GENERATORS {
        let settings = generator.defaults();
        assert_eq!(generator.answered(&settings, 1, 2), generator.answered(&[], 1, 2), "{}", generator.id);
        assert_eq!(generator.series(&settings, 1, 2), generator.series(&[], 1, 2), "{}", generator.id);
        let Make::Tokens { letters, .. } = generator.make else { continue };
        for number in 0..EXAMPLES {
            let made = generator.answered(&settings, 1, number).unwrap();
            let all = made.question.clone() + &made.answer;
            assert!(all.chars().all(|letter| letters.contains(letter)), "{}: {all}", generator.id);
            let example = generator.example(&settings, 1, number).unwrap();
            assert_eq!(example.input.len() + 1, all.chars().count());
            assert_eq!(example.input[1..], example.target[..example.target.len() - 1]);
            let asked: Vec<u32> = example
                .target
                .iter()
                .zip(&example.mask)
                .filter(|(_, counts)| **counts)
                .map(|(t, _)| *t)
                .collect();
            assert_eq!(asked, generator.encode(&made.answer), "{}: what counts is the answer", generator.id);
        }
        let others = (0..EXAMPLES)
            .filter(|n| generator.answered(&settings, 1, *n) != generator.answered(&settings, 2, *n));
        assert!(others.count() > EXAMPLES as usize / 3, "{}: another seed, other examples", generator.id);
    }
}

#[test]
fn what_is_out_of_range_is_brought_back() {
    for generator in GENERATORS {
        for value in [0, usize::MAX] {
            let settings = vec![value; generator.settings.len()];
            let edge: Vec<usize> = generator.settings.iter().map(|s| value.clamp(s.min, s.max)).collect();
            assert_eq!(generator.answered(&settings, 1, 0), generator.answered(&edge, 1, 0));
            assert_eq!(generator.series(&settings, 1, 0), generator.series(&edge, 1, 0));
        }
    }
}

#[test]
fn the_letter_to_remember_is_so_far_away() {
    let mut asked = BTreeMap::new();
    for (question, answer) in texts("memory", &[7]) {
        assert_eq!(question, format!("{answer}______>"));
        *asked.entry(answer).or_insert(0) += 1;
    }
    assert!(asked.len() == 8 && asked.values().all(|count| *count > 15), "{asked:?}");
    assert_eq!(texts("memory", &[1])[0].0.len(), 2);
}

#[test]
fn words_are_reversed_and_sorted() {
    let mut lengths = BTreeMap::new();
    for (question, answer) in texts("reverse", &[3, 5]) {
        let word = question.strip_suffix('>').unwrap();
        assert_eq!(answer, word.chars().rev().collect::<String>() + ".");
        *lengths.entry(word.len()).or_insert(0) += 1;
    }
    assert!(lengths.keys().eq(&[3, 4, 5]) && lengths.values().all(|count| *count > 60), "{lengths:?}");
    for (question, answer) in texts("sort", &[8, 12]) {
        let mut letters: Vec<u8> = question.strip_suffix('>').unwrap().bytes().collect();
        letters.sort_unstable();
        assert_eq!(answer.strip_suffix('.').unwrap().as_bytes(), letters);
    }
    assert_eq!(texts("sort", &[9, 2])[0].0.len(), 10, "the longest is at least the shortest");
}

#[test]
fn sums_are_right_however_they_are_written() {
    for (padded, reversed) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
        for (question, answer) in texts("add", &[3, padded, reversed]) {
            let (a, b) = question.strip_suffix('>').unwrap().split_once('+').unwrap();
            let digits = answer.strip_suffix('.').unwrap();
            let sum: String = if reversed > 0 { digits.chars().rev().collect() } else { digits.into() };
            let [a_value, b_value, sum_value]: [u32; 3] = [a, b, &sum].map(|number| number.parse().unwrap());
            assert_eq!(a_value + b_value, sum_value, "{question}{answer}");
            if padded > 0 {
                assert_eq!((a.len(), b.len(), sum.len()), (3, 3, 4));
            } else {
                assert_eq!(
                    (a, b, sum),
                    (&*a_value.to_string(), &*b_value.to_string(), sum_value.to_string())
                );
            }
        }
    }
}

/// Pairs that touch are taken out until there are none left.
#[test]
fn brackets_are_judged_rightly_and_half_are_balanced() {
    let mut balanced = 0;
    for (question, answer) in texts("brackets", &[2, 8]) {
        let mut rest = question.strip_suffix('>').unwrap().to_string();
        assert!((4..=16).contains(&rest.len()) && rest.len().is_multiple_of(2));
        loop {
            let fewer = rest.replace("()", "").replace("[]", "").replace("{}", "");
            if fewer == rest {
                break;
            }
            rest = fewer;
        }
        assert_eq!(answer, if rest.is_empty() { "y" } else { "n" }, "{question}");
        balanced += usize::from(rest.is_empty());
    }
    assert!((110..190).contains(&balanced), "{balanced} of {EXAMPLES}");
}

#[test]
fn a_sine_has_its_period_and_its_noise() {
    let sine = Generator::by_id("sine").unwrap();
    let clean = sine.series(&[200, 20, 0], 3, 0).unwrap();
    assert_eq!(clean.len(), 200);
    for at in 0..180 {
        assert!((clean[at] - clean[at + 20]).abs() < 1e-6 && (clean[at] + clean[at + 10]).abs() < 1e-5);
    }
    let mean = |values: &mut dyn Iterator<Item = f32>| values.sum::<f32>() / 5000.0;
    let noisy = sine.series(&[5000, 20, 30], 3, 0).unwrap();
    let wave = sine.series(&[5000, 20, 0], 3, 0).unwrap();
    let deviation = mean(&mut noisy.iter().zip(&wave).map(|(a, b)| (a - b).powi(2))).sqrt();
    assert!((deviation - 0.3).abs() < 0.02, "{deviation}");
    assert_eq!(windows(5, 3), [(0..3, 3), (1..4, 4)]);
    assert_eq!(windows(3, 3), []);
}
