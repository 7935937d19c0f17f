//! What was found in pictures as files: COCO's JSON (cocodataset.org, “data format”) with a score for each annotation, and a
//! table.

use super::coco::CATEGORIES;
use super::{BoundingBox, Found};
use serde::Serialize;

/// A picture with what is in it.
pub struct Picture<'a> {
    pub file_name: &'a str,
    /// Width and height.
    pub size: [u32; 2],
    pub found: &'a [Found],
}

#[derive(Serialize)]
struct File<'a> {
    info: Info,
    images: Vec<Image<'a>>,
    annotations: Vec<Annotation>,
    categories: Vec<Category>,
}

#[derive(Serialize)]
struct Info {
    description: &'static str,
}

#[derive(Serialize)]
struct Image<'a> {
    id: usize,
    file_name: &'a str,
    width: u32,
    height: u32,
}

#[derive(Serialize)]
struct Annotation {
    id: usize,
    image_id: usize,
    category_id: u16,
    /// Left, top, width, height.
    bbox: [f64; 4],
    area: f64,
    iscrowd: u8,
    score: f64,
}

#[derive(Serialize)]
struct Category {
    id: u16,
    name: &'static str,
    supercategory: &'static str,
}

/// COCO's JSON. An error is one of writing JSON, which numbers and texts do not cause.
pub fn coco(pictures: &[Picture]) -> Result<String, String> {
    let images = pictures.iter().zip(1..).map(|(picture, id)| {
        let [width, height] = picture.size;
        Image { id, file_name: picture.file_name, width, height }
    });
    let all =
        pictures.iter().zip(1..).flat_map(|(picture, image)| picture.found.iter().map(move |f| (image, f)));
    let annotations = all.zip(1..).map(|((image_id, found), id)| Annotation {
        id,
        image_id,
        category_id: CATEGORIES.get(usize::from(found.class)).map_or(0, |category| category.id),
        bbox: corner_and_size(&found.area),
        area: hundredths(found.area.area()),
        iscrowd: 0,
        score: (f64::from(found.score) * 1e4).round() / 1e4,
    });
    let categories =
        CATEGORIES.iter().map(|c| Category { id: c.id, name: c.name, supercategory: c.supercategory });
    let file = File {
        info: Info { description: "Boxes that a network found, with its scores (intab)" },
        images: images.collect(),
        annotations: annotations.collect(),
        categories: categories.collect(),
    };
    serde_json::to_string_pretty(&file).map_err(|e| e.to_string())
}

/// A line for each box, the sides in pixels.
pub fn csv(pictures: &[Picture]) -> String {
    let mut text = String::from("picture,class,score,left,top,width,height\n");
    for picture in pictures {
        for found in picture.found {
            let name = CATEGORIES.get(usize::from(found.class)).map_or("", |category| category.name);
            let [left, top, width, height] = corner_and_size(&found.area);
            let file = quoted(picture.file_name);
            text += &format!("{file},{name},{:.4},{left},{top},{width},{height}\n", found.score);
        }
    }
    text
}

/// RFC 4180: a field that has a comma, a quote or a new line stands in quotes.
fn quoted(field: &str) -> String {
    match field.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", field.replace('"', "\"\"")),
        false => field.into(),
    }
}

fn corner_and_size(area: &BoundingBox) -> [f64; 4] {
    [area.left, area.top, area.width(), area.height()].map(hundredths)
}

fn hundredths(number: f32) -> f64 {
    (f64::from(number) * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_are_handed_on_as_coco_has_them() {
        let area = BoundingBox { left: 1.5, top: 2.0, right: 11.5, bottom: 22.25 };
        let found = [Found { class: 11, score: 0.876_54, area }];
        let pictures = [
            Picture { file_name: "empty.jpg", size: [2, 1], found: &[] },
            Picture { file_name: "a \"b\", c.jpg", size: [640, 480], found: &found },
        ];
        let json: serde_json::Value = serde_json::from_str(&coco(&pictures).unwrap()).unwrap();
        assert_eq!(json["images"][1]["id"], 2);
        assert_eq!(json["images"][1]["width"], 640);
        let annotation = &json["annotations"][0];
        assert_eq!(annotation["image_id"], 2);
        // The twelfth of them is number 13.
        assert_eq!(annotation["category_id"], 13);
        assert_eq!(annotation["bbox"], serde_json::json!([1.5, 2.0, 10.0, 20.25]));
        assert_eq!((&annotation["area"], &annotation["score"]), (&202.5.into(), &0.8765.into()));
        assert_eq!(json["categories"].as_array().unwrap().len(), 80);
        assert_eq!(json["categories"][79]["id"], 90);
        let expected = "picture,class,score,left,top,width,height\n\
                        \"a \"\"b\"\", c.jpg\",stop sign,0.8765,1.5,2,10,20.25\n";
        assert_eq!(csv(&pictures), expected);
    }
}
