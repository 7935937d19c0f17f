//! The visitor's camera: opened when asked for, one frame at a time, and shut again. Called by name, because
//! web-sys has a dozen classes for it that nothing else here uses.

use crate::ui::browser;
use crate::ui::language::tr;
use js_sys::{Array, Object, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlCanvasElement, HtmlVideoElement};

/// A camera that is on.
#[derive(Clone)]
pub struct Stream(JsValue);

/// One picture of it, RGBA.
pub struct Frame {
    pub width: u32,
    pub height: u32,
    pub rgba: Vec<u8>,
}

impl Stream {
    /// Asks the visitor, who may refuse; an error is a sentence for them.
    pub async fn open() -> Result<Self, String> {
        match ask().await {
            Ok(stream) => Ok(Self(stream)),
            Err(error) => Err(sentence(&error)),
        }
    }

    /// Shows what it sees; `on_end` hears if it is unplugged.
    pub fn show_in(&self, video: &HtmlVideoElement, on_end: impl Fn() + 'static) {
        set(video, "srcObject", &self.0);
        set(video, "muted", &JsValue::TRUE);
        let end = wasm_bindgen::closure::Closure::<dyn Fn()>::new(on_end).into_js_value();
        self.tracks().iter().for_each(|track| set(track, "onended", &end));
        // Autoplay usually starts it; some browsers need play(), which may be rejected.
        if let Ok(promise) = browser::call(video, "play", &Array::new()) {
            leptos::task::spawn_local(async move {
                if let Ok(promise) = promise.dyn_into::<Promise>() {
                    let _ = JsFuture::from(promise).await;
                }
            });
        }
    }

    /// The light beside the camera goes out.
    pub fn stop(&self) {
        for track in self.tracks() {
            set(&track, "onended", &JsValue::NULL);
            // Stopping what has stopped is nothing.
            let _ = browser::call(&track, "stop", &Array::new());
        }
    }

    fn tracks(&self) -> Vec<JsValue> {
        let tracks =
            browser::call(&self.0, "getTracks", &Array::new()).ok().and_then(|t| t.dyn_into::<Array>().ok());
        tracks.map(|t| t.iter().collect()).unwrap_or_default()
    }
}

/// What the video shows now; none before its first picture.
pub fn frame(video: &HtmlVideoElement) -> Option<Frame> {
    let size = |name: &str| Reflect::get(video, &name.into()).ok()?.as_f64().map(|n| n as u32);
    let (width, height) = (size("videoWidth")?, size("videoHeight")?);
    if width == 0 || height == 0 {
        return None;
    }
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(width);
    canvas.set_height(height);
    let context: web_sys::CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    browser::call(&context, "drawImage", &Array::of3(video, &0.into(), &0.into())).ok()?;
    let image = context.get_image_data(0.0, 0.0, width.into(), height.into()).ok()?;
    Some(Frame { width, height, rgba: image.data().to_vec() })
}

async fn ask() -> Result<JsValue, JsValue> {
    // Absent where the page came over plain HTTP.
    let devices = browser::service("mediaDevices")?;
    let video = Object::new();
    set(&video, "facingMode", &"environment".into());
    let wish = Object::new();
    set(&wish, "ideal", &JsValue::from(1280));
    set(&video, "width", &wish);
    let wanted = Object::new();
    set(&wanted, "video", &video);
    browser::promised(&devices, "getUserMedia", &Array::of1(&wanted)).await
}

fn sentence(error: &JsValue) -> String {
    let name = Reflect::get(error, &"name".into()).ok().and_then(|n| n.as_string()).unwrap_or_default();
    match name.as_str() {
        "NotAllowedError" | "SecurityError" => {
            tr!(
                "The camera was not allowed. Allow it for this page in the browser’s address bar and try again."
            )
        }
        "NotFoundError" | "OverconstrainedError" => {
            tr!("No camera was found. Plug one in and try again, or choose a picture.")
        }
        "NotReadableError" | "AbortError" => {
            tr!("The camera is in use by another program. Close that one and try again.")
        }
        _ => tr!("This browser does not let the page use a camera here. Choose a picture instead."),
    }
}

fn set(object: &JsValue, name: &str, value: &JsValue) {
    // Fails only for frozen objects, and these are not.
    let _ = Reflect::set(object, &name.into(), value);
}
