//! Share: the link and its square, what to paste into slides and pages, and the link for a class.
//! `draft` is what is being made; `class`, `hosts`, `preview` and `card` are the dialog's parts; `hide` is what a
//! link leaves out of the page, and `frame` where a frame keeps its run.

pub mod hide;

mod card;
mod class;
pub mod copy;
mod draft;
mod hosts;
mod preview;
mod qr;

use crate::ui::browser;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::modal::{head, modal};
use crate::ui::components::reactive::{flag, memo, part, text};
use crate::ui::language::{self, tr};
use crate::ui::panels::panel_state::PanelState;
use draft::Draft;
use js_sys::{Object, Reflect};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The button at the top of the page, with its dialog.
pub fn share(scene: PanelState) -> AnyView {
    let open = RwSignal::new(false);
    // Something is left out because the visitor wanted to see it as a class does.
    let back = RwSignal::new(false);
    view! {
        <button type="button" class="quiet share" data-control="share" aria-haspopup="dialog" on:click=move |_| open.set(true)>
            {icon(Icon::Share)}
            <span>{tr!("Share")}</span>
        </button>
        {dialog(scene, open, back)}
        {class::everything(scene, back)}
    }
    .into_any()
}

fn dialog(scene: PanelState, open: RwSignal<bool>, back: RwSignal<bool>) -> AnyView {
    let dialog = modal(open);
    // What is in it is there while it is open: a closed preview is an unloaded one.
    view! {
        <dialog class="help share-dialog" node_ref=dialog aria-labelledby="share-title" data-testid="share-dialog" on:close=move |_| open.set(false)>
            {part(move || open.get().then(|| untrack(|| content(Draft::new(scene), open, back))))}
        </dialog>
    }
    .into_any()
}

#[inline(never)]
fn content(draft: Draft, open: RwSignal<bool>, back: RwSignal<bool>) -> AnyView {
    // With the focus in the preview, its Escape is told as a deck is told of keys.
    let handle = window_event_listener(leptos::ev::message, move |message| {
        let field = |name: &str| Reflect::get(&message.data(), &name.into()).ok().and_then(|v| v.as_string());
        if field("event").as_deref() == Some("key") && field("key").as_deref() == Some("Escape") {
            open.set(false);
        }
    });
    on_cleanup(move || handle.remove());
    view! {
        {head("share-title", tr!("Share"), open)}
        {link(draft)}
        {class::switch(draft, back, open)}
        <section class="share-part" aria-labelledby="share-embed">
            <h3 id="share-embed" class="block-title">{tr!("In slides and pages")}</h3>
            {options(draft)}
            <div class="share-two">
                {hosts::view(draft)}
                {preview::view(draft)}
            </div>
        </section>
    }
    .into_any()
}

fn link(draft: Draft) -> AnyView {
    let link = memo(move || draft.link());
    let square = part(move || {
        let picture = qr::picture(&link.get(), tr!("The link as a QR code for the camera of a phone"));
        picture.unwrap_or_else(|| {
            view! { <p class="share-note">{tr!("The link is too long for a square.")}</p> }.into_any()
        })
    });
    view! {
        <div class="share-link">
            <div>
                <label class="share-label" for="share-link">{tr!("The link opens this page as you chose it below")}</label>
                <input id="share-link" class="share-field" type="text" readonly=true prop:value=text(move || link.get()) />
                <div class="buttons">
                    {copy::button(draft.scene, "share-link", true, move || link.get())}
                    {native(draft)}
                </div>
                {check("share-plays", tr!("Trains as soon as it is open"), draft.plays)}
                {language(draft)}
            </div>
            <div class="share-square">{square}</div>
        </div>
    }
    .into_any()
}

/// The system's own way, where there is one: a phone has people and apps in it.
fn native(draft: Draft) -> Option<AnyView> {
    let send = move |_| {
        let (title, sentence) = untrack(move || draft.words());
        let what = Object::new();
        for (name, value) in [("title", title), ("text", sentence), ("url", untrack(move || draft.link()))] {
            // Fails only for frozen objects.
            let _ = Reflect::set(&what, &name.into(), &value.into());
        }
        // Refused when the visitor thinks better of it.
        spawn_local(async move { drop(browser::share(&what).await) });
    };
    browser::can_share().then(|| {
        view! { <button type="button" class="button" on:click=send>{icon(Icon::Share)}<span>{tr!("Send")}</span></button> }
            .into_any()
    })
}

fn options(draft: Draft) -> AnyView {
    let themes = [("", tr!("the reader’s own")), ("light", tr!("light")), ("dark", tr!("dark"))];
    view! {
        <div class="share-options">
            {select("share-theme", tr!("Theme"), themes.map(|(id, name)| (id.to_string(), name)).into(), draft.theme)}
            {check("share-live", tr!("Start without a click"), draft.live)}
        </div>
    }
    .into_any()
}

/// Only where there is a choice.
fn language(draft: Draft) -> Option<AnyView> {
    let all = language::all();
    (!all.is_empty()).then(|| {
        let own = [(String::new(), tr!("the reader’s own")), (language::FIRST.into(), "English".to_string())];
        let others = all.into_iter().map(|(id, language)| (id, language.name));
        select("share-language", tr!("Language"), own.into_iter().chain(others).collect(), draft.language)
    })
}

fn select(
    id: &'static str,
    label: String,
    choices: Vec<(String, String)>,
    chosen: RwSignal<String>,
) -> AnyView {
    let options = choices.into_iter().map(|(id, name)| {
        let selected = chosen.with_untracked(|c| *c == id);
        view! { <option value=id selected=selected>{name}</option> }.into_any()
    });
    view! {
        <div class="select">
            <label class="select-label" for=id>{label}</label>
            <select id=id on:change=move |e| chosen.set(event_target_value(&e))>{options.collect_view()}</select>
        </div>
    }
    .into_any()
}

fn check(id: &'static str, label: String, on: RwSignal<bool>) -> AnyView {
    view! {
        <label class="share-check" for=id>
            <input type="checkbox" id=id prop:checked=flag(move || on.get()) on:change=move |e| on.set(event_target_checked(&e)) />
            <span>{label}</span>
        </label>
    }
    .into_any()
}
