//! Weights of ours for this data: a network that is good already, to be used at once and trained on.

use super::panel_state::{PanelState, scene};
use crate::link::decode;
use crate::platform;
use crate::shipped_weights::{Made, TRAINED};
use crate::ui::components::format;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::reactive::{effect, flag, memo, part};
use crate::ui::language::{known, tr};
use leptos::prelude::*;
use leptos::task::spawn_local;

const FOLDER: &str = "./trained";

#[component]
pub fn TrainedWeights() -> impl IntoView {
    let scene = scene();
    // By itself, so that links are read when the data changes, not at every setting.
    let data = memo(move || scene.state.spec.with(|spec| spec.data.clone()));
    let id =
        memo(move || data.with(|data| TRAINED.iter().find(|row| row.spec().data == *data).map(|row| row.id)));
    let made = RwSignal::new(None::<Made>);
    effect(move |_| {
        made.set(None);
        let Some(id) = id.get() else { return };
        spawn_local(async move {
            // Without its description it is not offered.
            let Ok(bytes) = platform::fetch(&format!("{FOLDER}/{id}.json"), false, |_| ()).await else {
                return;
            };
            let _ = made.try_set(serde_json::from_slice(&bytes).ok());
        });
    });
    part(move || {
        let (id, made) = (id.get()?, made.get()?);
        let model = &made.info.spec.model.id;
        let title = scene.state.catalogue.with(|c| Some(known(&c.as_ref()?.model(model)?.title)))?;
        Some(offer(scene, id, title, &made))
    })
}

#[inline(never)]
fn offer(scene: PanelState, id: &'static str, model: String, made: &Made) -> AnyView {
    let busy = RwSignal::new(false);
    let take = move |_| {
        busy.set(true);
        spawn_local(async move {
            match platform::fetch(&format!("{FOLDER}/{id}.safetensors"), false, |_| ()).await {
                Ok(bytes) => {
                    let _ = scene.lab.load(bytes).await.map_err(|failure| scene.state.problem(&failure));
                }
                Err(_) => scene.state.notify(
                    crate::ui::state::NoticeLevel::Problem,
                    tr!("The trained weights did not arrive."),
                    tr!("Check the network and try again."),
                ),
            }
            let _ = busy.try_set(false);
        });
    };
    let accuracy = format::percent(
        made.info.test_accuracy.unwrap_or_default(),
        made.info.test_count.unwrap_or_default(),
    );
    let count = format::count(u64::from(made.info.test_count.unwrap_or_default()));
    let epochs = format::plain(decode(&made.link).spec.train.epochs);
    view! {
        <div class="trained" data-control="weights" data-testid="trained">
            <button type="button" class="button" disabled=flag(move || busy.get() || !scene.ready()) on:click=take>
                {icon(Icon::Download)}
                {tr!("Start from trained weights")}
            </button>
            <p class="note">
                {tr!("{}: {} of {} test examples right after {} epochs on {}, seed {}.", model, accuracy, count, epochs, known(&made.source), made.info.spec.seed)}
            </p>
        </div>
    }
    .into_any()
}
