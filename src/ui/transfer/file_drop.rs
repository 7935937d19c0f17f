//! Files and folders on their way to classes: picked, dropped or pasted. A folder's name is a class's name.

use super::controller::TransferController;
use super::directory::{self, Found};
use super::incoming::{Job, Source};
use super::packed;
use super::project::pictures;
use crate::ui::components::drop;
use crate::ui::language::tr;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::BTreeMap;
use wasm_bindgen::JsCast;
use web_sys::{DataTransfer, Element, File};

/// Where something is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Class(u32),
    /// The picture is only looked at.
    Try,
    Anywhere,
}

impl TransferController {
    /// All of them are of this class.
    pub fn add_files(self, key: u32, files: Vec<File>) {
        let (archives, files): (Vec<_>, Vec<_>) = files.into_iter().partition(packed::is_zip);
        archives.into_iter().for_each(|file| self.open_zip(file, Some(key)));
        self.add(key, files.into_iter().map(Source::File).collect());
    }

    pub(super) fn add(self, key: u32, sources: Vec<Source>) {
        self.take(sources.into_iter().map(|source| Job::new(key, source)).collect());
    }

    /// Every folder is a class; files that lie in none go to `loose`, or to the class that had the focus last.
    pub fn add_found(self, found: Vec<Found>, loose: Option<u32>) {
        let mut by_folder: BTreeMap<String, Vec<Source>> = BTreeMap::new();
        for Found { folder, source } in found {
            by_folder.entry(folder).or_default().push(source);
        }
        let (mut made, mut too_many) = (Vec::new(), Vec::new());
        for (folder, sources) in by_folder {
            if folder.is_empty() {
                if let Some(key) = loose.or_else(|| self.target()) {
                    self.add(key, sources);
                }
                continue;
            }
            match self.change(|p| p.class_named(&folder)) {
                Some(key) => {
                    made.push(format!("“{folder}” ({})", pictures(sources.len())));
                    self.add(key, sources);
                }
                None => too_many.push(folder),
            }
        }
        if !made.is_empty() {
            let what = tr!("Every folder is a class: {}.", made.join(", "));
            self.tell(&what, &tr!("Rename them as you like."));
        }
        if !too_many.is_empty() {
            self.left_out(&too_many);
        }
    }

    /// The class that pasted pictures go to.
    pub fn target(self) -> Option<u32> {
        let focused = self.focused.get_untracked();
        self.project.with_untracked(|p| {
            let there = focused.filter(|key| p.class(*key).is_some());
            there.or_else(|| p.classes.first().map(|c| c.key))
        })
    }

    fn dropped(self, place: Place, transfer: &DataTransfer, on_try: &dyn Fn(File)) {
        let plain = drop::files(transfer);
        if let Some(head) = plain.iter().find(|f| f.name().ends_with(".safetensors")) {
            return self.import(head.clone());
        }
        if let Some(archive) = plain.iter().find(|file| packed::is_zip(file)) {
            let key = if let Place::Class(key) = place { Some(key) } else { None };
            return self.open_zip(archive.clone(), key);
        }
        if place == Place::Try {
            return plain.into_iter().take(1).for_each(on_try);
        }
        // Only now, before anything is awaited, can entries be had.
        let entries = directory::entries(transfer);
        spawn_local(async move {
            let found = if entries.is_empty() {
                let found = |file| Found { folder: String::new(), source: Source::File(file) };
                plain.into_iter().map(found).collect()
            } else {
                directory::walk(entries).await
            };
            match place {
                Place::Class(key) => self.add(key, found.into_iter().map(|f| f.source).collect()),
                _ => self.add_found(found, None),
            }
        });
    }

    fn pasted(self, transfer: &DataTransfer) -> bool {
        let files = drop::files(transfer);
        let Some(key) = self.target().filter(|_| !files.is_empty()) else { return false };
        let name = untrack(|| self.name(key));
        let what = tr!("{n} picture pasted into “{}”" | "{n} pictures pasted into “{}”" % files.len(), name);
        self.say(what);
        self.add_files(key, files);
        true
    }
}

/// Listens on the whole window while the page is shown. The signal says where a file is held right now.
pub fn listen(desk: TransferController, on_try: impl Fn(File) + 'static) -> RwSignal<Option<Place>> {
    drop::listen_at(
        place,
        move |place, transfer| desk.dropped(place, transfer, &on_try),
        move |transfer| desk.pasted(transfer),
    )
}

fn place(event: &web_sys::DragEvent) -> Place {
    let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
    let here = target.and_then(|t| t.closest("[data-drop]").ok().flatten());
    match here.and_then(|h| h.get_attribute("data-drop")) {
        None => Place::Anywhere,
        Some(word) => word.parse().map_or(Place::Try, Place::Class),
    }
}
