//! Make Sense's own tables: boxes, points, lines and labels of whole pictures. Names with commas are not quoted there, so a
//! row is read from both ends. Its JSON and XML are variants of VIA's, COCO's and VOC's and read as those.

use super::shape::Shape;
use super::{Mark, Notes, Project, says};
use serde_json::Value;

pub fn is_tags(value: &Value) -> bool {
    let tagged =
        |one: &Value| one.get("image").is_some_and(Value::is_string) && one.get("annotations").is_some();
    value.as_array().and_then(|all| all.first()).is_some_and(tagged)
}

pub fn read_tags(value: &Value, project: &mut Project) {
    for one in value.as_array().into_iter().flatten() {
        let Some(name) = one.get("image").and_then(Value::as_str) else { continue };
        let tags = one.get("annotations").and_then(Value::as_array).into_iter().flatten();
        let tags: Vec<&str> = tags.filter_map(Value::as_str).collect();
        tag(name, &tags, project);
    }
}

fn tag(picture: &str, tags: &[&str], project: &mut Project) {
    for name in tags {
        let mark = Mark::of(project.class(name.trim()), Shape::Whole);
        project.picture(picture).marks.push(mark);
    }
}

/// The rows without quotes counted, if this is such a table.
pub fn table(text: &str, quoted: Vec<Vec<String>>) -> Option<Vec<Vec<String>>> {
    let tags = |row: &Vec<String>| row.len() == 2 && row[1].starts_with('[') && row[1].ends_with(']');
    if !quoted.is_empty() && quoted.iter().all(tags) {
        return Some(quoted);
    }
    let plain: Vec<Vec<String>> = text
        .lines()
        .filter(|line| !line.is_empty())
        .map(|line| line.split(',').map(String::from).collect())
        .collect();
    let first = plain.first()?;
    let header = first.first().is_some_and(|name| name == "label_name");
    let sized = |row: &Vec<String>| {
        let numbers = row.iter().rev().take(2).filter(|cell| cell.trim().parse::<u32>().is_ok()).count();
        let near =
            row.get(1..3).is_some_and(|cells| cells.iter().all(|cell| cell.trim().parse::<f64>().is_ok()));
        row.len() >= 6 && numbers == 2 && near
    };
    (header || plain.iter().all(sized)).then_some(plain)
}

pub fn read_table(rows: &[Vec<String>], project: &mut Project, notes: &mut Notes) {
    let header = rows.first().filter(|row| row.first().is_some_and(|name| name == "label_name"));
    // Lines have as many fields as boxes; only their header tells them apart, and older boxes have none.
    let lines = header.is_none_or(|header| header.iter().any(|name| name.contains("x1")));
    for row in rows.iter().skip(usize::from(header.is_some())) {
        if let [name, tags] = row.as_slice() {
            let tags: Vec<&str> = tags.trim_matches(['[', ']']).split(',').collect();
            tag(name, &tags, project);
        } else if one(row, lines, project).is_none() {
            notes.add(says("Rows"), says("are damaged and left out."), &row.join(","));
        }
    }
}

fn one(row: &[String], lines: bool, project: &mut Project) -> Option<()> {
    let number = |at: usize| row.get(at)?.trim().parse::<f64>().ok().filter(|number| number.is_finite());
    let size = [row.len().checked_sub(2)?, row.len() - 1].map(|at| row[at].trim().parse::<u32>().ok());
    // After the label come two numbers of a point or four; then the name, which may hold commas.
    let four = row.len() >= 8 && (1..5).all(|at| number(at).is_some());
    let numbers = if four { 4 } else { 2 };
    let name = row.get(1 + numbers..row.len() - 2)?.join(",");
    let [x, y] = [number(1)?, number(2)?];
    let shape = match (four, lines) {
        (false, _) => Shape::Points(vec![[x, y]]),
        (true, true) => Shape::Line(vec![[x, y], [number(3)?, number(4)?]]),
        (true, false) => Shape::Box([x, y, number(3)?, number(4)?]),
    };
    let mark = Mark::of(project.class(row[0].trim()), shape);
    let picture = project.picture(&name);
    picture.size = size[0].zip(size[1]).map(|(w, h)| [w, h]).or(picture.size);
    picture.marks.push(mark);
    Some(())
}
