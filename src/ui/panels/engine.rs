//! Who does the arithmetic, and why: the CPU or the graphics chip.

use super::scene::{Scene, scene};
use crate::protocol::EngineKind;
use crate::ui::controls::live::{flag, text};
use crate::ui::language::{current, key, known, tr};
use crate::ui::state::GpuStatus;
use leptos::prelude::*;

pub const SECTION: &str = "engine-section";

/// What the CPU engine calls itself; an adapter has its own name.
const CPU: &str = key("CPU, one core, SIMD");

#[component]
pub fn EngineSection() -> impl IntoView {
    let scene = scene();
    let name =
        text(move || scene.state.engine.with(|e| if e.name == CPU { known(CPU) } else { e.name.clone() }));
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
            {background(scene)}
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

fn option(scene: Scene, kind: Option<EngineKind>) -> AnyView {
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

fn gpu_words(scene: Scene) -> String {
    scene.state.engine.with(|e| match &e.gpu {
        GpuStatus::Unknown => tr!("WebGPU; has not been looked for yet"),
        GpuStatus::Absent(why) | GpuStatus::Lost(why) => known(why),
        GpuStatus::Loading => tr!("WebGPU; is being loaded"),
        GpuStatus::Ready => tr!("WebGPU, ready"),
    })
}

fn background(scene: Scene) -> AnyView {
    let on = scene.state.background;
    view! {
        <div class="switch">
            <input
                type="checkbox"
                role="switch"
                id="background"
                prop:checked=flag(move || on.get())
                on:change=move |e| scene.lab.set_background(event_target_checked(&e))
            />
            <label for="background">{tr!("Keep training when this tab is in the background")}</label>
        </div>
    }
    .into_any()
}
