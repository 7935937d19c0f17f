//! Texts and sequences of tokens: in colours, their network as a list of layers, what it writes and what it has in mind.

use super::info::View;
use crate::protocol::Form;
use crate::ui::builder::{self, Builder};
use crate::ui::charts::history::History;
use crate::ui::code::Code;
use crate::ui::components::reactive::{memo, part};
use crate::ui::language::tr;
use crate::ui::panels::layer_list::LayerList;
use crate::ui::panels::model::edit_button;
use crate::ui::panels::panel_state::PanelState;
use crate::ui::text::data::TextData;
use crate::ui::text::learned::Baselines;
use crate::ui::text::prompt::PromptPanel;
use crate::ui::text::sample::Sample;
use crate::ui::text::states::StatesView;
use leptos::prelude::*;

pub const VIEW: View = View {
    form: Form::Text,
    name: "text",
    material: || view! { <TextData /> }.into_any(),
    model: network,
    learned: |_| view! { <Sample /><History /><Baselines /><StatesView /> }.into_any(),
    try_it: || view! { <PromptPanel /> }.into_any(),
    drop_words: || tr!("Drop a text file: it is read here, in this tab, and goes nowhere"),
    take_file: |_, takers, file| takers.text.take_file(file),
};

fn network(scene: PanelState) -> AnyView {
    let own = memo(move || scene.state.spec.with(builder::is_own));
    view! {
        {part(move || own.get().then(|| view! { <Builder /> }))}
        <LayerList />
        <div class="buttons model-tools">{edit_button(scene)}<Code rows=None /></div>
    }
    .into_any()
}
