//! Pictures and files on their way in: what they are, and the queue in which they wait.

use super::packed::Packed;
use super::project::{Class, Settings, pictures};
use crate::ui::components::format;
use crate::ui::language::tr;
use leptos::prelude::*;
use std::collections::VecDeque;
use web_sys::File;

pub enum Source {
    File(File),
    /// A file in a ZIP archive.
    Packed(Packed),
    /// A picture of a project's file, with what the engine computed for it.
    Saved {
        picture: Packed,
        computed: Vec<u8>,
    },
    Frame {
        width: u32,
        height: u32,
        rgba: Vec<u8>,
    },
}

/// What the project is to know about a picture besides its class.
#[derive(Clone, Copy, Default)]
pub struct About {
    pub recording: Option<u32>,
    pub confirmed: bool,
    pub shared: bool,
}

pub struct Job {
    pub key: u32,
    pub source: Source,
    pub about: About,
}

impl Job {
    pub fn new(key: u32, source: Source) -> Self {
        Self { key, source, about: About::default() }
    }
}

#[derive(Clone, Copy)]
pub struct Intake {
    pub(super) queue: StoredValue<VecDeque<Job>, LocalStorage>,
    pub(super) pumps: StoredValue<u8>,
    pub(super) deaths: StoredValue<u32>,
    pub(super) began: StoredValue<f64>,
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

    /// The batch ends when the queue is empty and no job is running.
    pub(super) fn settle(self) {
        if self.waiting() == 0 && self.pumps.get_value() == 0 {
            self.done.set(0);
            self.total.set(0);
        }
    }
}

/// A project's file that was read.
pub struct Saved {
    pub settings: Settings,
    pub classes: Vec<(Class, Vec<(Source, About)>)>,
}

impl Saved {
    pub fn count(&self) -> usize {
        self.classes.iter().map(|(_, pictures)| pictures.len()).sum()
    }
}

/// What the page says about a file that is being opened.
#[derive(Clone, Default, PartialEq)]
pub enum Opening {
    #[default]
    Nothing,
    Failed(String),
    /// There are classes on the page: add to them, or replace them?
    Asked {
        name: String,
        classes: usize,
        pictures: usize,
    },
}
