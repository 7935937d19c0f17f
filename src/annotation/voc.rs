//! Pascal VOC's XML, one file a picture. Corners are taken as they are written: tools do not agree whether they count from
//! 0 or from 1, and turning them would move every box by a pixel.

use super::shape::Shape;
use super::xml::{Element, escaped};
use super::{File, Mark, Notes, Picture, Project, file_stem, says, stem, tail};
use serde_json::Value;

/// What VOC says of an object besides its name and box.
pub const KEPT: &[&str] = &["pose", "truncated", "difficult", "occluded"];

const OBJECTS: &str = says("Objects");

/// LabelMe's web tool has the same root; it draws polygons.
pub fn is(root: &Element) -> bool {
    let objects = || root.children.iter().filter(|child| child.name == "object");
    let foreign = |object: &Element| object.child("polygon").is_some() || object.child("deleted").is_some();
    root.name == "annotation" && root.child("filename").is_some() && !objects().any(foreign)
}

pub fn read(root: &Element, file: &str, project: &mut Project, notes: &mut Notes) {
    let named = tail(root.said("filename"));
    let name = if named.is_empty() { stem(file) } else { named }.to_string();
    let side = |side: &str| root.child("size")?.said(side).parse::<f64>().ok().filter(|side| *side >= 1.0);
    let size = side("width").zip(side("height")).map(|(w, h)| [w as u32, h as u32]);
    let picture = project.picture(&name);
    picture.size = size.or(picture.size);
    for object in root.children.iter().filter(|child| child.name == "object") {
        let Some(bounds) = corners(object) else {
            let turned = object.child("robndbox").is_some();
            let why = if turned {
                says("have a turned box, which is not read.")
            } else {
                says("have no box and are left out.")
            };
            notes.add(OBJECTS, why, &name);
            continue;
        };
        if bounds[2] < 0.0 || bounds[3] < 0.0 {
            notes.add(OBJECTS, says("have their corners the wrong way round; they are turned."), &name);
        }
        if object.child("part").is_some() {
            notes.add(OBJECTS, says("have parts, which are left out."), &name);
        }
        let mut mark = Mark::of(project.class(object.said("name")), Shape::Box(upright(bounds)));
        for said in KEPT {
            let value = object.said(said);
            if !value.is_empty() {
                mark.attributes.insert((*said).into(), Value::String(value.into()));
            }
        }
        project.picture(&name).marks.push(mark);
    }
}

/// Left, top, width, height.
fn corners(object: &Element) -> Option<[f64; 4]> {
    let area = object.child("bndbox")?;
    let number = |name: &str| area.said(name).parse::<f64>().ok().filter(|number| number.is_finite());
    let [left, top] = [number("xmin")?, number("ymin")?];
    Some([left, top, number("xmax")? - left, number("ymax")? - top])
}

fn upright([x, y, w, h]: [f64; 4]) -> [f64; 4] {
    [x.min(x + w), y.min(y + h), w.abs(), h.abs()]
}

pub fn write(project: &Project) -> Vec<File> {
    let one = |picture: &Picture| File {
        name: format!("Annotations/{}.xml", file_stem(&picture.name)),
        bytes: text(picture, project).into_bytes(),
    };
    project.pictures.iter().map(one).collect()
}

fn text(picture: &Picture, project: &Project) -> String {
    let name = escaped(&picture.name);
    let mut out = format!("<annotation>\n\t<folder></folder>\n\t<filename>{name}</filename>\n");
    if let Some([width, height]) = picture.size {
        out += &format!(
            "\t<size>\n\t\t<width>{width}</width>\n\t\t<height>{height}</height>\n\t\t<depth>3</depth>\n\t</size>\n"
        );
    }
    out += "\t<segmented>0</segmented>\n";
    for mark in &picture.marks {
        let Shape::Box([x, y, w, h]) = mark.shape else { continue };
        let [left, top, right, bottom] = [x, y, x + w, y + h].map(super::short);
        out += &format!("\t<object>\n\t\t<name>{}</name>\n", escaped(project.class_name(mark)));
        for (said, value) in &mark.attributes {
            let value = value.as_str().map_or_else(|| value.to_string(), String::from);
            out += &format!("\t\t<{said}>{}</{said}>\n", escaped(&value));
        }
        out += &format!(
            "\t\t<bndbox>\n\t\t\t<xmin>{left}</xmin>\n\t\t\t<ymin>{top}</ymin>\n\t\t\t<xmax>{right}</xmax>\n\t\t\t<ymax>{bottom}</ymax>\n\t\t</bndbox>\n\t</object>\n"
        );
    }
    out + "</annotation>\n"
}
