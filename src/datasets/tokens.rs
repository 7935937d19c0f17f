//! Sequences of tokens to learn from: the texts of `text::TEXTS`, a visitor's own, and the sequences of letters or words
//! that `sequences::GENERATORS` make. What an example is, what is held out, and what a network that knows little reaches.

use super::info::{DatasetInfo, Form, TextInfo};
use super::made::{about_made, made};
use super::target::{IGNORE_INDEX, TargetField, Targets};
use super::token_settings as settings;
use crate::sequences::{GENERATORS, Generator, Make};
use crate::spec::{DataSpec, NumberInfo, WordInfo};
use crate::text::split::HeldOut;
use crate::text::{TEXTS, TextDataset, own};
use crate::tokenizer::{Kind, TOKENIZERS, Token, Tokenizer};
use std::collections::HashMap;

/// The id of a visitor's own text.
pub const OWN: &str = "my_text";
/// The model that comes with a text.
const MODEL: &str = "recurrent";

/// Where tokens come from.
#[derive(Clone, Copy)]
pub enum TokenDataset {
    Text(&'static TextDataset),
    Own,
    Made(&'static Generator),
}

/// Everything that is learned from, as tokens.
#[derive(Clone, Debug)]
pub struct TokenData {
    pub info: TextInfo,
    pub target: TargetField,
    /// None of made sequences, whose tokens are the letters or words of their generator.
    pub tokenizer: Option<Tokenizer>,
    /// Tokens of an example, at most.
    pub window: usize,
    /// Examples follow each other, so what is kept in mind may be carried from one to the next.
    pub carry: bool,
    /// What hidden tokens are read as, where those are asked for.
    pub mask: Option<u32>,
    pub train: TokenSplit,
    pub test: TokenSplit,
}

/// Training or held-out tokens.
#[derive(Clone, Debug, Default)]
pub struct TokenSplit {
    pub tokens: Vec<u32>,
    pub examples: Vec<Window>,
    /// The same tokens, some of them hidden; empty where the next token is asked for.
    pub hidden: Vec<u32>,
}

/// An example: `length` tokens from `start` on, and the token after each is asked for, but not of the first `unasked`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub start: u32,
    pub length: u32,
    pub unasked: u32,
}

impl TokenDataset {
    pub fn all() -> impl Iterator<Item = Self> {
        let made = GENERATORS.iter().filter(|g| !matches!(g.make, Make::Series { .. }));
        TEXTS.iter().map(Self::Text).chain([Self::Own]).chain(made.map(Self::Made))
    }

    pub fn by_id(id: &str) -> Option<Self> {
        Self::all().find(|set| set.id() == id)
    }

    /// What is asked for of these data is also read: the next token, at the step after. Whoever read from the end would
    /// have seen it.
    pub fn asks_for_what_is_read(data: &DataSpec) -> bool {
        match Self::by_id(&data.id) {
            None => false,
            Some(Self::Made(generator)) => !generator.asks_once(),
            Some(_) => !settings::is_masked(data),
        }
    }

    /// Each example is a question with its answer.
    pub fn has_questions(data: &DataSpec) -> bool {
        matches!(Self::by_id(&data.id), Some(Self::Made(_)))
    }

    pub fn id(self) -> &'static str {
        match self {
            Self::Text(text) => text.about.id,
            Self::Own => OWN,
            Self::Made(generator) => generator.id,
        }
    }

    /// Its text is fetched or given; sequences are made at once.
    pub fn is_text(self) -> bool {
        !matches!(self, Self::Made(_))
    }

    /// As it is before the run is open.
    pub fn info(self) -> DatasetInfo {
        let (numbers, words) = self.settings();
        let info = match self {
            Self::Text(text) => text.about.info(Form::Text),
            Self::Own => own::ABOUT.info(Form::Text),
            Self::Made(generator) => about_made(generator).info(Form::Text),
        };
        // Layers are fitted before the text is there: any vocabulary will do.
        let vocabulary = vec![String::new(); 2];
        let target = match self {
            Self::Made(_) => TargetField::Answer { vocabulary, unigram: 0.0 },
            _ => TargetField::Token { vocabulary, unigram: 0.0 },
        };
        DatasetInfo { target, shape: vec![2, 2], numbers, words, model: MODEL.into(), ..info }
    }

    fn settings(self) -> (Vec<NumberInfo>, Vec<WordInfo>) {
        match self {
            Self::Made(generator) => (settings::of_made(generator), Vec::new()),
            _ => (
                vec![settings::size(), settings::window()],
                vec![settings::task(), settings::tokenizer(), settings::carry()],
            ),
        }
    }

