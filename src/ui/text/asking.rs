//! What is asked again as the network gets better: at once when the question changes, then at a pace, one question at a
//! time, and once more when training stops.

use crate::protocol::Failure;
use crate::ui::components::reactive::{effect, memo};
use crate::ui::components::throttle::Throttle;
use crate::ui::language::{known, tr};
use crate::ui::panels::panel_state::PanelState;
use js_sys::{Array, Reflect};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

/// A screen reader is told of what changes at most this often.
const SAY_MILLISECONDS: f64 = 5000.0;

/// `ask` gets what is wanted; where that is none, nothing is asked.
pub fn keep_asking<Q, F>(
    scene: PanelState,
    milliseconds: f64,
    wanted: Memo<Option<Q>>,
    ask: impl Fn(Q) -> F + Copy + 'static,
) where
    Q: Clone + PartialEq + Send + Sync + 'static,
    F: Future<Output = ()> + 'static,
{
    let (asking, again) = (StoredValue::new(false), StoredValue::new(false));
    let throttle = Throttle::new(milliseconds);
    let go = move || {
        again.set_value(true);
        if asking.get_value() {
            return;
        }
        asking.set_value(true);
        spawn_local(async move {
            while again.try_get_value() == Some(true) {
                again.set_value(false);
                let Some(question) = wanted.try_get_untracked().flatten() else { break };
                ask(question).await;
            }
            // The view may be gone by then.
            let _ = asking.try_set_value(false);
        });
    };
    effect(move |before: Option<Option<Q>>| {
        scene.tick.track();
        let now = wanted.get();
        match &now {
            None => (),
            Some(_) if before.as_ref() != Some(&now) => go(),
            Some(_) => throttle.run(go),
        }
        now
    });
}

/// Whether any part of the element is on the screen, so that nothing is asked for a panel that nobody sees.
pub fn on_screen(node: NodeRef<leptos::html::Div>) -> RwSignal<bool> {
    let shown = RwSignal::new(false);
    let told = Closure::<dyn FnMut(Array)>::new(move |entries: Array| {
        let last = entries.get(entries.length().saturating_sub(1));
        let now = Reflect::get(&last, &"isIntersecting".into()).is_ok_and(|is| is.is_truthy());
        if shown.try_get_untracked() == Some(!now) {
            shown.set(now);
        }
    });
    let observer = web_sys::IntersectionObserver::new(told.as_ref().unchecked_ref()).ok();
    let kept = StoredValue::new_local((observer, told));
    effect(move |_| {
        let Some(element) = node.get() else { return };
        kept.with_value(|(observer, _)| observer.iter().for_each(|o| o.observe(&element)));
    });
    on_cleanup(move || _ = kept.try_with_value(|(observer, _)| observer.iter().for_each(|o| o.disconnect())));
    shown
}

/// Why something was not answered, and what to do.
pub fn refusal(failure: &Failure) -> String {
    format!("{} {}", known(&failure.what), known(&failure.advice))
}

/// “after 1,200 steps”
pub fn when(step: u32) -> String {
    match step {
        0 => tr!("before training"),
        step => tr!("after {n} step" | "after {n} steps" % step),
    }
}

/// The same words, at the pace at which they can be listened to.
pub fn said(words: impl Fn() -> Option<String> + Send + Sync + 'static) -> Signal<String> {
    let words = memo(words);
    let said = RwSignal::new(String::new());
    let throttle = Throttle::new(SAY_MILLISECONDS);
    effect(move |_| {
        words.track();
        throttle.run(move || said.set(words.get_untracked().unwrap_or_default()));
    });
    said.into()
}
