//! The learning-rate range test: it suggests what trains well, says the same twice, and leaves the run as it is.

use crate::host::{Page, open, site, spec, with_engine};
use intab::protocol::{Answer, Command, Event, Question, RateTest, RunState};
use intab::spec::{Preset, RunSpec};

async fn test(page: &mut Page) -> RateTest {
    match page.ask(Question::Rates).await {
        Ok(Answer::Rates(test)) => test,
        other => panic!("no range test: {other:?}"),
    }
}

/// The numbers of a checkpoint: weights and the optimiser's state. The words before them come in any order.
async fn numbers(page: &mut Page) -> Vec<u8> {
    match page.ask(Question::Checkpoint).await {
        Ok(Answer::File(bytes)) => {
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
        page.send(Command::Ask { id: 5, question: Question::Rates });
        let (mut steps, mut answered, mut done) = (0, false, false);
        page.next("both", |e| {
            match e {
                Event::Progress { progress, .. } => steps += progress.points.len(),
                Event::Answer { id: 5, .. } => answered = true,
                Event::State { state: RunState::Done, .. } => done = true,
                _ => (),
            }
            (answered && done).then_some(())
        })
        .await;
        assert_eq!(steps, 60);
        page.send(Command::Ask { id: 6, question: Question::Rates });
        open(page, 2);
        page.next("a refusal", |e| matches!(e, Event::Refused { id: 6, .. }).then_some(())).await;
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
