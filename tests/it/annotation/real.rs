//! Files that tools and people wrote, against the reading that another program gave (the mirror's README.md).

use super::{files, mirror, open};
use intab::annotation::formats::Sizes;
use std::collections::BTreeMap;

type Row = (&'static str, [u32; 2], usize, &'static str, [f64; 4]);

/// Path, size of pictures that nothing says the size of, pictures, shapes by kind, and the box around one of them.
const FILES: &[Row] = &[
    (
        "via/via1_unit_test.json",
        [0, 0],
        3,
        "Boxes 2, Circles 1, Ellipses 3, Points 5, Polygons 1",
        [225., 164., 54., 52.],
    ),
    ("via/via1_sparse_region_keys_cut.json", [0, 0], 1, "Polygons 3", [39., 22., 40., 67.]),
    ("via/via1_polygons_cut.json", [0, 0], 2, "Polygons 8", [54., 9., 70., 86.]),
    ("via/via2_checkbox_attributes.json", [0, 0], 2, "Boxes 1, Polygons 9", [104., 120., 51., 56.]),
    ("via/via2_project_windows_path_cut.json", [0, 0], 2, "Boxes 10", [79., 484., 45., 28.]),
    ("via/via2_numbers_as_strings_cut.json", [0, 0], 4, "Boxes 4", [325., 113., 103., 132.]),
    ("via/via2_face_tracks_cut.csv", [0, 0], 6, "Boxes 6", [325., 113., 103., 132.]),
    (
        "via/via2_all_attribute_types.json",
        [0, 0],
        2,
        "Boxes 2, Ellipses 1, Polygons 1",
        [94., 124., 312., 149.],
    ),
    ("via/via2_demo.csv", [0, 0], 2, "Boxes 2, Ellipses 1, Polygons 1", [94., 124., 312., 149.]),
    (
        "via/via2_own_nasty_project.json",
        [0, 0],
        4,
        "Boxes 4, Circles 1, Ellipses 1, Labels of whole pictures 1, Lines 1, Points 1, Polygons 2",
        [41.972, 16.771, 36.056, 26.458],
    ),
    (
        "make-sense/labels_my-project-name_2024-05-06-07-08-09.json",
        [0, 0],
        2,
        "Polygons 3",
        [10.5, 20.25, 100.25, 70.25],
    ),
    ("make-sense/labels_my-project-name_coco.json", [0, 0], 2, "Polygons 3", [10.5, 20.25, 100.25, 70.25]),
    ("make-sense/labels_my-project-name_yolo.zip", [640, 480], 2, "Boxes 3", [48., 72., 32., 48.]),
    ("make-sense/voc_unescaped.xml", [0, 0], 1, "Boxes 1", [0., 0., 640., 480.]),
    ("make-sense/rects.csv", [0, 0], 2, "Boxes 2", [-1., 5., 12., 100.]),
    ("make-sense/points.csv", [0, 0], 1, "Points 2", [640., 480., 0., 0.]),
    ("make-sense/lines.csv", [0, 0], 1, "Lines 1", [1., 2., 29., 38.]),
    ("make-sense/tags.csv", [0, 0], 2, "Labels of whole pictures 3", [0.; 4]),
    ("make-sense/tags.json", [0, 0], 1, "Labels of whole pictures 2", [0.; 4]),
    ("coco/coco2017_three.json", [0, 0], 3, "Polygons 3", [217.62, 240.54, 38.99, 57.75]),
    ("coco/instances_polygons.json", [0, 0], 2, "Polygons 3", [263.79, 159.96, 121.75, 90.74]),
    ("coco/instances_uncompressed_rle.json", [0, 0], 3, "Masks 1, Polygons 3", [12., 524., 382., 34.]),
    ("coco/results_compressed_rle_cut.json", [0, 0], 8, "Masks 8", [357., 95., 15., 53.]),
    ("coco/results_bbox_cut.json", [0, 0], 20, "Boxes 20", [258.15, 41.29, 348.26, 243.78]),
    ("coco/person_keypoints_val.json", [0, 0], 1, "Masks 1, Polygons 1", [0., 0., 2., 10.]),
    ("coco/instances_val.json", [0, 0], 1, "Masks 1, Polygons 1", [0., 0., 2., 10.]),
    ("coco/stuff_train.json", [0, 0], 1, "Masks 1", [2., 0., 5., 5.]),
    ("coco/relaxed_kaggle.json", [0, 0], 2, "Boxes 2", [2., 1., 3., 1.]),
    ("coco/roboflow_annotations.coco.json", [0, 0], 2, "Boxes 2", [2., 1., 3., 1.]),
    ("coco/segment_anything_a.json", [0, 0], 1, "Masks 1", [3., 1., 1., 4.]),
    ("coco/keypoints_icevision.json", [0, 0], 2, "Polygons 10", [379.02, 202.47, 67.17, 178.47]),
    ("coco/mmpose_crowd_cut.json", [0, 0], 2, "Polygons 4", [280.79, 44.73, 218.7, 346.68]),
    ("coco/labelbox_rle_cut.json", [0, 0], 1, "Masks 1, Polygons 5", [3., 199., 595., 226.]),
    ("coco/sahi_terrain2.json", [0, 0], 1, "Polygons 5", [218., 448., 222., 161.]),
    ("coco/labelme_converter_bug.json", [0, 0], 1, "Polygons 2", [1090., 2., 217., 2558.]),
    ("coco/own_nasty.json", [0, 0], 4, "Boxes 4, Masks 2, Polygons 3", [10., 5., 20., 20.]),
    ("imagej/rectangle.roi", [0, 0], 1, "Boxes 1", [43., 19., 43., 36.]),
    ("imagej/oval.roi", [0, 0], 1, "Ellipses 1", [97., 58., 34., 37.]),
    ("imagej/oval-left.roi", [0, 0], 1, "Ellipses 1", [-3., 1., 6., 6.]),
    ("imagej/oval-top.roi", [0, 0], 1, "Ellipses 1", [5., -3., 7., 5.]),
    ("imagej/ellipse.roi", [0, 0], 1, "Ellipses 1", [4.4938, 1.4222, 6.9811, 4.7182]),
    ("imagej/ellipse-left.roi", [0, 0], 1, "Ellipses 1", [-2.4994, 1.4927, 5.0613, 5.3583]),
    ("imagej/ellipse-top.roi", [0, 0], 1, "Ellipses 1", [4.3925, -3.4007, 6.4649, 6.5513]),
    ("imagej/freehand.roi", [0, 0], 1, "Polygons 1", [95., 11., 86., 55.]),
    ("imagej/freeline.roi", [0, 0], 1, "Lines 1", [41., 29., 119., 57.]),
    ("imagej/line1.roi", [0, 0], 1, "Lines 1", [89., 52., 171., 51.]),
    ("imagej/line2.roi", [0, 0], 1, "Lines 1", [100.5, 156.5, 32., 2.]),
    ("imagej/multipoint.roi", [0, 0], 1, "Points 1", [56.6667, 36., 141.333, 115.333]),
    ("imagej/point.roi", [0, 0], 1, "Points 1", [68., 77.25, 0., 0.]),
    ("imagej/polygon.roi", [0, 0], 1, "Polygons 1", [65., 49., 109., 89.]),
    ("imagej/polygon-left.roi", [0, 0], 1, "Polygons 1", [-2., 2., 4., 4.]),
    ("imagej/polygon-top.roi", [0, 0], 1, "Polygons 1", [5., -2., 6., 5.]),
    ("imagej/polyline.roi", [0, 0], 1, "Lines 1", [61., 29., 85., 70.]),
    ("imagej/composite-brush-donut.roi", [0, 0], 1, "Polygons with holes 1", [4., 5., 8., 3.]),
    ("imagej/composite-brush-yin-yang.roi", [0, 0], 1, "Polygons with holes 1", [4., 0., 25., 42.]),
    ("imagej/composite-rect-in-rect.roi", [0, 0], 1, "Polygons with holes 1", [40., 61., 61., 42.]),
    (
        "imagej/composite-two-ellipses.roi",
        [0, 0],
        1,
        "Polygons with holes 1",
        [37.7298, 11.6761, 37.5404, 70.8061],
    ),
    ("imagej/composite-two-ovals.roi", [0, 0], 1, "Polygons with holes 1", [3., 7., 32., 43.]),
    ("imagej/RoiSet_bacteria_cut.zip", [0, 0], 1, "Polygons 6", [428., 272.667, 15., 20.3333]),
    ("imagej/own_RoiSet_nasty.zip", [0, 0], 1, "Polygons 7", [40_000., 40_010., 100., 80.]),
    ("yolo/darknet", [15, 10], 1, "Boxes 2", [0., 2., 4., 2.]),
    ("yolo/detection", [15, 10], 1, "Boxes 2", [3., 3., 2., 3.]),
    ("yolo/detection_with_list_of_imgs", [15, 10], 1, "Boxes 2", [0., 2., 4., 2.]),
    ("yolo/detection_with_list_of_names", [15, 10], 1, "Boxes 2", [0., 2., 4., 2.]),
    ("yolo/detection_with_subset_txt", [15, 10], 1, "Boxes 2", [0., 2., 4., 2.]),
    ("yolo/pose", [640, 480], 1, "Boxes 1", [0., 96., 170.67, 96.]),
    ("yolo/segmentation", [640, 480], 1, "Polygons 2", [64., 48., 192., 192.]),
    ("yolo/spaces_in_names", [640, 416], 2, "Boxes 16", [539.72, 295.45, 22.91, 18.39]),
    ("yolo/segmentation_coco", [640, 480], 2, "Polygons 3", [0.; 4]),
    ("yolo/label_studio", [640, 480], 2, "Boxes 5", [76., 73.41, 546., 350.12]),
    ("yolo/own_nasty", [100, 100], 4, "Boxes 10, Polygons 2", [0., 0., 100., 100.]),
    ("yolo/oriented_boxes", [640, 480], 1, "Polygons 2", [155., -4.7, 201.9, 297.4]),
    ("voc/voc2007_000063.xml", [0, 0], 1, "Boxes 2", [123., 115., 256., 160.]),
    ("voc/voc2007_parts_actions.xml", [0, 0], 1, "Boxes 2", [1., 2., 2., 2.]),
    ("voc/a-weird Filename.asdf.xml", [0, 0], 1, "Boxes 8", [540., 295., 23., 18.]),
    ("voc/labelimg_relative_path.xml", [0, 0], 1, "Boxes 2", [86., 102., 130., 337.]),
    ("voc/roboflow.xml", [0, 0], 1, "Boxes 2", [0., 0., 1., 2.]),
    ("voc/swapped_axes_bug.xml", [0, 0], 1, "Boxes 2", [1178., 2., 268., 2558.]),
    ("voc/no_objects_no_size.xml", [0, 0], 1, "", [0.; 4]),
    ("voc/own_utf16.xml", [0, 0], 1, "Boxes 1", [1., 1., 9., 9.]),
    ("labelme/minimal_rect_polygon.json", [0, 0], 1, "Boxes 1, Polygons 1", [10., 20., 90., 60.]),
    ("labelme/chinese_labels_cut.json", [0, 0], 1, "Polygons 2", [2., 1178., 2558., 268.]),
    ("labelme/v3_16_float_polygons_cut.json", [0, 0], 1, "Polygons 3", [261.416, 27.5714, 121.739, 168.944]),
];

