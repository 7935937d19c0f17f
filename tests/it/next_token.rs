//! Networks that learn which token comes next: what an example of a text is, what is held out, streams whose state goes on,
//! runs that come back from a file, and what a network writes.

use crate::host::{Page, with_engine};
use intab::datasets::target::{IGNORE_INDEX, Target, TargetField, Targets};
use intab::datasets::{TokenData, TokenDataset};
use intab::protocol::{
    Command, Continuation, Evaluation, Event, Question, Request, Response, RunState, WatchRequest,
};
use intab::spec::{Preset, RunSpec};
use intab::text::TextDataset;
use intab::tools::data::text::write;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// A verse that is easy to learn by heart.
const VERSE: &str = "one two three four five six seven eight nine ten\n";

fn spec(preset: &str, sets: &[(&str, f64)]) -> RunSpec {
    let spec = Preset::by_id(preset).unwrap().spec();
    sets.iter().fold(spec, |spec, (key, value)| spec.with_key(key, &(*value).into()).unwrap())
}

/// A small network on the visitor's own text.
fn own(epochs: f64) -> RunSpec {
    let small = [("model.units", 24.0), ("data.window", 16.0), ("train.batch_size", 8.0)];
    let spec = spec("my_text", &small);
    spec.with_key("train.epochs", &epochs.into()).unwrap()
}

fn open(set: &str, spec: &RunSpec, text: [&str; 2]) -> TokenData {
    TokenDataset::by_id(set).unwrap().open(&spec.data, spec.seed, Some(text)).unwrap()
}

fn folder(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("intab-tokens-{}-{name}", std::process::id()))
}

#[test]
fn an_example_of_a_text_is_a_window_and_the_same_one_token_further() {
    let spec = spec("shakespeare", &[("data.window", 4.0)]);
    let data = open("shakespeare", &spec, ["abcdefghij", "jihgfedcba"]);
    let read = |at: usize| data.tokenizer.as_ref().unwrap().decode(data.train.input(at));
    assert_eq!([read(0), read(1)], ["abcd", "efgh"], "a rest that is shorter is left out");
    assert_eq!((data.train.examples.len(), data.window, data.carry), (2, 4, true));
    let Targets::Tokens { time: 4, ids } = data.train.targets([1].into_iter()) else { panic!("of tokens") };
    assert_eq!(data.tokenizer.as_ref().unwrap().decode(&ids), "fghi");
    assert_eq!(data.info.characters, [10, 10]);
    // Every letter but the first eight's first comes once; one of each is added: (1 + 1) ÷ (8 + 11).
    let unigram = data.info.unigram;
    assert!((1.5..3.0).contains(&unigram), "{unigram}");
}

#[test]
fn lines_are_read_from_one_end_of_a_line_to_the_next() {
    let spec = spec("names", &[]);
    let data = open("names", &spec, ["ann\nbo\n", "cy\n"]);
    let decode = |ids: &[u32]| data.tokenizer.as_ref().unwrap().decode(ids);
    let pairs: Vec<(String, String)> = (0..2)
        .map(|at| {
            let Targets::Tokens { ids, .. } = data.train.targets([at].into_iter()) else { panic!("tokens") };
            (decode(data.train.input(at)), decode(&ids))
        })
        .collect();
    assert_eq!(pairs, [("\nann".into(), "ann\n".into()), ("\nbo".into(), "bo\n".into())]);
    assert!(data.info.lines && !data.carry);
    let Targets::Tokens { time, ids } = data.train.targets([0, 1].into_iter()) else { panic!("tokens") };
    assert_eq!(
        (time, ids.iter().filter(|id| **id == IGNORE_INDEX).count()),
        (4, 1),
        "filled up to the longest"
    );
    assert_eq!(data.info.lengths, [0, 0, 0, 1, 1]);
}

#[test]
fn the_bigram_line_is_what_counting_gives() {
    let spec = spec("shakespeare", &[("data.window", 2.0)]);
    let data = open("shakespeare", &spec, ["abababababa", "abab"]);
    // Vocabulary: unknown, a, b. After a there were 5 b of 5, after b 5 a of 5; one of each pair is added: 6 ÷ 8.
    let nats = -(6.0_f32 / 8.0).ln();
    assert!((data.info.bigram.unwrap() - nats).abs() < 1e-6, "{:?}", data.info.bigram);
    // The same without knowing what was before: 5 + 1 of 10 + 3.
    assert!((data.info.unigram + (6.0_f32 / 13.0).ln()).abs() < 1e-6, "{}", data.info.unigram);
}

