//! Series of numbers: windows know no future, the end is held out, and a network continues the wave, or a table of one's
//! own, better than who says the last value again; one step ahead and by itself.

use crate::host::{Page, with_engine};
use intab::catalogue::affordable;
use intab::datasets::series::{SINE, of_values};
use intab::datasets::tabular::TabularData;
use intab::datasets::target::TargetField;
use intab::datasets::{NUMBERS, TabularDataset, form_of};
use intab::layers::describe;
use intab::models::Model;
use intab::protocol::{
    Catalogue, Command, Continued, Event, Failure, Form, HeldOut, Request, Response, RunState, SeriesAnswer,
    SeriesQuestion,
};
use intab::random::Random;
use intab::spec::{PRESETS, Preset, RunSpec};
use intab::table::{Bytes, Given, Table, plan};
use serde_json::json;
use std::f32::consts::TAU;
use std::fmt::Write;
use std::path::PathBuf;

fn sine() -> RunSpec {
    Preset::by_id("sine").unwrap().spec()
}

fn changed(spec: &RunSpec, sets: &[(&str, serde_json::Value)]) -> RunSpec {
    let catalogue = Catalogue::of_tables(|_| true);
    sets.iter().fold(spec.clone(), |spec, (key, value)| catalogue.change(&spec, key, value).unwrap())
}

/// Five weather-like columns, a day each, from formulas, and the date. Fronts pass in two rhythms, so that the last days say
/// something of the next one that the last day alone does not.
fn weather(days: usize) -> String {
    let mut random = Random::new(5, 0);
    let mut csv = String::from("date,temperature,pressure,humidity,wind,sunshine\n");
    for day in 0..days {
        let wave = |period: f32| (TAU * day as f32 / period).sin();
        let (year, front) = (wave(120.0), wave(9.0) + 0.5 * wave(5.3));
        let temperature = 9.0 + 8.0 * year - 1.5 * front + 0.2 * random.normal();
        let pressure = 1013.0 - 6.0 * front + 0.5 * random.normal();
        let humidity = (70.0 - 12.0 * year + 5.0 * front + random.normal()).clamp(20.0, 100.0);
        let wind = (12.0 + 3.0 * front + random.normal()).max(0.0);
        let sunshine = (6.0 + 4.0 * year - 2.0 * front + 0.5 * random.normal()).max(0.0);
        let month = 1 + day / 28 % 12;
        writeln!(
            csv,
            "2023-{month:02}-{:02},{temperature:.1},{pressure:.1},{humidity:.0},{wind:.1},{sunshine:.1}",
            1 + day % 28
        )
        .unwrap();
    }
    csv
}

fn given(csv: &str) -> Given {
    Given { file: Some(Bytes(csv.as_bytes().to_vec().into())), ..Given::default() }
}

/// The temperature of the weather, from the last rows.
fn continued(window: usize) -> RunSpec {
    let sets =
        [("data.id", json!("csv")), ("data.target", json!("temperature")), ("data.window", json!(window))];
    changed(&sine(), &sets)
}

fn opened(spec: &RunSpec, csv: Option<&str>) -> Result<TabularData, String> {
    let set = TabularDataset::by_id(&spec.data.id).unwrap();
    (set.open)(&spec.data, spec.seed, csv.map(given).as_ref())
}

#[test]
fn a_window_holds_the_steps_before_the_target_and_none_from_it_on() {
    // Every value is its own place, so that a window shows where it was cut.
    let series = of_values((0..50).map(|at| at as f32).collect(), 4);
    let unscaled = |number: f32| number * series.features[0].std + series.features[0].mean;
    let data = series.clone().data("value").unwrap();
    assert_eq!((series.cut, data.train.len(), data.test.len()), (40, 36, 10));
    for (rows, first) in [(&data.train, 4), (&data.test, 40)] {
        for index in 0..rows.len() {
            let step = first + index;
            let window = rows.row(index);
            assert_eq!(window.len(), 8, "four steps of a value and its change");
            let values: Vec<f32> = window.chunks_exact(2).map(|pair| unscaled(pair[0]).round()).collect();
            let expected: Vec<f32> = (step - 4..step).map(|at| at as f32).collect();
            assert_eq!(values, expected, "before step {step}");
            assert_eq!(rows.targets.numbers()[index], step as f32);
        }
    }
    let TargetField::Value { mean, .. } = data.target else { panic!("a number") };
    assert!((mean - 21.5).abs() < 1e-4, "the mean of the steps to learn from, 4 to 39, not {mean}");
}