    /// The tokens and examples that a spec asks for; `text` is training and held-out text, which only made sequences
    /// do without.
    pub fn open(self, spec: &DataSpec, seed: u32, text: Option<[&str; 2]>) -> Result<TokenData, String> {
        match (self, text) {
            (Self::Made(generator), _) => made(generator, spec, seed),
            (Self::Text(set), Some(text)) => of_text(text, set.held_out, set.language, spec),
            (Self::Own, Some([text, _])) => {
                let held_out = HeldOut::suited(text);
                let [train, test] = held_out.split(text);
                of_text([&train, &test], held_out, "", spec)
            }
            (_, None) => Err("its text is not here, it was never sent anywhere; paste it again".into()),
        }
    }
}

/// How a sequence is read.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Reading {
    /// Line by line.
    Lines,
    /// In windows of at most so many tokens.
    Windows { length: usize, carry: bool },
    /// Questions with their answers.
    Answers,
}

/// Ends a line, and begins one: the first letter of a line is asked for, too.
const LINE: char = '\n';

fn of_text(
    [train, test]: [&str; 2],
    held_out: HeldOut,
    language: &str,
    spec: &DataSpec,
) -> Result<TokenData, String> {
    let kind = Kind::by_id(spec.word(&settings::tokenizer())).unwrap_or(&TOKENIZERS[0]);
    let lines = held_out.by_lines();
    // A line follows the end of another one.
    let begun = |text: &str| if lines { format!("{LINE}{text}") } else { text.to_string() };
    let texts = [begun(train), begun(test)];
    let tokenizer = kind.train(&texts[0], spec.number(&settings::size()) as usize);
    let length = spec.number(&settings::window()) as usize;
    let reading = match lines {
        true => Reading::Lines,
        false => Reading::Windows { length, carry: spec.word(&settings::carry()) == "on" },
    };
    let masked = settings::is_masked(spec);
    let splits = [0, 1].map(|split| {
        let encoded = tokenizer.encode(&texts[split]);
        let mut examples = match reading {
            Reading::Windows { length, .. } => windows(encoded.ids.len(), length),
            _ => line_windows(&texts[split], &encoded.spans),
        };
        if masked && lines {
            examples = examples.into_iter().filter_map(Window::without_begin).collect();
        }
        TokenSplit { tokens: encoded.ids, examples, ..TokenSplit::default() }
    });
    if splits.iter().any(|split| split.examples.is_empty()) {
        return Err(format!("the text is too short for examples of {length} tokens"));
    }
    let vocabulary = tokenizer.vocabulary().iter().map(|token| token.text.clone()).collect();
    let mut data = assemble(vocabulary, Some(tokenizer), language.into(), splits, reading);
    data.info.characters = [train, test].map(|text| text.chars().count() as u64);
    data.info.grouped = held_out == HeldOut::Groups;
    if masked {
        data.mask_tokens();
    }
    Ok(data)
}

/// One after the other; a rest that is shorter is left out, so that all take the same time.
fn windows(tokens: usize, length: usize) -> Vec<Window> {
    let whole = tokens.saturating_sub(1) / length.max(1);
    let window = |at: usize| Window { start: (at * length) as u32, length: length as u32, unasked: 0 };
    (0..whole).map(window).collect()
}

/// From the end of a line to that of the next one.
fn line_windows(text: &str, spans: &[std::ops::Range<usize>]) -> Vec<Window> {
    let ends = (0..spans.len()).filter(|at| text[spans[*at].clone()].contains(LINE));
    let ends: Vec<usize> = ends.collect();
    let line =
        |two: &[usize; 2]| Window { start: two[0] as u32, length: (two[1] - two[0]) as u32, unasked: 0 };
    ends.array_windows().map(line).collect()
}

pub(super) fn assemble(
    vocabulary: Vec<String>,
    tokenizer: Option<Tokenizer>,
    language: String,
    [train, test]: [TokenSplit; 2],
    reading: Reading,
) -> TokenData {
    let counts = train.counts(vocabulary.len());
    let unigram = test.unigram(&counts);
    let answers = reading == Reading::Answers;
    let bigram = (!answers).then(|| bigram(&train, &test, vocabulary.len()));
    // What is only read counts, too.
    let mut occurring = vec![0; vocabulary.len()];
    train.tokens.iter().for_each(|token| occurring[*token as usize] += 1);
    let known = |id: usize, text: &String| Token { text: text.clone(), count: occurring[id] };
    let longest = train.examples.iter().chain(&test.examples).map(|window| window.length).max();
    let info = TextInfo {
        language,
        tokenizer: tokenizer.as_ref().map_or_else(String::new, |t| t.kind().into()),
        vocabulary: vocabulary.iter().enumerate().map(|(id, text)| known(id, text)).collect(),
        merges: tokenizer.as_ref().map(|t| t.merges().collect()).unwrap_or_default(),
        lines: reading == Reading::Lines,
        grouped: false,
        characters: [&train, &test].map(|split| split.tokens.len() as u64),
        tokens: [&train, &test].map(|split| split.tokens.len() as u64),
        examples: [&train, &test].map(|split| split.examples.len() as u32),
        lengths: train.lengths(),
        unigram,
        bigram,
    };
    let target = match answers {
        true => TargetField::Answer { vocabulary, unigram },
        false => TargetField::Token { vocabulary, unigram },
    };
    let carry = matches!(reading, Reading::Windows { carry: true, .. });
    TokenData {
        info,
        target,
        tokenizer,
        window: longest.unwrap_or(1) as usize,
        carry,
        mask: None,
        train,
        test,
    }
}

