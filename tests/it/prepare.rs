//! Drawings and photographs become digits as MNIST has them, wherever and however large they were drawn.

use intab::datasets::DATASETS;
use intab::engine::augment::{self, Augmented};
use intab::engine::dataset_store::Sample;
use intab::engine::digit_preprocess::Ink;
use intab::engine::find;
use intab::pixels::{self, Affine};
use intab::platform::Rgba;
use intab::protocol::Catalogue;
use intab::spec::{AUGMENTS, PRESETS, Preset, RunSpec};
use serde_json::Value;
use std::collections::HashSet;

/// A ring of ink: thick, round, hollow.
fn ring(side: usize, centre: [f32; 2], radius: f32) -> Vec<u8> {
    (0..side * side)
        .map(|i| {
            let (x, y) = ((i % side) as f32 - centre[0], (i / side) as f32 - centre[1]);
            let distance = ((x * x + y * y).sqrt() - radius).abs();
            if distance < radius * 0.2 { 255 } else { 0 }
        })
        .collect()
}

fn box_of(digit: &[u8]) -> [usize; 4] {
    let lit: Vec<(usize, usize)> = (0..784).filter(|&i| digit[i] > 60).map(|i| (i % 28, i / 28)).collect();
    let range = |f: fn(&(usize, usize)) -> usize| {
        (lit.iter().map(f).min().unwrap(), lit.iter().map(f).max().unwrap())
    };
    let ((left, right), (top, bottom)) = (range(|p| p.0), range(|p| p.1));
    [left, top, right - left + 1, bottom - top + 1]
}

fn difference(a: &[u8], b: &[u8]) -> f64 {
    a.iter().zip(b).map(|(a, b)| f64::from(a.abs_diff(*b))).sum::<f64>() / 784.0 / 255.0
}

#[test]
fn a_drawing_is_scaled_and_centred_wherever_it_is() {
    let reference = Ink::from_bytes(280, 280, &ring(280, [140.0, 140.0], 90.0)).unwrap().to_digit().unwrap();
    let [left, top, width, height] = box_of(&reference);
    assert!(width.abs_diff(20) <= 1 && height.abs_diff(20) <= 1, "{width} × {height}");
    assert!(left.abs_diff(4) <= 1 && top.abs_diff(4) <= 1, "at {left}, {top}");
    for (centre, radius) in [([60.0, 60.0], 40.0), ([220.0, 200.0], 45.0), ([140.0, 140.0], 120.0)] {
        let digit = Ink::from_bytes(280, 280, &ring(280, centre, radius)).unwrap().to_digit().unwrap();
        assert!(
            difference(&digit, &reference) < 0.06,
            "{centre:?} {radius}: {}",
            difference(&digit, &reference)
        );
    }
}

#[test]
fn the_centre_of_mass_is_in_the_middle() {
    // A bar with a heavy foot: its box and its mass have different middles.
    let mut ink = vec![0; 100 * 100];
    for y in 10..90 {
        for x in if y > 70 { 20..80 } else { 45..55 } {
            ink[y * 100 + x] = 255;
        }
    }
    let digit = Ink::from_bytes(100, 100, &ink).unwrap().to_digit().unwrap();
    let mass: f64 = digit.iter().map(|&v| f64::from(v)).sum();
    let moment = |axis: fn(usize) -> usize| {
        digit.iter().enumerate().map(|(i, &v)| axis(i) as f64 * f64::from(v)).sum::<f64>() / mass
    };
    assert!((moment(|i| i % 28) - 13.5).abs() < 0.8 && (moment(|i| i / 28) - 13.5).abs() < 0.8);
}

#[test]
fn a_photo_of_ink_on_paper_under_uneven_light_becomes_light_ink_on_dark() {
    let (width, height) = (600, 450);
    let drawn = ring(450, [225.0, 225.0], 110.0);
    let pixel = |i: usize, dark: f32, light: f32| {
        let (x, y) = (i % width, i / width);
        let ink = (75..525).contains(&x) && drawn[y * 450 + x - 75] > 0;
        // The light falls off by a third from left to right.
        let level = (if ink { dark } else { light }) * (1.0 - 0.33 * x as f32 / width as f32);
        [level as u8, level as u8, level as u8, 255]
    };
    let reference = Ink::from_bytes(450, 450, &drawn).unwrap().to_digit().unwrap();
    for (dark, light) in [(60.0, 230.0), (120.0, 200.0)] {
        let pixels = (0..width * height).flat_map(|i| pixel(i, dark, light)).collect();
        let digit = Ink::from_photo(&Rgba { width, height, pixels }).to_digit().unwrap();
        assert!(
            difference(&digit, &reference) < 0.08,
            "{dark} on {light}: {}",
            difference(&digit, &reference)
        );
    }
    // White on black works as well.
    let pixels = drawn.iter().flat_map(|&v| [v, v, v, 255]).collect();
    let digit = Ink::from_photo(&Rgba { width: 450, height: 450, pixels }).to_digit().unwrap();
    assert!(difference(&digit, &reference) < 0.08, "{}", difference(&digit, &reference));
}

