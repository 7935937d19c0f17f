//! YOLO's text files, one a picture, a line a thing: a class's number, then shares of the picture. Five numbers are a box,
//! six a box and how sure a network is, more a polygon, or a box and its key points if `data.yaml` says so.

use super::formats::Sizes;
use super::look::Seen;
use super::shape::{Ring, Shape};
use super::yaml::Yaml;
use super::{Class, File, Mark, Notes, Project, says};

const LINES: &str = says("Lines");

/// A share may lie a little outside; what is far outside is a number of pixels.
const FARTHEST: f64 = 2.0;

/// What the files beside the labels say.
#[derive(Default)]
pub struct Lists {
    names: Vec<(i64, String)>,
    keypoints: Option<[usize; 2]>,
}

impl Lists {
    pub fn of(seen: &[(&File, Seen)]) -> Self {
        let mut out = Self::default();
        for (_, seen) in seen {
            match seen {
                Seen::Yaml(Yaml { names, keypoints }) if !names.is_empty() => {
                    out = Self { names: names.clone(), keypoints: *keypoints };
                }
                Seen::Names(names) if out.names.is_empty() => {
                    out.names = (0..).zip(names.iter().cloned()).collect();
                }
                _ => (),
            }
        }
        out
    }
}

/// Whether a line of a text looks like one of YOLO's.
pub fn is_line(line: &str) -> bool {
    let mut parts = line.split_whitespace();
    let class = parts.next().and_then(|first| first.parse::<f64>().ok());
    class.is_some_and(|class| class.fract() == 0.0 && class >= -1.0)
        && parts.clone().count() >= 4
        && parts.all(|part| part.parse::<f64>().is_ok())
}

pub fn read(text: &str, file: &str, sizes: &Sizes, lists: &Lists, project: &mut Project, notes: &mut Notes) {
    for (number, name) in &lists.names {
        class(*number, Some(name), project);
    }
    let (name, size) = sizes.find(file.strip_suffix(".txt").unwrap_or(file));
    let picture = project.picture(&name);
    picture.size = size.or(picture.size);
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    for (at, line) in lines.enumerate() {
        let place = format!("{name}, {}", at + 1);
        let Some(size) = size else {
            let why = says("are left out: the size of their picture is not known. Give the pictures too.");
            notes.add(LINES, why, &place);
            continue;
        };
        match mark(line, size.map(f64::from), lists, project) {
            Ok((mark, note)) => {
                note.into_iter().for_each(|why| notes.add(LINES, why, &place));
                project.picture(&name).marks.push(mark);
            }
            Err(why) => notes.add(LINES, why, &place),
        }
    }
}

/// The class of a number, which is its name where no list has one.
fn class(number: i64, name: Option<&str>, project: &mut Project) -> usize {
    project.classes.iter().position(|class| class.id == Some(number)).unwrap_or_else(|| {
        let name = name.map_or_else(|| number.to_string(), String::from);
        project.classes.push(Class { id: Some(number), ..Class::named(&name) });
        project.classes.len() - 1
    })
}

type Read = Result<(Mark, Option<&'static str>), &'static str>;

fn mark(line: &str, size: [f64; 2], lists: &Lists, project: &mut Project) -> Read {
    let numbers: Option<Vec<f64>> =
        line.split_whitespace().map(|part| part.parse().ok().filter(|n: &f64| n.is_finite())).collect();
    let numbers = numbers.ok_or(says("hold what is no number and are left out."))?;
    let (class_number, rest) = numbers.split_first().ok_or(says("are empty."))?;
    if rest.len() < 4 {
        return Err(says("have fewer than five numbers and are left out."));
    }
    let points = lists.keypoints.filter(|[count, each]| rest.len() == 4 + count * each);
    let shares = if rest.len() == 5 || points.is_some() { &rest[..4] } else { rest };
    if shares.iter().any(|share| share.abs() > FARTHEST) {
        return Err(says("hold numbers of pixels, not shares of the picture, and are left out."));
    }
    let mut note = None;
    let mut mark = Mark::default();
    if shares.len() == 4 {
        let [x, y, w, h] = [0, 1, 2, 3].map(|at| shares[at] * size[at % 2]);
        mark.shape = Shape::Box([x - w / 2.0, y - h / 2.0, w, h]);
        mark.score = (rest.len() == 5).then(|| rest[4]);
    } else if shares.len() % 2 == 0 {
        let ring: Ring = shares.chunks_exact(2).map(|pair| [pair[0] * size[0], pair[1] * size[1]]).collect();
        if ring.len() == 4 {
            note = Some(says("have four corners: a polygon, or a turned box. They are read as polygons."));
        }
        mark.shape = Shape::Polygon(vec![ring]);
    } else {
        return Err(says("have a number too many or too few and are left out."));
    }
    if let Some([_, each]) = points.filter(|[_, each]| *each >= 2) {
        let seen = |point: &[f64]| point.get(2).copied().unwrap_or(2.0);
        mark.keypoints =
            rest[4..].chunks_exact(each).map(|p| [p[0] * size[0], p[1] * size[1], seen(p)]).collect();
    }
    let number = *class_number as i64;
    // Make Sense writes -1 where the label was deleted.
    if number >= 0 {
        let listed = lists.names.iter().any(|(one, _)| *one == number);
        if !listed && !lists.names.is_empty() {
            note = Some(says("have a class that no list names: its number is its name."));
        }
        mark.class = Some(class(number, None, project));
    }
    Ok((mark, note))
}
