//! The page: draws, listens, remembers. Never links Burn, never decodes a dataset.
//!
//! `state` is what is shown and `controller` what can be done; `address` and `api` do it from the address and from scripts.
//! Behind `controller` are the run, the engines that train it, the choice between them, their recovery, and what is saved.
//! `client` reaches the engines, `store` keeps what is there at the next visit, and `components` is what panels are made
//! of: these three know no page. `pages` and `views` are tables: what a preset opens, and what an example looks like.

pub mod client;
pub mod components;
pub mod store;

pub mod browser;
pub mod event_bus;
pub mod language;
pub mod timers;

pub mod controller;
mod detect;
pub mod state;

pub mod address;
pub mod api;
pub mod link;

pub mod checkpoint_store;
pub mod engine_manager;
pub mod engine_selection;
pub mod give;
pub mod recover;
pub mod run;
pub mod tables;
pub mod texts;
pub mod watch;

pub mod offline;
pub mod version;

pub mod pages;
pub mod top;
pub mod view;
pub mod views;

pub mod builder;
pub mod charts;
pub mod chat;
pub mod code;
pub mod convert;
pub mod experiment;
pub mod explain;
pub mod lessons;
pub mod panels;
pub mod patches;
pub mod pictures;
pub mod playground;
pub mod series;
pub mod share;
pub mod sketch;
pub mod table;
pub mod text;
pub mod transfer;

use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Draws the page into `#app` and starts the engines.
pub fn start() {
    console_error_panic_hook::set_once();
    let app = document().get_element_by_id("app").and_then(|e| e.dyn_into().ok());
    let Some(app) = app else {
        return crate::platform::log("the page has no #app to be drawn into");
    };
    if language::current() == language::FIRST {
        return draw(app, true);
    }
    // No sentence is drawn in a language that it does not stay in.
    crate::platform::spawn_local(async move { draw(app, language::open().await) });
}

/// `understood`: in the language that was asked for.
fn draw(app: web_sys::HtmlElement, understood: bool) {
    let page = leptos::mount::mount_to(app, move || {
        provide_context(language::PageLanguage(RwSignal::new(language::current())));
        let lab = controller::Controller::new();
        if !understood {
            panels::language::not_fetched(lab.state);
        }
        version::say(lab.state);
        provide_context(offline::Take::default());
        provide_context(lab.state);
        provide_context(lab);
        provide_context(client::vision::VisionClient::new(move |ready| {
            // The engine that trains says the same, and may not have come.
            if lab.state.catalogue.with_untracked(Option::is_none) {
                lab.state.apply(ready);
                lab.machine().listeners.emit(event_bus::Notification::Engine);
            }
        }));
        provide_context(experiment::state::Laboratory::here());
        api::install(lab);
        address::follow(lab);
        lab.start();
        view! { <view::App /> }
    });
    // Forgotten, it is never taken down again.
    page.forget();
}
