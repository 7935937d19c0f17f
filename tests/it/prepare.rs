//! Drawings and photographs become digits as MNIST has them, wherever and however large they were drawn.

use intab::engine::prepare::Ink;
use intab::platform::Rgba;

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
