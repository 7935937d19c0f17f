//! YOLOX-Nano against onnxruntime on the sample pictures (tests/reference/yolox_nano.py), its published file against our
//! description of it, and what is not such a file.

use crate::imagenet::{decoded, root};
use futures_executor::block_on;
use intab::detection::suppression::{IOU, SCORE, kept};
use intab::detection::{BoundingBox, Found, coco};
use intab::engine::vision::detect::{Detector, detect, square};
use intab::engine::vision::weights::{self, Weights};
use intab::platform;
use intab::pretrained::samples::SAMPLES;
use intab::pretrained::{self, DETECTORS};
use intab::protocol::vision::Photo;
use intab::tools::data::{detectors, onnx, onnx_layers};
use intab::tools::paths::Places;
use serde::Deserialize;
use serde_bytes::ByteBuf;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// How far a score may be from onnxruntime's.
const TOLERANCE: f32 = 0.05;

/// How far a box's four numbers may be where something is found: half precision keeps eleven bits of a weight, and there are
/// sixty layers one behind the other. In strides; the sides as logarithms.
const BOX_TOLERANCE: f32 = 0.15;

/// A row of tests/reference/yolox_nano.json.
#[derive(Deserialize)]
struct Row {
    id: String,
    crc32: u32,
    places: Vec<usize>,
    /// Class, score, left, top, right, bottom.
    boxes: Vec<[f32; 6]>,
}

struct Reference {
    row: Row,
    /// `[416, 416, 3]`
    square: Vec<u8>,
    /// 85 for each of the places.
    outputs: Vec<f32>,
    size: [usize; 2],
    rgb: Vec<u8>,
}

fn about() -> &'static pretrained::Detector {
    &DETECTORS[0]
}

/// Of all sample pictures that are there. None are on a machine that could not fetch them.
fn reference() -> Vec<Reference> {
    let rows: Vec<Row> =
        serde_json::from_slice(&fs::read(root().join("tests/reference/yolox_nano.json")).unwrap()).unwrap();
    let bytes = fs::read(root().join("tests/reference/yolox_nano.f32")).unwrap();
    let mut values = bytes.as_chunks().0.iter().map(|four| f32::from_le_bytes(*four));
    let mut found = Vec::new();
    for row in rows {
        let outputs = values.by_ref().take(row.places.len() * 85).collect();
        let sample = SAMPLES.iter().find(|sample| sample.id == row.id).unwrap();
        if let Some((width, height, rgb)) = decoded(sample) {
            let size = [width, height];
            let square = square(about(), &rgb, size).1;
            assert_eq!(crc32fast::hash(&square), row.crc32, "{}: run yolox_nano.py again", row.id);
            found.push(Reference { row, square, outputs, size, rgb });
        }
    }
    assert!(values.next().is_none());
    if found.is_empty() {
        println!("not compared: there are no sample pictures (cargo intab data)");
    }
    found
}

#[test]
fn inputs_of_the_detector_are_written_for_the_reference() {
    let Some(folder) = std::env::var_os("INTAB_WRITE_INPUTS") else { return };
    fs::create_dir_all(&folder).unwrap();
    for sample in SAMPLES {
        let (width, height, rgb) = decoded(sample).expect("a sample picture is missing: cargo intab data");
        let file = Path::new(&folder).join(format!("{}.square.rgb", sample.id));
        fs::write(file, square(about(), &rgb, [width, height]).1).unwrap();
    }
}

