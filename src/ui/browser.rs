//! What a browser may not have, or may refuse by throwing: in a sandboxed frame, without HTTPS, in a private window.
//! Nothing else in the page asks for it (`tests/it/architecture.rs`); whoever gets an error says what is not there.

use crate::platform::words;
use js_sys::{Array, Function, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Storage;

/// Part of the navigator that it may lack, by its name in scripts, such as `clipboard`, `mediaDevices`, `locks` or `gpu`.
pub fn service(name: &str) -> Result<JsValue, JsValue> {
    let service = Reflect::get(&window().navigator(), &name.into())?;
    if service.is_undefined() || service.is_null() { Err(format!("no {name}").into()) } else { Ok(service) }
}

/// Calls a method of an object. What the object lacks is an error too.
pub fn call(object: &JsValue, method: &str, arguments: &Array) -> Result<JsValue, JsValue> {
    let function: Function = Reflect::get(object, &method.into())?.dyn_into()?;
    function.apply(object, arguments)
}

/// The same, of those that promise.
pub async fn promised(object: &JsValue, method: &str, arguments: &Array) -> Result<JsValue, JsValue> {
    JsFuture::from(call(object, method, arguments)?.dyn_into::<Promise>()?).await
}

/// The system's way to send something to other people and programs, where there is one.
pub fn can_share() -> bool {
    service("share").is_ok_and(|share| share.is_function())
}

/// Opens the system's dialog; an error says that it could not, or that the visitor thought better of it.
pub async fn share(what: &JsValue) -> Result<(), String> {
    let navigator = window().navigator();
    promised(&navigator, "share", &Array::of1(what)).await.map(drop).map_err(|error| words(&error))
}

/// Kept between visits.
pub fn local_storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// Kept as long as the tab.
pub fn session_storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

/// A field of the address's query.
pub fn query(name: &str) -> Option<String> {
    let search = window().location().search().ok()?;
    web_sys::UrlSearchParams::new_with_str(&search).ok()?.get(name)
}
