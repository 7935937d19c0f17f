//! What follows signals in a view, in three types for the whole page: text, flags and parts. With a closure's own
//! type for each of hundreds of places, the page's program would be a fifth larger.

use leptos::prelude::*;

pub fn text(words: impl Fn() -> String + Send + Sync + 'static) -> Signal<String> {
    Signal::derive(words)
}

pub fn flag(holds: impl Fn() -> bool + Send + Sync + 'static) -> Signal<bool> {
    Signal::derive(holds)
}

/// Hears an event only while the view that it is told to is there: a browser tells a field that is taken off the page
/// that it was changed and left, and the field's signals are gone by then.
pub fn here<E>(hear: impl Fn(E) + 'static) -> impl Fn(E) + 'static {
    let view = StoredValue::new(());
    move |event| {
        if !view.is_disposed() {
            hear(event);
        }
    }
}

/// Drawn anew when what it reads changes; nothing where there is none.
pub fn part<V: IntoAny>(view: impl Fn() -> V + Send + 'static) -> AnyView {
    let boxed: Box<dyn Fn() -> AnyView + Send> = Box::new(move || view().into_any());
    boxed.into_any()
}
