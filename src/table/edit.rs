//! Cells that a visitor changed, and what an engine is given of a table: the file and the changes, so that page and
//! engine make the same rows by the same code.

use super::message::Saying;
use super::{ReadOptions, Table};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use std::collections::BTreeSet;
use std::sync::Arc;

/// One cell's words, as it was seen before and as it was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    pub row: u32,
    pub column: usize,
    pub before: String,
    pub after: String,
}

/// A file's bytes, shared: a clone is cheap.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "ByteBuf", into = "ByteBuf")]
pub struct Bytes(pub Arc<Vec<u8>>);

impl From<ByteBuf> for Bytes {
    fn from(bytes: ByteBuf) -> Self {
        Self(Arc::new(bytes.into_vec()))
    }
}

impl From<Bytes> for ByteBuf {
    fn from(bytes: Bytes) -> Self {
        Self::from(bytes.0.to_vec())
    }
}

/// A table as the visitor made it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Given {
    /// The file as it was dropped; none is the table that the dataset comes with.
    pub file: Option<Bytes>,
    /// How it is written, where the visitor said so.
    pub written: Option<ReadOptions>,
    /// Oldest first.
    pub edits: Vec<Edit>,
}

impl Given {
    /// The rows; `first` makes the table that the dataset comes with.
    pub fn table(&self, first: impl FnOnce() -> Result<Table, Saying>) -> Result<Table, Saying> {
        let mut table = match (&self.file, &self.written) {
            (None, _) => first()?,
            (Some(file), None) => Table::read(file.0.to_vec())?,
            (Some(file), Some(written)) => Table::read_as(file.0.to_vec(), written.clone())?,
        };
        super::at_once(table.edit(&self.edits, &mut async || ()))?;
        Ok(table)
    }
}

impl Table {
    /// Makes the changes again, in their order; waits for `pause` between columns. Fails for a number that is none.
    pub async fn edit(&mut self, edits: &[Edit], pause: &mut impl AsyncFnMut()) -> Result<(), Saying> {
        let mut changed = BTreeSet::new();
        for edit in edits {
            if let Some(column) = self.columns.get_mut(edit.column) {
                Arc::make_mut(column).put(edit.row as usize, &edit.after)?;
                changed.insert(edit.column);
            }
        }
        for column in changed {
            Arc::make_mut(&mut self.columns[column]).summarise();
            pause().await;
        }
        Ok(())
    }
}
