//! What a file is, found by looking at it once: what was parsed for that is what is read.

use super::csv;
use super::xml::{self, Element};
use super::{File, coco, labelme, make_sense, picture_size, says, tail, via, voc, yaml, yolo};
use serde_json::Value;

pub enum Seen {
    Coco(Value),
    Via(Value),
    ViaTable(Vec<Vec<String>>),
    MakeSenseTable(Vec<Vec<String>>),
    MakeSenseTags(Value),
    LabelMe(Value),
    Voc(Element),
    Roi,
    Yolo(String),
    /// Names of classes, a line each.
    Names(Vec<String>),
    /// What YOLO is told of a data set.
    Yaml(yaml::Yaml),
    /// Which pictures belong to which part; how darknet finds its files.
    List,
    Picture(Option<[u32; 2]>),
    /// Of a format that is known, but damaged.
    Broken(&'static str),
    Unknown,
}

pub fn look(file: &File) -> Seen {
    if file.bytes.starts_with(b"Iout") {
        return Seen::Roi;
    }
    if let Some(size) = picture_size::of(&file.bytes) {
        return Seen::Picture(size);
    }
    let Some(text) = text(&file.bytes) else { return Seen::Unknown };
    let start = text.trim_start();
    if start.starts_with(['{', '[']) {
        return json(start);
    }
    if start.starts_with('<') {
        return match xml::parse(start) {
            Some(root) if voc::is(&root) => Seen::Voc(root),
            Some(_) => Seen::Unknown,
            None => Seen::Broken(says("are damaged: the XML ends too early.")),
        };
    }
    let name = tail(&file.name).to_lowercase();
    if name.ends_with(".csv") { table(csv::rows(start), start) } else { lines(&name, start) }
}

/// UTF-8 or UTF-16, with or without a mark of which.
fn text(bytes: &[u8]) -> Option<String> {
    let wide = |read: fn([u8; 2]) -> u16, bytes: &[u8]| {
        let units = bytes.chunks_exact(2).map(|pair| read([pair[0], pair[1]]));
        char::decode_utf16(units).collect::<Result<String, _>>().ok()
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(u16::from_le_bytes, rest),
        [0xfe, 0xff, rest @ ..] => wide(u16::from_be_bytes, rest),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8(rest.into()).ok(),
        rest => String::from_utf8(rest.into()).ok().filter(|text| !text.contains('\0')),
    }
}

fn json(text: &str) -> Seen {
    let Ok(value) = serde_json::from_str::<Value>(text) else {
        return Seen::Broken(says("are damaged: what begins like JSON is not."));
    };
    if coco::is(&value) {
        Seen::Coco(value)
    } else if labelme::is(&value) {
        Seen::LabelMe(value)
    } else if make_sense::is_tags(&value) {
        Seen::MakeSenseTags(value)
    } else if via::is(&value) {
        Seen::Via(value)
    } else if via::is_attributes(&value) {
        Seen::Broken(says("hold the definitions of attributes alone, and no marks."))
    } else {
        Seen::Unknown
    }
}

fn table(rows: Vec<Vec<String>>, text: &str) -> Seen {
    if via::is_table(&rows) {
        Seen::ViaTable(rows)
    } else if let Some(rows) = make_sense::table(text, rows) {
        Seen::MakeSenseTable(rows)
    } else {
        Seen::Unknown
    }
}

fn lines(name: &str, text: &str) -> Seen {
    let given: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let named = name.ends_with(".names") || ["classes.txt", "labels.txt"].contains(&name);
    if name.ends_with(".yaml") || name.ends_with(".yml") {
        return Seen::Yaml(yaml::parse(text));
    }
    if named {
        return Seen::Names(given.into_iter().map(String::from).collect());
    }
    if name.ends_with(".data") {
        return Seen::List;
    }
    if !name.ends_with(".txt") {
        return Seen::Unknown;
    }
    let is_picture = |line: &&str| {
        let line = line.to_lowercase();
        [".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"].iter().any(|end| line.ends_with(end))
    };
    if !given.is_empty() && given.iter().all(is_picture) {
        return Seen::List;
    }
    // An empty file says that there is nothing in its picture.
    if given.is_empty() || given.iter().any(|line| yolo::is_line(line)) {
        Seen::Yolo(text.into())
    } else {
        Seen::Unknown
    }
}
