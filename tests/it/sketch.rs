//! Networks that draw: strokes and moves, straightened lines, what is drawn from a mixture, and the published decoders
//! against numbers that numpy made (tests/reference/sketch_rnn.py).

use intab::random::Random;
use intab::sampling::stroke::{Gaussian, NextMove};
use intab::sketch::moves::{PAPER, Pen, PenMove, Point, centred, moves_of, path, strokes_of, window};
use intab::sketch::simplify::simplified;
use intab::sketch::spread::spread;
use intab::sketch::{MIXTURE, OUTPUTS, SKETCHERS, Sketcher};

fn step(right: f32, down: f32, pen: Pen) -> PenMove {
    PenMove { right, down, pen }
}

#[test]
fn strokes_become_moves_and_strokes_again() {
    let strokes: Vec<Vec<Point>> =
        vec![vec![(10.0, 20.0), (40.0, 20.0), (40.0, 60.0)], vec![(100.0, 50.0), (90.0, 90.0)]];
    let moves = moves_of(&strokes);
    let expected = [
        step(30.0, 0.0, Pen::Down),
        step(0.0, 40.0, Pen::Up),
        step(60.0, -10.0, Pen::Down),
        step(-10.0, 40.0, Pen::Up),
    ];
    assert_eq!(moves, expected);
    assert_eq!(strokes_of((10.0, 20.0), None, &moves), strokes);
    // What follows a lifted pen begins with a move through the air.
    let after = [step(5.0, 5.0, Pen::Down), step(20.0, 0.0, Pen::Up), step(9.0, 9.0, Pen::End)];
    let drawn = strokes_of((90.0, 90.0), moves.last(), &after);
    assert_eq!(drawn, [vec![(95.0, 95.0), (115.0, 95.0)]]);
    // After a pen that stayed down it is a line from there; what ends the drawing draws nothing.
    let drawn = strokes_of((40.0, 20.0), moves.first(), &after);
    assert_eq!(drawn, [vec![(40.0, 20.0), (45.0, 25.0), (65.0, 25.0)]]);
    assert!(moves_of(&[]).is_empty());
    assert_eq!(moves_of(&[vec![(7.0, 7.0)]]), [step(4.0, 0.0, Pen::Up)], "a tap is a dot");
}

#[test]
fn a_move_is_encoded_in_the_networks_measure() {
    assert_eq!(step(30.0, -15.0, Pen::Up).encoded(60.0), [0.5, -0.25, 0.0, 1.0, 0.0]);
    assert_eq!(PenMove::START.encoded(60.0), [0.0, 0.0, 1.0, 0.0, 0.0]);
    assert_eq!(step(0.0, 0.0, Pen::End).encoded(60.0), [0.0, 0.0, 0.0, 0.0, 1.0]);
}

#[test]
fn a_straightened_line_is_nowhere_far_from_what_it_was() {
    let bent = [(0.0, 0.0), (10.0, 1.0), (20.0, -1.0), (30.0, 9.0), (40.0, 0.0)];
    assert_eq!(simplified(&bent, 2.0), [(0.0, 0.0), (20.0, -1.0), (30.0, 9.0), (40.0, 0.0)]);
    assert_eq!(simplified(&bent, 20.0), [(0.0, 0.0), (40.0, 0.0)]);
    assert!(simplified(&[], 2.0).is_empty());
    // A closed line has no direction from its first point to its last.
    let closed = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 0.0)];
    assert_eq!(simplified(&closed, 2.0), closed);
    let circle: Vec<Point> = (0..=720)
        .map(|at| f64::from(at).to_radians() / 2.0)
        .map(|a| (100.0 * a.cos(), 100.0 * a.sin()))
        .collect();
    let fewer = simplified(&circle, 2.0);
    assert!((8..40).contains(&fewer.len()), "{} points", fewer.len());
    for point in circle {
        let near = fewer.windows(2).any(|pair| {
            let length = (pair[1].0 - pair[0].0).hypot(pair[1].1 - pair[0].1);
            let [a, b] = [pair[0], pair[1]].map(|end| (point.0 - end.0).hypot(point.1 - end.1));
            // Within an ellipse around the two ends that is at most 2 from the line between them.
            a + b <= (length * length + 16.0_f64).sqrt() + 1e-9
        });
        assert!(near, "{point:?}");
    }
    assert_eq!(simplified(&vec![(1.0, 1.0); 200_000], 2.0).len(), 2, "as long as it may be");
}

