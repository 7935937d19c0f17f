//! The frame as it will stand in a slide or a page, at the sizes that these have. It shows the poster, which costs
//! nothing, and has no id, so it keeps nothing of its own.

use super::draft::Draft;
use crate::ui::components::reactive::{effect, flag, memo, part, text};
use crate::ui::language::{key, known, tr};
use crate::ui::timers::next_frame;
use leptos::prelude::*;
use leptos::{ev, html};

pub const SIZES: [(u32, u32); 4] = [(960, 540), (850, 450), (640, 360), (320, 480)];

const NAMES: [&str; 4] = [key("slide"), key("page"), key("half a slide"), key("phone")];

/// It is no higher than this on the screen.
const MOST: f64 = 380.0;

pub fn view(draft: Draft) -> AnyView {
    let place = NodeRef::<html::Div>::new();
    let room = RwSignal::new(0.0_f64);
    let measure = move || {
        if let Some(place) = place.get_untracked() {
            room.set(f64::from(place.client_width()));
        }
    };
    effect(move |_| {
        if place.get().is_some() {
            // When the dialog has its width.
            next_frame(measure);
        }
    });
    let handle = window_event_listener(ev::resize, move |_| measure());
    on_cleanup(move || handle.remove());
    view! {
        <div class="share-preview" node_ref=place>
            {sizes(draft)}
            {part(move || (room.get() > 0.0).then(|| frame(draft, room)))}
        </div>
    }
    .into_any()
}

fn sizes(draft: Draft) -> AnyView {
    let row = |at: usize| {
        let (width, height) = SIZES[at];
        let chosen = flag(move || draft.size.get() == at);
        view! {
            <label class="segment">
                <input type="radio" name="share-size" class="sr-only" prop:checked=chosen on:change=move |_| draft.size.set(at) />
                <span class="num">{format!("{width} × {height}")}<small>{known(NAMES[at])}</small></span>
            </label>
        }
        .into_any()
    };
    view! {
        <fieldset class="segments">
            <legend class="sr-only">{tr!("Size of the frame")}</legend>
            {(0..SIZES.len()).map(row).collect_view()}
        </fieldset>
    }
    .into_any()
}

fn frame(draft: Draft, room: RwSignal<f64>) -> AnyView {
    let size = move || SIZES[draft.size.get()];
    let scale = move || {
        let (width, height) = size();
        (room.get() / f64::from(width)).min(MOST / f64::from(height)).min(1.0)
    };
    let px = move |of: u32| format!("{:.0}px", f64::from(of) * scale());
    let src = memo(move || poster(draft));
    // A new element for each address: one that is sent elsewhere would put a step into the tab's history.
    let frame = part(move || {
        view! {
            <iframe
                title=tr!("Preview")
                src=src.get()
                allow="fullscreen"
                style:width=text(move || format!("{}px", size().0))
                style:height=text(move || format!("{}px", size().1))
                style:transform=text(move || format!("scale({:.4})", scale()))
            ></iframe>
        }
    });
    view! {
        <div class="share-stage" style:width=text(move || px(size().0)) style:height=text(move || px(size().1))>{frame}</div>
    }
    .into_any()
}

/// The preview begins with its poster, however the frame will.
fn poster(draft: Draft) -> String {
    draft.src(None).replacen("&autoplay=1", "", 1).replacen("&loading=eager", "", 1)
}
