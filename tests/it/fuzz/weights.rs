//! Weight files: damaged as bytes, in their header, and in what they say of themselves.

use super::{Chance, Kind, is_words};
use burn::tensor::Device;
use intab::engine::trainer::Trainer;
use intab::engine::vision::linear_probe::Head;
use intab::engine::vision::linear_probe_file;
use intab::engine::{resolved_dataset, weights};
use intab::platform::block_on;
use intab::pretrained::PRETRAINED;
use intab::protocol::Failure;
use intab::spec::{Preset, RunSpec};
use serde_json::Value;

fn run() -> Trainer {
    let spec: RunSpec = Preset::by_id("penguins").unwrap().spec();
    let data = resolved_dataset::open(&spec, None, 0, None).unwrap();
    let mut run = Trainer::new(&spec, data.ground.clone(), &Device::flex()).unwrap();
    run.set_order(&data);
    run
}

/// The file's header, and what follows it.
fn parts(file: &[u8]) -> (Value, &[u8]) {
    let (length, rest) = file.split_first_chunk::<8>().unwrap();
    let (header, data) = rest.split_at(u64::from_le_bytes(*length) as usize);
    (serde_json::from_slice(header).unwrap(), data)
}

/// With a damaged header of the right length, where only bytes that are damaged too would hide the rest.
fn damaged(chance: &mut Chance, file: &[u8]) -> Vec<u8> {
    if chance.one_in(3) {
        return chance.damaged(file.to_vec());
    }
    let (mut header, data) = parts(file);
    match &mut header["__metadata__"] {
        // What each field says is JSON in JSON.
        Value::Object(fields) if chance.one_in(2) => {
            let names: Vec<String> = fields.keys().cloned().collect();
            let field = &mut fields[chance.pick(&names)];
            let text = field.as_str().unwrap();
            match serde_json::from_str(text) {
                Ok(mut inner) => {
                    chance.damaged_json(&mut inner);
                    *field = inner.to_string().into();
                }
                Err(_) => *field = chance.damaged_text(text).into(),
            }
        }
        _ => chance.damaged_json(&mut header),
    }
    let header = header.to_string().into_bytes();
    [&(header.len() as u64).to_le_bytes()[..], &header, data].concat()
}

fn in_words(failure: &Failure) {
    [&failure.what, &failure.advice].iter().for_each(|text| is_words(text));
}

#[test]
fn any_weight_file_opens_or_is_refused_in_words() {
    let device = Device::flex();
    let whole = block_on(weights::save(&run(), None, true)).unwrap();
    let kind = Kind { name: "weights", slow: 2, most_bytes: 64 << 20 };
    kind.fuzz(
        |chance| damaged(chance, &whole),
        |bytes| {
            weights::inspect(bytes).as_ref().err().into_iter().for_each(in_words);
            let mut run = run();
            match weights::restore(&mut run, bytes, &device) {
                // It can be gone on with, and saved.
                Ok(()) => {
                    let _ = (run.steps_total(), run.step + run.steps_per_epoch());
                    let again = block_on(weights::save(&run, None, true)).unwrap();
                    assert_eq!(weights::inspect(&again).unwrap().step, run.step);
                }
                Err(failure) => in_words(&failure),
            }
        },
    );
}

#[test]
fn any_classifier_opens_or_is_refused_in_words() {
    let head = Head { network: PRETRAINED[0].id, weight: vec![0.5; 2 * 1280], bias: vec![0.1; 2] };
    let whole = linear_probe_file::save(&head, &["cup".into(), "pen".into()], &PRETRAINED[0]).unwrap();
    let kind = Kind { name: "classifiers", slow: 1, most_bytes: 64 << 20 };
    kind.fuzz(
        |chance| damaged(chance, &whole),
        |bytes| match linear_probe_file::load(bytes) {
            Ok((head, labels)) => {
                assert_eq!(head.logits(&[0.0; 1280]).len(), labels.len());
                assert!((1..=255).contains(&labels.len()), "{} classes", labels.len());
            }
            Err(failure) => in_words(&failure),
        },
    );
}

/// Found by seed 215: a run that went on from the last step that can be counted counted on.
#[test]
fn a_file_of_an_impossible_training_is_refused() {
    let mut run = run();
    for (step, seconds) in [(u32::MAX, 1.0), (1, -1.0), (1, 1e300)] {
        (run.step, run.seconds) = (step, seconds);
        let file = block_on(weights::save(&run, None, false)).unwrap();
        let what = weights::inspect(&file).unwrap_err().what;
        assert!(what.contains("longer than anyone could"), "{what}");
    }
}

#[test]
fn a_classifier_of_too_many_classes_is_refused() {
    for classes in [0, 300] {
        let head =
            Head { network: PRETRAINED[0].id, weight: vec![0.0; classes * 1280], bias: vec![0.0; classes] };
        let file = linear_probe_file::save(&head, &vec!["a".to_string(); classes], &PRETRAINED[0]).unwrap();
        let what = linear_probe_file::load(&file).err().unwrap().what;
        assert!(what.contains("no classes, or more"), "{what}");
    }
}
