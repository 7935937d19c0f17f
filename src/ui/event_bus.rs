//! Hearing that something happened: futures that wait for a condition, and handlers of scripts.

use futures_channel::oneshot;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// What `listen` tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notification {
    Progress,
    Evaluated,
    State,
    Engine,
    Notice,
    Other,
}

type Handler = Rc<dyn Fn(Notification)>;

#[derive(Default)]
pub struct EventBus {
    /// Woken at whatever happens next.
    waiting: RefCell<Vec<oneshot::Sender<()>>>,
    handlers: RefCell<Vec<(u32, Handler)>>,
    last_id: Cell<u32>,
}

impl EventBus {
    pub fn emit(&self, happened: Notification) {
        for waiting in self.waiting.take() {
            // Who waited may have given up.
            let _ = waiting.send(());
        }
        // A handler may add or remove handlers.
        let handlers = self.handlers.borrow().clone();
        for (_, handler) in handlers {
            handler(happened);
        }
    }

    /// Asks `check` now and after everything that happens, until it has an answer.
    pub async fn wait_for<T>(&self, mut check: impl FnMut() -> Option<T>) -> T {
        loop {
            if let Some(answer) = check() {
                return answer;
            }
            let (wake, woken) = oneshot::channel();
            self.waiting.borrow_mut().push(wake);
            let _ = woken.await;
        }
    }

    /// The number that `remove` takes.
    pub fn add(&self, handler: impl Fn(Notification) + 'static) -> u32 {
        let id = self.last_id.get() + 1;
        self.last_id.set(id);
        self.handlers.borrow_mut().push((id, Rc::new(handler)));
        id
    }

    pub fn remove(&self, id: u32) {
        self.handlers.borrow_mut().retain(|(other, _)| *other != id);
    }
}
