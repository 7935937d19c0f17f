//! Which rows are seen, and in which order.

use super::Table;
use super::column::{Cell, Cells, Column};
use super::number::parse;

/// What a visitor typed or chose for one column.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// Words that hold these letters, in any case; for numbers also “> 40”, “<= 3.5”, “40..50”.
    Typed(String),
    /// Exactly this word.
    Is(String),
    Missing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    pub column: usize,
    pub descending: bool,
}

/// What a typed filter of numbers means.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Span {
    Between(f64, f64),
    Above(f64),
    Below(f64),
}

impl Table {
    /// The rows that pass every filter, sorted; rows whose value is missing come last either way, and rows that are
    /// alike stay in the order of the file.
    pub fn view(&self, filters: &[(usize, Filter)], sort: Option<Sort>) -> Vec<u32> {
        let mut rows: Vec<u32> = (0..self.rows() as u32).collect();
        for (column, filter) in filters {
            if let Some(column) = self.columns.get(*column) {
                keep(column, filter, column.origin.decimal_comma, &mut rows);
            }
        }
        let Some(sort) = sort else { return rows };
        match self.columns.get(sort.column).map(|c| &c.cells) {
            Some(Cells::Numbers { values, .. }) => {
                let there = partition(&mut rows, |row| !values[row as usize].is_nan());
                rows[..there].sort_by(|a, b| {
                    let (a, b) = (values[*a as usize], values[*b as usize]);
                    if sort.descending { b.total_cmp(&a) } else { a.total_cmp(&b) }
                });
            }
            Some(Cells::Words { codes, words }) => {
                let rank = ranks(words);
                let there = partition(&mut rows, |row| (codes[row as usize] as usize) < words.len());
                rows[..there].sort_by_key(|row| {
                    let rank = i64::from(rank[codes[*row as usize] as usize]);
                    if sort.descending { -rank } else { rank }
                });
            }
            None => (),
        }
        rows
    }
}

/// Those that are wanted first, both parts in their order; how many those are.
fn partition(rows: &mut Vec<u32>, wanted: impl Fn(u32) -> bool) -> usize {
    let (mut first, rest): (Vec<u32>, Vec<u32>) = rows.iter().copied().partition(|row| wanted(*row));
    let there = first.len();
    first.extend(rest);
    *rows = first;
    there
}

/// Each word's place in the order of the alphabet. A table that is not sorted does without letters' small forms, whose
/// tables are large.
#[inline(never)]
fn ranks(words: &[String]) -> Vec<u32> {
    let mut order: Vec<usize> = (0..words.len()).collect();
    order.sort_by_cached_key(|at| words[*at].to_lowercase());
    let mut ranks = vec![0; words.len()];
    for (rank, at) in order.into_iter().enumerate() {
        ranks[at] = rank as u32;
    }
    ranks
}

/// Which words hold what was typed, in small letters or large.
#[inline(never)]
fn holding(words: &[String], typed: &str) -> Vec<bool> {
    let typed = typed.trim().to_lowercase();
    words.iter().map(|word| word.to_lowercase().contains(&typed)).collect()
}

fn keep(column: &Column, filter: &Filter, comma: bool, rows: &mut Vec<u32>) {
    match (filter, &column.cells) {
        (Filter::Missing, _) => rows.retain(|row| column.is_missing(*row as usize)),
        (Filter::Typed(typed), _) if typed.trim().is_empty() => (),
        (Filter::Typed(typed), Cells::Numbers { values, .. }) => match span(typed, comma) {
            Some(span) => rows.retain(|row| span.holds(values[*row as usize])),
            None => rows.retain(|row| column.text(*row as usize).contains(typed.trim())),
        },
        (Filter::Typed(typed), Cells::Words { codes, words }) => {
            let holds = holding(words, typed);
            rows.retain(|row| holds.get(codes[*row as usize] as usize) == Some(&true));
        }
        (Filter::Is(word), _) => rows.retain(|row| match column.cell(*row as usize) {
            Cell::Word(there) => there == word,
            Cell::Number(_) => column.text(*row as usize) == *word,
            Cell::Missing => false,
        }),
    }
}

impl Span {
    fn holds(self, value: f64) -> bool {
        match self {
            Self::Between(low, high) => (low..=high).contains(&value),
            Self::Above(low) => value > low,
            Self::Below(high) => value < high,
        }
    }
}

/// “> 40”, “>= 40”, “< 40”, “<= 40”, “= 40”, “40..50”, “40–50”. A number alone is looked for as letters.
fn span(typed: &str, comma: bool) -> Option<Span> {
    let number = |text: &str| {
        let text = text.trim();
        parse(text, comma).or_else(|| parse(text, !comma)).map(|n| n.0)
    };
    let typed = typed.trim();
    if let Some((low, high)) = typed.split_once("..").or_else(|| typed.split_once('–')) {
        return Some(Span::Between(number(low)?, number(high)?));
    }
    if let Some(rest) = typed.strip_prefix(">=").or_else(|| typed.strip_prefix('≥')) {
        return Some(Span::Between(number(rest)?, f64::INFINITY));
    }
    if let Some(rest) = typed.strip_prefix("<=").or_else(|| typed.strip_prefix('≤')) {
        return Some(Span::Between(f64::NEG_INFINITY, number(rest)?));
    }
    if let Some(rest) = typed.strip_prefix('>') {
        return Some(Span::Above(number(rest)?));
    }
    if let Some(rest) = typed.strip_prefix('<') {
        return Some(Span::Below(number(rest)?));
    }
    let exact = number(typed.strip_prefix('=')?)?;
    Some(Span::Between(exact, exact))
}
