//! A recurrent layer unrolled: one unit at the step before, at this one and at the next one, and how each of its numbers
//! came to be. From each of these one can walk on: to the step before, and to the layer below.

mod names;
mod picture;
pub mod state;

use self::state::Unroll;
use crate::ui::components::reactive::text;
use crate::ui::explain::frame::{dialog, head};
use crate::ui::explain::steps::steps;
use leptos::prelude::*;

pub fn view(unroll: Unroll) -> AnyView {
    dialog(unroll.walk, "cell", move || body(unroll))
}

#[inline(never)]
fn body(unroll: Unroll) -> AnyView {
    view! {
        <div class="way-top cell-top">
            {head(unroll.walk)}
            {picture::picture(unroll)}
        </div>
        <p class="setting-error" role="alert">{text(move || unroll.refused.get().unwrap_or_default())}</p>
        {steps(unroll.walk, None)}
    }
    .into_any()
}
