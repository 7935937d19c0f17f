//! Manifests: lists of files with their counts, as a host answers them.

use super::{Chance, Kind, is_words};
use intab::datasets::{DATASETS, Dataset};
use intab::engine::dataset_store::Loaded;
use intab::engine::loader::read_manifest;
use intab::engine::resolved_dataset::ResolvedDataset;
use intab::engine::sampler::Order;
use intab::engine::vision::weights;
use intab::pretrained::PRETRAINED;
use serde_json::{Value, json};

/// As the tool writes them, for all of a dataset.
fn of_dataset(dataset: &Dataset) -> Value {
    let files = |split: &str, count: usize| -> Vec<Value> {
        let file = |at: usize| json!({ "file": format!("{split}-{at:03}.shard"), "examples": 2000, "bytes": 700_000 });
        (0..count / 2000).map(file).collect()
    };
    let [train, test] = dataset.sources[0].counts;
    json!({
        "id": dataset.about.id, "version": dataset.version, "source": "a test", "shape": dataset.shape,
        "train": files("train", train), "test": files("test", test),
    })
}

/// The JSON damaged as JSON or as bytes.
fn damaged(chance: &mut Chance, mut manifest: Value) -> Vec<u8> {
    if !chance.one_in(3) {
        chance.damaged_json(&mut manifest);
    }
    let bytes = manifest.to_string().into_bytes();
    if chance.one_in(3) { chance.damaged(bytes) } else { bytes }
}

#[test]
fn no_manifest_of_a_dataset_promises_what_cannot_be_kept() {
    let made = |chance: &mut Chance| {
        let at = chance.below(DATASETS.len());
        (at, damaged(chance, of_dataset(&DATASETS[at])))
    };
    Kind { name: "manifests", slow: 1, most_bytes: 64 << 20 }.fuzz(made, |(at, bytes)| {
        let dataset = &DATASETS[*at];
        match read_manifest(bytes, dataset) {
            Ok(manifest) => {
                let mut data = Loaded::new(ResolvedDataset::of_pictures(dataset));
                let bytes = manifest.bytes();
                data.set_manifest(manifest);
                assert!(data.train.total <= 60_000 && data.test.total <= 60_000 && bytes < 1 << 30);
                Order::new(7, 64, data.shards()).batch(0);
            }
            Err(why) => is_words(&why),
        }
    });
}

#[test]
fn no_manifest_of_weights_promises_what_cannot_be_kept() {
    let network = &PRETRAINED[0];
    let mut start = 0;
    let mut tensors = Vec::new();
    for layer in (network.layers)() {
        let Some(shape) = layer.weight() else { continue };
        for (part, shape) in [("weight", shape.clone()), ("bias", shape[..1].to_vec())] {
            let length: usize = shape.iter().product();
            tensors.push(json!({ "name": format!("{}.{part}", layer.name), "shape": shape, "start": start }));
            start += length;
        }
    }
    let whole = json!({
        "id": network.id, "version": network.version, "source": "a test", "labels": ["a", "b"], "tensors": tensors,
        "parts": [{ "file": "a", "bytes": start, "crc32": 1 }, { "file": "b", "bytes": start, "crc32": 2 }],
    });
    assert!(
        weights::read_manifest(whole.to_string().as_bytes(), &network.files()).is_ok(),
        "as it is, it is read"
    );
    let kind = Kind { name: "weight manifests", slow: 4, most_bytes: 64 << 20 };
    kind.fuzz(
        |chance| damaged(chance, whole.clone()),
        |bytes| match weights::read_manifest(bytes, &network.files()) {
            Ok(manifest) => assert!(manifest.bytes() < 1 << 26 && manifest.labels.len() <= 1000),
            Err(why) => is_words(&why),
        },
    );
}