/// Largest differences at the places that are compared: of a box's numbers where the reference finds something, of a score
/// anywhere, of any number anywhere.
fn furthest(detector: &mut Detector) -> Option<[f32; 3]> {
    let mut most = [0.0_f32; 3];
    let all = reference();
    for reference in &all {
        let outputs = detector.run(&reference.square).concat();
        assert_eq!(outputs.len(), 3549 * 85);
        assert_eq!(reference.row.places.len() * 85, reference.outputs.len());
        for (at, theirs) in reference.row.places.iter().zip(reference.outputs.chunks_exact(85)) {
            let ours = &outputs[at * 85..][..85];
            let apart = |range: std::ops::Range<usize>| {
                range.map(|at| (ours[at] - theirs[at]).abs()).fold(0.0_f32, f32::max)
            };
            let scores = (5..85).map(|class| (ours[4] * ours[class] - theirs[4] * theirs[class]).abs());
            let surest = theirs[5..].iter().fold(0.0, |most: f32, kind| most.max(theirs[4] * kind));
            let boxes = if surest >= SCORE { apart(0..4) } else { 0.0 };
            let here = [boxes, scores.fold(0.0, f32::max), apart(0..85)];
            most.iter_mut().zip(here).for_each(|(most, here)| *most = most.max(here));
        }
    }
    (all.len() >= 12).then_some(most)
}

/// The folder that has the weights that a visitor fetches: the site's, or one that is made anew where the site has none.
fn public() -> Option<&'static Path> {
    static MADE: OnceLock<Option<PathBuf>> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let public = root().join("public");
        if detectors::complete(&public.join(about().folder()), about()).is_some() {
            return Some(public);
        }
        let public = std::env::temp_dir().join("intab-detector-test");
        match detectors::prepare(about(), &public, mirror().as_deref(), &downloads()) {
            Ok(()) => Some(public),
            Err(reason) => {
                assert!(std::env::var_os("CI").is_none(), "there is no {}: {reason}", about().id);
                println!("not compared: there are no weights ({reason})");
                None
            }
        }
    });
    made.as_deref()
}

pub fn shipped() -> Option<Detector> {
    platform::set_root(public()?);
    let weights = platform::block_on(weights::load(&about().files(), |_, _| ())).unwrap();
    Some(Detector::new(about(), &weights).unwrap())
}

fn downloads() -> PathBuf {
    Places::find().unwrap().cache.join("downloads")
}

/// Beside the project, or where the environment says.
pub fn mirror() -> Option<PathBuf> {
    let said = std::env::var_os("INTAB_MIRROR").map(PathBuf::from);
    said.or(Some(root().join("../shared/mirror"))).filter(|mirror| mirror.is_dir())
}

/// The publisher's file, where it is there.
fn published() -> Option<Vec<u8>> {
    detectors::publishers(about(), mirror().as_deref(), &downloads()).ok()
}

#[test]
fn outputs_are_onnxruntimes_in_half_precision() {
    let Some(mut detector) = shipped() else { return };
    let most = furthest(&mut detector);
    println!("largest differences of boxes, scores, all numbers: {most:?}");
    assert!(most.is_none_or(|[boxes, scores, _]| boxes < BOX_TOLERANCE && scores < TOLERANCE), "{most:?}");
}

#[test]
fn outputs_are_onnxruntimes_in_single_precision() {
    let Some(bytes) = published() else { return println!("not compared: the published file cannot be had") };
    let tensors = detectors::read(about(), &bytes).unwrap();
    let values: usize = tensors.iter().map(|tensor| tensor.values.len()).sum();
    // All that the publisher's file has but the numbers of slices and shapes.
    assert_eq!(values, 904_463);
    let weights = Weights::from_tensors(tensors.into_iter().map(|t| (t.name, t.shape, t.values)));
    let most = furthest(&mut Detector::new(about(), &weights).unwrap());
    println!("largest differences of boxes, scores, all numbers: {most:?}");
    assert!(most.is_none_or(|[_, _, all]| all < 2e-3), "{most:?}");
}

