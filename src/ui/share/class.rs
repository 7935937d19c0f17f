//! The teacher switch: which lab a class gets, and what of the page it sees.

use super::draft::Draft;
use crate::link::{CONTROLS, PANELS, Visibility};
use crate::protocol::Catalogue;
use crate::spec::{PRESETS, Page, Preset};
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::reactive::{effect, flag, part, text};
use crate::ui::language::{key, known, tr};
use crate::ui::lessons::{self, LessonState};
use crate::ui::pages;
use crate::ui::panels::panel_state::PanelState;
use leptos::prelude::*;

/// Without a name of its own in `CONTROLS`: a setting that the catalogue has no number for.
const CHOICES: [(&str, &str); 6] = [
    ("data.id", "Dataset"),
    ("model.id", "Network"),
    ("train.optimizer", "Optimiser"),
    ("train.schedule", "Schedule of the learning rate"),
    ("train.init", "How weights begin"),
    ("model.layers", key("Layers")),
];

pub fn switch(draft: Draft, back: RwSignal<bool>, open: RwSignal<bool>) -> AnyView {
    let on = RwSignal::new(draft.shown.with_untracked(|shown| *shown != Visibility::default()));
    view! {
        <section class="share-part">
            <p class="switch">
                <input
                    type="checkbox"
                    role="switch"
                    id="share-class"
                    prop:checked=flag(move || on.get())
                    on:change=move |e| on.set(event_target_checked(&e))
                />
                <label for="share-class">
                    <strong>{tr!("Prepare for a class")}</strong>" "
                    <span class="radio-words">{tr!("choose the lab, and leave out what would distract")}</span>
                </label>
            </p>
            {part(move || on.get().then(|| choices(draft, back, open)))}
        </section>
    }
    .into_any()
}

fn choices(draft: Draft, back: RwSignal<bool>, open: RwSignal<bool>) -> AnyView {
    view! {
        <div class="share-class" data-testid="class">
            {lab(draft)}
            {part(move || has_panels(draft).then(|| panels(draft)))}
            {controls(draft)}
            {part(move || trains(draft).then(|| settings(draft)))}
            {lesson_lacks(draft)}
            <div class="buttons">
                <button type="button" class="button" on:click=move |_| {
                    show(draft);
                    back.set(true);
                    open.set(false);
                }>{icon(Icon::Next)}{tr!("Show me")}</button>
                <button type="button" class="button" on:click=move |_| draft.shown.set(Visibility::default())>
                    {icon(Icon::Undo)}{tr!("Leave nothing out")}
                </button>
            </div>
        </div>
    }
    .into_any()
}

/// The page becomes what the link opens.
fn show(draft: Draft) {
    let (lab, shown) = (draft.lab.get_untracked(), draft.shown.get_untracked());
    let page = draft.scene.lab;
    match (lab.strip_prefix("preset="), lab.strip_prefix("lesson=")) {
        (Some(id), _) => page.open_preset(id),
        (None, Some(id)) => page.open_lesson(id),
        (None, None) => (),
    }
    draft.scene.state.shown.set(shown);
}

/// Back from what a class sees; the only thing on the page that no link can leave out.
pub fn everything(scene: PanelState, back: RwSignal<bool>) -> AnyView {
    part(move || {
        back.get().then(|| {
            view! {
                <div class="share-back" role="status">
                    <p>{tr!("As your class sees it")}</p>
                    <button type="button" class="button" on:click=move |_| {
                        scene.state.shown.set(Visibility::default());
                        back.set(false);
                    }>{icon(Icon::Undo)}{tr!("Show everything")}</button>
                </div>
            }
        })
    })
}

fn page(draft: Draft) -> Page {
    let lab = draft.lab.get();
    let lab = match lab.strip_prefix("lesson=") {
        Some(id) => lessons::lab_of(id).unwrap_or_default(),
        None => lab,
    };
    match lab.as_str() {
        "" => draft.scene.state.page(),
        lab => crate::link::decode(lab).preset.page,
    }
}

/// The lesson that the link opens.
fn lesson(draft: Draft) -> Option<String> {
    let lab = draft.lab.get();
    match lab.strip_prefix("lesson=") {
        Some(id) => Some(id.into()),
        None => draft.scene.state.lesson.get().filter(|_| lab.is_empty()),
    }
}

/// What the lesson asks for and the link leaves out.
fn lesson_lacks(draft: Draft) -> AnyView {
    let book = expect_context::<LessonState>();
    effect(move |_| {
        if lesson(draft).is_some() {
            book.fetch();
        }
    });
    part(move || {
        let lesson = book.text_of(&lesson(draft)?)?;
        let lacks: Vec<(String, Vec<String>)> = draft.shown.with(|shown| {
            let steps = lesson.steps.iter().map(|step| (step.title.clone(), step.left_out(shown)));
            steps.filter(|(_, lacks)| !lacks.is_empty()).collect()
        });
        let line = |(title, lacks): (String, Vec<String>)| {
            let names: Vec<String> = lacks.iter().map(|id| name_of(id)).collect();
            view! { <li>{tr!("“{}” needs: {}", title, names.join(", "))}</li> }.into_any()
        };
        (!lacks.is_empty()).then(|| {
            view! {
                <div class="share-lacks" role="status" data-testid="lesson-lacks">
                    <p>{tr!("The lesson asks for what this link leaves out:")}</p>
                    <ul>{lacks.into_iter().map(line).collect_view()}</ul>
                </div>
            }
        })
    })
}

