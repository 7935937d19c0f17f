//! Pictures: files, as far as they are read before the browser decodes them, and pixels as a camera, a pad and a
//! decoder give them.

use super::{Chance, Kind, is_words};
use intab::engine::digit_preprocess::Ink;
use intab::engine::vision::{preprocess, resize::prepare};
use intab::pixels;
use intab::platform::{Rgba, block_on};
use intab::pretrained::PRETRAINED;
use intab::protocol::vision::Photo;

/// The beginning of a file of each kind, and a whole PNG.
fn file(chance: &mut Chance) -> Vec<u8> {
    let heads: [&[u8]; 8] = [
        b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xc0\0\x11\x08\0\x40\0\x40\x03\x01\x22\0\x02\x11\x01\x03\x11\x01",
        b"GIF89a\x40\0\x40\0\x80\0\0\0\0\0\xff\xff\xff",
        b"RIFF\x24\0\0\0WEBPVP8 \x18\0\0\0\x30\x01\0\x9d\x01\x2a\x40\0\x40\0",
        b"RIFF\x24\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x3f\0\0\x3f\0\0",
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf\0\0\0\x14ispe\0\0\0\0\0\0\0\x40\0\0\0\x40",
        b"BM\x36\x30\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x40\0\0\0\x40\0\0\0\x01\0\x18\0",
        b"II*\0\x08\0\0\0\x02\0\0\x01\x04\0\x01\0\0\0\x40\0\0\0\x01\x01\x04\0\x01\0\0\0\x40\0\0\0",
    ];
    let [height, width] = [1 + chance.below(9), 1 + chance.below(9)];
    let png = pixels::png(&chance.bytes(height * width), [1, height, width]);
    let rest = chance.below(200);
    let bytes = if chance.one_in(4) { png } else { [chance.pick(&heads), &chance.bytes(rest)[..]].concat() };
    if chance.one_in(6) { bytes } else { chance.damaged(bytes) }
}

/// Sides, and bytes that are as many as they say, or not.
fn sized(chance: &mut Chance, channels: usize) -> (u32, u32, Vec<u8>) {
    const SIDES: [u32; 9] = [0, 1, 2, 7, 28, 300, 65_536, 1 << 31, u32::MAX];
    if chance.one_in(3) {
        let length = chance.below(64);
        return (*chance.pick(&SIDES), *chance.pick(&SIDES), chance.bytes(length));
    }
    let (width, height) = (1 + chance.below(60), 1 + chance.below(60));
    let flat = chance.one_in(3).then(|| chance.below(256) as u8);
    let mut bytes = chance.bytes(width * height * channels);
    flat.into_iter().for_each(|value| bytes.fill(value));
    (width as u32, height as u32, bytes)
}

#[test]
fn any_picture_is_read_or_refused_in_words() {
    let made = |chance: &mut Chance| match chance.below(3) {
        0 => {
            let (width, height, rgba) = sized(chance, 4);
            Photo::Frame { width, height, rgba: rgba.into() }
        }
        1 => {
            let length = *chance.pick(&[0, 1, 3, 224 * 224 * 3]);
            Photo::Exact(chance.bytes(length).into())
        }
        _ => Photo::File(file(chance).into()),
    };
    Kind { name: "photos", slow: 4, most_bytes: 64 << 20 }.fuzz(made, |given| {
        let input = PRETRAINED[0].input;
        match block_on(preprocess::read(given, input)) {
            Ok(read) => assert_eq!(read.input.len(), input.side * input.side * 3),
            Err(failure) => [failure.what, failure.advice].iter().for_each(|text| is_words(text)),
        }
    });
}

#[test]
fn any_drawing_is_a_digit_or_nothing() {
    Kind { name: "drawings", slow: 2, most_bytes: 64 << 20 }.fuzz(
        |chance| sized(chance, 1),
        |(width, height, bytes)| {
            if let Some(ink) = Ink::from_bytes(*width as usize, *height as usize, bytes) {
                assert!(ink.to_digit().is_none_or(|digit| digit.len() == 784));
            }
        },
    );
}

#[test]
fn any_pixels_become_what_networks_take() {
    let sides = |chance: &mut Chance| {
        let sides = [1, 2, 3, 28, 257, 2_000];
        let (width, height) = (*chance.pick(&sides), if chance.one_in(2) { 1 } else { 1 + chance.below(40) });
        (width, height, chance.bytes(width * height * 4))
    };
    Kind { name: "pixels", slow: 30, most_bytes: 64 << 20 }.fuzz(sides, |(width, height, bytes)| {
        assert_eq!(pixels::square(bytes, *width, *height, 32).len(), 3 * 32 * 32);
        let rgb: Vec<u8> = bytes.chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]]).collect();
        assert_eq!(prepare(&rgb, *width, *height, 256, 224).len(), 224 * 224 * 3);
        let ink = Ink::from_photo(&Rgba { width: *width, height: *height, pixels: bytes.clone() });
        assert!(ink.to_digit().is_none_or(|digit| digit.len() == 784));
    });
}

/// Found by seed 127: the sides of a frame multiplied to more than a number holds.
#[test]
fn a_frame_with_sides_that_overflow_is_refused() {
    let frame = Photo::Frame { width: u32::MAX, height: 1 << 31, rgba: vec![1; 64].into() };
    let failure = block_on(preprocess::read(&frame, PRETRAINED[0].input)).err().unwrap();
    assert!(failure.what.contains("damaged"), "{}", failure.what);
}
