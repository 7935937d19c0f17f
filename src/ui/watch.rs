//! What the page shows live, so that the engine sends that and no more. Some of it is the scene's; a view that needs more
//! says so as long as it is there: what it needs ends with it, whatever the next view has asked for by then.

use super::controller::Controller;
use super::timers::Debounce;
use crate::protocol::{Command, WatchRequest};
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// At most this often is an engine told what to look at: a pen moves far more often.
const WATCH_MILLISECONDS: u32 = 30;

type Change = Box<dyn Fn(&mut WatchRequest)>;

#[derive(Default)]
pub struct Watched {
    scene: RefCell<WatchRequest>,
    /// What views need besides, in the order in which they came.
    views: RefCell<BTreeMap<u32, Change>>,
    last: Cell<u32>,
    /// All of it.
    whole: RefCell<WatchRequest>,
    soon: Debounce,
}

impl Watched {
    pub fn whole(&self) -> WatchRequest {
        self.whole.borrow().clone()
    }
}

impl Controller {
    /// Panels call this for what the scene shows, and each replaces only its own part.
    pub fn watch(self, change: impl FnOnce(&mut WatchRequest)) {
        change(&mut self.machine().watched.scene.borrow_mut());
        self.tell_watch();
    }

    /// What a view needs, from now until its owner is gone; the returned function says it anew.
    pub fn watch_here<C: Fn(&mut WatchRequest) + 'static>(self) -> impl Fn(C) + Copy {
        let watched = &self.machine().watched;
        let id = watched.last.get() + 1;
        watched.last.set(id);
        on_cleanup(move || {
            self.machine().watched.views.borrow_mut().remove(&id);
            self.tell_watch();
        });
        move |change| {
            self.machine().watched.views.borrow_mut().insert(id, Box::new(change));
            self.tell_watch();
        }
    }

    fn tell_watch(self) {
        let machine = self.machine();
        let mut whole = machine.watched.scene.borrow().clone();
        machine.watched.views.borrow().values().for_each(|change| change(&mut whole));
        if machine.watched.whole.replace(whole.clone()) == whole {
            return;
        }
        let sender: Rc<_> = machine.clone();
        machine.watched.soon.within(WATCH_MILLISECONDS, move || {
            sender.post_to_run(|run| Command::WatchRequest { run, watch: sender.watched.whole() });
        });
    }
}
