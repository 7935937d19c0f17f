//! Numbers in words, and the encoder and decoder that translate them: what is written, what each part sees, PyTorch's
//! names, gradients, and a network that has learned it.

use burn::tensor::{Device, Tensor};
use intab::datasets::TokenDataset;
use intab::engine::network::Network;
use intab::engine::value::{Tokens, Value};
use intab::export_code::FRAMEWORKS;
use intab::layers::describe;
use intab::layers::syntax::{parse, with_classes};
use intab::protocol::Catalogue;
use intab::random::Random;
use intab::sequences::translate::{english, german};
use intab::sequences::words::tokens_of;
use intab::sequences::{Generator, Make};
use intab::spec::Preset;
use serde_json::json;
use std::collections::BTreeSet;

#[test]
fn numbers_are_written_as_they_are_said() {
    for (number, in_english, in_german) in [
        (0, "zero", "null"),
        (1, "one", "eins"),
        (10, "ten", "zehn"),
        (12, "twelve", "zwölf"),
        (16, "sixteen", "sechzehn"),
        (17, "seventeen", "siebzehn"),
        (20, "twenty", "zwanzig"),
        (21, "twenty one", "einundzwanzig"),
        (24, "twenty four", "vierundzwanzig"),
        (30, "thirty", "dreißig"),
        (66, "sixty six", "sechsundsechzig"),
        (77, "seventy seven", "siebenundsiebzig"),
        (100, "one hundred", "einhundert"),
        (101, "one hundred one", "einhunderteins"),
        (111, "one hundred eleven", "einhundertelf"),
        (1000, "one thousand", "eintausend"),
        (1001, "one thousand one", "eintausendeins"),
        (1121, "one thousand one hundred twenty one", "eintausendeinhunderteinundzwanzig"),
        (2016, "two thousand sixteen", "zweitausendsechzehn"),
        (9999, "nine thousand nine hundred ninety nine", "neuntausendneunhundertneunundneunzig"),
    ] {
        assert_eq!((english(number).trim_end(), german(number).as_str()), (in_english, in_german));
    }
    let all: BTreeSet<String> = (0..10_000).map(german).collect();
    let others: BTreeSet<String> = (0..10_000).map(english).collect();
    assert_eq!((all.len(), others.len()), (10_000, 10_000), "no two numbers are written alike");
}

#[test]
fn words_are_tokens_and_are_read_with_and_without_blanks() {
    let generator = Generator::by_id("translate").unwrap();
    assert!(matches!(generator.make, Make::Words { .. }));
    let vocabulary = generator.vocabulary();
    assert_eq!(vocabulary.iter().collect::<BTreeSet<_>>().len(), vocabulary.len(), "each is there once");
    let read = |text: &str| -> Result<Vec<&str>, String> {
        let ids = tokens_of(&vocabulary, text)?;
        Ok(ids.into_iter().map(|id| vocabulary[id as usize].as_str()).collect())
    };
    let tokens = ["twenty ", "four ", ">", "vier", "und", "zwanzig", "."];
    for text in
        ["twenty four >vierundzwanzig.", "Twenty-Four>vierundzwanzig.", " twentyfour > vier und zwanzig."]
    {
        assert_eq!(read(text).unwrap(), tokens, "{text}");
    }
    assert_eq!(
        read("einsechs").unwrap(),
        ["ein", "sechs"],
        "the longest first token leaves nothing to read on"
    );
    assert_eq!(read("").unwrap(), [""; 0]);
    assert_eq!(read("twenty for > vier"), Err("for".into()));
    assert_eq!(read("zwölff"), Err("zwölff".into()));
    // Every number is made of words and parts of them, none longer than it must be.
    for number in (0..10_000).step_by(7).chain([1, 101, 1001]) {
        let text = format!("{}>{}.", english(number), german(number));
        let found = read(&text).unwrap();
        assert_eq!(found.concat(), text);
        assert!(found.len() <= 15, "{text}");
    }
    let mut numbers = BTreeSet::new();
    for number in 0..300 {
        let made = generator.answered(&[99], 5, number).unwrap();
        assert!((0..100).any(|n| english(n) + ">" == made.question && german(n) + "." == made.answer));
        numbers.insert(made.question);
        let example = generator.example(&[], 5, number).unwrap();
        let asked = example.target.iter().zip(&example.mask).filter(|(_, counts)| **counts);
        let asked: String = asked.map(|(id, _)| vocabulary[*id as usize].as_str()).collect();
        assert_eq!(asked, generator.answered(&[], 5, number).unwrap().answer);
    }
    assert!(numbers.len() > 80, "of 100 numbers: {}", numbers.len());
}

