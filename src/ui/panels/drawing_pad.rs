//! The square: draw on it with mouse, pen or finger; other pictures that are looked at are shown on it.

use super::drawing_pad_keys::{Pen, Strokes};
use super::panel_state::{InspectedExample, PanelState};
use crate::protocol::Picture;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::ink::{Drawing, SIDE, context, read};
use crate::ui::components::pick::pointer_in;
use crate::ui::components::picture::{blank, draw_picture, ink_canvas};
use crate::ui::components::reactive::{effect, flag};
use crate::ui::components::throttle::Throttle;
use crate::ui::language::tr;
use leptos::html;
use leptos::prelude::*;
use serde_bytes::ByteBuf;
use wasm_bindgen::JsCast;
use web_sys::{Element, PointerEvent};

const SEND_MILLISECONDS: f64 = 100.0;

#[derive(Clone, Copy)]
pub struct Pad {
    scene: PanelState,
    drawing: RwSignal<Drawing>,
    /// The pointer that draws.
    pen: StoredValue<Option<i32>>,
    sending: Throttle,
    canvas: NodeRef<html::Canvas>,
    /// For who draws with the keyboard.
    keys: Pen,
}

impl Pad {
    pub fn new(scene: PanelState) -> Self {
        let pad = Self {
            scene,
            drawing: RwSignal::new(Drawing::default()),
            pen: StoredValue::new(None),
            sending: Throttle::new(SEND_MILLISECONDS),
            canvas: NodeRef::new(),
            keys: Pen::default(),
        };
        effect(move |_| {
            // Another picture is looked at: the drawing is over.
            if scene.subject.with(|s| *s != InspectedExample::Drawing) {
                pad.drawing.set(Drawing::default());
                pad.paint();
            }
        });
        pad
    }

    fn begin(self, event: &PointerEvent) {
        if event.button() != 0 || self.pen.get_value().is_some() {
            return;
        }
        event.prevent_default();
        if let Some(target) = event.current_target().and_then(|t| t.dyn_into::<Element>().ok()) {
            // Without capture a stroke merely ends at the edge.
            let _ = target.set_pointer_capture(event.pointer_id());
        }
        self.pen.set_value(Some(event.pointer_id()));
        if let Some(point) = place(event) {
            self.start(point);
        }
    }

    fn go_on(self, event: &PointerEvent) {
        if self.pen.get_value() != Some(event.pointer_id()) {
            return;
        }
        if let Some(point) = place(event) {
            self.extend(point);
        }
    }

    fn end(self, event: &PointerEvent) {
        if self.pen.get_value() == Some(event.pointer_id()) {
            self.pen.set_value(None);
            self.changed();
        }
    }

    fn clear(self) {
        self.drawing.set(Drawing::default());
        self.changed();
    }

    fn changed(self) {
        self.paint();
        self.sending.run(move || self.send());
    }

    fn paint(self) {
        if let Some(context) = self.canvas.get_untracked().and_then(|c| context(&c)) {
            self.drawing.with_untracked(|d| d.draw(&context));
        }
    }

    fn send(self) {
        if self.drawing.with_untracked(Drawing::is_empty) {
            if self.scene.subject.with_untracked(|s| *s == InspectedExample::Drawing) {
                self.scene.look_at_nothing();
            }
            return;
        }
        if self.pen.get_value().is_some() && self.drawing.with_untracked(Drawing::is_speck) {
            return;
        }
        let ink = self.canvas.get_untracked().and_then(|c| context(&c)).and_then(|c| read(&c));
        if let Some(ink) = ink {
            self.scene.look(
                InspectedExample::Drawing,
                Picture::Drawing { width: SIDE, height: SIDE, ink: ByteBuf::from(ink) },
            );
        }
    }

    pub fn view(self) -> AnyView {
        let blank = flag(move || self.scene.subject.with(|s| *s == InspectedExample::Nothing));
        let mine = flag(move || self.scene.subject.with(|s| *s == InspectedExample::Drawing));
        view! {
            <div
                class="pad"
                class:blank=blank
                class:mine=mine
                role="application"
                tabindex="0"
                aria-label=tr!("Drawing pad: draw with mouse, pen or finger, or with the keyboard: arrows move the pen, Space lowers and lifts it, Backspace takes the last stroke back")
                data-testid="pad"
                on:keydown=move |e| self.keys.key(self, &e)
                on:pointerdown=move |e| self.begin(&e)
                on:pointermove=move |e| self.go_on(&e)
                on:pointerup=move |e| self.end(&e)
                on:pointercancel=move |e| self.end(&e)
            >
                {self.shown()}
                <canvas class="ink pad-ink" node_ref=self.canvas width=SIDE height=SIDE aria-hidden="true"></canvas>
                {self.keys.view()}
                <span class="pad-hint" aria-hidden="true">{tr!("draw here")}</span>
            </div>
        }
        .into_any()
    }

    /// The picture that is looked at, when it is not a drawing.
    fn shown(self) -> AnyView {
        let scene = self.scene;
        ink_canvas("pad-picture", move |canvas| {
            let own =
                scene.subject.with(|s| matches!(s, InspectedExample::Drawing | InspectedExample::Nothing));
            scene.state.seen.with(|seen| match seen.as_ref().and_then(|s| s.look.as_ref()) {
                Some(look) if !own => draw_picture(canvas, scene.shape(), &look.input),
                _ => blank(canvas),
            });
        })
    }

    pub fn undo_and_clear(self) -> AnyView {
        let empty = flag(move || self.drawing.with(Drawing::is_empty));
        view! {
            <button type="button" class="button" disabled=empty on:click=move |_| self.undo()>
                {icon(Icon::Undo)}
                {tr!("Undo")}
            </button>
            <button type="button" class="button" disabled=empty on:click=move |_| self.clear()>
                {icon(Icon::Clear)}
                {tr!("Clear")}
            </button>
        }
        .into_any()
    }
}

impl Strokes for Pad {
    /// A stroke begins there.
    fn start(self, point: (f64, f64)) {
        self.scene.subject.set(InspectedExample::Drawing);
        self.drawing.update(|d| d.begin(point));
        self.changed();
    }

    /// The last stroke goes on to there.
    fn extend(self, point: (f64, f64)) {
        self.drawing.update(|d| d.extend(point));
        self.changed();
    }

    fn say(self, words: String) {
        self.scene.announcement.set(words);
    }

    fn undo(self) {
        self.drawing.update(|d| drop(d.strokes.pop()));
        self.changed();
    }
}

/// Where the pointer is, in the pad's own pixels.
fn place(event: &PointerEvent) -> Option<(f64, f64)> {
    let side = f64::from(SIDE);
    pointer_in(event).map(|(x, y)| (x * side, y * side))
}
