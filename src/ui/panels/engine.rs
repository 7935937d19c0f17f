//! Who does the arithmetic, and why: the CPU or the graphics chip.

use super::panel_state::{PanelState, scene};
use crate::layers::LayerInfo;
use crate::platform::memory;
use crate::protocol::EngineKind;
use crate::ui::components::reactive::{flag, text};
use crate::ui::language::{current, known, tr};
use crate::ui::state::GpuStatus;
use leptos::prelude::*;

pub const SECTION: &str = "engine-section";

#[component]
pub fn EngineSection() -> impl IntoView {
    let scene = scene();
    let name = text(move || name(scene));
    view! {
        <details class="more" id=SECTION data-control="engine" data-testid="engine">
            <summary>{tr!("Engine")}<span class="summary-now">{name}</span></summary>
            <fieldset class="radios">
                <legend class="sr-only">{tr!("Engine")}</legend>
                {option(scene, None)}
                {option(scene, Some(EngineKind::Cpu))}
                {option(scene, Some(EngineKind::Gpu))}
            </fieldset>
            <p class="note" data-testid="engine-reason">{text(move || scene.state.engine.with(|e| e.reason.clone()))}</p>
            <p class="note" data-testid="engine-cores">{text(move || cores_words(scene))}</p>
            <p class="note num" data-testid="engine-memory">{text(move || memory_words(scene))}</p>
            {switch("cores", tr!("Train on all cores"), move || scene.state.cores.get() != Some(1), move |on| {
                scene.lab.choose_cores((!on).then_some(1));
            })}
            {switch(
                "background",
                tr!("Keep training when this tab is in the background"),
                move || scene.state.background.get(),
                move |on| scene.lab.set_background(on),
            )}
            <p>{speed_link()}</p>
        </details>
    }
    .into_any()
}

/// To the page that measures each engine, in a tab of its own: the run here is left alone.
pub fn speed_link() -> AnyView {
    let page = format!("speed/?lang={}", current());
    view! { <a href=page target="_blank">{tr!("How fast is this device?")}</a> }.into_any()
}

fn option(scene: PanelState, kind: Option<EngineKind>) -> AnyView {
    let (id, name) = match kind {
        None => ("engine-auto", tr!("Automatic")),
        Some(EngineKind::Cpu) => ("engine-choose-cpu", tr!("CPU")),
        Some(EngineKind::Gpu) => ("engine-choose-gpu", tr!("GPU")),
    };
    let words = text(move || match kind {
        None => tr!("measures a few real steps and takes the faster"),
        Some(EngineKind::Cpu) => tr!("small, starts at once, everywhere"),
        Some(EngineKind::Gpu) => gpu_words(scene),
    });
    let unusable = flag(move || {
        kind == Some(EngineKind::Gpu)
            && scene.state.engine.with(|e| matches!(e.gpu, GpuStatus::Absent(_)) && e.wanted != kind)
    });
    let chosen = flag(move || scene.state.engine.with(|e| e.wanted == kind));
    view! {
        <div class="radio">
            <input
                type="radio"
                name="engine"
                id=id
                prop:checked=chosen
                disabled=unusable
                on:change=move |_| scene.lab.choose_engine(kind)
            />
            <label for=id><strong>{name}</strong>" "<span class="radio-words">{words}</span></label>
        </div>
    }
    .into_any()
}

fn gpu_words(scene: PanelState) -> String {
    scene.state.engine.with(|e| match &e.gpu {
        GpuStatus::Unknown => tr!("WebGPU; has not been looked for yet"),
        // The panel's own line may say why.
        GpuStatus::Absent(why) if e.reason == *why => tr!("cannot be used here"),
        GpuStatus::Absent(why) | GpuStatus::Lost(why) => known(why),
        GpuStatus::Loading => tr!("WebGPU; is being loaded"),
        GpuStatus::Ready => tr!("WebGPU, ready"),
    })
}

/// The CPU with the cores that train; an adapter has its own name.
fn name(scene: PanelState) -> String {
    let (active, name) = scene.state.engine.with(|e| (e.active, e.name.clone()));
    match (active, crew(scene)) {
        (Some(EngineKind::Cpu), Some((_, cores @ 2..))) => tr!("CPU, {} cores, SIMD", cores),
        (Some(EngineKind::Cpu), _) => tr!("CPU, one core, SIMD"),
        _ => name,
    }
}

/// Of the last step on the CPU: parts of the batch, and cores that had one.
fn crew(scene: PanelState) -> Option<(u32, u32)> {
    let on_cpu = scene.state.engine.with(|e| e.active == Some(EngineKind::Cpu));
    scene.state.progress.with(|p| p.as_ref().filter(|_| on_cpu).map(|p| (p.parts, p.cores)))
}

fn cores_words(scene: PanelState) -> String {
    let Some((parts, cores)) = crew(scene) else { return String::new() };
    let mut words = match (scene.state.cores.get(), parts, cores) {
        (Some(1), 1, _) => return tr!("One core trains: you chose it."),
        (_, 1, _) => return tr!("One core trains: so little work would only wait for another."),
        (_, parts, cores) if parts == cores => {
            tr!("{} cores train: each takes a part of every batch, and the gradients are added.", cores)
        }
        _ => tr!("{} of {} cores train: the others are starting, or too slow to wait for.", cores, parts),
    };
    // What keeps running statistics goes by the batch.
    let by_batch = |info: &LayerInfo| info.layer.parameters(&info.output).iter().any(|p| !p.trained);
    if scene.state.network.with(|layers| layers.iter().any(by_batch)) {
        words += " ";
        words += &tr!("Batch normalisation goes by the mean and variance of each part.");
    }
    words
}

/// WebAssembly's: what a program has had once it keeps, so a number that goes on growing is a fault.
fn memory_words(scene: PanelState) -> String {
    let megabytes = |bytes: u64| format!("{:.0} MB", bytes as f64 / 1e6);
    match scene.state.memory.get() {
        0 => String::new(),
        engine => tr!("Memory: {} in the engine, {} in the page.", megabytes(engine), megabytes(memory())),
    }
}

fn switch(
    id: &'static str,
    words: String,
    on: impl Fn() -> bool + Send + Sync + 'static,
    set: impl Fn(bool) + 'static,
) -> AnyView {
    view! {
        <div class="switch">
            <input
                type="checkbox"
                role="switch"
                id=id
                prop:checked=flag(on)
                on:change=move |e| set(event_target_checked(&e))
            />
            <label for=id>{words}</label>
        </div>
    }
    .into_any()
}
