//! The graphics adapter, as far as the page can judge it before it fetches an engine for it.

use crate::ui::browser;
use crate::ui::language::tr;
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::JsValue;

/// Names of adapters that compute on the CPU: slower there than the CPU engine is.
const SOFTWARE: &[&str] = &["swiftshader", "llvmpipe", "lavapipe", "software", "basic render"];

/// Whether a GPU engine is worth fetching, or why not, in words. `any` takes a software adapter too.
pub async fn usable(any: bool) -> Result<(), String> {
    let adapter = request().await.ok_or_else(|| tr!("this browser offers no graphics adapter (WebGPU)"))?;
    let info = get(&adapter, "info");
    let name = describe(&info);
    let fallback = [&adapter, &info].iter().any(|o| get(o, "isFallbackAdapter").is_truthy());
    let known = SOFTWARE.iter().any(|s| name.to_ascii_lowercase().contains(s));
    if (fallback || known) && !any {
        let name = if name.is_empty() { "unnamed" } else { &name };
        return Err(tr!("the only graphics adapter is software ({})", name));
    }
    Ok(())
}

/// web-sys has WebGPU only behind its unstable flag.
async fn request() -> Option<JsValue> {
    let gpu = browser::service("gpu").ok()?;
    let options = Object::new();
    Reflect::set(&options, &"powerPreference".into(), &"high-performance".into()).ok()?;
    let adapter = browser::promised(&gpu, "requestAdapter", &Array::of1(&options)).await.ok()?;
    adapter.is_truthy().then_some(adapter)
}

fn describe(info: &JsValue) -> String {
    let words: Vec<String> = ["vendor", "architecture", "device", "description"]
        .iter()
        .filter_map(|field| get(info, field).as_string())
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}

/// A property, or undefined where there is none to have.
fn get(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or(JsValue::UNDEFINED)
}
