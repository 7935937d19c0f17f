//! The outside world: fetching, keeping, the clock, giving way. One name, two files with the same functions:
//! `web.rs` for the page and the engines, `native.rs` for tests and the tool. No caller asks which it is.

#[cfg(target_arch = "wasm32")]
#[path = "web.rs"]
mod here;
#[cfg(not(target_arch = "wasm32"))]
#[path = "native.rs"]
mod here;

pub use here::*;

use futures_util::future::{Either, select};
use std::fmt;
use std::future::Future;
use std::pin::pin;

/// Why a file did not arrive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FetchError {
    /// The server answered with this status.
    Status(u16),
    /// Nothing answered, or the connection broke.
    Network(String),
    /// No byte came for `SILENCE_SECONDS`.
    Silent,
    /// It has more bytes than it may have; the rest was not waited for.
    TooLong,
}

/// Why bytes could not be unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnpackError {
    Damaged,
    /// They unpack to more than they may; the rest was left packed.
    TooLong,
}

impl fmt::Display for UnpackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Damaged => "it is cut short or damaged",
            Self::TooLong => "it unpacks to more bytes than it should",
        })
    }
}

/// A download that brings no byte for so long is given up: a visitor should not wait for what does not come.
pub const SILENCE_SECONDS: u32 = 15;

/// No file of the site that is asked for without a length of its own is longer.
const MOST_FETCHED: usize = 64 << 20;

/// The whole file at `url`; see `fetch_at_most`.
pub async fn fetch(url: &str, keep: bool, progress: impl FnMut(u64)) -> Result<Vec<u8>, FetchError> {
    fetch_at_most(MOST_FETCHED, url, keep, progress).await
}

/// What comes next of a download, or nothing after `SILENCE_SECONDS` of `second`. They are counted one by one, because a
/// thread that was held, and a machine that slept, find all their timers over at once.
pub async fn before_silence<T, S: Future<Output = ()>>(
    next: impl Future<Output = T>,
    mut second: impl FnMut() -> S,
) -> Option<T> {
    let mut next = pin!(next);
    for _ in 0..SILENCE_SECONDS {
        if let Either::Left((next, _)) = select(next.as_mut(), pin!(second())).await {
            return Some(next);
        }
    }
    None
}

/// A decoded picture, `[height, width, 4]`, red green blue alpha, not premultiplied.
pub struct Rgba {
    pub width: usize,
    pub height: usize,
    pub pixels: Vec<u8>,
}

/// More pixels than this are refused before they are decoded: 50 megapixels are 200 MB.
pub const MAX_PIXELS: usize = 50_000_000;

/// Less than a frame of a screen: between two slices a page can answer.
const SLICE_SECONDS: f64 = 0.01;

/// Work in slices: `pause` gives way whenever one has taken long enough.
pub struct Slices {
    begun: f64,
}

impl Slices {
    pub fn begin() -> Self {
        Self { begun: now() }
    }

    pub async fn pause(&mut self) {
        if now() - self.begun > SLICE_SECONDS {
            yield_now().await;
            self.begun = now();
        }
    }
}
