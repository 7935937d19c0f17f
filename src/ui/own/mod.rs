//! The visitor's own classes: pictures are collected, a small classifier learns them on a pretrained network's
//! features.

use leptos::prelude::*;

#[component]
pub fn OwnView() -> impl IntoView {
    view! { <p>"Soon"</p> }.into_any()
}
