//! The page's frame: header, sentence, the equation of panels, the transport. What `index.html` draws before
//! any program has arrived has the same shape, so the page becomes live in place.

use super::components::{drop, keys};
use super::controller::Controller;
use super::lessons::LessonState;
use super::lessons::index::Front;
use super::lessons::task;
use super::panels::announce::Announcer;
use super::panels::banner::Lead;
use super::panels::data::DataPanel;
use super::panels::header::Header;
use super::panels::help::Help;
use super::panels::model::ModelPanel;
use super::panels::panel_state::{PanelState, Tab, scene};
use super::panels::playback::Transport;
use super::panels::results::LearnedPanel;
use super::panels::tabs::Tabs;
use super::panels::try_it::TryPanel;
use super::panels::try_it::show;
use super::panels::weights;
use super::pictures::PicturesView;
use super::pictures::queue::Shelf;
use super::playground::data::PlaneData;
use super::playground::points;
use super::playground::surface::Example;
use super::playground::trace::TracePanel;
use super::share::hide::{self, offers};
use super::state::State;
use super::table::state::TableState;
use super::table::try_row::TryRow;
use super::table::{self, TableView};
use super::transfer::OwnView;
use super::transfer::controller::TransferController;
use crate::protocol::Form;
use crate::spec::Page;
use crate::ui::components::reactive::{effect, memo, part, text};
use crate::ui::language::{PageLanguage, tr};
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::JsCast;

/// Between the panels' first drawing.
const TASK_MILLISECONDS: u64 = 15;

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
    let book = LessonState::new(scene, desk, shelf);
    provide_context(book);
    let bench = TableState::new(scene);
    provide_context(bench);
    table::run::follow(bench);
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
            {move || match page.get() {
                Page::Lecture => view! { <Front /> }.into_any(),
                Page::Train => train(scene),
                Page::Pictures => view! { <PicturesView /> }.into_any(),
                Page::Own => view! { <OwnView /> }.into_any(),
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
    scene.ready() && scene.state.page() == Page::Train
}

/// The first thing that Tab reaches. It must not change the address: that is the lesson's, and its run.
fn skip(page: Memo<Page>) -> AnyView {
    let trains = move || page.get() == Page::Train;
    let words =
        move || if trains() { tr!("Skip to the training controls") } else { tr!("Skip to the content") };
    let target = move || match page.get() {
        Page::Train | Page::Own => "#play-controls",
        Page::Pictures => "#vision",
        Page::Lecture => "#lecture",
    };
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

/// Data → model → what it learned, and the transport.
fn train(scene: PanelState) -> AnyView {
    let bench: TableState = expect_context();
    let over = drop::listen(move |file| take(scene, bench, file));
    // One panel a task: drawn all at once they would hold up a click for a quarter of a second on a slow machine.
    let drawn = RwSignal::new(0);
    for count in 1..4_u8 {
        let time = Duration::from_millis(u64::from(count) * TASK_MILLISECONDS);
        set_timeout(move || _ = drawn.try_set(count), time);
    }
    let panel = move |turn: u8, tab: Tab, draw: fn() -> AnyView| {
        let there = memo(move || drawn.get() >= turn);
        panel(scene, tab, part(move || there.get().then(draw)))
    };
    view! {
        <div id="panels-top"></div>
        <Tabs />
        <main class="equation" data-form=text(move || form_name(scene.form.get()).to_string())>
            {panel(0, Tab::Data, data)}
            {panel(1, Tab::Model, || view! { <ModelPanel /> }.into_any())}
            {panel(2, Tab::Learned, || view! { <LearnedPanel /> }.into_any())}
            {panel(3, Tab::Try, try_it)}
        </main>
        <div id="play-controls" class="transport-place" tabindex="-1">{task::in_the_foot()}<Transport /></div>
        {drop::overlay(move || over.get().is_some(), move || match scene.form.get() {
            Form::Row => tr!("Drop a CSV file: it is read here, in this tab, and goes nowhere"),
            _ => tr!("Drop a picture to have it read, or a weight file to go on from it"),
        })}
    }
    .into_any()
}

fn form_name(form: Form) -> &'static str {
    match form {
        Form::Picture => "picture",
        Form::Row => "row",
        Form::Point => "point",
    }
}

/// The data's panel, by what one example is.
fn data() -> AnyView {
    let form = scene().form;
    part(move || match form.get() {
        Form::Picture => view! { <DataPanel /> }.into_any(),
        Form::Row => view! { <TableView /> }.into_any(),
        Form::Point => view! { <PlaneData /> }.into_any(),
    })
}

/// What a visitor can do with a network, by what one example is.
fn try_it() -> AnyView {
    let form = scene().form;
    part(move || match form.get() {
        Form::Picture => view! { <TryPanel /> }.into_any(),
        Form::Row => view! { <TryRow /> }.into_any(),
        Form::Point => view! { <TracePanel /> }.into_any(),
    })
}

/// A region on a large screen; on a phone what a tab opens.
fn panel(scene: PanelState, tab: Tab, content: AnyView) -> AnyView {
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
fn take(scene: PanelState, bench: TableState, file: web_sys::File) {
    if file.name().ends_with(".safetensors") {
        weights::load(scene, file);
    } else if scene.form.get_untracked() == Form::Row {
        bench.take_file(file);
    } else {
        show(scene, file);
    }
}

/// The static page has done its work.
fn clear_first_paint() {
    if let Some(app) = document().get_element_by_id("app") {
        app.set_inner_html("");
    }
}
