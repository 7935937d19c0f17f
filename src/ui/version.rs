//! The host has a newer build than the page that is open: files that the old one names may be gone. The script in
//! `index.html` finds out and loads the new page once; here is when it is asked, and what the visitor reads.

use super::language::tr;
use super::state::{NoticeLevel, State};
use crate::platform::spawn_local;
use crate::spec::Page;
use js_sys::{Function, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Tells of a reload that was not the visitor's.
pub fn say(state: State) {
    let renewed = document().document_element().and_then(|root| Reflect::get(&root, &"renewed".into()).ok());
    if renewed.is_some_and(|renewed| renewed.is_truthy()) {
        state.notify(NoticeLevel::News, tr!("A new version of this page has come; it was loaded."), "");
    }
}

/// A file that this build needs could not be had. With a newer build there, the page is loaded anew, unless something
/// was made that the visitor would miss: then it is for him to say when.
pub fn suspect(state: State) {
    spawn_local(async move {
        let nothing_made = state.step() == 0 && !matches!(untrack(|| state.page()), Page::Own | Page::Chat);
        if renew(nothing_made).await.as_deref() == Some("newer") {
            let advice = tr!("Reload the page to have it. What you trained is kept in this browser.");
            state.notify(NoticeLevel::News, tr!("A new version of this page has come."), advice);
        }
    });
}

/// “same”, “newer” or “loading”.
async fn renew(load: bool) -> Option<String> {
    let root = document().document_element()?;
    let renew: Function = Reflect::get(&root, &"renew".into()).ok()?.dyn_into().ok()?;
    let said: Promise = renew.call1(&JsValue::NULL, &load.into()).ok()?.dyn_into().ok()?;
    JsFuture::from(said).await.ok()?.as_string()
}
