//! Kept runs on the page: the button that keeps one, and the table of those that there are.

use super::chart::Line;
use super::run_history::{change, change_one, comparable, keep};
use super::score::score_words;
use super::sheet::colour;
use crate::protocol::EngineKind;
use crate::ui::components::format;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::keys;
use crate::ui::components::reactive::{flag, memo, part, text};
use crate::ui::language::{known, tr};
use crate::ui::panels::panel_state::{PanelState, scene};
use crate::ui::store::past_runs::PastRun;
use leptos::prelude::*;

/// Colours of the classes' palette that are not the live curves', and dashes: no two of the runs have both alike, and
/// neighbours have neither.
const COLOURS: [u8; 8] = [3, 7, 9, 8, 2, 4, 1, 0];
const DASHES: [&[f64]; 5] = [&[9.0, 3.0], &[2.0, 3.0], &[9.0, 3.0, 2.0, 3.0], &[5.0, 2.0], &[16.0, 4.0]];
const WIDTH: f64 = 1.75;

fn look(slot: usize, times: f64) -> (u8, String, f64) {
    let dashes = DASHES[slot % DASHES.len()].iter().map(|n| (n * times).to_string());
    (COLOURS[slot % COLOURS.len()], dashes.collect::<Vec<_>>().join(" "), WIDTH * times)
}

/// A run's colour and style in a file whose unit is this many times smaller.
pub fn stroke(slot: usize, times: f64) -> (String, String) {
    let (class, dashes, width) = look(slot, times);
    let style = format!(r#"stroke-width="{width}" stroke-dasharray="{dashes}""#);
    (colour(&format!("--class-{class}")), style)
}

fn style(slot: usize) -> String {
    let (class, dashes, width) = look(slot, 1.0);
    format!("stroke:var(--class-{class});stroke-width:{width}px;stroke-dasharray:{dashes}")
}

/// A run's course in a chart of the page.
pub fn line(line: &Line) -> AnyView {
    let (d, run) = (line.path.clone(), line.letter.to_string());
    view! { <path class="line-behind" data-run=run d=d style=style(line.slot) /> }.into_any()
}

pub fn keep_button(scene: PanelState) -> AnyView {
    let press = move |_| {
        keep(scene.state, true);
        scene.announcement.set(tr!("The run is kept, to be compared with others"));
    };
    view! {
        <button
            type="button"
            class="quiet"
            data-control="runs"
            data-testid="keep-run"
            disabled=flag(move || scene.state.progress.with(Option::is_none))
            on:click=press
        >
            {icon(Icon::Plus)}
            {tr!("Keep this run")}
        </button>
    }
    .into_any()
}

#[component]
pub fn KeptRuns() -> impl IntoView {
    let scene = scene();
    let all = memo(move || comparable(scene.state));
    let any = memo(move || all.with(|all| !all.is_empty()));
    part(move || any.get().then(|| table(scene, all)))
}

#[inline(never)]
fn table(scene: PanelState, all: Memo<Vec<PastRun>>) -> AnyView {
    let ids = move || all.with(|all| all.iter().map(|k| k.id.to_bits()).collect::<Vec<_>>());
    view! {
        <section class="runs" aria-labelledby="runs-title" data-control="runs" data-testid="runs">
            <h3 class="block-title" id="runs-title" tabindex="-1">{tr!("Kept runs")}</h3>
            <p class="note">{tr!("A run that you leave behind, with Reset or other settings, is kept here by itself.")}</p>
            <table class="numbers num">
                <thead>
                    <tr>
                        <th scope="col">{tr!("Test loss")}</th>
                        <th scope="col">{known(scene.task().score.title)}</th>
                        <th scope="col">{tr!("Steps")}</th>
                        <th scope="col">{tr!("Seconds")}</th>
                        <th scope="col">{tr!("Engine")}</th>
                    </tr>
                </thead>
                <For each=ids key=|id| *id let:id>{run(scene, all, f64::from_bits(id))}</For>
            </table>
        </section>
    }
    .into_any()
}

/// A run's name with what can be done with it, and its numbers below.
fn run(scene: PanelState, all: Memo<Vec<PastRun>>, id: f64) -> AnyView {
    let kept = memo(move || all.with(|all| all.iter().find(|k| k.id == id).cloned()));
    let Some(first) = kept.get_untracked() else { return ().into_any() };
    let (state, slot, letter) = (scene.state, first.slot, first.letter());
    let shown = flag(move || kept.with(|k| k.as_ref().is_some_and(|k| k.shown)));
    let name = text(move || kept.with(|k| k.as_ref().map(|k| k.name(state)).unwrap_or_default()));
    let rename = move |e| {
        let typed = event_target_value(&e).trim().to_string();
        change_one(state, id, |k| k.name = (!typed.is_empty()).then_some(typed));
    };
    let back = move |_| {
        if let Some(kept) = kept.get_untracked() {
            scene.lab.open_kept(&kept);
            scene.announcement.set(tr!("The settings are those of run {}", letter));
        }
    };
    let here =
        flag(move || state.spec.with(|spec| kept.with(|k| k.as_ref().is_some_and(|k| k.spec == *spec))));
    let delete = move |_| {
        change(state, |all| all.retain(|k| k.id != id));
        scene.announcement.set(tr!("Run {} is deleted", letter));
        keys::focus("runs-title");
    };
    view! {
        <tbody data-testid=format!("run-{letter}")>
            <tr>
                <th scope="rowgroup" colspan="5">
                    <div class="run-head">
                        <label class="run-shown">
                            <input
                                type="checkbox"
                                aria-label=tr!("Show run {}", letter)
                                prop:checked=shown
                                on:change=move |e| change_one(state, id, |k| k.shown = event_target_checked(&e))
                            />
                            <svg viewBox="0 0 28 10" aria-hidden="true" focusable="false"><path d="M0 5H28" style=style(slot) /></svg>
                            <span aria-hidden="true">{letter}</span>
                        </label>
                        <input class="run-name" type="text" maxlength="80" aria-label=tr!("Name of run {}", letter) title=name prop:value=name on:change=rename />
                        <button type="button" class="build-button" title=tr!("Go back to these settings")
                            aria-label=tr!("Go back to the settings of run {}", letter) disabled=here on:click=back>{icon(Icon::Undo)}</button>
                        <button type="button" class="build-button" title=tr!("Delete")
                            aria-label=tr!("Delete run {}", letter) on:click=delete>{icon(Icon::Cross)}</button>
                    </div>
                </th>
            </tr>
            <tr>{part(move || kept.get().map(|kept| numbers(scene, &kept)))}</tr>
        </tbody>
    }
    .into_any()
}

fn numbers(scene: PanelState, kept: &PastRun) -> AnyView {
    let tested = kept.test.last().map(|(step, loss, share)| {
        let share = f64::from(*share);
        let reached = score_words(&scene.task().score, share, kept.count);
        let mut reached = tr!("{} of {}", reached, format::count(kept.count.into()));
        // It was left behind before it was tested again.
        if *step < kept.step {
            reached = tr!("{} after step {}", reached, format::count((*step).into()));
        }
        (format::number((*loss).into()), reached)
    });
    let (loss, accuracy) = tested.unwrap_or_else(|| ("—".into(), "—".into()));
    let engine = match kept.engine {
        Some(EngineKind::Gpu) => tr!("GPU"),
        _ => tr!("CPU"),
    };
    let cells = [loss, accuracy, format::count(kept.step.into()), format::decimals(kept.seconds, 1), engine];
    cells.into_iter().map(|c| view! { <td>{c}</td> }.into_any()).collect_view().into_any()
}
