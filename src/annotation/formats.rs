//! The formats, a row each, and a project from files or as files.

use super::fit::{Abilities, Attributes, Polygons, Report, fit};
use super::look::{Seen, look};
use super::{File, Note, Notes, Project, coco, coco_write, image_j, image_j_write, labelme, make_sense};
use super::{says, stem, tail, via, via_write, voc, yolo, yolo_write};
use std::collections::BTreeMap;

/// A project that fits as files.
pub type Write = fn(&Project) -> Vec<File>;

pub struct Format {
    pub id: &'static str,
    pub title: &'static str,
    /// What its files are called, as a visitor looks for them.
    pub files: &'static str,
    /// None where it is read alone.
    pub writes: Option<(Abilities, Write)>,
}

const NOTHING: Abilities = Abilities {
    whole: false,
    boxes: true,
    polygons: Polygons::No,
    holes: false,
    ellipses: false,
    circles: false,
    lines: false,
    points: false,
    many_points: false,
    masks: false,
    keypoints: false,
    crowds: false,
    scores: false,
    ids: false,
    attributes: Attributes::These(&[]),
    of_pictures: false,
    unnamed: false,
    sizes: false,
    needs_size: false,
    within: false,
    empty_pictures: true,
};

const COCO: Abilities = Abilities {
    polygons: Polygons::Many,
    masks: true,
    keypoints: true,
    crowds: true,
    scores: true,
    ids: true,
    attributes: Attributes::Any,
    unnamed: true,
    sizes: true,
    ..NOTHING
};

const VIA: Abilities = Abilities {
    whole: true,
    polygons: Polygons::One,
    ellipses: true,
    circles: true,
    lines: true,
    points: true,
    attributes: Attributes::Any,
    of_pictures: true,
    unnamed: true,
    ..NOTHING
};

const VOC: Abilities = Abilities { attributes: Attributes::These(voc::KEPT), sizes: true, ..NOTHING };

const IMAGE_J: Abilities = Abilities {
    polygons: Polygons::One,
    holes: true,
    ellipses: true,
    lines: true,
    points: true,
    many_points: true,
    unnamed: true,
    empty_pictures: false,
    ..NOTHING
};

const YOLO: Abilities = Abilities { sizes: true, needs_size: true, within: true, ..NOTHING };

const YOLO_POLYGONS: Abilities = Abilities { boxes: false, polygons: Polygons::One, ..YOLO };

pub static FORMATS: [Format; 8] = [
    Format { id: "coco", title: "COCO JSON", files: ".json", writes: Some((COCO, coco_write::write)) },
    Format {
        id: "via",
        title: "VGG Image Annotator 2",
        files: ".json, .csv",
        writes: Some((VIA, via_write::write)),
    },
    Format { id: "voc", title: "Pascal VOC", files: ".xml", writes: Some((VOC, voc::write)) },
    Format {
        id: "imagej",
        title: "ImageJ RoiSet",
        files: ".roi, RoiSet.zip",
        writes: Some((IMAGE_J, image_j_write::write)),
    },
    Format {
        id: "yolo",
        title: says("YOLO boxes"),
        files: ".txt, data.yaml",
        writes: Some((YOLO, yolo_write::boxes)),
    },
    Format {
        id: "yolo_polygons",
        title: says("YOLO polygons"),
        files: ".txt, data.yaml",
        writes: Some((YOLO_POLYGONS, yolo_write::polygons)),
    },
    Format { id: "make_sense", title: "Make Sense", files: ".json, .csv", writes: None },
    Format { id: "labelme", title: "LabelMe", files: ".json", writes: None },
];

impl Format {
    pub fn by_id(id: &str) -> Option<&'static Self> {
        FORMATS.iter().find(|format| format.id == id)
    }

    /// The project as files of this format, and what that cost; none of a format that is read alone.
    pub fn write(&self, project: &Project) -> Option<(Vec<File>, Report)> {
        let (can, write) = self.writes.as_ref()?;
        let (fitted, report) = fit(project, can);
        // How large pictures are decides what a share of one is, also where the format does not say it.
        Some((write(&fitted), report))
    }

    /// What writing would cost.
    pub fn report(&self, project: &Project) -> Option<Report> {
        self.writes.as_ref().map(|(can, _)| fit(project, can).1)
    }
}

