//! What a format has no place for: what it becomes, and what is said of it.

use intab::annotation::formats::{FORMATS, Format};
use intab::annotation::mask::Mask;
use intab::annotation::shape::{Shape, box_ring, signed_area};
use intab::annotation::{Mark, Note, Picture, Project};

fn one(shape: Shape) -> Project {
    let mut project = Project::default();
    let class = project.class("cell");
    let picture = Picture { name: "a.png".into(), size: Some([40, 30]), ..Picture::default() };
    project.pictures.push(Picture { marks: vec![Mark::of(class, shape)], ..picture });
    project
}

fn ring() -> Shape {
    Shape::Rings(vec![box_ring([2.0, 2.0, 20.0, 20.0]), box_ring([6.0, 6.0, 4.0, 4.0])])
}

fn report(shape: Shape, format: &str) -> [Vec<Note>; 3] {
    let report = Format::by_id(format).unwrap().report(&one(shape)).unwrap();
    [report.kept.0, report.changed.0, report.lost.0]
}

#[test]
fn every_mark_is_kept_changed_or_lost_and_counted_once() {
    let shapes = [
        Shape::Whole,
        Shape::Box([1.0, 2.0, 3.0, 4.0]),
        Shape::Polygon(vec![box_ring([1.0, 1.0, 5.0, 5.0]), box_ring([10.0, 10.0, 5.0, 5.0])]),
        ring(),
        Shape::Ellipse { centre: [20.0, 15.0], radii: [8.0, 4.0], angle: 0.3 },
        Shape::Circle { centre: [20.0, 15.0], radius: 4.0 },
        Shape::Line(vec![[1.0, 1.0], [4.0, 4.0]]),
        Shape::Points(vec![[1.0, 1.0], [4.0, 4.0]]),
        Shape::Mask(Mask::filled([40, 30], &[box_ring([2.0, 2.0, 5.0, 5.0])], true).unwrap()),
    ];
    for format in FORMATS.iter().filter(|format| format.writes.is_some()) {
        for shape in &shapes {
            let [kept, changed, lost] = report(shape.clone(), format.id);
            let of_the_shape = |notes: &[Note]| notes.iter().filter(|note| note.what == shape.kind()).count();
            let counts = [kept, changed, lost].map(|notes| of_the_shape(&notes));
            assert_eq!(counts.iter().sum::<usize>(), 1, "{} {shape:?}", format.id);
        }
    }
}

#[test]
fn a_hole_stays_where_the_format_has_masks_and_is_said_where_not() {
    let [_, changed, _] = report(ring(), "coco");
    assert!(changed[0].why.contains("masks"), "{changed:?}");
    let [kept, ..] = report(ring(), "imagej");
    assert_eq!(kept.len(), 1);
    let [_, changed, _] = report(ring(), "yolo_polygons");
    assert!(changed[0].why.contains("without holes"), "{changed:?}");
    let [_, _, lost] = report(Shape::Line(vec![[1.0, 1.0], [4.0, 4.0]]), "coco");
    assert!(lost[0].why.contains("cannot be expressed"), "{lost:?}");
}

/// 350 pixels with a hole, compressed by another program.
#[test]
fn a_mask_with_a_hole_is_one_ring_around_and_one_inside() {
    let text = "e<d0d000000000AF0:0F0:0F0:0F0:0F0:?000000000000000000[U1";
    let mask = Mask::decompress([60, 40], text).unwrap();
    assert_eq!((mask.pixels(), mask.bounds()), (350, Some([10.0, 5.0, 20.0, 20.0])));
    assert_eq!(mask.compressed(), text);
    let outline = mask.outline();
    let areas: Vec<f64> = outline.iter().map(|ring| signed_area(ring)).collect();
    assert_eq!(areas, [400.0, -50.0]);
    assert_eq!(Mask::filled([60, 40], &outline, false), Some(mask));
}

/// One pixel in four of a chequered picture: corners that touch.
#[test]
fn an_outline_filled_is_the_mask_again() {
    for (seed, width) in [(3_u32, 9), (5, 16), (11, 23)] {
        let belongs = |x: u32, y: u32| (x * 7 + y * 13 + x * y * seed) % 5 < 2;
        let mask = Mask::from_pixels([width, 17], belongs);
        assert_eq!(Mask::filled([width, 17], &mask.outline(), false), Some(mask));
    }
}

#[test]
fn a_picture_of_unknown_size_is_said_before_yolo_is_written() {
    let mut project = one(Shape::Box([1.0, 2.0, 3.0, 4.0]));
    project.pictures[0].size = None;
    let report = Format::by_id("yolo").unwrap().report(&project).unwrap();
    assert!(report.lost.0[0].why.contains("Give the pictures too"), "{report:?}");
}
