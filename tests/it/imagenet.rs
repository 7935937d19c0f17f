//! Pictures and ImageNet's classes against numbers that numpy and Pillow made: tests/reference/imagenet.py.

use intab::engine::vision::resize::prepare;
use intab::pretrained::samples::{SAMPLES, SAMPLES_FOLDER, Sample};
use intab::pretrained::{Input, Pretrained};
use serde::Deserialize;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A sample picture, what our decoder and our resizing make of it, and what the published network says to that.
pub struct Reference {
    pub id: String,
    /// 224 × 224 × 3 bytes.
    pub input: Vec<u8>,
    pub logits: Vec<f32>,
    /// The five likeliest classes, the likeliest first.
    pub top: Vec<usize>,
}

/// A row of tests/reference/imagenet.json.
#[derive(Deserialize)]
struct Row {
    id: String,
    width: u32,
    height: u32,
    crc32: u32,
    top: Vec<usize>,
}

fn rows() -> Vec<Row> {
    serde_json::from_slice(&fs::read(root().join("tests/reference/imagenet.json")).unwrap()).unwrap()
}

/// The references of all samples that are there. None are on a machine that could not fetch them.
pub fn reference() -> Vec<Reference> {
    let bytes = fs::read(root().join("tests/reference/imagenet_logits.f32")).unwrap();
    let values: Vec<f32> = bytes.as_chunks().0.iter().map(|four| f32::from_le_bytes(*four)).collect();
    let mut found = Vec::new();
    for (row, logits) in rows().into_iter().zip(values.chunks_exact(1000)) {
        let sample = SAMPLES.iter().find(|sample| sample.id == row.id).unwrap();
        if let Some(input) = input(sample) {
            found.push(Reference { id: row.id, input, logits: logits.to_vec(), top: row.top });
        }
    }
    if found.is_empty() {
        println!("not compared: there are no sample pictures (cargo intab data)");
    }
    found
}

fn file(sample: &Sample) -> PathBuf {
    root().join("public").join(SAMPLES_FOLDER).join(sample.file())
}

/// Width, height and RGB bytes.
pub fn decoded(sample: &Sample) -> Option<(usize, usize, Vec<u8>)> {
    let file = file(sample);
    let bytes = file.is_file().then(|| fs::read(&file).unwrap())?;
    Some(if file.extension().unwrap() == "png" { from_png(&bytes) } else { from_jpeg(&bytes) })
}

pub fn from_jpeg(bytes: &[u8]) -> (usize, usize, Vec<u8>) {
    let mut decoder = zune_jpeg::JpegDecoder::new(Cursor::new(bytes));
    let pixels = decoder.decode().unwrap();
    let (width, height) = decoder.dimensions().unwrap();
    (width, height, pixels)
}

fn from_png(bytes: &[u8]) -> (usize, usize, Vec<u8>) {
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    let rgb = |pixel: &[u8]| if let [r, g, b, ..] = *pixel { [r, g, b] } else { [pixel[0]; 3] };
    let channels = info.color_type.samples();
    let pixels = pixels.chunks_exact(channels).flat_map(rgb).collect();
    (info.width as usize, info.height as usize, pixels)
}

fn input(sample: &Sample) -> Option<Vec<u8>> {
    let Input { resize, side, .. } = Pretrained::by_id("efficientnet_lite0").unwrap().input;
    let (width, height, pixels) = decoded(sample)?;
    Some(prepare(&pixels, width, height, resize, side))
}

/// The script computes with our bytes, so its logits are those of our input exactly.
#[test]
fn inputs_are_those_that_the_reference_was_made_with() {
    if let Some(folder) = std::env::var_os("INTAB_WRITE_INPUTS") {
        fs::create_dir_all(&folder).unwrap();
        for sample in SAMPLES {
            let file = Path::new(&folder).join(format!("{}.rgb", sample.id));
            fs::write(file, input(sample).expect("a sample picture is missing: cargo intab data")).unwrap();
        }
        return;
    }
    let rows = rows();
    assert!(rows.iter().map(|row| row.id.as_str()).eq(SAMPLES.iter().map(|sample| sample.id)));
    for reference in reference() {
        let row = rows.iter().find(|row| row.id == reference.id).unwrap();
        let crc32 = crc32fast::hash(&reference.input);
        assert_eq!(crc32, row.crc32, "{}: run tests/reference/imagenet.py again", row.id);
    }
}

#[test]
fn samples_are_described_as_they_are() {
    for (sample, row) in SAMPLES.iter().zip(rows()) {
        assert_eq!(sample.size, [row.width, row.height], "{}", sample.id);
        if let Some((width, height, _)) = decoded(sample) {
            assert_eq!(sample.size, [width as u32, height as u32], "{}", sample.id);
        }
        for text in [sample.title, sample.credit, sample.licence.name] {
            assert!(!text.is_empty(), "{}", sample.id);
        }
        for address in [sample.licence.url, sample.origin] {
            assert!(address.starts_with("http"), "{}: {address}", sample.id);
        }
    }
}

/// The logits are in the order of the rows, and each row's classes are the largest of its own.
#[test]
fn the_reference_agrees_with_itself() {
    for Reference { id, logits, top, input } in reference() {
        assert_eq!((input.len(), logits.len(), top.len()), (224 * 224 * 3, 1000, 5), "{id}");
        let mut order: Vec<usize> = (0..logits.len()).collect();
        order.sort_by(|a, b| logits[*b].total_cmp(&logits[*a]));
        assert_eq!(order[..5], top, "{id}");
    }
}

/// Pillow's own results for noise and gradients: wide, high, tiny, enlarged, left as it is.
#[test]
fn resizing_is_pillows_to_the_bit() {
    let file = fs::read(root().join("tests/reference/resize.bin")).unwrap();
    let mut rest = file.as_slice();
    let mut take = |count: usize| rest.split_off(..count).unwrap();
    let cases = u32::from_le_bytes(take(4).try_into().unwrap());
    for _ in 0..cases {
        let [width, height, resize, side] =
            std::array::from_fn(|_| u32::from_le_bytes(take(4).try_into().unwrap()) as usize);
        let (before, after) = (take(width * height * 3), take(side * side * 3));
        let ours = prepare(before, width, height, resize, side);
        assert_eq!(ours.len(), after.len());
        let most = ours.iter().zip(after).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
        assert_eq!(most, 0, "{width} × {height} to {resize}, {side}");
    }
    assert!(cases > 10 && rest.is_empty());
}

#[test]
fn what_is_no_picture_has_no_middle() {
    for (bytes, width, height) in [(0, 0, 0), (0, 0, 7), (0, 7, 0), (11, 2, 2), (13, 2, 2)] {
        assert!(prepare(&vec![0; bytes], width, height, 256, 224).is_empty(), "{bytes}, {width} × {height}");
    }
    assert!(prepare(&[0; 12], 2, 2, 224, 256).is_empty());
    // One row, as long as a panorama ever was.
    let row = vec![9; 300_000 * 3];
    assert!(prepare(&row, 300_000, 1, 256, 224).iter().all(|byte| *byte == 9));
}
