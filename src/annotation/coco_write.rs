//! A project as COCO JSON. Ids stay as they were read, as long as they differ.

use super::shape::{Ring, Shape, signed_area};
use super::{File, Mark, Project, short};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

pub fn write(project: &Project) -> Vec<File> {
    let mut numbers = Ids::new(1);
    let kept: Vec<Option<Value>> =
        project.classes.iter().map(|class| numbers.keep(&class.id.map(Value::from))).collect();
    let class_ids: Vec<Value> = kept.into_iter().map(|id| id.unwrap_or_else(|| numbers.next())).collect();
    let mut of_pictures = Ids::new(1);
    let kept: Vec<Option<Value>> = project.pictures.iter().map(|one| of_pictures.keep(&one.id)).collect();
    let picture_ids: Vec<Value> =
        kept.into_iter().map(|id| id.unwrap_or_else(|| of_pictures.next())).collect();
    let mut of_marks = Ids::new(1);
    let all = || project.pictures.iter().flat_map(|picture| &picture.marks);
    let kept: Vec<Option<Value>> = all().map(|mark| of_marks.keep(&mark.id)).collect();
    let mut mark_ids = kept.into_iter().map(|id| id.unwrap_or_else(|| of_marks.next()));
    let categories = project.classes.iter().zip(&class_ids).map(|(class, id)| {
        let mut one = json!({ "id": id, "name": class.name });
        if !class.keypoints.is_empty() {
            one["keypoints"] = json!(class.keypoints);
        }
        if !class.skeleton.is_null() {
            one["skeleton"] = class.skeleton.clone();
        }
        one
    });
    let categories: Vec<Value> = categories.collect();
    let images = project.pictures.iter().zip(&picture_ids).map(|(picture, id)| {
        let mut one = json!({ "id": id, "file_name": picture.name });
        if let Some([width, height]) = picture.size {
            (one["width"], one["height"]) = (width.into(), height.into());
        }
        one
    });
    let images: Vec<Value> = images.collect();
    let mut annotations = Vec::new();
    for (picture, id) in project.pictures.iter().zip(&picture_ids) {
        for mark in &picture.marks {
            let own = mark_ids.next().unwrap_or_default();
            annotations.push(annotation(mark, own, id, &class_ids));
        }
    }
    let all = json!({ "images": images, "categories": categories, "annotations": annotations });
    vec![File { name: "annotations.json".into(), bytes: all.to_string().into_bytes() }]
}

fn annotation(mark: &Mark, id: Value, picture: &Value, classes: &[Value]) -> Value {
    let bounds = mark.bounds().unwrap_or_default().map(short);
    let mut one: Map<String, Value> = Map::new();
    one.insert("id".into(), id);
    one.insert("image_id".into(), picture.clone());
    if let Some(class) = mark.class.and_then(|at| classes.get(at)) {
        one.insert("category_id".into(), class.clone());
    }
    one.insert("bbox".into(), json!(bounds));
    one.insert("area".into(), short(area(&mark.shape)));
    one.insert("iscrowd".into(), u8::from(mark.crowd).into());
    one.insert("segmentation".into(), segmentation(mark));
    if !mark.keypoints.is_empty() {
        let flat: Vec<Value> = mark.keypoints.as_flattened().iter().map(|number| short(*number)).collect();
        one.insert("keypoints".into(), flat.into());
        let seen = mark.keypoints.iter().filter(|point| point[2] > 0.0).count();
        one.insert("num_keypoints".into(), seen.into());
        if mark.shape == Shape::Whole {
            // Where the points are is no box that somebody drew.
            one.insert("bbox".into(), json!([0, 0, 0, 0]));
        }
    }
    if let Some(score) = mark.score {
        one.insert("score".into(), score.into());
    }
    if !mark.attributes.is_empty() {
        one.insert("attributes".into(), Value::Object(mark.attributes.clone().into_iter().collect()));
    }
    one.into()
}

/// Runs as a list where it is a crowd, as pycocotools expects; compressed otherwise.
fn segmentation(mark: &Mark) -> Value {
    let flat = |ring: &Ring| ring.as_flattened().iter().map(|number| short(*number)).collect::<Vec<_>>();
    match &mark.shape {
        Shape::Polygon(rings) => rings.iter().map(flat).collect::<Vec<_>>().into(),
        Shape::Mask(mask) if mark.crowd => json!({ "size": [mask.height, mask.width], "counts": mask.runs }),
        Shape::Mask(mask) => json!({ "size": [mask.height, mask.width], "counts": mask.compressed() }),
        _ => json!([]),
    }
}

fn area(shape: &Shape) -> f64 {
    match shape {
        Shape::Box([_, _, width, height]) => (width * height).abs(),
        Shape::Polygon(rings) => rings.iter().map(|ring| signed_area(ring).abs()).sum(),
        Shape::Mask(mask) => mask.pixels() as f64,
        _ => 0.0,
    }
}

/// Those that were read are taken first; the others get what is free.
struct Ids {
    taken: BTreeSet<String>,
    next: i64,
}

impl Ids {
    fn new(next: i64) -> Self {
        Self { taken: BTreeSet::new(), next }
    }

    fn keep(&mut self, id: &Option<Value>) -> Option<Value> {
        let id = id.as_ref().filter(|id| id.is_i64() || id.is_u64() || id.is_string())?;
        let key = id.as_str().map_or_else(|| id.to_string(), String::from);
        self.taken.insert(key).then(|| id.clone())
    }

    fn next(&mut self) -> Value {
        while !self.taken.insert(self.next.to_string()) {
            self.next += 1;
        }
        self.next.into()
    }
}