/// A photo of `side` × `side` pixels: `ink` is where a pen went, `light` how bright the ground is there.
fn photo(side: usize, ink: impl Fn(f32, f32) -> bool, light: impl Fn(f32, f32) -> f32) -> Rgba {
    let mut random = intab::random::Random::new(3, 0);
    let pixel = |at: usize| {
        let (x, y) = ((at % side) as f32, (at / side) as f32);
        let noise = random.between(-0.015, 0.015);
        let level = light(x, y) * (if ink(x, y) { 0.2 } else { 0.95 } + noise) * 255.0;
        [level as u8, level as u8, level as u8, 255]
    };
    Rgba { width: side, height: side, pixels: (0..side * side).flat_map(pixel).collect() }
}

/// Within `radius` ± 6 of the point.
fn circle(x: f32, y: f32, at: (f32, f32), radius: f32) -> bool {
    ((x - at.0).hypot(y - at.1) - radius).abs() < 6.0
}

/// A sharp shadow's edge was read as a 1, paper's edge on a dark desk as a 0.
#[test]
fn neither_a_shadow_nor_the_edge_of_the_paper_is_ink() {
    let ink = |x: f32, y: f32| circle(x, y, (200.0, 190.0), 60.0);
    let read = |light: &dyn Fn(f32, f32) -> f32| {
        let found = find::digits(&Ink::of_strokes(&photo(400, ink, light)));
        assert_eq!(found.len(), 1, "{:?}", found.iter().map(|f| f.0).collect::<Vec<_>>());
        found[0].1.to_digit().unwrap()
    };
    let plain = read(&|_, _| 1.0);
    type Light<'a> = (&'a str, &'a dyn Fn(f32, f32) -> f32);
    let lights: [Light; 4] = [
        ("a hard shadow", &|x, y| if x + 0.6 * y > 330.0 { 0.45 } else { 1.0 }),
        ("a soft shadow", &|x, _| 1.0 - 0.6 * ((x - 150.0) / 60.0).clamp(0.0, 1.0)),
        ("a dark desk", &|x, y| {
            if (60.0..350.0).contains(&x) && (50.0..340.0).contains(&y) { 1.0 } else { 0.12 }
        }),
        ("a turned paper", &|x, y| {
            if (x - y).abs() < 170.0 && (x + y - 400.0).abs() < 190.0 { 0.9 } else { 0.15 }
        }),
    ];
    for (name, light) in lights {
        let digit = read(light);
        assert!(difference(&digit, &plain) < 0.08, "{name}: {}", difference(&digit, &plain));
    }
    // Chalk: light strokes on a dark board.
    let mut board = photo(400, ink, |_, _| 1.0);
    board.pixels.chunks_exact_mut(4).for_each(|p| p[..3].iter_mut().for_each(|v| *v = 255 - *v));
    let chalk = find::digits(&Ink::of_strokes(&board));
    assert_eq!(chalk.len(), 1);
    assert!(difference(&chalk[0].1.to_digit().unwrap(), &plain) < 0.08);
}

#[test]
fn several_digits_are_found_one_by_one_and_strokes_of_one_are_joined() {
    // Two lines: a ring and a ring with a bar over it, then a ring.
    let ink = |x: f32, y: f32| {
        circle(x, y, (110.0, 110.0), 40.0)
            || circle(x, y, (250.0, 120.0), 30.0)
            || ((225.0..285.0).contains(&x) && (62.0..74.0).contains(&y))
            || circle(x, y, (180.0, 300.0), 45.0)
    };
    let found = find::digits(&Ink::of_strokes(&photo(400, ink, |_, _| 1.0)));
    let middles: Vec<_> =
        found.iter().map(|(p, _)| ((p.left + p.right) / 2, (p.top + p.bottom) / 2)).collect();
    assert_eq!(found.len(), 3, "{middles:?}");
    let wanted = [(110, 110), (250, 106), (180, 300)].map(|(x, y)| (x * 256 / 400, y * 256 / 400));
    for (at, wanted) in middles.iter().zip(wanted) {
        assert!(at.0.abs_diff(wanted.0) < 5 && at.1.abs_diff(wanted.1) < 5, "{middles:?}");
    }
}

