//! How a page's four slots lie: in columns, of which a phone shows one at a time, or on a stage with what belongs to it
//! around it. Below both is a bar that stays.

use crate::ui::components::reactive::text;
use crate::ui::lessons::task;
use crate::ui::panels::panel_state::{PanelState, Tab};
use crate::ui::panels::tabs::Tabs;
use leptos::prelude::*;

/// What there is to learn from, the model, what it learned, trying it: none where there is nothing of the kind.
pub struct Slots {
    pub material: Option<AnyView>,
    pub model: Option<AnyView>,
    pub learned: Option<AnyView>,
    pub try_it: Option<AnyView>,
    /// In the bar that stays.
    pub bar: AnyView,
}

impl Slots {
    /// `name` is how tests call the panels, and `class` how styles call the page.
    pub fn columns(
        self,
        scene: PanelState,
        class: &'static str,
        name: &'static str,
        form: Option<Signal<String>>,
    ) -> AnyView {
        let Self { material, model, learned, try_it, bar } = self;
        let slots = [(Tab::Data, material), (Tab::Model, model), (Tab::Learned, learned), (Tab::Try, try_it)];
        let column = |(tab, content): (Tab, Option<AnyView>)| Some(panel(scene, tab, name, content?));
        view! {
            <div id="panels-top"></div>
            <Tabs />
            <main class=class data-form=form>{slots.into_iter().filter_map(column).collect_view()}</main>
            <div id="play-controls" class="transport-place" tabindex="-1">{task::in_the_foot()}{bar}</div>
        }
        .into_any()
    }

    /// `bare`: nothing is on the stage yet.
    pub fn stage(self, id: &'static str, bare: Signal<bool>) -> AnyView {
        let Self { material, model, learned, try_it, bar } = self;
        view! {
            <main class="vision" class:bare=bare id=id tabindex="-1">{material}{learned}{try_it}{model}</main>
            <div class="transport-place">{task::in_the_foot()}{bar}</div>
        }
        .into_any()
    }
}

/// A region on a large screen; on a phone what a tab opens.
fn panel(scene: PanelState, tab: Tab, name: &'static str, content: AnyView) -> AnyView {
    let id = tab.id();
    let role = text(move || if scene.narrow.get() { "tabpanel".to_string() } else { "region".to_string() });
    view! {
        <section
            class=format!("panel panel-{id}")
            id=format!("panel-{id}")
            role=role
            aria-labelledby=format!("title-{id}")
            data-testid=format!("{name}-{id}")
        >
            {content}
        </section>
    }
    .into_any()
}
