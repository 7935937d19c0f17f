//! Tasks: each field has one, its sums on a device are those that are added up here, and what was saved before tasks had
//! scores of their own is read.

use crate::engine::{losses, open};
use burn::tensor::{Device, Tensor, TensorData};
use intab::datasets::target::{IGNORE_INDEX, Prediction, Target, TargetField, Targets};
use intab::engine::resolved_dataset;
use intab::engine::tasks::TargetTask;
use intab::protocol::{Catalogue, Evaluation};
use intab::random::Random;
use intab::spec::Preset;
use intab::table::{Bytes, Given};
use intab::tasks::{TASKS, TaskKind};

/// A field of every kind, with some targets of it.
fn fields() -> Vec<(TargetField, Targets)> {
    let names = |count: usize| (0..count).map(|n| n.to_string()).collect::<Vec<_>>();
    vec![
        (TargetField::Class { names: names(4) }, Targets::Classes(vec![0, 3, 1, 1, 2])),
        (TargetField::Grade { names: names(4) }, Targets::Classes(vec![0, 3, 1, 1, 2])),
        (
            TargetField::Value { name: "mass".into(), mean: 4.0, std: 2.5 },
            Targets::Values(vec![1.0, 4.0, 9.5, 3.0, 4.5]),
        ),
        (TargetField::Token { vocabulary: names(4), unigram: 1.2 }, tokens()),
        (TargetField::Masked { vocabulary: names(4), unigram: 1.2 }, tokens()),
        (TargetField::Answer { vocabulary: names(4), unigram: 1.2 }, tokens()),
    ]
}

/// Of five examples of two steps, some of which ask for nothing.
fn tokens() -> Targets {
    Targets::Tokens { time: 2, ids: vec![1, IGNORE_INDEX, 0, 3, IGNORE_INDEX, 2, 2, 2, 1, 0] }
}

/// Numbers that a network gives for an example.
fn width(task: &TargetTask, targets: &Targets) -> usize {
    let steps = if let Targets::Tokens { time, .. } = targets { *time } else { 1 };
    task.outputs() * steps
}

#[test]
fn every_task_is_what_a_field_asks_for_and_only_one_is() {
    for task in TASKS {
        assert!(fields().iter().any(|(field, _)| TaskKind::of(field).id == task.id), "{}", task.id);
        assert_eq!(TaskKind::by_id(task.id).id, task.id);
    }
    for (field, _) in fields() {
        assert_eq!(TASKS.iter().filter(|task| (task.fits)(&field)).count(), 1, "{field:?}");
    }
}

#[test]
fn sums_on_the_device_are_those_of_outputs_that_were_read() {
    let mut random = Random::new(3, 0);
    for (field, targets) in fields() {
        let task = TargetTask::of(&field);
        let (rows, width) = (targets.len(), width(&task, &targets));
        let outputs: Vec<f32> = (0..rows * width).map(|_| random.uniform(3.0)).collect();
        let tensor = Tensor::<2>::from_data(TensorData::new(outputs.clone(), [rows, width]), &Device::flex());
        let there = task.device_sums(tensor, &targets).into_data().iter::<f64>().collect::<Vec<_>>();
        let here = task.sums(&outputs, &targets);
        assert_eq!(there.len(), here.len());
        for (there, here) in there.iter().zip(&here) {
            assert!((there - here).abs() < 1e-4 * here.abs().max(1.0), "{field:?}: {there} is not {here}");
        }
        let whole = task.scores(&here, rows);
        let half = |range: std::ops::Range<usize>| {
            task.sums(&outputs[range.start * width..range.end * width], &targets.range(range))
        };
        let added: Vec<f64> = half(0..2).iter().zip(half(2..rows)).map(|(a, b)| a + b).collect();
        assert!((task.scores(&added, rows).score - whole.score).abs() < 1e-9, "{field:?}: parts add up");
    }
}

#[test]
fn scores_are_what_their_names_say() {
    let names = vec!["a".to_string(), "b".into()];
    let classes = TargetTask::of(&TargetField::Class { names });
    // Even logits: ln 2 each; the second is right, the first of two alike is not what is said.
    let sums = classes.sums(&[0.0, 1.0, 2.0, 2.0], &Targets::Classes(vec![1, 0]));
    let scores = classes.scores(&sums, 2);
    let nats = ((1.0 + f64::exp(-1.0)).ln() + 2.0_f64.ln()) / 2.0;
    assert!((scores.loss - nats).abs() < 1e-6, "{} is not {nats}", scores.loss);
    assert_eq!(classes.decode(&[0.0, 0.0]), Prediction::Class(vec![0.5, 0.5]));

    // Two steps of two letters: the first example asks for nothing at its first step, and both say letter 1 always.
    let vocabulary = vec!["a".to_string(), "b".into()];
    let targets = Targets::Tokens { time: 2, ids: vec![IGNORE_INDEX, 1, 1, 0] };
    let outputs = [0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0];
    let [next, answers] = [
        TargetField::Token { vocabulary: vocabulary.clone(), unigram: 0.7 },
        TargetField::Answer { vocabulary, unigram: 0.7 },
    ]
    .map(|field| TargetTask::of(&field));
    let of = |task: &TargetTask| task.scores(&task.sums(&outputs, &targets), 2);
    assert!((of(&next).score - 2.0 / 3.0).abs() < 1e-9, "of three letters that were asked for");
    assert_eq!(of(&answers).score, 0.5, "of two answers");
    let sure = (1.0 + f64::exp(-1.0)).ln();
    assert!((of(&next).loss - (3.0 * sure + 1.0) / 3.0).abs() < 1e-6);
    assert_eq!([&next, &answers].map(|task| task.count(&task.sums(&outputs, &targets), 2)), [3, 2]);

    let field = TargetField::Value { name: "mass".into(), mean: 10.0, std: 2.0 };
    let mass = TargetTask::of(&field);
    let truths = Targets::Values(vec![8.0, 12.0]);
    assert_eq!(mass.scores(&mass.sums(&[-1.0, 1.0], &truths), 2).score, 1.0);
    let always_the_mean = mass.scores(&mass.sums(&[0.0, 0.0], &truths), 2);
    assert_eq!((always_the_mean.loss, always_the_mean.score), (1.0, 0.0));
    let kind = TaskKind::of(&field);
    assert_eq!(((kind.loss.chance)(&field), (kind.score.chance)(&field)), (Some(1.0), Some(0.0)));
    assert_eq!(mass.decode(&[0.5]), Prediction::Value(11.0));
}

