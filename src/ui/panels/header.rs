//! The top of the page: the name, the lesson, and share, theme and help.

use super::panel_state::{PanelState, scene};
use crate::protocol::Catalogue;
use crate::spec::{ChoiceInfo, PRESETS, Page, Preset};
use crate::ui::components::icon::{Icon, icon, icon_of};
use crate::ui::components::reactive::{effect, memo, text};
use crate::ui::components::select::Select;
use crate::ui::language::tr;
use crate::ui::pages;
use crate::ui::share::share;
use crate::ui::store::preferences::Theme;
use leptos::prelude::*;

#[component]
pub fn Header(help: RwSignal<bool>) -> impl IntoView {
    let scene = scene();
    view! {
        <header class="top">
            <h1 class="wordmark">
                <a href="." aria-label=tr!("intab: all lessons") on:click=move |event| {
                    event.prevent_default();
                    scene.lab.open_preset("lecture");
                }>{mark()}"intab"</a>
            </h1>
            <p class="tagline">{tr!("neural networks = data + model")}</p>
            {lessons(scene)}
            <div class="top-buttons">
                {share(scene)}
                {super::language::menu(scene)}
                {theme(scene)}
                <button type="button" class="quiet" data-control="help" aria-haspopup="dialog" on:click=move |_| help.set(true)>
                    {icon(Icon::Help)}
                    <span>{tr!("Help")}</span>
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
fn lessons(scene: PanelState) -> AnyView {
    let choices = memo(move || {
        let current = scene.state.preset.get();
        let here =
            |catalogue: &Catalogue, preset: &Preset| (pages::of(preset.page).offered)(catalogue, preset);
        let open = |p: &&Preset| {
            p.id == current || scene.state.catalogue.with(|c| c.as_ref().is_some_and(|c| here(c, p)))
        };
        let lesson = |p: &Preset| ChoiceInfo { id: p.id.into(), title: p.title.into(), blurb: String::new() };
        // The way back to all lessons stands first.
        let (front, labs): (Vec<_>, Vec<_>) =
            PRESETS.iter().filter(open).partition(|p| p.page == Page::Lecture);
        front.into_iter().chain(labs).map(lesson).collect::<Vec<_>>()
    });
    view! {
        <div class="lesson" data-control="lab">
            <Select
                id="lesson"
                label=tr!("Lab")
                quiet=true
                choices=choices
                chosen=scene.state.preset
                on_choose=move |id| scene.lab.open_preset(&id)
            />
        </div>
    }
    .into_any()
}

fn theme(scene: PanelState) -> AnyView {
    let theme = scene.state.theme;
    effect(move |_| {
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
        Theme::Auto => tr!("Theme: auto"),
        Theme::Light => tr!("Theme: light"),
        Theme::Dark => tr!("Theme: dark"),
    });
    let shape = move || match theme.get() {
        Theme::Auto => Icon::Contrast,
        Theme::Light => Icon::Sun,
        Theme::Dark => Icon::Moon,
    };
    view! {
        <button type="button" class="quiet theme" data-control="theme" on:click=next>
            {icon_of(shape)}
            <span>{words}</span>
        </button>
    }
    .into_any()
}