#[test]
fn a_drawing_that_leaves_the_paper_is_still_seen_whole() {
    assert_eq!(window(&[vec![(20.0, 20.0), (200.0, 270.0)]]), [0.0, 0.0, PAPER]);
    let [left, top, side] = window(&[vec![(-90.0, 20.0), (200.0, 270.0)]]);
    assert_eq!((left, side), (-130.0, PAPER + 130.0));
    assert!(top <= 0.0 && top + side >= PAPER);
    let moves = [step(100.0, 0.0, Pen::Down), step(0.0, 50.0, Pen::Up)];
    assert_eq!(centred(&moves), (510.0, 535.0));
    assert_eq!(path(&strokes_of((510.0, 535.0), None, &moves)), "M510.0 535.0L610.0 535.0L610.0 585.0");
}

#[test]
fn endings_are_apart_by_how_far_their_pens_are() {
    // Ten moves to the right, each so far down as is said.
    let ending = |down: f32| vec![step(50.0, down, Pen::Down); 30];
    assert_eq!(spread(&[ending(5.0), ending(5.0), ending(5.0)]), Some(0.0));
    // 11.2 further apart after each of ten moves: 11.2 to 112 units, 61.6 on average.
    let two = spread(&[ending(0.0), ending(11.2)]).unwrap();
    assert!((two - 61.6 / 1120.0).abs() < 1e-6, "{two}");
    // The pairs are once, twice and once as far apart.
    let three = spread(&[ending(0.0), ending(11.2), ending(22.4)]).unwrap();
    assert!((three - two * 4.0 / 3.0).abs() < 1e-6, "{three}");
    // One that is over at once stays where it began: 50 to 500 units from the other.
    let over = spread(&[ending(0.0), vec![step(90.0, 90.0, Pen::End)]]).unwrap();
    assert!((over - 275.0 / 1120.0).abs() < 1e-6, "{over}");
    assert_eq!(spread(&[ending(0.0)]), None);
}

/// Outputs with two Gaussians that count: the first three times as likely as the second.
fn outputs() -> Vec<f32> {
    let mut outputs = vec![0.0; OUTPUTS];
    outputs[..3].copy_from_slice(&[0.6_f32.ln(), 0.3_f32.ln(), 0.1_f32.ln()]);
    let mut set = |what: usize, values: [f32; 2]| outputs[3 + what * MIXTURE..][..2].copy_from_slice(&values);
    set(0, [0.75_f32.ln() + 50.0, 0.25_f32.ln() + 50.0]);
    set(1, [0.5, -1.0]);
    set(2, [0.25, 2.0]);
    set(3, [0.2_f32.ln(), 0.1_f32.ln()]);
    set(4, [0.1_f32.ln(), 0.1_f32.ln()]);
    set(5, [0.8_f32.atanh(), 0.0]);
    outputs
}

fn close(a: f64, b: f64, by: f64) -> bool {
    (a - b).abs() < by
}

