//! Asking a chart: the values at a step, by pointer or by arrow keys.

use super::chart::{Chart, of_test, of_train};
use super::curve::{Curves, at};
use crate::ui::components::format;
use crate::ui::components::pick::pointer_in;
use crate::ui::components::plot::Point;
use crate::ui::components::reactive::text;
use crate::ui::language::{known, tr};
use crate::ui::panels::panel_state::PanelState;
use leptos::prelude::*;
use web_sys::{KeyboardEvent, PointerEvent};

/// Puts a value into words.
type Wording = fn(String) -> String;

#[derive(Clone, Copy)]
pub struct Reader {
    pub chart: Chart,
    /// A step; none while nobody asks.
    pub cursor: RwSignal<Option<f64>>,
    pub scene: PanelState,
}

impl Reader {
    /// Where the cursor stands, 0…1.
    pub fn share(self) -> Option<f64> {
        let steps = self.chart.curves.with(|c| c.steps);
        self.cursor.get().map(|step| (step / steps.max(1.0)).clamp(0.0, 1.0))
    }

    /// What is known at the cursor; without one, nothing.
    pub fn words(self) -> String {
        let Some(step) = self.cursor.get() else { return String::new() };
        self.chart.curves.with(|c| {
            let epoch = step / c.steps_per_epoch.max(1.0);
            let mut words = tr!("epoch {}, step {}", format::decimals(epoch, 2), format::count(step as u64));
            let curves: [(Wording, _); 2] = [(of_train, &c.train), (of_test, &c.test)];
            for (name, points) in curves {
                if let Some((_, value)) = at(points, step) {
                    words.push_str(", ");
                    words.push_str(&name((self.chart.words)(value)));
                }
            }
            for behind in &c.behind {
                if let Some((_, value)) = at(&behind.points, step) {
                    words.push_str(&format!(", {} {}", behind.letter, (self.chart.words)(value)));
                }
            }
            words
        })
    }

    /// One sentence for who does not see the chart.
    fn summary(self) -> String {
        self.chart.curves.with(|c| {
            let last = |points: &[Point]| points.last().map(|p| (self.chart.words)(p.1));
            match (last(&c.train), last(&c.test)) {
                (None, None) => tr!("{}: nothing yet", known(self.chart.title)),
                (train, test) => tr!(
                    "{} over {} epochs: on training batches {}, on the test set {}. Arrow keys read the values",
                    known(self.chart.title),
                    format::number(reach(c) / c.steps_per_epoch.max(1.0)),
                    train.unwrap_or_else(|| tr!("nothing yet")),
                    test.unwrap_or_else(|| tr!("nothing yet")),
                ),
            }
        })
    }

    fn point(self, event: &PointerEvent) {
        let Some((share, _)) = pointer_in(event) else { return };
        let steps = self.chart.curves.with_untracked(|c| c.steps);
        self.cursor.set(Some((share * steps).clamp(0.0, steps)));
    }

    fn key(self, event: &KeyboardEvent) {
        let (steps, reach) = self.chart.curves.with_untracked(|c| (c.steps, reach(c)));
        let now = self.cursor.get_untracked().unwrap_or(reach);
        let next = match event.key().as_str() {
            "ArrowLeft" | "ArrowDown" => now - steps / 50.0,
            "ArrowRight" | "ArrowUp" => now + steps / 50.0,
            "Home" => 0.0,
            "End" => reach,
            "Escape" => {
                self.cursor.set(None);
                return;
            }
            _ => return,
        };
        event.prevent_default();
        self.cursor.set(Some(next.clamp(0.0, reach)));
        self.scene.announcement.set(untrack(|| self.words()));
    }
}

/// The last step that anything is known of.
fn reach(c: &Curves) -> f64 {
    let ends = [c.train.last(), c.test.last()].into_iter().chain(c.behind.iter().map(|b| b.points.last()));
    ends.flatten().map(|p| p.0).fold(0.0, f64::max)
}

/// The part of a chart that can be asked.
pub fn area(reader: Reader, drawing: AnyView) -> AnyView {
    view! {
        <div
            class="chart-area"
            role="img"
            tabindex="0"
            aria-label=text(move || reader.summary())
            on:pointermove=move |e| reader.point(&e)
            on:pointerdown=move |e| reader.point(&e)
            on:pointerleave=move |_| reader.cursor.set(None)
            on:blur=move |_| reader.cursor.set(None)
            on:keydown=move |e| reader.key(&e)
        >
            {drawing}
        </div>
    }
    .into_any()
}