const VOCABULARY: usize = 7;
/// Behind this token an answer begins.
const ASK: u32 = 6;

fn network(text: &str, time: usize, device: &Device) -> Network {
    let layers = with_classes(parse(text).unwrap(), VOCABULARY);
    let mut network = Network::new(&layers, &[time, VOCABULARY], 3, device).unwrap();
    let mut random = Random::new(5, 1);
    for parameter in &mut network.parameters {
        let moved: Vec<f32> = (0..parameter.len()).map(|_| random.uniform(0.5)).collect();
        parameter.value = parameter.value.clone() + Tensor::from_floats(moved.as_slice(), device);
    }
    network
}

fn tokens(ids: &[u32], time: usize, device: &Device) -> Value {
    let tokens = Tokens { time, ..Tokens::one(ids.to_vec(), VOCABULARY, device) };
    Value::Tokens(tokens.asked_by(Some(ASK)))
}

/// What the last layer but `behind` gives, `[example · time][numbers]`.
fn given(network: &Network, ids: &[u32], time: usize, behind: usize) -> Vec<Vec<f32>> {
    let mut flows = Vec::new();
    let input = tokens(ids, time, &Device::flex());
    network.forward_with(&network.weights(), input, |flow| flows.push(flow.clone())).unwrap();
    let flow = flows[flows.len() - 1 - behind].clone().sequence();
    let width = flow.dims()[2];
    let all: Vec<f32> = flow.into_data().iter::<f32>().collect();
    all.chunks(width).map(<[f32]>::to_vec).collect()
}