/// How large pictures are that a file of labels does not say it of.
#[derive(Clone, Debug, Default)]
pub struct Sizes {
    /// By the picture's name without folders.
    pub of: BTreeMap<String, [u32; 2]>,
    /// Of all others.
    pub all: Option<[u32; 2]>,
}

impl Sizes {
    /// The picture's name and size, from its name or from a file named after it.
    pub fn find(&self, name: &str) -> (String, Option<[u32; 2]>) {
        let file = tail(name);
        if let Some(size) = self.of.get(file) {
            return (file.into(), Some(*size));
        }
        let alike = self.of.iter().find(|(picture, _)| stem(picture) == stem(name) || stem(picture) == file);
        alike.map_or((file.into(), self.all), |(picture, size)| (picture.clone(), Some(*size)))
    }
}

/// What was read.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    pub project: Project,
    /// The formats that were found, each once.
    pub formats: Vec<&'static str>,
    /// What is odd about it, or could not be read.
    pub notes: Notes,
}

/// Files that are no archives, of one format or of several, as one project. `Err` says why there is nothing to convert.
pub fn read(files: &[File], mut sizes: Sizes) -> Result<Reading, Note> {
    let mut reading = Reading::default();
    let seen: Vec<(&File, Seen)> = files.iter().map(|file| (file, look(file))).collect();
    for (file, seen) in &seen {
        if let Seen::Picture(Some(size)) = seen {
            sizes.of.insert(tail(&file.name).into(), *size);
        }
    }
    let lists = yolo::Lists::of(&seen);
    for (file, seen) in &seen {
        one(file, seen, &sizes, &lists, &mut reading);
    }
    for picture in &mut reading.project.pictures {
        if picture.size.is_none() {
            picture.size = sizes.find(&picture.name).1;
        }
    }
    odd(&mut reading);
    if reading.formats.is_empty() {
        let no_file = || Note {
            what: says("Files"),
            count: files.len(),
            why: says("are of no format that is known here."),
            first: files.first().map(|file| file.name.clone()).unwrap_or_default(),
        };
        return Err(reading.notes.0.into_iter().next().unwrap_or_else(no_file));
    }
    Ok(reading)
}

fn one(file: &File, seen: &Seen, sizes: &Sizes, lists: &yolo::Lists, reading: &mut Reading) {
    let Reading { project, notes, formats } = reading;
    let format = match seen {
        Seen::Coco(value) => {
            coco::read(value, &file.name, sizes, project, notes);
            "coco"
        }
        Seen::Via(value) => {
            via::read(value, project, notes);
            "via"
        }
        Seen::ViaTable(rows) => {
            via::read_table(rows, project, notes);
            "via"
        }
        Seen::MakeSenseTable(rows) => {
            make_sense::read_table(rows, project, notes);
            "make_sense"
        }
        Seen::MakeSenseTags(value) => {
            make_sense::read_tags(value, project);
            "make_sense"
        }
        Seen::LabelMe(value) => {
            labelme::read(value, &file.name, project, notes);
            "labelme"
        }
        Seen::Voc(root) => {
            voc::read(root, &file.name, project, notes);
            "voc"
        }
        Seen::Roi => {
            image_j::read(file, sizes, project, notes);
            "imagej"
        }
        Seen::Yolo(text) => {
            yolo::read(text, &file.name, sizes, lists, project, notes);
            "yolo"
        }
        Seen::Broken(why) => return notes.add(says("Files"), why, &file.name),
        Seen::Unknown => {
            return notes.add(says("Files"), says("are of no format that is known here."), &file.name);
        }
        Seen::Picture(_) | Seen::Names(_) | Seen::Yaml(_) | Seen::List => return,
    };
    if !formats.contains(&format) {
        formats.push(format);
    }
}

/// What somebody else's converter may have done wrong is said, never repaired.
fn odd(reading: &mut Reading) {
    for picture in &reading.project.pictures {
        let Some([width, height]) = picture.size.map(|size| size.map(f64::from)) else { continue };
        for mark in &picture.marks {
            let Some([x, y, w, h]) = mark.bounds() else { continue };
            if x < -1.0 || y < -1.0 || x + w > width + 1.0 || y + h > height + 1.0 {
                let why = says("reach past the edge of their picture. Are x and y swapped?");
                reading.notes.add(mark.shape.kind(), why, &picture.name);
            }
        }
    }
}