/// Nats a token, of who knows how frequent each token is after each other one, with one of every pair added.
fn bigram(train: &TokenSplit, test: &TokenSplit, vocabulary: usize) -> f32 {
    let mut pairs: HashMap<[u32; 2], u32> = HashMap::new();
    let mut firsts: HashMap<u32, u32> = HashMap::new();
    train.asked().for_each(|pair| {
        *pairs.entry(pair).or_default() += 1;
        *firsts.entry(pair[0]).or_default() += 1;
    });
    let of = |count: Option<&u32>| count.copied().unwrap_or(0) as f64;
    let nats = |pair: [u32; 2]| {
        -((of(pairs.get(&pair)) + 1.0) / (of(firsts.get(&pair[0])) + vocabulary as f64)).ln()
    };
    mean(test.asked().map(nats))
}

fn mean(all: impl Iterator<Item = f64>) -> f32 {
    let (sum, count) = all.fold((0.0, 0_u64), |(sum, count), one| (sum + one, count + 1));
    (sum / count.max(1) as f64) as f32
}

impl TokenSplit {
    pub(super) fn push(&mut self, example: &crate::sequences::Example) {
        let start = self.tokens.len() as u32;
        let length = example.input.len();
        let unasked = example.mask.iter().position(|asked| *asked).unwrap_or(length) as u32;
        self.tokens.extend(&example.input);
        self.tokens.extend(example.target.last());
        self.examples.push(Window { start, length: length as u32, unasked });
    }

    /// What is read of example `index`.
    pub fn input(&self, index: usize) -> &[u32] {
        let Window { start, length, .. } = self.examples[index];
        let read = if self.hidden.is_empty() { &self.tokens } else { &self.hidden };
        &read[start as usize..(start + length) as usize]
    }

    /// What is asked for at each step of these examples: `[examples, time]`, filled up to the longest.
    pub fn targets(&self, examples: impl Iterator<Item = usize> + Clone) -> Targets {
        let time = self.longest(examples.clone());
        let mut ids = Vec::new();
        for example in examples {
            let Window { start, length, unasked } = self.examples[example];
            let end = ids.len() + time;
            if self.hidden.is_empty() {
                ids.resize(ids.len() + unasked as usize, IGNORE_INDEX);
                ids.extend(&self.tokens[(start + unasked + 1) as usize..=(start + length) as usize]);
            } else {
                let tokens = &self.tokens[start as usize..(start + length) as usize];
                let pairs = self.input(example).iter().zip(tokens);
                ids.extend(pairs.map(|(read, token)| if read == token { IGNORE_INDEX } else { *token }));
            }
            ids.resize(end, IGNORE_INDEX);
        }
        Targets::Tokens { time, ids }
    }

    /// Tokens that are read of the longest of these examples.
    pub fn longest(&self, examples: impl Iterator<Item = usize>) -> usize {
        examples.map(|at| self.examples[at].length as usize).max().unwrap_or(1).max(1)
    }

    /// Every token that is asked for, behind the one before it.
    fn asked(&self) -> impl Iterator<Item = [u32; 2]> {
        self.examples.iter().flat_map(|&Window { start, length, unasked }| {
            let asked = (start + unasked) as usize..=(start + length) as usize;
            self.tokens[asked].array_windows().copied().collect::<Vec<_>>()
        })
    }

    /// Every token that is asked for.
    fn asked_tokens(&self) -> impl Iterator<Item = u32> {
        let of = |at: usize| match self.targets(std::iter::once(at)) {
            Targets::Tokens { ids, .. } => ids,
            _ => Vec::new(),
        };
        (0..self.examples.len()).flat_map(of).filter(|id| *id != IGNORE_INDEX)
    }

    /// How often each token is asked for.
    pub(super) fn counts(&self, vocabulary: usize) -> Vec<u64> {
        let mut counts = vec![0; vocabulary];
        self.asked_tokens().for_each(|token| counts[token as usize] += 1);
        counts
    }

    /// Nats a token, of who knows how frequent each is in the training text, with one of every token added.
    pub(super) fn unigram(&self, counts: &[u64]) -> f32 {
        let all = (counts.iter().sum::<u64>() + counts.len() as u64) as f64;
        mean(self.asked_tokens().map(|token| -((counts[token as usize] + 1) as f64 / all).ln()))
    }

    fn lengths(&self) -> Vec<u32> {
        let mut lengths = Vec::new();
        for window in &self.examples {
            let length = window.length as usize;
            lengths.resize(lengths.len().max(length + 1), 0);
            lengths[length] += 1;
        }
        lengths
    }
}
