//! The picture that is looked at, as the array of numbers that it is: point at a pixel, or walk with the arrow keys,
//! and read what is there. A colour picture's channels stand beside it.

use super::panel_state::{InspectedExample, PanelState};
use crate::ui::components::format;
use crate::ui::components::pick::{PixelWindow, Spot, by_key, frame, under_pointer};
use crate::ui::components::picture::{blank, draw_channel, draw_picture, ink_canvas};
use crate::ui::components::reactive::{memo, part, text};
use crate::ui::language::tr;
use leptos::prelude::*;
use web_sys::{KeyboardEvent, MouseEvent, PointerEvent};

#[derive(Clone, Copy)]
pub struct Pixels {
    scene: PanelState,
    place: RwSignal<Option<Spot>>,
}

impl Pixels {
    pub fn new(scene: PanelState) -> Self {
        Self { scene, place: RwSignal::new(None) }
    }

    /// The bytes that the network sees, `[channels, height, width]`.
    fn shown(self) -> Option<Vec<u8>> {
        let shown = self.scene.state.seen.with(|s| Some(s.as_ref()?.look.as_ref()?.input.to_vec()));
        shown.filter(|bytes| bytes.len() == self.scene.shape().iter().product::<usize>())
    }

    fn go(self, place: Option<Spot>) {
        if place.is_some() && self.place.get_untracked().is_none() {
            self.scene.state.count_action("pixel");
        }
        self.place.set(place);
    }

    fn size(self) -> (usize, usize) {
        let [_, height, width] = self.scene.shape();
        (height, width)
    }

    fn point(self, event: &MouseEvent) {
        let spot = under_pointer(event, untrack(move || self.size()));
        if spot.is_some() && untrack(move || self.shown()).is_some() {
            self.go(spot);
        }
    }

    /// A finger that is lifted leaves the pixel shown.
    fn leave(self, event: &PointerEvent) {
        if event.pointer_type() == "mouse" {
            self.place.set(None);
        }
    }

    fn key(self, event: &KeyboardEvent) {
        let (height, width) = untrack(move || self.size());
        if event.key() == "Escape" {
            return self.place.set(None);
        }
        let from = self.place.get_untracked().unwrap_or((height / 2, width / 2));
        let Some(next) = by_key(event, from, (height, width)) else { return };
        event.prevent_default();
        if untrack(move || self.shown()).is_some() {
            self.go(Some(next));
            self.scene.announcement.set(untrack(move || self.sentence()));
        }
    }

    /// The picture, to point at.
    pub fn picture(self, class: &'static str) -> AnyView {
        let scene = self.scene;
        let draw = ink_canvas("pixels-canvas", move |canvas| match self.shown() {
            Some(bytes) => draw_picture(canvas, scene.shape(), &bytes),
            None => blank(canvas),
        });
        view! {
            <div
                class=class
                role="application"
                tabindex="0"
                aria-label=tr!("The picture’s numbers: arrow keys go from pixel to pixel")
                data-testid="pixels"
                on:pointermove=move |e| self.point(&e)
                on:pointerdown=move |e| self.point(&e)
                on:pointerleave=move |e| self.leave(&e)
                on:blur=move |_| self.place.set(None)
                on:keydown=move |e| self.key(&e)
            >
                {draw}
                {self.mark()}
            </div>
        }
        .into_any()
    }

    /// Where the pixel is.
    fn mark(self) -> AnyView {
        frame(move || self.place.get().map(|spot| PixelWindow::spot(spot, self.size())))
    }

    /// How much red, green and blue there is, each as a picture; nothing where there are no colours.
    pub fn channels(self) -> AnyView {
        let colour = memo(move || self.scene.shape()[0] == 3);
        let channels = part(move || {
            let names = [tr!("red"), tr!("green"), tr!("blue")];
            let all = names.into_iter().enumerate().map(move |(at, name)| self.channel(at, name));
            colour
                .get()
                .then(|| view! { <div class="channels" data-testid="channels">{all.collect_view()}</div> })
        });
        channels.into_any()
    }

    fn channel(self, channel: usize, name: String) -> AnyView {
        let draw = ink_canvas("pixels-canvas", move |canvas| match self.shown() {
            Some(bytes) => draw_channel(canvas, self.scene.shape(), &bytes, channel),
            None => blank(canvas),
        });
        let value = move || {
            let [_, height, width] = self.scene.shape();
            let (y, x) = self.place.get()?;
            self.shown()?.get((channel * height + y) * width + x).map(u8::to_string)
        };
        let value = text(move || value().unwrap_or_default());
        view! {
            <div class="channel">
                <div
                    class="channel-picture"
                    aria-hidden="true"
                    on:pointermove=move |e| self.point(&e)
                    on:pointerleave=move |e| self.leave(&e)
                >
                    {draw}
                    {self.mark()}
                </div>
                <span class="channel-name">{name}" "<span class="num">{value}</span></span>
            </div>
        }
        .into_any()
    }

    /// “Row 12, column 7: red 143, green 128, blue 90; the network gets 0.13, 0.01, −0.29”
    pub fn sentence(self) -> String {
        let [channels, height, width] = self.scene.shape();
        let here = self.place.get().zip(self.shown());
        let Some(((y, x), bytes)) = here else {
            return match channels {
                3 if self.scene.subject.with(|s| *s != InspectedExample::Nothing) => tr!(
                    "An array: height {} × width {} × {} channels. Point at a pixel to read its three numbers",
                    height,
                    width,
                    channels
                ),
                _ => String::new(),
            };
        };
        let byte = |channel: usize| bytes[(channel * height + y) * width + x];
        let normal = |channel: usize| {
            let constants = self.scene.dataset.with(|d| {
                let d = d.as_ref()?;
                Some((*d.mean.get(channel)?, *d.std.get(channel)?))
            });
            let (mean, std) = constants.unwrap_or((0.0, 1.0));
            format::decimals(((f32::from(byte(channel)) / 255.0 - mean) / std).into(), 2)
        };
        let what = match channels {
            3 => tr!(
                "red {}, green {}, blue {}; the network gets {}, {}, {}",
                byte(0),
                byte(1),
                byte(2),
                normal(0),
                normal(1),
                normal(2)
            ),
            _ => tr!("{} of 255; the network gets {}", byte(0), normal(0)),
        };
        tr!("Row {}, column {}: {}", y + 1, x + 1, what)
    }
}
