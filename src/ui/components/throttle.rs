//! Not more often than every so many milliseconds, and never forgetting the last call.

use leptos::prelude::*;
use std::time::Duration;

#[derive(Clone, Copy)]
pub struct Throttle {
    every: f64,
    last: StoredValue<f64>,
    waiting: StoredValue<bool>,
}

impl Throttle {
    pub fn new(milliseconds: f64) -> Self {
        Self { every: milliseconds, last: StoredValue::new(f64::MIN), waiting: StoredValue::new(false) }
    }

    /// Runs `action` now, or as soon as its time has come; until then further calls are dropped, so it should
    /// read what it needs when it runs.
    pub fn run(self, action: impl FnOnce() + 'static) {
        if self.waiting.get_value() {
            return;
        }
        let wait = self.last.get_value() + self.every - now();
        if wait <= 0.0 {
            self.last.set_value(now());
            action();
            return;
        }
        self.waiting.set_value(true);
        let later = move || {
            // Whoever wanted it may be gone.
            if self.waiting.try_set_value(false).is_some() {
                return;
            }
            self.last.set_value(now());
            action();
        };
        set_timeout(later, Duration::from_millis(wait as u64));
    }
}

fn now() -> f64 {
    window().performance().map_or(0.0, |p| p.now())
}
