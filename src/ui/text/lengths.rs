//! How long examples are: how many have how many tokens. Passages, which all have the same length, need no such picture.

use super::vocabulary::of_text;
use crate::ui::components::format;
use crate::ui::components::plot::axis;
use crate::ui::components::reactive::{memo, part};
use crate::ui::language::tr;
use crate::ui::panels::panel_state::PanelState;
use leptos::prelude::*;

/// Bars, at most.
const BARS: usize = 60;
/// What is drawn in is so wide and high.
const WIDE: f64 = 1000.0;
const HIGH: f64 = 100.0;

pub fn lengths(scene: PanelState) -> AnyView {
    let counts = memo(move || of_text(scene, |info| info.lengths.clone()).unwrap_or_default());
    part(move || counts.with(|counts| drawn(counts)))
}

/// None where all have the same length.
fn drawn(counts: &[u32]) -> Option<AnyView> {
    let shortest = counts.iter().position(|count| *count > 0)?;
    let longest = counts.iter().rposition(|count| *count > 0)?;
    if shortest == longest {
        return None;
    }
    let all: u64 = counts.iter().map(|count| u64::from(*count)).sum();
    let tokens: u64 =
        counts.iter().enumerate().map(|(length, count)| length as u64 * u64::from(*count)).sum();
    let mean = tokens as f64 / all as f64;
    let number = |n: usize| format::count(n as u64);
    let words = tr!(
        "From {} to {} tokens, {} on average",
        number(shortest),
        number(longest),
        format::decimals(mean, 1)
    );
    let place = |length: f64| (length - shortest as f64 + 0.5) / (longest - shortest + 1) as f64 * 100.0;
    let marks = [shortest, (shortest + longest) / 2, longest].map(|at| (place(at as f64), number(at)));
    let mean = place(mean) / 100.0 * WIDE;
    Some(
        view! {
            <section class="text-part" aria-label=tr!("Lengths of the examples") data-testid="lengths">
                <h3 class="block-title">{tr!("Lengths of the examples")}" "<span class="block-aside num">{words.clone()}</span></h3>
                <div class="lengths" role="img" aria-label=words>
                    <svg viewBox=format!("0 0 {WIDE} {HIGH}") preserveAspectRatio="none" aria-hidden="true" focusable="false">
                        <path class="lengths-bars" d=bars(&counts[shortest..=longest]) />
                        <path class="lengths-mean" d=format!("M{mean:.1} 0V{HIGH}") />
                    </svg>
                    <div class="lengths-axis num" aria-hidden="true">{axis(marks.into(), "left")}</div>
                </div>
            </section>
        }
        .into_any(),
    )
}

/// One bar for each length, or for a few that follow each other.
fn bars(counts: &[u32]) -> String {
    let each = counts.len().div_ceil(BARS);
    let sums: Vec<u64> = counts.chunks(each).map(|few| few.iter().map(|n| u64::from(*n)).sum()).collect();
    let most = sums.iter().copied().max().unwrap_or(1).max(1) as f64;
    let width = WIDE * each as f64 / counts.len() as f64;
    let bar = |(at, sum): (usize, &u64)| {
        let (left, height) = (at as f64 * width, *sum as f64 / most * HIGH);
        format!("M{left:.1} {HIGH}v-{height:.1}h{:.1}v{height:.1}z", width * 0.86)
    };
    sums.iter().enumerate().map(bar).collect()
}
