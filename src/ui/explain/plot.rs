//! An activation's curve, with the number that goes in and the one that comes out.

use super::at::At;
use crate::layers::LayerSpec;
use crate::ui::components::reactive::{memo, text};
use leptos::prelude::*;

/// Half of the width and of the height, in the curve's own units; what goes in is held inside.
const REACH: f64 = 4.0;
/// Points of the curve.
const POINTS: usize = 65;

pub fn plot(at: At, layer: LayerSpec) -> AnyView {
    let function = layer.activation().unwrap_or(|x| x);
    // What is far away is shown on a wider curve.
    let reach = memo(move || REACH.max((at.x(0).abs() * 1.25).ceil()));
    let curve = text(move || {
        let reach = reach.get();
        let x = |point: usize| (point as f64 / (POINTS - 1) as f64 * 2.0 - 1.0) * reach;
        let point = |at: usize| format!("{:.2},{:.2}", scaled(x(at), reach), -scaled(function(x(at)), reach));
        (0..POINTS).map(point).collect::<Vec<_>>().join(" ")
    });
    let x = text(move || format!("{:.2}", scaled(at.x(0), reach.get())));
    let y = text(move || format!("{:.2}", -scaled(at.out(), reach.get())));
    view! {
        <svg class="way-plot" viewBox="-52 -52 104 104" aria-hidden="true">
            <path class="way-axes" d="M-50 0H50M0 -50V50" />
            <path class="way-guide" d=text(move || format!("M{0} 0V{1}H0", x.get(), y.get())) />
            <polyline points=curve />
            <circle r="4" cx=x cy=y />
        </svg>
    }
    .into_any()
}

/// −reach…reach as −50…50.
fn scaled(v: f64, reach: f64) -> f64 {
    v / reach * 50.0
}
