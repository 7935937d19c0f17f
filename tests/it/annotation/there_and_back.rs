//! What a format can hold comes back as it was, of made-up projects.

use super::open;
use intab::annotation::fit::fit;
use intab::annotation::formats::{FORMATS, Format, Sizes};
use intab::annotation::mask::Mask;
use intab::annotation::shape::{Ring, Shape};
use intab::annotation::{Class, File, Mark, Picture, Project, stem};
use intab::random::Random;

const PROJECTS: u32 = 300;

/// A 32-bit float, or four digits after the point, is no further off.
const NEAR: f64 = 1e-3;

fn number(random: &mut Random) -> f64 {
    (f64::from(random.between(1.0, 60.0)) * 1000.0).round() / 1000.0
}

fn points(count: usize, random: &mut Random) -> Ring {
    (0..count).map(|_| [number(random), number(random)]).collect()
}

fn shape(size: [u32; 2], random: &mut Random) -> Shape {
    let ring = |random: &mut Random| points(3 + random.below(6), random);
    match random.below(9) {
        0 => Shape::Whole,
        1 => Shape::Box([number(random), number(random), number(random) / 2.0, number(random) / 2.0]),
        2 => Shape::Polygon(vec![ring(random)]),
        3 => Shape::Polygon((0..2 + random.below(2)).map(|_| ring(random)).collect()),
        4 => Shape::Rings(vec![ring(random), ring(random)]),
        5 => {
            let radii = [20.0 + number(random) / 2.0, number(random) / 4.0];
            Shape::Ellipse {
                centre: [number(random), number(random)],
                radii,
                angle: random.between(-1.5, 1.5).into(),
            }
        }
        6 => Shape::Circle { centre: [number(random), number(random)], radius: number(random) },
        7 => Shape::Line(points(2 + random.below(4), random)),
        _ => match random.below(2) {
            0 => Shape::Points(points(1 + random.below(3), random)),
            _ => {
                let rings: Vec<Ring> = (0..2).map(|_| ring(random)).collect();
                Shape::Mask(Mask::filled(size, &rings, random.below(2) == 0).unwrap())
            }
        },
    }
}

fn mark(classes: usize, size: [u32; 2], id: usize, random: &mut Random) -> Mark {
    let mut mark = Mark::of(Some(random.below(classes)), shape(size, random));
    mark.id = Some((id * 3 + 5).into());
    mark.crowd = random.below(8) == 0;
    mark.score = (random.below(5) == 0).then(|| f64::from(random.below(100) as u32) / 100.0);
    if random.below(6) == 0 {
        mark.keypoints = points(3, random).into_iter().map(|[x, y]| [x, y, 2.0]).collect();
    }
    if random.below(4) == 0 {
        mark.attributes.insert("difficult".into(), "1".into());
        mark.attributes.insert("colour & shade".into(), "blue <2>".into());
    }
    if random.below(9) == 0 {
        mark.class = None;
    }
    mark
}

fn project(seed: u32) -> Project {
    let random = &mut Random::new(seed, 3);
    let names = ["leaf", "no: entry", "Zahnbürste & Co", "yes"];
    let mut out = Project { class_attribute: Some("label".into()), ..Project::default() };
    for (at, name) in names.iter().enumerate().take(1 + random.below(4)) {
        let id = Some((at * at + 1) as i64);
        out.classes.push(Class { id, ..Class::named(name) });
    }
    for at in 0..1 + random.below(3) {
        let size = [64 + random.below(40) as u32, 64 + random.below(40) as u32];
        let marks =
            (0..random.below(6)).map(|id| mark(out.classes.len(), size, at * 10 + id, random)).collect();
        let name = format!("picture {at} é.jpg");
        out.pictures.push(Picture {
            name,
            size: Some(size),
            id: Some((at * 7).into()),
            marks,
            ..Picture::default()
        });
    }
    out
}

