//! The dialog of a picture's network: what the number is, where it lies, and its arithmetic.

use super::Way;
use super::frame::{dialog, head};
use super::map_chooser::{chooser, input_picture};
use super::steps::steps;
use crate::ui::components::reactive::{memo, part, text};
use leptos::prelude::*;

#[component]
pub fn WayDialog(way: Way) -> impl IntoView {
    dialog(way.walk, "way", move || body(way))
}

#[inline(never)]
fn body(way: Way) -> AnyView {
    let of_a_layer = memo(move || way.walk.place().is_some_and(|place| place.layer.is_some()));
    view! {
        // What is shown is of another layer until the engine has answered.
        <div class="way-top" data-testid="way-top" aria-busy=text(move || way.waits().to_string())>
            {head(way.walk)}
            {part(move || of_a_layer.get().then(|| input_picture(way)))}
            {chooser(way)}
        </div>
        {steps(way.walk, Some(way))}
    }
    .into_any()
}
