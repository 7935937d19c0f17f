//! The points themselves: made here by the rule and the seed that the engine makes them by, so they are there at once.

use crate::datasets::{TabularData, TabularDataset};
use crate::protocol::Form;
use crate::ui::components::reactive::memo;
use crate::ui::panels::panel_state::PanelState;
use leptos::prelude::*;
use std::sync::Arc;

pub type Points = Memo<Option<Arc<TabularData>>>;

/// Made once a spec, whoever looks at them. Called once, under the page's owner.
pub fn provide(scene: PanelState) {
    provide_context(made(scene));
}

/// Those of the spec that is shown; none if it is of another form.
pub fn points() -> Points {
    expect_context()
}

fn made(scene: PanelState) -> Points {
    let asked = memo(move || scene.state.spec.with(|s| (s.data.clone(), s.seed)));
    memo(move || {
        let (data, seed) = asked.get();
        let set = TabularDataset::by_id(&data.id).filter(|set| set.form == Form::Point)?;
        (set.open)(&data, seed, None).ok().map(Arc::new)
    })
}
