//! What the steps of the pipeline's picture are made of: a row, its words, what can be chosen, and the numbers.

use crate::pixels::{self, Shape};
use crate::protocol::{DatasetInfo, FeatureMaps};
use crate::ui::components::picture::{draw_picture, ink_canvas};
use crate::ui::components::reactive::{memo, text};
use crate::ui::language::tr;
use leptos::prelude::*;
use serde_bytes::ByteBuf;

/// A picture on its way.
#[derive(Clone, PartialEq)]
pub struct Picture {
    pub shape: Shape,
    pub pixels: Vec<u8>,
}

/// The label, and the picture before the first step and after each.
pub type Way = (u32, Vec<Picture>);

/// The picture at this place of the way.
pub fn shown(way: Memo<Option<Way>>, at: usize) -> AnyView {
    let picture = memo(move || way.with(|w| w.as_ref().and_then(|w| w.1.get(at).cloned())));
    ink_canvas("pipeline-picture", move |canvas| {
        picture.with(|p| {
            if let Some(p) = p {
                draw_picture(canvas, p.shape, &p.pixels);
            }
        });
    })
}

/// One step: before, after, what it is called, its numbers, and what can be chosen.
pub fn row(
    name: String,
    taken: Signal<bool>,
    [before, after]: [AnyView; 2],
    numbers: Signal<String>,
    control: AnyView,
) -> AnyView {
    view! {
        <li class="pipeline-step">
            <div class="pipeline-pair" aria-hidden="true">{before}<span class="pipeline-arrow">"→"</span>{after}</div>
            {words_of(name, taken, numbers, control)}
        </li>
    }
    .into_any()
}

pub fn words_of(name: String, taken: Signal<bool>, numbers: Signal<String>, control: AnyView) -> AnyView {
    let run = text(move || if taken.get() { tr!("in this run") } else { tr!("not in this run") });
    view! {
        <div class="pipeline-words">
            <p><strong>{name}</strong>" "<span class="pipeline-run" class:taken=taken>{run}</span></p>
            <p class="pipeline-numbers num">{numbers}</p>
            {control}
        </div>
    }
    .into_any()
}

pub fn slider(label: String, [min, max, step]: [f64; 3], value: RwSignal<f64>) -> AnyView {
    let chosen = move |event: web_sys::Event| {
        if let Ok(number) = event_target_value(&event).parse() {
            value.set(number);
        }
    };
    view! {
        <input
            type="range"
            min=min.to_string()
            max=max.to_string()
            step=step.to_string()
            aria-label=label
            prop:value=text(move || value.get().to_string())
            style:--share=text(move || ((value.get() - min) / (max - min)).to_string())
            on:input=chosen
        />
    }
    .into_any()
}

/// One of a step's several sliders, with its name beside it.
pub fn named(name: String, slider: AnyView) -> AnyView {
    view! { <div class="pipeline-named"><span aria-hidden="true">{name}</span>{slider}</div> }.into_any()
}

/// Every new pixel is the mean of the area that it covers.
pub fn resized(picture: &Picture, side: usize) -> Picture {
    let [channels, height, width] = picture.shape;
    let area = height * width;
    let channel = |pixel: usize, channel: usize| picture.pixels[channel.min(channels - 1) * area + pixel];
    let rgba: Vec<u8> = (0..area).flat_map(|i| [channel(i, 0), channel(i, 1), channel(i, 2), 255]).collect();
    let mut pixels = pixels::square(&rgba, width, height, side);
    pixels.truncate(channels * side * side);
    Picture { shape: [channels, side, side], pixels }
}

pub fn mean(pixels: &[u8]) -> f64 {
    pixels.iter().map(|&byte| f64::from(byte)).sum::<f64>() / pixels.len().max(1) as f64
}

/// What the network gets, `[channels, height, width]`.
pub fn numbers(picture: &Picture, dataset: &DatasetInfo) -> Vec<f32> {
    let [_, height, width] = picture.shape;
    let constants = dataset.mean.iter().zip(&dataset.std);
    let planes = picture.pixels.chunks_exact(height * width).zip(constants);
    planes
        .flat_map(|(plane, (mean, std))| {
            plane.iter().map(move |&byte| (f32::from(byte) / 255.0 - mean) / std)
        })
        .collect()
}

/// The mean over the channels of what the network gets, to draw: blue is above 0, orange below.
pub fn normalised(picture: &Picture, dataset: &DatasetInfo) -> FeatureMaps {
    let [channels, height, width] = picture.shape;
    let values = numbers(picture, dataset);
    let area = height * width;
    let means: Vec<f32> =
        (0..area).map(|i| values.iter().skip(i).step_by(area).sum::<f32>() / channels as f32).collect();
    let min = means.iter().copied().fold(f32::INFINITY, f32::min);
    let max = means.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let scale = 255.0 / (max - min).max(f32::MIN_POSITIVE);
    let bytes: Vec<u8> = means.iter().map(|v| ((v - min) * scale) as u8).collect();
    FeatureMaps {
        maps: 1,
        height: height as u32,
        width: width as u32,
        min,
        max,
        pixels: ByteBuf::from(bytes),
    }
}
