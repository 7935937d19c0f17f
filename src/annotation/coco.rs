//! COCO JSON: whole data sets, results (a list of what a network found), and Segment Anything's file a picture. Ids may be
//! texts, have gaps and point at nothing.

use super::formats::Sizes;
use super::mask::Mask;
use super::shape::{Ring, Shape, opened};
use super::{Class, Mark, Notes, Picture, Project, says};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What has a place of its own; all else that is said of a mark is an attribute.
const KNOWN: [&str; 10] = [
    "id",
    "image_id",
    "category_id",
    "bbox",
    "segmentation",
    "area",
    "iscrowd",
    "keypoints",
    "num_keypoints",
    "score",
];

const MARKS: &str = says("Marks");

pub fn is(value: &Value) -> bool {
    let list = |name: &str| value.get(name).is_some_and(Value::is_array);
    let result = |one: &Value| one.get("image_id").is_some();
    list("annotations") && (list("images") || value.get("image").is_some() || list("categories"))
        || value.as_array().and_then(|all| all.first()).is_some_and(result)
}

fn objects(value: Option<&Value>) -> impl Iterator<Item = &Map<String, Value>> {
    value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
}

/// An id as a key: 9 and "9" are the same.
fn key(id: Option<&Value>) -> String {
    match id {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}

pub fn read(value: &Value, file: &str, sizes: &Sizes, project: &mut Project, notes: &mut Notes) {
    let classes: BTreeMap<String, usize> =
        objects(value.get("categories")).map(|one| (key(one.get("id")), class(one, project))).collect();
    let mut at: BTreeMap<String, usize> = BTreeMap::new();
    let single = value.get("image").and_then(Value::as_object);
    for image in objects(value.get("images")).chain(single) {
        let id = image.get("id").or(image.get("image_id"));
        at.insert(key(id), picture(image, id.cloned(), project, notes));
    }
    let mut reader = Reader { file, sizes, classes, at, alone: single.is_some(), project, notes };
    let list = if value.is_array() { Some(value) } else { value.get("annotations") };
    objects(list).for_each(|one| reader.annotation(one));
}

fn class(one: &Map<String, Value>, project: &mut Project) -> usize {
    let name = one.get("name").and_then(Value::as_str).unwrap_or_default();
    let id = one.get("id").and_then(Value::as_i64);
    let points = one.get("keypoints").and_then(Value::as_array).into_iter().flatten();
    let class = Class {
        name: name.into(),
        id,
        keypoints: points.filter_map(Value::as_str).map(String::from).collect(),
        skeleton: one.get("skeleton").cloned().unwrap_or_default(),
    };
    // The same class of another file.
    let same = |other: &Class| other.name == class.name && (other.id == class.id || other.id.is_none());
    project.classes.iter().position(same).unwrap_or_else(|| {
        project.classes.push(class);
        project.classes.len() - 1
    })
}

fn picture(one: &Map<String, Value>, id: Option<Value>, project: &mut Project, notes: &mut Notes) -> usize {
    let name = one.get("file_name").and_then(Value::as_str).unwrap_or_default();
    let side = |name: &str| one.get(name).and_then(Value::as_u64).and_then(|side| u32::try_from(side).ok());
    let size = side("width").zip(side("height")).filter(|(w, h)| *w > 0 && *h > 0);
    if project.pictures.iter().any(|picture| picture.name == name && picture.id == id) {
        let why = says("are in more than one file; their marks are put together.");
        notes.add(says("Pictures"), why, name);
    }
    let same = |other: &Picture| other.name == name && (other.id == id || other.id.is_none());
    let at = project.pictures.iter().position(same).unwrap_or_else(|| {
        project.pictures.push(Picture { name: name.into(), ..Picture::default() });
        project.pictures.len() - 1
    });
    let picture = &mut project.pictures[at];
    (picture.id, picture.size) = (id, size.map(|(w, h)| [w, h]).or(picture.size));
    at
}

struct Reader<'a> {
    file: &'a str,
    sizes: &'a Sizes,
    classes: BTreeMap<String, usize>,
    /// Places of pictures by id.
    at: BTreeMap<String, usize>,
    /// One picture a file: marks do not say which.
    alone: bool,
    project: &'a mut Project,
    notes: &'a mut Notes,
}

