//! Tokens drawn from logits, against values worked by hand.

use intab::random::Random;
use intab::sampling::Sampling;

/// Probabilities 0.1, 0.5, 0.15, 0.25 as logits, up to a constant.
fn logits() -> [f32; 4] {
    [0.1_f32, 0.5, 0.15, 0.25].map(|p| p.ln() + 7.0)
}

fn assert_candidates(sampling: Sampling, expected: &[(u32, f32)]) {
    let found = sampling.candidates(&logits());
    assert_eq!(found.len(), expected.len(), "{sampling:?}: {found:?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.0 == expected.0 && (found.1 - expected.1).abs() < 1e-5, "{sampling:?}: {found:?}");
    }
}

#[test]
fn candidates_are_the_likeliest_worked_by_hand() {
    let plain = Sampling::default();
    assert_candidates(plain, &[(1, 0.5), (3, 0.25), (2, 0.15), (0, 0.1)]);
    assert_candidates(Sampling { temperature: 0.0, ..plain }, &[(1, 1.0)]);
    // At temperature ½ probabilities are squared: 0.25, 0.0625, 0.0225, 0.01 of 0.345.
    let squared = [(1, 0.724_638), (3, 0.181_159), (2, 0.065_217), (0, 0.028_986)];
    assert_candidates(Sampling { temperature: 0.5, ..plain }, &squared);
    assert_candidates(Sampling { top_k: 2, ..plain }, &[(1, 2.0 / 3.0), (3, 1.0 / 3.0)]);
    assert_candidates(Sampling { top_k: 9, ..plain }, &[(1, 0.5), (3, 0.25), (2, 0.15), (0, 0.1)]);
    // 0.5 + 0.25 are not 0.8 yet, with 0.15 they are more.
    assert_candidates(Sampling { top_p: 0.8, ..plain }, &[(1, 0.5 / 0.9), (3, 0.25 / 0.9), (2, 0.15 / 0.9)]);
    assert_candidates(Sampling { top_p: 0.0, ..plain }, &[(1, 1.0)]);
    // Of the first three, shares are 5⁄9, 2.5⁄9, 1.5⁄9: 0.6 needs two.
    assert_candidates(Sampling { top_k: 3, top_p: 0.6, ..plain }, &[(1, 2.0 / 3.0), (3, 1.0 / 3.0)]);
}

#[test]
fn ties_go_to_the_smaller_id_and_what_is_no_number_is_not_drawn() {
    let greedy = Sampling { temperature: 0.0, ..Sampling::default() };
    assert_eq!(greedy.candidates(&[1.0, 3.0, 3.0]), [(1, 1.0)]);
    assert_eq!(greedy.candidates(&[f32::NAN, -1.0, f32::NEG_INFINITY]), [(1, 1.0)]);
    let plain = Sampling::default();
    assert_eq!(plain.candidates(&[f32::NAN, 0.0, 0.0]), [(1, 0.5), (2, 0.5)]);
    assert_eq!(plain.candidates(&[0.0, f32::INFINITY]), [(1, 1.0)]);
    assert_eq!(plain.draw(&[f32::NAN; 2], &mut Random::new(1, 0)), None);
    assert_eq!(plain.draw(&[], &mut Random::new(1, 0)), None);
}

#[test]
fn draws_have_the_probabilities_and_a_seed_repeats_them() {
    let draw = |seed: u32| {
        let mut random = Random::new(seed, 0);
        (0..20_000).map(|_| Sampling::default().draw(&logits(), &mut random).unwrap()).collect::<Vec<_>>()
    };
    let drawn = draw(3);
    for (token, expected) in [0.1, 0.5, 0.15, 0.25].into_iter().enumerate() {
        let share = drawn.iter().filter(|d| **d as usize == token).count() as f64 / 20_000.0;
        // Four deviations of a share of ½.
        assert!((share - expected).abs() < 0.015, "{token}: {share}");
    }
    assert_eq!(drawn, draw(3));
    assert_ne!(drawn, draw(4));
}
