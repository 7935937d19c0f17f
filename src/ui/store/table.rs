//! A table of the visitor's own, or a dataset's with their changes.

use super::file::StoredFile;
use crate::table::{Edit, ReadOptions, Recipe};
use serde::{Deserialize, Serialize};

/// What the browser keeps of a table beside its file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SavedTable {
    /// The file's; none is a dataset's own table, with changes.
    pub name: Option<String>,
    /// Of the file's bytes.
    pub crc32: u32,
    pub written: Option<ReadOptions>,
    pub edits: Vec<Edit>,
    pub recipe: Option<Recipe>,
}

impl SavedTable {
    pub async fn of(id: &str) -> Option<Self> {
        Self::about(id).read_json().await
    }

    /// Tells this table from others: its file, how that is read, and what was changed.
    pub fn mark(&self) -> u32 {
        let rows = serde_json::to_vec(&(self.crc32, &self.written, &self.edits)).unwrap_or_default();
        if self.name.is_none() && self.edits.is_empty() { 0 } else { crc32fast::hash(&rows) }
    }

    /// Where the browser keeps it.
    pub fn about(id: &str) -> StoredFile {
        StoredFile::named(format!("table/{id}/about"))
    }

    pub fn file(id: &str) -> StoredFile {
        StoredFile::named(format!("table/{id}/file"))
    }
}