impl Reader<'_> {
    fn annotation(&mut self, one: &Map<String, Value>) {
        let Some(picture) = self.picture_of(one) else {
            let why = says("belong to no picture of the file and are left out.");
            return self.notes.add(MARKS, why, &key(one.get("id")));
        };
        let class = self.class_of(one);
        let keypoints = keypoints(one);
        let shape = self.shape(one, picture, !keypoints.is_empty());
        let rest = one.iter().filter(|(name, _)| !KNOWN.contains(&name.as_str()));
        let flat = rest.flat_map(|(name, value)| match value {
            Value::Object(inner) if name == "attributes" => inner.clone(),
            other => Map::from_iter([(name.clone(), other.clone())]),
        });
        let crowd = one.get("iscrowd").is_some_and(|value| value.as_f64() == Some(1.0) || *value == true);
        let mark = Mark {
            class,
            shape,
            keypoints,
            crowd,
            score: one.get("score").and_then(Value::as_f64),
            id: one.get("id").cloned(),
            attributes: flat.collect(),
        };
        self.project.pictures[picture].marks.push(mark);
    }

    fn picture_of(&mut self, one: &Map<String, Value>) -> Option<usize> {
        let id = one.get("image_id");
        if self.alone {
            return self.at.values().next().copied();
        }
        if let Some(at) = self.at.get(&key(id)) {
            return Some(*at);
        }
        // Results name no pictures: the id is all that is known.
        let nameless = self.at.is_empty() || self.project.pictures.iter().any(|p| p.name == key(id));
        (nameless && id.is_some() || self.file.is_empty()).then(|| {
            let (name, size) = self.sizes.find(&key(id));
            let place = self.project.pictures.len();
            self.project.pictures.push(Picture { name, size, id: id.cloned(), ..Picture::default() });
            place
        })
    }

    fn class_of(&mut self, one: &Map<String, Value>) -> Option<usize> {
        let id = one.get("category_id").filter(|id| !id.is_null())?;
        if let Some(at) = self.classes.get(&key(Some(id))) {
            return Some(*at);
        }
        if !self.classes.is_empty() {
            let why = says("have a class that the file does not list: its number is its name.");
            self.notes.add(MARKS, why, &key(one.get("id")));
        }
        let at = self.project.class(&key(Some(id)))?;
        self.project.classes[at].id = id.as_i64();
        Some(at)
    }

    fn shape(&mut self, one: &Map<String, Value>, picture: usize, keypoints: bool) -> Shape {
        let id = key(one.get("id"));
        let bounds = numbers(one.get("bbox")).and_then(|list| <[f64; 4]>::try_from(list).ok());
        let read = match one.get("segmentation") {
            Some(Value::Object(runs)) => mask(runs).map(Shape::Mask).ok_or(()),
            Some(Value::Array(rings)) if !rings.is_empty() => polygon(rings).ok_or(()),
            _ => Ok(match bounds {
                Some(empty) if empty == [0.0; 4] => Shape::Whole,
                Some(bounds) => Shape::Box(bounds),
                None => Shape::Whole,
            }),
        };
        let Ok(shape) = read else {
            self.notes.add(says("Outlines"), says("are damaged; their boxes are kept."), &id);
            return bounds.map_or(Shape::Whole, Shape::Box);
        };
        if one.contains_key("segments_info") {
            let why = says("are in a picture beside the file, which is not read.");
            self.notes.add(says("Panoptic segments"), why, &id);
        }
        if let Shape::Mask(mask) = &shape {
            let size = self.project.pictures[picture].size.get_or_insert([mask.width, mask.height]);
            if *size != [mask.width, mask.height] {
                self.notes.add(says("Masks"), says("have another size than their picture."), &id);
            }
        }
        if let (false, Some(said), Some(true_one)) = (keypoints, bounds, shape.bounds())
            && said.iter().zip(true_one).any(|(a, b)| (a - b).abs() >= 1.0)
        {
            let why = says("do not fit the outline by a pixel or more: the outline is believed.");
            self.notes.add(says("Boxes of outlines"), why, &id);
        }
        shape
    }
}

fn numbers(value: Option<&Value>) -> Option<Vec<f64>> {
    value?.as_array()?.iter().map(Value::as_f64).collect()
}

fn ring(list: &[Value]) -> Option<Ring> {
    let flat: Option<Vec<f64>> = list.iter().map(Value::as_f64).collect();
    let flat = flat.filter(|flat| flat.len() >= 2 && flat.len() % 2 == 0)?;
    Some(opened(flat.chunks_exact(2).map(|pair| [pair[0], pair[1]]).collect()))
}

/// A list of lists; some write one list alone.
fn polygon(rings: &[Value]) -> Option<Shape> {
    if rings.iter().all(Value::is_number) {
        return ring(rings).map(|ring| Shape::Polygon(vec![ring]));
    }
    let rings: Option<Vec<Ring>> = rings.iter().map(|one| ring(one.as_array()?)).collect();
    rings.map(Shape::Polygon)
}

fn mask(one: &Map<String, Value>) -> Option<Mask> {
    let side = |at: usize| u32::try_from(one.get("size")?.get(at)?.as_u64()?).ok();
    let size = [side(1)?, side(0)?];
    match one.get("counts")? {
        Value::String(text) => Mask::decompress(size, text),
        Value::Array(runs) => {
            let runs: Option<Vec<u32>> = runs.iter().map(|run| u32::try_from(run.as_u64()?).ok()).collect();
            Mask::new(size, runs?)
        }
        _ => None,
    }
}

fn keypoints(one: &Map<String, Value>) -> Vec<[f64; 3]> {
    let flat = numbers(one.get("keypoints")).unwrap_or_default();
    flat.chunks_exact(3).map(|point| [point[0], point[1], point[2]]).collect()
}
