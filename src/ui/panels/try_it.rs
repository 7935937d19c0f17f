//! Try it: draw, upload or pick a picture; what the network sees of it, and what it says.

use super::answer::AnswerBars;
use super::drawing_pad::Pad;
use super::found::found;
use super::network::subject_words;
use super::panel_state::{InspectedExample, PanelState, scene};
use super::pixels::Pixels;
use crate::protocol::{Picture, Request, Response};
use crate::ui::components::files::{self, FilePicker};
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::picture::{blank, draw_picture, ink_canvas};
use crate::ui::components::reactive::{flag, memo, part, text};
use crate::ui::language::tr;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub fn TryPanel() -> impl IntoView {
    let scene = scene();
    let pad = Pad::new(scene);
    // Nobody draws a photo.
    let colour = memo(move || scene.shape()[0] == 3);
    let lead = text(move || match colour.get() {
        false => tr!("Draw, or drop, paste or upload a photo. It answers while it learns."),
        true => tr!("Drop, paste or upload a photo. The network gets its middle square, made this small."),
    });
    view! {
        <h2 class="panel-title" id="title-try">{tr!("Try it")}</h2>
        <p class="panel-lead">{lead}</p>
        <div class="try">
            <div class="try-pad">
                {part(move || if colour.get() { photo(scene) } else { pad.view() })}
                <div class="buttons try-buttons">
                    {part(move || (!colour.get()).then(|| pad.undo_and_clear()))}
                    {next_test(scene)}
                    {upload(scene)}
                </div>
                <p class="setting-error" role="alert" data-testid="picture-trouble">{text(move || scene.trouble.get().unwrap_or_default())}</p>
            </div>
            <div class="try-answer">
                {found(scene)}
                {sees(scene)}
                <AnswerBars />
            </div>
        </div>
    }
    .into_any()
}

/// The picture that is looked at, large.
fn photo(scene: PanelState) -> AnyView {
    let pixels = Pixels::new(scene);
    let none = flag(move || scene.subject.with(|s| *s == InspectedExample::Nothing));
    view! {
        <div class="pad-photo" class:blank=none data-testid="photo">
            {pixels.picture("pixels")}
            <span class="pad-hint" aria-hidden="true">{tr!("drop a photo here")}</span>
        </div>
        <p class="pixels-words num" aria-hidden="true">{text(move || pixels.sentence())}</p>
    }
    .into_any()
}

/// For who has no pointer, and for who wants to see the next one.
fn next_test(scene: PanelState) -> AnyView {
    let next = StoredValue::new(0_u32);
    let count = move || scene.state.data.with(|d| d.test_examples as u32);
    let go = move |_| {
        let index = next.get_value() + 1;
        let index = if index < count() { index } else { 0 };
        next.set_value(index);
        scene.look(InspectedExample::Test { index, target: None }, Picture::Test(index));
        spawn_local(learn_label(scene, index));
    };
    view! {
        <button type="button" class="button" disabled=flag(move || count() == 0) on:click=go>
            {icon(Icon::Next)}
            <span><span class="sr-only">{tr!("Next")}" "</span>{tr!("Test picture")}</span>
        </button>
    }
    .into_any()
}

/// The picture is looked at at once; what it really is follows.
async fn learn_label(scene: PanelState, index: u32) {
    let Some(dataset) = scene.dataset.get_untracked().map(|d| d.id) else { return };
    let question = Request::Samples { dataset, train: Vec::new(), test: vec![index] };
    let Ok(Response::Examples(found)) = scene.lab.ask(question).await else { return };
    let target = found.first().map(|e| e.target.clone());
    if scene.subject.with_untracked(|s| *s == InspectedExample::Test { index, target: None }) {
        scene.subject.set(InspectedExample::Test { index, target });
    }
}

fn upload(scene: PanelState) -> AnyView {
    FilePicker {
        words: tr!("Upload"),
        accept: Some("image/*"),
        label: Some(Signal::stored(tr!("Upload a picture"))),
        ..FilePicker::default()
    }
    .view_one(move |file| show(scene, file))
}

/// A picture file becomes the one that is looked at.
pub fn show(scene: PanelState, file: web_sys::File) {
    spawn_local(async move {
        match files::read(&file).await {
            Some(bytes) => scene.look_at_file(file.name(), bytes).await,
            None => scene.trouble.set(Some(tr!("The file could not be read. Choose it again."))),
        }
    });
}

fn sees(scene: PanelState) -> AnyView {
    let draw = ink_canvas("thumb", move |canvas| {
        scene.state.seen.with(|seen| match seen.as_ref().and_then(|s| s.look.as_ref()) {
            Some(look) => draw_picture(canvas, scene.shape(), &look.input),
            None => blank(canvas),
        });
    });
    let size = text(move || {
        let [_, height, width] = scene.shape();
        tr!("What the network sees: {} × {} pixels", height, width)
    });
    view! {
        <div class="sees" role="img" aria-label=text(move || format!("{}. {}", size.get(), subject_words(scene))) data-testid="sees">
            {draw}
            <p class="sees-words" aria-hidden="true"><strong>{text(move || subject_words(scene))}</strong><br />{size}</p>
        </div>
    }
    .into_any()
}
