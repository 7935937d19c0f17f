//! A project as a file: a ZIP archive with a folder of pictures for each class, and a list of what the page knows about
//! them. The features are in it too, so that the same pictures train the same classifier wherever it is opened.

use super::controller::{NETWORK, TransferController, sentence};
use super::incoming::{About, Saved, Source};
use super::packed::Packed;
use super::project::{Class, MOST_CLASSES, Project, Settings};
use crate::archive::Writer;
use crate::protocol::vision::{VisionAnswer, VisionQuestion};
use crate::ui::language::tr;
use js_sys::Uint8Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use wasm_bindgen_futures::JsFuture;

const MANIFEST: &str = "intab.json";
/// Features and thumbnails, picture after picture, as many bytes for each.
const COMPUTED: &str = "features.bin";
/// Of the manifest, raised when an older page could not read it.
const VERSION: u32 = 1;
const AT_ONCE: usize = 64;

#[derive(Serialize, Deserialize)]
struct Manifest {
    version: u32,
    /// Which network's features these are.
    network: String,
    settings: Settings,
    classes: Vec<SavedClass>,
}

#[derive(Serialize, Deserialize)]
struct SavedClass {
    name: String,
    none: bool,
    /// Oldest first.
    pictures: Vec<SavedPicture>,
}

#[derive(Serialize, Deserialize)]
struct SavedPicture {
    /// With its folder.
    file: String,
    confirmed: bool,
    shared: bool,
    recording: Option<u32>,
}

impl TransferController {
    pub fn save_project(self) {
        spawn_local(async move {
            match self.project_file().await {
                Ok(bytes) => self.offer("intab-own-pictures.zip", &bytes),
                Err(why) => self.trouble.set(Some(why)),
            }
        });
    }

    async fn project_file(self) -> Result<Vec<u8>, String> {
        self.ready().await;
        let project = self.project.get_untracked();
        let manifest = manifest(&project);
        let mut writer = Writer::default();
        let words = serde_json::to_vec_pretty(&manifest).unwrap_or_default();
        writer.add(MANIFEST, &words);
        writer.add(COMPUTED, &self.computed(&project.ids()).await?);
        let names = manifest.classes.iter().flat_map(|c| &c.pictures).map(|p| &p.file);
        for (id, name) in project.ids().into_iter().zip(names) {
            let file = self.picture_file(id).ok_or_else(incomplete)?;
            let buffer = JsFuture::from(file.array_buffer()).await.map_err(|_| incomplete())?;
            writer.add(name, &Uint8Array::new(&buffer).to_vec());
        }
        writer.finish().ok_or_else(|| tr!("These are more pictures than one file can hold."))
    }

    /// What the engine computed for these pictures, one after the other.
    async fn computed(self, ids: &[u32]) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        for some in ids.chunks(AT_ONCE) {
            match self.reader.ask(VisionQuestion::Features { ids: some.to_vec() }).await {
                Ok(VisionAnswer::Features(all)) => {
                    for one in all {
                        bytes.extend_from_slice(&one.ok_or_else(incomplete)?);
                    }
                }
                Ok(_) => return Err(incomplete()),
                Err(failure) => return Err(sentence(&failure)),
            }
        }
        Ok(bytes)
    }
}

fn incomplete() -> String {
    tr!("A picture could not be read, so nothing was saved. Reload the page and try again.")
}

fn manifest(project: &Project) -> Manifest {
    let mut folders = BTreeSet::new();
    let classes = project.classes.iter().map(|class| {
        let folder = folder(&class.title(), &mut folders);
        let picture = |(at, id): (usize, &u32)| SavedPicture {
            file: format!("{folder}/{:04}.jpg", at + 1),
            confirmed: project.confirmed.contains(id),
            shared: project.shared.contains(id),
            recording: project.recordings.get(id).copied(),
        };
        let pictures = class.ids.iter().enumerate().map(picture).collect();
        SavedClass { name: class.name.clone(), none: class.none, pictures }
    });
    let classes = classes.collect();
    Manifest { version: VERSION, network: NETWORK.into(), settings: project.settings, classes }
}

/// A name that every system takes for a folder, and that no other class has.
fn folder(title: &str, taken: &mut BTreeSet<String>) -> String {
    let plain = |c: char| if c.is_control() || "/\\:*?\"<>|".contains(c) { '_' } else { c };
    let name: String = title.chars().map(plain).collect();
    let name = name.trim_matches(['.', ' ']);
    let name = if name.is_empty() { "_" } else { name };
    let mut names = std::iter::once(name.to_string()).chain((2..).map(|n| format!("{name} {n}")));
    // Some systems do not tell capitals from small letters.
    names.find(|name| taken.insert(name.to_lowercase())).unwrap_or_default()
}

/// What is no picture in such a file.
pub fn is_ours(file: &Packed) -> bool {
    [MANIFEST, COMPUTED].contains(&file.name())
}

/// The project in an archive; none if the archive is an ordinary one, or its list cannot be used.
pub async fn read(files: &[Packed]) -> Option<Saved> {
    let list = files.iter().find(|file| file.name() == MANIFEST)?;
    // Someone may have packed its folder again.
    let root = list.path().strip_suffix(MANIFEST)?;
    let manifest: Manifest = serde_json::from_slice(&list.read().await.ok()?).ok()?;
    if manifest.version != VERSION || manifest.network != NETWORK || manifest.classes.len() > MOST_CLASSES {
        return None;
    }
    let by_path: BTreeMap<&str, &Packed> = files.iter().map(|file| (file.path(), file)).collect();
    let computed = by_path.get(format!("{root}{COMPUTED}").as_str())?.read().await.ok()?;
    let count: usize = manifest.classes.iter().map(|c| c.pictures.len()).sum();
    let mut computed = computed.chunks((computed.len() / count.max(1)).max(1));
    let mut classes = Vec::new();
    for SavedClass { name, none, pictures } in manifest.classes {
        let mut found = Vec::new();
        for SavedPicture { file, confirmed, shared, recording } in pictures {
            let picture = (*by_path.get(format!("{root}{file}").as_str())?).clone();
            let source = Source::Saved { picture, computed: computed.next()?.to_vec() };
            found.push((source, About { recording, confirmed, shared }));
        }
        // Key, colour and ids are given out by the project that takes it up.
        classes.push((Class { key: 0, colour: 0, name, ids: Vec::new(), none }, found));
    }
    Some(Saved { settings: manifest.settings, classes })
}
