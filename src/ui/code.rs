//! The same in code: the data, the network and the training that are shown, as a script to take along.

use crate::export_code::rows::{self, Rows};
use crate::export_code::tokens::Tokens;
use crate::export_code::{FRAMEWORKS, Framework};
use crate::protocol::{DatasetInfo, Form};
use crate::table::Table;
use crate::ui::components::files;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::modal::{head, modal};
use crate::ui::components::reactive::{flag, part, text};
use crate::ui::language::tr;
use crate::ui::panels::panel_state::{PanelState, scene};
use crate::ui::share::copy;
use crate::ui::table::say;
use crate::ui::table::state::TableState;
use leptos::prelude::*;

/// Where the rows come from that go with a script.
pub struct RowSource {
    /// What a script must know of them, or why they cannot be learned from; tracked.
    about: fn(PanelState, TableState) -> Result<Rows, String>,
    /// The rows themselves.
    file: fn(PanelState, TableState) -> Option<String>,
}

pub const POINTS: RowSource = RowSource {
    about: |scene, _| scene.state.spec.with(Rows::of_points).ok_or_else(String::new),
    file: |scene, _| scene.state.spec.with(rows::file_of_points),
};

pub const TABLE: RowSource = RowSource { about: rows_of, file: file_of };

/// Without `rows` a script fetches its data itself.
#[component]
pub fn Code(rows: Option<&'static RowSource>) -> impl IntoView {
    let scene = scene();
    let open = RwSignal::new(false);
    let dialog = modal(open);
    view! {
        <button type="button" class="quiet" aria-haspopup="dialog" data-testid="code" on:click=move |_| open.set(true)>
            {icon(Icon::Code)}
            <span>{tr!("The same in code")}</span>
        </button>
        <dialog class="help share-dialog" node_ref=dialog aria-labelledby="code-title" data-testid="code-dialog" on:close=move |_| open.set(false)>
            {part(move || open.get().then(|| content(scene, open, rows)))}
        </dialog>
    }
    .into_any()
}

#[inline(never)]
fn content(scene: PanelState, open: RwSignal<bool>, source: Option<&'static RowSource>) -> AnyView {
    let bench: TableState = expect_context();
    let chosen = RwSignal::new(FRAMEWORKS[0].id.to_string());
    let framework =
        move || FRAMEWORKS.iter().find(|f| chosen.with(|id| f.id == id)).unwrap_or(&FRAMEWORKS[0]);
    let script = move || written(scene, bench, source, framework());
    let written = FRAMEWORKS.iter().filter(|f| scene.state.spec.with_untracked(|s| f.writes(&s.data)));
    let options = written.map(|f| view! { <option value=f.id>{f.title}</option> }.into_any()).collect_view();
    let download = move |_| {
        let (framework, script) = untrack(move || (framework(), script()));
        files::offer(framework.file, script.as_bytes());
    };
    let takes_weights = text(move || match framework().takes_weights {
        true => tr!(
            "With the weights that you download under “Keep it”, the script gives the same answers as this page: its first lines say how."
        ),
        false => String::new(),
    });
    view! {
        {head("code-title", tr!("The same in code"), open)}
        <p class="share-note">
            {tr!("The data, the network and the training that are open, as a whole script. Random numbers differ, so its curves are alike, not equal.")}
        </p>
        <div class="select">
            <label class="select-label" for="code-framework">{tr!("Written for")}</label>
            <select id="code-framework" on:change=move |e| chosen.set(event_target_value(&e))>{options}</select>
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
            {source.map(|source| rows_button(scene, bench, source))}
        </div>
        <p class="note">{source.map(|_| tr!("The script reads its rows from {}: put both files into one folder.", rows::FILE))}" "{takes_weights}</p>
    }
    .into_any()
}

/// The rows go with a script as a file of their own; pictures are fetched by the script.
#[inline(never)]
fn rows_button(scene: PanelState, bench: TableState, source: &'static RowSource) -> AnyView {
    let download = move |_| {
        _ = untrack(move || (source.file)(scene, bench))
            .map(|file| files::offer(rows::FILE, file.as_bytes()));
    };
    let unready = move || (source.about)(scene, bench).is_err();
    view! {
        <button type="button" class="button" data-testid="code-rows" disabled=flag(unready) on:click=download>
            {icon(Icon::Download)}
            <span>{rows::FILE}</span>
        </button>
    }
    .into_any()
}

#[inline(never)]
fn written(
    scene: PanelState,
    bench: TableState,
    source: Option<&'static RowSource>,
    framework: &Framework,
) -> String {
    let rows = source.map(|source| (source.about)(scene, bench)).transpose();
    let script = |rows: Option<Rows>| {
        let tokens = tokens_of(scene)?;
        scene.state.spec.with(|spec| framework.script(spec, rows.as_ref(), tokens.as_ref()))
    };
    rows.and_then(script).unwrap_or_else(|why| why)
}

/// What a script must know of the text that is open; none where there is none.
fn tokens_of(scene: PanelState) -> Result<Option<Tokens>, String> {
    let carries = scene.state.spec.with(|spec| spec.data.options.get("carry").is_none_or(|on| on == "on"));
    scene.dataset.with(|dataset| {
        let text = dataset.as_ref().filter(|dataset| dataset.form == Form::Text);
        let known = |info: &DatasetInfo| match info.text.as_ref().map(|text| text.tokenizer.is_empty()) {
            None => Err(tr!("Wait until the text is there.")),
            Some(true) => Err(tr!("Scripts are written for texts, not for questions that are made here.")),
            Some(false) => Tokens::of(info, carries),
        };
        text.map(known).transpose()
    })
}

fn rows_of(scene: PanelState, bench: TableState) -> Result<Rows, String> {
    let id = scene.state.spec.with(|spec| spec.data.id.clone());
    bench.plan.with(|plan| match plan {
        Some(Ok(plan)) => Ok(Rows::of_table(&id, plan)),
        Some(Err(why)) => Err(say::say(why)),
        None => Err(tr!("Choose what is to be learned: one column of the table.")),
    })
}

fn file_of(_: PanelState, bench: TableState) -> Option<String> {
    let of = |table: &Table| {
        bench.plan.with(|plan| Some(rows::file_of_table(table, plan.as_ref()?.as_ref().ok()?)))
    };
    bench.table.with(|table| table.as_ref().and_then(of))
}