#[test]
fn every_made_set_asks_for_answers_that_training_never_saw() {
    for set in TokenDataset::all().filter(|set| !set.is_text()) {
        let spec = spec("add", &[]).with_key("data.id", &set.id().into()).unwrap();
        let mut data_spec = spec.data.clone();
        data_spec.options.clear();
        let data = set.open(&data_spec, 7, None).unwrap();
        assert!(matches!(data.target, TargetField::Answer { .. }), "{}", set.id());
        let questions = |split: &intab::datasets::tokens::TokenSplit| -> BTreeSet<Vec<u32>> {
            (0..split.examples.len()).map(|at| split.input(at).to_vec()).collect()
        };
        let (train, test) = (questions(&data.train), questions(&data.test));
        let few = test.len() < 500;
        assert!(few || train.is_disjoint(&test), "{}", set.id());
        assert!(!test.is_empty() && train.len() >= test.len(), "{}", set.id());
        let asked = data.test.targets([0].into_iter());
        let Targets::Tokens { ids, .. } = asked else { panic!("tokens") };
        assert!(ids.contains(&IGNORE_INDEX) && ids.iter().any(|id| *id != IGNORE_INDEX), "{}", set.id());
    }
}

/// Plays to the end; the loss of every step, and the last evaluation.
pub async fn play(page: &mut Page, run: u32) -> (Vec<f32>, Evaluation) {
    page.send(Command::Play { run });
    let (mut losses, mut last) = (Vec::new(), None);
    page.next("the end", |event| match event {
        Event::Progress { progress, .. } => {
            losses.extend(progress.points.iter().map(|point| point.loss));
            None
        }
        Event::Evaluated { evaluation, .. } => {
            last = Some(evaluation);
            None
        }
        Event::State { state: RunState::Done, .. } => Some(()),
        Event::Failed { failure, .. } => panic!("{failure:?}"),
        _ => None,
    })
    .await;
    (losses, last.unwrap())
}

pub fn begin(page: &Page, run: u32, spec: &RunSpec, checkpoint: Option<Vec<u8>>) {
    page.send(Command::Open { run, spec: spec.clone(), checkpoint: checkpoint.map(Into::into) });
}

fn how(prompt: &str, tokens: u32) -> Continuation {
    let (temperature, top_k, top_p) = (0.0, 0, 1.0);
    Continuation { prompt: prompt.into(), tokens, temperature, top_k, top_p, seed: 1, choices: true }
}

#[test]
fn a_text_is_learned_and_written_on() {
    with_engine(&folder("learned"), async |page| {
        page.send(Command::Text { text: VERSE.repeat(60) });
        begin(page, 1, &own(40.0), None);
        let sample = Some(how("", 30));
        page.send(Command::WatchRequest {
            run: 1,
            watch: WatchRequest { sample, ..WatchRequest::default() },
        });
        let (losses, last) = play(page, 1).await;
        assert!(losses[0] > 2.5 && last.loss < 0.3, "{} → {}", losses[0], last.loss);
        assert_eq!(last.task, "next_token");
        assert!(last.count > 200 && last.score > 0.9, "{last:?}");
        let Ok(Response::Written(written)) = page.ask(Request::Generate(how("one two th", 20))).await else {
            panic!("it writes")
        };
        let text: String = written.tokens.iter().map(|token| token.text.as_str()).collect();
        assert_eq!(text, "one two three four five six se".to_string());
        assert_eq!(written.prompt, 10);
        let likeliest = &written.tokens[10].choices;
        assert_eq!((likeliest.len(), likeliest[0].text.as_str()), (10, "r"));
        assert!(written.tokens[10].probability > 0.5 && likeliest[0].probability >= likeliest[1].probability);
        page.send(Command::Step { run: 1, count: 1 });
        let sample = page.next("a sample", |event| match event {
            Event::LiveView { seen, .. } => seen.sample,
            _ => None,
        });
        assert_eq!(sample.await.tokens.len(), 30);
    });
}

