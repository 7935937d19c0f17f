//! The top of the page: the name, the lesson, and share, theme and help.

use super::scene::{Scene, scene};
use crate::protocol::Catalogue;
use crate::spec::{ChoiceInfo, PRESETS, Page, Preset};
use crate::ui::controls::icon::{Icon, icon, icon_of};
use crate::ui::controls::live::{part, text};
use crate::ui::controls::select::Select;
use crate::ui::state::Theme;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;
use wasm_bindgen_futures::JsFuture;

#[component]
pub fn Header(help: RwSignal<bool>) -> impl IntoView {
    let scene = scene();
    view! {
        <header class="top">
            <h1 class="wordmark">{mark()}"intab"</h1>
            <p class="tagline">"neural networks = data + model"</p>
            {lessons(scene)}
            <div class="top-buttons">
                {share(scene)}
                {theme(scene)}
                <button type="button" class="quiet" aria-haspopup="dialog" on:click=move |_| help.set(true)>
                    {icon(Icon::Help)}
                    <span>"Help"</span>
                </button>
            </div>
        </header>
    }
    .into_any()
}

/// A tab with a network in it.
fn mark() -> AnyView {
    view! {
        <svg class="mark" viewBox="0 0 28 28" aria-hidden="true" focusable="false">
            <path class="mark-tab" d="M2 24V9a5 5 0 0 1 5-5h14a5 5 0 0 1 5 5v15" />
            <path class="mark-lines" d="M9 12l10 4M9 20l10-4" />
            <circle class="mark-data" cx="9" cy="12" r="2.6" />
            <circle class="mark-data" cx="9" cy="20" r="2.6" />
            <circle class="mark-model" cx="19" cy="16" r="3.2" />
        </svg>
    }
    .into_any()
}

/// Presets whose data or weights are here.
fn lessons(scene: Scene) -> AnyView {
    let choices = Memo::new(move |_| {
        let current = scene.state.preset.get();
        let here = |catalogue: &Catalogue, preset: &Preset| match preset.page {
            Page::Train => catalogue.datasets.iter().any(|d| d.id == preset.data),
            Page::Pictures | Page::Own => !catalogue.pretrained.is_empty(),
        };
        let open = |p: &&Preset| {
            p.id == current || scene.state.catalogue.with(|c| c.as_ref().is_some_and(|c| here(c, p)))
        };
        let lesson = |p: &Preset| ChoiceInfo { id: p.id.into(), title: p.title.into(), blurb: String::new() };
        PRESETS.iter().filter(open).map(lesson).collect::<Vec<_>>()
    });
    view! {
        <div class="lesson">
            <Select
                id="lesson"
                label="Lesson"
                quiet=true
                choices=choices
                chosen=scene.state.preset
                on_choose=move |id| scene.lab.open_preset(&id)
            />
        </div>
    }
    .into_any()
}

fn share(scene: Scene) -> AnyView {
    let copied = RwSignal::new(false);
    // The link by itself, for browsers that do not let a page copy.
    let by_hand = RwSignal::new(None::<String>);
    let copy = move |_| {
        let link = scene.lab.link();
        let promise = window().navigator().clipboard().write_text(&link);
        spawn_local(async move {
            if JsFuture::from(promise).await.is_ok() {
                copied.set(true);
                scene.said.set("Link copied".into());
                set_timeout(move || copied.set(false), Duration::from_secs(3));
            } else {
                by_hand.set(Some(link));
            }
        });
    };
    view! {
        <button type="button" class="quiet share" on:click=copy>
            {icon_of(move || if copied.get() { Icon::Tick } else { Icon::Share })}
            <span>{text(move || if copied.get() { "Link copied".to_string() } else { "Share".to_string() })}</span>
        </button>
        {part(move || by_hand.get().map(|link| view! {
            <label class="share-by-hand">
                "Copy this link"
                <input type="text" readonly=true value=link on:blur=move |_| by_hand.set(None) />
            </label>
        }))}
    }
    .into_any()
}

fn theme(scene: Scene) -> AnyView {
    let theme = scene.state.theme;
    Effect::new(move |_| {
        let name = match theme.get() {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
        };
        if let Some(root) = document().document_element() {
            // Setting an attribute fails only for a name that is none.
            let _ = root.set_attribute("data-theme", name);
        }
    });
    let next = move |_| {
        scene.lab.set_theme(match theme.get_untracked() {
            Theme::Auto => Theme::Light,
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::Auto,
        });
    };
    let words = text(move || match theme.get() {
        Theme::Auto => "Theme: auto".to_string(),
        Theme::Light => "Theme: light".to_string(),
        Theme::Dark => "Theme: dark".to_string(),
    });
    let shape = move || match theme.get() {
        Theme::Auto => Icon::Contrast,
        Theme::Light => Icon::Sun,
        Theme::Dark => Icon::Moon,
    };
    view! {
        <button type="button" class="quiet theme" on:click=next>
            {icon_of(shape)}
            <span>{words}</span>
        </button>
    }
    .into_any()
}