#[test]
fn an_empty_picture_is_no_digit() {
    assert!(Ink::from_bytes(280, 280, &vec![0; 280 * 280]).unwrap().to_digit().is_none());
    assert!(Ink::from_bytes(280, 280, &[0; 7]).is_none());
    assert!(Ink::from_bytes(0, 0, &[]).is_none());
    for level in [0, 128, 255] {
        let photo = Rgba { width: 40, height: 30, pixels: vec![level; 40 * 30 * 4] };
        assert!(Ink::from_photo(&photo).to_digit().is_none(), "{level}");
    }
    let transparent = Rgba { width: 40, height: 30, pixels: vec![0; 40 * 30 * 4] };
    assert!(Ink::from_photo(&transparent).to_digit().is_none());
}

/// Odd sizes must not panic: one pixel, one line, one dot.
#[test]
fn any_shape_is_taken() {
    for (width, height) in [(1, 1), (1, 300), (300, 1), (3, 2), (29, 31)] {
        let mut ink = vec![0; width * height];
        ink[width * height / 2] = 255;
        let _ = Ink::from_bytes(width, height, &ink).unwrap().to_digit();
        ink.fill(255);
        let _ = Ink::from_bytes(width, height, &ink).unwrap().to_digit();
        let pixels = (0..width * height).flat_map(|i| [(i * 37) as u8, 0, 9, 255]).collect();
        let _ = Ink::from_photo(&Rgba { width, height, pixels }).to_digit();
    }
}

#[test]
fn a_photo_becomes_its_middle_square_in_colour() {
    // 90 × 30: red, green, blue thirds; the middle is green.
    let colours = [[255, 0, 0, 255], [0, 255, 0, 255], [0, 0, 255, 255]];
    let row: Vec<u8> = (0..90).flat_map(|x| colours[x / 30]).collect();
    let photo = row.repeat(30);
    let picture = pixels::square(&photo, 90, 30, 32);
    assert_eq!(picture.len(), 3 * 32 * 32);
    for (plane, shade) in picture.chunks(1024).zip([0, 255, 0]) {
        assert!(plane.iter().all(|&p| p == shade), "{shade}: {plane:?}");
    }
    // Each new pixel is the mean of what it covers, and what is not there is white.
    let checks: Vec<u8> = (0..64 * 64)
        .flat_map(|at| [if (at % 64 + at / 64) % 2 == 0 { 200 } else { 100 }; 3].into_iter().chain([255]))
        .collect();
    assert!(pixels::square(&checks, 64, 64, 32).iter().all(|&p| p == 150));
    assert!(pixels::square(&[0; 4 * 9], 3, 3, 32).iter().all(|&p| p == 255));
    assert!(pixels::square(&photo, 90, 29, 32).is_empty() && pixels::square(&[], 0, 5, 32).is_empty());
}

#[test]
fn changed_pictures_are_what_they_are_called() {
    let shape = [2, 2, 3];
    let picture: Vec<u8> = (1..=12).collect();
    assert_eq!(pixels::flipped(&picture, shape), [3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10]);
    assert_eq!(pixels::cropped(&picture, shape, 1, 0), [4, 5, 6, 0, 0, 0, 10, 11, 12, 0, 0, 0]);
    assert_eq!(pixels::cropped(&picture, shape, 0, -1), [0, 1, 2, 0, 4, 5, 0, 7, 8, 0, 10, 11]);
    assert_eq!(pixels::brighter(&[0, 100, 200], 1.5), [0, 150, 255]);
}

