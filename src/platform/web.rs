//! The browser: works on the page and in a worker alike.

#[path = "web_fetch.rs"]
mod fetch;

use super::Rgba;
pub use fetch::{fetch_at_most, gunzip};
use js_sys::{Promise, Reflect, Uint8Array};
use std::future::Future;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CacheStorage, Response};

/// The cache that holds dataset files and what the visitor made.
const CACHE: &str = "intab-v1";

/// Seconds since the page or worker began.
pub fn now() -> f64 {
    Reflect::get(&js_sys::global(), &"performance".into())
        .ok()
        .and_then(|p| p.dyn_into::<web_sys::Performance>().ok())
        .map_or_else(js_sys::Date::now, |p| p.now())
        / 1000.0
}

pub fn spawn_local(task: impl Future<Output = ()> + 'static) {
    wasm_bindgen_futures::spawn_local(task);
}

pub fn log(line: &str) {
    web_sys::console::log_1(&line.into());
}

/// Lets messages in: a macrotask, because a microtask would not. A `MessageChannel` is not slowed down in
/// background tabs as timers are.
pub async fn yield_now() {
    let promise = Promise::new(&mut |resolve, _| {
        let Ok(channel) = web_sys::MessageChannel::new() else {
            let _ = resolve.call0(&JsValue::NULL);
            return;
        };
        let port = channel.port1();
        let closed = port.clone();
        port.set_onmessage(Some(
            Closure::once_into_js(move || {
                closed.close();
                let _ = resolve.call0(&JsValue::NULL);
            })
            .unchecked_ref(),
        ));
        let _ = channel.port2().post_message(&JsValue::NULL);
    });
    let _ = JsFuture::from(promise).await;
}

async fn cache() -> Option<web_sys::Cache> {
    // Absent on insecure origins, and some browsers throw in third-party frames: then nothing is kept.
    let caches: CacheStorage = Reflect::get(&js_sys::global(), &"caches".into()).ok()?.dyn_into().ok()?;
    JsFuture::from(caches.open(CACHE)).await.ok()?.dyn_into().ok()
}

/// What was kept under `name` (a relative path), if anything.
pub async fn store_get(name: &str) -> Option<Vec<u8>> {
    let found = JsFuture::from(cache().await?.match_with_str(name)).await.ok()?;
    let response: Response = found.dyn_into().ok()?;
    let buffer = JsFuture::from(response.array_buffer().ok()?).await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}

/// Keeps `bytes` under `name`; whole or not at all.
pub async fn store_put(name: &str, bytes: &[u8]) -> Result<(), String> {
    let cache = cache().await.ok_or("this browser keeps nothing for this page")?;
    let copy = Uint8Array::from(bytes);
    let response = Response::new_with_opt_js_u8_array(Some(&copy)).map_err(|e| words(&e))?;
    JsFuture::from(cache.put_with_str(name, &response)).await.map_err(|e| words(&e))?;
    Ok(())
}

pub async fn store_remove(name: &str) {
    if let Some(cache) = cache().await {
        let _ = JsFuture::from(cache.delete_with_str(name)).await;
    }
}

/// Decodes any picture that the browser can, upright as its EXIF says; with `width`, scaled to that on the way.
pub async fn decode_picture(bytes: &[u8], width: Option<u32>) -> Result<Rgba, String> {
    let decode = async {
        let parts = js_sys::Array::of1(&Uint8Array::from(bytes));
        let blob = Blob::new_with_u8_array_sequence(&parts)?;
        let create: js_sys::Function =
            Reflect::get(&js_sys::global(), &"createImageBitmap".into())?.dyn_into()?;
        let options = js_sys::Object::new();
        if let Some(width) = width {
            Reflect::set(&options, &"resizeWidth".into(), &width.into())?;
            Reflect::set(&options, &"resizeQuality".into(), &"high".into())?;
        }
        let promise: Promise = create.call2(&JsValue::UNDEFINED, &blob, &options)?.dyn_into()?;
        let bitmap: web_sys::ImageBitmap = JsFuture::from(promise).await?.dyn_into()?;
        let (width, height) = (bitmap.width(), bitmap.height());
        let canvas = web_sys::OffscreenCanvas::new(width, height)?;
        let context: web_sys::OffscreenCanvasRenderingContext2d =
            canvas.get_context("2d")?.ok_or("no canvas")?.unchecked_into();
        context.draw_image_with_image_bitmap(&bitmap, 0.0, 0.0)?;
        bitmap.close();
        let data = context.get_image_data(0.0, 0.0, width.into(), height.into())?;
        Ok(Rgba { width: width as usize, height: height as usize, pixels: data.data().to_vec() })
    };
    decode.await.map_err(|e: JsValue| words(&e))
}

/// `[height, width, 3]` bytes as a JPEG file.
pub async fn encode_picture(rgb: &[u8], width: usize, height: usize) -> Result<Vec<u8>, String> {
    let encode = async {
        let rgba: Vec<u8> = rgb.chunks_exact(3).flat_map(|p| [p[0], p[1], p[2], 255]).collect();
        let canvas = web_sys::OffscreenCanvas::new(width as u32, height as u32)?;
        let context: web_sys::OffscreenCanvasRenderingContext2d =
            canvas.get_context("2d")?.ok_or("no canvas")?.unchecked_into();
        let data = web_sys::ImageData::new_with_u8_clamped_array(wasm_bindgen::Clamped(&rgba), width as u32)?;
        context.put_image_data(&data, 0.0, 0.0)?;
        // Called by hand: the options' type would be another of web-sys' features.
        let convert: js_sys::Function = Reflect::get(&canvas, &"convertToBlob".into())?.dyn_into()?;
        let options = js_sys::Object::new();
        Reflect::set(&options, &"type".into(), &"image/jpeg".into())?;
        Reflect::set(&options, &"quality".into(), &0.9.into())?;
        let blob: Promise = convert.call1(&canvas, &options)?.dyn_into()?;
        let blob: Blob = JsFuture::from(blob).await?.dyn_into()?;
        let buffer = JsFuture::from(blob.array_buffer()).await?;
        Ok(Uint8Array::new(&buffer).to_vec())
    };
    encode.await.map_err(|e: JsValue| words(&e))
}

/// A JavaScript error as a sentence.
pub fn words(error: &JsValue) -> String {
    error.dyn_ref::<js_sys::Error>().map_or_else(|| format!("{error:?}"), |e| String::from(e.message()))
}

pub async fn sleep(seconds: f64) {
    let promise = Promise::new(&mut |resolve, _| {
        let timer = Reflect::get(&js_sys::global(), &"setTimeout".into());
        match timer.and_then(|t| t.dyn_into::<js_sys::Function>()) {
            Ok(timer) => {
                let _ = timer.call2(&JsValue::UNDEFINED, &resolve, &(seconds * 1000.0).into());
            }
            Err(_) => {
                let _ = resolve.call0(&JsValue::NULL);
            }
        }
    });
    let _ = JsFuture::from(promise).await;
}
