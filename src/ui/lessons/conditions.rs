//! What lessons can check (`lesson::FACTS`): numbers of the run, its settings, and what the visitor has done
//! since the step was shown or, for a lesson's goal, since the lesson was opened.

use crate::spec::Page;
use crate::ui::components::reactive::{effect, memo, subscribe};
use crate::ui::panels::panel_state::PanelState;
use crate::ui::pictures::queue::Shelf;
use crate::ui::transfer::controller::TransferController;
use leptos::prelude::*;
use std::collections::BTreeMap;

/// From when on action_counts count.
#[derive(Clone, Copy)]
pub struct Since(RwSignal<BTreeMap<&'static str, u32>>);

#[derive(Clone, Copy)]
pub struct Facts {
    scene: PanelState,
    desk: TransferController,
    shelf: Shelf,
    pub of_step: Since,
    pub of_lesson: Since,
    /// The run's step when the lesson's step was shown.
    shown_at: StoredValue<u32>,
    /// The run's step when the learning rate was changed last, or the lesson's step was shown.
    rate_at: StoredValue<u32>,
}

impl Facts {
    pub fn new(scene: PanelState, desk: TransferController, shelf: Shelf) -> Self {
        let facts = Self {
            scene,
            desk,
            shelf,
            of_step: Since(RwSignal::default()),
            of_lesson: Since(RwSignal::default()),
            shown_at: StoredValue::new(0),
            rate_at: StoredValue::new(0),
        };
        let rate = memo(move || scene.state.spec.with(|spec| spec.train.learning_rate));
        effect(move |_| {
            subscribe(rate);
            facts.rate_at.set_value(scene.state.step());
        });
        // Another run began: all of its steps are new, also those that nobody asks about while it takes them.
        effect(move |_| {
            scene.tick.track();
            let now = scene.state.step();
            for noted in [facts.shown_at, facts.rate_at] {
                noted.update_value(|noted| *noted = if now < *noted { 0 } else { *noted });
            }
        });
        facts
    }

    /// A step is shown: what was done before does not count for it.
    pub fn begin_step(self) {
        self.of_step.0.set(self.scene.state.action_counts.get_untracked());
        self.shown_at.set_value(self.scene.state.step());
        self.rate_at.set_value(self.scene.state.step());
    }

    /// A lesson is opened.
    pub fn begin_lesson(self) {
        self.of_lesson.0.set(self.scene.state.action_counts.get_untracked());
    }

    /// A fact's value; none if there is none yet. Tracked, numbers of the run at the page's beat.
    pub fn value(self, name: &str, since: Since) -> Option<String> {
        let number = match name {
            "classes" | "pictures" | "taught" | "trained_on" => self.of_own(name),
            "photo" => Some(f64::from(u8::from(self.shelf.look.read.with(Option::is_some)))),
            "step" | "epoch" | "seconds" => self.of_progress(name),
            "train_loss" | "train_accuracy" | "test_loss" | "test_accuracy" => self.of_curve(name),
            "trained_since" if self.scene.state.trains() => self.trained(self.shown_at),
            "step_at_rate" => self.trained(self.rate_at),
            _ => self.deed(name, since),
        };
        number.map(|n| n.to_string()).or_else(|| self.setting(name))
    }

    fn deed(self, name: &str, since: Since) -> Option<f64> {
        let before = since.0.with(|action_counts| action_counts.get(name).copied().unwrap_or(0));
        let now = self.scene.state.action_counts.with(|action_counts| action_counts.get(name).copied())?;
        Some(f64::from(now.saturating_sub(before)))
    }

    fn setting(self, name: &str) -> Option<String> {
        let state = self.scene.state;
        let chosen = state.spec.with(|spec| spec.to_keys().remove(name));
        // What is as it would be anyway is left out of a spec.
        let by_itself =
            || state.catalogue.with(|c| state.spec.with(|spec| c.as_ref()?.defaults(spec).remove(name)));
        let value = chosen.or_else(by_itself)?;
        Some(value.as_str().map_or_else(|| value.to_string(), str::to_string))
    }

    /// Steps of the run after the one that was noted.
    fn trained(self, noted: StoredValue<u32>) -> Option<f64> {
        self.scene.tick.track();
        let (now, noted) = (self.scene.state.step(), noted.get_value());
        // Of another run, which has just begun, all steps are new.
        Some(f64::from(if now < noted { now } else { now - noted }))
    }

    fn of_progress(self, name: &str) -> Option<f64> {
        self.scene.tick.track();
        self.scene.state.progress.with(|p| {
            let p = p.as_ref()?;
            Some(match name {
                "step" => p.step.into(),
                "epoch" => p.epoch,
                _ => p.seconds,
            })
        })
    }

    fn of_curve(self, name: &str) -> Option<f64> {
        self.scene.tick.track();
        let state = self.scene.state;
        match name {
            "train_loss" | "train_accuracy" => state.train_curve.with_untracked(|curve| {
                let point = curve.last()?;
                Some(if name == "train_loss" { point.loss } else { point.score }.into())
            }),
            _ => state.evaluations.with_untracked(|all| {
                let last = all.last()?;
                Some(if name == "test_loss" { last.loss.into() } else { last.score })
            }),
        }
    }

    fn of_own(self, name: &str) -> Option<f64> {
        if self.scene.state.page() != Page::Own {
            return None;
        }
        self.desk.project.with(|project| {
            Some(match name {
                "classes" => project.classes.iter().filter(|c| !c.ids.is_empty()).count() as f64,
                "pictures" => project.classes.iter().map(|c| c.ids.len()).sum::<usize>() as f64,
                "trained_on" => project.outcome.as_ref().map_or(0, |o| o.truth.len()) as f64,
                _ => f64::from(u8::from(self.desk.can_guess.get())),
            })
        })
    }
}
