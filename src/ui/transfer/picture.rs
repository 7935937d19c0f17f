//! One of the visitor's pictures, small.

use super::controller::TransferController;
use crate::ui::components::reactive::{memo, part};
use leptos::prelude::*;

/// What the network saw; grey until it is here.
pub fn picture(desk: TransferController, id: u32) -> AnyView {
    let url = memo(move || {
        desk.arrived.track();
        desk.thumb(id)
    });
    part(move || {
        match url.get() {
        Some(url) => view! { <img class="shot" src=url alt="" width="224" height="224" loading="lazy" decoding="async" /> }.into_any(),
        None => view! { <span class="shot skeleton"></span> }.into_any(),
    }
    })
}
