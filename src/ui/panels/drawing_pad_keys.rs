//! Drawing without a mouse: arrows move the pen, Space lowers and lifts it.

use crate::ui::components::ink::SIDE;
use crate::ui::components::reactive::{flag, text};
use crate::ui::language::tr;
use leptos::prelude::*;
use web_sys::KeyboardEvent;

/// A twentieth of the pad; with Shift a sixtieth.
const STRIDE: f64 = SIDE as f64 / 20.0;

/// What the pen draws on.
pub trait Strokes: Copy {
    fn start(self, point: (f64, f64));
    fn extend(self, point: (f64, f64));
    fn undo(self);
    fn say(self, words: String);
}

#[derive(Clone, Copy)]
pub struct Pen {
    at: RwSignal<(f64, f64)>,
    down: RwSignal<bool>,
}

impl Default for Pen {
    fn default() -> Self {
        let middle = f64::from(SIDE) / 2.0;
        Self { at: RwSignal::new((middle, middle / 2.0)), down: RwSignal::new(false) }
    }
}

impl Pen {
    pub fn key(self, pad: impl Strokes, event: &KeyboardEvent) {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let step = if event.shift_key() { STRIDE / 3.0 } else { STRIDE };
        match event.key().as_str() {
            "ArrowLeft" => self.go(pad, (-step, 0.0)),
            "ArrowRight" => self.go(pad, (step, 0.0)),
            "ArrowUp" => self.go(pad, (0.0, -step)),
            "ArrowDown" => self.go(pad, (0.0, step)),
            " " | "Enter" => self.lower_or_lift(pad),
            "Escape" if self.down.get_untracked() => self.lower_or_lift(pad),
            "Backspace" | "Delete" => pad.undo(),
            _ => return,
        }
        event.prevent_default();
    }

    fn go(self, pad: impl Strokes, by: (f64, f64)) {
        let side = f64::from(SIDE);
        self.at.update(|at| *at = ((at.0 + by.0).clamp(0.0, side), (at.1 + by.1).clamp(0.0, side)));
        if self.down.get_untracked() {
            pad.extend(self.at.get_untracked());
        }
    }

    fn lower_or_lift(self, pad: impl Strokes) {
        let down = !self.down.get_untracked();
        self.down.set(down);
        if down {
            pad.start(self.at.get_untracked());
        }
        pad.say(if down { tr!("Pen down") } else { tr!("Pen up") });
    }

    /// Shown while the pad has the keyboard.
    pub fn view(self) -> AnyView {
        let place = move || {
            let (x, y) = self.at.get();
            let share = |n: f64| n / f64::from(SIDE) * 100.0;
            format!("left:{:.1}%;top:{:.1}%", share(x), share(y))
        };
        view! {
            <span class="pad-pen" class:down=flag(move || self.down.get()) style=text(place) aria-hidden="true"></span>
        }
        .into_any()
    }
}
