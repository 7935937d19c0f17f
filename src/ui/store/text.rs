//! A text of the visitor's own.

use super::file::StoredFile;
use serde::{Deserialize, Serialize};

/// What the browser keeps of it beside the text itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavedText {
    /// The file's; none if it was typed or pasted.
    pub name: Option<String>,
    /// Tells this text from others.
    pub mark: u32,
    /// In which the file was written, as it is shown.
    pub encoding: String,
}

const ABOUT: StoredFile = StoredFile::new("text/own/about");
const TEXT: StoredFile = StoredFile::new("text/own/text");

impl SavedText {
    pub async fn there() -> Option<Self> {
        ABOUT.read_json().await
    }

    /// From its CRC-32; 0 is no text of the visitor's.
    pub fn mark(text: &str) -> u32 {
        crc32fast::hash(text.as_bytes()).max(1)
    }

    /// The text, if it is as it was.
    pub async fn text(&self) -> Option<String> {
        let text = String::from_utf8(TEXT.read().await?).ok()?;
        (Self::mark(&text) == self.mark).then_some(text)
    }

    /// The text first: without it the rest says nothing.
    pub async fn write(&self, text: &str) -> Result<(), String> {
        TEXT.write(text.as_bytes()).await?;
        ABOUT.write_json(self).await
    }

    pub async fn remove() {
        ABOUT.remove().await;
        TEXT.remove().await;
    }
}
