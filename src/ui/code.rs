//! The same in code: the data, the network and the training that are shown, as a script to take along.

use crate::code::{FRAMEWORKS, Framework};
use crate::ui::controls::files;
use crate::ui::controls::icon::{Icon, icon};
use crate::ui::controls::modal::{head, modal};
use crate::ui::controls::reactive::{part, text};
use crate::ui::language::tr;
use crate::ui::panels::panel_state::{PanelState, scene};
use crate::ui::share::copy;
use leptos::prelude::*;

#[component]
pub fn Code() -> impl IntoView {
    let scene = scene();
    let open = RwSignal::new(false);
    let dialog = modal(open);
    view! {
        <button type="button" class="quiet" aria-haspopup="dialog" data-testid="code" on:click=move |_| open.set(true)>
            {icon(Icon::Code)}
            <span>{tr!("The same in code")}</span>
        </button>
        <dialog class="help share-dialog" node_ref=dialog aria-labelledby="code-title" data-testid="code-dialog" on:close=move |_| open.set(false)>
            {part(move || open.get().then(|| content(scene, open)))}
        </dialog>
    }
    .into_any()
}

fn content(scene: PanelState, open: RwSignal<bool>) -> AnyView {
    let chosen = RwSignal::new(0_usize);
    let framework = move || &FRAMEWORKS[chosen.get()];
    let script = move || written(scene, framework());
    let options =
        FRAMEWORKS.iter().map(|f| view! { <option value=f.id>{f.title}</option> }.into_any()).collect_view();
    let choose = move |e| {
        let id = event_target_value(&e);
        chosen.set(FRAMEWORKS.iter().position(|f| f.id == id).unwrap_or(0));
    };
    let download = move |_| {
        let (framework, script) = untrack(move || (framework(), script()));
        files::offer(framework.file, script.as_bytes());
    };
    view! {
        {head("code-title", tr!("The same in code"), open)}
        <p class="share-note">
            {tr!("The data, the network and the training that are open, as a whole script. Random numbers differ, so its curves are alike, not equal.")}
        </p>
        <div class="select">
            <label class="select-label" for="code-framework">{tr!("Written for")}</label>
            <select id="code-framework" on:change=choose>{options}</select>
        </div>
        <textarea
            id="code-text"
            class="share-snippet code-text mono"
            readonly=true
            spellcheck="false"
            rows="22"
            aria-label=tr!("The script")
            prop:value=text(script)
        ></textarea>
        <div class="buttons">
            {copy::button(scene, "code-text", true, script)}
            <button type="button" class="button" on:click=download>
                {icon(Icon::Download)}
                <span>{text(move || framework().file.to_string())}</span>
            </button>
        </div>
    }
    .into_any()
}

fn written(scene: PanelState, framework: &Framework) -> String {
    scene.state.spec.with(|spec| framework.script(spec)).unwrap_or_else(|why| why)
}
