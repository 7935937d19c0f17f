//! Hidden tokens: which are hidden, what is read and asked for, and networks that learn to name them from both sides.

use crate::host::with_engine;
use crate::next_token::{begin, play};
use burn::tensor::{Device, Tensor};
use intab::datasets::masked::{MASK, encode};
use intab::datasets::target::{IGNORE_INDEX, TargetField, Targets};
use intab::datasets::{TokenData, TokenDataset};
use intab::engine::device;
use intab::engine::layers::{StepContext, Training};
use intab::engine::microbatch::learn;
use intab::engine::network::Network;
use intab::engine::tasks::{Sums, TargetTask};
use intab::engine::value::{Tokens, Value};
use intab::models::Model;
use intab::protocol::Catalogue;
use intab::protocol::{Command, Continuation, Request, Response};
use intab::spec::{Preset, RunSpec};
use intab::tokenizer::UNKNOWN;
use std::collections::BTreeSet;

/// Lines whose hidden word is known only by what stands behind it.
const LINES: [&str; 4] = [
    "a red bus on a street",
    "a grey cat on a couch",
    "two red apples in a bowl",
    "two grey birds in a tree",
];

fn spec(sets: &[(&str, serde_json::Value)]) -> RunSpec {
    let spec = Preset::by_id("bert").unwrap().spec();
    sets.iter().fold(spec, |spec, (key, value)| spec.with_key(key, value).unwrap())
}

fn captions(text: [&str; 2], sets: &[(&str, serde_json::Value)]) -> TokenData {
    let spec = spec(sets);
    TokenDataset::by_id("captions").unwrap().open(&spec.data, spec.seed, Some(text)).unwrap()
}

#[test]
fn every_example_has_hidden_tokens_and_what_they_were_is_asked_for() {
    let text = format!("{}\n", LINES.join("\n"));
    let data = captions([&text.repeat(5), &text], &[]);
    let mask = data.mask.unwrap();
    let TargetField::Masked { vocabulary, unigram } = &data.target else { panic!("{:?}", data.target) };
    assert_eq!((vocabulary.last().unwrap().as_str(), vocabulary.len()), (MASK, mask as usize + 1));
    assert!(*unigram > 1.0 && data.info.bigram.is_none() && data.info.lines && data.info.grouped);
    for (index, line) in LINES.iter().enumerate() {
        let read = data.test.input(index);
        let Targets::Tokens { time, ids } = data.test.targets([index].into_iter()) else { panic!("tokens") };
        assert_eq!((time, read.len()), (line.split(' ').count(), ids.len()), "a line's end is not read");
        let hidden: Vec<usize> = (0..time).filter(|at| read[*at] == mask).collect();
        assert_eq!(hidden.len(), 1, "15 % of 6 tokens");
        let restored: String = (0..time)
            .map(|at| vocabulary[if read[at] == mask { ids[at] } else { read[at] } as usize].as_str())
            .collect();
        assert_eq!(restored, *line);
        assert!((0..time).all(|at| (ids[at] == IGNORE_INDEX) == (read[at] != mask)));
    }
}

#[test]
fn other_tokens_are_hidden_at_every_step_and_the_same_ones_in_the_same_run() {
    let text = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen\n";
    let data = captions([text, text], &[]);
    let mask = data.mask.unwrap();
    let at = |seed, step| {
        let (read, asked) = data.train.hidden_anew(0, mask, [seed, step]);
        assert_eq!(read.iter().filter(|id| **id == mask).count(), 2, "15 % of 14");
        assert!(read.iter().zip(&asked).all(|(read, asked)| (*read == mask) == (*asked != IGNORE_INDEX)));
        read
    };
    assert_eq!(at(1, 7), at(1, 7));
    let different: BTreeSet<_> = (0..40).map(|step| at(1, step)).collect();
    assert!(different.len() > 25, "{}", different.len());
    assert_ne!(
        (0..9).map(|step| at(1, step)).collect::<Vec<_>>(),
        (0..9).map(|step| at(2, step)).collect::<Vec<_>>()
    );
    // Nobody can name a word that the vocabulary does not have: with ten words four of fourteen are unknown.
    let data = captions([text, text], &[("data.size", 10.into())]);
    for step in 0..40 {
        let (_, asked) = data.train.hidden_anew(0, data.mask.unwrap(), [1, step]);
        assert!(asked.iter().all(|id| *id != UNKNOWN));
    }
}