/// Every number of a shape, with its kind.
fn flat(shape: &Shape) -> (&'static str, Vec<f64>) {
    let numbers = match shape {
        Shape::Whole => Vec::new(),
        Shape::Box(area) => area.to_vec(),
        Shape::Polygon(rings) | Shape::Rings(rings) => rings.concat().concat(),
        Shape::Ellipse { centre, radii, angle } => [&centre[..], radii, &[*angle]].concat(),
        Shape::Circle { centre, radius } => vec![centre[0], centre[1], *radius],
        Shape::Line(points) | Shape::Points(points) => points.concat(),
        Shape::Mask(mask) => mask.runs.iter().map(|run| f64::from(*run)).collect(),
    };
    (shape.kind(), numbers)
}

fn same_mark(one: &Mark, of: &Project, other: &Mark, of_other: &Project, format: &Format) -> bool {
    let (a, b) = (flat(&one.shape), flat(&other.shape));
    let near = a.1.len() == b.1.len() && a.1.iter().zip(&b.1).all(|(a, b)| (a - b).abs() < NEAR);
    let points =
        one.keypoints.concat().iter().zip(&other.keypoints.concat()).all(|(a, b)| (a - b).abs() < NEAR);
    // ImageJ has a name for what has no class.
    let said = format.id == "imagej" || one.attributes == other.attributes;
    let rest = one.crowd == other.crowd && one.score == other.score && one.id == other.id;
    a.0 == b.0 && near && points && said && rest && of.class_name(one) == of_other.class_name(other)
}

#[test]
fn what_a_format_can_hold_comes_back() {
    let mut counted = 0;
    for seed in 0..PROJECTS {
        let project = project(seed);
        for format in FORMATS.iter().filter(|format| format.writes.is_some()) {
            let (can, _) = format.writes.as_ref().unwrap();
            let (expected, _) = fit(&project, can);
            let (files, _) = format.write(&project).unwrap();
            if expected.pictures.is_empty() {
                continue;
            }
            let sizes = project.pictures.iter().map(|picture| (picture.name.clone(), picture.size.unwrap()));
            let sizes = Sizes { of: sizes.collect(), all: None };
            let back = open(files, sizes).unwrap().project;
            let place = format!("{} of project {seed}", format.id);
            assert_eq!(back.pictures.len(), expected.pictures.len(), "{place}");
            for (picture, again) in expected.pictures.iter().zip(&back.pictures) {
                assert_eq!(stem(&again.name), stem(&picture.name), "{place}");
                assert_eq!(again.marks.len(), picture.marks.len(), "{place}");
                for (mark, again) in picture.marks.iter().zip(&again.marks) {
                    counted += 1;
                    let same = same_mark(mark, &expected, again, &back, format);
                    assert!(same, "{place}:\n{mark:?}\n{again:?}");
                }
            }
        }
    }
    assert!(counted > 1000, "{counted}");
}

#[test]
fn coco_keeps_ids_and_numbers_of_classes() {
    let project = project(11);
    let (files, _) = Format::by_id("coco").unwrap().write(&project).unwrap();
    let back = open(files, Sizes::default()).unwrap().project;
    let ids = |project: &Project| project.classes.iter().map(|class| class.id).collect::<Vec<_>>();
    assert_eq!(ids(&back), ids(&project));
    let ids = |project: &Project| project.pictures.iter().map(|one| one.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&back), ids(&project));
}

/// Saved in YOLO again and again, nothing moves.
#[test]
fn yolo_boxes_do_not_wander() {
    let text = "0 0.509375 0.361111111 0.01875 0.0125\n";
    let sizes = || Sizes { all: Some([641, 479]), ..Sizes::default() };
    let mut files = vec![File { name: "labels/a.txt".into(), bytes: text.as_bytes().to_vec() }];
    let mut texts = Vec::new();
    for _ in 0..20 {
        let project = open(files, sizes()).unwrap().project;
        files = Format::by_id("yolo").unwrap().write(&project).unwrap().0;
        texts.push(files.iter().find(|file| file.name == "labels/a.txt").unwrap().bytes.clone());
    }
    assert!(texts.iter().all(|text| *text == texts[0]));
}
