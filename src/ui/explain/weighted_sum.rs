//! A weighted sum: of each input map the patch, the kernel, and their products; of inputs without a neighbourhood, one
//! line each. Everything that is not shown in full is there as a sum, so that it all adds up.

use super::at::At;
use super::equations::result;
use super::labels::{behind, fixed, short, tint};
use super::window::on_its_map;
use crate::explain::Step;
use crate::ui::components::format;
use crate::ui::components::pick::by_key;
use crate::ui::components::reactive::{flag, memo, part, text};
use crate::ui::language::tr;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

/// No more input maps than this are all shown in full, in their own order.
pub const FEW: usize = 3;
/// Of many, this many are.
const IN_FULL: usize = 2;
/// Lines of inputs without a neighbourhood.
const MOST_LINES: usize = 12;

pub fn weighted(at: At, side: usize, order: Vec<usize>) -> AnyView {
    let terms = match side {
        1 => lines(at, &order),
        _ => channels(at, side, &order),
    };
    let of_input = memo(move || {
        at.read(|s| s.cells().iter().find_map(|cell| cell.from).is_some_and(|from| from.layer.is_none()))
    });
    let note = move || {
        let words = tr!("Its inputs are normalised pixels. Press one to see where it comes from");
        of_input.get().then(|| view! { <p class="way-about">{words}</p> })
    };
    view! { {part(note)}{terms}{total(at, order.len())} }.into_any()
}

/// Σ of all, plus the bias.
fn total(at: At, count: usize) -> AnyView {
    let bias = memo(move || at.read(|s| if let Step::Weighted { bias, .. } = s { *bias } else { None }));
    let sum = text(move || fixed(at.read(|s| s.sums().iter().sum::<f64>())));
    let of = match count {
        1 => tr!("all products"),
        _ => tr!("all {}", format::count(count as u64)),
    };
    view! {
        <p class="way-equation way-total num">
            <span class="way-named"><span data-testid="way-sum">{sum}</span><small>{of}</small></span>
            {part(move || bias.get().map(|_| view! {
                <span class="way-op">"+"</span>
                <span class="way-named"><span data-testid="way-bias">{text(move || behind(bias.get().unwrap_or(0.0)))}</span><small>{tr!("bias")}</small></span>
            }))}
            <span class="way-op">"="</span>{result(at)}
        </p>
    }
    .into_any()
}

/// The strongest of what a grid shows.
fn most(at: At, of: impl Fn(f64, f64) -> f64 + Send + Sync + 'static) -> Memo<f64> {
    memo(move || {
        at.read(|step| {
            let terms = step.cells().iter().zip(step.weights());
            terms.fold(0.0_f64, |most, (cell, weight)| most.max(of(cell.x, *weight).abs()))
        })
    })
}

/// What the grids of a step share.
#[derive(Clone, Copy)]
struct Grids {
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
        on_its_map(self.at, map * area..(map + 1) * area)
    }

    fn name(self, map: usize) -> String {
        let from = untrack(move || {
            let area = self.side * self.side;
            (map * area..(map + 1) * area).find_map(|term| self.at.from(term))
        });
        from.map(|place| untrack(move || self.at.way.map_name(place))).unwrap_or_default()
    }
}

fn channels(at: At, side: usize, order: &[usize]) -> AnyView {
    let most = [most(at, |x, _| x), most(at, |_, w| w), most(at, |x, w| x * w)];
    let grids = Grids { at, side, most, lit: RwSignal::new(None) };
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
                    grids.at.way.go(place);
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

/// Inputs without a neighbourhood, the most important first, and the sum of the others.
fn lines(at: At, order: &[usize]) -> AnyView {
    let shown: Vec<usize> = order.iter().copied().take(MOST_LINES).collect();
    let others = order.len() - shown.len();
    let most = most(at, |x, w| x * w);
    let line = move |term: usize| {
        let name = untrack(move || at.from(term).map(|place| at.way.map_name(place)).unwrap_or_default());
        let product = move || at.x(term) * at.weight(term);
        let label = {
            let name = name.clone();
            text(move || tr!("{}: {}. Where does it come from?", name, fixed(at.x(term))))
        };
        let go = move |_| {
            if let Some(place) = untrack(move || at.from(term)) {
                at.way.go(place);
            }
        };
        let width =
            text(move || format!("{:.1}%", product().abs() / most.get().max(f64::MIN_POSITIVE) * 100.0));
        view! {
            <li>
                <button type="button" class="way-from" aria-label=label on:click=go>{name}</button>
                <span class="way-times num">{text(move || format!("{} × {}", fixed(at.x(term)), behind(at.weight(term))))}</span>
                <span class="way-bar-track" aria-hidden="true"><i class:negative=flag(move || product() < 0.0) style:width=width></i></span>
                <span class="num" data-testid="channel-sum">{text(move || fixed(product()))}</span>
            </li>
        }
        .into_any()
    };
    let rest = (others > 0).then(|| {
        let kept = StoredValue::new(shown.clone());
        let rest = text(move || {
            fixed(at.read(|s| {
                s.sums().iter().sum::<f64>()
                    - kept.with_value(|k| k.iter().map(|&t| s.sums()[t]).sum::<f64>())
            }))
        });
        view! {
            <li class="way-others">
                <span>{tr!("the {} others", format::count(others as u64))}</span>
                <span class="num" data-testid="channel-sum">{rest}</span>
            </li>
        }
    });
    view! { <ol class="way-lines" data-testid="way-lines">{shown.into_iter().map(line).collect_view()}{rest}</ol> }.into_any()
}