#[test]
fn a_sign_hides_a_word_with_the_blank_before_it_and_a_letter_by_itself() {
    let text = "A man rides a horse .\n";
    let data = captions([text, text], &[]);
    let (mask, words) = (data.mask.unwrap(), data.tokenizer.unwrap());
    let typed = "A man rides a [MASK] .";
    let found = encode(&words, mask, typed);
    let names: Vec<&str> =
        found.ids.iter().map(|id| if *id == mask { MASK } else { words.text(*id) }).collect();
    assert_eq!(names, ["A", " man", " rides", " a", MASK, " ", "."]);
    let spans: Vec<&str> = found.spans.iter().map(|span| &typed[span.clone()]).collect();
    assert_eq!(spans.concat(), typed, "no byte is left out");
    assert_eq!(encode(&words, mask, "[MASK][MASK]").ids, [mask, mask]);
    assert_eq!(encode(&words, mask, "").ids, [0_u32; 0]);
    let data = captions(["ab c\n", "ab c\n"], &[("data.tokenizer", "characters".into())]);
    let (mask, letters) = (data.mask.unwrap(), data.tokenizer.unwrap());
    assert_eq!(encode(&letters, mask, "a [MASK]c").ids.len(), 4, "a blank is a token of its own");
}

#[test]
fn a_network_that_looks_both_ways_names_what_is_hidden() {
    let folder = std::env::temp_dir().join(format!("intab-masked-{}", std::process::id()));
    let sets: &[(&str, serde_json::Value)] = &[
        ("data.id", "my_text".into()),
        ("data.task", "masked".into()),
        ("data.tokenizer", "words".into()),
        ("model.id", "bert".into()),
        ("model.width", 32.into()),
        ("model.blocks", 1.into()),
        ("train.batch_size", 16.into()),
        ("train.learning_rate", 0.01.into()),
        ("train.epochs", 60.into()),
    ];
    let spec = spec(sets);
    with_engine(&folder, async |page| {
        page.send(Command::Text { text: format!("{}\n", LINES.join("\n")).repeat(40) });
        begin(page, 1, &spec, None);
        let (losses, last) = play(page, 1).await;
        assert_eq!(last.task, "masked_token");
        assert!(losses[0] > 2.0 && last.score > 0.85, "{} → {last:?}", losses[0]);
        // What is before it is the same in both: only what is behind it tells.
        for (text, truth) in [("a [MASK] bus on a street", " red"), ("a [MASK] cat on a couch", " grey")] {
            let Ok(Response::Filled(filled)) = page.ask(Request::Fill { text: text.into() }).await else {
                panic!("it fills")
            };
            let [blank] = &filled.blanks[..] else { panic!("{filled:?}") };
            assert_eq!((blank.at, blank.choices[0].text.as_str()), (1, truth), "{filled:?}");
            assert!(blank.choices[0].probability > 0.5 && blank.choices.len() == 10);
        }
        let nothing = page.ask(Request::Fill { text: "a red zebra".into() }).await;
        let Ok(Response::Filled(filled)) = nothing else { panic!("nothing is hidden, and that is no fault") };
        assert_eq!((filled.blanks.len(), filled.unknown), (0, vec![" zebra".to_string()]));
        let long = "a [MASK] cat on a couch ".repeat(40);
        let Ok(Response::Filled(filled)) = page.ask(Request::Fill { text: long }).await else {
            panic!("it fills")
        };
        assert!(
            filled.unread > 100 && !filled.blanks.is_empty(),
            "what it has no places for is not read, and said"
        );
        let (prompt, tokens, temperature, top_k, top_p) = (String::new(), 5, 0.0, 0, 1.0);
        let how = Continuation { prompt, tokens, temperature, top_k, top_p, seed: 1, choices: false };
        let refused = page.ask(Request::Generate(how)).await.unwrap_err();
        assert!(refused.what.contains("does not write on"), "{refused:?}");
    });
}