fn apart(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

/// Every norm, feed-forward network and kind of position.
const NUMBERS: [&str; 3] = ["2f2n0a0p0q0", "4f1n1a1p1q1", "1f3n1a2p2q0"];

#[test]
fn names_and_counts_are_pytorchs() {
    let layers = with_classes(parse("embedding8-encoder2f4-layernorm-decoder2f4-dense").unwrap(), VOCABULARY);
    let infos = describe(&layers, &[6, VOCABULARY]).unwrap();
    // torch.nn.TransformerEncoderLayer(8, 2, 32) and torch.nn.TransformerDecoderLayer(8, 2, 32) have as many.
    let attention = 3 * 8 * 8 + 3 * 8 + 8 * 8 + 8;
    let fed = 2 * 8 * 32 + 32 + 8;
    let counts: Vec<_> = infos.iter().map(|info| info.parameters).collect();
    assert_eq!(counts, [56, attention + fed + 4 * 8, 16, 2 * attention + fed + 6 * 8, 63]);
    let network = network("embedding8-encoder2f4-decoder2f4-dense", 6, &Device::flex());
    let names: Vec<_> = network.parameters.iter().map(|p| (p.name.as_str(), p.shape.clone())).collect();
    for expected in [
        ("1.self_attn.in_proj_weight", vec![24, 8]),
        ("1.norm2.bias", vec![8]),
        ("2.self_attn.out_proj.weight", vec![8, 8]),
        ("2.multihead_attn.in_proj_weight", vec![24, 8]),
        ("2.multihead_attn.out_proj.bias", vec![8]),
        ("2.linear1.weight", vec![32, 8]),
        ("2.norm3.weight", vec![8]),
    ] {
        assert!(names.contains(&expected), "{expected:?}");
    }
}

#[test]
fn questions_are_seen_whole_and_answers_up_to_each_token() {
    // Three tokens of a question, and an answer.
    let ids = [3, 1, 4, ASK, 0, 5, 2];
    let time = ids.len();
    let border = 3;
    for numbers in NUMBERS {
        let text =
            format!("embedding8-positions-encoder{numbers}-rmsnorm-decoder{numbers}-decoder{numbers}-dense");
        let network = network(&text, time, &Device::flex());
        // What the encoder hands on, and what the network gives.
        let before = [4, 0].map(|behind| given(&network, &ids, time, behind));
        for changed in (0..time).filter(|at| *at != border) {
            let mut other = ids;
            other[changed] = if ids[changed] == 1 { 2 } else { 1 };
            let after = [4, 0].map(|behind| given(&network, &other, time, behind));
            for at in 0..time {
                let [encoded, answered] = [0, 1].map(|of| apart(&before[of][at], &after[of][at]));
                match (changed < border, at < border) {
                    (true, true) => assert!(encoded > 1e-6, "{numbers}: {at} does not see {changed}"),
                    (true, false) => assert!(answered > 1e-6, "{numbers}: {at} does not see {changed}"),
                    (false, true) => assert_eq!(encoded.max(answered), 0.0, "{numbers}: {at} sees {changed}"),
                    (false, false) if at < changed => {
                        assert_eq!(answered, 0.0, "{numbers}: {at} sees {changed}")
                    }
                    (false, false) => assert!(answered > 1e-6, "{numbers}: {at} does not see {changed}"),
                }
            }
        }
    }
}

#[test]
fn an_example_is_answered_in_a_batch_as_by_itself() {
    let examples: [&[u32]; 3] = [&[3, 1, 4, ASK, 0, 5, 2], &[2, ASK, 1, 1], &[5, 4, 3, 2, 1, ASK]];
    let time = 7;
    let mut all = Vec::new();
    for example in examples {
        let end = all.len() + time;
        all.extend(example);
        all.resize(end, 0);
    }
    for numbers in NUMBERS {
        let text = format!("embedding8-positions-encoder{numbers}-layernorm-decoder{numbers}-dense");
        let network = network(&text, time, &Device::flex());
        let together = given(&network, &all, time, 0);
        for (at, example) in examples.iter().enumerate() {
            for (place, alone) in given(&network, example, example.len(), 0).iter().enumerate() {
                let moved = apart(alone, &together[at * time + place]);
                assert!(moved < 1e-4, "{numbers}: example {at}, place {place}: {moved}");
            }
        }
        // Not layer by layer, which is how networks learn.
        let fast = network.forward(tokens(&all, time, &Device::flex())).unwrap();
        let fast: Vec<f32> = fast.into_data().iter::<f32>().collect();
        assert!(apart(&fast, &together.concat()) < 1e-4, "{numbers}");
    }
}

#[test]
fn gradients_are_slopes() {
    // Of different lengths, the second filled up.
    let ids = [3, 1, 4, ASK, 0, 5, 2, ASK, 1, 0];
    let share: Vec<f32> = (0..70).map(|at| ((at * 37 % 11) as f32 - 5.0) / 5.0).collect();
    for numbers in NUMBERS {
        let text = format!("embedding8-positions-encoder{numbers}-rmsnorm-decoder{numbers}-dense");
        let sum = |network: &Network, weights: &[Tensor<1>], device: &Device| {
            let outputs = network.forward_by(weights, tokens(&ids, 5, device)).unwrap();
            let share = Tensor::<1>::from_floats(share.as_slice(), device).reshape([2, 35]);
            (outputs * share).sum()
        };
        let device = Device::flex().autodiff();
        let training = network(&text, 5, &device);
        let weights: Vec<_> = training.weights().into_iter().map(Tensor::require_grad).collect();
        let gradients = sum(&training, &weights, &device).backward();
        let plain = network(&text, 5, &Device::flex());
        for (at, parameter) in plain.parameters.iter().enumerate() {
            let found: Vec<f32> = weights[at].grad(&gradients).unwrap().into_data().iter::<f32>().collect();
            let (mut error, mut size) = (0.0_f64, 0.0_f64);
            let begins: Vec<f32> = parameter.value.clone().into_data().iter::<f32>().collect();
            for place in (0..begins.len()).step_by(1 + begins.len() / 9) {
                let moved = |by: f32| {
                    let mut values = begins.clone();
                    values[place] += by;
                    let mut weights = plain.weights();
                    weights[at] = Tensor::from_floats(values.as_slice(), &Device::flex());
                    f64::from(sum(&plain, &weights, &Device::flex()).into_scalar::<f32>())
                };
                let slope = (moved(3e-3) - moved(-3e-3)) / 6e-3;
                error += (slope - f64::from(found[place])).powi(2);
                size += slope.powi(2);
            }
            let relative = (error / size.max(1e-6)).sqrt();
            assert!(relative < 0.02, "{numbers}, {}: relative error {relative}", parameter.name);
        }
    }
}

#[test]
fn only_questions_with_answers_are_told_apart() {
    let catalogue = Catalogue::of_tables(|_| true);
    let spec = Preset::by_id("translate").unwrap().spec();
    assert_eq!(catalogue.check(&spec), Ok(()));
    for set in TokenDataset::all() {
        let mut spec = spec.clone();
        spec.data.id = set.id().into();
        match (set.is_text(), catalogue.check(&spec)) {
            (false, fits) => assert_eq!(fits, Ok(()), "{}", set.id()),
            (true, fits) => {
                assert!(fits.unwrap_err().contains("take questions that have answers"), "{}", set.id());
            }
        }
    }
    for framework in FRAMEWORKS {
        assert!(framework.script(&spec, None, None).is_err(), "{}", framework.title);
    }
}

#[cfg(all(feature = "cpu", feature = "tools"))]
#[test]
fn numbers_that_were_held_out_are_translated_and_looked_at_from_the_back() {
    use crate::host::with_engine;
    use crate::next_token::{begin, play};
    use intab::protocol::{Continuation, Request, Response};

    let folder = std::env::temp_dir().join(format!("intab-translate-{}", std::process::id()));
    let spec = Preset::by_id("translate").unwrap().spec();
    let sets = [
        ("model.width", json!(32)),
        ("model.blocks", json!(1)),
        ("data.largest", json!(999)),
        ("train.epochs", json!(6)),
    ];
    let spec = sets.iter().fold(spec, |spec, (key, value)| spec.with_key(key, value).unwrap());
    with_engine(&folder, async |page| {
        begin(page, 1, &spec, None);
        let (losses, last) = play(page, 1).await;
        assert!(losses[0] > 3.5, "{}", losses[0]);
        assert_eq!(last.task, "answers");
        assert!(last.count > 500 && last.score > 0.8, "{last:?}");
        let how = |prompt: &str| Continuation {
            prompt: prompt.into(),
            tokens: 20,
            temperature: 0.0,
            top_k: 0,
            top_p: 1.0,
            seed: 1,
            choices: false,
        };
        let asked = page.ask(Request::Generate(how("Twenty-four"))).await;
        let Ok(Response::Written(written)) = asked else { panic!("{asked:?}") };
        let texts: Vec<&str> = written.tokens.iter().map(|token| token.text.as_str()).collect();
        assert_eq!(texts, ["twenty ", "four ", ">", "vier", "und", "zwanzig", "."]);
        assert_eq!(written.prompt, 3);
        let text = "twenty four >vierundzwanzig".to_string();
        let asked = page.ask(Request::Attention { text: text.clone() }).await;
        let Ok(Response::Attention(maps)) = asked else { panic!("{asked:?}") };
        let of: Vec<_> = maps.layers.iter().map(|of| (of.crosses, of.queries, of.keys)).collect();
        assert_eq!(of, [(false, [0, 2], [0, 2]), (false, [2, 6], [2, 6]), (true, [2, 6], [0, 2])]);
        let time = maps.tokens.len();
        for of in &maps.layers {
            let rows = of.weights.chunks(time).enumerate();
            for (at, row) in rows {
                let looks = (of.queries[0]..of.queries[1]).contains(&((at % time) as u32));
                let sum: f32 = row.iter().sum();
                assert!((sum - f32::from(u8::from(looks))).abs() < 1e-4, "{at}: {sum}");
            }
        }
        for (layer, head, at, crosses) in [(of_cross(&maps), 1, 3, true), (of_cross(&maps), 0, 4, false)] {
            let question = Request::HeadIo { text: text.clone(), layer, head, at, crosses };
            let Ok(Response::HeadIo(io)) = page.ask(question).await else { panic!("a head") };
            let map = maps.layers.iter().find(|of| of.layer == layer && of.crosses == crosses).unwrap();
            let row = &map.weights[(head as usize * time + at as usize) * time..][..time];
            let first = map.keys[0] as usize;
            for (place, look) in intab::explain::attention::looks(&io).iter().enumerate() {
                assert!((look.share - f64::from(row[first + place])).abs() < 1e-4, "{crosses}: {look:?}");
            }
        }
        let refused = page.ask(Request::Generate(how("twenty fore"))).await.unwrap_err();
        assert!(refused.what.contains("“fore”"), "{refused:?}");
        let refused = page.ask(Request::Generate(how(&"one ".repeat(40)))).await.unwrap_err();
        assert!(refused.what.contains("longer than any"), "{refused:?}");
    });
}

#[cfg(all(feature = "cpu", feature = "tools"))]
fn of_cross(maps: &intab::protocol::AttentionMaps) -> u32 {
    maps.layers.iter().find(|of| of.crosses).unwrap().layer
}
