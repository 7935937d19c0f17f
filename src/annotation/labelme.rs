//! LabelMe's JSON, one file a picture: read alone. Old files have neither sizes nor kinds of shapes.

use super::shape::{Point, Shape, bounds, opened};
use super::{Mark, Notes, Project, says, stem, tail};
use serde_json::Value;

pub fn is(value: &Value) -> bool {
    value.get("shapes").is_some_and(Value::is_array)
}

pub fn read(value: &Value, file: &str, project: &mut Project, notes: &mut Notes) {
    let path = value.get("imagePath").and_then(Value::as_str).unwrap_or(stem(file));
    let name = tail(path).to_string();
    let side = |name: &str| value.get(name).and_then(Value::as_u64).and_then(|side| u32::try_from(side).ok());
    let size = side("imageWidth").zip(side("imageHeight")).map(|(w, h)| [w, h]);
    let picture = project.picture(&name);
    picture.size = size.or(picture.size);
    for one in value.get("shapes").and_then(Value::as_array).into_iter().flatten() {
        let class = project.class(one.get("label").and_then(Value::as_str).unwrap_or_default());
        let Some(shape) = shape(one, &name, notes) else {
            notes.add(says("Shapes"), says("are damaged and left out."), &name);
            continue;
        };
        let mut mark = Mark::of(class, shape);
        for said in ["group_id", "description"] {
            let value = one.get(said).filter(|value| !value.is_null() && value.as_str() != Some(""));
            mark.attributes.extend(value.map(|value| (said.to_string(), value.clone())));
        }
        let flags = one.get("flags").and_then(Value::as_object).into_iter().flatten();
        mark.attributes.extend(flags.map(|(name, value)| (name.clone(), value.clone())));
        project.picture(&name).marks.push(mark);
    }
}

fn shape(one: &Value, picture: &str, notes: &mut Notes) -> Option<Shape> {
    let point = |pair: &Value| Some([pair.get(0)?.as_f64()?, pair.get(1)?.as_f64()?]);
    let points: Option<Vec<Point>> = one.get("points")?.as_array()?.iter().map(point).collect();
    let points = points.filter(|points| !points.is_empty())?;
    let kind = one.get("shape_type").and_then(Value::as_str).unwrap_or("polygon");
    Some(match kind {
        "rectangle" => Shape::Box(bounds(&points)?),
        // The centre and a point on the rim.
        "circle" => {
            let [centre, rim] = [*points.first()?, *points.get(1)?];
            Shape::Circle { centre, radius: (rim[0] - centre[0]).hypot(rim[1] - centre[1]) }
        }
        "line" | "linestrip" => Shape::Line(points),
        "point" | "points" => Shape::Points(points),
        "mask" => {
            let why = says("are inside the file as pictures, which are not read: their boxes are kept.");
            notes.add(says("Masks"), why, picture);
            let [x, y, w, h] = bounds(&points)?;
            // Its corners are pixels that belong to it.
            Shape::Box([x, y, w + 1.0, h + 1.0])
        }
        "polygon" => Shape::Polygon(vec![opened(points)]),
        _ => return None,
    })
}
