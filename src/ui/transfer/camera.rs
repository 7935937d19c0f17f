//! The camera: one stream, whoever looks at it. It runs while a class collects from it or the answer is live, and
//! its light goes out when nobody does.

use crate::ui::browser;
use crate::ui::components::reactive::effect;
use crate::ui::language::tr;
use js_sys::{Array, Function, Object, Reflect};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::*;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlVideoElement};

/// The short side of a frame: what the network's preparation scales pictures to.
const SHORT_SIDE: f64 = 256.0;

// What of a stream is needed; web-sys spreads it over a dozen types.
#[wasm_bindgen]
extern "C" {
    #[derive(Clone)]
    type Stream;
    #[wasm_bindgen(method, js_name = getVideoTracks)]
    fn video_tracks(this: &Stream) -> Array;

    type Track;
    #[wasm_bindgen(method)]
    fn stop(this: &Track);
    #[wasm_bindgen(method, js_name = getSettings)]
    fn settings(this: &Track) -> Object;
    #[wasm_bindgen(method, setter, js_name = onended)]
    fn set_on_ended(this: &Track, handler: &Function);
}

#[derive(Clone, Debug, PartialEq)]
pub enum Sight {
    Off,
    /// The browser asks the visitor.
    Asking,
    On,
    /// Why there is no picture, and what to do.
    Blind(String),
}

/// One frame, ready to be sent.
pub struct Frame {
    pub width: u32,
    pub height: u32,
    pub rgba: Vec<u8>,
}

#[derive(Clone, Copy)]
pub struct Camera {
    pub sight: RwSignal<Sight>,
    /// The class that collects.
    pub class: RwSignal<Option<u32>>,
    /// The answer is live.
    pub live: RwSignal<bool>,
    /// It looks at who sits before it: shown as a mirror shows.
    pub mirror: RwSignal<bool>,
    stream: StoredValue<Option<Stream>, LocalStorage>,
    /// Where the stream is seen; frames are taken from one of them.
    eyes: StoredValue<Vec<HtmlVideoElement>, LocalStorage>,
    canvas: StoredValue<Option<HtmlCanvasElement>, LocalStorage>,
}

impl Camera {
    pub fn new() -> Self {
        Self {
            sight: RwSignal::new(Sight::Off),
            class: RwSignal::new(None),
            live: RwSignal::new(false),
            mirror: RwSignal::new(true),
            stream: StoredValue::new_local(None),
            eyes: StoredValue::new_local(Vec::new()),
            canvas: StoredValue::new_local(None),
        }
    }

    /// A class starts or stops to collect.
    pub fn collect(self, class: Option<u32>) {
        self.class.set(class);
        self.as_wanted();
    }

    pub fn go_live(self, live: bool) {
        self.live.set(live);
        self.as_wanted();
    }

    pub fn put_away(self) {
        self.class.set(None);
        self.live.set(false);
        self.as_wanted();
    }

    pub fn retry(self) {
        self.sight.set(Sight::Off);
        self.as_wanted();
    }

    fn wanted(self) -> bool {
        self.live.get_untracked() || self.class.with_untracked(Option::is_some)
    }

    fn as_wanted(self) {
        let sight = self.sight.get_untracked();
        if !self.wanted() {
            self.close(Sight::Off);
        } else if !matches!(sight, Sight::On | Sight::Asking) {
            self.sight.set(Sight::Asking);
            spawn_local(async move {
                match open().await {
                    // Nobody wants it any more: the visitor thought better of it while the browser asked.
                    Ok(stream) if !self.wanted() => stop(&stream),
                    Ok(stream) => self.opened(stream),
                    Err(why) => self.sight.set(Sight::Blind(refusal(&why))),
                }
            });
        }
    }

    fn opened(self, stream: Stream) {
        for track in stream.video_tracks().iter() {
            let track: Track = track.unchecked_into();
            let facing =
                Reflect::get(&track.settings(), &"facingMode".into()).ok().and_then(|f| f.as_string());
            self.mirror.set(facing.as_deref() != Some("environment"));
            let ended = Closure::once_into_js(move || {
                let why =
                    tr!("The camera is gone: unplugged, or taken by another program. What it took is kept.");
                self.close(Sight::Blind(why));
            });
            track.set_on_ended(ended.unchecked_ref());
        }
        self.stream.set_value(Some(stream));
        self.sight.set(Sight::On);
    }

