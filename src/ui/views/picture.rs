//! Pictures: as tiles, their network as layers with maps, and a pad to draw on.

use super::info::View;
use crate::experiment::PRESET;
use crate::layers::block;
use crate::protocol::Form;
use crate::ui::builder::{self, Builder};
use crate::ui::charts::history::History;
use crate::ui::code::Code;
use crate::ui::components::reactive::{memo, part};
use crate::ui::experiment;
use crate::ui::language::tr;
use crate::ui::panels::confusion::Confusion;
use crate::ui::panels::data::DataPanel;
use crate::ui::panels::mistakes::Mistakes;
use crate::ui::panels::model::edit_button;
use crate::ui::panels::network::NetworkPicture;
use crate::ui::panels::panel_state::PanelState;
use crate::ui::panels::test_predictions::TestGrid;
use crate::ui::panels::try_it::{TryPanel, show};
use crate::ui::patches::PatchAttention;
use leptos::prelude::*;
use std::time::Duration;

pub const VIEW: View = View {
    form: Form::Picture,
    is_table: false,
    name: "picture",
    material: || view! { <DataPanel /> }.into_any(),
    model: network,
    learned,
    try_it: || view! { <TryPanel /> }.into_any(),
    drop_words: || tr!("Drop a picture to have it read, or a weight file to go on from it"),
    take_file: |scene, _, file| show(scene, file),
};

fn network(scene: PanelState) -> AnyView {
    let own = memo(move || scene.state.spec.with(builder::is_own));
    view! {
        {part(move || own.get().then(|| view! { <Builder /> }))}
        <NetworkPicture />
        <div class="buttons model-tools">{edit_button(scene)}<Code rows=None /></div>
    }
    .into_any()
}

fn learned(scene: PanelState) -> AnyView {
    let attends = memo(move || scene.state.network.with(|all| all.iter().any(|l| l.layer.is(&block::KIND))));
    let of_experiments = memo(move || scene.state.preset.with(|preset| preset == PRESET));
    // Its hundred cells are below the fold: the page is drawn without them first.
    let later = RwSignal::new(false);
    // The panel may be gone by then.
    set_timeout(move || _ = later.try_set(true), Duration::from_millis(50));
    view! {
        <History />
        {part(move || of_experiments.get().then(|| experiment::view(true)))}
        <TestGrid />
        {part(move || later.get().then(|| view! { <Confusion /> }))}
        <Mistakes />
        {part(move || (!of_experiments.get()).then(|| experiment::view(false)))}
        {part(move || attends.get().then(|| view! { <PatchAttention /> }))}
    }
    .into_any()
}