#[test]
fn a_picture_is_put_where_it_is_said() {
    let square: Vec<u8> = (1..=9).map(|n| n * 20).collect();
    let as_it_is = Affine { down: 0.0, right: 0.0, degrees: 0.0, scale: 1.0 };
    let put = |placing| -> Vec<u8> {
        let put = pixels::affine(&square.repeat(2), [2, 3, 3], placing);
        assert_eq!(put[..9], put[9..], "all channels alike");
        put[..9].iter().map(|pixel| pixel / 10).collect()
    };
    assert_eq!(put(as_it_is), [2, 4, 6, 8, 10, 12, 14, 16, 18]);
    assert_eq!(put(Affine { degrees: 90.0, ..as_it_is }), [6, 12, 18, 4, 10, 16, 2, 8, 14], "to the left");
    assert_eq!(put(Affine { down: 1.0, right: -1.0, ..as_it_is }), [0, 0, 0, 4, 6, 0, 10, 12, 0]);
    assert_eq!(put(Affine { right: 0.5, ..as_it_is }), [1, 3, 5, 4, 9, 11, 7, 15, 17], "between two pixels");
    assert_eq!(put(Affine { scale: 2.0, ..as_it_is }), [6, 7, 8, 9, 10, 11, 12, 13, 14], "twice as large");
    assert_eq!(put(Affine { down: 9.0, ..as_it_is }), [0; 9], "out of sight");
    assert_eq!(pixels::affine(&[7], [1, 1, 1], as_it_is), [7], "of one pixel");
}

/// Pictures as a step of a run with this seed sees them.
fn changed(augment: &str, [seed, step]: [u32; 2], shape: [usize; 3], pictures: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut spec = Preset::by_id("cifar10").unwrap().spec();
    (spec.train.augment, spec.seed) = (augment.into(), seed);
    let samples = pictures.iter().map(|picture| Sample::Picture(picture));
    let changed = augment::batch(&spec, step, &shape, samples);
    let bytes = |one: &Augmented| match one.sample() {
        Sample::Picture(bytes) => bytes.to_vec(),
        Sample::Row(_) | Sample::Tokens(_) => Vec::new(),
    };
    changed.iter().map(bytes).collect()
}

/// The same seed and step, the same pictures; another step, others; and only what was asked for.
#[test]
fn augmentation_is_by_chance_but_the_same_each_time() {
    let shape = [3, 32, 32];
    let pictures: Vec<Vec<u8>> =
        (0..40).map(|p| (0..3072).map(|at| ((at * 7 + p * 13) % 251) as u8).collect()).collect();
    let with = |augment: &str, seed: u32, step: u32| changed(augment, [seed, step], shape, &pictures);
    assert_eq!(with("off", 1, 0), pictures);
    for (way, ..) in &AUGMENTS[1..] {
        assert_eq!(with(way, 1, 5), with(way, 1, 5));
        assert_ne!(with(way, 1, 5), with(way, 1, 6));
        assert_ne!(with(way, 1, 5), with(way, 2, 5));
    }
    let flipped = with("flip", 1, 5);
    let mirrored =
        flipped.iter().zip(&pictures).filter(|(now, was)| **now == pixels::flipped(was, shape)).count();
    let same = flipped.iter().zip(&pictures).filter(|(now, was)| now == was).count();
    assert_eq!(mirrored + same, 40, "neither mirrored nor as it was");
    assert!((10..=30).contains(&mirrored), "{mirrored} of 40 are mirrored");
    let mut places = HashSet::new();
    for (now, was) in with("flip_crop", 1, 5).iter().zip(&pictures) {
        let shifts = (-4..=4).flat_map(|down| (-4..=4).map(move |right| (down, right)));
        let found =
            shifts.flat_map(|at| [false, true].map(|flip| (at, flip))).find(|&((down, right), flip)| {
                let before = if flip { pixels::flipped(was, shape) } else { was.clone() };
                *now == pixels::cropped(&before, shape, down, right)
            });
        places.insert(found.expect("further away than four pixels").0);
    }
    assert!(places.len() > 20, "{places:?}");
}

