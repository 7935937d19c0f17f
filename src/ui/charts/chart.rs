//! What a chart is of, and how it comes out in an area of a given size.

use super::curve::{Behind, Curves};
use super::scale::{Scale, epoch_lines};
use crate::ui::components::plot::{AxisWords, End, Point, dots, path};
use crate::ui::language::tr;
use leptos::prelude::*;

/// What a chart is of.
#[derive(Clone, Copy)]
pub struct Chart {
    pub id: &'static str,
    pub title: &'static str,
    /// One line under the title: the unit, and how to read the axis.
    pub unit: &'static str,
    pub scale: Scale,
    pub words: fn(f64) -> String,
    /// The same for the table.
    pub exact: fn(f64) -> String,
    pub curves: Memo<Curves>,
}

/// A chart in numbers of its own area.
#[derive(Clone, Default, PartialEq)]
pub struct Drawn {
    pub lines: AxisWords,
    pub epochs: AxisWords,
    pub batches: String,
    pub train: String,
    pub test: String,
    pub dots: String,
    pub behind: Vec<Line>,
    pub guessing: Option<f64>,
    pub ends: Vec<End>,
}

/// A kept run's course, and where its letter stands: from the left and from the top, in per cent.
#[derive(Clone, PartialEq)]
pub struct Line {
    pub slot: usize,
    pub letter: char,
    pub path: String,
    pub label: (f64, f64),
}

impl Chart {
    /// In an area of this width and height.
    pub fn draw(self, area: (f64, f64)) -> Drawn {
        self.curves.with(|c| {
            let behind = c.behind.iter().map(|b| &b.points);
            let all = [&c.batches, &c.train, &c.test].into_iter().chain(behind).flatten().map(|p| p.1);
            let lines = self.scale.lines(all.chain(c.guessing));
            let (low, high) = (lines.first(), lines.last());
            let (low, high) =
                (low.map_or(0.0, |l| self.scale.place(l.0)), high.map_or(1.0, |l| self.scale.place(l.0)));
            let y = |v: f64| (1.0 - (self.scale.place(v) - low) / (high - low).max(1e-9)).clamp(-0.02, 1.02);
            let x = |s: f64| s / c.steps.max(1.0);
            let path = |points: &[Point]| path(points, |s| x(s) * area.0, |v| y(v) * area.1);
            let end = |points: &[Point], name: fn(String) -> String, class| {
                points.last().map(|p| (y(p.1) * 100.0, name((self.words)(p.1)), class))
            };
            let mut ends: Vec<_> = [end(&c.test, of_test, "end-test"), end(&c.train, of_train, "end-train")]
                .into_iter()
                .flatten()
                .collect();
            keep_apart(&mut ends);
            let line = |(order, b): (usize, &Behind)| {
                // Each a little further from the end, so that letters of curves that end together can be read.
                let at = b.points.len().saturating_sub(1) * (20 - order % 15) / 20;
                let label = b.points.get(at).map_or((0.0, 0.0), |p| (x(p.0) * 100.0, y(p.1) * 100.0));
                Line { slot: b.slot, letter: b.letter, path: path(&b.points), label }
            };
            Drawn {
                lines: lines.iter().map(|(v, words)| (y(*v) * 100.0, words.clone())).collect(),
                epochs: epoch_lines(c.steps, c.steps_per_epoch)
                    .into_iter()
                    .map(|(s, w)| (x(s) * 100.0, w))
                    .collect(),
                batches: path(&c.batches),
                train: path(&c.train),
                test: path(&c.test),
                dots: dots(&c.test, |s| x(s) * area.0, |v| y(v) * area.1),
                behind: c.behind.iter().enumerate().map(line).collect(),
                guessing: c.guessing.map(|v| y(v) * 100.0),
                ends,
            }
        })
    }
}

pub fn of_train(value: String) -> String {
    tr!("train {}", value)
}

pub fn of_test(value: String) -> String {
    tr!("test {}", value)
}

/// Words that would overlap are moved apart.
fn keep_apart(ends: &mut [End]) {
    const APART: f64 = 13.0;
    if let [a, b] = ends {
        let gap = (a.0 - b.0).abs();
        if gap < APART {
            let push = (APART - gap) / 2.0;
            let down = if a.0 <= b.0 { 1.0 } else { -1.0 };
            a.0 -= push * down;
            b.0 += push * down;
        }
    }
}
