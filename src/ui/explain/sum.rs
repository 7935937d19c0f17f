//! A weighted sum: its inputs, one line each, and what they add up to. What is not shown is there as one sum, so that it
//! all adds up.

use super::at::At;
use super::equations::result;
use super::labels::{behind, fixed};
use crate::explain::Step;
use crate::ui::components::format;
use crate::ui::components::reactive::{flag, memo, part, text};
use crate::ui::language::tr;
use leptos::prelude::*;

/// No more input maps than this are all shown in full, in their own order.
pub const FEW: usize = 3;
/// Lines of inputs without a neighbourhood.
const MOST_LINES: usize = 12;

/// `terms` are so many products, as they are shown.
pub fn weighted(at: At, terms: AnyView, count: usize) -> AnyView {
    let of_input = memo(move || {
        at.read(|s| s.cells().iter().find_map(|cell| cell.from).is_some_and(|from| from.layer.is_none()))
    });
    let note = move || {
        let words = tr!("Its inputs are normalised pixels. Press one to see where it comes from");
        of_input.get().then(|| view! { <p class="way-about">{words}</p> })
    };
    view! { {part(note)}{terms}{total(at, count)} }.into_any()
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
pub fn most(at: At, of: impl Fn(f64, f64) -> f64 + Send + Sync + 'static) -> Memo<f64> {
    memo(move || {
        at.read(|step| {
            let terms = step.cells().iter().zip(step.weights());
            terms.fold(0.0_f64, |most, (cell, weight)| most.max(of(cell.x, *weight).abs()))
        })
    })
}

/// Inputs without a neighbourhood, the most important first, and the sum of the others.
pub fn lines(at: At, order: &[usize]) -> AnyView {
    // Before its first step, a recurrent layer has kept nothing.
    if untrack(move || at.read(|step| step.cells().iter().all(|cell| cell.from.is_none()))) {
        let words = tr!("Nothing was read before this token, so the hidden state is 0.");
        return view! { <p class="way-about">{words}</p> }.into_any();
    }
    let shown: Vec<usize> = order.iter().copied().take(MOST_LINES).collect();
    let others = order.len() - shown.len();
    let most = most(at, |x, w| x * w);
    let line = move |term: usize| {
        let name =
            untrack(move || at.from(term).map(|place| at.walk.names.number.run(place)).unwrap_or_default());
        let product = move || at.x(term) * at.weight(term);
        let label = {
            let name = name.clone();
            text(move || tr!("{}: {}. Where does it come from?", name, fixed(at.x(term))))
        };
        let go = move |_| {
            if let Some(place) = untrack(move || at.from(term)) {
                at.walk.go(place);
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
