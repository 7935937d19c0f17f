//! A project as VIA 2 opens it: the whole frame, or it says that the file is damaged.

use super::shape::{Point, Shape};
use super::{File, Mark, Picture, Project, short};
use serde_json::{Map, Value, json};

pub fn write(project: &Project) -> Vec<File> {
    let class = project.class_attribute.as_deref().unwrap_or("label");
    let mut pictures = Map::new();
    let mut keys = Vec::new();
    for picture in &project.pictures {
        let bytes = picture.bytes.unwrap_or(-1);
        let key = format!("{}{bytes}", picture.name);
        let regions: Vec<Value> = picture.marks.iter().map(|mark| region(mark, class, project)).collect();
        let said: Map<String, Value> = picture.attributes.clone().into_iter().collect();
        let one =
            json!({ "filename": picture.name, "size": bytes, "regions": regions, "file_attributes": said });
        pictures.insert(key.clone(), one);
        keys.push(key);
    }
    let all = json!({
        "_via_settings": settings(),
        "_via_img_metadata": pictures,
        "_via_attributes": { "region": region_attributes(project, class), "file": file_attributes(&project.pictures) },
        "_via_data_format_version": "2.0.10",
        "_via_image_id_list": keys,
    });
    vec![File { name: "via_project.json".into(), bytes: all.to_string().into_bytes() }]
}

fn region(mark: &Mark, class: &str, project: &Project) -> Value {
    let mut said: Map<String, Value> = mark.attributes.clone().into_iter().collect();
    if mark.class.is_some() {
        said.insert(class.into(), project.class_name(mark).into());
    }
    json!({ "shape_attributes": shape(&mark.shape), "region_attributes": said })
}

fn shape(shape: &Shape) -> Value {
    let along = |points: &[Point], axis: usize| -> Vec<Value> {
        points.iter().map(|point| short(point[axis])).collect()
    };
    let many = |name: &str, points: &[Point]| json!({ "name": name, "all_points_x": along(points, 0), "all_points_y": along(points, 1) });
    match shape {
        Shape::Box(area) => {
            let [x, y, width, height] = area.map(short);
            json!({ "name": "rect", "x": x, "y": y, "width": width, "height": height })
        }
        Shape::Polygon(rings) => many("polygon", rings.first().map_or(&[], Vec::as_slice)),
        Shape::Line(points) => many("polyline", points),
        Shape::Points(points) => {
            let [x, y] = points.first().copied().unwrap_or_default().map(short);
            json!({ "name": "point", "cx": x, "cy": y })
        }
        Shape::Circle { centre, radius } => {
            json!({ "name": "circle", "cx": short(centre[0]), "cy": short(centre[1]), "r": short(*radius) })
        }
        Shape::Ellipse { centre, radii, angle } => json!({
            "name": "ellipse", "cx": short(centre[0]), "cy": short(centre[1]), "rx": short(radii[0]), "ry": short(radii[1]), "theta": angle,
        }),
        _ => json!({}),
    }
}

fn region_attributes(project: &Project, class: &str) -> Value {
    let options: Map<String, Value> =
        project.classes.iter().map(|class| (class.name.clone(), class.name.clone().into())).collect();
    let mut all = Map::new();
    let marks = project.pictures.iter().flat_map(|picture| &picture.marks);
    for name in marks.flat_map(|mark| mark.attributes.keys()) {
        all.insert(name.clone(), text());
    }
    let choice = json!({ "type": "dropdown", "description": "", "options": options, "default_options": {} });
    all.insert(class.into(), choice);
    all.into()
}

fn file_attributes(pictures: &[Picture]) -> Value {
    let names = pictures.iter().flat_map(|picture| picture.attributes.keys());
    names.map(|name| (name.clone(), text())).collect::<Map<String, Value>>().into()
}

fn text() -> Value {
    json!({ "type": "text", "description": "", "default_value": "" })
}

/// What VIA 2.0.10 asks of a project that it opens.
fn settings() -> Value {
    json!({
        "ui": {
            "annotation_editor_height": 25,
            "annotation_editor_fontsize": 0.8,
            "leftsidebar_width": 18,
            "image_grid": { "img_height": 80, "rshape_fill": "none", "rshape_fill_opacity": 0.3, "rshape_stroke": "yellow", "rshape_stroke_width": 2, "show_region_shape": true, "show_image_policy": "all" },
            "image": { "region_label": "__via_region_id__", "region_color": "__via_default_region_color__", "region_label_font": "10px Sans", "on_image_annotation_editor_placement": "NEAR_REGION" },
        },
        "core": { "buffer_size": 18, "filepath": {}, "default_filepath": "" },
        "project": { "name": "intab" },
    })
}
