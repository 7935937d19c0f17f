//! One small picture that can be clicked: the network is then shown it.

use crate::protocol::{Example, Picture};
use crate::ui::components::picture::still;
use crate::ui::components::reactive::{flag, memo, text};
use crate::ui::panels::panel_state::{InspectedExample, PanelState};
use leptos::prelude::*;

pub struct Tile {
    pub subject: InspectedExample,
    pub picture: Picture,
    pub pixels: Vec<u8>,
    /// What a screen reader says, e.g. “training picture 12, labelled 7”.
    pub name: Signal<String>,
    /// What stands under the picture; hidden from screen readers, who have the name.
    pub caption: AnyView,
    /// `right`, `wrong` or nothing.
    pub mark: Signal<&'static str>,
}

impl Tile {
    pub fn of_test(
        example: &Example,
        name: Signal<String>,
        caption: AnyView,
        mark: Signal<&'static str>,
    ) -> Self {
        Self {
            subject: InspectedExample::Test { index: example.index, target: Some(example.target.clone()) },
            picture: Picture::Test(example.index),
            pixels: example.pixels.to_vec(),
            name,
            caption,
            mark,
        }
    }

    pub fn view(self, scene: PanelState) -> AnyView {
        let Self { subject, picture, pixels, name, caption, mark } = self;
        let still = still("tile-picture", scene.shape(), &pixels);
        let picked = {
            let subject = subject.clone();
            memo(move || scene.subject.with(|s| *s == subject))
        };
        view! {
            <button
                type="button"
                class="tile"
                data-mark=text(move || mark.get().to_string())
                aria-pressed=text(move || picked.get().to_string())
                on:click=move |_| scene.look(subject.clone(), picture.clone())
            >
                {still}
                <span class="sr-only">{name}</span>
                <span class="tile-caption" aria-hidden="true">{caption}</span>
            </button>
        }
        .into_any()
    }
}

/// Tiles in rows. Classes with long names get wider ones.
pub fn grid(
    scene: PanelState,
    class: &'static str,
    label: String,
    test_id: Option<&'static str>,
    tiles: AnyView,
) -> AnyView {
    view! {
        <div class=class class:long=flag(move || scene.long_names()) role="group" aria-label=label data-testid=test_id>
            {tiles}
        </div>
    }
    .into_any()
}
