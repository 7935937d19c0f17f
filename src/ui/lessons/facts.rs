//! What lessons can check (`lesson::FACTS`): numbers of the run, its settings, and what the visitor has done
//! since the step was shown.

use crate::spec::Page;
use crate::ui::charts::history::share;
use crate::ui::own::desk::Desk;
use crate::ui::panels::scene::Scene;
use leptos::prelude::*;
use std::collections::BTreeMap;

#[derive(Clone, Copy)]
pub struct Facts {
    scene: Scene,
    desk: Desk,
    /// Deeds when the step was shown.
    before: RwSignal<BTreeMap<&'static str, u32>>,
}

impl Facts {
    pub fn new(scene: Scene, desk: Desk) -> Self {
        Self { scene, desk, before: RwSignal::default() }
    }

    /// A step is shown: what was done before does not count for it.
    pub fn begin(self) {
        self.before.set(self.scene.state.deeds.get_untracked());
    }

    /// A fact's value; none if there is none yet. Tracked, numbers of the run at the page's beat.
    pub fn value(self, name: &str) -> Option<String> {
        let number = match name {
            "classes" | "pictures" | "taught" => self.of_own(name),
            "step" | "epoch" | "seconds" => self.of_progress(name),
            "train_loss" | "train_accuracy" | "test_loss" | "test_accuracy" => self.of_curve(name),
            _ => self.deed(name),
        };
        number.map(|n| n.to_string()).or_else(|| self.setting(name))
    }

    fn deed(self, name: &str) -> Option<f64> {
        let before = self.before.with(|deeds| deeds.get(name).copied().unwrap_or(0));
        let now = self.scene.state.deeds.with(|deeds| deeds.get(name).copied())?;
        Some(f64::from(now.saturating_sub(before)))
    }

    fn setting(self, name: &str) -> Option<String> {
        let value = self.scene.state.spec.with(|spec| spec.to_keys().remove(name))?;
        Some(value.as_str().map_or_else(|| value.to_string(), str::to_string))
    }

    fn of_progress(self, name: &str) -> Option<f64> {
        self.scene.beat.track();
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
        self.scene.beat.track();
        let state = self.scene.state;
        match name {
            "train_loss" | "train_accuracy" => state.train_curve.with_untracked(|curve| {
                let point = curve.last()?;
                Some(if name == "train_loss" { point.loss } else { point.accuracy }.into())
            }),
            _ => state.evaluations.with_untracked(|all| {
                let last = all.last()?;
                Some(if name == "test_loss" { last.loss.into() } else { share(last) })
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
                _ => f64::from(u8::from(self.desk.can_guess.get())),
            })
        })
    }
}