#[test]
fn what_a_prompt_has_that_the_text_has_not_is_said_and_nothing_fails() {
    with_engine(&folder("unknown"), async |page| {
        page.send(Command::Text { text: VERSE.repeat(20) });
        begin(page, 1, &own(1.0), None);
        let Ok(Response::Written(written)) = page.ask(Request::Generate(how("Ωne 🙂", 3))).await else {
            panic!("it writes")
        };
        assert_eq!(written.unknown, ["Ω", "🙂"]);
        assert_eq!(written.tokens.len(), 8);
        assert_eq!(written.tokens[0].text, "Ω", "shown as it was typed");
        let refused = page.ask(Request::Excerpt(Question::Example { test: true, index: 1_000_000 })).await;
        assert!(refused.is_err());
        let Ok(Response::States(states)) = page.ask(Request::States { text: "one two".into() }).await else {
            panic!("there are states")
        };
        let layer = &states.layers[0];
        assert_eq!((states.tokens.len(), layer.word.as_str(), layer.units), (7, "gru", 24));
        assert_eq!(layer.names, ["hidden", "reset", "update", "candidate", "recurrent"]);
        assert_eq!(layer.values.len(), layer.names.len() * 7 * 24);
        let gate = &layer.values[2 * 7 * 24..3 * 7 * 24];
        assert!(gate.iter().all(|value| (0.0..=1.0).contains(value)), "update gates are shares");
    });
}

#[test]
fn a_run_goes_on_from_its_checkpoint_to_the_same_losses() {
    with_engine(&folder("resumed"), async |page| {
        page.send(Command::Text { text: VERSE.repeat(60) });
        let spec = own(3.0);
        begin(page, 1, &spec, None);
        let (whole, _) = play(page, 1).await;
        begin(page, 2, &spec, None);
        let before = whole.len() / 2 + 1;
        page.send(Command::Step { run: 2, count: before as u32 });
        page.next("a pause", |event| {
            matches!(event, Event::State { run: 2, state: RunState::Paused }).then_some(())
        })
        .await;
        page.next("the steps", |event| {
            matches!(event, Event::State { run: 2, state: RunState::Paused }).then_some(())
        })
        .await;
        let Ok(Response::File(checkpoint)) = page.ask(Request::Checkpoint).await else { panic!("a file") };
        begin(page, 3, &spec, Some(checkpoint.into_vec()));
        let (rest, _) = play(page, 3).await;
        assert_eq!(rest, whole[before..], "the state of the streams came along");
    });
}

#[test]
fn a_run_waits_for_its_text_and_says_why_there_is_none() {
    let root = folder("waits");
    let set = TextDataset::by_id("names").unwrap();
    let names: String = (0..300).map(|n| format!("{}\n", ["ann", "bob", "cleo", "dora"][n % 4])).collect();
    let splits = set.held_out.split(&names);
    write(&root.join(set.folder()), set, &splits).unwrap();
    let spec = spec("names", &[("model.units", 16.0), ("train.epochs", 2.0)]);
    with_engine(&root, async |page| {
        begin(page, 1, &spec, None);
        // Who waits for its first state, as a script does that asks for steps, must find the run open.
        let opened = page.next("a word of the run", |event| match event {
            Event::Opened { .. } => Some(true),
            Event::State { .. } => Some(false),
            _ => None,
        });
        assert!(opened.await);
        let (losses, last) = play(page, 1).await;
        assert_eq!(losses.len(), 270 / 32 * 2);
        assert_eq!(last.count as usize, splits[1].chars().count(), "every letter, and each line's end");
    });
    with_engine(&folder("none"), async |page| {
        begin(page, 1, &spec, None);
        let failure = page.next("a failure", |event| match event {
            Event::Failed { failure, .. } => Some(failure),
            _ => None,
        });
        assert!(failure.await.what.contains("names"));
        begin(page, 2, &own(1.0), None);
        let failure = page.next("another", |event| match event {
            Event::Failed { failure, .. } => Some(failure),
            _ => None,
        });
        assert!(failure.await.what.contains("its text is not here"));
    });
}

#[test]
fn targets_of_sequences_are_selected_whole() {
    let targets = Targets::Tokens { time: 2, ids: vec![1, 2, 3, 4, 5, 6] };
    assert_eq!((targets.len(), targets.get(1)), (3, Target::Tokens(vec![3, 4])));
    assert_eq!(targets.range(1..3), Targets::Tokens { time: 2, ids: vec![3, 4, 5, 6] });
}
