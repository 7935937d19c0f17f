//! Copying, for browsers that let a page copy and for those that do not.

use crate::ui::browser::{call, promised, service};
use crate::ui::components::icon::{Icon, icon_of};
use crate::ui::components::reactive::{part, text};
use crate::ui::language::tr;
use crate::ui::panels::panel_state::PanelState;
use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};

/// How a copy went, for as long as it is said.
#[derive(Clone, Copy, PartialEq)]
enum Went {
    Nowhere,
    Well,
    Refused,
}

/// Copies what the field `field` holds; where that is refused, it is selected for the visitor to copy.
pub fn button(
    scene: PanelState,
    field: &'static str,
    strong: bool,
    what: impl Fn() -> String + 'static,
) -> AnyView {
    let went = RwSignal::new(Went::Nowhere);
    let copy = move |_| {
        let words = untrack(&what);
        spawn_local(async move {
            let done = match service("clipboard") {
                Ok(clipboard) => promised(&clipboard, "writeText", &Array::of1(&words.into())).await,
                Err(why) => Err(why),
            };
            tell(scene, went, done.is_ok());
            if done.is_err()
                && let Some(field) = document().get_element_by_id(field)
            {
                // Fields have both.
                let _ = call(&field, "focus", &Array::new());
                let _ = call(&field, "select", &Array::new());
            }
        });
    };
    view! {
        <button type="button" class="button" class:strong=strong data-copies=field on:click=copy>{label(went)}</button>
        {refused(went, tr!("This browser does not let the page copy. It is selected: copy it yourself."))}
    }
    .into_any()
}

/// Copies a picture that is made when the button is pressed.
pub fn picture_button(scene: PanelState, picture: impl Fn() -> Promise + 'static) -> AnyView {
    let went = RwSignal::new(Went::Nowhere);
    let copy = move |_| {
        let blob = picture();
        spawn_local(async move {
            let done = copy_picture(&blob).await;
            tell(scene, went, done.is_ok());
        });
    };
    view! {
        <button type="button" class="button" on:click=copy>{label(went)}</button>
        {refused(went, tr!("This browser does not let the page copy pictures. Download it instead."))}
    }
    .into_any()
}

/// The clipboard takes the promise, as some browsers forget the click while a picture is made.
async fn copy_picture(blob: &Promise) -> Result<JsValue, JsValue> {
    let kind: Function = Reflect::get(&window(), &"ClipboardItem".into())?.dyn_into()?;
    let types = Object::new();
    Reflect::set(&types, &"image/png".into(), blob)?;
    let item = Reflect::construct(&kind, &Array::of1(&types))?;
    promised(&service("clipboard")?, "write", &Array::of1(&Array::of1(&item))).await
}

fn tell(scene: PanelState, went: RwSignal<Went>, well: bool) {
    if !well {
        return went.set(Went::Refused);
    }
    went.set(Went::Well);
    scene.announcement.set(tr!("Copied"));
    // The dialog may be closed by then.
    set_timeout(move || _ = went.try_set(Went::Nowhere), Duration::from_secs(3));
}

fn label(went: RwSignal<Went>) -> AnyView {
    let well = move || went.get() == Went::Well;
    view! {
        {icon_of(move || if well() { Icon::Tick } else { Icon::Copy })}
        <span>{text(move || if well() { tr!("Copied") } else { tr!("Copy") })}</span>
    }
    .into_any()
}

fn refused(went: RwSignal<Went>, words: String) -> AnyView {
    part(move || {
        let words = words.clone();
        (went.get() == Went::Refused).then(|| view! { <p class="setting-error" role="alert">{words}</p> })
    })
}
