//! Points of the plane: as dots, every neuron with a picture of what it makes of the plane, one example number by number.

use super::info::View;
use super::picture;
use crate::protocol::Form;
use crate::ui::builder::{self, Builder};
use crate::ui::charts::history::History;
use crate::ui::code::{Code, POINTS, RowSource};
use crate::ui::components::reactive::{memo, part};
use crate::ui::language::tr;
use crate::ui::panels::panel_state::PanelState;
use crate::ui::playground::data::PlaneData;
use crate::ui::playground::graph::PlaneNetwork;
use crate::ui::playground::surface::DecisionSurface;
use crate::ui::playground::trace::TracePanel;
use leptos::prelude::*;

pub const VIEW: View = View {
    form: Form::Point,
    name: "point",
    material: || view! { <PlaneData /> }.into_any(),
    model: |scene| neurons(scene, ().into_any(), &POINTS, false),
    learned: |_| view! { <DecisionSurface /><History /> }.into_any(),
    try_it: || view! { <TracePanel /> }.into_any(),
    ..picture::VIEW
};

/// The network is built on its picture; the list says the same, for who wants more than neurons.
pub fn neurons(scene: PanelState, button: AnyView, rows: &'static RowSource, open: bool) -> AnyView {
    let own = memo(move || scene.state.spec.with(builder::is_own));
    view! {
        <PlaneNetwork />
        <div class="buttons model-tools">{button}<Code rows=Some(rows) /></div>
        {part(move || own.get().then(|| view! {
            <details class="more" data-control="settings" data-testid="layer-list" open=open>
                <summary>{tr!("Layers as a list")}</summary>
                <Builder />
            </details>
        }))}
    }
    .into_any()
}
