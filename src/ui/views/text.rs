//! Texts and sequences of tokens: in colours, their network as a list of layers, what it writes and what it has in mind.

use super::info::View;
use crate::layers::block;
use crate::protocol::Form;
use crate::ui::builder::{self, Builder};
use crate::ui::charts::history::History;
use crate::ui::code::Code;
use crate::ui::components::reactive::{memo, part};
use crate::ui::language::tr;
use crate::ui::panels::layer_list::LayerList;
use crate::ui::panels::model::edit_button;
use crate::ui::panels::panel_state::{PanelState, scene};
use crate::ui::text::attention::AttentionView;
use crate::ui::text::blanks::asked::asks_for_hidden;
use crate::ui::text::blanks::own::BlankPanel;
use crate::ui::text::data::TextData;
use crate::ui::text::learned::Baselines;
use crate::ui::text::prompt::PromptPanel;
use crate::ui::text::reach::ReachView;
use crate::ui::text::sample::Sample;
use crate::ui::text::states::StatesView;
use crate::ui::text::strip::is_recurrent;
use leptos::prelude::*;

pub const VIEW: View = View {
    form: Form::Text,
    is_table: false,
    name: "text",
    material: || view! { <TextData /> }.into_any(),
    model: |scene| network(scene, view! { <Code rows=None /> }.into_any()),
    learned: |scene| view! { <Sample /><History /><Baselines />{inside(scene)} }.into_any(),
    try_it: || {
        let scene = scene();
        let hidden = memo(move || asks_for_hidden(scene));
        part(move || match hidden.get() {
            true => view! { <BlankPanel /> }.into_any(),
            false => view! { <PromptPanel /> }.into_any(),
        })
        .into_any()
    },
    drop_words: || tr!("Drop a text file: it is read here, in this tab, and goes nowhere"),
    take_file: |_, takers, file| takers.text.take_file(file),
};

/// What there is to look at depends on what the network is made of.
fn inside(scene: PanelState) -> AnyView {
    let attends = memo(move || scene.state.network.with(|all| all.iter().any(|l| block::attends(l.layer))));
    let keeps =
        memo(move || scene.state.network.with(|all| all.iter().any(|l| is_recurrent(l.layer.kind().word))));
    view! {
        {part(move || (keeps.get() || !attends.get()).then(|| view! { <StatesView /><ReachView /> }))}
        {part(move || attends.get().then(|| view! { <AttentionView /> }))}
    }
    .into_any()
}

/// The network as a list of layers, and `code` below it.
pub fn network(scene: PanelState, code: AnyView) -> AnyView {
    let own = memo(move || scene.state.spec.with(builder::is_own));
    view! {
        {part(move || own.get().then(|| view! { <Builder /> }))}
        <LayerList />
        <div class="buttons model-tools">{edit_button(scene)}{code}</div>
    }
    .into_any()
}
