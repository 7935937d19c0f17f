//! A picture that stands for a lab where no live page can: title, sentence, how far it has learned, link and square.

use super::draft::Draft;
use super::{copy, qr};
use crate::protocol::Evaluation;
use crate::ui::browser;
use crate::ui::charts::score::{Counted, counted, score};
use crate::ui::components::files;
use crate::ui::components::format;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::reactive::effect;
use crate::ui::language::{known, tr};
use js_sys::{Array, Promise, Reflect};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement};

const SIZE: (u32, u32) = (1920, 1080);
const MARGIN: f64 = 120.0;
const SQUARE: f64 = 440.0;
/// Where the curve is: left, top, width, height.
const CURVE: [f64; 4] = [120.0, 500.0, 1180.0, 240.0];

const PAPER: &str = "#fbfaf7";
const INK: &str = "#191a1c";
const QUIET: &str = "#4b4c50";
const LINE: &str = "#dedad1";
const BLUE: &str = "#0a4fb4";
const FACE: &str = "system-ui, sans-serif";

pub fn view(draft: Draft) -> AnyView {
    let canvas = NodeRef::<html::Canvas>::new();
    effect(move |_| {
        if let Some(canvas) = canvas.get() {
            draw(draft, &canvas);
        }
    });
    let label = move || tr!("{}, with the link and its QR code", draft.words().0);
    let download = move |_| {
        let name = format!("intab-{}.png", untrack(move || draft.id()));
        let blob = png(canvas);
        spawn_local(async move {
            if let Ok(blob) = wasm_bindgen_futures::JsFuture::from(blob).await
                && let Some(bytes) = bytes(blob).await
            {
                files::offer(&name, &bytes);
            }
        });
    };
    view! {
        <canvas class="share-card" width=SIZE.0 height=SIZE.1 role="img" aria-label=label data-testid="card" node_ref=canvas></canvas>
        <div class="buttons">
            <button type="button" class="button" on:click=download>
                {icon(Icon::Download)}
                <span>{tr!("Download the picture")}</span>
            </button>
            {copy::picture_button(draft.scene, move || png(canvas))}
        </div>
    }
    .into_any()
}

async fn bytes(blob: JsValue) -> Option<Vec<u8>> {
    let blob: Blob = blob.dyn_into().ok()?;
    let buffer = wasm_bindgen_futures::JsFuture::from(blob.array_buffer()).await.ok()?;
    Some(js_sys::Uint8Array::new(&buffer).to_vec())
}

/// Resolves to a blob.
fn png(canvas: NodeRef<html::Canvas>) -> Promise {
    Promise::new(&mut |resolve, reject| {
        let refuse = reject.clone();
        let done = Closure::once_into_js(move |blob: JsValue| {
            // These two cannot fail.
            let _ = if blob.is_null() {
                reject.call0(&JsValue::NULL)
            } else {
                resolve.call1(&JsValue::NULL, &blob)
            };
        });
        let asked = canvas.get_untracked().map(|c| browser::call(&c, "toBlob", &Array::of1(&done)));
        if !matches!(asked, Some(Ok(_))) {
            let _ = refuse.call0(&JsValue::NULL);
        }
    })
}

fn draw(draft: Draft, canvas: &HtmlCanvasElement) {
    let context = canvas.get_context("2d").ok().flatten().and_then(|c| c.dyn_into().ok());
    let Some(context): Option<CanvasRenderingContext2d> = context else { return };
    let (width, height) = (f64::from(SIZE.0), f64::from(SIZE.1));
    context.set_fill_style_str(PAPER);
    context.fill_rect(0.0, 0.0, width, height);
    let (title, sentence) = draft.words();
    let room = width - 2.0 * MARGIN;
    let below = write(&context, &known(&title), (MARGIN, 190.0), room, ("700 96px", INK), 108.0);
    write(&context, &known(&sentence), (MARGIN, below), room, ("400 42px", QUIET), 58.0);
    let link = draft.link();
    square(&context, &link, (width - MARGIN - SQUARE, height - MARGIN - SQUARE));
    let short = link.split_once("://").map_or(link.as_str(), |(_, rest)| rest);
    context.set_font(&format!("600 32px {FACE}"));
    let rows = lines(&context, short, CURVE[2]).len() as f64;
    write(&context, short, (MARGIN, height - 80.0 - 42.0 * rows), CURVE[2], ("600 32px", BLUE), 42.0);
    // The run is the page's own, so it is told of no other lab.
    if draft.lab.with(String::is_empty) {
        draft.scene.state.evaluations.with(|all| curve(&context, all));
    }
}

