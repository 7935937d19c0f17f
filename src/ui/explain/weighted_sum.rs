//! A weighted sum of patches: of each input map the patch, the kernel, and their products. Everything that is not shown in
//! full is there as a sum, so that it all adds up.

use super::Way;
use super::at::At;
use super::labels::{behind, fixed, short, tint};
use super::sum::{FEW, most};
use super::window::on_its_map;
use crate::ui::components::pick::by_key;
use crate::ui::components::reactive::{flag, memo, part, text};
use crate::ui::language::tr;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

/// Of many input maps, this many are shown in full.
const IN_FULL: usize = 2;

/// What the grids of a step share.
#[derive(Clone, Copy)]
struct Grids {
    way: Way,
    at: At,
    side: usize,
    /// The strongest input, weight and product.
    most: [Memo<f64>; 3],
    /// The term under the pointer, or in focus.
    lit: RwSignal<Option<usize>>,
}

/// Which of the three numbers of a term.
#[derive(Clone, Copy, PartialEq)]
enum Shown {
    Input,
    Weight,
    Product,
}

impl Grids {
    fn number(self, shown: Shown, term: usize) -> f64 {
        match shown {
            Shown::Input => self.at.x(term),
            Shown::Weight => self.at.weight(term),
            Shown::Product => self.at.x(term) * self.at.weight(term),
        }
    }

    fn background(self, shown: Shown, term: usize) -> Signal<String> {
        text(move || tint(self.number(shown, term), self.most[shown as usize].get()))
    }

    /// What this map adds.
    fn sum(self, map: usize) -> Signal<String> {
        text(move || fixed(self.at.read(|s| s.sums().get(map).copied().unwrap_or_default())))
    }

    /// Where the patch lies on its map.
    fn window(self, map: usize) -> AnyView {
        let area = self.side * self.side;
        on_its_map(self.way, self.at, map * area..(map + 1) * area)
    }

    fn name(self, map: usize) -> String {
        let from = untrack(move || {
            let area = self.side * self.side;
            (map * area..(map + 1) * area).find_map(|term| self.at.from(term))
        });
        from.map(|place| untrack(move || self.at.walk.names.number.run(place))).unwrap_or_default()
    }
}

pub fn channels(way: Way, at: At, side: usize, order: &[usize]) -> AnyView {
    let most = [most(at, |x, _| x), most(at, |_, w| w), most(at, |x, w| x * w)];
    let grids = Grids { way, at, side, most, lit: RwSignal::new(None) };
    let count = if order.len() > FEW { IN_FULL } else { order.len() };
    let (full, rest) = order.split_at(count);
    let picked = RwSignal::new(None::<usize>);
    let more = rest.iter().map(|&map| one_line(grids, map, picked)).collect_view();
    let rest_view = (!rest.is_empty()).then(|| {
        view! {
            {part(move || picked.get().map(|map| channel(grids, map)))}
            <div class="way-rest" role="group" aria-label=tr!("The other maps")>{more}</div>
        }
    });
    view! { {full.iter().map(|&map| channel(grids, map)).collect_view()}{rest_view} }.into_any()
}

/// Patch × kernel = products, and their sum.
fn channel(grids: Grids, map: usize) -> AnyView {
    let reads = move || {
        let area = grids.side * grids.side;
        let term = grids.lit.get().filter(|term| term / area == map);
        term.map_or_else(
            || tr!("{} products", area),
            |term| {
                let [x, weight] = [grids.at.x(term), grids.at.weight(term)];
                format!("{} × {} = {}", fixed(x), behind(weight), fixed(x * weight))
            },
        )
    };
    view! {
        <div class="way-channel" data-testid="way-channel">
            <figure class="way-source">{grids.window(map)}<figcaption>{grids.name(map)}</figcaption></figure>
            {grid(grids, map, Shown::Input)}
            <span class="way-op">"×"</span>
            {grid(grids, map, Shown::Weight)}
            <span class="way-op">"="</span>
            {grid(grids, map, Shown::Product)}
            <p class="way-sum num">
                <span class="way-op">"Σ"</span>" "<strong data-testid="channel-sum">{grids.sum(map)}</strong>
                <small data-testid="way-reads">{text(reads)}</small>
            </p>
        </div>
    }
    .into_any()
}

