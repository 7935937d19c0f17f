//! Messages: what a page says to an engine, changed by chance, said to a real one; and what an engine asks its helpers.
//! The engine must live on and answer the next question.

use super::{Chance, Kind, is_words};
use crate::host::{site, spec, with_engine};
use burn::tensor::Device;
use intab::engine::microbatch::JobServer;
use intab::protocol::vision::{Area, HeadSpec, Photo, VisionQuestion};
use intab::protocol::{Command, Continuation, Event, Picture, Question, Request, WatchRequest};
use intab::spec::{Preset, RunSpec};
use intab::table::{Edit, Given};
use serde_json::{Value, json};

fn rows() -> RunSpec {
    let mut spec = Preset::by_id("penguins").unwrap().spec();
    spec.train.epochs = 1.0;
    spec
}

fn own_layers() -> RunSpec {
    let mut spec = Preset::by_id("plane").unwrap().spec();
    spec.train.epochs = 1.0;
    spec
}

fn questions() -> Vec<Request> {
    let photo = Photo::Frame { width: 2, height: 2, rgba: vec![200; 16].into() };
    let head = HeadSpec {
        network: "efficientnet_lite0".into(),
        examples: vec![(1, 0), (2, 1)],
        classes: 2,
        epochs: 3,
        learning_rate: 0.01,
        held_out: 0.2,
        seed: 7,
        recordings: vec![vec![1, 2]],
    };
    let network = || "efficientnet_lite0".to_string();
    let area = Area { left: 0, top: 0, width: 9, height: 9 };
    let file = || vec![137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13];
    let drawing = Picture::Drawing {
        width: 4,
        height: 4,
        ink: vec![9, 0, 0, 255, 0, 255, 255, 0, 0, 255, 255, 0, 0, 0, 0, 0].into(),
    };
    let seen = vec![
        Request::Predict(drawing),
        Request::Predict(Picture::Row(vec![39.1, 18.7, 181.0])),
        Request::PredictRows(vec![vec![0.5, -0.5], vec![1.0, 2.0]]),
        Request::Trace(Picture::Train(3)),
        Request::LayerIo { picture: Picture::Test(1), layer: 1, map: 0 },
        Request::Predict(Picture::File(file().into())),
        Request::PictureAttention(Picture::Test(1)),
    ];
    let of_vision = [
        VisionQuestion::Classify { network: network(), photo: photo.clone() },
        VisionQuestion::Occlude {
            network: network(),
            input: vec![1; 12].into(),
            boxes: vec![area],
            classes: vec![1],
        },
        VisionQuestion::Inside { network: network(), input: vec![1; 12].into(), layer: 3 },
        VisionQuestion::Keep { id: 1, features: vec![0; 5888].into(), picture: file().into() },
        VisionQuestion::Features { ids: vec![1] },
        VisionQuestion::Similar,
        VisionQuestion::Recall { ids: vec![1, 2] },
        VisionQuestion::Forget { ids: vec![1] },
        VisionQuestion::TrainHead(head),
        VisionQuestion::Guess { network: network(), photo },
        VisionQuestion::SaveHead { labels: vec!["a".into()] },
        VisionQuestion::LoadHead(file().into()),
    ];
    let of_runs = vec![
        Request::Describe(own_layers()),
        Request::Samples { dataset: "mnist".into(), train: vec![1, 2], test: vec![3] },
        Request::Cell { truth: 1, predicted: 2, limit: 3 },
        Request::Mistakes { limit: 3 },
        Request::Save,
        Request::Checkpoint,
        Request::Excerpt(Question::Beginning(20)),
        Request::Excerpt(Question::Example { test: true, index: 0 }),
        Request::Excerpt(Question::Text("two".into())),
        Request::Generate(sample()),
        Request::States { text: "one t".into() },
        Request::Measure { spec: rows(), steps: 2 },
        Request::Rates,
        Request::Inspect(file().into()),
    ];
    seen.into_iter().chain(of_runs).chain(of_vision.map(Request::Vision)).collect()
}

fn sample() -> Continuation {
    let (temperature, top_k, top_p) = (0.8, 5, 0.9);
    Continuation { prompt: "one".into(), tokens: 5, temperature, top_k, top_p, seed: 1, choices: true }
}

/// A small network on a text of one's own.
fn text() -> RunSpec {
    let spec = Preset::by_id("my_text").unwrap().spec();
    spec.with_key("model.units", &8.0.into()).unwrap()
}

/// One of each kind, as JSON.
fn messages() -> Vec<Value> {
    let run = 1;
    let edit = Edit { row: 2, column: 1, before: "1".into(), after: "2".into() };
    let watch = WatchRequest {
        grid: vec![0, 5],
        look: Some(Picture::Test(1)),
        inside: true,
        surface: Some(20),
        weights: true,
        sample: Some(sample()),
    };
    let file = b"a,b\n1,2\n3,4\n5,7\n".to_vec();
    let mut all = vec![
        Command::Open { run, spec: spec(), checkpoint: None },
        Command::Open { run, spec: rows(), checkpoint: None },
        Command::Open {
            run,
            spec: own_layers(),
            checkpoint: Some(vec![8, 0, 0, 0, 0, 0, 0, 0, 123, 125].into()),
        },
        Command::Play { run },
        Command::Step { run, count: 2 },
        Command::Pause { run },
        Command::Change { run, key: "train.learning_rate".into(), value: 0.01 },
        Command::WatchRequest { run, watch },
        Command::SetWeight { run, name: "0.weight".into(), at: 0, value: 0.5 },
        Command::Cores { most: Some(2) },
        Command::Text { text: "one two three\n".repeat(20) },
        Command::Open { run, spec: text(), checkpoint: None },
        Command::Table {
            id: "csv".into(),
            given: Given {
                file: Some(serde_bytes::ByteBuf::from(file).into()),
                written: None,
                edits: vec![edit],
            },
        },
    ];
    all.extend(
        questions()
            .into_iter()
            .enumerate()
            .map(|(at, question)| Command::Ask { id: 100 + at as u32, question }),
    );
    all.iter().map(|command| serde_json::to_value(command).unwrap()).collect()
}

