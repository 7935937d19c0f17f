//! The outside world: fetching, keeping, the clock, giving way. One name, two files with the same functions:
//! `web.rs` for the page and the engines, `native.rs` for tests and the tool. No caller asks which it is.

#[cfg(target_arch = "wasm32")]
#[path = "web.rs"]
mod here;
#[cfg(not(target_arch = "wasm32"))]
#[path = "native.rs"]
mod here;

pub use here::*;

/// Why a file did not arrive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FetchError {
    /// The server answered with this status.
    Status(u16),
    /// Nothing answered, or the connection broke.
    Network(String),
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