/// Text in lines of at most `room`; where the line after the last stands.
fn write(
    context: &CanvasRenderingContext2d,
    words: &str,
    (x, mut y): (f64, f64),
    room: f64,
    (face, colour): (&str, &str),
    leading: f64,
) -> f64 {
    context.set_font(&format!("{face} {FACE}"));
    context.set_fill_style_str(colour);
    for line in lines(context, words, room) {
        put(context, &line, x, y);
        y += leading;
    }
    y
}

/// In the font that is set. A link is one word, and broken where it must be.
fn lines(context: &CanvasRenderingContext2d, words: &str, room: f64) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in words.split_inclusive(' ') {
        let line = lines.last_mut().map(std::mem::take).unwrap_or_default();
        let longer = format!("{line}{word}");
        if wide(context, longer.trim_end()) <= room {
            lines.pop();
            lines.push(longer);
            continue;
        }
        lines.pop();
        lines.extend(Some(line).filter(|line| !line.is_empty()));
        let mut piece = String::new();
        for letter in word.chars() {
            piece.push(letter);
            if wide(context, piece.trim_end()) > room {
                piece.pop();
                lines.push(std::mem::replace(&mut piece, letter.to_string()));
            }
        }
        lines.push(piece);
    }
    lines
}

fn put(context: &CanvasRenderingContext2d, words: &str, x: f64, y: f64) {
    // Fails for coordinates that are no numbers.
    let _ = context.fill_text(words, x, y);
}

fn wide(context: &CanvasRenderingContext2d, words: &str) -> f64 {
    let measured = browser::call(context, "measureText", &Array::of1(&words.into()));
    measured.and_then(|m| Reflect::get(&m, &"width".into())).ok().and_then(|w| w.as_f64()).unwrap_or(0.0)
}

fn square(context: &CanvasRenderingContext2d, link: &str, (left, top): (f64, f64)) {
    let Some(code) = qr::code(link) else { return };
    let (runs, size) = qr::runs(&code);
    let unit = (SQUARE / f64::from(size)).floor();
    context.set_fill_style_str("#fff");
    context.fill_rect(left, top, unit * f64::from(size), unit * f64::from(size));
    context.set_fill_style_str("#000");
    for (x, y, length) in runs {
        context.fill_rect(
            left + f64::from(x) * unit,
            top + f64::from(y) * unit,
            f64::from(length) * unit,
            unit,
        );
    }
}

/// Accuracy on the test pictures over the steps, and the last one in words.
fn curve(context: &CanvasRenderingContext2d, all: &[Evaluation]) {
    let (Some(last), [left, top, width, height]) = (all.last(), CURVE) else { return };
    let reached = score(last);
    let (count, step) = (format::count(last.count.into()), format::count(last.step.into()));
    let of = match counted(last) {
        Counted::NextTokens => tr!("of the next tokens right, after step {}", step),
        Counted::HiddenTokens => tr!("of the hidden tokens right, after step {}", step),
        Counted::Examples => tr!("of {} test pictures right, after step {}", count, step),
    };
    write(context, &reached, (left, top), width, ("700 72px", BLUE), 0.0);
    let beside = wide(context, &reached) + 28.0;
    write(context, &of, (left + beside, top), width - beside, ("400 32px", QUIET), 0.0);
    if all.len() < 2 {
        return;
    }
    let (top, axis, label) = (top + 50.0, left + 110.0, 110.0);
    for (share, name) in [(0.0, "0 %"), (0.5, "50 %"), (1.0, "100 %")] {
        let y = top + height * (1.0 - share);
        write(context, name, (left, y + 9.0), label, ("400 26px", QUIET), 0.0);
        context.set_fill_style_str(LINE);
        context.fill_rect(axis, y, width - label, 2.0);
    }
    let at = |e: &Evaluation| {
        let x = axis + (width - label) * f64::from(e.step) / f64::from(last.step.max(1));
        (x, top + height * (1.0 - e.score))
    };
    context.set_stroke_style_str(BLUE);
    context.set_line_width(7.0);
    context.begin_path();
    for (number, (x, y)) in all.iter().map(at).enumerate() {
        if number == 0 { context.move_to(x, y) } else { context.line_to(x, y) }
    }
    context.stroke();
}
