//! What is asked again as the network gets better: at once when the question changes, then at a pace, one question at a
//! time, and once more when training stops.

use crate::datasets::masked::MASK;
use crate::protocol::{Excerpt, Failure, Question, Request, Response};
use crate::ui::components::reactive::{effect, memo, subscribe};
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

/// A text of the visitor's: none until the first held-out example is known, which it begins as, `spelled`. With other data
/// it begins anew, and `forget` is called.
pub fn own_text(
    scene: PanelState,
    milliseconds: f64,
    refused: RwSignal<Option<String>>,
    forget: impl Fn() + 'static,
    spelled: impl Fn(&Excerpt) -> String + Copy + 'static,
) -> RwSignal<Option<String>> {
    let own = RwSignal::new(None);
    let data = memo(move || scene.state.spec.with(|spec| (spec.data.clone(), spec.seed)));
    effect(move |_| {
        subscribe(data);
        own.set(None);
        forget();
    });
    let wanted = memo(move || own.with(Option::is_none).then(|| data.get()));
    keep_asking(scene, milliseconds, wanted, move |_| async move {
        let question = Request::Excerpt(Question::Example { test: true, index: 0 });
        let answer = scene.lab.ask(question).await;
        // The visitor has typed one by now, or the view is gone.
        if own.try_get_untracked() != Some(None) {
            return;
        }
        match answer {
            Ok(Response::Excerpt(found)) => {
                refused.set(None);
                own.set(Some(spelled(&found)));
            }
            Ok(_) => (),
            Err(failure) => refused.set(Some(refusal(&failure))),
        }
    });
    own
}

/// The first tokens of an example as a visitor would write them. A hidden word has the blank before it in it, which stands
/// before the sign when it is written.
pub fn spelled(found: &Excerpt, most: usize) -> String {
    let begins = |at: usize| at == 0 || found.texts[at - 1].ends_with('\n');
    let words = found.texts.iter().any(|text| text.starts_with(' ') && text.len() > 1);
    let piece = |(at, text): (usize, &String)| match text == MASK && words && !begins(at) {
        true => format!(" {MASK}"),
        false => text.clone(),
    };
    found.texts.iter().take(most).enumerate().map(piece).collect()
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

/// The language of the text, for `lang`; none where it is not known.
pub fn language(scene: PanelState) -> Memo<Option<String>> {
    memo(move || {
        scene.dataset.with(|d| {
            let text = d.as_ref()?.text.as_ref()?;
            (!text.language.is_empty()).then(|| text.language.clone())
        })
    })
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
        subscribe(words);
        throttle.run(move || said.set(words.get_untracked().unwrap_or_default()));
    });
    said.into()
}
