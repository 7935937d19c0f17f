//! “Export”: what is shown as a file for a slide or a spreadsheet.

use super::sheet::{Sheet, offer_text, png_of_canvas};
use crate::ui::components::files;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::reactive::{part, text};
use crate::ui::language::tr;
use crate::ui::panels::panel_state::PanelState;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::HtmlCanvasElement;

/// A file's content, made when it is asked for.
#[derive(Clone)]
pub enum Make {
    Png(Rc<dyn Fn() -> Sheet>),
    Svg(Rc<dyn Fn() -> Sheet>),
    Csv(Rc<dyn Fn() -> String>),
    /// The canvas, if it is on the page.
    Canvas(Rc<dyn Fn() -> Option<HtmlCanvasElement>>),
}

impl Make {
    fn format(&self) -> &'static str {
        match self {
            Self::Png(_) | Self::Canvas(_) => "PNG",
            Self::Svg(_) => "SVG",
            Self::Csv(_) => "CSV",
        }
    }

    async fn offer(&self, name: &str) -> Option<()> {
        match self {
            Self::Png(sheet) => files::offer(name, &sheet().png().await?),
            Self::Svg(sheet) => offer_text(name, &sheet().svg()),
            Self::Csv(rows) => offer_text(name, &rows()),
            Self::Canvas(canvas) => files::offer(name, &png_of_canvas(&canvas()?).await?),
        }
    }
}

/// One thing that can be exported.
#[derive(Clone)]
pub struct Thing {
    /// For people.
    pub title: String,
    /// The file's name without its ending.
    pub file: Rc<dyn Fn() -> String>,
    pub makes: Vec<Make>,
}

impl Thing {
    /// A drawing, as PNG and as SVG.
    pub fn drawing(
        title: String,
        file: impl Fn() -> String + 'static,
        sheet: impl Fn() -> Sheet + 'static,
    ) -> Self {
        let sheet = Rc::new(sheet);
        Self { title, file: Rc::new(file), makes: vec![Make::Png(sheet.clone()), Make::Svg(sheet)] }
    }

    pub fn numbers(
        title: String,
        file: impl Fn() -> String + 'static,
        rows: impl Fn() -> String + 'static,
    ) -> Self {
        Self { title, file: Rc::new(file), makes: vec![Make::Csv(Rc::new(rows))] }
    }

    pub fn canvas(
        title: String,
        file: impl Fn() -> String + 'static,
        canvas: impl Fn() -> Option<HtmlCanvasElement> + 'static,
    ) -> Self {
        Self { title, file: Rc::new(file), makes: vec![Make::Canvas(Rc::new(canvas))] }
    }
}

/// The button, and behind it one row for each thing. `id` names the list on the page.
pub fn export(scene: PanelState, id: &'static str, things: Vec<Thing>) -> AnyView {
    let open = RwSignal::new(false);
    let things = StoredValue::new_local(things);
    let list = part(move || {
        open.get().then(|| {
            let rows = things.with_value(|all| all.iter().map(|thing| row(scene, thing)).collect_view());
            view! { <ul class="export-list" id=id>{rows}</ul> }.into_any()
        })
    });
    view! {
        <div class="export">
            <button
                type="button"
                class="quiet"
                data-control="export"
                aria-expanded=text(move || open.get().to_string())
                aria-controls=text(move || if open.get() { id.into() } else { String::new() })
                on:click=move |_| open.update(|o| *o = !*o)
            >
                {icon(Icon::Download)}
                {tr!("Export")}
            </button>
            {list}
        </div>
    }
    .into_any()
}

fn row(scene: PanelState, thing: &Thing) -> AnyView {
    let buttons = thing.makes.iter().map(|make| {
        let format = make.format();
        let (thing, make) = (thing.clone(), make.clone());
        let name = tr!("{} as {}", thing.title, format);
        let save = move |_| {
            let (name, make) = (format!("{}.{}", (thing.file)(), format.to_lowercase()), make.clone());
            spawn_local(async move {
                let said = match make.offer(&name).await {
                    Some(()) => tr!("Saved as {}", name),
                    None => tr!("There is nothing to export yet."),
                };
                scene.announcement.set(said);
            });
        };
        view! { <button type="button" class="button export-format" aria-label=name on:click=save>{format}</button> }.into_any()
    });
    let title = thing.title.clone();
    view! { <li><span>{title}</span>{buttons.collect_view()}</li> }.into_any()
}

/// `intab-mnist-seed7`
pub fn run_name(scene: PanelState) -> String {
    scene.state.spec.with_untracked(|s| format!("intab-{}-seed{}", s.data.id, s.seed))
}

/// The canvas that is drawn now.
pub fn on_page(selector: &str) -> Option<HtmlCanvasElement> {
    document().query_selector(selector).ok()??.dyn_into().ok()
}