#[test]
fn nothing_of_the_held_out_end_reaches_what_is_learned_from() {
    let wave = |end: f32| {
        let values = (0..100).map(|at| if at < 80 { (at as f32 / 3.0).sin() } else { end });
        of_values(values.collect(), 10).data("value").unwrap()
    };
    let [one, other] = [wave(1.0), wave(-900.0)];
    assert_eq!(one.target, other.target, "the constants, too");
    assert_eq!(one.train.targets, other.train.targets);
    (0..one.train.len()).for_each(|at| assert_eq!(one.train.row(at), other.train.row(at)));
}

#[test]
fn the_last_value_again_is_the_line_to_beat() {
    // It goes up by 1 each step: the last value is always 1 short.
    let series = of_values((0..50).map(|at| at as f32).collect(), 4);
    let scores = series.persistence(&series.held_out());
    assert!((scores.mae - 1.0).abs() < 1e-6);
    // Σ (truth − 44.5)² = 82.5 over ten steps.
    assert!((scores.r2 - (1.0 - 10.0 / 82.5)).abs() < 1e-6, "{}", scores.r2);
    let truths: Vec<f32> = (40..50).map(|at| at as f32).collect();
    let perfect = series.scores(&series.held_out(), &truths);
    assert_eq!((perfect.r2, perfect.mae), (1.0, 0.0));
    assert_eq!(series.info().persistence, scores);
    assert_eq!((series.info().cut, series.info().held_out), (40, 10));
}

#[test]
fn a_window_that_leaves_nothing_to_predict_is_refused_in_words() {
    let why = opened(&changed(&sine(), &[("data.length", json!(50)), ("data.window", json!(100))]), None);
    assert!(why.unwrap_err().contains("too short to read 100 steps"));
    let why = opened(&continued(100), Some(&weather(60)));
    assert!(why.unwrap_err().contains("too short to read 100 rows"));
    let words = changed(&continued(5), &[("data.target", json!("date"))]);
    assert!(opened(&words, Some(&weather(60))).unwrap_err().contains("cannot be continued"));
}

#[test]
fn a_table_in_order_is_read_by_its_numeric_columns_and_split_by_time() {
    let (spec, csv) = (continued(10), weather(400));
    assert_eq!((form_of(&spec.data), spec.model.id.as_str()), (Form::Series, "many_to_one"));
    let data = opened(&spec, Some(&csv)).unwrap();
    let info = data.info(TabularDataset::by_id("csv").unwrap());
    assert_eq!((info.form, info.shape), (Form::Series, vec![10, 5]));
    assert_eq!(info.features, ["temperature", "pressure", "humidity", "wind", "sunshine"]);
    assert_eq!((data.train.len(), data.test.len()), (310, 80));
    let series = info.series.unwrap();
    assert_eq!(series.given, ["pressure", "humidity", "wind", "sunshine"]);
    assert_eq!((series.steps, series.cut, series.window), (400, 320, 10));
    let table = Table::read(csv.clone().into_bytes()).unwrap();
    let recipe = intab::datasets::rows::recipe(&spec.data, spec.seed, &table).unwrap();
    let plan = plan(&table, &recipe).unwrap();
    assert_eq!((plan.train[0], plan.test[0], plan.test.len()), (10, 320, 80));
    // What the page chose is what a link says, and the other way round.
    let said = intab::datasets::rows::settings_of(&recipe, "csv", &table);
    assert!(said.contains(&("data.window".into(), json!(10))), "{said:?}");
    // A link says it, with whatever network reads the windows.
    for model in ["many_to_one", "mlp", "custom"] {
        let spec = changed(&spec, &[("model.id", json!(model))]);
        let link = intab::link::encode(Preset::by_id("penguins").unwrap(), &spec, (None, None));
        let back = intab::link::decode(&link);
        assert!(back.ignored.is_empty(), "{link}: {:?}", back.ignored);
        assert_eq!((back.spec.model, back.spec.data), (spec.model, spec.data), "{link}");
    }
    // Rows for themselves are again rows of a table, with the network that comes with them.
    let rows = changed(&spec, &[("data.window", json!(0))]);
    assert_eq!((form_of(&rows.data), rows.model.id.as_str()), (Form::Row, "mlp"));
}

