//! How it knows the place: what is added to the token at each place, and how alike places are.

use super::looks::Looks;
use crate::ui::components::picture::{canvas, draw_numbers};
use crate::ui::components::reactive::{memo, part, text};
use crate::ui::language::tr;
use leptos::prelude::*;

/// Of the places that are alike, so many are named.
const NAMED: usize = 3;

/// One row of numbers for each place.
#[derive(Clone, PartialEq)]
struct Rows {
    width: usize,
    values: Vec<f32>,
}

impl Rows {
    fn row(&self, place: usize) -> &[f32] {
        self.values.get(place * self.width..(place + 1) * self.width).unwrap_or_default()
    }

    fn places(&self) -> usize {
        self.values.len() / self.width.max(1)
    }

    /// Dot products of this place's row with each row.
    fn products(&self, place: usize) -> Vec<f32> {
        let one = self.row(place);
        let product = |other: &[f32]| one.iter().zip(other).map(|(a, b)| a * b).sum::<f32>();
        self.values.chunks_exact(self.width.max(1)).map(product).collect()
    }
}

/// Nothing where nothing is added.
pub fn view(looks: Looks) -> AnyView {
    let rows = memo(move || {
        looks.told.with(|told| {
            let found = told.as_ref()?.positions.as_ref()?;
            Some(Rows { width: found.width as usize, values: found.values.to_vec() })
        })
    });
    let there = memo(move || rows.with(Option::is_some));
    part(move || if there.get() { pictures(looks, rows) } else { ().into_any() })
}

fn pictures(looks: Looks, rows: Memo<Option<Rows>>) -> AnyView {
    let with = move |draw: fn(&web_sys::HtmlCanvasElement, &Rows)| {
        canvas("mind-canvas", move |canvas| {
            rows.with(|rows| rows.iter().for_each(|rows| draw(canvas, rows)));
        })
    };
    let table = with(|canvas, rows| draw_numbers(canvas, rows.width, &rows.values));
    let alike = with(|canvas, rows| {
        let all: Vec<f32> = (0..rows.places()).flat_map(|place| rows.products(place)).collect();
        draw_numbers(canvas, rows.places(), &all);
    });
    let figure = |name: String, picture: AnyView| {
        view! { <figure class="looks-place"><span class="looks-frame" role="img" aria-label=name.clone()>{picture}</span><figcaption class="note">{name}</figcaption></figure> }
            .into_any()
    };
    view! {
        <h4 class="setting-name">{tr!("How it knows the place")}</h4>
        <div class="looks-places" data-testid="places">
            {figure(tr!("What is added to the token at each place: a row for each place, blue above 0, orange below"), table)}
            {figure(tr!("Dot products between the rows of places: the bluer, the more alike"), alike)}
        </div>
        <p class="num" data-testid="alike">{text(move || sentence(looks, rows))}</p>
    }
    .into_any()
}

/// Of the token that looks: the places whose rows fit its own best.
fn sentence(looks: Looks, rows: Memo<Option<Rows>>) -> String {
    let place = looks.query();
    let products = rows.with(|rows| rows.as_ref().map(|rows| rows.products(place)).unwrap_or_default());
    let mut others: Vec<usize> = (0..products.len()).filter(|other| *other != place).collect();
    others.sort_by(|a, b| products[*b].total_cmp(&products[*a]));
    let named: Vec<String> = others.iter().take(NAMED).map(|place| (place + 1).to_string()).collect();
    tr!("Place {} is most like places {}", place + 1, named.join(", "))
}
