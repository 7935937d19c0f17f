//! Datasets that are rows of numbers: points of the plane, the penguins, a table of the visitor's own.

use crate::engine::{losses, open};
use burn::tensor::Device;
use intab::datasets::{NUMBERS, rows};
use intab::engine::data_parallel::WorkerPool;
use intab::engine::dataset_store::{Loaded, Sample};
use intab::engine::evaluate::Evaluating;
use intab::engine::resolved_dataset;
use intab::engine::sampler::Order;
use intab::engine::trainer::Trainer;
use intab::engine::weights;
use intab::engine::{inspect, trace};
use intab::platform::block_on;
use intab::protocol::{Catalogue, Evaluation, FeatureMaps};
use intab::spec::{PRESETS, Preset, RunSpec};
use intab::table::{Bytes, Given, How};

/// A run on rows of numbers, with the settings that the rows come with.
fn open_numbers(id: &str, changes: &[(&str, serde_json::Value)]) -> (Trainer, Loaded) {
    let catalogue = Catalogue::of_tables(|_| true);
    let mut spec = catalogue.change(&PRESETS[0].spec(), "data.id", &id.into()).unwrap();
    for (key, value) in changes {
        spec = catalogue.change(&spec, key, value).unwrap();
    }
    let data = resolved_dataset::open(&spec, None, 0, None).unwrap();
    (open(&spec, &data), data)
}

#[test]
fn every_set_of_numbers_is_learned_better_than_by_guessing() {
    for set in NUMBERS.iter().filter(|set| set.about.id != "csv") {
        let changes = [("train.learning_rate", 0.01.into()), ("train.batch_size", 20.into())];
        let (mut run, data) = open_numbers(set.about.id, &changes);
        assert!(data.complete() && data.train.len() > 100, "{}", set.about.id);
        let losses = losses(&mut run, &data, 600);
        let mean = |part: &[f32]| part.iter().sum::<f32>() / part.len() as f32;
        let (first, last) = (mean(&losses[..15]), mean(&losses[585..]));
        assert!(last < 0.9 * first, "{} goes from {first} to {last}", set.about.id);
    }
}

fn test_accuracy(run: &Trainer, data: &Loaded) -> Evaluation {
    let mut evaluating = Evaluating::new(run.step, &run.task);
    loop {
        let done = block_on(evaluating.go_on(&run.network, data, &mut WorkerPool::alone(), &Device::flex()))
            .unwrap();
        if let Some(evaluated) = done {
            return evaluated.evaluation;
        }
    }
}

fn open_preset(id: &str, seed: u32) -> (Trainer, Loaded) {
    let spec = RunSpec { seed, ..Preset::by_id(id).unwrap().spec() };
    let data = resolved_dataset::open(&spec, None, 0, None).unwrap();
    (open(&spec, &data), data)
}

/// The figures: at least 97 % of a held-out third over five seeds, and the lecture's five penguins.
#[test]
fn the_penguins_are_told_apart_and_the_five_are_filled_in() {
    let table = intab::table::penguins::table().unwrap();
    let (mut right, mut count) = (0.0, 0);
    for seed in 1..=5 {
        let (mut run, data) = open_preset("penguins", seed);
        let total = run.steps_total() as usize;
        losses(&mut run, &data, total);
        let evaluation = test_accuracy(&run, &data);
        assert!(evaluation.count >= 105, "a third of the complete rows, not {}", evaluation.count);
        (right, count) = (right + evaluation.score * f64::from(evaluation.count), count + evaluation.count);

        let recipe = rows::recipe(&run.spec.data, seed, &table).unwrap();
        let plan = intab::table::plan(&table, &recipe).unwrap();
        let asked: Vec<Vec<f32>> = (344..349).map(|row| plan.encode(&table, row)).collect();
        let batch = data.batch(asked.iter().map(|row| Sample::Row(row)), &Device::flex());
        let outputs = run.network.forward(batch).unwrap().into_data().iter::<f32>().collect::<Vec<_>>();
        let name =
            |row: &[f32]| run.ground.info.classes()[run.task.decode(row).class().unwrap().0 as usize].clone();
        let said: Vec<String> = outputs.chunks_exact(3).map(name).collect();
        assert_eq!(said, ["Chinstrap", "Adelie", "Adelie", "Adelie", "Adelie"], "seed {seed}");
    }
    assert!(right >= 0.97 * f64::from(count), "{right} of {count}");
}

