//! The visitor's label files and pictures, what was read from them, and the format that they are to have.

use crate::annotation::fit::Report;
use crate::annotation::formats::{Format, Reading, Sizes, read};
use crate::annotation::unpack::unpacked;
use crate::annotation::{File, Note, Notes, picture_size, tail};
use crate::archive::Writer;
use crate::ui::components::files;
use crate::ui::language::{key, known, tr};
use crate::ui::panels::panel_state::PanelState;
use js_sys::{Array, Uint8Array};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::BTreeMap;
use std::sync::Arc;
use web_sys::{Blob, Url};

/// `Copy`, and in the Leptos context. It belongs to the page, not to the view: nothing is lost when the visitor goes to
/// another lesson and comes back.
#[derive(Clone, Copy)]
pub struct Converter {
    pub scene: PanelState,
    /// Label files, unpacked.
    given: StoredValue<Vec<File>>,
    /// Addresses of pictures by their names without folders, and their sizes.
    pictures: RwSignal<BTreeMap<String, (String, [u32; 2])>>,
    pub reading: RwSignal<Option<Arc<Reading>>>,
    /// Why nothing could be read.
    pub trouble: RwSignal<Option<Note>>,
    /// The format's id.
    pub to: RwSignal<String>,
    /// The picture that is shown.
    pub at: RwSignal<usize>,
    pub busy: RwSignal<bool>,
}

impl Converter {
    /// Must be called under the page's owner.
    pub fn new(scene: PanelState) -> Self {
        Self {
            scene,
            given: StoredValue::new(Vec::new()),
            pictures: RwSignal::new(BTreeMap::new()),
            reading: RwSignal::new(None),
            trouble: RwSignal::new(None),
            to: RwSignal::new("coco".into()),
            at: RwSignal::new(0),
            busy: RwSignal::new(false),
        }
    }

    /// More files: labels and pictures may come one after the other.
    pub fn take(self, given: Vec<web_sys::File>) {
        if given.is_empty() {
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            let (mut read, mut notes) = (Vec::new(), Notes::default());
            for file in given {
                match files::read(&file).await {
                    Some(bytes) => read.push(File { name: file.name(), bytes }),
                    None => notes.add(key("Files"), key("could not be read by the browser."), &file.name()),
                }
            }
            for file in unpacked(read, &mut notes).await {
                self.keep(file);
            }
            self.busy.set(false);
            self.look(notes);
        });
    }

    fn keep(self, file: File) {
        match picture_size::of(&file.bytes) {
            Some(Some(size)) => {
                if let Some(address) = address(&file.bytes) {
                    let before =
                        self.pictures.try_update(|all| all.insert(tail(&file.name).into(), (address, size)));
                    before
                        .flatten()
                        .into_iter()
                        .for_each(|(address, _)| drop(Url::revoke_object_url(&address)));
                }
            }
            _ => self.given.update_value(|all| {
                all.retain(|other| other.name != file.name);
                all.push(file);
            }),
        }
    }

    fn look(self, mut notes: Notes) {
        let of = self
            .pictures
            .with_untracked(|all| all.iter().map(|(name, (_, size))| (name.clone(), *size)).collect());
        let read = self.given.with_value(|given| match given.is_empty() {
            // Pictures alone wait for their labels.
            true => None,
            false => Some(read(given, Sizes { of, all: None })),
        });
        self.at.set(0);
        match read {
            None => self.trouble.set(notes.0.into_iter().next()),
            Some(Ok(mut reading)) => {
                notes.0.append(&mut reading.notes.0);
                reading.notes = notes;
                self.trouble.set(None);
                self.reading.set(Some(Arc::new(reading)));
                self.scene.announcement.set(untrack(move || self.in_words()));
            }
            Some(Err(why)) => {
                self.scene.announcement.set(sentence(&why));
                self.reading.set(None);
                self.trouble.set(Some(why));
            }
        }
    }

    /// Without what was given.
    pub fn start_anew(self) {
        self.given.set_value(Vec::new());
        self.reading.set(None);
        self.trouble.set(None);
        self.forget_pictures();
        self.pictures.set(BTreeMap::new());
    }

    fn forget_pictures(self) {
        let forget = |all: &BTreeMap<String, (String, [u32; 2])>| {
            all.values().for_each(|(address, _)| drop(Url::revoke_object_url(address)));
        };
        let _ = self.pictures.try_with_untracked(forget);
    }

    pub fn count_of_pictures(self) -> usize {
        self.pictures.with(BTreeMap::len)
    }

    /// Where the picture of this name can be shown from.
    pub fn address(self, name: &str) -> Option<String> {
        self.pictures.with(|all| all.get(tail(name)).map(|(address, _)| address.clone()))
    }

    /// How much there is.
    pub fn in_words(self) -> String {
        self.reading.with(|reading| {
            let project = reading.as_ref().map(|reading| &reading.project);
            project.map_or(String::new(), |project| {
                tr!(
                    "Marks: {0}, pictures: {1}, classes: {2}",
                    project.count(),
                    project.pictures.len(),
                    project.classes.len()
                )
            })
        })
    }

    pub fn format(self) -> Option<&'static Format> {
        self.to.with(|id| Format::by_id(id))
    }

    pub fn report(self) -> Option<Report> {
        let format = self.format()?;
        self.reading.with(|reading| format.report(&reading.as_ref()?.project))
    }

    /// One file, or an archive of several.
    pub fn save(self) {
        let saved = untrack(move || {
            let format = self.format()?;
            let written = self.reading.with(|reading| format.write(&reading.as_ref()?.project));
            let (mut written, _) = written?;
            if written.len() == 1 {
                let file = written.remove(0);
                return files::offer(&file.name, &file.bytes);
            }
            let mut zip = Writer::default();
            written.iter().for_each(|file| zip.add(&file.name, &file.bytes));
            files::offer(&format!("labels_{}.zip", format.id), &zip.finish()?)
        });
        if saved.is_none() {
            self.scene.announcement.set(tr!("The file could not be made."));
        }
    }
}

fn address(bytes: &[u8]) -> Option<String> {
    let blob = Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes))).ok()?;
    Url::create_object_url_with_blob(&blob).ok()
}

/// “3 × Lines cannot be expressed in this format.”
pub fn sentence(note: &Note) -> String {
    format!("{} × {} {}", note.count, known(note.what), known(note.why))
}
