//! The browser: works on the page and in a worker alike.

#[path = "web_fetch.rs"]
mod fetch;

use super::Rgba;
pub use fetch::{fetch_at_most, gunzip};
use js_sys::{Promise, Reflect, Uint8Array};
use std::future::Future;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CacheStorage, Response, TextDecoder, TextDecoderOptions};

/// The cache that holds dataset files and what the visitor made in the page itself.
const CACHE: &str = "intab-v1";

/// What belongs to everybody: files of the site, which a frame may take from the same place.
const PUBLIC: [&str; 2] = ["datasets/", "weights/"];

/// Between a worker's name and the place where it keeps what the visitor makes.
const AT: char = '@';

/// Where a worker finds the address that the site's paths start from: its own may be none of the site's (`ui::worker_handle`).
const BASE: &str = "intabBase";

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

/// The page that frames this one; none in a page of its own. Not every browser says which.
fn host_page() -> Option<String> {
    let window = web_sys::window()?;
    let framed = window.parent().ok().flatten().is_some_and(|parent| !js_sys::Object::is(&parent, &window));
    let list = Reflect::get(&window.location(), &"ancestorOrigins".into()).ok();
    let named = list.and_then(|list| Reflect::get(&list, &0.into()).ok()?.as_string());
    let referrer = || web_sys::Url::new(&window.document()?.referrer()).ok().map(|url| url.origin());
    framed.then(|| named.or_else(referrer).unwrap_or_else(|| "unknown".into()))
}

/// This page is not the visitor's own place: it is somebody's frame, or was opened to be measured (`?bench=1`).
pub fn is_borrowed() -> bool {
    let query = web_sys::window().and_then(|window| window.location().search().ok());
    let query = query.and_then(|query| web_sys::UrlSearchParams::new_with_str(&query).ok());
    let on = |switch: &str| query.as_ref().and_then(|query| query.get(switch)).as_deref() == Some("1");
    ["embed", "bench"].into_iter().any(on)
}

/// Where what a visitor makes here is kept. A frame has a place for each page that frames it: what was made in the page
/// itself, or in another's frame, is not there, so nobody can ask for it.
pub fn place() -> String {
    if web_sys::window().is_none() {
        // A worker was told by its name.
        let name = Reflect::get(&js_sys::global(), &"name".into()).ok().and_then(|name| name.as_string());
        return name.and_then(|name| Some(name.split_once(AT)?.1.into())).unwrap_or_else(|| CACHE.into());
    }
    match is_borrowed() {
        true => format!("intab-frame {}", host_page().unwrap_or_default()),
        false => CACHE.into(),
    }
}

/// The name for a worker of this page, which keeps things where the page does.
pub fn worker_name(name: &str) -> String {
    format!("{name}{AT}{}", place())
}

async fn cache(name: &str) -> Option<web_sys::Cache> {
    let public = PUBLIC.iter().any(|folder| name.starts_with(folder));
    let place = if public { CACHE.into() } else { place() };
    // Absent on insecure origins, and some browsers throw in third-party frames: then nothing is kept.
    let caches: CacheStorage = Reflect::get(&js_sys::global(), &"caches".into()).ok()?.dyn_into().ok()?;
    JsFuture::from(caches.open(&place)).await.ok()?.dyn_into().ok()
}

/// What was kept under `name` (a relative path), if anything.
pub async fn store_get(name: &str) -> Option<Vec<u8>> {
    let found = JsFuture::from(cache(name).await?.match_with_str(name)).await.ok()?;
    let response: Response = found.dyn_into().ok()?;
    let buffer = JsFuture::from(response.array_buffer().ok()?).await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}

/// Keeps `bytes` under `name`; whole or not at all.
pub async fn store_put(name: &str, bytes: &[u8]) -> Result<(), String> {
    let cache = cache(name).await.ok_or("this browser keeps nothing for this page")?;
    let copy = Uint8Array::from(bytes);
    let response = Response::new_with_opt_js_u8_array(Some(&copy)).map_err(|e| words(&e))?;
    JsFuture::from(cache.put_with_str(name, &response)).await.map_err(|e| words(&e))?;
    Ok(())
}

pub async fn store_remove(name: &str) {
    if let Some(cache) = cache(name).await {
        let _ = JsFuture::from(cache.delete_with_str(name)).await;
    }
}

/// What is kept under names that begin so.
pub async fn store_names(prefix: &str) -> Vec<String> {
    let names = async {
        let keys: js_sys::Array = JsFuture::from(cache(prefix).await?.keys()).await.ok()?.dyn_into().ok()?;
        let base = web_sys::window()?.document()?.base_uri().ok()??;
        let folder = web_sys::Url::new_with_base(".", &base).ok()?.href();
        let name = |request: JsValue| {
            let url = request.dyn_into::<web_sys::Request>().ok()?.url();
            Some(url.strip_prefix(&folder)?.to_owned()).filter(|name| name.starts_with(prefix))
        };
        Some(keys.iter().filter_map(name).collect())
    };
    names.await.unwrap_or_default()
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

/// Bytes of memory that this program has: of WebAssembly, which gives none back before it ends.
pub fn memory() -> u64 {
    core::arch::wasm32::memory_size::<0>() as u64 * 65_536
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

/// Bytes as text, and whether some of them did not fit; none for an encoding that is not known. `encoding` is the name
/// that the web has for it.
pub fn decode_text(encoding: &str, bytes: &[u8]) -> Option<(String, bool)> {
    let options = TextDecoderOptions::new();
    options.set_fatal(true);
    let bytes = Uint8Array::from(bytes);
    let strict = TextDecoder::new_with_label_and_options(encoding, &options).ok()?;
    if let Ok(text) = strict.decode_with_js_u8_array(&bytes) {
        return Some((text, false));
    }
    let text = TextDecoder::new_with_label(encoding).ok()?.decode_with_js_u8_array(&bytes).ok()?;
    Some((text, true))
}
