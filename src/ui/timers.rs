//! Doing things later: when changes have settled, when the page is drawn, or when it has nothing better to do.

use leptos::leptos_dom::helpers::{
    TimeoutHandle, request_animation_frame_with_handle, request_idle_callback_with_handle,
    set_timeout_with_handle,
};
use leptos::prelude::{on_cleanup, set_timeout};
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

/// One thing to do; asked again before its time, it is done once, at the later time.
#[derive(Clone, Default)]
pub struct Debounce {
    pending: Rc<Cell<Option<TimeoutHandle>>>,
}

impl Debounce {
    pub fn after(&self, milliseconds: u32, action: impl FnOnce() + 'static) {
        self.cancel();
        let pending = self.pending.clone();
        let then = move || {
            pending.set(None);
            action();
        };
        // Refused only where there is no window.
        self.pending.set(set_timeout_with_handle(then, Duration::from_millis(milliseconds.into())).ok());
    }

    /// The same, but asked again it keeps its first time: what comes often is done at this pace.
    pub fn within(&self, milliseconds: u32, action: impl FnOnce() + 'static) {
        if self.pending.get().is_none() {
            self.after(milliseconds, action);
        }
    }

    pub fn is_pending(&self) -> bool {
        self.pending.get().is_some()
    }

    pub fn cancel(&self) {
        if let Some(handle) = self.pending.take() {
            handle.clear();
        }
    }
}

/// When the page is drawn next, unless the view that asks is gone by then, and its signals with it.
pub fn next_frame(action: impl FnOnce() + 'static) {
    // Refused only where there is no window.
    if let Ok(frame) = request_animation_frame_with_handle(action) {
        on_cleanup(move || frame.cancel());
    }
}

/// When the page is idle; some browsers cannot tell, and then after a second.
pub fn when_idle(action: impl Fn() + Clone + 'static) {
    if request_idle_callback_with_handle(action.clone()).is_err() {
        set_timeout(action, Duration::from_secs(1));
    }
}
