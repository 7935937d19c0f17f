//! The course of the last training: accuracy on the pictures it trained on, and on those held out.

use super::controller::TransferController;
use crate::protocol::vision::HeadProgress;
use crate::ui::charts::export::{Thing, export};
use crate::ui::charts::file::{self, AREA, Simple};
use crate::ui::charts::sheet::Sheet;
use crate::ui::components::format;
use crate::ui::components::plot::{AxisWords, End, Plot, SIDE, axis, empty, ends, grid};
use crate::ui::components::reactive::{effect, memo, part, text};
use crate::ui::language::tr;
use leptos::prelude::*;

const LINES: [(f64, &str); 3] = [(1.0, "100 %"), (0.5, "50 %"), (0.0, "0 %")];

#[derive(Clone, Default, PartialEq)]
struct Course {
    points: Vec<HeadProgress>,
    epochs: u32,
}

/// While it trains the points as they come, afterwards all of them.
fn course(desk: TransferController) -> Memo<Course> {
    let heard = RwSignal::new(Vec::<HeadProgress>::new());
    effect(move |_| match desk.reader.head.get() {
        Some(point) => heard.update(|all| {
            if all.last().is_some_and(|last| last.epoch >= point.epoch) {
                all.clear();
            }
            all.push(point);
        }),
        None => heard.set(Vec::new()),
    });
    memo(move || {
        let points = match desk.training.get() {
            true => heard.get(),
            false => {
                desk.project.with(|p| p.outcome.as_ref().map(|o| o.head.curve.clone()).unwrap_or_default())
            }
        };
        let epochs = points.last().map_or(1, |p| p.epochs.max(1));
        Course { points, epochs }
    })
}

impl Course {
    fn path(&self, area: (f64, f64), value: fn(&HeadProgress) -> Option<f32>) -> String {
        let mut path = String::new();
        for point in &self.points {
            if let Some(v) = value(point) {
                let x = f64::from(point.epoch) / f64::from(self.epochs) * area.0;
                let pen = if path.is_empty() { 'M' } else { 'L' };
                path.push_str(&format!("{pen}{x:.0} {:.0}", (1.0 - f64::from(v)) * area.1));
            }
        }
        path
    }

    fn ends(&self) -> Vec<End> {
        let Some(last) = self.points.last() else { return Vec::new() };
        let place = |v: f32| (1.0 - f64::from(v)) * 100.0;
        let share = |v: f32| format::percent(v.into(), 100);
        let train =
            (place(last.train_accuracy), tr!("trained on {}", share(last.train_accuracy)), "end-train");
        let Some(held) = last.held_out_accuracy else { return vec![train] };
        let mut held = (place(held), tr!("held out {}", share(held)), "end-test");
        let mut train = train;
        // Words that would overlap are moved apart, away from the ends of the axis.
        let gap = (train.0 - held.0).abs();
        if gap < 14.0 {
            let (upper, lower) =
                if train.0 < held.0 { (&mut train, &mut held) } else { (&mut held, &mut train) };
            let push = 14.0 - gap;
            if lower.0 + push <= 100.0 { lower.0 += push } else { upper.0 -= push }
        }
        vec![held, train]
    }

    fn sheet(&self) -> Sheet {
        file::simple(&Simple {
            title: tr!("Accuracy"),
            unit: tr!("share that is right"),
            lines: heights(),
            across: vec![(0.0, "0".into()), (100.0, self.epochs.to_string())],
            ends: self.ends(),
            train: self.path(AREA, |p| Some(p.train_accuracy)),
            test: self.path(AREA, |p| p.held_out_accuracy),
        })
    }

    /// `epoch, …` and a row for each.
    fn csv(&self) -> String {
        let mut out = String::from("epoch,train_loss,train_accuracy,held_out_accuracy\r\n");
        for p in &self.points {
            let held = p.held_out_accuracy.map(|a| a.to_string()).unwrap_or_default();
            out.push_str(&format!("{},{},{},{held}\r\n", p.epoch, p.train_loss, p.train_accuracy));
        }
        out
    }

    /// One sentence for who does not see the chart.
    fn summary(&self) -> String {
        match self.points.last() {
            None => tr!("Accuracy while training: nothing yet"),
            Some(last) => {
                let ends: Vec<_> = self.ends().into_iter().map(|e| e.1).collect();
                let loss = format::number(last.train_loss.into());
                tr!(
                    "Accuracy after {} of {} epochs: {}; loss {}",
                    last.epoch,
                    self.epochs,
                    ends.join(", "),
                    loss
                )
            }
        }
    }
}

fn files(course: Memo<Course>) -> Vec<Thing> {
    let name = || "intab-own-accuracy".to_string();
    vec![
        Thing::drawing(tr!("Accuracy"), name, move || course.with_untracked(Course::sheet)),
        Thing::numbers(tr!("The run"), name, move || course.with_untracked(Course::csv)),
    ]
}

pub fn view(desk: TransferController) -> AnyView {
    let course = course(desk);
    let path = move |value: fn(&HeadProgress) -> Option<f32>| {
        text(move || course.with(|c| c.path((SIDE, SIDE), value)))
    };
    let area = view! {
        <div class="chart-area own-area" role="img" aria-label=text(move || course.with(Course::summary))>
            <svg viewBox="0 0 1000 1000" preserveAspectRatio="none" aria-hidden="true">
                <path class="line-grid" d=grid(&heights()) />
                <path class="line-train" d=path(|p| Some(p.train_accuracy)) />
                <path class="line-test" d=path(|p| p.held_out_accuracy) />
            </svg>
        </div>
    };
    let last = move || {
        course.with(|c| match c.points.is_empty() {
            true => desk.project.with(|p| p.settings.epochs),
            false => c.epochs,
        })
    };
    let over = view! {
        <div class="chart-ends num" aria-hidden="true">{part(move || ends(course.with(Course::ends)))}</div>
        {part(move || course.with(|c| c.points.is_empty()).then(|| empty(tr!("not trained yet"))))}
    };
    Plot {
        class: "chart own-chart",
        test_id: Some("own-curve".into()),
        title: tr!("Accuracy"),
        unit: tr!("share that is right"),
        readout: ().into_any(),
        up: axis(heights(), "top"),
        area: area.into_any(),
        across: part(move || axis(vec![(0.0, "0".into()), (100.0, last().to_string())], "left")),
        across_unit: Some(tr!("epoch")),
        over: over.into_any(),
        below: export(desk.scene, "export-own-curve", files(course)),
    }
    .view()
}

fn heights() -> AxisWords {
    LINES.iter().map(|(v, words)| ((1.0 - v) * 100.0, (*words).to_string())).collect()
}
