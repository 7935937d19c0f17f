//! Opening a ZIP file: a project that was saved here, or any archive with a folder for each class. What is on the page
//! already is not lost: the visitor is asked.

use super::burst::focus_soon;
use super::controller::{Stage, TransferController};
use super::directory::Found;
use super::incoming::{Job, Opening, Saved, Source};
use super::packed::{self, Packed};
use super::project::{MOST_CLASSES, Project, pictures, unnamed};
use super::saved;
use crate::platform;
use crate::ui::components::files::FilePicker;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::reactive::part;
use crate::ui::language::tr;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::File;

impl TransferController {
    /// Pictures that lie in no folder go to this class.
    pub fn open_zip(self, file: File, key: Option<u32>) {
        self.opening.set(Opening::Nothing);
        self.waiting.set_value(None);
        spawn_local(async move {
            // What an earlier visit left comes first: it would take the place of what is opened.
            while self.stage.get_untracked() == Stage::Opening {
                platform::sleep(0.05).await;
            }
            if let Err(why) = self.open_now(&file, key).await {
                self.opening.set(Opening::Failed(tr!("“{}” could not be opened. {}", file.name(), why)));
                focus_soon("opening-dismiss".into());
            }
        });
    }

    async fn open_now(self, file: &File, key: Option<u32>) -> Result<(), String> {
        let files = packed::list(file).await?;
        let Some(saved) = saved::read(&files).await else {
            return self.add_archive(files, key);
        };
        let untouched = self.project.with_untracked(|p| p.classes.iter().all(|c| c.ids.is_empty()));
        let (classes, pictures) = (saved.classes.len(), saved.count());
        self.waiting.set_value(Some(saved));
        if untouched && untrack(|| !self.intake.busy()) {
            self.take_up(file.name(), false);
        } else {
            self.opening.set(Opening::Asked { name: file.name(), classes, pictures });
            focus_soon("opening-add".into());
        }
        Ok(())
    }

    /// Every folder is a class.
    fn add_archive(self, mut files: Vec<Packed>, key: Option<u32>) -> Result<(), String> {
        let count = files.len();
        files.retain(|file| !saved::is_ours(file));
        if files.is_empty() {
            return Err(tr!("There is nothing in it."));
        }
        if files.len() < count {
            let what = tr!("The list of this project is damaged, or of a newer page.");
            self.tell(&what, &tr!("So its folders are added as classes."));
        }
        let found = |file: Packed| Found { folder: file.folder().to_string(), source: Source::Packed(file) };
        self.add_found(files.into_iter().map(found).collect(), key);
        Ok(())
    }

    /// Takes up the project that waits.
    fn take_up(self, name: String, replace: bool) {
        self.opening.set(Opening::Nothing);
        let Some(saved) = self.waiting.try_update_value(Option::take).flatten() else { return };
        if replace {
            self.start_over();
        }
        let count = saved.count();
        let (jobs, too_many) = self.change(|p| prepare(p, saved));
        let what = tr!("“{}” is open: {}.", name, pictures(count));
        match too_many.is_empty() {
            true => self.tell(&what, &tr!("Train once they are read.")),
            false => self.left_out(&too_many),
        }
        self.say(what);
        self.take(jobs);
    }

    pub(super) fn left_out(self, names: &[String]) {
        let what = tr!("Left out: {}.", names.join(", "));
        self.tell(&what, &tr!("There can be {} classes; remove one first.", MOST_CLASSES));
    }
}

/// Makes the classes, and the work to do; names the classes for which there is no room.
fn prepare(project: &mut Project, saved: Saved) -> (Vec<Job>, Vec<String>) {
    // No class has been named yet: the page becomes what was saved, with its order and settings.
    let fresh = project.classes.iter().all(|c| c.ids.is_empty() && unnamed(&c.name));
    if fresh {
        project.classes.clear();
        project.settings = saved.settings;
    }
    let first_recording = project.next_recording + 1;
    let (mut jobs, mut too_many) = (Vec::new(), Vec::new());
    for (class, pictures) in saved.classes {
        let key = match (fresh, class.none) {
            (_, true) => project.none_class(),
            (true, false) => project.add_class(&class.name),
            (false, false) => project.class_named(&class.title()),
        };
        let Some(key) = key else {
            too_many.push(class.title());
            continue;
        };
        if fresh {
            project.rename(key, &class.name);
        }
        for (source, mut about) in pictures {
            about.recording = about.recording.map(|recording| first_recording.saturating_add(recording));
            project.next_recording = project.next_recording.max(about.recording.unwrap_or(0));
            jobs.push(Job { key, source, about });
        }
    }
    (jobs, too_many)
}

/// The way to a file.
pub fn button(desk: TransferController) -> AnyView {
    FilePicker {
        words: tr!("Open a project or ZIP"),
        accept: Some(".zip,application/zip"),
        id: Some("opening-file"),
        ..FilePicker::default()
    }
    .view_one(move |file| desk.open_zip(file, None))
}

/// What there is to say or to ask about the file.
pub fn said(desk: TransferController) -> AnyView {
    part(move || match desk.opening.get() {
        Opening::Nothing => None,
        Opening::Failed(why) => Some(failed(desk, why)),
        Opening::Asked { name, classes, pictures } => Some(asked(desk, name, classes, pictures)),
    })
}

/// The focus goes back to where the file was chosen.
fn put_away(desk: TransferController) {
    desk.waiting.set_value(None);
    desk.opening.set(Opening::Nothing);
    focus_soon("opening-file".into());
}

fn failed(desk: TransferController, why: String) -> AnyView {
    view! {
        <div class="notice problem own-notice" role="alert" data-testid="opening-failed">
            {icon(Icon::Alert)}
            <p>{why}</p>
            <button type="button" class="button" id="opening-dismiss" on:click=move |_| put_away(desk)>
                {tr!("Dismiss")}
            </button>
        </div>
    }
    .into_any()
}

fn asked(desk: TransferController, name: String, classes: usize, count: usize) -> AnyView {
    let classes = tr!("{n} class" | "{n} classes" % classes);
    let here = desk.project.with_untracked(Project::count);
    let words = tr!(
        "“{}” holds {} with {}. On the page there are {} already.",
        name,
        classes,
        pictures(count),
        pictures(here)
    );
    let replaced = name.clone();
    view! {
        <div class="notice news own-notice own-ask" role="alertdialog" aria-label=tr!("Open a project") data-testid="opening">
            <p>{words}" "{tr!("Replacing deletes those on the page for good; save them first if you need them.")}</p>
            <div class="buttons">
                <button type="button" class="button" id="opening-add" on:click=move |_| desk.take_up(name.clone(), false)>
                    {tr!("Add to my classes")}
                </button>
                <button type="button" class="button" on:click=move |_| desk.take_up(replaced.clone(), true)>
                    {tr!("Replace my classes")}
                </button>
                <button
                    type="button"
                    class="button"
                    on:click=move |_| put_away(desk)
                >
                    {tr!("Cancel")}
                </button>
            </div>
        </div>
    }
    .into_any()
}
