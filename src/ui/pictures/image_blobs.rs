//! Between pictures and what the browser keeps of them: files read, small copies made, bytes put by.

use super::reading::PictureSource;
use crate::platform::{self, FetchError};
use crate::pretrained::WeightsManifest;
use crate::protocol::vision::Photo;
use crate::protocol::{Failure, FailureKind};
use crate::ui::components::files;
use crate::ui::language::tr;
use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use leptos::prelude::window;
use serde_bytes::ByteBuf;
use wasm_bindgen::{Clamped, JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CacheStorage, ImageData, OffscreenCanvas, OffscreenCanvasRenderingContext2d, Url};

/// No photo is larger than this; a film would fill the memory before anyone could say that it is none.
const LARGEST_FILE: f64 = 200e6;

/// The picture as the engine takes it.
pub async fn photo(source: PictureSource) -> Result<Photo, Failure> {
    let refuse = |what: &str, advice: &str| Err(Failure::new(FailureKind::Input, what, advice));
    match source {
        PictureSource::Camera { width, height, rgba } => {
            Ok(Photo::Frame { width, height, rgba: ByteBuf::from(rgba) })
        }
        PictureSource::File(file) if file.size() > LARGEST_FILE => refuse(
            &tr!("The file has more than 200 MB, and no photo has."),
            &tr!("Choose a picture: JPEG, PNG or WebP."),
        ),
        PictureSource::File(file) => match files::read(&file).await {
            Some(bytes) => Ok(Photo::File(ByteBuf::from(bytes))),
            None => refuse(&tr!("The file could not be read."), &tr!("It may have moved; choose it again.")),
        },
        PictureSource::Address(address) => match platform::fetch(&address, false, |_| ()).await {
            Ok(bytes) => Ok(Photo::File(ByteBuf::from(bytes))),
            Err(FetchError::Status(_)) => refuse(
                &tr!("This sample is not on the server."),
                &tr!("Choose another one, or a picture of yours."),
            ),
            Err(_) => refuse(
                &tr!("The sample did not arrive."),
                &tr!("Look whether you are online, then choose it again."),
            ),
        },
    }
}

/// Bytes of a network's weights in this folder, and whether the browser has them all from an earlier visit.
pub async fn weights(folder: &str) -> Option<(u64, bool)> {
    let manifest = platform::fetch(&format!("{folder}/manifest.json"), false, |_| ()).await.ok()?;
    let manifest: WeightsManifest = serde_json::from_slice(&manifest).ok()?;
    let mut kept = 0;
    for part in &manifest.parts {
        kept += usize::from(is_kept(&format!("{folder}/{}", part.file)).await.is_some());
    }
    Some((manifest.bytes(), kept == manifest.parts.len()))
}

/// Whether one of the browser's caches has this file; nothing of it is read.
async fn is_kept(address: &str) -> Option<()> {
    let caches: CacheStorage = Reflect::get(&window(), &"caches".into()).ok()?.dyn_into().ok()?;
    let found = JsFuture::from(caches.match_with_str(address)).await.ok()?;
    (!found.is_undefined()).then_some(())
}

/// `[side, side, 3]` bytes as a canvas takes them.
pub fn rgba(input: &[u8]) -> Vec<u8> {
    let mut rgba = vec![255; input.len() / 3 * 4];
    for (to, from) in rgba.chunks_exact_mut(4).zip(input.chunks_exact(3)) {
        to[..3].copy_from_slice(from);
    }
    rgba
}

/// The address of a JPEG of what the network sees; `revoke` frees it.
pub async fn thumb(input: &[u8], side: usize) -> Option<String> {
    jpeg(&rgba(input), side as u32, side as u32).await
}

/// The address of a JPEG of `[height, width, 4]` bytes, RGBA.
pub async fn jpeg(rgba: &[u8], width: u32, height: u32) -> Option<String> {
    let canvas = OffscreenCanvas::new(width, height).ok()?;
    let context: OffscreenCanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    let image = ImageData::new_with_u8_clamped_array_and_sh(Clamped(rgba), width, height).ok()?;
    context.put_image_data(&image, 0.0, 0.0).ok()?;
    // web-sys takes the format only through a class of its own.
    let options = Object::new();
    Reflect::set(&options, &"type".into(), &"image/jpeg".into()).ok()?;
    Reflect::set(&options, &"quality".into(), &JsValue::from(0.85)).ok()?;
    let convert: Function = Reflect::get(&canvas, &"convertToBlob".into()).ok()?.dyn_into().ok()?;
    let promise: Promise = convert.call1(&canvas, &options).ok()?.dyn_into().ok()?;
    let blob: Blob = JsFuture::from(promise).await.ok()?.dyn_into().ok()?;
    Url::create_object_url_with_blob(&blob).ok()
}

pub fn revoke(address: &str) {
    // An address that is none is nothing to free.
    let _ = Url::revoke_object_url(address);
}

/// Bytes that the browser may put on its disk.
pub fn blob(bytes: &[u8]) -> Option<Blob> {
    Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes))).ok()
}

pub async fn bytes(blob: &Blob) -> Option<Vec<u8>> {
    let buffer = JsFuture::from(blob.array_buffer()).await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}
