//! Damaged copies of real files: words or a part of them, never a panic.

use super::{files, mirror, open};
use intab::annotation::File;
use intab::annotation::formats::{FORMATS, Sizes};
use intab::random::Random;

const COPIES: usize = 60;

const FILES: [&str; 14] = [
    "via/via2_own_nasty_project.json",
    "via/via2_demo.csv",
    "make-sense/labels_my-project-name_yolo.zip",
    "make-sense/rects.csv",
    "coco/own_nasty.json",
    "coco/person_keypoints_val.json",
    "coco/segment_anything_a.json",
    "imagej/composite-brush-donut.roi",
    "imagej/multipoint.roi",
    "imagej/own_RoiSet_nasty.zip",
    "imagej/polyline.roi",
    "voc/own_nasty.xml",
    "labelme/own_all_shapes.json",
    "yolo/own_nasty/labels/mixed.txt",
];

fn damage(file: &File, random: &mut Random) -> File {
    let mut bytes = file.bytes.clone();
    match random.below(3) {
        0 => bytes.truncate(random.below(bytes.len())),
        1 => {
            let start = random.below(bytes.len());
            bytes.drain(start..(start + 1 + random.below(20)).min(file.bytes.len()));
        }
        _ => (0..1 + random.below(8)).for_each(|_| {
            let at = random.below(bytes.len());
            bytes[at] = random.below(256) as u8;
        }),
    }
    File { name: file.name.clone(), bytes }
}

#[test]
fn damaged_files_end_in_words_or_in_a_part() {
    let Some(root) = mirror() else { return };
    let mut random = Random::new(7, 1);
    let mut read = 0;
    for path in FILES {
        for file in files(&root, path) {
            for _ in 0..COPIES {
                let sizes = Sizes { all: Some([64, 48]), ..Sizes::default() };
                if let Ok(reading) = open(vec![damage(&file, &mut random)], sizes) {
                    read += 1;
                    FORMATS.iter().for_each(|format| drop(format.write(&reading.project)));
                }
            }
        }
    }
    assert!(read > 0);
}
