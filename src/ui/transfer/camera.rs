//! The camera: one stream, whoever looks at it. It runs while a class collects from it or the answer is live, and
//! its light goes out when nobody does.

use crate::ui::components::camera::{Frame, Stream, frame, show_nothing_in};
use crate::ui::components::reactive::effect;
use crate::ui::language::tr;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::HtmlVideoElement;

/// The short side of a frame: what the network's preparation scales pictures to.
const SHORT_SIDE: f64 = 256.0;

#[derive(Clone, Debug, PartialEq)]
pub enum Sight {
    Off,
    /// The browser asks the visitor.
    Asking,
    On,
    /// Why there is no picture, and what to do.
    Blind(String),
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
                match Stream::open(640, Some(480)).await {
                    // The visitor thought better of it while the browser asked.
                    Ok(stream) if !self.wanted() => stream.stop(),
                    Ok(stream) => self.opened(stream),
                    Err(why) => self.sight.set(Sight::Blind(why)),
                }
            });
        }
    }

    fn opened(self, stream: Stream) {
        self.mirror.set(!stream.looks_away());
        stream.on_end(move || {
            let why =
                tr!("The camera is gone: unplugged, or taken by another program. What it took is kept.");
            self.close(Sight::Blind(why));
        });
        self.stream.set_value(Some(stream));
        self.sight.set(Sight::On);
    }

    fn close(self, sight: Sight) {
        let stream = self.stream.try_update_value(Option::take).flatten();
        if let Some(stream) = stream {
            stream.stop();
        }
        self.sight.set(sight);
    }

    /// The picture as it comes, in its frame.
    pub fn view(self) -> AnyView {
        let node = NodeRef::<leptos::html::Video>::new();
        effect(move |_| {
            let on = self.sight.get() == Sight::On;
            if let Some(video) = node.get() {
                match self.stream.get_value().filter(|_| on) {
                    Some(stream) => stream.show_in(&video),
                    None => show_nothing_in(&video),
                }
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
        frame(&video, SHORT_SIDE)
    }
}
