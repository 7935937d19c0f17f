//! Where a picture comes from, and whether the network that looks at it is here.

use super::state::Finder;
use crate::ui::components::credit::credit;
use crate::ui::components::files::FilePicker;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::reactive::part;
use crate::ui::language::tr;
use crate::ui::pictures::coming::Coming;
use crate::ui::pictures::upload::weights;
use crate::ui::pictures::{camera, samples};
use leptos::prelude::*;

pub fn panel(desk: Finder) -> AnyView {
    let photographing = RwSignal::new(false);
    let choose = FilePicker {
        words: tr!("Choose"),
        class: "button strong",
        accept: Some("image/*"),
        label: Some(Signal::stored(tr!("Choose a picture"))),
        ..FilePicker::default()
    };
    view! {
        <section class="vision-panel give" aria-labelledby="title-give">
            <h2 class="panel-title" id="title-give">{tr!("Picture")}</h2>
            <div class="give-drop" data-testid="drop">
                <span class="give-sign">{icon(Icon::Picture)}</span>
                <p class="give-words"><strong>{tr!("Drop a picture here")}</strong><span>" "{tr!("or paste one. It stays on your machine.")}</span></p>
                <div class="buttons give-buttons">
                    {choose.view(move |files| desk.take_files(files))}
                    <button type="button" class="button" aria-haspopup="dialog" on:click=move |_| photographing.set(true)>
                        {icon(Icon::Camera)}
                        {tr!("Camera")}
                    </button>
                </div>
            </div>
            <div class="give-weights" data-control="weights" data-testid="weights">{part(move || weights(coming(desk)))}</div>
            {credit(desk.network.homepage, desk.network.citation, desk.network.licence)}
            {samples::strip(
                move |id| desk.picture.with(|shown| shown.as_ref().and_then(|s| s.sample.as_ref()).is_some_and(|s| s.id == id)),
                move |sample| desk.take(samples::given(&sample)),
            )}
            {camera::dialog(photographing, move |given| desk.take(given))}
        </section>
    }
    .into_any()
}

pub fn coming(desk: Finder) -> Coming {
    Coming {
        title: desk.network.title,
        reader: desk.reader,
        size: desk.size,
        state: desk.weights,
        prepare: Callback::new(move |()| desk.prepare()),
    }
}
