//! Whether a table or a text of the visitor's is kept.

/// Whether it is there again at the next visit.
#[derive(Clone, Debug, PartialEq)]
pub enum Keeping {
    /// The visitor gave or changed nothing, or it is still being written.
    Nothing,
    Saved,
    /// The visitor does not want it.
    Forgotten,
    /// The browser does not let the page, and why.
    Refused(String),
}
