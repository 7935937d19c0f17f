//! Downloads and unpacking in the browser, both no longer than they may be, and given up where nothing comes.

use super::super::{FetchError, UnpackError, before_silence};
use super::{BASE, sleep, store_get, words};
use js_sys::{Promise, Reflect, Uint8Array};
use std::cell::RefCell;
use std::collections::BTreeSet;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Blob, RequestCache, RequestInit, Response};

/// Calls a method of the global scope's object; page and worker have no common type for it.
fn global_fetch(url: &str, options: &RequestInit) -> Result<Promise, JsValue> {
    let fetch: js_sys::Function = Reflect::get(&js_sys::global(), &"fetch".into())?.dyn_into()?;
    let url = match Reflect::get(&js_sys::global(), &BASE.into())?.as_string() {
        Some(base) => web_sys::Url::new_with_base(url, &base)?.href(),
        None => url.into(),
    };
    fetch.call2(&JsValue::UNDEFINED, &url.into(), options)?.dyn_into()
}

thread_local! {
    /// Addresses at which the last try fell silent.
    static SILENT: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
}

/// Ends a request that nobody waits for any more: it would hold a connection, and another for the same file would wait
/// for it. One that is over is not touched.
struct HangUp(AbortController);

impl Drop for HangUp {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn network(error: JsValue) -> FetchError {
    FetchError::Network(words(&error))
}

/// What comes next of a download.
async fn next(promise: Promise) -> Result<JsValue, FetchError> {
    let next = before_silence(JsFuture::from(promise), || sleep(1.0)).await;
    next.ok_or(FetchError::Silent)?.map_err(network)
}

/// The whole file at `url`, if it has at most so many bytes; `progress` hears the bytes so far. With `keep`, a copy stays
/// in the browser and the next call does not ask the network: only for files whose path carries their version.
pub async fn fetch_at_most(
    most: usize,
    url: &str,
    keep: bool,
    mut progress: impl FnMut(u64),
) -> Result<Vec<u8>, FetchError> {
    if keep && let Some(bytes) = store_get(url).await {
        progress(bytes.len() as u64);
        return Ok(bytes);
    }
    let fetched = from_network(most, url, &mut progress).await;
    if fetched == Err(FetchError::Silent) {
        SILENT.with_borrow_mut(|silent| silent.insert(url.into()));
    }
    fetched
}

async fn from_network(most: usize, url: &str, progress: &mut impl FnMut(u64)) -> Result<Vec<u8>, FetchError> {
    let hang_up = HangUp(AbortController::new().map_err(network)?);
    let options = RequestInit::new();
    options.set_signal(Some(&hang_up.0.signal()));
    if SILENT.with_borrow_mut(|silent| silent.remove(url)) {
        // The browser may still wait for the answer that fell silent, for the page's own prefetch say, and share it.
        options.set_cache(RequestCache::Reload);
    }
    let response: Response = next(global_fetch(url, &options).map_err(network)?).await?.unchecked_into();
    if !response.ok() {
        return Err(FetchError::Status(response.status()));
    }
    match response.body() {
        Some(body) => read_stream(body, most, progress).await,
        None => Ok(Vec::new()),
    }
}

async fn read_stream(
    body: web_sys::ReadableStream,
    most: usize,
    progress: &mut impl FnMut(u64),
) -> Result<Vec<u8>, FetchError> {
    let reader: web_sys::ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let mut bytes = Vec::new();
    loop {
        let part = next(reader.read()).await?;
        if Reflect::get(&part, &"done".into()).map_err(network)?.is_truthy() {
            return Ok(bytes);
        }
        let part: Uint8Array = Reflect::get(&part, &"value".into()).map_err(network)?.unchecked_into();
        let start = bytes.len();
        let end = start + part.length() as usize;
        if end > most {
            // What sends more is told to stop; whether it does is its own matter.
            let _ = reader.cancel();
            return Err(FetchError::TooLong);
        }
        bytes.resize(end, 0);
        part.copy_to(&mut bytes[start..]);
        progress(bytes.len() as u64);
    }
}

/// Unpacks gzip with the browser's own decoder, and leaves off where it would become more than `most` bytes.
pub async fn gunzip(bytes: &[u8], most: usize) -> Result<Vec<u8>, UnpackError> {
    let unpacked = unpacked(bytes).map_err(|_| UnpackError::Damaged)?;
    read_stream(unpacked, most, &mut |_| ()).await.map_err(|why| match why {
        FetchError::TooLong => UnpackError::TooLong,
        _ => UnpackError::Damaged,
    })
}

fn unpacked(bytes: &[u8]) -> Result<web_sys::ReadableStream, JsValue> {
    // web-sys has `DecompressionStream` only behind its unstable flag.
    let class: js_sys::Function =
        Reflect::get(&js_sys::global(), &"DecompressionStream".into())?.dyn_into()?;
    let stream = Reflect::construct(&class, &js_sys::Array::of1(&"gzip".into()))?;
    let parts = js_sys::Array::of1(&Uint8Array::from(bytes));
    let body = Blob::new_with_u8_array_sequence(&parts)?.stream();
    let pipe: js_sys::Function = Reflect::get(&body, &"pipeThrough".into())?.dyn_into()?;
    Ok(pipe.call1(&body, &stream)?.unchecked_into())
}
