//! A drawing as a file: an SVG by itself, with the theme's colours written out, and the PNG of it.

use crate::ui::browser;
use crate::ui::components::files;
use js_sys::{Array, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, HtmlCanvasElement};

/// Pixels of a PNG for each unit of a drawing.
const SHARP: f64 = 2.0;

const FONTS: &str =
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif";

/// An SVG as it grows.
pub struct Sheet {
    pub width: f64,
    pub height: f64,
    body: String,
}

/// Where a text stands by its place.
#[derive(Clone, Copy)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

impl Sheet {
    /// Without paper, to be drawn over a picture.
    pub fn clear(width: f64, height: f64) -> Self {
        Self { width, height, body: String::new() }
    }

    pub fn new(width: f64, height: f64) -> Self {
        let mut sheet = Self::clear(width, height);
        sheet.rect([0.0, 0.0, width, height], &colour("--paper"), 1.0);
        sheet
    }

    pub fn rect(&mut self, [x, y, width, height]: [f64; 4], fill: &str, opacity: f64) {
        self.add(&format!(
            r#"<rect x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}" fill="{}" fill-opacity="{opacity:.3}"/>"#,
            escaped(fill)
        ));
    }

    /// A line; `style` are further attributes.
    pub fn path(&mut self, d: &str, stroke: &str, style: &str) {
        if !d.is_empty() {
            let stroke = escaped(stroke);
            self.add(&format!(
                r#"<path d="{d}" fill="none" stroke="{stroke}" stroke-linejoin="round" {style}/>"#
            ));
        }
    }

    /// `style` are further attributes.
    pub fn text(&mut self, at: (f64, f64), anchor: Anchor, fill: &str, style: &str, words: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let (fill, words) = (escaped(fill), escaped(words));
        self.add(&format!(
            r#"<text x="{:.1}" y="{:.1}" text-anchor="{anchor}" fill="{fill}" {style}>{words}</text>"#,
            at.0, at.1
        ));
    }

    /// What is added until `end` is moved by this much.
    pub fn begin(&mut self, x: f64, y: f64) {
        self.open(&format!(r#"transform="translate({x:.1} {y:.1})""#));
    }

    /// What is added until `end` has these attributes in common.
    pub fn open(&mut self, attributes: &str) {
        self.add(&format!("<g {attributes}>"));
    }

    pub fn end(&mut self) {
        self.add("</g>");
    }

    fn add(&mut self, element: &str) {
        self.body.push_str(element);
        self.body.push('\n');
    }

    pub fn svg(&self) -> String {
        let (width, height) = (self.width, self.height);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
             font-family=\"{FONTS}\" font-size=\"13\">\n{}</svg>\n",
            self.body
        )
    }

    /// The same in pixels; fails where the browser cannot draw it.
    pub async fn png(&self) -> Option<Vec<u8>> {
        bytes(&self.on(blank(self.width * SHARP, self.height * SHARP)?).await?).await
    }

    /// The same over a picture of the page, a pixel for each unit.
    pub async fn png_over(&self, picture: &JsValue) -> Option<Vec<u8>> {
        let canvas = blank(self.width, self.height)?;
        draw(&canvas, picture, self.width, self.height)?;
        bytes(&self.on(canvas).await?).await
    }

    /// Drawn all over the canvas.
    async fn on(&self, canvas: HtmlCanvasElement) -> Option<HtmlCanvasElement> {
        let image = document().create_element("img").ok()?;
        let encoded = js_sys::encode_uri_component(&self.svg()).as_string()?;
        image.set_attribute("src", &format!("data:image/svg+xml,{encoded}")).ok()?;
        JsFuture::from(call(&image, "decode", &Array::new())?.dyn_into::<Promise>().ok()?).await.ok()?;
        draw(&canvas, &image, f64::from(canvas.width()), f64::from(canvas.height()))?;
        Some(canvas)
    }
}

/// How wide words are in a font, as CSS has it; none where the browser cannot say.
pub fn width_of(words: &str, font: &str) -> Option<f64> {
    let context = blank(1.0, 1.0)?.get_context("2d").ok()??;
    set(&context, "font", &JsValue::from(font));
    let measured = call(&context, "measureText", &Array::of1(&JsValue::from(words)))?;
    Reflect::get(&measured, &JsValue::from("width")).ok()?.as_f64()
}

/// A canvas of the page, each of its pixels at least `SHARP` wide, on the theme's paper.
pub async fn png_of_canvas(shown: &HtmlCanvasElement) -> Option<Vec<u8>> {
    let (width, height) = (f64::from(shown.width()), f64::from(shown.height()));
    // Small maps would be a stamp on a slide.
    let times = (640.0 / width.max(1.0)).floor().max(SHARP);
    let canvas = blank(width * times, height * times)?;
    let context = canvas.get_context("2d").ok()??;
    set(&context, "imageSmoothingEnabled", &JsValue::FALSE);
    set(&context, "fillStyle", &JsValue::from(colour("--paper")));
    let all = [0.0, 0.0, width * times, height * times];
    call(&context, "fillRect", &all.iter().map(|n| JsValue::from(*n)).collect())?;
    draw(&canvas, shown, width * times, height * times)?;
    bytes(&canvas).await
}

fn blank(width: f64, height: f64) -> Option<HtmlCanvasElement> {
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(width as u32);
    canvas.set_height(height as u32);
    Some(canvas)
}

/// By name: the engines share this package's list of browser types, and are not built again for two more.
fn call(target: &JsValue, name: &str, arguments: &Array) -> Option<JsValue> {
    browser::call(target, name, arguments).ok()
}

fn set(target: &JsValue, name: &str, value: &JsValue) {
    // Only fails on what is frozen.
    let _ = Reflect::set(target, &JsValue::from(name), value);
}

fn draw(canvas: &HtmlCanvasElement, source: &JsValue, width: f64, height: f64) -> Option<()> {
    let context = canvas.get_context("2d").ok()??;
    let zero = JsValue::from(0);
    let arguments = Array::of5(source, &zero, &zero, &width.into(), &height.into());
    call(&context, "drawImage", &arguments).map(drop)
}

async fn bytes(canvas: &HtmlCanvasElement) -> Option<Vec<u8>> {
    let blob = Promise::new(&mut |resolve, _| {
        // Without a blob nothing is resolved, and nothing downloaded.
        let _ = canvas.to_blob(&resolve);
    });
    let blob: Blob = JsFuture::from(blob).await.ok()?.dyn_into().ok()?;
    let buffer = JsFuture::from(blob.array_buffer()).await.ok()?;
    Some(js_sys::Uint8Array::new(&buffer).to_vec())
}

/// A colour of the theme that the page has now.
pub fn colour(token: &str) -> String {
    let root = document().document_element();
    let style = root.and_then(|root| window().get_computed_style(&root).ok().flatten());
    let value = style.and_then(|s| s.get_property_value(token).ok()).unwrap_or_default();
    if value.is_empty() { "none".into() } else { value.trim().to_string() }
}

pub fn escaped(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Text as a download.
pub fn offer_text(name: &str, text: &str) -> Option<()> {
    files::offer(name, text.as_bytes())
}
