//! Tables that the visitor gave, for the engines: each gets a table once, before the first run on it.

use crate::protocol::{Command, EngineKind};
use std::cell::RefCell;
use std::collections::BTreeMap;

#[derive(Default)]
pub struct Tables {
    given: RefCell<BTreeMap<String, Given>>,
}

struct Given {
    text: String,
    /// The workers that have it, by kind and by how many of the kind there were before.
    sent: Vec<(EngineKind, u32)>,
}

impl Tables {
    pub fn give(&self, id: &str, text: String) {
        self.given.borrow_mut().insert(id.into(), Given { text, sent: Vec::new() });
    }

    /// What this worker must hear before it opens a run on dataset `id`.
    pub fn unsent(&self, id: &str, worker: (EngineKind, u32)) -> Option<Command> {
        let mut given = self.given.borrow_mut();
        let table = given.get_mut(id).filter(|table| !table.sent.contains(&worker))?;
        table.sent.push(worker);
        Some(Command::Table { id: id.into(), text: table.text.clone() })
    }
}
