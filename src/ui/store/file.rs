//! One file that the browser keeps for this page: bytes, or a value as JSON. Writing can fail, and says why.

use crate::platform::{store_get, store_put, store_remove};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::borrow::Cow;

/// By its name, which stays the same from build to build.
#[derive(Clone)]
pub struct StoredFile(Cow<'static, str>);

impl StoredFile {
    pub const fn new(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    pub fn named(name: String) -> Self {
        Self(Cow::Owned(name))
    }

    pub async fn read(&self) -> Option<Vec<u8>> {
        store_get(&self.0).await
    }

    pub async fn write(&self, bytes: &[u8]) -> Result<(), String> {
        store_put(&self.0, bytes).await
    }

    /// What cannot be read counts as none.
    pub async fn read_json<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.read().await?).ok()
    }

    pub async fn write_json<T: Serialize>(&self, value: &T) -> Result<(), String> {
        self.write(&serde_json::to_vec(value).map_err(|e| e.to_string())?).await
    }

    pub async fn remove(&self) {
        store_remove(&self.0).await;
    }
}
