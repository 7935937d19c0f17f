//! Pictures to begin with, where the site has them: two classes, a handful each. It is no proof of anything, and
//! says so by the number that is held out.

use super::controller::TransferController;
use super::incoming::{Job, Source};
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

/// The samples that the site has.
pub fn find() -> RwSignal<Vec<SampleInfo>> {
    let found = RwSignal::new(Vec::new());
    spawn_local(async move {
        let index = platform::fetch(&format!("{SAMPLES_FOLDER}/index.json"), false, |_| ()).await;
        let all = index.ok().and_then(|bytes| serde_json::from_slice::<Vec<SampleInfo>>(&bytes).ok());
        // The visitor may have gone to another lesson meanwhile.
        let _ = found.try_set(all.unwrap_or_default());
    });
    found
}

/// Those of our two classes; few or none is no offer.
pub fn offer(all: &[SampleInfo]) -> Vec<SampleInfo> {
    let of = |ids: &[&str]| all.iter().filter(|s| ids.contains(&s.id.as_str())).cloned().collect::<Vec<_>>();
    let classes = CLASSES.map(|(_, ids)| of(ids));
    if classes.iter().all(|class| class.len() > 2) { classes.concat() } else { Vec::new() }
}

/// Fetches them and puts them into classes as if they had been dropped.
pub fn take(desk: TransferController, samples: Vec<SampleInfo>) {
    spawn_local(async move {
        for (name, ids) in CLASSES {
            let Some(key) = desk.change(|p| p.class_named(&known(name))) else { continue };
            for sample in samples.iter().filter(|s| ids.contains(&s.id.as_str())) {
                put(desk, key, sample).await;
            }
        }
    });
}

/// Puts all of them into one class.
pub fn fill(desk: TransferController, key: u32, samples: Vec<SampleInfo>) {
    spawn_local(async move {
        for sample in &samples {
            put(desk, key, sample).await;
        }
    });
}

async fn put(desk: TransferController, key: u32, sample: &SampleInfo) {
    let address = format!("{SAMPLES_FOLDER}/{}", sample.file);
    let Ok(bytes) = platform::fetch(&address, false, |_| ()).await else { return };
    let parts = Array::of1(&Uint8Array::from(bytes.as_slice()));
    if let Ok(file) = File::new_with_u8_array_sequence(&parts, &sample.file) {
        desk.take(vec![Job::new(key, Source::File(file))]);
    }
}
