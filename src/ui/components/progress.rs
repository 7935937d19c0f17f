//! A bar that fills while something arrives.

use super::reactive::text;
use leptos::prelude::*;

/// The bar with words above it. `share` is from 0 to 1; `label` names the bar for screen readers.
pub fn progress(label: String, words: Signal<String>, share: Signal<f64>) -> AnyView {
    view! {
        <div class="coming">
            <p class="num">{words}</p>
            {bar("coming-bar", label, share)}
        </div>
    }
    .into_any()
}

pub fn bar(class: &'static str, label: String, share: Signal<f64>) -> AnyView {
    view! {
        <div
            class=class
            role="progressbar"
            aria-label=label
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow=text(move || format!("{:.0}", share.get() * 100.0))
        >
            {fill(share)}
        </div>
    }
    .into_any()
}

/// What fills a bar's track.
pub fn fill(share: Signal<f64>) -> AnyView {
    view! { <i style:transform=text(move || format!("scaleX({:.4})", share.get()))></i> }.into_any()
}
