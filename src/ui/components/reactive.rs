//! What follows signals in a view, in three types for the whole page: text, flags and parts. With a closure's own
//! type for each of hundreds of places, the page's program would be a fifth larger.
//!
//! A signal keeps its subscribers until they run again, also those that are gone (reactive_graph 0.2): a page whose
//! labs are opened hundreds of times would grow by 120 kB with each. So whatever reads signals here, memos and effects
//! too, unsubscribes when the view that made it is taken off the page.

use leptos::prelude::*;
use leptos::reactive::graph::{Observer, Subscriber};
use leptos::reactive::owner::on_cleanup;

/// To be called inside an effect or a memo: its subscriptions end with its owner.
fn unsubscribe_on_cleanup() {
    if let Some(observer) = Observer::get() {
        on_cleanup(move || observer.clear_sources(&observer));
    }
}

pub fn text(words: impl Fn() -> String + Send + Sync + 'static) -> Signal<String> {
    derived(Box::new(words))
}

pub fn flag(holds: impl Fn() -> bool + Send + Sync + 'static) -> Signal<bool> {
    derived(Box::new(holds))
}

fn derived<T: Send + Sync + 'static>(value: Box<dyn Fn() -> T + Send + Sync>) -> Signal<T> {
    Signal::derive(move || {
        unsubscribe_on_cleanup();
        value()
    })
}

pub fn memo<T: PartialEq + Send + Sync + 'static>(value: impl Fn() -> T + Send + Sync + 'static) -> Memo<T> {
    fn boxed<T: PartialEq + Send + Sync + 'static>(value: Box<dyn Fn() -> T + Send + Sync>) -> Memo<T> {
        Memo::new(move |_| {
            unsubscribe_on_cleanup();
            value()
        })
    }
    boxed(Box::new(value))
}

/// What runs now runs again when `memo` changes. Its `track` alone does not do that: a memo that nobody reads never runs
/// (reactive_graph 0.2), so it never changes.
pub fn subscribe<T: Send + Sync + 'static>(memo: Memo<T>) {
    memo.with(|_| ());
}

/// `run` gets what it returned the time before.
pub fn effect<T: 'static>(run: impl FnMut(Option<T>) -> T + 'static) {
    fn boxed<T: 'static>(mut run: Box<dyn FnMut(Option<T>) -> T>) {
        Effect::new(move |before| {
            unsubscribe_on_cleanup();
            run(before)
        });
    }
    boxed(Box::new(run));
}

/// Handles an event only while its view is there: a browser tells a field that is taken off the page
/// that it was changed and left, and the field's signals are gone by then.
pub fn here<E>(hear: impl Fn(E) + 'static) -> impl Fn(E) + 'static {
    let view = StoredValue::new(());
    move |event| {
        if !view.is_disposed() {
            hear(event);
        }
    }
}

/// Drawn again when what it reads changes; nothing where there is none.
pub fn part<V: IntoAny>(view: impl Fn() -> V + Send + 'static) -> AnyView {
    let boxed: Box<dyn Fn() -> AnyView + Send> = Box::new(move || {
        unsubscribe_on_cleanup();
        view().into_any()
    });
    boxed.into_any()
}