/// What a panel, a control or a setting is called in this dialog.
fn name_of(id: &str) -> String {
    let mut all = PANELS.iter().chain(CONTROLS).chain(&CHOICES);
    all.find(|(known, _)| *known == id).map_or_else(|| id.to_string(), |(_, title)| known(title))
}

fn has_panels(draft: Draft) -> bool {
    pages::of(page(draft)).panels
}

fn trains(draft: Draft) -> bool {
    page(draft) == Page::Train
}

fn lab(draft: Draft) -> AnyView {
    let here = |catalogue: &Catalogue, preset: &Preset| (pages::of(preset.page).offered)(catalogue, preset);
    let open = move |preset: &&Preset| {
        draft.scene.state.catalogue.with_untracked(|c| c.as_ref().is_none_or(|c| here(c, preset)))
    };
    let lab = |p: &Preset| option(format!("preset={}", p.id), known(p.title));
    let labs = PRESETS.iter().filter(open).map(lab).collect_view();
    let lessons = lessons::listed().into_iter().map(|l| option(format!("lesson={}", l.id), l.title));
    let lessons: Vec<_> = lessons.collect();
    view! {
        <div class="select">
            <label class="select-label" for="share-lab">{tr!("Opens")}</label>
            <select id="share-lab" prop:value=text(move || draft.lab.get()) on:change=move |e| draft.lab.set(event_target_value(&e))>
                <option value="">{tr!("This page as it is now")}</option>
                <optgroup label=tr!("Labs")>{labs}</optgroup>
                {(!lessons.is_empty()).then(|| view! { <optgroup label=tr!("Lessons")>{lessons}</optgroup> })}
            </select>
        </div>
    }
    .into_any()
}

fn option(value: String, title: String) -> AnyView {
    view! { <option value=value>{title}</option> }.into_any()
}

fn panels(draft: Draft) -> AnyView {
    let rows = PANELS.iter().map(|(id, title)| {
        let shown = move || draft.shown.with(|s| s.only.is_empty() || s.only.iter().any(|o| o == id));
        check("only", (*id).into(), known(title), shown, move |on| {
            draft.shown.update(|s| keep_panel(s, id, on))
        })
    });
    view! {
        <fieldset class="share-checks">
            <legend>{tr!("Panels")}</legend>
            {rows.collect_view()}
        </fieldset>
    }
    .into_any()
}

/// All of them are named by none, and one at least stays.
fn keep_panel(shown: &mut Visibility, id: &str, on: bool) {
    let now = |panel: &str| match panel == id {
        true => on,
        false => shown.only.is_empty() || shown.only.iter().any(|o| o == panel),
    };
    let only: Vec<String> = PANELS.iter().filter(|p| now(p.0)).map(|p| p.0.into()).collect();
    if only.is_empty() {
        return shown.only = vec![id.into()];
    }
    shown.only = if only.len() == PANELS.len() { Vec::new() } else { only };
}

fn controls(draft: Draft) -> AnyView {
    let rows = CONTROLS.iter().map(|(id, title)| hideable(draft, (*id).into(), known(title)));
    view! {
        <fieldset class="share-checks">
            <legend>{tr!("Controls")}</legend>
            {rows.collect_view()}
        </fieldset>
    }
    .into_any()
}

/// Every setting of the run, by itself.
fn settings(draft: Draft) -> AnyView {
    let spec = draft.scene.state.spec.get_untracked();
    let rows = draft.scene.state.catalogue.with_untracked(|c| {
        let numbers = c.iter().flat_map(|c| c.numbers_of(&spec)).map(|n| (n.key.clone(), known(&n.label)));
        CHOICES
            .iter()
            .map(|(key, title)| ((*key).into(), known(title)))
            .chain(numbers)
            .collect::<Vec<(String, String)>>()
    });
    let rows = rows.into_iter().map(|(key, title)| hideable(draft, key, title));
    view! {
        <details class="more">
            <summary>{tr!("Single settings")}</summary>
            <fieldset class="share-checks"><legend class="sr-only">{tr!("Single settings")}</legend>{rows.collect_view()}</fieldset>
        </details>
    }
    .into_any()
}

fn hideable(draft: Draft, id: String, title: String) -> AnyView {
    let (read, write) = (id.clone(), id.clone());
    let shown = move || draft.shown.with(|s| !s.hidden.contains(&read));
    let change = move |on: bool| {
        draft.shown.update(|s| {
            s.hidden.retain(|hidden| *hidden != write);
            if !on {
                s.hidden.push(write.clone());
            }
        });
    };
    check("control", id, title, shown, change)
}

fn check(
    name: &'static str,
    value: String,
    title: String,
    shown: impl Fn() -> bool + Send + Sync + 'static,
    change: impl Fn(bool) + 'static,
) -> AnyView {
    view! {
        <label class="share-check">
            <input type="checkbox" name=name value=value prop:checked=flag(shown) on:change=move |e| change(event_target_checked(&e)) />
            <span>{title}</span>
        </label>
    }
    .into_any()
}
