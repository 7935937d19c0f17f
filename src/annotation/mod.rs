//! Pictures and what people marked in them, whatever tool it was done with: one project that every file format is read
//! into and written from. Plain code: holds no tensor, knows no browser. A format is one file and one row (`formats`).

pub mod coco;
mod coco_write;
pub mod csv;
pub mod fit;
pub mod formats;
pub mod image_j;
mod image_j_write;
pub mod labelme;
pub mod look;
pub mod make_sense;
pub mod mask;
pub mod picture_size;
pub mod shape;
pub mod unpack;
pub mod via;
mod via_write;
pub mod voc;
pub mod xml;
pub mod yaml;
pub mod yolo;
mod yolo_write;

use serde_json::Value;
use shape::Shape;
use std::collections::BTreeMap;

/// A file as a visitor gives it, or as it is handed back.
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    /// With its folders, between slashes.
    pub name: String,
    pub bytes: Vec<u8>,
}

/// What a file or a shape was counted under, how often, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    pub what: &'static str,
    pub count: usize,
    pub why: &'static str,
    /// Where it was the first time; empty where that says nothing.
    pub first: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    pub name: String,
    /// As a file numbered it: such numbers have gaps.
    pub id: Option<i64>,
    /// What its key points are called, in order.
    pub keypoints: Vec<String>,
    /// Which of them a line joins, as the file counts.
    pub skeleton: Value,
}

/// One thing in a picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mark {
    /// A place in `Project::classes`; none where nobody said what it is.
    pub class: Option<usize>,
    pub shape: Shape,
    /// x, y in pixels, and 0 (not there), 1 (hidden) or 2 (seen).
    pub keypoints: Vec<[f64; 3]>,
    /// Many things in one.
    pub crowd: bool,
    /// 0…1, where a network proposed it.
    pub score: Option<f64>,
    /// As the file has it: a number or a text.
    pub id: Option<Value>,
    /// Whatever else is said of it.
    pub attributes: BTreeMap<String, Value>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    pub name: String,
    /// Width and height in pixels, where a file or the picture itself says so.
    pub size: Option<[u32; 2]>,
    /// As the file has it: a number or a text.
    pub id: Option<Value>,
    /// Bytes of the picture file, as VIA keeps them; -1 where it did not know.
    pub bytes: Option<i64>,
    pub attributes: BTreeMap<String, Value>,
    pub marks: Vec<Mark>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Project {
    pub classes: Vec<Class>,
    pub pictures: Vec<Picture>,
    /// What VIA calls the attribute that says the class.
    pub class_attribute: Option<String>,
}

impl Class {
    pub fn named(name: &str) -> Self {
        Self { name: name.into(), id: None, keypoints: Vec::new(), skeleton: Value::Null }
    }
}

impl Mark {
    pub fn of(class: Option<usize>, shape: Shape) -> Self {
        Self { class, shape, ..Self::default() }
    }

    /// Left, top, width and height of what it covers, its key points included where it has no shape.
    pub fn bounds(&self) -> Option<[f64; 4]> {
        let seen = self.keypoints.iter().filter(|point| point[2] > 0.0);
        let seen: Vec<[f64; 2]> = seen.map(|[x, y, _]| [*x, *y]).collect();
        self.shape.bounds().or_else(|| shape::bounds(&seen))
    }
}

impl Project {
    /// The place of the class of this name, which is new if need be. An empty name is no class.
    pub fn class(&mut self, name: &str) -> Option<usize> {
        if name.is_empty() {
            return None;
        }
        Some(self.classes.iter().position(|class| class.name == name).unwrap_or_else(|| {
            self.classes.push(Class::named(name));
            self.classes.len() - 1
        }))
    }

    /// The picture of this name, which is new if need be.
    pub fn picture(&mut self, name: &str) -> &mut Picture {
        let at = self.pictures.iter().position(|picture| picture.name == name).unwrap_or_else(|| {
            self.pictures.push(Picture { name: name.into(), ..Picture::default() });
            self.pictures.len() - 1
        });
        &mut self.pictures[at]
    }

    pub fn class_name(&self, mark: &Mark) -> &str {
        mark.class.and_then(|at| self.classes.get(at)).map_or("", |class| &class.name)
    }

    pub fn count(&self) -> usize {
        self.pictures.iter().map(|picture| picture.marks.len()).sum()
    }
}

/// The English is what translations are found by: `tests/it/languages.rs` reads it from the calls of this function.
pub(crate) const fn says(english: &'static str) -> &'static str {
    english
}

/// Counts of the same kind become one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Notes(pub Vec<Note>);

impl Notes {
    pub fn add(&mut self, what: &'static str, why: &'static str, first: &str) {
        match self.0.iter_mut().find(|note| note.what == what && note.why == why) {
            Some(note) => note.count += 1,
            None => self.0.push(Note { what, why, count: 1, first: first.into() }),
        }
    }
}

/// A number with at most four digits after the point, as a person would write it.
pub fn short(number: f64) -> Value {
    let rounded = (number * 1e4).round() / 1e4;
    if rounded.fract() == 0.0 && rounded.abs() < 9e15 { (rounded as i64).into() } else { rounded.into() }
}

/// A path's last part, without what comes after its last dot; Windows' paths too.
pub fn stem(name: &str) -> &str {
    let file = tail(name);
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}

/// A path's last part.
pub fn tail(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

/// A name for a file of ours: folders become part of it, so that equal names in two folders stay two.
pub fn file_stem(name: &str) -> String {
    let whole = name.trim_start_matches("./").replace(['/', '\\', ':'], "_");
    whole.rsplit_once('.').map_or(whole.clone(), |(stem, _)| stem.to_string())
}
