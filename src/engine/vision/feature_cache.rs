//! The visitor's own pictures: the features of each in memory, and both the features and what the network saw in the
//! browser's store, so that a picture is computed once.

use super::similar::{Similar, THUMBNAIL, thumbnail};
use crate::platform::{self, Rgba};
use crate::protocol::vision::Collected;
use serde_bytes::ByteBuf;
use std::collections::BTreeMap;

/// Said of a record beside its number of features: a thumbnail follows them.
const WITH_THUMBNAIL: u32 = 1 << 31;

#[derive(Default)]
pub struct Collection {
    features: BTreeMap<u32, Vec<f32>>,
    similar: Similar,
}

fn name(id: u32) -> String {
    format!("own/{id}")
}

impl Collection {
    pub fn features(&self, id: u32) -> Option<&[f32]> {
        self.features.get(&id).map(Vec::as_slice)
    }

    /// Features and thumbnail as bytes; `numbers` reads them.
    pub fn computed(&self, id: u32) -> Option<Vec<u8>> {
        Some([&bytes(self.features(id)?), self.similar.thumbnail(id)?].concat())
    }

    /// Groups of pictures that are nearly the same.
    pub fn similar(&self) -> Vec<Vec<u32>> {
        self.similar.groups()
    }

    /// Takes a picture up: `input` `[side, side, 3]`.
    pub async fn add(
        &mut self,
        id: u32,
        features: Vec<f32>,
        input: &[u8],
        side: usize,
    ) -> Result<Collected, String> {
        let picture = platform::encode_picture(input, side, side).await?;
        Ok(self.keep(id, features, thumbnail(input, side), picture).await)
    }

    /// Takes up a picture of which everything is known.
    pub async fn keep(
        &mut self,
        id: u32,
        features: Vec<f32>,
        thumbnail: Vec<u8>,
        picture: Vec<u8>,
    ) -> Collected {
        let count = features.len() as u32 | WITH_THUMBNAIL;
        let record = [&count.to_le_bytes(), bytes(&features).as_slice(), &thumbnail, &picture].concat();
        let kept = platform::store_put(&name(id), &record).await.is_ok();
        self.features.insert(id, features);
        self.similar.add(id, thumbnail);
        Collected { id, picture: ByteBuf::from(picture), kept }
    }

    /// One of an earlier visit; none if the store does not have it, or not with so many features.
    pub async fn recall(&mut self, id: u32, count: usize) -> Option<Collected> {
        let record = platform::store_get(&name(id)).await?;
        let (head, rest) = record.split_first_chunk::<4>()?;
        let head = u32::from_le_bytes(*head);
        if (head & !WITH_THUMBNAIL) as usize != count {
            return None;
        }
        let (features, rest) = rest.split_at_checked(count.checked_mul(4)?)?;
        let features = numbers(features)?;
        let (thumbnail, picture) = if head & WITH_THUMBNAIL != 0 {
            let (thumbnail, picture) = rest.split_at_checked(THUMBNAIL)?;
            (thumbnail.to_vec(), picture)
        } else {
            // From before thumbnails were kept. A picture that cannot be decoded is like no other.
            (of_file(rest).await.unwrap_or_default(), rest)
        };
        self.features.insert(id, features);
        if !thumbnail.is_empty() {
            self.similar.add(id, thumbnail);
        }
        Some(Collected { id, picture: ByteBuf::from(picture), kept: true })
    }

    pub async fn forget(&mut self, ids: &[u32]) {
        self.similar.forget(ids);
        for id in ids {
            self.features.remove(id);
            platform::store_remove(&name(*id)).await;
        }
    }
}

async fn of_file(picture: &[u8]) -> Option<Vec<u8>> {
    let Rgba { width, height, pixels } = platform::decode_picture(picture, None).await.ok()?;
    let rgb: Vec<u8> = pixels.chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
    (width == height).then(|| thumbnail(&rgb, width))
}

/// Four bytes for each, the lowest first.
pub fn bytes(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// None if they are not whole or one is not a number.
pub fn numbers(bytes: &[u8]) -> Option<Vec<f32>> {
    let values: Vec<f32> =
        bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
    (bytes.len().is_multiple_of(4) && values.iter().all(|value| value.is_finite())).then_some(values)
}
