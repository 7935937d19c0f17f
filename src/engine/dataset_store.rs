//! The datasets in this worker's memory: plain bytes or numbers that grow as shards arrive, in the order of the files.

use super::resolved_dataset::ResolvedDataset;
use super::value::{Tokens, Value};
use crate::datasets::series::Series;
use crate::datasets::tabular::Rows;
use crate::datasets::target::{Target, TargetField, Targets};
use crate::datasets::tokens::TokenSplit;
use crate::datasets::{Manifest, TabularData, TokenData};
use crate::protocol::{Example, Failure};
use crate::shard::Shard;
use burn::tensor::Device;
use serde_bytes::ByteBuf;
use std::sync::Arc;

/// One dataset, as far as it has arrived.
pub struct Loaded {
    pub ground: ResolvedDataset,
    pub manifest: Option<Manifest>,
    /// Compressed bytes that have arrived.
    pub bytes: u64,
    pub train: Split,
    pub test: Split,
    /// How a text becomes tokens; its examples are in `train` and `test`.
    pub tokens: Option<Box<TokenData>>,
    /// What the examples are windows of.
    pub series: Option<Box<Series>>,
    pub loading: bool,
    pub failure: Option<Failure>,
}

/// Training or test examples, the first `len()` of `total`.
pub struct Split {
    pub targets: Targets,
    /// Pictures of `[channels, height, width]` bytes.
    pixels: Vec<u8>,
    /// Or rows of numbers.
    rows: Rows,
    /// Or sequences of tokens.
    pub tokens: TokenSplit,
    pub total: usize,
}