#[test]
fn a_mixture_is_read_from_the_outputs() {
    let next = NextMove::of(&outputs(), 60.0);
    let first = next.mixture[0];
    let expected = Gaussian { weight: 0.75, mean: [30.0, 15.0], deviation: [12.0, 6.0], correlation: 0.8 };
    let pairs = [
        (first.weight, expected.weight),
        (first.mean[0], expected.mean[0]),
        (first.mean[1], expected.mean[1]),
        (first.deviation[0], expected.deviation[0]),
        (first.deviation[1], expected.deviation[1]),
        (first.correlation, expected.correlation),
        (next.mixture[1].weight, 0.25),
        (next.mixture[2].weight, 0.0),
    ];
    assert!(pairs.iter().all(|(a, b)| close(f64::from(*a), f64::from(*b), 1e-4)), "{pairs:?}");
    // Variances 144 and 36, covariance 57.6: eigenvalues 90 ± √(54² + 57.6²).
    let ellipse = first.ellipse(1.0);
    assert!(close(ellipse.long, 168.955_f64.sqrt(), 1e-3) && close(ellipse.short, 11.045_f64.sqrt(), 1e-3));
    assert!(close(ellipse.degrees, 23.426, 1e-2), "{ellipse:?}");
    let colder = next.weights(0.5);
    assert!(close(colder[0].into(), 0.9, 1e-4) && close(colder[1].into(), 0.1, 1e-4), "{colder:?}");
    assert_eq!(next.weights(0.0)[..2], [1.0, 0.0]);
    assert!(close(first.ellipse(0.25).long, ellipse.long / 2.0, 1e-9), "a quarter of the variance");
}

#[test]
fn at_temperature_nought_the_likeliest_is_drawn() {
    let next = NextMove::of(&outputs(), 60.0);
    for seed in 0..50 {
        let drawn = next.draw(0.0, &mut Random::new(seed, 0)).unwrap();
        assert!(close(drawn.right.into(), 30.0, 1e-4) && close(drawn.down.into(), 15.0, 1e-4));
        assert_eq!(drawn.pen, Pen::Down);
        let drawn = next.draw(0.01, &mut Random::new(seed, 0)).unwrap();
        assert!(close(drawn.right.into(), 30.0, 6.0) && close(drawn.down.into(), 15.0, 3.0), "{drawn:?}");
        assert_eq!(drawn.pen, Pen::Down);
    }
    let nan = NextMove::of(&[f32::NAN; OUTPUTS], 60.0);
    assert_eq!(nan.draw(1.0, &mut Random::new(1, 0)), None);
}

#[test]
fn draws_have_the_mixtures_moments() {
    let next = NextMove::of(&outputs(), 60.0);
    for (temperature, weight, pen) in
        [(1.0, 0.75, [0.6, 0.3, 0.1]), (0.5, 0.9, [36.0, 9.0, 1.0].map(|p| p / 46.0))]
    {
        let mut random = Random::new(5, 0);
        let drawn: Vec<PenMove> = (0..40_000).map(|_| next.draw(temperature, &mut random).unwrap()).collect();
        for (pen, expected) in Pen::ALL.into_iter().zip(pen) {
            let share = drawn.iter().filter(|step| step.pen == pen).count() as f64 / 40_000.0;
            assert!(close(share, expected, 0.01), "{pen:?} at {temperature}: {share}");
        }
        // The second Gaussian lies at −60.
        let first: Vec<(f64, f64)> = drawn
            .iter()
            .filter(|step| step.down < 70.0)
            .map(|step| (f64::from(step.right) - 30.0, f64::from(step.down) - 15.0))
            .collect();
        assert!(close(first.len() as f64 / 40_000.0, weight, 0.01), "{} at {temperature}", first.len());
        let mean = |of: fn(&(f64, f64)) -> f64| first.iter().map(of).sum::<f64>() / first.len() as f64;
        let moments =
            [mean(|p| p.0), mean(|p| p.1), mean(|p| p.0 * p.0), mean(|p| p.1 * p.1), mean(|p| p.0 * p.1)];
        let factor = f64::from(temperature);
        let expected = [0.0, 0.0, 144.0 * factor, 36.0 * factor, 57.6 * factor];
        for (found, expected) in moments.into_iter().zip(expected) {
            assert!(close(found, expected, 0.3 + expected * 0.05), "{moments:?} at {temperature}");
        }
    }
}

#[test]
fn every_network_that_draws_has_files_of_its_own() {
    for one in SKETCHERS {
        assert_eq!(Sketcher::by_id(one.id).unwrap().file, one.file);
        assert!(one.folder().starts_with(&format!("weights/{}/", one.id)));
    }
    assert_eq!(Sketcher::parameters(), 1_123_963);
}

