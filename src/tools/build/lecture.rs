//! The front page before any program has arrived: every lesson as a link, in the same markup that
//! `ui/lessons/index.rs` draws (a browser test compares the two).

use crate::lesson::{LecturePart, Listed};

const PARTS: [(LecturePart, &str); 2] = [(LecturePart::Data, "Data"), (LecturePart::Model, "Model")];

/// HTML of both parts.
pub fn html(lessons: &[Listed]) -> String {
    PARTS.iter().map(|(part, title)| part_html(*part, title, lessons)).collect()
}

fn part_html(part: LecturePart, title: &str, lessons: &[Listed]) -> String {
    let rows: String = lessons.iter().filter(|l| l.part == part).map(row).collect();
    format!(
        r#"<section class="part"><h2 class="panel-title">{title}</h2><ol class="path">{rows}</ol></section>"#
    )
}

fn row(lesson: &Listed) -> String {
    let Listed { id, topic, title, sentence, minutes, goal, .. } = lesson;
    let [topic, title, sentence, goal] = [topic, title, sentence, goal].map(|text| escape(text));
    format!(
        r##"<li class="stop"><a class="stop-link" href="#lesson={id}"><span class="stop-topic">{topic}</span><h3 class="stop-title">{title}</h3></a><p class="stop-sentence">{sentence}</p><p class="stop-goal"><span>{minutes} minutes</span><span>Goal: {goal}</span></p></li>"##
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
