//! Files of the site that promise too much: counts that no dataset has, and few bytes that unpack to many. Each ends in
//! words, and a good file afterwards is read.

use crate::host::{Page, open, site, with_engine};
use flate2::{Compression, write::GzEncoder};
use intab::engine::vision::weights;
use intab::platform::{self, block_on};
use intab::pretrained::PRETRAINED;
use intab::protocol::{Command, Event, Failure, FailureKind, RunState};
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};

async fn failure(page: &mut Page) -> Failure {
    let told = page.next("a failure", |event| match event {
        Event::Failed { failure, .. } => Some(failure),
        _ => None,
    });
    told.await
}

fn is_words(name: &str, failure: &Failure) {
    assert_eq!(failure.kind, FailureKind::Data, "{name}");
    let what = &failure.what;
    assert!(what.ends_with('.') && failure.advice.ends_with('.'), "{name}: {what}");
    // What serde and Rust's debug output say is for the console.
    for odd in ["line 1", "column", "Error", "panicked", "`"] {
        assert!(!what.contains(odd), "{name}: {what}");
    }
}

/// The file, read, changed by `change` and written; what it was before.
fn changed(file: &Path, change: impl Fn(&mut Value)) -> Vec<u8> {
    let before = std::fs::read(file).unwrap();
    let mut json = serde_json::from_slice(&before).unwrap();
    change(&mut json);
    std::fs::write(file, serde_json::to_vec(&json).unwrap()).unwrap();
    before
}

#[test]
fn a_dataset_s_manifest_with_absurd_counts_ends_in_words_and_a_retry_goes_on() {
    type Change = fn(&mut Value);
    let changes: [(&str, Change); 9] = [
        ("more examples than numbers", |m| m["train"][0]["examples"] = json!(u64::MAX)),
        ("two that overflow together", |m| {
            m["train"][0]["examples"] = json!(u64::MAX / 2);
            m["train"][1]["examples"] = json!(u64::MAX / 2 + 40);
        }),
        ("more examples than memory", |m| m["train"][1]["examples"] = json!(4_000_000_000_u64)),
        ("more test examples than memory", |m| m["test"][0]["examples"] = json!(1_u64 << 40)),
        ("no examples", |m| m["train"][2]["examples"] = json!(0)),
        ("more bytes than numbers", |m| m["train"][0]["bytes"] = json!(u64::MAX)),
        ("fewer than none", |m| m["train"][0]["examples"] = json!(-1)),
        ("words for a number", |m| m["test"][0]["bytes"] = json!("many")),
        ("no list", |m| m["train"] = json!({})),
    ];
    for (name, change) in changes {
        let root = site("absurd");
        let file = root.join("datasets/mnist/v1/manifest.json");
        let good = changed(&file, change);
        with_engine(&root, async |page| {
            open(page, 1);
            page.send(Command::Play { run: 1 });
            let failure = failure(page).await;
            is_words(name, &failure);
            assert!(failure.what.contains("manifest.json"), "{name}: {}", failure.what);
            std::fs::write(&file, &good).unwrap();
            page.send(Command::Play { run: 1 });
            let done = page.next("the end", |event| {
                matches!(event, Event::State { state: RunState::Done, .. }).then_some(())
            });
            done.await;
        });
    }
}

/// A thousand times as many bytes would be unpacked before anyone could say that it is too much.
#[test]
fn a_shard_that_unpacks_to_more_than_its_manifest_says_is_left_at_once() {
    let root = site("bomb");
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    let zeros = vec![0; 1 << 20];
    (0..16).for_each(|_| gzip.write_all(&zeros).unwrap());
    std::fs::write(root.join("datasets/mnist/v1/train-001.shard"), gzip.finish().unwrap()).unwrap();
    with_engine(&root, async |page| {
        open(page, 1);
        page.send(Command::Play { run: 1 });
        let failure = failure(page).await;
        is_words("bomb", &failure);
        assert!(failure.what.contains("unpacks to more"), "{}", failure.what);
    });
}

#[test]
fn a_list_that_never_ends_is_not_read_to_its_end() {
    let root = site("endless");
    let file = root.join("datasets/mnist/v1/manifest.json");
    let good = std::fs::read(&file).unwrap();
    std::fs::write(&file, [good, vec![b' '; 8 << 20]].concat()).unwrap();
    with_engine(&root, async |page| {
        open(page, 1);
        let failure = failure(page).await;
        is_words("endless", &failure);
        assert!(failure.what.contains("longer than"), "{}", failure.what);
    });
}

/// A site with a manifest of weights, one tensor of three numbers in it.
fn weights_site(change: impl Fn(&mut Value)) -> PathBuf {
    let root = std::env::temp_dir().join(format!("intab-absurd-weights-{}", std::process::id()));
    let folder = root.join(PRETRAINED[0].folder());
    std::fs::create_dir_all(&folder).unwrap();
    let bytes = [0_u8; 6];
    let mut manifest = json!({
        "id": PRETRAINED[0].id, "version": PRETRAINED[0].version, "source": "a test", "labels": ["a"],
        "tensors": [{ "name": "stem.bias", "shape": [3], "start": 0 }],
        "parts": [{ "file": "part", "bytes": 6, "crc32": crc32fast::hash(&bytes) }],
    });
    change(&mut manifest);
    std::fs::write(folder.join("manifest.json"), manifest.to_string()).unwrap();
    std::fs::write(folder.join("part"), bytes).unwrap();
    root
}

#[test]
fn a_manifest_of_weights_with_absurd_counts_ends_in_words() {
    let said = |change: fn(&mut Value)| {
        let root = weights_site(change);
        platform::set_root(&root);
        let said = block_on(weights::load(&PRETRAINED[0].files(), |_, _| ()))
            .map(|weights| weights.tensor("stem.bias", &[3]).map(<[f32]>::to_vec));
        std::fs::remove_dir_all(&root).unwrap();
        said
    };
    assert_eq!(said(|_| ()).unwrap().unwrap(), [0.0; 3], "as it is, it is read");
    type Change = fn(&mut Value);
    let changes: [(&str, Change); 9] = [
        ("more bytes than numbers", |m| m["parts"][0]["bytes"] = json!(u64::MAX)),
        ("more bytes than memory", |m| m["parts"][0]["bytes"] = json!(1_u64 << 45)),
        ("two parts that overflow together", |m| {
            let part = json!({ "file": "part", "bytes": u64::MAX - 3, "crc32": 0 });
            m["parts"].as_array_mut().unwrap().push(part);
        }),
        ("a tensor behind everything", |m| m["tensors"][0]["start"] = json!(u64::MAX)),
        ("a tensor that ends behind everything", |m| m["tensors"][0]["start"] = json!(1)),
        ("a shape that overflows", |m| m["tensors"][0]["shape"] = json!([u64::MAX, u64::MAX, 3])),
        ("more names than classes", |m| m["labels"] = json!(vec!["a"; 100_000])),
        ("numbers for names", |m| m["labels"] = json!([1, 2])),
        ("no list", |m| m["tensors"] = json!(3)),
    ];
    for (name, change) in changes {
        let Err(failure) = said(change) else { panic!("{name} was taken") };
        is_words(name, &failure);
        assert!(failure.what.contains("manifest.json"), "{name}: {}", failure.what);
    }
}