/// An example's input, as the dataset has it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sample<'a> {
    /// `[channels, height, width]`
    Picture(&'a [u8]),
    Row(&'a [f32]),
    /// `[time]`, of any length.
    Tokens(&'a [u32]),
}

impl Loaded {
    pub fn new(ground: ResolvedDataset) -> Self {
        Self {
            manifest: None,
            bytes: 0,
            train: Split::new(&ground.info.target),
            test: Split::new(&ground.info.target),
            ground,
            tokens: None,
            series: None,
            loading: false,
            failure: None,
        }
    }

    /// Everything is there.
    pub fn of_numbers(ground: ResolvedDataset, numbers: TabularData) -> Self {
        let split = |rows: Rows| Split {
            targets: rows.targets.clone(),
            total: rows.len(),
            rows,
            ..Split::new(&ground.info.target)
        };
        let (train, test) = (split(numbers.train), split(numbers.test));
        Self { train, test, series: numbers.series, ..Self::new(ground) }
    }

    /// The same, of sequences of tokens.
    pub fn of_tokens(ground: ResolvedDataset, mut tokens: TokenData) -> Self {
        let split = |tokens: &mut TokenSplit| Split {
            total: tokens.examples.len(),
            tokens: std::mem::take(tokens),
            ..Split::new(&ground.info.target)
        };
        let (train, test) = (split(&mut tokens.train), split(&mut tokens.test));
        Self { train, test, tokens: Some(Box::new(tokens)), ..Self::new(ground) }
    }

    pub fn set_manifest(&mut self, manifest: Manifest) {
        self.train.total = Manifest::examples(&manifest.train);
        self.test.total = Manifest::examples(&manifest.test);
        self.manifest = Some(manifest);
    }

    /// Training examples in each file, in their order; empty before that is known.
    pub fn shards(&self) -> Vec<usize> {
        match (&self.manifest, self.ground.pictures) {
            (Some(manifest), _) => manifest.train.iter().map(|s| s.examples).collect(),
            (None, None) => vec![self.train.total],
            (None, Some(_)) => Vec::new(),
        }
    }

    /// Whether nothing is missing.
    pub fn complete(&self) -> bool {
        self.train.complete() && self.test.complete()
    }

    pub fn sample<'a>(&self, split: &'a Split, index: usize) -> Sample<'a> {
        if self.tokens.is_some() {
            return Sample::Tokens(split.tokens.input(index));
        }
        if self.ground.pictures.is_none() {
            return Sample::Row(split.rows.row(index));
        }
        let len = self.picture_len();
        Sample::Picture(&split.pixels[index * len..(index + 1) * len])
    }

    /// Numbers per example.
    pub fn picture_len(&self) -> usize {
        self.ground.info.shape.iter().product()
    }

    /// How many numbers a row has as the dataset has it.
    pub fn row_len(&self) -> usize {
        self.train.rows.width
    }

    /// Examples as the network takes them. Pictures: scaled to 0…1, normalised by the dataset's constants,
    /// `[samples.len(), channels, height, width]`; rows: `[samples.len(), features]`.
    pub fn batch<'a>(&self, samples: impl ExactSizeIterator<Item = Sample<'a>>, device: &Device) -> Value {
        if self.tokens.is_some() {
            return self.token_batch(samples, device);
        }
        let mut values = Vec::with_capacity(samples.len() * self.picture_len());
        samples.for_each(|sample| self.input(sample, &mut values));
        Value::of(values, &self.ground.info.shape, device)
    }

    /// Filled up to the longest; what is there does not count.
    fn token_batch<'a>(&self, samples: impl Iterator<Item = Sample<'a>>, device: &Device) -> Value {
        let tokens = |sample| match sample {
            Sample::Tokens(ids) => ids,
            _ => &[],
        };
        let lists: Vec<&[u32]> = samples.map(tokens).collect();
        let time = lists.iter().map(|ids| ids.len()).max().unwrap_or(1).max(1);
        let lengths: Arc<[usize]> = lists.iter().map(|ids| ids.len()).collect();
        let lengths = Some(lengths).filter(|all| all.iter().any(|length| *length < time));
        let mut ids = Vec::with_capacity(lists.len() * time);
        for list in lists {
            let end = ids.len() + time;
            ids.extend(list);
            ids.resize(end, 0);
        }
        let target = &self.ground.info.target;
        let tokens = Tokens { time, lengths, ..Tokens::one(ids, target.outputs(), device) };
        Value::Tokens(tokens.asked_by(target.ask()))
    }

    /// Examples follow each other in a text that is read in its order.
    pub fn carries(&self) -> bool {
        self.tokens.as_ref().is_some_and(|tokens| tokens.carry)
    }

    /// What hidden tokens are read as, where those are asked for.
    pub fn mask(&self) -> Option<u32> {
        self.tokens.as_ref().and_then(|tokens| tokens.mask)
    }

    /// Adds an example as the network takes it.
    pub fn input(&self, sample: Sample<'_>, values: &mut Vec<f32>) {
        match sample {
            Sample::Picture(bytes) => self.normalise(bytes, values),
            Sample::Row(row) if self.ground.lift.is_empty() => values.extend(row),
            Sample::Row(row) => values.extend(self.ground.lift.iter().map(|number| number(row))),
            Sample::Tokens(ids) => values.extend(ids.iter().map(|id| *id as f32)),
        }
    }

    fn normalise(&self, picture: &[u8], values: &mut Vec<f32>) {
        let info = &self.ground.info;
        let plane = picture.len() / info.mean.len().max(1);
        for (plane, (mean, std)) in picture.chunks_exact(plane).zip(info.mean.iter().zip(&info.std)) {
            let (scale, shift) = (1.0 / (255.0 * std), mean / std);
            values.extend(plane.iter().map(|&byte| f32::from(byte) * scale - shift));
        }
    }

    pub fn example(&self, split: &Split, index: u32) -> Example {
        let (pixels, numbers) = match self.sample(split, index as usize) {
            Sample::Picture(bytes) => (ByteBuf::from(bytes), Vec::new()),
            Sample::Row(row) => (ByteBuf::new(), row.to_vec()),
            Sample::Tokens(ids) => (ByteBuf::new(), ids.iter().map(|id| *id as f32).collect()),
        };
        Example { index, target: split.target(index as usize), pixels, numbers, prediction: None }
    }
}

impl Split {
    fn new(field: &TargetField) -> Self {
        let (targets, pixels, rows) = (field.empty(), Vec::new(), Rows::default());
        Self { targets, pixels, rows, tokens: TokenSplit::default(), total: 0 }
    }

    pub fn len(&self) -> usize {
        self.targets.len() + self.tokens.examples.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What these examples are to be learned as.
    pub fn select(&self, examples: impl Iterator<Item = usize> + Clone) -> Targets {
        match self.tokens.examples.is_empty() {
            true => self.targets.select(examples),
            false => self.tokens.targets(examples),
        }
    }

    pub fn target(&self, index: usize) -> Target {
        self.select(std::iter::once(index)).get(0)
    }

    pub fn complete(&self) -> bool {
        self.total > 0 && self.len() == self.total
    }

    pub fn push(&mut self, shard: Shard) {
        if self.pixels.is_empty() {
            // All at once: growing by doubling would need up to three times as much, and a phone has not that much.
            self.pixels.reserve_exact(self.total * shard.pixels.len() / shard.labels.len().max(1));
        }
        shard.labels.iter().for_each(|label| self.targets.push(&Target::Class(u32::from(*label))));
        self.pixels.extend(shard.pixels);
    }
}