/// Every box of the reference is ours too, but for those so near the threshold that a rounded weight decides.
#[test]
fn boxes_are_those_of_the_reference() {
    let Some(mut detector) = shipped() else { return };
    let (mut compared, mut most, mut seconds) = (0, 0.0_f32, Vec::new());
    for Reference { row, size: [width, height], rgb, .. } in reference() {
        let rgba = rgb.as_chunks::<3>().0.iter().flat_map(|&[r, g, b]| [r, g, b, 255]).collect();
        let photo =
            Photo::Frame { width: width as u32, height: height as u32, rgba: ByteBuf::from::<Vec<u8>>(rgba) };
        let answer = block_on(detect(&mut detector, &photo)).unwrap();
        assert_eq!(answer.size, [width as u32, height as u32]);
        assert!(answer.found.is_sorted_by(|a, b| a.score >= b.score));
        seconds.push(answer.milliseconds.network);
        let ours = kept(&answer.found, SCORE - TOLERANCE, IOU);
        for [class, score, left, top, right, bottom] in row.boxes {
            let area = BoundingBox { left, top, right, bottom };
            let same = |one: &&Found| f32::from(one.class) == class && one.area.iou(&area) > 0.9;
            let twin = ours.iter().filter(same).max_by(|a, b| a.score.total_cmp(&b.score));
            let name = coco::CATEGORIES[class as usize].name;
            let Some(twin) = twin else {
                assert!(score < SCORE + TOLERANCE, "{}: {name} {score} at {area:?} is not ours", row.id);
                continue;
            };
            compared += 1;
            most = most.max((twin.score - score).abs());
        }
        let surest = ours.first().filter(|one| one.score > 0.35);
        println!("{}: {:?}", row.id, surest.map(|one| coco::CATEGORIES[usize::from(one.class)].name));
    }
    seconds.sort_by(f64::total_cmp);
    println!(
        "{compared} boxes, scores differ by {most} at most; network median {:?} ms",
        seconds.get(seconds.len() / 2)
    );
    assert!(most < TOLERANCE, "{most}");
    assert!(seconds.is_empty() || compared > 20, "{compared}");
}

#[test]
fn odd_pictures_are_looked_at() {
    let Some(mut detector) = shipped() else { return };
    for [width, height] in [[1, 1], [20, 20], [2000, 3], [3, 900], [1300, 130]] {
        let rgba = vec![130; (width * height * 4) as usize];
        let photo = Photo::Frame { width, height, rgba: ByteBuf::from(rgba) };
        let answer = block_on(detect(&mut detector, &photo)).unwrap();
        assert_eq!(answer.size, [width, height]);
        for one in answer.found {
            let inside =
                one.area.left >= 0.0 && one.area.right <= width as f32 && one.area.bottom <= height as f32;
            assert!(inside && usize::from(one.class) < 80, "{one:?}");
        }
    }
    let damaged = Photo::Frame { width: 3, height: 3, rgba: ByteBuf::from(vec![0; 35]) };
    let failure = block_on(detect(&mut detector, &damaged)).unwrap_err();
    assert_eq!(failure.what, "This frame of the camera is damaged.");
}

#[test]
fn what_is_no_such_network_is_refused() {
    let refused = |bytes: &[u8]| detectors::read(about(), bytes).err().unwrap();
    assert!(refused(b"no file").starts_with("it is not an ONNX file"), "{}", refused(b"no file"));
    assert_eq!(refused(b""), "it does not say which version its operators are of");
    let Some(bytes) = published() else { return println!("not tried: the published file cannot be had") };
    assert!(refused(&bytes[..bytes.len() / 2]).starts_with("it is not an ONNX file"));
    // Whatever a file says: an answer, and soon.
    let mut random = intab::random::Random::new(11, 0);
    for _ in 0..200 {
        let mut mutated = bytes.clone();
        for _ in 0..=random.below(8) {
            let at = random.below(mutated.len());
            mutated[at] = random.below(256) as u8;
        }
        let _ = onnx::read(&mutated).and_then(|graph| onnx_layers::layers(&graph));
    }
    // An operator is the node's fourth field: its mark, how many letters it has, its letters. The
    // letters alone are a part of tensors' names, too.
    let operator = b"\x22\x07Sigmoid";
    let at = bytes.windows(operator.len()).position(|window| window == operator).unwrap();
    let mut other = bytes.clone();
    other[at + 2..at + 9].copy_from_slice(b"Hgmoids");
    assert!(refused(&other).contains("nobody here knows this operator"), "{}", refused(&other));
}
