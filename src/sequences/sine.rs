//! A wave with noise, of which the next number is asked for.

use super::{Generator, Make, Setting};
use std::f32::consts::TAU;

pub const GENERATOR: Generator = Generator {
    id: "sine",
    title: "Sine",
    blurb: "A wave with some noise: what is its next number?",
    settings: &[
        Setting { key: "length", label: "Length", min: 50, max: 5000, default: 1000 },
        Setting { key: "period", label: "Period", min: 4, max: 200, default: 25 },
        Setting { key: "noise", label: "Noise in percent", min: 0, max: 100, default: 10 },
    ],
    make: Make::Series {
        make: |settings, random| {
            let [length, period, noise] = [settings[0], settings[1], settings[2]];
            let (start, noise) = (random.between(0.0, TAU), noise as f32 / 100.0);
            (0..length)
                // The angle is taken within one period: a large one would lose digits.
                .map(|at| {
                    (start + TAU * (at % period) as f32 / period as f32).sin() + noise * random.normal()
                })
                .collect()
        },
    },
};
