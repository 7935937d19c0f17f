//! VGG Image Annotator 1 and 2: JSON with or without the project around it, and CSV, whose cells hold JSON. Regions are a
//! list in version 2 and an object in version 1; Make Sense writes the latter too, with the first point repeated.

use super::shape::{Point, Ring, Shape, opened};
use super::{Mark, Notes, Picture, Project, says};
use serde_json::{Map, Value};

/// The attribute that says what a thing is, where there are several: the first of these.
const CLASS: [&str; 9] =
    ["label", "class", "class_name", "category", "object_name", "object", "name", "type", "species"];

type Object = Map<String, Value>;

fn pictures(value: &Value) -> Option<&Object> {
    value.get("_via_img_metadata").unwrap_or(value).as_object()
}

pub fn is(value: &Value) -> bool {
    let entry = |one: &Value| one.get("regions").is_some();
    pictures(value).is_some_and(|all| {
        value.get("_via_img_metadata").is_some() || !all.is_empty() && all.values().any(entry)
    })
}

/// Only what attributes there can be.
pub fn is_attributes(value: &Value) -> bool {
    value.get("region").is_some_and(Value::is_object) && value.get("file").is_some_and(Value::is_object)
}

pub fn is_table(rows: &[Vec<String>]) -> bool {
    let Some(header) = rows.first() else { return false };
    header.iter().any(|name| name.trim_start_matches('#').trim() == "region_shape_attributes")
}

/// A picture and its regions, before it is known which attribute is the class.
struct Entry {
    picture: Picture,
    regions: Vec<(Object, Object)>,
}

pub fn read(value: &Value, project: &mut Project, notes: &mut Notes) {
    let Some(all) = pictures(value) else { return };
    let listed = value.get("_via_image_id_list").and_then(Value::as_array).into_iter().flatten();
    let listed: Vec<&str> = listed.filter_map(Value::as_str).collect();
    let place = |key: &str| listed.iter().position(|one| *one == key).unwrap_or(usize::MAX);
    let mut entries: Vec<(&String, &Value)> = all.iter().collect();
    entries.sort_by_key(|(key, _)| place(key));
    let entries: Vec<Entry> = entries.into_iter().filter_map(|(key, one)| entry(key, one)).collect();
    let options = value.get("_via_attributes").and_then(|all| all.get("region"));
    gather(entries, options, project, notes);
}

fn entry(key: &str, one: &Value) -> Option<Entry> {
    let regions: Vec<&Value> = match one.get("regions")? {
        Value::Array(list) => list.iter().collect(),
        Value::Object(numbered) => {
            let mut all: Vec<(&String, &Value)> = numbered.iter().collect();
            all.sort_by_key(|(key, _)| key.parse().unwrap_or(u64::MAX));
            all.into_iter().map(|(_, region)| region).collect()
        }
        _ => Vec::new(),
    };
    let object = |region: &Value, name: &str| region.get(name).and_then(Value::as_object).cloned();
    let of = |region: &&Value| {
        (
            object(region, "shape_attributes").unwrap_or_default(),
            object(region, "region_attributes").unwrap_or_default(),
        )
    };
    let name = one.get("filename").and_then(Value::as_str).unwrap_or(key);
    let size = one.get("size");
    let bytes = size.and_then(|size| size.as_i64().or_else(|| size.as_str()?.parse().ok()));
    let said = object(one, "file_attributes").unwrap_or_default();
    let picture =
        Picture { name: name.into(), bytes, attributes: said.into_iter().collect(), ..Picture::default() };
    Some(Entry { picture, regions: regions.iter().map(of).collect() })
}

pub fn read_table(rows: &[Vec<String>], project: &mut Project, notes: &mut Notes) {
    let Some((header, rows)) = rows.split_first() else { return };
    let column = |name: &str| header.iter().position(|one| one.trim_start_matches('#').trim() == name);
    let mut entries: Vec<Entry> = Vec::new();
    for row in rows {
        let cell = |name: &str| column(name).and_then(|at| row.get(at)).map_or("", String::as_str);
        let object = |name: &str| serde_json::from_str::<Object>(cell(name));
        let name = cell("filename");
        let at = entries.iter().position(|entry| entry.picture.name == name).unwrap_or_else(|| {
            let attributes = object("file_attributes").unwrap_or_default().into_iter().collect();
            let bytes = cell("file_size").parse().ok();
            let picture = Picture { name: name.into(), bytes, attributes, ..Picture::default() };
            entries.push(Entry { picture, regions: Vec::new() });
            entries.len() - 1
        });
        match object("region_shape_attributes") {
            // A row for a picture without regions.
            Ok(shape) if shape.is_empty() && cell("region_count") == "0" => (),
            Ok(shape) => entries[at].regions.push((shape, object("region_attributes").unwrap_or_default())),
            Err(_) => notes.add(says("Rows"), says("are damaged and left out."), name),
        }
    }
    gather(entries, None, project, notes);
}

