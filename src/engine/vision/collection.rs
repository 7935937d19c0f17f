//! The visitor's own pictures: the features of each in memory, and both the features and what the network saw in the
//! browser's store, so that a picture is computed once.

use crate::platform;
use crate::protocol::vision::Collected;
use serde_bytes::ByteBuf;
use std::collections::BTreeMap;

#[derive(Default)]
pub struct Collection {
    features: BTreeMap<u32, Vec<f32>>,
}

fn name(id: u32) -> String {
    format!("own/{id}")
}

impl Collection {
    pub fn features(&self, id: u32) -> Option<&[f32]> {
        self.features.get(&id).map(Vec::as_slice)
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
        // How many features, the features, the picture.
        let mut record = (features.len() as u32).to_le_bytes().to_vec();
        record.extend(features.iter().flat_map(|value| value.to_le_bytes()));
        record.extend(&picture);
        let kept = platform::store_put(&name(id), &record).await.is_ok();
        self.features.insert(id, features);
        Ok(Collected { id, picture: ByteBuf::from(picture), kept })
    }

    /// One of an earlier visit; none if the store does not have it, or not with so many features.
    pub async fn recall(&mut self, id: u32, count: usize) -> Option<Collected> {
        let record = platform::store_get(&name(id)).await?;
        let (head, rest) = record.split_first_chunk::<4>()?;
        if u32::from_le_bytes(*head) as usize != count {
            return None;
        }
        let (features, picture) = rest.split_at_checked(count * 4)?;
        let features: Vec<f32> =
            features.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        if features.iter().any(|value| !value.is_finite()) {
            return None;
        }
        self.features.insert(id, features);
        Some(Collected { id, picture: ByteBuf::from(picture), kept: true })
    }

    pub async fn forget(&mut self, id: u32) {
        self.features.remove(&id);
        platform::store_remove(&name(id)).await;
    }
}
