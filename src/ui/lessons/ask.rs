//! Questions about the visitor's own run: their answers are computed from the last test, as what is right differs
//! from run to run; or from what was measured of a drawing.

use crate::lesson::{Answer, Mistake, Varied, offered, varied};
use crate::protocol::Evaluation;
use crate::ui::components::format;
use crate::ui::language::tr;
use crate::ui::panels::panel_state::PanelState;
use crate::ui::sketch::ask::{COLD, HOT};
use crate::ui::sketch::state::Studio;
use leptos::prelude::Get;

/// Answers to “Which mistake is the commonest?” in an order that says nothing; none while the run has no clear one.
pub fn confused(scene: PanelState, last: &Evaluation) -> Vec<Answer> {
    let classes = scene.classes();
    let Some(all) = offered(&last.confusion, classes) else { return Vec::new() };
    let most = all[0];
    let mut sorted = all;
    sorted.sort_by_key(|mistake| (mistake.truth, mistake.said));
    sorted.into_iter().map(|mistake| answer(scene, last, mistake, most)).collect()
}

fn answer(scene: PanelState, last: &Evaluation, mistake: Mistake, most: Mistake) -> Answer {
    let text = named(scene, mistake);
    let times = format::count(mistake.count.into());
    let right = mistake == most;
    let why = if right {
        let (of, step) = (format::count(last.count.into()), format::count(last.step.into()));
        tr!("{} times among {} test pictures, after step {}: more than any other.", times, of, step)
    } else {
        tr!("{} times. {} happens {} times.", times, named(scene, most), format::count(most.count.into()))
    };
    Answer { text, right, why }
}

/// Answers are HTML, and names of classes are what a table's author wrote.
fn named(scene: PanelState, mistake: Mistake) -> String {
    let name = |class: usize| scene.class(class as u32).replace('&', "&amp;").replace('<', "&lt;");
    tr!("“{}” taken for “{}”", name(mistake.truth), name(mistake.said))
}

/// Answers to “Which nine differ more?”; none until nine endings of one beginning were drawn cold and hot.
pub fn differ(studio: Studio) -> Vec<Answer> {
    let measured = studio.there.get().map(|desk| desk.measured.get()).unwrap_or_default();
    let cold = measured.first().filter(|one| one.temperature <= COLD);
    let hot = measured.last().filter(|one| one.temperature >= HOT);
    let (Some(cold), Some(hot)) = (cold, hot) else { return Vec::new() };
    let right = varied(cold.spread, hot.spread);
    let [low, high] = [cold, hot].map(|one| format::plain(one.temperature));
    let [near, far] = [cold, hot].map(|one| format::percent(one.spread, 1000));
    let measured = tr!(
        "At {} the nine pens are {} of the paper’s side apart on average, at {} {}.",
        low,
        near,
        high,
        far
    );
    let answers = [
        (Varied::Cold, tr!("Those at {}", low)),
        (Varied::Hot, tr!("Those at {}", high)),
        (Varied::Alike, tr!("Both about as much")),
    ];
    let answer = |(which, text)| Answer { text, right: which == right, why: measured.clone() };
    answers.into_iter().map(answer).collect()
}

/// What is right changed since the answers were drawn, so they have to be drawn anew.
pub fn outdated(shown: &[Answer], now: &[Answer]) -> bool {
    let right = |all: &[Answer]| all.iter().find(|answer| answer.right).map(|answer| answer.text.clone());
    shown.is_empty() || right(shown) != right(now)
}