fn gather(entries: Vec<Entry>, options: Option<&Value>, project: &mut Project, notes: &mut Notes) {
    let class = class_attribute(&entries, options);
    for entry in entries {
        let mut marks = Vec::new();
        for (shape, mut said) in entry.regions {
            let value = class.as_ref().and_then(|name| said.remove(name));
            let name = value.as_ref().map_or(String::new(), written);
            // Another than those that the project lists is as good.
            let mark = Mark {
                class: project.class(name.trim()),
                shape: shape_of(&shape, &entry.picture.name, notes),
                attributes: said.into_iter().collect(),
                ..Mark::default()
            };
            marks.push(mark);
        }
        let picture = project.picture(&entry.picture.name);
        let marks = [std::mem::take(&mut picture.marks), marks].concat();
        let (size, id) = (picture.size, picture.id.take());
        *picture = Picture { marks, size, id, ..entry.picture };
    }
    if let (Some(name), Some(options)) = (&class, options) {
        let listed = options.get(name).and_then(|attribute| attribute.get("options"));
        for option in listed.and_then(Value::as_object).into_iter().flat_map(Map::keys) {
            project.class(option);
        }
    }
    project.class_attribute = project.class_attribute.take().or(class);
}

/// The one that most likely says the class: one with a usual name, one of which a project lists the choices, or any. None
/// where no region has any attribute.
fn class_attribute(entries: &[Entry], options: Option<&Value>) -> Option<String> {
    let declared = options.and_then(Value::as_object);
    let regions = || entries.iter().flat_map(|entry| &entry.regions).map(|(_, said)| said);
    let there = |name: &str| {
        declared.is_some_and(|all| all.contains_key(name)) || regions().any(|said| said.contains_key(name))
    };
    let choice = || {
        let kind = |value: &Value| value.get("type").and_then(Value::as_str).map(String::from);
        let one = |value: &Value| matches!(kind(value).as_deref(), Some("dropdown" | "radio"));
        declared?.iter().find(|(_, value)| one(value)).map(|(name, _)| name.clone())
    };
    let first = || {
        let said = |(_, value): &(&String, &Value)| value.is_string();
        let text = regions().flat_map(Map::iter).find(said);
        text.or_else(|| regions().flat_map(Map::iter).next()).map(|(name, _)| name.clone())
    };
    let usual = CLASS.iter().find(|name| there(name)).map(ToString::to_string);
    usual.or_else(choice).or_else(first)
}

/// A checkbox's value is an object of what is ticked.
fn written(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(ticked) => {
            let ticked: Vec<&str> =
                ticked.iter().filter(|(_, on)| **on == true).map(|(name, _)| name.as_str()).collect();
            ticked.join(", ")
        }
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn shape_of(said: &Object, picture: &str, notes: &mut Notes) -> Shape {
    if said.is_empty() {
        return Shape::Whole;
    }
    parse(said).unwrap_or_else(|| {
        notes.add(
            says("Shapes"),
            says("are of no kind that is known; only what is said of them is kept."),
            picture,
        );
        Shape::Whole
    })
}

fn parse(said: &Object) -> Option<Shape> {
    let number = |name: &str| {
        let value = said.get(name)?;
        value
            .as_f64()
            .or_else(|| value.as_str()?.trim().parse().ok())
            .filter(|number: &f64| number.is_finite())
    };
    let numbers =
        |name: &str| -> Option<Vec<f64>> { said.get(name)?.as_array()?.iter().map(Value::as_f64).collect() };
    let points = || -> Option<Vec<Point>> {
        let (x, y) = (numbers("all_points_x")?, numbers("all_points_y")?);
        let same = x.len() == y.len() && !x.is_empty();
        same.then(|| x.into_iter().zip(y).map(|(x, y)| [x, y]).collect::<Ring>())
    };
    let centre = || Some([number("cx")?, number("cy")?]);
    Some(match said.get("name")?.as_str()? {
        "rect" => Shape::Box([number("x")?, number("y")?, number("width")?, number("height")?]),
        "circle" => Shape::Circle { centre: centre()?, radius: number("r")? },
        "ellipse" => {
            let radii = [number("rx")?, number("ry")?];
            Shape::Ellipse { centre: centre()?, radii, angle: number("theta").unwrap_or(0.0) }
        }
        "polygon" => Shape::Polygon(vec![opened(points()?)]),
        "polyline" => Shape::Line(points()?),
        "point" => Shape::Points(vec![centre()?]),
        _ => return None,
    })
}
