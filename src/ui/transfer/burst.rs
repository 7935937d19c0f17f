//! Collecting with the camera: while the button is held, or space is pressed, eight pictures a second.

use super::camera::Sight;
use super::controller::TransferController;
use super::incoming::{About, Job, Source};
use crate::ui::components::camera::Frame;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::reactive::{flag, memo, part, text};
use crate::ui::language::tr;
use leptos::leptos_dom::helpers::{IntervalHandle, set_interval_with_handle};
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent, PointerEvent};

const EVERY: Duration = Duration::from_millis(125);
/// Frames wait as pixels, a third of a megabyte each: where the engine is slower, a burst takes fewer.
const MOST_WAITING: usize = 60;

pub fn view(desk: TransferController, key: u32) -> AnyView {
    let camera = desk.camera;
    let here = memo(move || camera.class.get() == Some(key));
    part(move || {
        here.get().then(|| {
            view! {
                <div class="taking" data-testid="taking">
                    <div class="eye-frame">{camera.view()}{sight(desk)}</div>
                    {hold(desk, key)}
                    <p class="note">{tr!("One press is one recording. It is held out as a whole or not at all, so take several.")}</p>
                </div>
            }
            .into_any()
        })
    })
}

/// Words over the picture while there is none.
pub fn sight(desk: TransferController) -> AnyView {
    let camera = desk.camera;
    part(move || {
        match camera.sight.get() {
        Sight::On => None,
        Sight::Off => Some(view! { <p class="eye-words">{tr!("The camera is off.")}</p> }.into_any()),
        Sight::Asking => {
            Some(view! { <p class="eye-words">{tr!("Allow the camera: the browser asks you.")}</p> }.into_any())
        }
        Sight::Blind(why) => Some(
            view! {
                <div class="eye-words" role="alert" data-testid="camera-trouble">
                    <p>{why}</p>
                    <button type="button" class="button" on:click=move |_| camera.retry()>{tr!("Try again")}</button>
                </div>
            }
            .into_any(),
        ),
    }
    })
}

#[derive(Clone, Copy)]
struct Burst {
    desk: TransferController,
    key: u32,
    timer: StoredValue<Option<IntervalHandle>>,
    running: RwSignal<bool>,
    /// Its number. One press is one recording.
    recording: StoredValue<u32>,
}

impl Burst {
    fn start(self) {
        if self.running.get_untracked() {
            return;
        }
        self.running.set(true);
        self.recording.set_value(self.desk.change(|p| {
            p.next_recording += 1;
            p.next_recording
        }));
        self.take_one();
        let timer = set_interval_with_handle(move || self.take_one(), EVERY);
        self.timer.set_value(timer.ok());
    }

    fn stop(self) {
        // The button may have gone with its class.
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
        let _ = self.running.try_set(false);
    }

    fn take_one(self) {
        if self.desk.camera.sight.get_untracked() != Sight::On || document().hidden() {
            return self.stop();
        }
        if self.desk.intake.waiting() < MOST_WAITING
            && let Some(Frame { width, height, rgba }) = self.desk.camera.frame()
        {
            let about = About { recording: Some(self.recording.get_value()), ..About::default() };
            let source = Source::Frame { width, height, rgba };
            self.desk.take(vec![Job { key: self.key, source, about }]);
        }
    }

    fn key_down(self, event: &KeyboardEvent) {
        if matches!(event.key().as_str(), " " | "Enter") {
            event.prevent_default();
            if !event.repeat() {
                self.start();
            }
        }
    }
}

fn hold(desk: TransferController, key: u32) -> AnyView {
    let burst = Burst {
        desk,
        key,
        timer: StoredValue::new(None),
        running: RwSignal::new(false),
        recording: StoredValue::new(0),
    };
    on_cleanup(move || burst.stop());
    let off = flag(move || desk.camera.sight.get() != Sight::On);
    view! {
        <div class="buttons">
            <button
                type="button"
                class="button strong hold"
                class:held=flag(move || burst.running.get())
                disabled=off
                aria-label=text(move || tr!("Hold to take pictures of {}", desk.name(key)))
                on:pointerdown=move |e| {
                    if e.button() == 0 {
                        e.prevent_default();
                        hold_on(&e);
                        burst.start();
                    }
                }
                on:pointerup=move |_| burst.stop()
                on:pointercancel=move |_| burst.stop()
                on:lostpointercapture=move |_| burst.stop()
                on:contextmenu=move |e| e.prevent_default()
                on:keydown=move |e| burst.key_down(&e)
                on:keyup=move |e| {
                    e.prevent_default();
                    burst.stop();
                }
                on:blur=move |_| burst.stop()
                on:click=move |e| {
                    // Neither pointer nor key: an assistive program presses it.
                    if e.detail() == 0 && !burst.running.get_untracked() {
                        burst.start();
                        burst.stop();
                    }
                }
            >
                {icon(Icon::Camera)}
                <span>{text(move || if burst.running.get() { tr!("Taking pictures") } else { tr!("Hold to take pictures") })}</span>
            </button>
            <button type="button" class="button" on:click=move |_| desk.camera.collect(None)>{tr!("Done")}</button>
        </div>
    }
    .into_any()
}

/// The button hears the pointer until it is let go, wherever it slips to.
fn hold_on(event: &PointerEvent) {
    if let Some(button) = event.current_target().and_then(|t| t.dyn_into::<Element>().ok()) {
        // Fails for a pointer that is gone already; then the burst ends with it.
        let _ = button.set_pointer_capture(event.pointer_id());
    }
}

/// Moves the focus once the page has been drawn.
pub fn focus_soon(id: String) {
    request_animation_frame(move || {
        let target = document().get_element_by_id(&id).and_then(|e| e.dyn_into::<HtmlElement>().ok());
        if let Some(target) = target {
            // Fails for elements that cannot have the focus; these can.
            let _ = target.focus();
        }
    });
}
