//! The page's frame: header, sentence, the equation of panels, the transport. What `www/index.html` draws before
//! any program has arrived has the same shape, so the page becomes live in place.

use super::controls::announce::Announcer;
use super::controls::{drop, keys};
use super::lab::Lab;
use super::own::OwnView;
use super::own::desk::Desk;
use super::panels::data::DataPanel;
use super::panels::header::Header;
use super::panels::help::Help;
use super::panels::lead::Lead;
use super::panels::learned::LearnedPanel;
use super::panels::model::ModelPanel;
use super::panels::scene::{Scene, Tab};
use super::panels::tabs::Tabs;
use super::panels::transport::Transport;
use super::panels::try_it::{self, TryPanel};
use super::panels::weights;
use super::pictures::PicturesView;
use super::pictures::shelf::Shelf;
use super::state::State;
use crate::spec::Page;
use crate::ui::controls::live::{flag, text};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

#[component]
pub fn App() -> impl IntoView {
    let lab = expect_context::<Lab>();
    let scene = Scene::new(expect_context::<State>(), lab);
    provide_context(scene);
    provide_context(Desk::new(expect_context(), scene));
    provide_context(Shelf::new(scene));
    clear_first_paint();
    let help = RwSignal::new(false);
    keys::listen(keys::Keys {
        step: Box::new(move || {
            if untrack(move || trains(scene)) {
                lab.step(1)
            }
        }),
        reset: Box::new(move || {
            if untrack(move || trains(scene)) {
                lab.reset()
            }
        }),
        help: Box::new(move || help.set(true)),
    });
    let page = Memo::new(move |_| scene.state.page());
    view! {
        <div class="page" data-tab=text(move || scene.tab.get().id().to_string())>
            {skip(page)}
            <Header help=help />
            <Lead />
            {move || match page.get() {
                Page::Train => train(scene),
                Page::Pictures => view! { <PicturesView /> }.into_any(),
                Page::Own => view! { <OwnView /> }.into_any(),
            }}
            <Announcer said=scene.said />
            <Help open=help />
        </div>
    }
    .into_any()
}

/// There is a run that keys can drive.
fn trains(scene: Scene) -> bool {
    scene.ready() && scene.state.page() == Page::Train
}

/// The first thing that Tab reaches. It must not change the address: that is the lesson's, and its run.
fn skip(page: Memo<Page>) -> AnyView {
    let trains = move || page.get() == Page::Train;
    let words = move || if trains() { "Skip to the training controls" } else { "Skip to the content" };
    let go = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        let target = if untrack(trains) { "#play-controls" } else { "main" };
        let target = document().query_selector(target).ok().flatten();
        if let Some(target) = target.and_then(|t| t.dyn_into::<web_sys::HtmlElement>().ok()) {
            // Fails for what cannot have the focus.
            let _ = target.focus();
        }
    };
    view! { <a class="skip" href="#" on:click=go>{text(move || words().to_string())}</a> }.into_any()
}

/// Data → model → what it learned, and the transport.
fn train(scene: Scene) -> AnyView {
    let over = drop::listen(move |file| take(scene, file));
    view! {
        <div id="panels-top"></div>
        <Tabs />
        <main class="equation">
            {panel(scene, Tab::Data, view! { <DataPanel /> }.into_any())}
            {panel(scene, Tab::Model, view! { <ModelPanel /> }.into_any())}
            {panel(scene, Tab::Learned, view! { <LearnedPanel /> }.into_any())}
            {panel(scene, Tab::Try, view! { <TryPanel /> }.into_any())}
        </main>
        <div id="play-controls" class="transport-place" tabindex="-1"><Transport /></div>
        <div class="drop-over" class:shown=flag(move || over.get()) aria-hidden="true">
            <p>"Drop a picture to have it read, or a weight file to go on from it"</p>
        </div>
    }
    .into_any()
}

/// A region on a large screen; on a phone what a tab opens.
fn panel(scene: Scene, tab: Tab, content: AnyView) -> AnyView {
    let id = tab.id();
    let role = text(move || if scene.narrow.get() { "tabpanel".to_string() } else { "region".to_string() });
    view! {
        <section
            class=format!("panel panel-{id}")
            id=format!("panel-{id}")
            role=role
            aria-labelledby=format!("title-{id}")
            data-testid=format!("panel-{id}")
        >
            {content}
        </section>
    }
    .into_any()
}

/// A file that was dropped or pasted: weights by their name, anything else is tried as a picture.
fn take(scene: Scene, file: web_sys::File) {
    if file.name().ends_with(".safetensors") {
        weights::load(scene, file);
    } else {
        try_it::show(scene, file);
    }
}

/// The static page has done its work.
fn clear_first_paint() {
    if let Some(app) = document().get_element_by_id("app") {
        app.set_inner_html("");
    }
}
