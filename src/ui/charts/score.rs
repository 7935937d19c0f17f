//! A task's score in words.

use crate::protocol::Evaluation;
use crate::tasks::{Metric, TaskKind};
use crate::ui::components::format;
use crate::ui::language::{known, tr};

/// “98.12 %”, or “0.861”, of so many examples.
pub fn score_words(metric: &Metric, score: f64, count: u32) -> String {
    if metric.is_share() { format::percent(score, count) } else { format::decimals(score, 3) }
}

/// “98.12 %”, or “R² 0.861”: by itself.
pub fn score(e: &Evaluation) -> String {
    let metric = &TaskKind::by_id(&e.task).score;
    let words = score_words(metric, e.score, e.count);
    if metric.is_share() { words } else { format!("{} {words}", known(metric.title)) }
}

/// Of what it is the score: “10,000” examples, or tokens, of which each example has many.
pub fn scored(e: &Evaluation) -> String {
    match counted(e) {
        Counted::Examples => format::count(e.count.into()),
        Counted::NextTokens => tr!("the next tokens"),
        Counted::HiddenTokens => tr!("the hidden tokens"),
    }
}

/// What a score counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    Examples,
    NextTokens,
    HiddenTokens,
}

pub fn counted(e: &Evaluation) -> Counted {
    match e.task.as_str() {
        "next_token" => Counted::NextTokens,
        "masked_token" => Counted::HiddenTokens,
        _ => Counted::Examples,
    }
}
