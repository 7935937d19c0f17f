//! What the network knows of places: how alike the rows are that it adds at each, as a small grid for each patch.

use super::looks::{Cut, Looks};
use crate::explain::likeness::cosines;
use crate::ui::components::picture::{canvas, draw_numbers};
use crate::ui::components::reactive::{memo, part, text};
use crate::ui::language::tr;
use leptos::prelude::*;

/// Of the places that are alike, so many are named.
const NAMED: usize = 3;

/// Nothing where nothing is added.
pub fn view(looks: Looks) -> AnyView {
    let alike = memo(move || alike(looks));
    let there = memo(move || alike.with(Option::is_some));
    part(move || if there.get() { grids(looks, alike) } else { ().into_any() })
}

/// Cosines between the rows of patches, `[patch, patch]`; tracked.
fn alike(looks: Looks) -> Option<Vec<f32>> {
    let cut = looks.cut.get()?;
    looks.told.with(|told| {
        let rows = told.as_ref()?.positions.as_ref()?;
        let width = rows.width as usize;
        let all = cosines(rows.values.get(cut.front() * width..)?, width);
        (all.len() == cut.patches().pow(2)).then_some(all)
    })
}

fn grids(looks: Looks, alike: Memo<Option<Vec<f32>>>) -> AnyView {
    let picture = canvas("mind-canvas", move |canvas| {
        let Some(cut) = looks.cut.get() else { return };
        alike.with(|alike| {
            if let Some(alike) = alike {
                let (width, numbers) = side_by_side(cut, alike);
                draw_numbers(canvas, width, &numbers);
            }
        });
    });
    let name = tr!(
        "A grid for each place, as the places lie: the bluer a place in it, the more alike the two rows that are added there; orange where they are opposite"
    );
    view! {
        <h4 class="setting-name">{tr!("How it knows the place")}</h4>
        <div class="looks-places" data-testid="patch-places">
            <figure class="looks-place">
                <span class="looks-frame" role="img" aria-label=name.clone()>{picture}</span>
                <figcaption class="note">{name}</figcaption>
            </figure>
        </div>
        <p class="num" data-testid="patch-alike">{text(move || sentence(looks, alike))}</p>
    }
    .into_any()
}

/// The grids with a gap of one number between them: how wide all are, and the numbers.
fn side_by_side(cut: Cut, alike: &[f32]) -> (usize, Vec<f32>) {
    let (down, across) = cut.grid;
    let width = across * (across + 1) - 1;
    let height = down * (down + 1) - 1;
    let mut numbers = vec![0.0; width * height];
    for (patch, row) in alike.chunks_exact(cut.patches().max(1)).enumerate() {
        let (top, left) = (patch / across * (down + 1), patch % across * (across + 1));
        for (other, cosine) in row.iter().enumerate() {
            numbers[(top + other / across) * width + left + other % across] = *cosine;
        }
    }
    (width, numbers)
}

/// Of the patch that looks, else of the first: the places whose rows are most like its own.
fn sentence(looks: Looks, alike: Memo<Option<Vec<f32>>>) -> String {
    let (Some(cut), place) = (looks.cut.get(), looks.from.get().unwrap_or(0)) else { return String::new() };
    let count = cut.patches();
    let row = alike.with(|all| {
        all.as_ref().and_then(|all| all.get(place * count..(place + 1) * count)).map(<[f32]>::to_vec)
    });
    let Some(row) = row else { return String::new() };
    let mut others: Vec<usize> = (0..count).filter(|other| *other != place).collect();
    others.sort_by(|a, b| row[*b].total_cmp(&row[*a]));
    let named: Vec<String> = others.iter().take(NAMED).map(|place| (place + 1).to_string()).collect();
    tr!("Place {} is most like places {}", place + 1, named.join(", "))
}
