//! The requests that one engine has been given. Each gets exactly one answer; where the engine is gone, its failure.

use crate::protocol::{Command, Failure, Request, RequestId, Response};
use futures_channel::oneshot;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

pub type Answer = Result<Response, Failure>;

#[derive(Default)]
pub struct Requests {
    last_id: Cell<RequestId>,
    waiting: RefCell<BTreeMap<RequestId, oneshot::Sender<Answer>>>,
    /// The engine has spoken, so it hears.
    ready: Cell<bool>,
    /// Asked before it heard.
    held: RefCell<Vec<Command>>,
}

impl Requests {
    /// `send` carries the request to the engine, at once or when it is ready.
    pub fn ask(
        &self,
        request: Request,
        send: impl FnOnce(&Command) -> Result<(), String>,
    ) -> Result<oneshot::Receiver<Answer>, String> {
        let id = self.last_id.get() + 1;
        self.last_id.set(id);
        let command = Command::Ask { id, question: request };
        if self.ready.get() {
            send(&command)?;
        } else {
            self.held.borrow_mut().push(command);
        }
        let (reply, answered) = oneshot::channel();
        self.waiting.borrow_mut().insert(id, reply);
        Ok(answered)
    }

    /// The engine hears; what was held is to be sent now.
    pub fn ready(&self) -> Vec<Command> {
        self.ready.set(true);
        self.held.take()
    }

    pub fn answer(&self, id: RequestId, answer: Answer) {
        let asked = self.waiting.borrow_mut().remove(&id);
        if let Some(reply) = asked {
            // Who asked may have gone away.
            let _ = reply.send(answer);
        }
    }

    /// The engine is ready and has something to answer.
    pub fn are_open(&self) -> bool {
        self.ready.get() && !self.waiting.borrow().is_empty()
    }

    /// The engine is gone: this is the answer to all of them.
    pub fn fail(&self, failure: &Failure) {
        for (_, reply) in self.waiting.take() {
            let _ = reply.send(Err(failure.clone()));
        }
    }

    /// The same without a word: who waits sees that nobody will answer.
    pub fn drop_all(&self) {
        self.waiting.take();
    }
}
