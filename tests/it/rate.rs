//! The learning-rate range test: it suggests what trains well, says the same twice, and leaves the run as it is.

use crate::host::{Page, open, site, spec, with_engine};
use intab::protocol::{Command, Event, RateTest, Request, Response, RunState};
use intab::spec::{Preset, RunSpec};

async fn test(page: &mut Page) -> RateTest {
    match page.ask(Request::Rates).await {
        Ok(Response::Rates(test)) => test,
        other => panic!("no range test: {other:?}"),
    }
}

/// The numbers of a checkpoint: weights and the optimiser's state. The words before them come in any order.
async fn numbers(page: &mut Page) -> Vec<u8> {
    match page.ask(Request::Checkpoint).await {
        Ok(Response::File(bytes)) => {
            let words = u64::from_le_bytes(bytes[..8].try_into().unwrap());
            bytes[8 + words as usize..].to_vec()
        }
        other => panic!("no checkpoint: {other:?}"),
    }
}

/// Steps one by one, and their losses.
async fn losses(page: &mut Page, run: u32, count: usize) -> Vec<f32> {
    page.send(Command::Step { run, count: count as u32 });
    let mut losses = Vec::new();
    page.next("the steps", |e| match e {
        Event::Progress { run: r, progress } if r == run => {
            losses.extend(progress.points.iter().map(|p| p.loss));
            (losses.len() == count).then_some(())
        }
        _ => None,
    })
    .await;
    losses
}

#[test]
fn a_range_test_suggests_a_rate_and_leaves_the_run_as_it_is() {
    with_engine(&site("rates"), async |page| {
        open(page, 1);
        let undisturbed = losses(page, 1, 12).await;
        open(page, 2);
        let mut seen = losses(page, 2, 5).await;
        let before = numbers(page).await;
        let found = test(page).await;
        assert!(found.tried.windows(2).all(|pair| pair[0].rate < pair[1].rate));
        let suggested = found.suggested.expect("easy pictures are learned");
        assert!((5e-4..=3e-2).contains(&suggested), "Adam: {suggested}");
        assert!(numbers(page).await == before, "the run's weights and optimiser are as they were");
        assert_eq!(test(page).await, found, "the same seed, the same curve");
        seen.extend(losses(page, 2, 7).await);
        assert_eq!(seen, undisturbed, "the run's order goes on where it was");
    });
}

#[test]
fn a_run_that_plays_goes_on_and_another_run_ends_the_test() {
    with_engine(&site("rates-play"), async |page| {
        open(page, 1);
        page.send(Command::Play { run: 1 });
        page.send(Command::Ask { id: 5, question: Request::Rates });
        let (mut steps, mut answered, mut done) = (0, false, false);
        page.next("both", |e| {
            match e {
                Event::Progress { progress, .. } => steps += progress.points.len(),
                Event::Response { id: 5, .. } => answered = true,
                Event::State { state: RunState::Done, .. } => done = true,
                _ => (),
            }
            (answered && done).then_some(())
        })
        .await;
        assert_eq!(steps, 60);
        page.send(Command::Ask { id: 6, question: Request::Rates });
        open(page, 2);
        page.next("a refusal", |e| matches!(e, Event::Refused { id: 6, .. }).then_some(())).await;
    });
}

/// The mean loss of the last of `count` steps; infinite where they end in no number.
async fn loss_at(page: &mut Page, run: u32, mut spec: RunSpec, rate: f64) -> f64 {
    const STEPS: usize = 400;
    spec.train.learning_rate = rate;
    spec.train.schedule = "constant".into();
    page.send(Command::Open { run, spec, checkpoint: None });
    page.send(Command::Step { run, count: STEPS as u32 });
    let mut losses = Vec::new();
    page.next("the steps", |e| match e {
        Event::Progress { run: r, progress } if r == run => {
            losses.extend(progress.points.iter().map(|p| f64::from(p.loss)));
            (losses.len() == STEPS).then_some(())
        }
        Event::Failed { run: r, .. } if r == run => {
            losses = vec![f64::INFINITY; STEPS];
            Some(())
        }
        _ => None,
    })
    .await;
    losses[STEPS - STEPS / 5..].iter().sum::<f64>() / (STEPS / 5) as f64
}

/// Two spirals and a sigmoid got 5e-5 from noise, a circle and Adam 0.4, where they do not learn.
#[test]
fn a_suggested_rate_is_about_as_good_as_the_best_of_a_grid() {
    let grid = [1e-3, 0.01, 0.1, 1.0];
    with_engine(&site("rates-grid"), async |page| {
        let mut run = 0;
        let mut none = Vec::new();
        let cases = [
            ("penguins", "penguins", "adam", "relu"),
            ("spiral", "spiral", "sgd", "sigmoid"),
            ("spiral", "spiral", "adam", "relu"),
            ("plane", "circle", "sgd", "tanh"),
            ("plane", "circle", "adam", "tanh"),
            ("plane", "xor", "adam", "tanh"),
        ];
        for (preset, data, optimizer, activation) in cases {
            let mut spec = Preset::by_id(preset).unwrap().spec();
            spec.data.id = data.into();
            spec.train.optimizer = optimizer.into();
            if let Some(layers) = spec.model.options.get_mut("layers") {
                let words = layers.as_str().unwrap().replace("relu", activation).replace("tanh", activation);
                *layers = words.into();
            }
            run += 1;
            page.send(Command::Open { run, spec: spec.clone(), checkpoint: None });
            let found = test(page).await;
            let name = format!("{data} {optimizer} {activation}");
            let mut best = f64::INFINITY;
            for rate in grid {
                run += 1;
                best = best.min(loss_at(page, run, spec.clone(), rate).await);
            }
            let Some(rate) = found.suggested else {
                none.push((name, best));
                continue;
            };
            let reached = loss_at(page, run + 1, spec, rate).await;
            run += 1;
            assert!(reached < best + 0.1, "{name}: {rate} reaches {reached}, another rate {best}");
        }
        // Where none was suggested, none does much better than guessing one of two.
        assert!(none.iter().all(|(_, best)| *best > 0.62), "{none:?}");
    });
}

/// Rows and points as well as pictures, classes as well as numbers; SGD wants larger steps than Adam.
#[test]
fn every_kind_of_data_has_a_range_test() {
    let preset = |id: &str| Preset::by_id(id).unwrap().spec();
    let with = |mut spec: RunSpec, change: fn(&mut RunSpec)| {
        change(&mut spec);
        spec
    };
    with_engine(&site("rates-all"), async |page| {
        let specs = [
            (preset("penguins"), 1e-3..=0.1),
            (preset("spiral"), 1e-3..=0.1),
            (with(preset("plane"), |s| s.data.id = "slope".into()), 1e-3..=0.3),
            (with(spec(), |s| s.train.optimizer = "sgd".into()), 1e-2..=1.0),
        ];
        for (run, (spec, range)) in specs.into_iter().enumerate() {
            let id = format!("{} with {}", spec.data.id, spec.train.optimizer);
            page.send(Command::Open { run: run as u32, spec, checkpoint: None });
            let suggested = test(page).await.suggested;
            assert!(suggested.is_some_and(|rate| range.contains(&rate)), "{id}: {suggested:?}");
        }
        let zeros = with(spec(), |s| s.train.init = "zeros".into());
        page.send(Command::Open { run: 9, spec: zeros, checkpoint: None });
        assert_eq!(test(page).await.suggested, None, "nothing is learned from zeros");
    });
}
