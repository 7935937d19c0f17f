//! The datasets in this worker's memory: plain bytes that grow as shards arrive, in the order of the files.

use crate::datasets::{Dataset, Manifest};
use crate::protocol::{Example, Failure};
use crate::shard::Shard;
use burn::tensor::{Device, Tensor, TensorData};
use serde_bytes::ByteBuf;

/// One dataset, as far as it has arrived.
pub struct Loaded {
    pub dataset: &'static Dataset,
    pub manifest: Option<Manifest>,
    /// Compressed bytes that have arrived.
    pub bytes: u64,
    pub train: Split,
    pub test: Split,
    pub loading: bool,
    pub failure: Option<Failure>,
}

/// Training or test examples, the first `len()` of `total`.
#[derive(Default)]
pub struct Split {
    pub labels: Vec<u8>,
    /// `labels.len()` pictures of `[channels, height, width]` bytes.
    pixels: Vec<u8>,
    pub total: usize,
}

impl Loaded {
    pub fn new(dataset: &'static Dataset) -> Self {
        Self {
            dataset,
            manifest: None,
            bytes: 0,
            train: Split::default(),
            test: Split::default(),
            loading: false,
            failure: None,
        }
    }

    pub fn set_manifest(&mut self, manifest: Manifest) {
        self.train.total = Manifest::examples(&manifest.train);
        self.test.total = Manifest::examples(&manifest.test);
        self.manifest = Some(manifest);
    }

    /// A picture's bytes, `[channels, height, width]`.
    pub fn picture<'a>(&self, split: &'a Split, index: usize) -> &'a [u8] {
        let len = self.dataset.picture_len();
        &split.pixels[index * len..(index + 1) * len]
    }

    /// Pictures as the network takes them: scaled to 0…1, normalised by the dataset's constants.
    /// `[pictures.len(), channels, height, width]`
    pub fn normalised<'a>(
        &self,
        pictures: impl ExactSizeIterator<Item = &'a [u8]>,
        device: &Device,
    ) -> Tensor<4> {
        let [channels, height, width] = self.dataset.shape;
        let count = pictures.len();
        let mut values = Vec::with_capacity(count * self.dataset.picture_len());
        for picture in pictures {
            for (plane, (mean, std)) in
                picture.chunks_exact(height * width).zip(self.dataset.mean.iter().zip(self.dataset.std))
            {
                let (scale, shift) = (1.0 / (255.0 * std), mean / std);
                values.extend(plane.iter().map(|&byte| f32::from(byte) * scale - shift));
            }
        }
        Tensor::from_data(TensorData::new(values, [count, channels, height, width]), device)
    }

    pub fn example(&self, split: &Split, index: u32) -> Example {
        Example {
            index,
            label: split.labels[index as usize],
            pixels: ByteBuf::from(self.picture(split, index as usize)),
            guess: None,
        }
    }
}

impl Split {
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    pub fn complete(&self) -> bool {
        self.total > 0 && self.len() == self.total
    }

    pub fn push(&mut self, shard: Shard) {
        if self.pixels.is_empty() {
            // All at once: growing by doubling would need up to three times as much, and a phone has not that much.
            self.pixels.reserve_exact(self.total * shard.pixels.len() / shard.labels.len().max(1));
        }
        self.labels.extend(shard.labels);
        self.pixels.extend(shard.pixels);
    }
}
