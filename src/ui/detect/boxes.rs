//! The boxes over the picture: each says what it is around, in a colour and a kind of line that other things near it do not
//! have.

use super::labels;
use super::state::{Candidate, Finder, class_name};
use crate::detection::suppression::Fate;
use crate::ui::components::format;
use crate::ui::components::reactive::{flag, memo, part};
use leptos::prelude::*;

/// With more boxes their labels would hide the picture; only the pointed one has its own.
const LABELLED: usize = 40;

/// Colours that the theme has for classes.
const COLOURS: u16 = 10;
const LINES: [&str; 3] = ["solid", "dashed", "dotted"];

/// A class's colour, as CSS, and its kind of line.
pub fn look(class: u16) -> (String, &'static str) {
    (format!("var({})", colour_token(class)), LINES[usize::from(class / COLOURS % LINES.len() as u16)])
}

/// What the theme calls a class's colour.
pub fn colour_token(class: u16) -> String {
    format!("--class-{}", class % COLOURS)
}

pub fn layer(desk: Finder) -> AnyView {
    let node = NodeRef::new();
    let drawn = memo(move || drawn(desk));
    labels::arrange(desk, node, drawn);
    let crowded = flag(move || drawn.with(|drawn| drawn.len() > LABELLED));
    let boxes = move || {
        let [width, height] = desk.size()?;
        let walked = desk.walked.get();
        // The surest last, on top of the others.
        let drawn = drawn.get().into_iter().rev();
        Some(drawn.map(|(at, one)| view(desk, at, one, [width, height], walked)).collect_view())
    };
    view! { <div class="detect-boxes" class:crowded=crowded node_ref=node aria-hidden="true">{part(boxes)}</div> }
        .into_any()
}

/// Candidates that have a box, with their places among all.
fn drawn(desk: Finder) -> Vec<(usize, Candidate)> {
    let all = desk.walked.get().is_some();
    let kept = |one: &(usize, Candidate)| all || one.1.fate == Fate::Kept;
    desk.candidates().into_iter().enumerate().filter(kept).collect()
}

fn view(
    desk: Finder,
    at: usize,
    one: Candidate,
    [width, height]: [f32; 2],
    walked: Option<usize>,
) -> AnyView {
    let area = one.found.area;
    let share = |part: f32, of: f32| format!("{:.3}%", part / of * 100.0);
    let (colour, line) = look(one.found.class);
    let waiting = walked.is_some_and(|walked| at >= walked);
    let gone = !waiting && one.fate != Fate::Kept;
    let now = walked == Some(at + 1);
    let words = format!("{} {}", class_name(one.found.class), format::chance(one.found.score));
    view! {
        <div
            class="found-box"
            class:waiting=waiting
            class:gone=gone
            class:now=now
            class:pointed=flag(move || desk.pointed.get() == Some(at))
            style:left=share(area.left, width)
            style:top=share(area.top, height)
            style:width=share(area.width(), width)
            style:height=share(area.height(), height)
            style:--of=colour
            style:border-style=line
            on:pointerenter=move |_| desk.pointed.set(Some(at))
            on:pointerleave=move |_| desk.pointed.set(None)
        >
            <span class="found-label num">{words}</span>
        </div>
    }
    .into_any()
}