/// A table of the visitor's own: what is learned follows from the column, and what cannot be learned is said.
fn given(csv: &str) -> Given {
    Given { file: Some(Bytes(csv.as_bytes().to_vec().into())), ..Given::default() }
}

#[test]
fn weights_of_a_table_say_what_its_columns_become_and_fit_no_other_table() {
    let rows = |column: &str, kinds: &[&str]| {
        let line = |i: usize| format!("{},{},{}\n", i % 19, ["red", "blue"][i % 2], kinds[i % kinds.len()]);
        given(&(format!("{column},colour,kind\n") + &(0..60).map(line).collect::<String>()))
    };
    let spec = Preset::by_id("penguins").unwrap().spec();
    let catalogue = Catalogue::of_tables(|_| true);
    let spec = catalogue.change(&spec, "data.id", &"csv".into()).unwrap();
    let spec = catalogue.change(&spec, "data.target", &"kind".into()).unwrap();
    let opened = |given: &Given| {
        let data = resolved_dataset::open(&spec, Some(given), 0, None).unwrap();
        open(&spec, &data)
    };
    let run = opened(&rows("size", &["a", "b"]));
    let file = block_on(weights::save(&run, None, false)).unwrap();
    let info = weights::inspect(&file).unwrap();
    assert_eq!(info.columns, run.ground.info.columns);
    assert_eq!(info.labels, ["a", "b"]);
    assert!(
        matches!(info.columns[0].how, How::Standardised { mean, .. } if mean > 5.0),
        "{:?}",
        info.columns
    );
    let How::OneHot { categories, .. } = &info.columns[1].how else { panic!("{:?}", info.columns) };
    assert_eq!(categories, &["blue", "red"]);

    let device = Device::flex();
    let load = |given: &Given| {
        let mut other = opened(given);
        weights::restore(&mut other, &file, &device).map_err(|failure| failure.what)
    };
    assert_eq!(load(&rows("size", &["b", "a"])), Ok(()), "the same columns in other rows");
    let why = load(&rows("weight", &["a", "b"])).unwrap_err();
    assert!(why.contains("its network takes “size”, which this table does not give"), "{why}");
    let why = load(&rows("size", &["a", "c"])).unwrap_err();
    assert!(why.contains("answers a, b, and this table asks for a, c"), "{why}");
}

#[test]
fn a_table_of_ones_own_is_learned_from() {
    let csv: String = (0..200).map(|i| format!("{},{},{}\n", i % 19, i % 7, 3 * (i % 19) - i % 7)).collect();
    let csv = format!("a,b,y\n{csv}");
    let mut spec = Preset::by_id("penguins").unwrap().spec();
    let catalogue = Catalogue::of_tables(|_| true);
    spec = catalogue.change(&spec, "data.id", &"csv".into()).unwrap();
    let refused = |spec: &RunSpec, given: Option<&Given>| {
        resolved_dataset::open(spec, given, 0, None).err().unwrap().what
    };
    let csv = given(&csv);
    assert!(refused(&spec, Some(&csv)).contains("choose first what is to be learned"));
    spec = catalogue.change(&spec, "data.target", &"y".into()).unwrap();
    assert!(refused(&spec, None).contains("drop its file on the page"));
    assert!(refused(&spec, Some(&given("a,b\n1,2\n3,4\n"))).contains("no column “y”"));
    let data = resolved_dataset::open(&spec, Some(&csv), 0, None).unwrap();
    assert_eq!(data.ground.info.target.value(), Some("y"));
    let mut run = open(&spec, &data);
    let total = run.steps_total() as usize;
    losses(&mut run, &data, total);
    let evaluation = test_accuracy(&run, &data);
    assert_eq!(evaluation.task, "regression");
    assert!(evaluation.score > 0.98, "{}", evaluation.score);
}

/// The figure: at least 98 % of the held-out points of the spiral with two hidden layers.
#[test]
fn two_hidden_layers_solve_the_spiral() {
    let (mut run, data) = open_preset("spiral", 7);
    let total = run.steps_total() as usize;
    losses(&mut run, &data, total);
    let evaluated = test_accuracy(&run, &data);
    assert_eq!(evaluated.count, 300);
    assert!(evaluated.score >= 0.98, "{}", evaluated.score);
}