#[test]
fn a_missing_number_is_the_one_before_it_and_a_missing_target_is_not_asked_for() {
    let mut csv = String::from("date,temperature,wind\n");
    for day in 0..40 {
        let temperature = if day == 20 { String::new() } else { day.to_string() };
        let wind = if day == 30 { String::new() } else { (day * day).to_string() };
        writeln!(csv, "d{day},{temperature},{wind}").unwrap();
    }
    let data = opened(&continued(2), Some(&csv)).unwrap();
    assert_eq!((data.train.len(), data.test.len()), (29, 8), "two to begin with, and one that is missing");
    let series = data.series.unwrap();
    let at = |step: usize, feature: usize| series.values[step * 2 + feature];
    assert_eq!(at(20, 0), at(19, 0));
    assert_eq!(at(30, 1), at(29, 1));
    assert_ne!(at(31, 1), at(30, 1));
    assert!(!series.asked(0..40).contains(&20));
    assert_eq!(series.last_before(21), Some(19.0));
}

#[test]
fn layers_for_a_series_fit_or_are_refused_in_words() {
    let catalogue = Catalogue::of_tables(|_| true);
    let custom = changed(&sine(), &[("model.id", json!("custom"))]);
    assert_eq!(custom.model.options["layers"], "gru16-last-dense");
    let deep = changed(&custom, &[("model.layers", json!("lstm8-rnn8-last-dense8-relu-dense"))]);
    let layers = Model::by_id("custom").unwrap().layers_of(&deep.model, 1).unwrap();
    assert_eq!(describe(&layers, &[25, 2]).unwrap().last().unwrap().output, [1]);
    let refused = |list: &str| catalogue.change(&custom, "model.layers", &json!(list)).unwrap_err();
    assert!(refused("embedding8-gru8-last-dense").contains("this data has none"));
    assert!(refused("gru8-dense").contains("Last step or Flatten"));
    assert!(refused("conv4x3-flatten-dense").contains("takes a picture"));
    // Every model that fits a row fits a window, or says why not.
    for set in NUMBERS {
        let spec = catalogue.change(&PRESETS[0].spec(), "data.id", &set.about.id.into()).unwrap();
        assert!(Model::by_id(&spec.model.id).is_some());
    }
    let layers = Model::by_id(SINE.model).unwrap().layers_of(&sine().model, 1).unwrap();
    let infos = describe(&layers, &[25, 2]).unwrap();
    affordable(infos.iter().map(|l| (l.parameters, l.multiply_adds))).unwrap();
}

async fn ask(page: &mut Page, question: SeriesQuestion) -> Result<SeriesAnswer, Failure> {
    match page.ask(Request::Series(question)).await? {
        Response::Series(answer) => Ok(answer),
        other => panic!("{other:?}"),
    }
}

async fn held_out(page: &mut Page) -> HeldOut {
    match ask(page, SeriesQuestion::HeldOut).await.unwrap() {
        SeriesAnswer::HeldOut(answer) => answer,
        other => panic!("{other:?}"),
    }
}

async fn go_on(page: &mut Page, from: u32, steps: u32) -> Continued {
    match ask(page, SeriesQuestion::Continue { from, steps }).await.unwrap() {
        SeriesAnswer::Continued(answer) => answer,
        other => panic!("{other:?}"),
    }
}

async fn truth(page: &mut Page) -> Vec<f32> {
    match ask(page, SeriesQuestion::Truth).await.unwrap() {
        SeriesAnswer::Truth(truth) => truth.0,
        other => panic!("{other:?}"),
    }
}

