//! The camera in a small window: what it sees, a shutter, and a sentence where there is none.

use super::queue::{Given, PictureSource};
use crate::ui::components::camera::{Frame, Stream, frame};
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::modal::{head, modal};
use crate::ui::components::reactive::{effect, flag, part};
use crate::ui::language::tr;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[derive(Clone, Copy)]
struct Camera {
    open: RwSignal<bool>,
    /// It shows something.
    seeing: RwSignal<bool>,
    trouble: RwSignal<Option<String>>,
    stream: StoredValue<Option<Stream>, LocalStorage>,
    video: NodeRef<html::Video>,
}

impl Camera {
    fn start(self) {
        self.trouble.set(None);
        self.seeing.set(false);
        spawn_local(async move {
            let stream = Stream::open(1280, None).await;
            let wanted = self.open.try_get_untracked() == Some(true);
            match (stream, self.video.try_get_untracked().flatten()) {
                (Ok(stream), Some(video)) if wanted => {
                    stream.show_in(&video);
                    stream.on_end(move || self.unplugged());
                    self.stream.set_value(Some(stream));
                }
                // Shut before it was open.
                (Ok(stream), _) => stream.stop(),
                (Err(why), _) if wanted => self.trouble.set(Some(why)),
                (Err(_), _) => (),
            }
        });
    }

    fn stop(self) {
        let stream = self.stream.try_update_value(Option::take).flatten();
        stream.into_iter().for_each(|s| s.stop());
    }

    fn unplugged(self) {
        self.stop();
        let why = tr!("The camera is gone. Plug it in again and open this window anew.");
        let _ = self.trouble.try_set(Some(why));
        let _ = self.seeing.try_set(false);
    }

    fn shoot(self, take: &impl Fn(Given)) {
        let Some(Frame { width, height, rgba }) =
            self.video.get_untracked().and_then(|v| frame(&v, f64::INFINITY))
        else {
            return;
        };
        self.open.set(false);
        let source = PictureSource::Camera { width, height, rgba };
        take(Given { name: tr!("Photo"), source, sample: None });
    }
}

/// `take` gets what was photographed.
pub fn dialog(open: RwSignal<bool>, take: impl Fn(Given) + 'static) -> AnyView {
    let dialog = modal(open);
    let camera = Camera {
        open,
        seeing: RwSignal::new(false),
        trouble: RwSignal::new(None),
        stream: StoredValue::new_local(None),
        video: NodeRef::new(),
    };
    effect(move |_| match open.get() {
        true => camera.start(),
        false => camera.stop(),
    });
    on_cleanup(move || camera.stop());
    let seeing = camera.seeing;
    let state = part(move || {
        let said = camera.trouble.get().or_else(|| {
            (!seeing.get()).then(|| tr!("Waiting for the camera; your browser may ask you first."))
        });
        said.map(|said| view! { <p class="camera-words" role="status">{said}</p> })
    });
    view! {
        <dialog class="help camera" node_ref=dialog aria-labelledby="title-camera" on:close=move |_| open.set(false)>
            {head("title-camera", tr!("Camera"), open)}
            <div class="camera-view">
                <video node_ref=camera.video autoplay=true playsinline=true aria-label=tr!("What the camera sees") on:playing=move |_| seeing.set(true)></video>
                {state}
            </div>
            <button
                type="button"
                class="play camera-shoot"
                disabled=flag(move || !seeing.get())
                on:click=move |_| camera.shoot(&take)
            >
                {icon(Icon::Camera)}
                {tr!("Take the picture")}
            </button>
        </dialog>
    }
    .into_any()
}
