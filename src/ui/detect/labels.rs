//! The labels of the boxes where none covers another, as `detection::labels` places them: by their real sizes, whenever
//! the boxes, the picture's size or the pointed box change.

use super::state::{Candidate, Finder};
use crate::detection::BoundingBox;
use crate::detection::labels::place;
use crate::ui::components::reactive::{effect, subscribe};
use crate::ui::timers::next_frame;
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement};

/// One that has no place is not shown.
const LEFT_OFF: &str = "left-off";

pub fn arrange(desk: Finder, node: NodeRef<Div>, drawn: Memo<Vec<(usize, Candidate)>>) {
    let sized = resized(node);
    effect(move |_| {
        subscribe(drawn);
        desk.walked.track();
        desk.pointed.track();
        sized.track();
        let Some(layer) = node.get() else { return };
        // After the boxes are drawn, before anybody sees them.
        next_frame(move || arranged(&layer));
    });
}

/// Changes whenever the layer gets another size: the picture comes later than its boxes.
fn resized(node: NodeRef<Div>) -> RwSignal<u32> {
    let changed = RwSignal::new(0_u32);
    let told = Closure::<dyn FnMut()>::new(move || {
        _ = changed.try_update(|n| *n = n.wrapping_add(1));
    });
    let observer = web_sys::ResizeObserver::new(told.as_ref().unchecked_ref()).ok();
    let kept = StoredValue::new_local((observer, told));
    effect(move |_| {
        let Some(layer) = node.get() else { return };
        kept.with_value(|(observer, _)| observer.iter().for_each(|o| o.observe(&layer)));
    });
    on_cleanup(move || _ = kept.try_with_value(|(observer, _)| observer.iter().for_each(|o| o.disconnect())));
    changed
}

struct Label {
    element: HtmlElement,
    of: Element,
    /// On the layer.
    area: BoundingBox,
    size: [f32; 2],
}

fn arranged(layer: &Element) {
    let stage = layer.get_bounding_client_rect();
    let mut labels = shown(layer, [stage.left(), stage.top()]);
    let size = [stage.width() as f32, stage.height() as f32];
    let mut places = placed(&labels, size);
    // What is pointed at says what it is, wherever there is room for one label.
    let pointed = labels.iter().position(|label| label.of.class_list().contains("pointed"));
    if let Some(at) = pointed.filter(|&at| places[at].is_none()) {
        labels[..=at].rotate_right(1);
        places = placed(&labels, size);
    }
    for (label, place) in labels.iter().zip(places) {
        // These fail for names that are none.
        let _ = label.element.class_list().toggle_with_force(LEFT_OFF, place.is_none());
        let Some([x, y]) = place else { continue };
        let inside = [label.of.client_left(), label.of.client_top()].map(|border| border as f32);
        let style = label.element.style();
        let _ = style.set_property("left", &format!("{:.1}px", x - label.area.left - inside[0]));
        let _ = style.set_property("top", &format!("{:.1}px", y - label.area.top - inside[1]));
    }
}

fn placed(labels: &[Label], stage: [f32; 2]) -> Vec<Option<[f32; 2]>> {
    let boxes: Vec<_> = labels.iter().map(|label| label.area).collect();
    let sizes: Vec<_> = labels.iter().map(|label| label.size).collect();
    place(&boxes, &sizes, stage)
}

/// The surest first; those that the style leaves out have no size.
fn shown(layer: &Element, [left, top]: [f64; 2]) -> Vec<Label> {
    let Ok(all) = layer.query_selector_all(".found-label") else { return Vec::new() };
    let elements = (0..all.length()).rev().filter_map(|at| all.item(at)?.dyn_into::<HtmlElement>().ok());
    let label = |element: HtmlElement| {
        let of = element.parent_element()?;
        let size = [element.offset_width(), element.offset_height()].map(|side| side as f32);
        let area = of.get_bounding_client_rect();
        let area = BoundingBox {
            left: (area.left() - left) as f32,
            top: (area.top() - top) as f32,
            right: (area.right() - left) as f32,
            bottom: (area.bottom() - top) as f32,
        };
        (size[0] > 0.0).then_some(Label { element, of, area, size })
    };
    elements.filter_map(label).collect()
}
