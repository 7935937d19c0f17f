//! Pictures on their way in: a queue that the engine empties two at a time, so that thousands of files wait as
//! files and not as bytes.

use super::controller::{NETWORK, TransferController, sentence};
use super::incoming::{About, Job, Source};
use super::project::pictures;
use crate::protocol::vision::{Collected, Photo, VisionAnswer, VisionQuestion};
use crate::protocol::{Failure, FailureKind};
use crate::ui::components::files;
use crate::ui::language::tr;
use js_sys::{Array, Uint8Array};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_bytes::ByteBuf;
use std::collections::VecDeque;
use web_sys::{Blob, BlobPropertyBag, Url};

const AT_ONCE: u8 = 2;
/// A picture that the engine dies of is left out; after so many in a row something else is wrong.
const MOST_DEATHS: u32 = 3;

impl TransferController {
    pub fn take(self, jobs: Vec<Job>) {
        let intake = self.intake;
        if jobs.is_empty() {
            return;
        }
        if intake.total.get_untracked() == 0 {
            intake.began.set_value(crate::platform::now());
            intake.refused.set(Vec::new());
        }
        intake.total.update(|t| *t += jobs.len());
        intake.queue.update_value(|q| q.extend(jobs));
        self.pump();
    }

    /// Goes on after what had stopped it.
    pub fn go_on(self) {
        self.intake.halted.set(None);
        self.intake.deaths.set_value(0);
        self.pump();
    }

    fn pump(self) {
        let intake = self.intake;
        while intake.halted.with_untracked(Option::is_none)
            && intake.pumps.get_value() < AT_ONCE.min(intake.waiting().min(2) as u8)
        {
            intake.pumps.update_value(|n| *n += 1);
            spawn_local(async move {
                while intake.halted.with_untracked(Option::is_none) {
                    let Some(job) = intake.queue.try_update_value(VecDeque::pop_front).flatten() else {
                        break;
                    };
                    self.read(job).await;
                }
                intake.pumps.update_value(|n| *n -= 1);
                self.batch_over();
            });
        }
    }

    fn batch_over(self) {
        let intake = self.intake;
        let over = intake.waiting() == 0 && intake.pumps.get_value() == 0;
        if over && intake.done.get_untracked() > 1 {
            let refused = intake.refused.with_untracked(Vec::len);
            let read = intake.done.get_untracked().saturating_sub(refused);
            self.say(match refused {
                0 => tr!("{} added", pictures(read)),
                _ => tr!("{} added, {} left out", pictures(read), refused),
            });
        }
        intake.settle();
        if over {
            spawn_local(self.compare());
        }
    }

    async fn read(self, job: Job) {
        // Before anything is awaited: two pictures are read at once, and the order of ids is the order of the queue.
        let id = self.change(|p| {
            p.next_id += 1;
            p.next_id - 1
        });
        self.ready().await;
        let question = match question(id, &job.source).await {
            Ok(question) => question,
            Err(why) => return self.refuse(&job, &why),
        };
        let computed = matches!(question, VisionQuestion::Collect { .. });
        match self.reader.ask(question).await {
            Ok(VisionAnswer::Collected(found)) => {
                if computed {
                    self.warm.set(true);
                }
                self.intake.deaths.set_value(0);
                found.into_iter().for_each(|c| self.put(job.key, job.about, c));
                self.intake.done.update(|n| *n += 1);
            }
            Ok(_) => self.refuse(&job, &tr!("The engine answered something else.")),
            Err(failure) => self.failed(job, &failure),
        }
    }

    fn failed(self, job: Job, failure: &Failure) {
        self.noticed(failure);
        let intake = self.intake;
        let deaths = match failure.kind {
            FailureKind::Engine => intake.deaths.get_value() + 1,
            _ => 0,
        };
        intake.deaths.set_value(deaths);
        // Without the weights no picture can be read: the queue waits for them.
        if failure.kind == FailureKind::Data || deaths >= MOST_DEATHS {
            intake.queue.update_value(|q| q.push_front(job));
            intake.halted.set(Some(sentence(failure)));
            return self.say(sentence(failure));
        }
        self.refuse(&job, &sentence(failure));
    }

    fn refuse(self, job: &Job, why: &str) {
        let name = match &job.source {
            Source::File(file) => file.name(),
            Source::Packed(file) | Source::Saved { picture: file, .. } => file.name().to_string(),
            Source::Frame { .. } => tr!("A picture from the camera"),
        };
        self.intake.refused.update(|r| r.push((name, why.to_string())));
        self.intake.done.update(|n| *n += 1);
    }

    /// The picture is in its class, unless that has gone meanwhile.
    fn put(self, key: u32, about: About, collected: Collected) {
        let Collected { id, picture, kept } = collected;
        if self.project.with_untracked(|p| p.class(key).is_none()) {
            return self.forget(vec![id]);
        }
        self.show(id, &picture);
        self.change(|p| {
            if let Some(class) = p.class_mut(key) {
                let at = class.ids.iter().rposition(|other| *other < id).map_or(0, |at| at + 1);
                class.ids.insert(at, id);
            }
            if about.confirmed {
                p.confirmed.insert(id);
            }
            if about.shared {
                p.shared.insert(id);
            }
            p.recordings.extend(about.recording.map(|recording| (id, recording)));
        });
        if !kept {
            self.not_kept(&tr!("its storage is full or shut"));
        }
    }

    /// Gives the small picture an address.
    pub(super) fn show(self, id: u32, picture: &[u8]) {
        let options = BlobPropertyBag::new();
        // The browser tells JPEG from PNG by itself.
        options.set_type("image/*");
        let parts = Array::of1(&Uint8Array::from(picture));
        let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options);
        let Ok(blob) = blob else { return };
        if let Ok(url) = Url::create_object_url_with_blob(&blob) {
            self.set_thumb(id, url, blob);
        }
    }
}

/// What the engine is asked about a picture; why not, as a sentence.
async fn question(id: u32, source: &Source) -> Result<VisionQuestion, String> {
    let photo = match source {
        Source::File(file) => {
            let bytes = files::read(file).await.ok_or_else(unreadable)?;
            Photo::File(ByteBuf::from(bytes))
        }
        Source::Packed(file) => Photo::File(ByteBuf::from(file.read().await?)),
        Source::Saved { picture, computed } => {
            let picture = ByteBuf::from(picture.read().await?);
            return Ok(VisionQuestion::Keep { id, features: ByteBuf::from(computed.clone()), picture });
        }
        Source::Frame { width, height, rgba } => {
            Photo::Frame { width: *width, height: *height, rgba: ByteBuf::from(rgba.clone()) }
        }
    };
    Ok(VisionQuestion::Collect { network: NETWORK.into(), id, photo })
}

fn unreadable() -> String {
    tr!("The browser could not read it. Was it moved or is it still online only?")
}