/// Two dots left and right of the middle, and one above: where they come to says what was done, within its range, and
/// that nothing was mirrored.
#[test]
fn a_digit_is_moved_turned_and_scaled_a_little_and_never_mirrored() {
    let shape = [1, 29, 29];
    let dots = [(14, 6), (14, 22), (6, 14)];
    let dot = |(row, column): (usize, usize)| {
        let mut picture = vec![0; 29 * 29];
        picture[row * 29 + column] = 255;
        picture
    };
    // Each picture of a batch is changed in its own way: a dot at a time, all in the same place of a batch.
    let [lefts, rights, tops] = dots.map(|at| changed("affine", [3, 8], shape, &vec![dot(at); 300]));
    let middle = |picture: &[u8]| {
        let mass: f32 = picture.iter().map(|p| f32::from(*p)).sum();
        let at = |place: fn(usize) -> usize| -> f32 {
            picture.iter().enumerate().map(|(i, p)| place(i) as f32 * f32::from(*p)).sum::<f32>() / mass
        };
        [at(|i| i / 29), at(|i| i % 29)]
    };
    let mut most = [0.0_f32; 4];
    for ((left, right), top) in lefts.iter().zip(&rights).zip(&tops) {
        let [left, right, top] = [left, right, top].map(|picture| middle(picture));
        let (down, across) = (right[0] - left[0], right[1] - left[1]);
        let moved = [(left[0] + right[0]) / 2.0 - 14.0, (left[1] + right[1]) / 2.0 - 14.0];
        let degrees = (-down).atan2(across).to_degrees();
        let scale = down.hypot(across) / 16.0;
        // The middle of a dot between pixels is not exactly where it is.
        assert!(moved.iter().all(|m| m.abs() < 1.3), "moved by {moved:?}");
        assert!(degrees.abs() < 9.5, "turned by {degrees}");
        assert!((0.9..1.1).contains(&scale), "scaled by {scale}");
        assert!(across > 0.0 && top[0] < left[0].min(right[0]), "mirrored or upside down");
        let amounts = [moved[0], moved[1], degrees / 8.0, (scale - 1.0) / 0.08];
        most.iter_mut().zip(amounts).for_each(|(most, amount)| *most = most.max(amount.abs()));
    }
    assert!(most.iter().all(|most| *most > 0.85), "hardly changed: {most:?}");
}

/// Each dataset's ways are rows of the table; a digit may not be mirrored, and what may not be is refused or goes.
#[test]
fn a_dataset_says_how_its_pictures_may_be_changed() {
    let catalogue = Catalogue::of_tables(|_| true);
    for dataset in DATASETS {
        assert!(dataset.augments.iter().all(|id| AUGMENTS.iter().any(|row| row.0 == *id)));
    }
    let of = |id: &str| -> Vec<&str> { catalogue.augments_of(id).map(|a| a.id.as_str()).collect() };
    assert_eq!(of("mnist"), ["off", "affine"]);
    assert_eq!(of("cifar10"), ["off", "flip", "flip_crop", "affine"]);
    assert_eq!(of("penguins"), ["off"]);
    let set = |spec: &RunSpec, key: &str, id: &str| catalogue.change(spec, key, &Value::from(id));
    let colour = Preset::by_id("cifar10").unwrap().spec();
    let after = |augment: &str, data: &str| {
        let spec = set(&colour, "train.augment", augment).unwrap();
        set(&spec, "data.id", data).unwrap().train.augment
    };
    assert_eq!(after("flip", "mnist"), "off");
    assert_eq!(after("flip", "fashion_mnist"), "flip");
    assert_eq!(after("affine", "mnist"), "affine");
    assert_eq!(after("affine", "penguins"), "off");
    let why = set(&PRESETS[0].spec(), "train.augment", "flip_crop").unwrap_err();
    assert_eq!(why, "the pictures of “mnist” are not to be changed by “flip_crop”");
}

/// A decoder made by others reads what was written, in one block and in several.
#[test]
fn pictures_are_png_files_without_loss() {
    for [channels, height, width] in [[1, 28, 28], [3, 32, 32], [1, 1, 3], [3, 150, 151]] {
        let picture: Vec<u8> = (0..channels * height * width).map(|at| (at * 37 % 256) as u8).collect();
        let file = pixels::png(&picture, [channels, height, width]);
        let mut decoder = png::Decoder::new(std::io::Cursor::new(file));
        // It does not look at all of them by itself.
        decoder.ignore_checksums(false);
        let mut reader = decoder.read_info().unwrap();
        let mut read = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut read).unwrap();
        assert_eq!((info.width as usize, info.height as usize), (width, height));
        let plane = |channel: usize, at: usize| picture[channel * height * width + at];
        let written: Vec<u8> = (0..height * width)
            .flat_map(|at| {
                if channels == 1 { vec![0, plane(0, at)] } else { (0..3).map(|c| plane(c, at)).collect() }
            })
            .collect();
        assert_eq!(read, written);
    }
    assert!(pixels::png(&[], [1, 0, 5]).is_empty() && pixels::png(&[0; 8], [2, 2, 2]).is_empty());
    assert!(pixels::png(&[0; 3], [1, 2, 2]).is_empty());
}
