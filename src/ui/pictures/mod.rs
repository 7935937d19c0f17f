//! What is in a picture: a network that comes trained reads the visitor's pictures, and shows why.

use leptos::prelude::*;

#[component]
pub fn PicturesView() -> impl IntoView {
    view! { <p>"Soon"</p> }.into_any()
}
