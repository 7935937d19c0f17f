//! Whether an engine still lives. A worker can end without a word, or never come back from what it does: it is asked every
//! second, and one that says nothing for a while is taken for dead. A computer that slept, or a browser that slows down
//! the timers of a tab in the background, must not look like that: only time that the page itself was awake counts.

use crate::platform;
use leptos::prelude::set_interval;
use std::cell::Cell;
use std::time::Duration;

const BEAT_SECONDS: u64 = 1;

/// Of the time between two beats no more than this counts.
const MOST_SECONDS: f64 = 1.5;

/// The pulse of one worker.
#[derive(Default)]
pub struct Pulse {
    /// It was asked and has not spoken since.
    asked: Cell<bool>,
    /// Seconds that it has been waited for.
    silent: Cell<f64>,
    last: Cell<f64>,
}

impl Pulse {
    /// It said something.
    pub fn heard(&self) {
        self.asked.set(false);
        self.silent.set(0.0);
    }

    /// Asks whether it is there; says that it is dead when it has not spoken for `patience` seconds.
    pub fn is_dead(&self, patience: f64, ask: impl FnOnce()) -> bool {
        let now = platform::now();
        let since = now - self.last.replace(now);
        if self.asked.replace(true) {
            self.silent.set(self.silent.get() + since.min(MOST_SECONDS));
        } else {
            ask();
        }
        self.silent.get() > patience
    }
}

/// Does this at each beat, as long as the page lives.
pub fn at_each_beat(check: impl Fn() + 'static) {
    set_interval(check, Duration::from_secs(BEAT_SECONDS));
}
