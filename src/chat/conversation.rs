//! How a conversation is written down for the network: its file has the template, and only the one that is known here is
//! taken.

use super::gguf::Head;
use super::tokens::Tokens;
use serde::{Deserialize, Serialize};

/// The template as it must be in the file.
const TEMPLATE: &str = "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}\
{{ '<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n' }}{% endif %}\
{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}\
{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

/// What stands above every conversation.
pub const INSTRUCTION: &str = "You are a helpful AI assistant named SmolLM, trained by Hugging Face";

/// What one of the two said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Turn {
    /// The visitor.
    Asked(String),
    /// The network, in its own tokens.
    Answered(Vec<u32>),
}

/// The tokens between what is said.
#[derive(Clone, Debug)]
pub struct Template {
    begin: u32,
    end: u32,
    line: Vec<u32>,
    instruction: Vec<u32>,
    visitor: &'static str,
    network: Vec<u32>,
}

impl Template {
    /// An error says what the file lacks.
    pub fn read(head: &Head, tokens: &Tokens) -> Result<Self, String> {
        if head.text("tokenizer.chat_template")? != TEMPLATE {
            return Err("it writes conversations down in a way that is not known here".into());
        }
        let control = |name: &str| tokens.control(name).ok_or_else(|| format!("it has no token “{name}”"));
        let (begin, end) = (control("<|im_start|>")?, control("<|im_end|>")?);
        if head.count("tokenizer.ggml.eos_token_id")? != end as usize {
            return Err("its answers end in a way that is not known here".into());
        }
        Ok(Self {
            begin,
            end,
            line: tokens.encode("\n"),
            instruction: tokens.encode(&format!("system\n{INSTRUCTION}")),
            visitor: "user\n",
            network: tokens.encode("assistant\n"),
        })
    }

    /// Ends an answer.
    pub fn end(&self) -> u32 {
        self.end
    }

    /// What stands above everything.
    pub fn beginning(&self) -> Vec<u32> {
        self.whole(self.instruction.clone())
    }

    /// A turn that is over.
    pub fn turn(&self, turn: &Turn, tokens: &Tokens) -> Vec<u32> {
        match turn {
            Turn::Asked(text) => self.whole(tokens.encode(&format!("{}{text}", self.visitor))),
            Turn::Answered(said) => self.whole([&self.network[..], said].concat()),
        }
    }

    /// An answer as far as it is said.
    pub fn answer(&self, said: &[u32]) -> Vec<u32> {
        [&[self.begin], &self.network[..], said].concat()
    }

    fn whole(&self, inside: Vec<u32>) -> Vec<u32> {
        [&[self.begin], &inside[..], &[self.end], &self.line[..]].concat()
    }
}
