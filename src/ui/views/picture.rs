//! Pictures: as tiles, their network as layers with maps, and a pad to draw on.

use super::info::View;
use crate::protocol::Form;
use crate::ui::builder::{self, Builder};
use crate::ui::code::Code;
use crate::ui::components::reactive::{memo, part};
use crate::ui::language::tr;
use crate::ui::panels::data::DataPanel;
use crate::ui::panels::model::edit_button;
use crate::ui::panels::network::NetworkPicture;
use crate::ui::panels::panel_state::PanelState;
use crate::ui::panels::try_it::{TryPanel, show};
use leptos::prelude::*;

pub const VIEW: View = View {
    form: Form::Picture,
    name: "picture",
    material: || view! { <DataPanel /> }.into_any(),
    model: network,
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
