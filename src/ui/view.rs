//! The page's frame: header, sentence, the equation of panels, the transport. What `index.html` draws before
//! any program has arrived has the same shape, so the page becomes live in place.

use super::chat::state::ChatRoom;
use super::components::keys;
use super::controller::Controller;
use super::convert::state::Converter;
use super::detect::state::Finder;
use super::experiment::state::Laboratory;
use super::lessons::LessonState;
use super::pages;
use super::panels::announce::Announcer;
use super::panels::banner::Lead;
use super::panels::header::Header;
use super::panels::help::Help;
use super::panels::panel_state::PanelState;
use super::pictures::queue::Shelf;
use super::playground::points;
use super::playground::surface::Example;
use super::share::hide::{self, offers};
use super::sketch::state::Studio;
use super::state::State;
use super::table;
use super::table::state::TableState;
use super::text::own::OwnText;
use super::transfer::controller::TransferController;
use crate::spec::Page;
use crate::ui::components::reactive::{effect, memo, text};
use crate::ui::language::{PageLanguage, known, tr};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

#[component]
pub fn App() -> impl IntoView {
    let lab = expect_context::<Controller>();
    let scene = PanelState::new(expect_context::<State>(), lab);
    provide_context(scene);
    provide_context(Example(RwSignal::new(0)));
    points::provide(scene);
    let desk = TransferController::new(expect_context(), scene);
    provide_context(desk);
    let shelf = Shelf::new(scene);
    provide_context(shelf);
    expect_context::<Laboratory>().of(scene);
    provide_context(Finder::new(scene));
    provide_context(Converter::new(scene));
    provide_context(Studio::new(scene));
    provide_context(ChatRoom::new(scene));
    let book = LessonState::new(scene, desk, shelf);
    provide_context(book);
    let bench = TableState::new(scene);
    provide_context(bench);
    table::run::follow(bench);
    provide_context(OwnText::new(lab));
    clear_first_paint();
    hide::follow(scene);
    super::top::follow(scene);
    let help = RwSignal::new(false);
    keys::listen(keys::Keys {
        step: Box::new(move || {
            if untrack(move || trains(scene) && offers(scene.state, "step")) {
                lab.step(1)
            }
        }),
        reset: Box::new(move || {
            if untrack(move || trains(scene) && offers(scene.state, "reset")) {
                lab.reset()
            }
        }),
        help: Box::new(move || {
            if untrack(move || offers(scene.state, "help")) {
                help.set(true)
            }
        }),
    });
    let page = memo(move || scene.state.page());
    let PageLanguage(language) = expect_context::<PageLanguage>();
    effect(move |before: Option<String>| {
        let now = language.get();
        if before.is_some_and(|before| before != now) {
            book.forget();
        }
        now
    });
    // What is drawn is drawn anew in another language; what it shows lives outside of it.
    let drawn = move || {
        language.track();
        frame(scene, page, help)
    };
    drawn.into_any()
}

fn frame(scene: PanelState, page: Memo<Page>, help: RwSignal<bool>) -> AnyView {
    view! {
        <div class="page" data-tab=text(move || scene.tab.get().id().to_string())>
            {skip(page)}
            {is_framed().then(|| view! { <header class="sr-only"><h1>{tr!("A neural network that you can train here")}</h1></header> })}
            <Header help=help />
            <Lead />
            {move || {
                let page = pages::of(page.get());
                // What it reads first is not what it is drawn again for.
                untrack(page.draw)
            }}
            <Announcer said=scene.announcement />
            <Help open=help />
        </div>
    }
    .into_any()
}

/// In a frame the header is left out, and its heading with it.
fn is_framed() -> bool {
    document().document_element().is_some_and(|root| root.has_attribute("data-embed"))
}

/// There is a run that keys can drive.
fn trains(scene: PanelState) -> bool {
    scene.ready() && scene.state.trains()
}

/// The first thing that Tab reaches. It must not change the address: that is the lesson's, and its run.
fn skip(page: Memo<Page>) -> AnyView {
    let words = move || known(pages::of(page.get()).skip_words);
    let target = move || pages::of(page.get()).skip_to;
    let go = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        let target = document().query_selector(untrack(target)).ok().flatten();
        if let Some(target) = target.and_then(|t| t.dyn_into::<web_sys::HtmlElement>().ok()) {
            // Fails for what cannot have the focus.
            let _ = target.focus();
        }
    };
    view! { <a class="skip" href=text(move || target().to_string()) on:click=go>{text(words)}</a> }.into_any()
}

/// The static page has done its work.
fn clear_first_paint() {
    if let Some(app) = document().get_element_by_id("app") {
        app.set_inner_html("");
    }
}