#[test]
fn targets_cross_as_numbers_and_only_possible_ones_come_back() {
    // Sequences are not sent to helpers.
    for (field, targets) in fields().into_iter().filter(|(field, _)| !field.is_sequence()) {
        assert_eq!(Targets::from_numbers(&field, &targets.numbers()).as_ref(), Some(&targets));
        let mut pushed = field.empty();
        (0..targets.len()).for_each(|at| pushed.push(&targets.get(at)));
        assert_eq!(pushed, targets);
    }
    let (classes, _) = &fields()[0];
    for wrong in [4.0, -1.0, f32::NAN] {
        assert_eq!(Targets::from_numbers(classes, &[0.0, wrong]), None);
    }
    assert!(Prediction::Class(vec![0.1, 0.9]).is_right(&Target::Class(1)));
    assert!(!Prediction::Class(vec![0.1, 0.9]).is_right(&Target::Class(0)));
}

/// As `localStorage` has them since before tasks.
#[test]
fn evaluations_of_before_are_read() {
    let read = |text: &str| serde_json::from_str::<Evaluation>(text).unwrap();
    let classes =
        read(r#"{"step":40,"count":50,"correct":48,"loss":0.25,"seconds":0.5,"confusion":[24,1,1,24]}"#);
    assert_eq!((classes.task.as_str(), classes.score), ("classification", 0.96));
    let number = read(
        r#"{"step":40,"count":50,"correct":0,"r_squared":0.861,"loss":0.25,"seconds":0.5,"confusion":[]}"#,
    );
    assert_eq!((number.task.as_str(), number.score), ("regression", 0.861));
    let now = serde_json::to_string(&number).unwrap();
    assert_eq!(read(&now), number);
}

/// Stars of hotels by their rooms' size and price: a run on a table whose target is grades.
#[test]
fn grades_in_order_are_learned_as_grades() {
    let line = |i: usize| {
        let stars = 1 + i % 5;
        format!("{},{},{stars}\n", 10 * stars + i * 7 % 13, 30 * stars + i * 11 % 37)
    };
    let csv = String::from("size,price,stars\n") + &(0..300).map(line).collect::<String>();
    let given = Given { file: Some(Bytes(csv.into_bytes().into())), ..Given::default() };
    let catalogue = Catalogue::of_tables(|_| true);
    let mut spec = Preset::by_id("penguins").unwrap().spec();
    for (key, value) in [("data.id", "csv"), ("data.target", "stars"), ("data.task", "ordinal")] {
        spec = catalogue.change(&spec, key, &value.into()).unwrap();
    }
    let data = resolved_dataset::open(&spec, Some(&given), 0, None).unwrap();
    let grades = ["1", "2", "3", "4", "5"].map(String::from).to_vec();
    assert_eq!(data.ground.info.target, TargetField::Grade { names: grades });
    let mut run = open(&spec, &data);
    assert_eq!(run.task.outputs(), 4, "one question for each grade but the last");
    let total = run.steps_total() as usize;
    losses(&mut run, &data, total);
    let rows: Vec<_> = (0..data.test.len()).map(|at| data.sample(&data.test, at)).collect();
    let outputs = run.network.forward(data.batch(rows.into_iter(), &Device::flex())).unwrap();
    let outputs: Vec<f32> = outputs.into_data().iter::<f32>().collect();
    let scores = run.task.scores(&run.task.sums(&outputs, &data.test.targets), data.test.len());
    assert!(scores.score > 0.9, "kappa {}", scores.score);

    // One grade off costs less than three; to say the same always is worth nothing.
    let task = TargetTask::of(&data.ground.info.target);
    let said = |grade: usize| (0..4).map(|at| if at < grade { 9.0 } else { -9.0 }).collect::<Vec<f32>>();
    let kappa = |all: [usize; 5]| {
        let outputs: Vec<f32> = all.into_iter().flat_map(said).collect();
        task.scores(&task.sums(&outputs, &Targets::Classes(vec![0, 1, 2, 3, 4])), 5).score
    };
    assert!((kappa([0, 1, 2, 3, 4]) - 1.0).abs() < 1e-9);
    assert!(kappa([1, 1, 2, 3, 4]) > kappa([3, 1, 2, 3, 4]) && kappa([2; 5]).abs() < 1e-9);
}