    fn close(self, sight: Sight) {
        let stream = self.stream.try_update_value(Option::take).flatten();
        if let Some(stream) = stream {
            stop(&stream);
        }
        self.sight.set(sight);
    }

    /// The picture as it comes, in its frame.
    pub fn view(self) -> AnyView {
        let node = NodeRef::<leptos::html::Video>::new();
        effect(move |_| {
            let on = self.sight.get() == Sight::On;
            if let Some(video) = node.get() {
                let stream = self.stream.get_value().filter(|_| on);
                // Setting it fails for what is no stream.
                let _ =
                    Reflect::set(&video, &"srcObject".into(), &stream.map_or(JsValue::NULL, JsValue::from));
                self.eyes.update_value(|eyes| {
                    eyes.retain(|e| e.is_connected() && *e != video);
                    eyes.push(video);
                });
            }
        });
        view! {
            <video
                class="eye"
                class:mirror=move || self.mirror.get()
                node_ref=node
                autoplay=true
                playsinline=true
                prop:muted=true
                aria-label=tr!("What the camera sees")
            ></video>
        }
        .into_any()
    }

    /// What the camera sees now, the short side as the network's preparation makes it.
    pub fn frame(self) -> Option<Frame> {
        let seen = |v: &HtmlVideoElement| v.is_connected() && v.video_width() > 0;
        let video = self.eyes.with_value(|eyes| eyes.iter().rev().find(|v| seen(v)).cloned())?;
        let (width, height) = (f64::from(video.video_width()), f64::from(video.video_height()));
        let scale = (SHORT_SIDE / width.min(height)).min(1.0);
        let (width, height) = ((width * scale).round(), (height * scale).round());
        let canvas = self.canvas()?;
        canvas.set_width(width as u32);
        canvas.set_height(height as u32);
        let context = context(&canvas)?;
        context.draw_image_with_html_video_element_and_dw_and_dh(&video, 0.0, 0.0, width, height).ok()?;
        let image = context.get_image_data(0.0, 0.0, width, height).ok()?;
        Some(Frame { width: width as u32, height: height as u32, rgba: image.data().to_vec() })
    }

    fn canvas(self) -> Option<HtmlCanvasElement> {
        if self.canvas.with_value(Option::is_none) {
            self.canvas.set_value(document().create_element("canvas").ok().and_then(|c| c.dyn_into().ok()));
        }
        self.canvas.get_value()
    }
}

/// It is read after every drawing, so it stays where reading is quick.
fn context(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    let options = Object::new();
    Reflect::set(&options, &"willReadFrequently".into(), &JsValue::TRUE).ok()?;
    canvas.get_context_with_context_options("2d", &options).ok()??.dyn_into().ok()
}

fn stop(stream: &Stream) {
    stream.video_tracks().iter().for_each(|track| track.unchecked_into::<Track>().stop());
}

async fn open() -> Result<Stream, JsValue> {
    let devices = browser::service("mediaDevices")?;
    // Things are held before the camera that looks away from the visitor, where there is one.
    let wish = js_sys::JSON::parse(
        r#"{"audio":false,"video":{"facingMode":{"ideal":"environment"},"width":{"ideal":640},"height":{"ideal":480}}}"#,
    )?;
    Ok(browser::promised(&devices, "getUserMedia", &Array::of1(&wish)).await?.unchecked_into())
}

fn refusal(error: &JsValue) -> String {
    let name = Reflect::get(error, &"name".into()).ok().and_then(|n| n.as_string()).unwrap_or_default();
    match name.as_str() {
        "NotAllowedError" => {
            tr!("The camera was refused. Allow it beside the address of this page, then try again.")
        }
        "NotFoundError" => tr!("There is no camera here. Add files instead, or plug one in and try again."),
        "NotReadableError" => tr!("Another program uses the camera. Close it there, then try again."),
        _ => tr!(
            "This browser does not give the page a camera: it does so only for addresses with https. Add files instead."
        ),
    }
}
