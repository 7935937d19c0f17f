//! The text that the visitor gave, for the engines: each gets it once, before the first run on it.

use crate::datasets::tokens::OWN;
use crate::protocol::{Command, EngineKind};
use crate::ui::store::text::SavedText;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

#[derive(Default)]
pub struct Texts {
    given: RefCell<Option<Sent>>,
    /// It is known whether an earlier visit left a text, and then it is here.
    known: Cell<bool>,
}

struct Sent {
    text: Rc<str>,
    mark: u32,
    /// The workers that have it, by kind and by how many of the kind there were before.
    to: Vec<(EngineKind, u32)>,
}

impl Texts {
    /// `mark` tells it from other texts, see `SavedText::mark`.
    pub fn give(&self, text: Rc<str>, mark: u32) {
        self.given.replace(Some(Sent { text, mark, to: Vec::new() }));
        self.nothing_comes();
    }

    /// There is nothing from an earlier visit to wait for.
    pub fn nothing_comes(&self) {
        self.known.set(true);
    }

    pub fn text(&self) -> Option<Rc<str>> {
        self.given.borrow().as_ref().map(|sent| sent.text.clone())
    }

    /// A run on this dataset has to wait: what an earlier visit left is not here yet.
    pub fn is_awaited(&self, id: &str) -> bool {
        id == OWN && !self.known.get()
    }

    /// A run on this dataset has to wait: the visitor has given no text.
    pub fn lacks_text(&self, id: &str) -> bool {
        id == OWN && self.known.get() && self.given.borrow().is_none()
    }

    /// What this worker must hear before it opens a run on dataset `id`.
    pub fn unsent(&self, id: &str, worker: (EngineKind, u32)) -> Option<Command> {
        let mut given = self.given.borrow_mut();
        let sent = given.as_mut().filter(|sent| id == OWN && !sent.to.contains(&worker))?;
        sent.to.push(worker);
        Some(Command::Text { text: sent.text.to_string() })
    }

    /// Which text a run on this dataset stands on; 0 where it is the dataset's own.
    pub fn mark(&self, id: &str) -> u32 {
        self.given.borrow().as_ref().filter(|_| id == OWN).map_or(0, |sent| sent.mark)
    }

    /// The same, also of a text that is still to be read.
    pub async fn mark_to_come(&self, id: &str) -> u32 {
        if self.is_awaited(id) { SavedText::there().await.map_or(0, |kept| kept.mark) } else { self.mark(id) }
    }
}
