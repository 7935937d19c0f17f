//! Asks the engine for what is shown: when another map is chosen, and again whenever the network has changed, one
//! question at a time.

use super::{Told, Way};
use crate::protocol::{Picture, Request, Response};
use crate::ui::components::reactive::{effect, memo};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_bytes::ByteBuf;
use std::sync::Arc;

impl Way {
    pub(super) fn follow(self) {
        let asking = StoredValue::new(false);
        let again = StoredValue::new(false);
        let wanted = memo(move || self.wanted().map(|place| (place.layer, place.map)));
        effect(move |_| {
            if wanted.get().is_none() {
                return;
            }
            // Asked again after each training step and when the picture changes.
            self.scene.state.seen.track();
            again.set_value(true);
            if asking.get_value() {
                return;
            }
            asking.set_value(true);
            spawn_local(async move {
                while again.try_get_value() == Some(true) {
                    again.set_value(false);
                    self.ask().await;
                }
                // The panel may be gone by then.
                let _ = asking.try_set_value(false);
            });
        });
        self.walk.close_with_network();
    }

    /// The number that is to be shown, if a layer gives it.
    fn wanted(self) -> Option<crate::explain::Position> {
        let place = self.walk.wanted()?;
        place.layer.map(|_| place)
    }

    /// The engine has not answered yet: what is shown is of another map.
    pub(super) fn waits(self) -> bool {
        let told = self.told.read();
        let told = told.as_ref().map(|told| (told.place.layer, told.place.map));
        self.wanted().is_some_and(|place| told != Some((place.layer, place.map)))
    }

    async fn ask(self) {
        let wanted = untrack(move || self.wanted().zip(self.picture()));
        let Some((place, picture)) = wanted else { return };
        let layer = place.layer.unwrap_or_default() as u32;
        let picture = Picture::Exact(ByteBuf::from(picture));
        let question = Request::LayerIo { picture, layer, map: place.map as u32 };
        if let Ok(Response::LayerIo(passage)) = self.scene.lab.ask(question).await {
            let _ = self.told.try_set(Some(Arc::new(Told { place, passage: *passage })));
        }
    }
}
