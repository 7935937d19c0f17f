//! Questions about the visitor's own run: their answers are computed from the last test, as what is right differs
//! from run to run.

use crate::lesson::{Answer, Mistake, offered};
use crate::protocol::Evaluation;
use crate::ui::components::format;
use crate::ui::language::tr;
use crate::ui::panels::panel_state::PanelState;

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

/// What is right changed since the answers were drawn, so they have to be drawn anew.
pub fn outdated(shown: &[Answer], now: &[Answer]) -> bool {
    let right = |all: &[Answer]| all.iter().find(|answer| answer.right).map(|answer| answer.text.clone());
    shown.is_empty() || right(shown) != right(now)
}
