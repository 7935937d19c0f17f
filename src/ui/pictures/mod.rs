//! What is in a picture: a network that comes trained reads the visitor's pictures, and shows why. Picture → what
//! the network sees of it → what it says, and below how it came to that, layer by layer.

mod image_blobs;
pub mod queue;
mod viewer_state;

mod camera;
mod samples;
mod upload;

mod brush;
mod occlusion;
mod readout;
mod viewer;

mod answer;
mod gallery;
mod layers;
mod maps;

use crate::ui::components::drop;
use crate::ui::components::reactive::{flag, memo, part};
use crate::ui::language::tr;
use crate::ui::lessons::task;
use leptos::prelude::*;
use queue::shelf;

#[component]
pub fn PicturesView() -> impl IntoView {
    let shelf = shelf();
    let over = drop::listen_all(move |files| shelf.add_files(files));
    // It tells what there is, and it is ready to read when there is a picture; the weights wait.
    shelf.reader.start();
    shelf.look_up();
    let empty = memo(move || shelf.items.with(Vec::is_empty));
    let seen = part(move || (!empty.get()).then(|| view! { {viewer::panel(shelf)}{answer::panel(shelf)} }));
    view! {
        <main class="vision" class:bare=flag(move || empty.get()) id="vision" tabindex="-1">
            {upload::panel(shelf)}
            {seen}
            {gallery::panel(shelf)}
            {layers::panel(shelf)}
        </main>
        <div class="transport-place">{task::in_the_foot()}</div>
        {drop::overlay(move || over.get().is_some(), || tr!("Drop pictures to have them read"))}
    }
    .into_any()
}

/// The picture is shown where all are shown, which may be out of sight, or not be there before the page is drawn.
fn bring_into_view() {
    let look = || {
        let place = document().get_element_by_id("vision-sees");
        let Some(place) = place else { return };
        let top = place.get_bounding_client_rect().top();
        let height = window().inner_height().ok().and_then(|h| h.as_f64()).unwrap_or(800.0);
        if top < 0.0 || top > height / 2.0 {
            place.scroll_into_view();
        }
    };
    set_timeout(look, std::time::Duration::from_millis(60));
}
