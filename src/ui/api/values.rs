//! Between Rust and JavaScript: what calls give and take, and why a run cannot go on.

use crate::platform::words;
use crate::protocol::{Failure, RunState};
use crate::ui::engine_manager::{EngineManager, RunStage};
use leptos::prelude::*;
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ImageData, OffscreenCanvas, OffscreenCanvasRenderingContext2d};

/// What a call gives, or why not, in a sentence.
pub type Outcome = Result<JsValue, String>;

pub fn to_js<T: Serialize + ?Sized>(value: &T) -> Outcome {
    let plain =
        serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true).serialize_missing_as_null(true);
    value.serialize(&plain).map_err(|e| e.to_string())
}

/// Why the run cannot go on, if it cannot.
pub fn failure(machine: &EngineManager) -> Option<String> {
    let failed =
        machine.stage.get() == RunStage::Failed || machine.state.run.get_untracked() == RunState::Failed;
    let why = || machine.failure.borrow().clone().unwrap_or_else(|| "The run failed.".into());
    failed.then(why)
}

/// The same, or what the run waits for and only the visitor can say.
pub fn hindrance(machine: &EngineManager) -> Option<String> {
    let lacks = || {
        if machine.state.lacks_text.get_untracked() {
            return Some("there is no text yet: type or paste one into the page, or choose a file".into());
        }
        let undecided = machine.state.lacks_target.get_untracked();
        undecided.then(|| {
            "which column is to be learned has not been chosen: set({ \"data.target\": name })".into()
        })
    };
    failure(machine).or_else(lacks)
}

pub async fn bytes_of(blob: &web_sys::Blob) -> Result<Vec<u8>, String> {
    let words = |e: JsValue| crate::platform::words(&e);
    let buffer = JsFuture::from(blob.array_buffer()).await.map_err(words)?;
    Ok(js_sys::Uint8Array::new(&buffer).to_vec())
}

/// An image file's bytes, of a Blob or an ImageData; none if it is neither.
pub async fn picture_bytes(input: JsValue) -> Option<Result<Vec<u8>, String>> {
    let blob = match input.dyn_into::<Blob>() {
        Ok(blob) => Ok(blob),
        Err(other) => picture_file(other.dyn_ref::<ImageData>()?).await.map_err(|e| words(&e)),
    };
    match blob {
        Ok(blob) => Some(bytes_of(&blob).await),
        Err(why) => Some(Err(why)),
    }
}

/// As an image file, so that it is prepared just as an uploaded one is.
async fn picture_file(image: &ImageData) -> Result<Blob, JsValue> {
    let canvas = OffscreenCanvas::new(image.width(), image.height())?;
    let context: OffscreenCanvasRenderingContext2d =
        canvas.get_context("2d")?.ok_or("no canvas")?.unchecked_into();
    context.put_image_data(image, 0.0, 0.0)?;
    JsFuture::from(canvas.convert_to_blob()?).await?.dyn_into()
}

pub fn sentence(failure: Failure) -> String {
    format!("{} {}", failure.what, failure.advice).trim_end().into()
}

pub fn unexpected() -> String {
    "The engine gave an answer to another question.".into()
}