fn damaged(chance: &mut Chance, messages: &[Value]) -> Value {
    let mut message = chance.pick(messages).clone();
    if !chance.one_in(4) {
        chance.damaged_json(&mut message);
    }
    message
}

#[test]
fn any_message_is_understood_the_same_twice_or_not_at_all() {
    let all = messages();
    let kind = Kind { name: "decoding", slow: 1, most_bytes: 16 << 20 };
    kind.fuzz(
        |chance| damaged(chance, &all),
        |message| {
            if let Ok(command) = serde_json::from_value::<Command>(message.clone()) {
                let again = serde_json::to_value(&command).unwrap();
                // JSON has no infinity, which the browser's messages have.
                if let Ok(twice) = serde_json::from_value::<Command>(again.clone()) {
                    assert_eq!(serde_json::to_value(&twice).unwrap(), again);
                }
            }
        },
    );
}

fn told(event: &Event) {
    if let Event::Failed { failure, .. } | Event::Refused { failure, .. } = event {
        is_words(&failure.what);
    }
}

#[test]
fn an_engine_lives_through_any_messages() {
    let all = messages();
    let kind = Kind { name: "conversations", slow: 50, most_bytes: 1 << 30 };
    let made = |chance: &mut Chance| {
        let opened = chance.pick(&all[..2]).clone();
        let rest = (0..2 + chance.below(8)).map(|_| damaged(chance, &all));
        [opened].into_iter().chain(rest).collect::<Vec<_>>()
    };
    kind.fuzz(made, |said| {
        with_engine(&site("fuzz"), async |page| {
            for message in said {
                // What cannot be read never gets further.
                let Ok(command) = serde_json::from_value::<Command>(message.clone()) else { continue };
                page.send(command);
                page.send(Command::Ask { id: 9, question: Request::Describe(rows()) });
                let answered = page.next("an answer", |event| {
                    told(&event);
                    matches!(event, Event::Response { id: 9, .. }).then_some(())
                });
                answered.await;
            }
        });
    });
}

/// A target of so many classes.
fn classes(count: usize) -> Value {
    json!({ "class": { "names": vec!["a"; count] } })
}

#[test]
fn a_helper_answers_any_question_or_says_that_it_does_not_understand() {
    let heads = [
        ("dense4-tanh-dense", json!([2]), 3, 23 + 4),
        ("conv2x3-norm-relu-pool-flatten-dense", json!([1, 4, 4]), 2, 46),
    ];
    let made = |chance: &mut Chance| {
        let (layers, input, outputs, weights) = chance.pick(&heads).clone();
        let place = json!({ "seed": 7, "step": 3, "first": 0, "batch": 5, "smoothing": 0.1 });
        let place = if chance.one_in(2) { place } else { Value::Null };
        let width: usize = input.as_array().unwrap().iter().map(|n| n.as_u64().unwrap() as usize).product();
        let mut head = json!({ "layers": layers, "input": input, "target": classes(outputs), "examples": 5, "place": place });
        let truths = if place.is_null() { 0 } else { 5 };
        let mut numbers = vec![0.5; weights + 5 * width];
        numbers.extend((0..truths).map(|_| chance.below(outputs) as f32));
        match chance.below(4) {
            0 => numbers.truncate(chance.below(numbers.len())),
            1 => numbers.extend(vec![*chance.pick(&[f32::NAN, 300.0, -1.0]); 5]),
            2 => numbers
                .iter_mut()
                .for_each(|n| *n = *chance.pick(&[f32::NAN, f32::INFINITY, -1.0, 0.0, 1e30])),
            _ => (),
        }
        if !chance.one_in(3) {
            chance.damaged_json(&mut head);
        }
        (head.to_string(), numbers)
    };
    let kind = Kind { name: "helpers", slow: 4, most_bytes: 512 << 20 };
    kind.fuzz(made, |(head, numbers)| {
        let mut server = JobServer::new(Device::flex());
        server.answer(head, numbers);
        // It lives on.
        assert!(server.answer("not a question", &[]).is_none());
    });
}

/// Found by seed 6 of the helpers: a truth that is no class was looked up among the classes.
#[test]
fn a_helper_looks_up_no_class_that_there_is_none_of() {
    let place = json!({ "seed": 7, "step": 3, "first": 0, "batch": 1, "smoothing": 0.1 });
    let head = |examples: u64, input: Value| json!({ "layers": "dense", "input": input, "target": classes(2), "examples": examples, "place": place });
    // Six numbers of the network, two of the example.
    let numbers = |truth: f32| [vec![0.5; 8], vec![truth]].concat();
    let mut server = JobServer::new(Device::flex());
    let mut understood = |head: Value, truth| server.answer(&head.to_string(), &numbers(truth)).is_some();
    assert!(understood(head(1, json!([2])), 1.0));
    for truth in [2.0, 255.0, -1.0, f32::NAN] {
        assert!(!understood(head(1, json!([2])), truth), "{truth}");
    }
    assert!(!understood(head(u64::MAX, json!([2])), 1.0));
    assert!(!understood(head(1, json!([u64::MAX, 2, 2])), 1.0));
}
