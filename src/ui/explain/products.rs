//! Products of gates and what they let through, added up.

use super::at::At;
use super::equations::{number, result};
use crate::explain::Factor;
use crate::ui::components::reactive::{memo, text};
use crate::ui::language::{key, known, tr};
use leptos::prelude::*;

/// What stands in each product.
#[derive(Clone, Debug, PartialEq)]
pub struct Products(Vec<Vec<Factor>>);

/// What the numbers of a cell are called.
const NAMES: &[(&str, &str)] = &[
    ("below", key("from this step")),
    ("before", key("from the step before")),
    ("squashed", key("tanh of the cell state")),
    ("hidden", key("hidden state")),
    ("input", key("input gate")),
    ("forget", key("forget gate")),
    ("candidate", key("candidate")),
    ("output", key("output gate")),
    ("cell", key("cell state")),
    ("reset", key("reset gate")),
    ("update", key("update gate")),
    ("recurrent", key("recurrent sum")),
];

/// “forget gate”
pub fn number_name(name: &str) -> String {
    NAMES.iter().find(|row| row.0 == name).map_or_else(|| name.into(), |row| known(row.1))
}

impl Products {
    pub fn of(terms: &[Vec<Factor>]) -> Self {
        Self(terms.to_vec())
    }

    pub fn title(&self) -> String {
        match self.0.iter().all(|term| term.len() == 1) {
            true => tr!("Added up"),
            false => tr!("What the gates let through"),
        }
    }
}

/// Each number can be asked where it comes from.
pub fn products(at: At, shape: &Products) -> AnyView {
    let factor = move |(place, factor): (usize, &Factor)| {
        let Factor { cell, name, complement } = *factor;
        // The step that a number is from, where it is another one than this.
        let earlier = memo(move || {
            let here = at.walk.place().map(|place| place.row);
            at.from(cell).zip(here).is_some_and(|(from, here)| from.row < here)
        });
        let words = text(move || match earlier.get() {
            true => tr!("{} of the step before", number_name(name)),
            false => number_name(name),
        });
        let number = number(at, memo(move || cell));
        let number = match complement {
            true => view! { <span class="way-brackets">"(1 − "{number}")"</span> }.into_any(),
            false => number,
        };
        let sign = (place > 0).then(|| view! { <span class="way-op">"×"</span> });
        view! { {sign}<span class="way-named">{number}<small>{words}</small></span> }.into_any()
    };
    let term = |(place, term): (usize, &Vec<Factor>)| {
        let sign = (place > 0).then(|| view! { <span class="way-op">"+"</span> });
        view! { {sign}{term.iter().enumerate().map(factor).collect_view()} }.into_any()
    };
    let terms = shape.0.iter().enumerate().map(term).collect_view();
    view! {
        <p class="way-equation num" data-testid="way-products">{terms}<span class="way-op">"="</span>{result(at)}</p>
    }
    .into_any()
}
