//! Who made what is shown, and what may be done with it: seen at a glance wherever it is shown.

use leptos::prelude::*;

/// The citation, with its page behind it, and the licence.
pub fn credit(homepage: &str, citation: &str, licence: &str) -> AnyView {
    let (homepage, citation, licence) = (homepage.to_string(), citation.to_string(), licence.to_string());
    view! {
        <p class="credit">
            <a href=homepage target="_blank" rel="noopener noreferrer">{citation}</a>
            ", "
            {licence}
        </p>
    }
    .into_any()
}
