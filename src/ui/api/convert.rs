//! `intab.ask({ kind: "convert", files, to })`: labels from one format to another, on any page, without an engine.

use super::values::{Outcome, to_js};
use crate::annotation::formats::{FORMATS, Format, Sizes, read};
use crate::annotation::unpack::unpacked;
use crate::annotation::{File, Note, Notes};
use js_sys::{Array, Reflect, Uint8Array};
use serde::Serialize;
use serde_bytes::ByteBuf;
use wasm_bindgen::{JsCast, JsValue};

#[derive(Serialize)]
struct Said {
    what: &'static str,
    count: usize,
    why: &'static str,
    first: String,
}

#[derive(Serialize)]
struct Report {
    kept: Vec<Said>,
    changed: Vec<Said>,
    lost: Vec<Said>,
}

#[derive(Serialize)]
struct Written {
    name: String,
    bytes: ByteBuf,
}

#[derive(Serialize)]
struct Converted {
    files: Vec<Written>,
    report: Report,
    /// What is odd about what was read.
    notes: Vec<Said>,
    from: Vec<&'static str>,
    pictures: usize,
    marks: usize,
}

fn said(notes: Notes) -> Vec<Said> {
    let one = |Note { what, count, why, first }: Note| Said { what, count, why, first };
    notes.0.into_iter().map(one).collect()
}

/// `files: [{ name, bytes }]` (a `Uint8Array` or a text; pictures among them say how large they are), `to`: a format's id,
/// `pictures`: `{ name: [width, height] }` and `size`: `[width, height]` of all others, where a format does not say so
/// → `{ files, report: { kept, changed, lost }, notes, from, pictures, marks }`
pub async fn ask(question: JsValue) -> Outcome {
    let get = |name: &str| Reflect::get(&question, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let to = get("to").as_string().unwrap_or_default();
    let format = Format::by_id(&to).filter(|format| format.writes.is_some());
    let format = format.ok_or_else(|| {
        let written = FORMATS.iter().filter(|format| format.writes.is_some());
        format!("to is one of {}", written.map(|f| f.id).collect::<Vec<_>>().join(", "))
    })?;
    let given = get("files");
    let given: Result<Vec<File>, String> = Array::from(&given).iter().map(|one| file(&one)).collect();
    let wrong = |_| "pictures is { name: [width, height] } and size is [width, height]".to_string();
    let of: Option<_> = serde_wasm_bindgen::from_value(get("pictures")).map_err(wrong)?;
    let all = serde_wasm_bindgen::from_value(get("size")).map_err(wrong)?;
    let mut notes = Notes::default();
    let files = unpacked(given?, &mut notes).await;
    let sizes = Sizes { of: of.unwrap_or_default(), all };
    let reading = read(&files, sizes)
        .map_err(|why| format!("{} × {} {} ({})", why.count, why.what, why.why, why.first))?;
    notes.0.extend(reading.notes.0);
    let (files, report) = format.write(&reading.project).unwrap_or_default();
    let written = |file: File| Written { name: file.name, bytes: ByteBuf::from(file.bytes) };
    to_js(&Converted {
        files: files.into_iter().map(written).collect(),
        report: Report { kept: said(report.kept), changed: said(report.changed), lost: said(report.lost) },
        notes: said(notes),
        from: reading.formats,
        pictures: reading.project.pictures.len(),
        marks: reading.project.count(),
    })
}

fn file(one: &JsValue) -> Result<File, String> {
    let get = |name: &str| Reflect::get(one, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let name = get("name").as_string().ok_or("a file has a name")?;
    let bytes = get("bytes");
    let bytes = match bytes.as_string() {
        Some(text) => text.into_bytes(),
        None => bytes.dyn_ref::<Uint8Array>().ok_or("a file’s bytes are a Uint8Array or a text")?.to_vec(),
    };
    Ok(File { name, bytes })
}
