//! Data: the classes, each with its name, its pictures, and the ways in which more come.

use super::controller::TransferController;
use super::file_drop::Place;
use super::project::{MOST_CLASSES, pictures};
use super::{burst, copies, directory, none, opening, samples, thumbnails};
use crate::ui::components::files::FilePicker;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::reactive::{flag, memo, part, text};
use crate::ui::language::tr;
use leptos::prelude::*;

pub fn panel(desk: TransferController, over: RwSignal<Option<Place>>) -> AnyView {
    let keys = memo(move || desk.project.with(|p| p.classes.iter().map(|c| c.key).collect::<Vec<_>>()));
    view! {
        <h2 class="panel-title" id="title-data">{tr!("Data")}</h2>
        <p class="panel-lead">
            {tr!("Two to ten classes, with at least ten pictures each. Take them with the camera, add, paste or drop files.")}" "
            <strong>{tr!("Nothing leaves this tab.")}</strong>
        </p>
        {begin(desk)}
        {trouble(desk)}
        <ul class="classes" data-testid="classes">
            <For each=move || keys.get() key=|key| *key children=move |key| card(desk, key, over) />
        </ul>
        <div class="buttons classes-more">
            <button
                type="button"
                class="button"
                disabled=flag(move || keys.with(Vec::len) >= MOST_CLASSES)
                on:click=move |_| add(desk)
            >
                {icon(Icon::Plus)}
                {tr!("Add a class")}
            </button>
            {none::button(desk)}
            {folders(desk)}
            {opening::button(desk)}
        </div>
        {opening::said(desk)}
        {super::export_buttons::block(desk)}
    }
    .into_any()
}

fn add(desk: TransferController) {
    if let Some(key) = desk.add_class() {
        desk.say(tr!("{} added", untrack(|| desk.name(key))));
        burst::focus_soon(format!("name-{key}"));
    }
}

/// What a first visitor can press at once.
fn begin(desk: TransferController) -> AnyView {
    let found = samples::find();
    part(move || {
        let all = found.with(|all| samples::offer(all));
        let blank = desk.project.with(|p| p.count() == 0) && !desk.intake.busy();
        (blank && !all.is_empty()).then(|| {
            let count = all.len();
            view! {
                <p class="own-begin">
                    <button type="button" class="button" on:click=move |_| samples::take(desk, all.clone())>
                        {icon(Icon::Picture)}
                        {tr!("Try it with sample pictures")}
                    </button>
                    <span class="note">{tr!("{} photos of animals and food", count)}</span>
                </p>
            }
            .into_any()
        })
    })
}

/// A folder whose sub-folders are classes.
fn folders(desk: TransferController) -> AnyView {
    FilePicker { words: tr!("Folders as classes"), several: true, folders: true, ..FilePicker::default() }
        .view(move |files| desk.add_found(directory::picked(files), None))
}

/// What stopped the reading, and what was left out.
fn trouble(desk: TransferController) -> AnyView {
    let intake = desk.intake;
    view! {
        {part(move || intake.halted.get().map(|why| view! {
            <div class="notice problem own-notice" role="alert" data-testid="halted">
                {icon(Icon::Alert)}
                <p>{why}</p>
                <button type="button" class="button" on:click=move |_| desk.go_on()>{tr!("Try again")}</button>
            </div>
        }))}
        {part(move || {
            let refused = intake.refused.get();
            (!refused.is_empty()).then(|| left_out(desk, refused))
        })}
    }
    .into_any()
}

fn left_out(desk: TransferController, refused: Vec<(String, String)>) -> AnyView {
    let title = tr!("{n} file was left out" | "{n} files were left out" % refused.len());
    let row = |(name, why): (String, String)| view! { <li><strong>{name}</strong>": "{why}</li> }.into_any();
    view! {
        <div class="left-out" role="status" data-testid="left-out">
            <p class="left-out-head">
                <strong>{title}</strong>
                <button type="button" class="quiet" on:click=move |_| desk.intake.refused.set(Vec::new())>
                    {icon(Icon::Cross)}
                    <span>{tr!("Dismiss")}</span>
                </button>
            </p>
            <ul tabindex="0" aria-label=tr!("Files that were left out")>{refused.into_iter().map(row).collect_view()}</ul>
        </div>
    }
    .into_any()
}

