//! Pictures on their way in: a queue that the engine empties two at a time, so that thousands of files wait as
//! files and not as bytes.

use super::desk::{Desk, NETWORK, sentence};
use super::project::pictures;
use crate::protocol::vision::{Collected, Photo, VisionAnswer, VisionQuestion};
use crate::protocol::{Failure, FailureKind};
use crate::ui::controls::files;
use crate::ui::controls::format;
use crate::ui::language::tr;
use js_sys::{Array, Uint8Array};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_bytes::ByteBuf;
use std::collections::VecDeque;
use web_sys::{Blob, BlobPropertyBag, File, Url};

const AT_ONCE: u8 = 2;
/// A picture that the engine dies of is left out; after so many in a row something else is wrong.
const MOST_DEATHS: u32 = 3;

pub enum Source {
    File(File),
    Frame { width: u32, height: u32, rgba: Vec<u8> },
}

pub struct Job {
    pub key: u32,
    pub source: Source,
}

#[derive(Clone, Copy)]
pub struct Intake {
    queue: StoredValue<VecDeque<Job>, LocalStorage>,
    pumps: StoredValue<u8>,
    deaths: StoredValue<u32>,
    began: StoredValue<f64>,
    /// Of the batch that is being read; nought of nought when none is.
    pub done: RwSignal<usize>,
    pub total: RwSignal<usize>,
    /// Files that were left out: name and why.
    pub refused: RwSignal<Vec<(String, String)>>,
    /// Why nothing goes on until the visitor says so.
    pub halted: RwSignal<Option<String>>,
}

impl Intake {
    pub fn new() -> Self {
        Self {
            queue: StoredValue::new_local(VecDeque::new()),
            pumps: StoredValue::new(0),
            deaths: StoredValue::new(0),
            began: StoredValue::new(0.0),
            done: RwSignal::new(0),
            total: RwSignal::new(0),
            refused: RwSignal::new(Vec::new()),
            halted: RwSignal::new(None),
        }
    }

    pub fn busy(self) -> bool {
        self.total.get() > 0
    }

    pub fn waiting(self) -> usize {
        self.queue.with_value(VecDeque::len)
    }

    /// “312 of 2,000 pictures read, about 2 min left”
    pub fn words(self) -> String {
        let (done, total) = (self.done.get(), self.total.get());
        let seconds = crate::platform::now() - self.began.get_value();
        let left = seconds / (done.max(1) as f64) * (total - done.min(total)) as f64;
        let count = format::count(done as u64);
        match done > 8 && left > 5.0 {
            true => tr!("{} of {} read, about {} left", count, pictures(total), format::seconds(left)),
            false => tr!("{} of {} read", count, pictures(total)),
        }
    }

    /// Nothing more is taken from the queue; what the engine has already is still counted.
    pub fn cancel(self) {
        self.queue.update_value(VecDeque::clear);
        self.halted.set(None);
        self.settle();
    }

    /// The class is gone, and with it what was waiting for it.
    pub fn leave_out(self, key: u32) {
        let before = self.waiting();
        self.queue.update_value(|q| q.retain(|job| job.key != key));
        let gone = before - self.waiting();
        self.total.update(|t| *t = t.saturating_sub(gone));
        self.settle();
    }

    /// With nothing waiting and nobody at work the batch is over.
    fn settle(self) {
        if self.waiting() == 0 && self.pumps.get_value() == 0 {
            self.done.set(0);
            self.total.set(0);
        }
    }
}

impl Desk {
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
    }

    async fn read(self, job: Job) {
        self.ready().await;
        let photo = match &job.source {
            Source::File(file) => match files::read(file).await {
                Some(bytes) => Photo::File(ByteBuf::from(bytes)),
                None => {
                    return self.refuse(
                        &job,
                        &tr!("The browser could not read it. Was it moved or is it still online only?"),
                    );
                }
            },
            Source::Frame { width, height, rgba } => {
                Photo::Frame { width: *width, height: *height, rgba: ByteBuf::from(rgba.clone()) }
            }
        };
        let id = self.project.with_untracked(|p| p.next_id);
        self.change(|p| p.next_id += 1);
        let question = VisionQuestion::Collect { network: NETWORK.into(), id, photo };
        match self.reader.ask(question).await {
            Ok(VisionAnswer::Collected(found)) => {
                self.warm.set(true);
                self.intake.deaths.set_value(0);
                found.into_iter().for_each(|c| self.put(job.key, c));
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
            Source::Frame { .. } => tr!("A picture from the camera"),
        };
        self.intake.refused.update(|r| r.push((name, why.to_string())));
        self.intake.done.update(|n| *n += 1);
    }

    /// The picture is in its class, unless that has gone meanwhile.
    fn put(self, key: u32, collected: Collected) {
        let Collected { id, picture, kept } = collected;
        if self.project.with_untracked(|p| p.class(key).is_none()) {
            return self.forget(vec![id]);
        }
        self.show(id, &picture);
        self.change(|p| {
            if let Some(class) = p.class_mut(key) {
                class.ids.push(id);
            }
        });
        if !kept {
            self.keeper.not_kept(self, &tr!("its storage is full or shut"));
        }
    }

    /// Gives the small picture an address.
    pub(super) fn show(self, id: u32, picture: &[u8]) {
        let options = BlobPropertyBag::new();
        // The browser tells JPEG from PNG by itself.
        options.set_type("image/*");
        let parts = Array::of1(&Uint8Array::from(picture));
        let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options);
        if let Some(url) = blob.ok().and_then(|b| Url::create_object_url_with_blob(&b).ok()) {
            self.set_thumb(id, url);
        }
    }
}
