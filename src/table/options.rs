//! What a visitor said about how a file is written. Everything that is not said is recognised from the file.

use serde::{Deserialize, Serialize};

/// The order of the first four fields, and that nothing is written for what is not said, keep the checksums of tables
/// that were kept by earlier versions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReadOptions {
    /// A blank stands for any run of blanks and tabs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<char>,
    /// The first line that is not skipped names the columns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<bool>,
    /// “3,5” is a number, in every column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimal_comma: Option<bool>,
    /// Quotation marks hold cells together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quotes: Option<bool>,
    /// Those marks are single ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub single_quotes: Option<bool>,
    /// Lines above the table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skip: Option<u32>,
    /// One of `text::Encoding::id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// Words that stand for a missing value here, beside the known ones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// Words that would be taken for a missing value and are none here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_missing: Vec<String>,
}

impl ReadOptions {
    /// These words stand for a missing value, or do not, whatever was said before.
    pub fn say_missing(&mut self, words: &str, missing: bool) {
        self.missing.retain(|known| known != words);
        self.not_missing.retain(|known| known != words);
        let list = if missing { &mut self.missing } else { &mut self.not_missing };
        list.push(words.into());
    }
}