fn card(desk: TransferController, key: u32, over: RwSignal<Option<Place>>) -> AnyView {
    let count = memo(move || desk.project.with(|p| p.class(key).map_or(0, |c| c.ids.len())));
    let colour = desk.project.with_untracked(|p| p.class(key).map_or(0, |c| c.colour));
    let held = memo(move || over.get() == Some(Place::Class(key)));
    let first = memo(move || desk.project.with(|p| p.classes.first().map(|c| c.key)) == Some(key));
    let pastes =
        flag(move || desk.focused.get() == Some(key) || (desk.focused.get().is_none() && first.get()));
    view! {
        <li
            class="class-card"
            class:over=flag(move || held.get())
            class:pastes=pastes
            data-class=colour.to_string()
            data-drop=key.to_string()
            data-testid="class"
            on:focusin=move |_| desk.focused.set(Some(key))
            on:pointerdown=move |_| desk.focused.set(Some(key))
        >
            <div class="class-head">
                {name(desk, key)}
                <span class="class-count num" data-testid="class-count">{text(move || pictures(count.get()))}</span>
                <button
                    type="button"
                    class="quiet class-remove"
                    aria-label=text(move || tr!("Remove {}", desk.name(key)))
                    on:click=move |_| {
                        desk.remove_class(key);
                        burst::focus_soon("own-undo".into());
                    }
                >
                    {icon(Icon::Cross)}
                </button>
            </div>
            <div class="buttons class-ways">
                {camera_button(desk, key)}
                {files_button(desk, key)}
                {folder_button(desk, key)}
            </div>
            {burst::view(desk, key)}
            {none::note(desk, key)}
            {thumbnails::view(desk, key)}
            {copies::view(desk, key)}
            <p class="class-hint">{text(move || match count.get() {
                0 => tr!("or drop or paste them here"),
                _ => String::new(),
            })}</p>
        </li>
    }
    .into_any()
}

fn name(desk: TransferController, key: u32) -> AnyView {
    view! {
        <input
            id=format!("name-{key}")
            class="class-name-field"
            type="text"
            autocomplete="off"
            spellcheck="false"
            maxlength="40"
            aria-label=text(move || tr!("Name of {}", desk.name(key)))
            prop:value=text(move || desk.project.with(|p| p.class(key).map(|c| c.name.clone()).unwrap_or_default()))
            on:input=move |e| desk.change(|p| p.rename(key, &event_target_value(&e)))
            on:focus=|e| select_all(&e)
        />
    }
    .into_any()
}

fn camera_button(desk: TransferController, key: u32) -> AnyView {
    let camera = desk.camera;
    let on = memo(move || camera.class.get() == Some(key));
    view! {
        <button
            type="button"
            class="button"
            aria-expanded=text(move || on.get().to_string())
            on:click=move |_| camera.collect((!on.get_untracked()).then_some(key))
        >
            {icon(Icon::Camera)}
            <span>{tr!("Camera")}<span class="sr-only">{text(move || format!(" {}", tr!("for {}", desk.name(key))))}</span></span>
        </button>
    }
    .into_any()
}

fn files_button(desk: TransferController, key: u32) -> AnyView {
    FilePicker {
        words: tr!("Pictures"),
        accept: Some("image/*,.zip"),
        several: true,
        label: Some(text(move || tr!("Pictures of {}", desk.name(key)))),
        ..FilePicker::default()
    }
    .view(move |files| desk.add_files(key, files))
}

fn folder_button(desk: TransferController, key: u32) -> AnyView {
    FilePicker {
        words: tr!("Folder"),
        icon: None,
        class: "button folder",
        several: true,
        folders: true,
        label: Some(text(move || tr!("Folder of pictures of {}", desk.name(key)))),
        ..FilePicker::default()
    }
    .view(move |files| {
        desk.add(key, directory::picked(files).into_iter().map(|found| found.source).collect());
    })
}

/// The old name goes with the first key that is pressed.
fn select_all(event: &web_sys::FocusEvent) {
    event_target::<web_sys::HtmlInputElement>(event).select();
}