#[test]
fn real_files_are_read_as_another_program_read_them() {
    let Some(root) = mirror() else { return };
    let wrong: Vec<String> = FILES.iter().filter_map(|row| difference(&root, row)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn difference(root: &std::path::Path, (path, size, pictures, kinds, area): &Row) -> Option<String> {
    let sizes = Sizes { all: (size[0] > 0).then_some(*size), ..Sizes::default() };
    let reading = match open(files(root, path), sizes) {
        Ok(reading) => reading,
        Err(why) => return Some(format!("{path}: {why:?}")),
    };
    let marks = || reading.project.pictures.iter().flat_map(|picture| &picture.marks);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    marks().for_each(|mark| *counts.entry(mark.shape.kind()).or_default() += 1);
    let found: Vec<String> = counts.into_iter().map(|(kind, count)| format!("{kind} {count}")).collect();
    let found = found.join(", ");
    // What another program rounds, and an ellipse's polygon, which lies inside of it.
    let near = |bounds: [f64; 4]| bounds.iter().zip(area).all(|(a, b)| (a - b).abs() < 0.05);
    let there = *area == [0.0; 4] || marks().filter_map(|mark| mark.bounds()).any(near);
    let given = reading.project.pictures.len();
    (given != *pictures || found != *kinds || !there).then(|| {
        let boxes: Vec<_> = marks().filter_map(|mark| mark.bounds()).take(12).collect();
        format!("{path}: {given} pictures, {found}, {boxes:?}, {:?}", reading.notes.0)
    })
}

/// What is odd is said and left as it is.
#[test]
fn what_is_odd_about_real_files_is_said() {
    let Some(root) = mirror() else { return };
    let cases = [
        ("voc/swapped_axes_bug.xml", "Are x and y swapped?"),
        ("coco/labelme_converter_bug.json", "Are x and y swapped?"),
        ("coco/stuff_train.json", "do not fit the outline"),
        ("coco/own_nasty.json", "belong to no picture"),
        ("yolo/own_nasty", "what is no number"),
        ("yolo/own_nasty", "numbers of pixels"),
        ("labelme/own_all_shapes.json", "are inside the file as pictures"),
        ("voc/own_nasty.xml", "turned box"),
    ];
    for (path, words) in cases {
        let sizes = Sizes { all: Some([100, 100]), ..Sizes::default() };
        let notes = open(files(&root, path), sizes).unwrap().notes.0;
        assert!(notes.iter().any(|note| note.why.contains(words)), "{path}: {notes:?}");
    }
    let attributes = open(files(&root, "via/via2_attributes_only.json"), Sizes::default()).unwrap_err();
    assert!(attributes.why.contains("definitions of attributes"), "{attributes:?}");
}
