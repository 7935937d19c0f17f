//! Logarithmic learning-rate slider, usable during training.

use super::panel_state::PanelState;
use super::spec_number::spec_number;
use crate::spec::NumberInfo;
use crate::ui::components::format;
use crate::ui::components::reactive::{flag, memo, text};
use crate::ui::language::tr;
use leptos::prelude::*;

pub const KEY: &str = "train.learning_rate";
/// Places of the slider over its whole range.
const PLACES: f64 = 120.0;

/// The slider spans the values that are offered, not all that are allowed.
fn ends(info: &NumberInfo) -> (f64, f64) {
    let all = || info.choices.iter().copied();
    (all().fold(f64::INFINITY, f64::min).max(1e-9), all().fold(0.0, f64::max).max(1e-8))
}

fn to_place((low, high): (f64, f64), value: f64) -> f64 {
    ((value.max(1e-12) / low).ln() / (high / low).ln() * PLACES).round().clamp(0.0, PLACES)
}

/// Two significant digits, so that the words are short and the same place is the same value.
fn to_value((low, high): (f64, f64), place: f64) -> f64 {
    let value = low * (high / low).powf(place / PLACES);
    let unit = 10_f64.powf(value.log10().floor() - 1.0);
    let rounded = (value / unit).round() * unit;
    // Sheds the noise of binary fractions: 0.0040000000000000001 is 0.004.
    format!("{rounded:.8}").parse().unwrap_or(rounded)
}

pub fn rate(scene: PanelState) -> AnyView {
    let info = memo(move || {
        scene
            .state
            .catalogue
            .with(|c| c.as_ref().and_then(|c| c.numbers.iter().find(|n| n.key == KEY).cloned()))
    });
    let span = memo(move || info.with(|i| i.as_ref().map_or((1e-4, 1.0), ends)));
    let value = spec_number(scene.state, KEY, 0.0);
    let shown =
        text(move || if info.with(Option::is_some) { format::plain(value.get()) } else { "—".into() });
    let slide = move |e: web_sys::Event| {
        if let Ok(place) = event_target_value(&e).parse::<f64>() {
            let value = to_value(span.get_untracked(), place);
            if let Err(why) = scene.lab.set(KEY, serde_json::json!(value)) {
                scene.announcement.set(why);
            }
        }
    };
    view! {
        <div class="rate" data-control="rate train.learning_rate" data-testid="learning-rate">
            <label class="rate-label" for="rate">
                {tr!("Learning rate")}" "<output class="rate-value num" for="rate">{shown}</output>
            </label>
            <input
                id="rate"
                type="range"
                min="0"
                max=PLACES.to_string()
                step="1"
                disabled=flag(move || info.with(Option::is_none))
                aria-valuetext=shown
                style:--share=text(move || (to_place(span.get(), value.get()) / PLACES).to_string())
                prop:value=text(move || to_place(span.get(), value.get()).to_string())
                on:input=slide
            />
        </div>
    }
    .into_any()
}
