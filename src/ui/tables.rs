//! Tables that the visitor gave or changed, for the engines: each gets a table once, before the first run on it.

use crate::datasets::{is_table, rows};
use crate::protocol::{Command, EngineKind};
use crate::spec::DataSpec;
use crate::table::Given;
use crate::ui::store::table::SavedTable;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
pub struct Tables {
    given: RefCell<BTreeMap<String, Sent>>,
    /// Datasets of which it is known whether an earlier visit left a table, and then the table is here.
    known: RefCell<BTreeSet<String>>,
}

struct Sent {
    given: Given,
    mark: u32,
    /// The workers that have it, by kind and by how many of the kind there were before.
    to: Vec<(EngineKind, u32)>,
}

impl Tables {
    /// `mark` tells it from other tables, see `SavedTable::mark`.
    pub fn give(&self, id: &str, given: Given, mark: u32) {
        self.given.borrow_mut().insert(id.into(), Sent { given, mark, to: Vec::new() });
        self.nothing_comes(id);
    }

    /// Of this dataset there is nothing from an earlier visit to wait for.
    pub fn nothing_comes(&self, id: &str) {
        self.known.borrow_mut().insert(id.into());
    }

    /// A run on this dataset has to wait: what an earlier visit left is not here yet.
    pub fn is_awaited(&self, id: &str) -> bool {
        is_table(id) && !self.known.borrow().contains(id)
    }

    /// A run on the visitor's table has to wait: which of its columns is to be learned has not been said.
    pub fn lacks_target(&self, data: &DataSpec) -> bool {
        rows::lacks_target(data) && self.given.borrow().contains_key(&data.id)
    }

    /// What this worker must hear before it opens a run on dataset `id`.
    pub fn unsent(&self, id: &str, worker: (EngineKind, u32)) -> Option<Command> {
        let mut given = self.given.borrow_mut();
        let table = given.get_mut(id).filter(|table| !table.to.contains(&worker))?;
        table.to.push(worker);
        Some(Command::Table { id: id.into(), given: table.given.clone() })
    }

    /// Which table a run on this dataset stands on; 0 where it is the dataset's own.
    pub fn mark(&self, id: &str) -> u32 {
        self.given.borrow().get(id).map_or(0, |table| table.mark)
    }

    /// The same, also of a table that is still to be read.
    pub async fn mark_to_come(&self, id: &str) -> u32 {
        if self.is_awaited(id) {
            SavedTable::of(id).await.map_or(0, |kept| kept.mark())
        } else {
            self.mark(id)
        }
    }
}
