//! A project as YOLO's text files, with the names as `data.yaml` and as `classes.txt`. Classes are numbered in the
//! project's order.

use super::shape::Shape;
use super::yaml::quoted;
use super::{File, Mark, Project, file_stem};

pub fn boxes(project: &Project) -> Vec<File> {
    files(project, |mark, [width, height]| {
        let Shape::Box([x, y, w, h]) = mark.shape else { return Vec::new() };
        vec![(x + w / 2.0) / width, (y + h / 2.0) / height, w / width, h / height]
    })
}

pub fn polygons(project: &Project) -> Vec<File> {
    files(project, |mark, [width, height]| {
        let Shape::Polygon(rings) = &mark.shape else { return Vec::new() };
        let ring = rings.first().into_iter().flatten();
        ring.flat_map(|[x, y]| [x / width, y / height]).collect()
    })
}

fn files(project: &Project, shares: impl Fn(&Mark, [f64; 2]) -> Vec<f64>) -> Vec<File> {
    let mut out = vec![names(project), list(project)];
    for picture in &project.pictures {
        let Some(size) = picture.size.map(|size| size.map(f64::from)) else { continue };
        let line = |mark: &Mark| {
            let shares = shares(mark, size);
            let class = mark.class.filter(|_| !shares.is_empty())?;
            // Enough digits that saving it again and again moves nothing.
            let shares: Vec<String> = shares.iter().map(|share| format!("{share:.9}")).collect();
            Some(format!("{class} {}\n", shares.join(" ")))
        };
        let text: String = picture.marks.iter().filter_map(line).collect();
        let name = format!("labels/{}.txt", file_stem(&picture.name));
        out.push(File { name, bytes: text.into_bytes() });
    }
    out
}

fn names(project: &Project) -> File {
    let mut text = String::from("path: .\ntrain: images\nval: images\n\nnames:\n");
    for (at, class) in project.classes.iter().enumerate() {
        text += &format!("  {at}: {}\n", quoted(&class.name));
    }
    File { name: "data.yaml".into(), bytes: text.into_bytes() }
}

fn list(project: &Project) -> File {
    let names: Vec<&str> = project.classes.iter().map(|class| class.name.as_str()).collect();
    File { name: "classes.txt".into(), bytes: format!("{}\n", names.join("\n")).into_bytes() }
}
