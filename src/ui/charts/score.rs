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
    if is_of_tokens(e) { tr!("the next tokens") } else { format::count(e.count.into()) }
}

/// The score counts single tokens, not examples.
pub fn is_of_tokens(e: &Evaluation) -> bool {
    e.task == "next_token"
}
