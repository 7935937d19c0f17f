//! A confusion matrix as a file: drawn as on the page, or its counts as rows.

use super::export::{Make, Thing};
use super::sheet::{Anchor, Sheet, colour};
use crate::table::csv_field;
use crate::ui::components::matrix::Matrix;
use leptos::prelude::*;
use std::rc::Rc;

const CELL: f64 = 44.0;
const TOP: f64 = 84.0;
/// About the width of a letter.
const LETTER: f64 = 7.5;

/// What a matrix says when it is made a file.
pub struct MatrixSheet {
    pub title: String,
    /// What rows and columns are.
    pub rows: String,
    pub columns: String,
    pub names: Vec<String>,
    pub matrix: Matrix,
}

pub fn files(
    shown: impl Fn() -> MatrixSheet + Copy + 'static,
    title: String,
    run: impl Fn() -> String + Copy + 'static,
) -> Vec<Thing> {
    let name = move || format!("{}-confusion", run());
    let mut matrix = Thing::drawing(title, name, move || untrack(|| shown().sheet()));
    matrix.makes.push(Make::Csv(Rc::new(move || untrack(|| shown().csv()))));
    vec![matrix]
}

impl MatrixSheet {
    fn sheet(&self) -> Sheet {
        let n = self.names.len() as f64;
        let longest = self.names.iter().map(|name| name.chars().count()).max().unwrap_or(1) as f64 * LETTER;
        // Names that do not fit over their column stand upright there.
        let upright = longest > CELL;
        let (left, top) = (longest + 56.0, TOP + if upright { longest } else { 0.0 });
        let (ink, quiet) = (colour("--ink"), colour("--ink-quiet"));
        let mut sheet = Sheet::new((left + n * CELL + 24.0).max(320.0), top + n * CELL + 24.0);
        let heading = r#"font-size="17" font-weight="600""#;
        sheet.text((24.0, 32.0), Anchor::Start, &ink, heading, &self.title);
        sheet.text((left + n * CELL / 2.0, 56.0), Anchor::Middle, &quiet, "", &self.columns);
        let turned = format!(r#"transform="rotate(-90 24 {0:.1})""#, top + n * CELL / 2.0);
        sheet.text((24.0, top + n * CELL / 2.0), Anchor::Middle, &quiet, &turned, &self.rows);
        for (at, name) in self.names.iter().enumerate() {
            let middle = (at as f64 + 0.5) * CELL;
            sheet.text((left - 8.0, top + middle + 4.0), Anchor::End, &ink, "", name);
            if upright {
                let (x, y) = (left + middle + 4.0, top - 8.0);
                let turned = format!(r#"transform="rotate(-90 {x:.1} {y:.1})""#);
                sheet.text((x, y), Anchor::Start, &ink, &turned, name);
            } else {
                sheet.text((left + middle, top - 8.0), Anchor::Middle, &ink, "", name);
            }
        }
        sheet.begin(left, top);
        self.cells(&mut sheet, &ink);
        sheet.end();
        sheet
    }

    fn cells(&self, sheet: &mut Sheet, ink: &str) {
        let sunk = colour("--sunk");
        let marks = ["--mark-wrong", "--mark-right"].map(|token| format!("rgb({})", colour(token)));
        let most: f64 = colour("--cell-most").parse().unwrap_or(0.5);
        for truth in 0..self.names.len() {
            for said in 0..self.names.len() {
                let cell = (truth, said);
                let (x, y) = (said as f64 * CELL, truth as f64 * CELL);
                let place = [x + 0.5, y + 0.5, CELL - 1.0, CELL - 1.0];
                sheet.rect(place, &sunk, 1.0);
                sheet.rect(place, &marks[usize::from(truth == said)], self.matrix.strength(cell) * most);
                if let Some(count @ 1..) = self.matrix.count(cell) {
                    let at = (x + CELL / 2.0, y + CELL / 2.0 + 4.5);
                    sheet.text(at, Anchor::Middle, ink, "", &count.to_string());
                }
            }
        }
    }

    /// Rows are what it is, columns what the network says.
    fn csv(&self) -> String {
        let names = self.names.iter().map(|name| csv_field(name));
        let mut out = format!("true,{}\r\n", names.collect::<Vec<_>>().join(","));
        for (truth, name) in self.names.iter().enumerate() {
            let counts = (0..self.names.len()).map(|said| self.matrix.count((truth, said)).unwrap_or(0));
            let counts: Vec<_> = counts.map(|n| n.to_string()).collect();
            out.push_str(&format!("{},{}\r\n", csv_field(name), counts.join(",")));
        }
        out
    }
}
