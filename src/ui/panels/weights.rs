//! Keep what was learned: download the weights, load them again.

use super::panel_state::{PanelState, scene};
use crate::ui::components::files::{self, FilePicker};
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::reactive::{effect, flag, text};
use crate::ui::language::{known, tr};
use crate::ui::state::NoticeLevel;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub fn Keep() -> impl IntoView {
    let scene = scene();
    let busy = RwSignal::new(false);
    let trouble = RwSignal::new(String::new());
    // What was wrong was of the lab that was there.
    effect(move |_| {
        scene.state.preset.track();
        trouble.set(String::new());
    });
    let last = scene.last_evaluation();
    let download = move |_| {
        busy.set(true);
        let run = scene.state.spec.with_untracked(|s| format!("intab-{}-{}", s.data.id, s.model.id));
        spawn_local(async move {
            match scene.lab.save().await {
                Ok(bytes) => {
                    // The panel may be gone by then, with what it knew of the run.
                    let accuracy = last.try_get_untracked().flatten().map(|e| e.score);
                    files::offer(&file_name(&run, accuracy), &bytes);
                }
                Err(failure) => scene.state.problem(&failure),
            }
            let _ = busy.try_set(false);
        });
    };
    let picker =
        FilePicker { words: tr!("Load weights"), accept: Some(".safetensors"), ..FilePicker::default() };
    let chosen = move |file| {
        trouble.set(String::new());
        spawn_local(async move {
            let why = take(scene, file).await.err().unwrap_or_default();
            let _ = trouble.try_set(why);
        });
    };
    view! {
        <div class="block" data-control="weights" data-testid="keep">
            <h3 class="block-title">{tr!("Keep it")}" "<span class="block-aside">{tr!("weights, labels and settings in one safetensors file")}</span></h3>
            <div class="buttons">
                <button type="button" class="button" disabled=flag(move || busy.get() || !scene.ready()) on:click=download>
                    {icon(Icon::Download)}
                    {tr!("Download weights")}
                </button>
                {picker.view_one(chosen)}
            </div>
            <p class="setting-error" role="alert" data-testid="weights-trouble">{text(move || trouble.get())}</p>
        </div>
    }
    .into_any()
}

/// Goes on from a weight file that was dropped anywhere; what is wrong with it becomes a notice.
pub fn load(scene: PanelState, file: web_sys::File) {
    spawn_local(async move {
        if let Err(why) = take(scene, file).await {
            scene.state.notify(NoticeLevel::Problem, why, "");
        }
    });
}

/// An error is a sentence.
async fn take(scene: PanelState, file: web_sys::File) -> Result<(), String> {
    let Some(bytes) = files::read(&file).await else {
        return Err(tr!("The file could not be read. Choose it again, or copy it to another folder first."));
    };
    let taken = scene.lab.load(bytes).await;
    taken.map_err(|failure| format!("{} {}", known(&failure.what), known(&failure.advice)))
}

/// `intab-mnist-cnn-98.12.safetensors`
fn file_name(run: &str, accuracy: Option<f64>) -> String {
    let reached = accuracy.map(|a| format!("-{:.2}", (a * 10_000.0).floor() / 100.0)).unwrap_or_default();
    format!("{run}{reached}.safetensors")
}