/// Trains to the end; the last evaluation's R² and the seconds that training took.
async fn train(page: &mut Page, spec: RunSpec) -> (f64, f64) {
    page.send(Command::Open { run: 1, spec, checkpoint: None });
    page.send(Command::Play { run: 1 });
    let (mut score, mut seconds) = (0.0, 0.0);
    let done = |event: Event| {
        match event {
            Event::Evaluated { evaluation, .. } => score = evaluation.score,
            Event::Progress { progress, .. } => seconds = progress.seconds,
            Event::Failed { failure, .. } => panic!("{failure:?}"),
            Event::State { state: RunState::Done, .. } => return Some(()),
            _ => (),
        }
        None
    };
    page.next("the end", done).await;
    (score, seconds)
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("intab-series-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn the_sine_is_learned_and_goes_on_by_itself() {
    with_engine(&folder("sine"), async |page| {
        let (score, seconds) = train(page, sine()).await;
        let found = held_out(page).await;
        println!(
            "sine: R² {score:.4} in {seconds:.1} s; {:?}, the last value again {:?}",
            found.scores, found.persistence
        );
        assert!((found.scores.r2 - score).abs() < 1e-4, "the evaluation says {score}, the answer {found:?}");
        assert_eq!((found.steps[0], found.steps.len(), found.predicted.len()), (800, 200, 200));
        assert!(
            found.scores.r2 > 0.95 && found.scores.r2 > found.persistence.r2 + 0.03,
            "{:?}",
            found.scores
        );
        assert!(found.scores.mae < 0.7 * found.persistence.mae, "{:?}", found.scores);
        // From the end of the data on, nothing is known: it swings on with the wave's period.
        let all = truth(page).await;
        assert_eq!(all.len(), 1000);
        let on = go_on(page, 1000, 100).await;
        assert_eq!(on.predicted.len(), 100);
        let up = |at: &usize| on.predicted[*at - 1] < 0.0 && on.predicted[*at] >= 0.0;
        let rises: Vec<usize> = (1..100).filter(up).collect();
        let span = (rises[rises.len() - 1] - rises[0]) as f32 / (rises.len() - 1) as f32;
        println!("rises at {rises:?}");
        assert!((span - 25.0).abs() < 1.5, "a period of 25, not {span}: {rises:?}");
        let last: Vec<f32> = on.predicted[75..].to_vec();
        let (least, most) = last.iter().fold((0.0_f32, 0.0_f32), |(a, b), v| (a.min(*v), b.max(*v)));
        println!("between {least} and {most}");
        assert!(least < -0.6 && most > 0.6, "it still swings: {least} to {most}");
        // Its first step is what it says one step ahead.
        let first = go_on(page, 800, 1).await;
        assert!((first.predicted[0] - found.predicted[0]).abs() < 1e-5);
        let why = ask(page, SeriesQuestion::Continue { from: 24, steps: 5 }).await.unwrap_err();
        assert!(why.what.contains("one of the steps 25 to 1000"), "{}", why.what);
    });
}

#[test]
fn the_weather_of_a_table_is_continued_better_than_by_its_last_value() {
    with_engine(&folder("weather"), async |page| {
        page.send(Command::Table { id: "csv".into(), given: given(&weather(600)) });
        let (score, seconds) = train(page, continued(10)).await;
        let found = held_out(page).await;
        println!(
            "weather: R² {score:.4} in {seconds:.1} s; {:?}, the last value again {:?}",
            found.scores, found.persistence
        );
        assert_eq!((found.steps[0], found.steps.len()), (480, 120));
        assert!(found.scores.r2 > found.persistence.r2 + 0.01, "{:?}", found.scores);
        assert!(found.scores.mae < found.persistence.mae, "{:?} {:?}", found.scores, found.persistence);
        let on = go_on(page, 480, 100).await;
        assert_eq!(on.predicted.len(), 100);
        let spread = on.predicted.iter().fold((f32::MAX, f32::MIN), |(a, b), v| (a.min(*v), b.max(*v)));
        println!("by itself between {spread:?}");
        assert!(spread.0 > -15.0 && spread.1 < 35.0, "{spread:?}");
        // Behind the end of the table it goes on as well.
        assert_eq!(go_on(page, 600, 20).await.predicted.len(), 20);
    });
}

#[test]
fn a_run_on_a_table_of_rows_is_no_series() {
    with_engine(&folder("rows"), async |page| {
        let spec = Preset::by_id("penguins").unwrap().spec();
        page.send(Command::Open { run: 1, spec, checkpoint: None });
        let why = ask(page, SeriesQuestion::HeldOut).await.unwrap_err();
        assert!(why.what.contains("does not continue a series"), "{}", why.what);
    });
}
