//! The lesson that is open: its text, the step that is shown, and what is done of it.

use super::facts::Facts;
use super::progress::{Progress, Reached};
use super::{contents, in_language, listed};
use crate::lesson::{Done, Lesson, Listed, Step};
use crate::platform;
use crate::ui::language::tr;
use crate::ui::own::desk::Desk;
use crate::ui::panels::scene::Scene;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// `Copy`, and in the Leptos context.
#[derive(Clone, Copy)]
pub struct Book {
    pub scene: Scene,
    /// All lessons with their text, once they are needed and have come.
    lessons: RwSignal<Option<Vec<Lesson>>>,
    /// They could not be fetched.
    pub missing: RwSignal<bool>,
    pub progress: RwSignal<Progress>,
    /// The step that is shown, from 0.
    pub at: RwSignal<usize>,
    /// The answer that was chosen last, of the step that is shown.
    pub chosen: RwSignal<Option<usize>>,
    facts: Facts,
}

impl Book {
    /// Must be called under the page's owner.
    pub fn new(scene: Scene, desk: Desk) -> Self {
        let book = Self {
            scene,
            lessons: RwSignal::new(None),
            missing: RwSignal::new(false),
            progress: RwSignal::new(Progress::kept()),
            at: RwSignal::new(0),
            chosen: RwSignal::new(None),
            facts: Facts::new(scene, desk),
        };
        let id = Memo::new(move |_| scene.state.lesson.get());
        Effect::new(move |_| {
            if let Some(id) = id.get() {
                book.begin(&id);
            }
        });
        Effect::new(move |_| book.check());
        book
    }

    /// The lesson that is open; tracked.
    pub fn lesson(self) -> Option<Lesson> {
        let id = self.scene.state.lesson.get()?;
        self.lessons.with(|all| all.as_ref()?.iter().find(|lesson| lesson.id == id).cloned())
    }

    /// What the front page says of it, which is there before its text.
    pub fn listed(self) -> Option<Listed> {
        let id = self.scene.state.lesson.get()?;
        listed().into_iter().find(|lesson| lesson.id == id)
    }

    /// Step, and whether it is done; tracked.
    pub fn step(self) -> Option<Step> {
        let at = self.at.get();
        self.lesson().and_then(|lesson| lesson.steps.get(at).cloned())
    }

    pub fn reached(self) -> Reached {
        let id = self.scene.state.lesson.get().unwrap_or_default();
        self.progress.with(|p| p.of(&id))
    }

    /// The lesson after the one that is open.
    pub fn next_lesson(self) -> Option<Listed> {
        let id = self.scene.state.lesson.get()?;
        let mut rest = listed().into_iter().skip_while(move |lesson| lesson.id != id);
        rest.nth(1)
    }

    fn begin(self, id: &str) {
        let done = self.progress.with_untracked(|p| p.of(id).steps);
        let count = listed().iter().find(|l| l.id == id).map_or(1, |l| l.steps);
        // Where the visitor was; a lesson that is done begins again.
        self.go((0..count).find(|step| !done.contains(step)).unwrap_or(0));
        self.fetch();
    }

    /// Asks again where it could not be had.
    pub fn fetch(self) {
        if self.lessons.with_untracked(Option::is_some) {
            return;
        }
        let Some(file) = contents(|c| in_language(&c.files)) else { return };
        self.missing.set(false);
        spawn_local(async move {
            let bytes = platform::fetch(&file, false, |_| ()).await.ok();
            match bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()) {
                Some(lessons) => self.lessons.set(Some(lessons)),
                None => self.missing.set(true),
            }
        });
    }

    /// The page's language is another one.
    pub fn forget(self) {
        self.lessons.set(None);
        if self.scene.state.lesson.with_untracked(Option::is_some) {
            self.fetch();
        }
    }

    pub fn go(self, step: usize) {
        self.facts.begin();
        self.chosen.set(None);
        self.at.set(step);
    }

    pub fn leave(self) {
        self.scene.state.lesson.set(None);
    }

    pub fn answer(self, answer: usize) {
        self.chosen.set(Some(answer));
        let Some(Done::Answered(answers)) = untrack(move || self.step()).map(|step| step.done) else {
            return;
        };
        if answers.get(answer).is_some_and(|answer| answer.right) {
            self.done();
        }
    }

    /// Marks what holds now; called whenever a fact changes.
    fn check(self) {
        let Some(lesson) = self.lesson() else { return };
        let fact = |name: &str| self.facts.value(name);
        let reached = self.progress.with_untracked(|p| p.of(&lesson.id));
        if !reached.goal && lesson.reached.holds(fact) {
            self.progress.update(|p| p.change(&lesson.id, |r| r.goal = true));
            self.scene.said.set(tr!("Goal reached: {}", lesson.goal));
        }
        if let Some(Step { done: Done::When(check), .. }) = lesson.steps.get(self.at.get())
            && check.holds(fact)
        {
            self.done();
        }
    }

    fn done(self) {
        let Some(id) = self.scene.state.lesson.get_untracked() else { return };
        let at = self.at.get_untracked();
        if self.progress.with_untracked(|p| p.of(&id).steps.contains(&at)) {
            return;
        }
        self.progress.update(|p| p.change(&id, |r| _ = r.steps.insert(at)));
        if let Some(step) = untrack(move || self.step()) {
            self.scene.said.set(tr!("Step done: {}", step.title));
        }
    }

    /// “Show me” was pressed.
    pub fn shown(self) {
        self.scene.state.did("shown");
    }
}
