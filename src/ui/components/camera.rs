//! The visitor's camera: opened when asked for, one frame at a time, and shut again. Called by name, because
//! web-sys has a dozen classes for it that nothing else here uses.

use crate::ui::browser;
use crate::ui::language::tr;
use js_sys::{Array, Object, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlVideoElement};

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
    /// Asks the visitor, who may refuse; an error is a sentence for them. The sizes are wishes.
    pub async fn open(width: u32, height: Option<u32>) -> Result<Self, String> {
        match ask(width, height).await {
            Ok(stream) => Ok(Self(stream)),
            Err(error) => Err(sentence(&error)),
        }
    }

    /// `on_end` is called when it is unplugged.
    pub fn on_end(&self, on_end: impl Fn() + 'static) {
        let end = wasm_bindgen::closure::Closure::<dyn Fn()>::new(on_end).into_js_value();
        self.tracks().iter().for_each(|track| set(track, "onended", &end));
    }

    pub fn show_in(&self, video: &HtmlVideoElement) {
        set(video, "srcObject", &self.0);
        set(video, "muted", &JsValue::TRUE);
        // Autoplay usually starts it; some browsers need play(), which may be rejected.
        if let Ok(promise) = browser::call(video, "play", &Array::new()) {
            leptos::task::spawn_local(async move {
                if let Ok(promise) = promise.dyn_into::<Promise>() {
                    let _ = JsFuture::from(promise).await;
                }
            });
        }
    }

    /// It looks away from the visitor, as the camera at a telephone's back does.
    pub fn looks_away(&self) -> bool {
        let facing = |track: &JsValue| {
            let settings = browser::call(track, "getSettings", &Array::new()).ok()?;
            Reflect::get(&settings, &"facingMode".into()).ok()?.as_string()
        };
        self.tracks().iter().any(|track| facing(track).as_deref() == Some("environment"))
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

pub fn show_nothing_in(video: &HtmlVideoElement) {
    set(video, "srcObject", &JsValue::NULL);
}

/// What the video shows now, its short side at most so long; none before its first picture.
pub fn frame(video: &HtmlVideoElement, short_side: f64) -> Option<Frame> {
    let (width, height) = (f64::from(video.video_width()), f64::from(video.video_height()));
    if width == 0.0 || height == 0.0 {
        return None;
    }
    let scale = (short_side / width.min(height)).min(1.0);
    let (width, height) = ((width * scale).round(), (height * scale).round());
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(width as u32);
    canvas.set_height(height as u32);
    let options = Object::new();
    // It is read once and thrown away, so it stays where reading is quick.
    set(&options, "willReadFrequently", &JsValue::TRUE);
    let context = canvas.get_context_with_context_options("2d", &options).ok()??;
    let context: CanvasRenderingContext2d = context.dyn_into().ok()?;
    context.draw_image_with_html_video_element_and_dw_and_dh(video, 0.0, 0.0, width, height).ok()?;
    let image = context.get_image_data(0.0, 0.0, width, height).ok()?;
    Some(Frame { width: width as u32, height: height as u32, rgba: image.data().to_vec() })
}

async fn ask(width: u32, height: Option<u32>) -> Result<JsValue, JsValue> {
    // Absent where the page came over plain HTTP.
    let devices = browser::service("mediaDevices")?;
    let video = Object::new();
    // Things are held before the camera that looks away from the visitor, where there is one.
    set(&video, "facingMode", &"environment".into());
    for (side, pixels) in [("width", Some(width)), ("height", height)] {
        if let Some(pixels) = pixels {
            let wish = Object::new();
            set(&wish, "ideal", &pixels.into());
            set(&video, side, &wish);
        }
    }
    let wanted = Object::new();
    set(&wanted, "video", &video);
    browser::promised(&devices, "getUserMedia", &Array::of1(&wanted)).await
}

fn sentence(error: &JsValue) -> String {
    let name = Reflect::get(error, &"name".into()).ok().and_then(|n| n.as_string()).unwrap_or_default();
    match name.as_str() {
        "NotAllowedError" | "SecurityError" => {
            tr!("The camera was refused. Allow it beside the address of this page, then try again.")
        }
        "NotFoundError" | "OverconstrainedError" => {
            tr!("There is no camera here. Add files instead, or plug one in and try again.")
        }
        "NotReadableError" | "AbortError" => {
            tr!("Another program uses the camera. Close it there, then try again.")
        }
        _ => tr!(
            "This browser does not give the page a camera: it does so only for addresses with https. Add files instead."
        ),
    }
}

fn set(object: &JsValue, name: &str, value: &JsValue) {
    // Fails only for frozen objects, and these are not.
    let _ = Reflect::set(object, &name.into(), value);
}