#[cfg(all(feature = "cpu", feature = "tools"))]
mod published {
    use super::*;
    use intab::engine::vision::sketch::{Decoder, Memory, finish};
    use intab::engine::vision::weights::{self, Weights};
    use intab::platform;
    use intab::protocol::sketch::SketchQuestion;
    use intab::tools::data::sketch;
    use intab::tools::paths::Places;
    use serde::Deserialize;
    use std::collections::BTreeMap;
    use std::fs;
    use std::path::Path;

    #[derive(Deserialize)]
    struct Reference {
        moves: Vec<[f32; 5]>,
        networks: BTreeMap<String, Answer>,
    }

    #[derive(Deserialize)]
    struct Answer {
        scale: f32,
        outputs: Vec<f32>,
    }

    fn reference() -> Reference {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/sketch_rnn.json");
        serde_json::from_slice(&fs::read(file).unwrap()).unwrap()
    }

    /// The publisher's bytes, where there is a mirror of them.
    fn file(one: &Sketcher) -> Option<Vec<u8>> {
        let mirror = Places::find().unwrap().mirror_or_default(None).unwrap();
        let bytes = mirror.and_then(|mirror| fs::read(mirror.join("sketch_rnn").join(one.file)).ok());
        if bytes.is_none() {
            println!("not compared: there is no {} in the mirror", one.file);
        }
        bytes
    }

    fn decoder(one: &'static Sketcher, json: &[u8]) -> Decoder {
        let tensors = sketch::read(json).unwrap().into_iter().map(|t| (t.name, t.shape, t.values));
        Decoder::new(one, &Weights::from_tensors(tensors)).unwrap()
    }

    /// The decoder's outputs to the reference's moves, furthest from numpy's.
    fn furthest(decoder: &Decoder) -> f32 {
        let reference = reference();
        let answer = &reference.networks[decoder.about.id];
        assert_eq!(decoder.about.scale, answer.scale);
        let mut memory = Memory::empty(1);
        let mut outputs = Vec::new();
        for [right, down, _, up, end] in reference.moves {
            let pen = if end == 1.0 {
                Pen::End
            } else if up == 1.0 {
                Pen::Up
            } else {
                Pen::Down
            };
            let scale = decoder.about.scale;
            outputs = decoder.step(&[PenMove { right: right * scale, down: down * scale, pen }], &mut memory);
        }
        assert_eq!((outputs.len(), answer.outputs.len()), (OUTPUTS, OUTPUTS));
        outputs.iter().zip(&answer.outputs).map(|(a, b)| (a - b).abs() / (1.0 + b.abs())).fold(0.0, f32::max)
    }

    #[test]
    fn the_decoders_say_what_numpy_says() {
        for one in SKETCHERS {
            let Some(json) = file(one) else { continue };
            let most = furthest(&decoder(one, &json));
            println!("{}: largest difference {most}", one.id);
            assert!(most < 1e-4, "{}: {most}", one.id);
        }
    }

    /// From the publisher's file through the tool's files to the engine.
    #[test]
    fn what_the_tool_writes_is_what_the_engine_reads() {
        let root = std::env::temp_dir().join(format!("intab-sketch-{}", std::process::id()));
        let places = Places::find().unwrap();
        let mirror = places.mirror_or_default(None).unwrap();
        for one in SKETCHERS {
            if file(one).is_none() {
                continue;
            }
            assert_eq!(sketch::complete(&root.join(one.folder()), one), None);
            sketch::prepare(one, &root, mirror.as_deref(), &root.join("downloads")).unwrap();
            let manifest = sketch::complete(&root.join(one.folder()), one).unwrap();
            assert_eq!(manifest.bytes(), 2 * 1_123_963, "half precision");
            platform::set_root(&root);
            let weights = platform::block_on(weights::load(&one.files(), |_, _| ())).unwrap();
            let most = furthest(&Decoder::new(one, &weights).unwrap());
            println!("{}: largest difference in half precision {most}", one.id);
            assert!(most < 0.02, "{}: {most}", one.id);
        }
        let _ = fs::remove_dir_all(root);
    }

