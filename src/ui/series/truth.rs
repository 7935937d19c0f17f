//! The numbers of the run's series, asked of the engine whenever a run is opened.

use crate::protocol::{Request, Response, SeriesAnswer, SeriesInfo, SeriesQuestion};
use crate::ui::components::reactive::{effect, memo};
use crate::ui::panels::panel_state::PanelState;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// In the unit of the number, NaN where it is missing; none before they are there. A late answer is dropped.
pub fn truth(scene: PanelState) -> RwSignal<Option<Arc<Vec<f32>>>> {
    let here = RwSignal::new(None);
    let latest = StoredValue::new(0_u32);
    let info = info(scene);
    effect(move |_| {
        // Said anew with every run that is opened, also where its series is as it was.
        scene.state.network.track();
        let mine = latest.get_value().wrapping_add(1);
        latest.set_value(mine);
        if info.with(Option::is_none) {
            return here.set(None);
        }
        spawn_local(async move {
            let answer = scene.lab.ask(Request::Series(SeriesQuestion::Truth)).await;
            // The view may be gone by then.
            if latest.try_get_value() != Some(mine) {
                return;
            }
            if let Ok(Response::Series(SeriesAnswer::Truth(all))) = answer {
                here.set(Some(Arc::new(all.0)));
            }
        });
    });
    here
}

/// What there is to say of the series; none before the run is open.
pub fn info(scene: PanelState) -> Memo<Option<SeriesInfo>> {
    memo(move || scene.dataset.with(|d| d.as_ref()?.series.as_ref().map(|series| (**series).clone())))
}

/// What the predicted number is called.
pub fn name(scene: PanelState) -> String {
    scene.dataset.with(|d| d.as_ref().and_then(|d| d.target.value()).unwrap_or_default().into())
}