/// What nobody asks for is not worked out, and loss and gradients are those of who works it out.
#[test]
fn the_last_layer_is_worked_out_only_where_a_token_is_hidden() {
    let device = device::cpu();
    let learning = device.clone().autodiff();
    let text = format!("{}\n", LINES.join("\n"));
    let data = captions([&text, &text], &[]);
    let spec = spec(&[("model.width", 8.into()), ("model.heads", 2.into()), ("model.blocks", 1.into())]);
    let task = TargetTask::of(&data.target);
    let layers = Model::by_id("bert").unwrap().layers_of(&spec.model, task.outputs()).unwrap();
    let [time, vocabulary] = [16, task.outputs()];
    let network = Network::new(&layers, &[time, vocabulary], 1, &device).unwrap();
    let mut ids: Vec<u32> = data.test.input(0).to_vec();
    ids.resize(2 * time, 1);
    let mut asked = vec![IGNORE_INDEX; 2 * time];
    (asked[3], asked[time + 1], asked[2 * time - 1]) = (2, 4, 3);
    let targets = Targets::Tokens { time, ids: asked };
    let tokens = |device: &Device| {
        Value::Tokens(Tokens {
            ids: ids.clone(),
            time,
            lengths: None,
            borders: None,
            vocabulary,
            device: device.clone(),
        })
    };
    let place = StepContext { batch: 2, ..StepContext::default() };
    let mut training = Training::at(place);
    let few = learn((&task, &network), tokens(&learning), &targets, &mut training, &device).unwrap();

    let leaves: Vec<Tensor<1>> =
        network.weights().into_iter().map(|w| Tensor::from_inner(w).require_grad()).collect();
    let outputs = network.train(&leaves, tokens(&learning), &mut Training::at(place)).unwrap();
    assert_eq!(outputs.dims(), [2, time * vocabulary]);
    let gradients = task.loss(outputs.clone(), &targets, 0.0, &learning).backward();
    let (Sums::Read(sums), Sums::Read(all)) = (few.sums, task.sums_of(outputs.inner(), &targets)) else {
        panic!("the CPU's are read")
    };
    assert_eq!((sums[1], sums[2], sums[3]), (all[1], all[2], all[3]));
    assert!(sums[1] == 3.0 && (sums[0] - all[0]).abs() < 1e-5, "{sums:?} {all:?}");
    for ((leaf, found), parameter) in leaves.into_iter().zip(few.gradients).zip(&network.parameters) {
        let numbers = |tensor: Tensor<1>| tensor.into_data().iter::<f32>().collect::<Vec<f32>>();
        let (found, expected) = (numbers(found.unwrap()), numbers(leaf.grad(&gradients).unwrap()));
        let furthest = found.iter().zip(&expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(furthest < 1e-5, "{}: {furthest}", parameter.name);
        // A fresh block adds nothing yet, so what is inside of it has no slope.
        let learns = ["0.weight", "out_proj.weight", "linear2.weight", "4.weight"];
        if learns.iter().any(|name| parameter.name.ends_with(name)) {
            assert!(expected.iter().any(|slope| *slope != 0.0), "{}", parameter.name);
        }
    }
}

#[test]
fn who_looks_ahead_is_not_asked_for_the_next_token() {
    let catalogue = Catalogue::of_tables(|_| true);
    let preset = spec(&[]);
    assert!(catalogue.check(&preset).is_ok());
    assert!(catalogue.check(&spec(&[("data.task", "next".into())])).is_err());
    // Whichever is chosen, the task or the model, the other follows.
    let next = catalogue.change(&preset, "data.task", &"next".into()).unwrap();
    assert_eq!((next.model.id.as_str(), next.model.options.len()), ("gpt", 0));
    let back = catalogue.change(&next, "data.task", &"masked".into()).unwrap();
    assert_eq!(back.model.id, "bert");
    let names = Preset::by_id("names").unwrap().spec();
    let chosen = catalogue.change(&names, "model.id", &"bert".into()).unwrap();
    assert_eq!(chosen.data.options["task"], "masked");
    let again = catalogue.change(&chosen, "model.id", &"gpt".into()).unwrap();
    assert!(!again.data.options.contains_key("task"));
}
