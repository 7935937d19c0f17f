//! Pictures to begin with, where the site has them: two classes, a handful each. It is no proof of anything, and
//! says so by the number that is held out.

use super::desk::Desk;
use super::intake::{Job, Source};
use crate::platform;
use crate::pretrained::samples::{SAMPLES_FOLDER, SampleInfo};
use crate::ui::language::{key, known};
use js_sys::{Array, Uint8Array};
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::File;

/// Classes, and the samples that belong to them.
const CLASSES: [(&str, &[&str]); 2] = [
    (key("Animals"), &["cat", "poodle", "elephant", "geese", "bear", "mirror"]),
    (key("Food"), &["bananas", "pizza", "broccoli", "hot_dog", "ice_cream", "espresso"]),
];

/// The samples that the site has; few or none is no offer.
pub fn offer() -> RwSignal<Vec<SampleInfo>> {
    let found = RwSignal::new(Vec::new());
    spawn_local(async move {
        let index = platform::fetch(&format!("{SAMPLES_FOLDER}/index.json"), false, |_| ()).await;
        let all = index.ok().and_then(|bytes| serde_json::from_slice::<Vec<SampleInfo>>(&bytes).ok());
        let known = |s: &SampleInfo| CLASSES.iter().any(|(_, ids)| ids.contains(&s.id.as_str()));
        let all: Vec<_> = all.unwrap_or_default().into_iter().filter(known).collect();
        let enough =
            CLASSES.iter().all(|(_, ids)| all.iter().filter(|s| ids.contains(&s.id.as_str())).count() > 2);
        // The visitor may have gone to another lesson meanwhile.
        let _ = found.try_set(if enough { all } else { Vec::new() });
    });
    found
}

/// Fetches them and puts them into classes as if they had been dropped.
pub fn take(desk: Desk, samples: Vec<SampleInfo>) {
    spawn_local(async move {
        for (name, ids) in CLASSES {
            let Some(key) = desk.change(|p| p.class_named(&known(name))) else { continue };
            for sample in samples.iter().filter(|s| ids.contains(&s.id.as_str())) {
                let address = format!("{SAMPLES_FOLDER}/{}", sample.file);
                let Ok(bytes) = platform::fetch(&address, false, |_| ()).await else { continue };
                let parts = Array::of1(&Uint8Array::from(bytes.as_slice()));
                if let Ok(file) = File::new_with_u8_array_sequence(&parts, &sample.file) {
                    desk.take(vec![Job { key, source: Source::File(file) }]);
                }
            }
        }
    });
}