    #[test]
    fn a_file_that_is_another_is_refused_in_words() {
        let cases = [
            ("", "it is not a published network"),
            ("[{}, [[512, 123]], [\"AAAA\"]]", "its tensors are [[512, 123]] where"),
            (
                "[{}, [[512,123],[123],[5,2048],[512,2048],[2048]], [\"\",\"\",\"\",\"\",\"AAA=\"]]",
                "its tensor 4 has 1 numbers",
            ),
            (
                "[{}, [[512,123],[123],[5,2048],[512,2048],[2048]], [\"\",\"\",\"\",\"\",\"***=\"]]",
                "its tensor 4 is not base64",
            ),
        ];
        for (json, expected) in cases {
            let reason = sketch::read(json.as_bytes()).err().unwrap();
            assert!(reason.starts_with(expected), "{reason}");
        }
    }

    fn question(one: &Sketcher, temperature: f32, seed: u32, endings: u8) -> SketchQuestion {
        let circle = (0..=40).map(|at| f64::from(at) * std::f64::consts::TAU / 40.0);
        let begun = moves_of(&[circle.map(|a| (400.0 + 120.0 * a.cos(), 400.0 + 100.0 * a.sin())).collect()]);
        SketchQuestion { network: one.id.into(), begun, temperature, seed, endings }
    }

    #[test]
    fn drawings_end_repeat_with_their_seed_and_differ_more_when_it_is_hotter() {
        for one in SKETCHERS {
            let Some(json) = file(one) else { continue };
            let decoder = decoder(one, &json);
            let draw = |temperature: f32, seed: u32, endings: u8| {
                finish(&decoder, &question(one, temperature, seed, endings)).unwrap()
            };
            // One drawn alone is the first of nine: together they are only faster.
            let (nine, one_alone) = (draw(0.4, 3, 9), draw(0.4, 3, 1));
            assert_eq!(one_alone.endings[0], nine.endings[0], "{}", one.id);
            assert_ne!(one_alone.endings[0], draw(0.4, 4, 1).endings[0], "{}", one.id);
            assert!(
                nine.endings.iter().all(|ending| (10..one.longest).contains(&ending.len())),
                "{}",
                one.id
            );
            let hot = draw(1.0, 3, 9).endings;
            let ended = hot.iter().filter(|e| e.last().is_some_and(|step| step.pen == Pen::End)).count();
            assert!(ended >= 6, "{}: {ended} of 9 end by themselves when it is hot", one.id);
            let [cold, hot] = [draw(0.1, 3, 9).endings, hot].map(|endings| spread(&endings).unwrap());
            println!("{}: apart {cold:.3} at 0.1, {hot:.3} at 1", one.id);
            assert!(hot > 1.1 * cold, "{}: {hot} is not more than {cold}", one.id);
            let still = draw(0.0, 1, 2).endings;
            assert_eq!(still[0], still[1], "{}: at 0 there is one", one.id);
        }
    }

    #[test]
    fn what_it_expected_is_told_of_every_move() {
        let one = &SKETCHERS[0];
        let Some(json) = file(one) else { return };
        let decoder = decoder(one, &json);
        let begun = question(one, 0.3, 1, 0);
        let told = finish(&decoder, &begun).unwrap();
        assert_eq!((told.expected.len(), told.endings.len()), (begun.begun.len() + 1, 0));
        let fewer = SketchQuestion { begun: begun.begun[..2].to_vec(), ..begun.clone() };
        assert_eq!(told.expected[..3], finish(&decoder, &fewer).unwrap().expected);
        assert!(finish(&decoder, &question(one, 0.3, 1, 1)).unwrap().expected.is_empty());
        for next in &told.expected {
            let all: f32 = next.mixture.iter().map(|gaussian| gaussian.weight).sum();
            assert!((all - 1.0).abs() < 1e-4 && next.mixture.len() == MIXTURE);
        }
    }
}