fn grid(grids: Grids, map: usize, shown: Shown) -> AnyView {
    let area = grids.side * grids.side;
    // The one cell of the patch that Tab reaches.
    let focus = RwSignal::new(area / 2);
    let (name, test) = match shown {
        Shown::Input => (tr!("patch"), "patch"),
        Shown::Weight => (tr!("kernel"), "kernel"),
        Shown::Product => (tr!("products"), "products"),
    };
    let cells = (map * area..(map + 1) * area).map(|term| match shown {
        Shown::Input => patch_cell(grids, term, focus),
        _ => view! {
            <span class="way-cell" class:lit=flag(move || grids.lit.get() == Some(term)) aria-hidden="true"
                style:background=grids.background(shown, term)
                on:pointerenter=move |_| grids.lit.set(Some(term))>{text(move || short(grids.number(shown, term)))}</span>
        }
        .into_any(),
    });
    view! {
        <figure class="way-part" on:pointerleave=move |_| grids.lit.set(None)>
            <div class="way-grid" role="group" aria-label=name.clone() style=format!("--side: {}", grids.side) data-testid=test>{cells.collect_view()}</div>
            <figcaption aria-hidden="true">{name}</figcaption>
        </figure>
    }
    .into_any()
}

/// A number of the patch: it can be asked where it comes from.
fn patch_cell(grids: Grids, term: usize, focus: RwSignal<usize>) -> AnyView {
    let area = grids.side * grids.side;
    let from = memo(move || grids.at.from(term));
    let label = text(move || {
        let [x, weight] = [grids.at.x(term), grids.at.weight(term)];
        let seen = short(x);
        let product = format!("{seen}: {} × {} = {}", fixed(x), behind(weight), fixed(x * weight));
        match from.get() {
            Some(_) => tr!("{}. Where does the first number come from?", product),
            None => tr!("{}. Beyond the edge stands a zero", product),
        }
    });
    let id = move |cell: usize| format!("{}-{}", cell_id(grids.at), term / area * area + cell);
    let key = move |event: KeyboardEvent| {
        let here = (term % area / grids.side, term % grids.side);
        let Some((row, column)) = by_key(&event, here, (grids.side, grids.side)) else { return };
        event.prevent_default();
        let next = row * grids.side + column;
        focus.set(next);
        let target = document().get_element_by_id(&id(next)).and_then(|e| e.dyn_into::<HtmlElement>().ok());
        if let Some(target) = target {
            // Fails only for elements that cannot have it.
            let _ = target.focus();
        }
    };
    view! {
        <button
            type="button"
            id=id(term % area)
            class="way-cell"
            class:padding=flag(move || from.get().is_none())
            class:lit=flag(move || grids.lit.get() == Some(term))
            tabindex=text(move || if focus.get() == term % area { "0".to_string() } else { "-1".to_string() })
            aria-label=label
            aria-disabled=text(move || from.get().is_none().to_string())
            style:background=grids.background(Shown::Input, term)
            on:pointerenter=move |_| grids.lit.set(Some(term))
            on:focus=move |_| grids.lit.set(Some(term))
            on:keydown=key
            on:click=move |_| {
                if let Some(place) = from.get_untracked() {
                    grids.at.walk.go(place);
                }
            }
        >
            {text(move || short(grids.at.x(term)))}
        </button>
    }
    .into_any()
}

/// Begins the ids of a step's cells.
fn cell_id(at: At) -> String {
    format!("way-{}", at.index())
}

/// A map that is not shown in full, unless it is picked.
fn one_line(grids: Grids, map: usize, picked: RwSignal<Option<usize>>) -> AnyView {
    let is = memo(move || picked.get() == Some(map));
    view! {
        <button type="button" class="way-line" aria-pressed=text(move || is.get().to_string())
            on:click=move |_| picked.set((!is.get_untracked()).then_some(map))>
            {grids.window(map)}
            <span class="way-line-name">{grids.name(map)}</span>
            <span class="num" data-testid="channel-sum">{grids.sum(map)}</span>
        </button>
    }
    .into_any()
}