#[test]
fn same_spec_same_points_other_seed_others() {
    let rows = |changes: &[(&str, serde_json::Value)]| {
        let (_, data) = open_numbers("circle", changes);
        (0..data.train.len() as u32).map(|i| data.example(&data.train, i).numbers).collect::<Vec<_>>()
    };
    assert_eq!(rows(&[]), rows(&[]));
    assert_ne!(rows(&[]), rows(&[("seed", 8.into())]));
    assert_ne!(rows(&[]), rows(&[("data.noise", 20.into())]));
    assert_eq!(rows(&[("data.count", 100.into()), ("data.test", 30.into())]).len(), 70);
}

#[test]
fn a_point_can_go_in_as_more_than_two_numbers() {
    let (run, data) = open_numbers("circle", &[("data.features", "x1x1-x2x2-x1x2".into())]);
    assert_eq!(run.network.input, [3]);
    let point = data.example(&data.test, 0).numbers;
    let input = data.batch([data.sample(&data.test, 0)].into_iter(), &Device::flex()).flat().into_data();
    let expected = [point[0] * point[0], point[1] * point[1], point[0] * point[1]];
    assert_eq!(input.iter::<f32>().collect::<Vec<_>>(), expected);
}

/// The trace's gradients are those of a step on the example alone: SGD moves each weight by rate × gradient.
#[test]
fn a_trace_tells_what_a_step_does() {
    let changes = [
        ("train.optimizer", "sgd".into()),
        ("train.schedule", "constant".into()),
        ("train.batch_size", 1.into()),
        ("model.hidden_1", 3.into()),
        ("model.hidden_2", 2.into()),
        ("train.learning_rate", 0.1.into()),
    ];
    for id in ["xor", "hills"] {
        let (mut run, data) = open_numbers(id, &changes);
        let first = Order::new(run.spec.seed, 1, data.shards()).batch(0)[0] as usize;
        let targets = data.train.targets.range(first..first + 1);
        let example = (data.sample(&data.train, first), &targets);
        let traced = block_on(trace::of(&run, &data, example, &Device::flex())).unwrap();
        assert_eq!(traced.outputs.len(), run.network.layers.len());
        block_on(run.train_step(&data, &mut WorkerPool::alone())).unwrap();
        let loss = block_on(run.read()).unwrap()[0].loss;
        assert!((loss - traced.loss).abs() < 1e-5, "{loss} and {}", traced.loss);
        let after = block_on(inspect::weights(&run.network)).unwrap();
        for ((before, gradient), after) in traced.weights.iter().zip(&traced.gradients).zip(&after) {
            for ((w, g), now) in before.values.iter().zip(&gradient.values).zip(&after.values) {
                assert!((w - 0.1 * g - now).abs() < 1e-5, "{}: {w} − 0.1 × {g} is not {now}", before.name);
            }
        }
    }
}

#[test]
fn the_plane_is_what_the_network_says_of_its_points() {
    let (run, data) = open_numbers("xor", &[("model.hidden_1", 4.into()), ("model.hidden_2", 3.into())]);
    let surface = block_on(inspect::surface(&run, &data, 5, &Device::flex())).unwrap().unwrap();
    assert_eq!((surface.input.maps, surface.input.height, surface.input.width), (2, 5, 5));
    let maps: Vec<u32> = surface.layers.iter().map(|plane| plane.maps).collect();
    assert_eq!(maps, [2, 4, 4, 3, 3, 2], "one map a unit");
    // The middle of the plane is the origin; rows go from the top down.
    let at = |plane: &FeatureMaps, map: usize, row: usize, column: usize| {
        let byte = f32::from(plane.pixels[(map * 5 + row) * 5 + column]);
        plane.min + byte / 255.0 * (plane.max - plane.min)
    };
    assert!(at(&surface.input, 0, 2, 0) < -4.0 && at(&surface.input, 1, 0, 2) > 4.0);
    let origin = data.batch([Sample::Row(&[0.0, 0.0])].into_iter(), &Device::flex());
    let logits = run.network.forward(origin).unwrap().into_data().iter::<f32>().collect::<Vec<_>>();
    let expected = run.task.decode(&logits).numbers()[1];
    assert!((at(&surface.answer, 1, 2, 2) - expected).abs() < 0.02);
}
