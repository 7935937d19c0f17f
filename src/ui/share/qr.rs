//! A link as a square that phones read.

use leptos::prelude::*;
use qrcodegen::{QrCode, QrCodeEcc};

/// Modules of white around it, as the standard asks for.
const QUIET: i32 = 4;

/// None for a link that is too long for any square.
pub fn code(link: &str) -> Option<QrCode> {
    QrCode::encode_text(link, QrCodeEcc::Medium).ok()
}

/// Its dark modules as runs: column, row, length; with the quiet zone, and how wide all of it is.
pub fn runs(code: &QrCode) -> (Vec<(i32, i32, i32)>, i32) {
    let size = code.size();
    let mut runs: Vec<(i32, i32, i32)> = Vec::new();
    for y in 0..size {
        for x in (0..size).filter(|x| code.get_module(*x, y)) {
            match runs.last_mut() {
                Some((from, row, length)) if *row == y + QUIET && *from + *length == x + QUIET => {
                    *length += 1
                }
                _ => runs.push((x + QUIET, y + QUIET, 1)),
            }
        }
    }
    (runs, size + 2 * QUIET)
}

/// Black on white in both themes: scanners want it so.
pub fn picture(link: &str, label: String) -> Option<AnyView> {
    let (runs, size) = runs(&code(link)?);
    let path: String = runs.iter().map(|(x, y, length)| format!("M{x} {y}h{length}v1h-{length}z")).collect();
    let picture = view! {
        <svg class="qr" role="img" aria-label=label viewBox=format!("0 0 {size} {size}") shape-rendering="crispEdges">
            <rect width=size height=size fill="#fff" />
            <path d=path fill="#000" />
        </svg>
    };
    Some(picture.into_any())
}
