//! A drawing: strokes of a round pen. Kept as points, so that it can be undone; drawn as smooth curves.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// The pad is this many pixels wide and high, whatever its size on the screen.
pub const SIDE: u32 = 280;
/// In proportion to a digit that fills the pad, as thick as the pens of MNIST's writers.
const PEN: f64 = 22.0;

#[derive(Clone, Default)]
pub struct Drawing {
    pub strokes: Vec<Vec<(f64, f64)>>,
}

impl Drawing {
    pub fn is_empty(&self) -> bool {
        self.strokes.is_empty()
    }

    pub fn begin(&mut self, point: (f64, f64)) {
        self.strokes.push(vec![point]);
    }

    /// Too little to be anything yet: the first touch of the pen.
    pub fn is_speck(&self) -> bool {
        matches!(self.strokes.as_slice(), [only] if only.len() < 4)
    }

    /// Goes on with the last stroke, leaving out points too near to see.
    pub fn extend(&mut self, point: (f64, f64)) {
        if let Some(stroke) = self.strokes.last_mut() {
            let near = stroke.last().is_some_and(|p| (p.0 - point.0).hypot(p.1 - point.1) < 1.5);
            if !near {
                stroke.push(point);
            }
        }
    }

    pub fn draw(&self, context: &CanvasRenderingContext2d) {
        let side = f64::from(SIDE);
        context.clear_rect(0.0, 0.0, side, side);
        context.set_line_width(PEN);
        context.set_line_cap("round");
        context.set_line_join("round");
        // Black here is the text's colour on the page: CSS inverts it in the dark theme.
        let _ = js_sys::Reflect::set(context, &JsValue::from("strokeStyle"), &JsValue::from("#000"));
        for stroke in &self.strokes {
            draw_stroke(context, stroke);
        }
    }
}

/// Through the midpoints of neighbouring points, bending at the points: no corners.
fn draw_stroke(context: &CanvasRenderingContext2d, points: &[(f64, f64)]) {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return };
    context.begin_path();
    context.move_to(first.0, first.1);
    for pair in points.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        context.quadratic_curve_to(a.0, a.1, (a.0 + b.0) / 2.0, (a.1 + b.1) / 2.0);
    }
    // A tap is a dot: round ends without a line between them, but a line of no length would not be drawn.
    context.line_to(last.0 + 0.01, last.1);
    context.stroke();
}

/// The context of a pad that is read after every stroke, so it stays where reading is quick.
pub fn context(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    let options = js_sys::Object::new();
    let _ = js_sys::Reflect::set(&options, &JsValue::from("willReadFrequently"), &JsValue::TRUE);
    canvas.get_context_with_context_options("2d", &options).ok()??.dyn_into().ok()
}

/// How much ink lies on every pixel, 0…255.
pub fn read(context: &CanvasRenderingContext2d) -> Option<Vec<u8>> {
    let side = f64::from(SIDE);
    let image = context.get_image_data(0.0, 0.0, side, side).ok()?;
    Some(image.data().iter().skip(3).step_by(4).copied().collect())
}
