//! One layer of the list: what it is, its numbers, what it makes of its input, and how to move or remove it.

use super::draft::{Draft, every_step};
use crate::layers::{Expected, LayerKind, LayerSpec, Number, ShapeError, format_shape as shape_words};
use crate::ui::components::format;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::reactive::{flag, here, memo, part, text};
use crate::ui::language::{known, tr};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

pub fn row(draft: Draft, id: u32) -> AnyView {
    let layer =
        memo(move || draft.items.with(|all| all.iter().find(|item| item.id == id).map(|item| item.layer)));
    let kind = layer.get_untracked().map(LayerSpec::kind);
    let place = memo(move || draft.place(id).unwrap_or(0));
    let last = memo(move || draft.is_last(id));
    let info = memo(move || draft.fit.with(|fit| fit.infos.get(place.get()).cloned()));
    let misfit = memo(move || {
        draft.fit.with(|fit| fit.misfit.as_ref().filter(|m| m.layer == place.get() + 1).map(misfit_words))
    });
    let shape = text(move || info.with(|i| i.as_ref().map_or("—".into(), |i| shape_words(&i.output))));
    let parameters = text(move || {
        info.with(|i| match i.as_ref().map_or(0, |i| i.parameters) {
            0 => String::new(),
            n => format::count(n as u64),
        })
    });
    let title = kind.map(|kind| known(kind.title)).unwrap_or_default();
    let label = text({
        let title = title.clone();
        move || tr!("Layer {}: {}", place.get() + 1, title)
    });
    view! {
        <li
            class="build-row"
            class:wrong=flag(move || misfit.with(Option::is_some))
            data-testid=text(move || format!("build-{}", place.get() + 1))
            aria-label=label
            on:focusin=move |_| draft.choose(id)
            on:keydown=move |e| on_key(draft, id, &e)
        >
            <span class="build-number num">{text(move || (place.get() + 1).to_string())}</span>
            <span class="layer-name">{title}</span>
            <span class="layer-shape mono">{shape}</span>
            <span class="layer-parameters num" title=tr!("parameters")>{parameters}</span>
            <span class="build-fields">{part(move || kind.map(|kind| fields(draft, id, kind, layer, last.get())))}</span>
            <span class="build-buttons">{buttons(draft, id, place, last)}</span>
            <p class="setting-error" role="alert">{text(move || misfit.get().unwrap_or_default())}</p>
        </li>
    }
    .into_any()
}

fn fields(
    draft: Draft,
    id: u32,
    kind: &'static LayerKind,
    layer: Memo<Option<LayerSpec>>,
    last: bool,
) -> AnyView {
    if last {
        let words = text(move || match draft.scene.classes() {
            _ if every_step(draft.scene) => {
                format!("{} {}", tr!("one for each token, at every step:"), draft.scene.outputs())
            }
            0 => tr!("the predicted number"),
            classes => format!("{} {classes}", tr!("one for each class:")),
        });
        return view! { <span class="build-label">{words}</span> }.into_any();
    }
    let field = |(index, number)| field(draft, id, kind, index, number, layer);
    kind.numbers.iter().enumerate().map(field).collect_view().into_any()
}

fn field(
    draft: Draft,
    id: u32,
    kind: &'static LayerKind,
    index: usize,
    number: &'static Number,
    layer: Memo<Option<LayerSpec>>,
) -> AnyView {
    let refused = RwSignal::new(None::<String>);
    let numbers = move || layer.get().map(|layer| layer.numbers().to_vec()).unwrap_or_default();
    let value = text(move || numbers().get(index).map(usize::to_string).unwrap_or_default());
    let change = move |e: web_sys::Event| {
        let typed = event_target_value(&e);
        let fits = match typed.trim().parse::<usize>() {
            Ok(value) => number.check(value).map(|()| value).map_err(|_| range(number)),
            Err(_) => Err(range(number)),
        };
        refused.set(fits.clone().err());
        if let Ok(value) = fits {
            let mut numbers = untrack(numbers);
            if let Some(place) = numbers.get_mut(index) {
                *place = value;
            }
            draft.set(id, LayerSpec::of(kind, &numbers));
        }
    };
    let name = format!("layer-{id}-{index}");
    view! {
        <span class="build-field">
            <label for=name.clone()>{known(number.label)}</label>
            <input
                id=name
                type="number"
                min=number.min.to_string()
                max=number.max.to_string()
                step=number.step.to_string()
                aria-invalid=move || refused.with(Option::is_some).then_some("true")
                prop:value=value
                on:change=here(change)
            />
            <span class="setting-error" role="alert">{text(move || refused.get().unwrap_or_default())}</span>
        </span>
    }
    .into_any()
}

/// What a number can be.
fn range(number: &Number) -> String {
    let (label, min, max) = (known(number.label), number.min, number.max);
    if number.step == 2 {
        tr!("{}: an odd number from {} to {}", label, min, max)
    } else {
        tr!("{}: a whole number from {} to {}", label, min, max)
    }
}

fn buttons(draft: Draft, id: u32, place: Memo<usize>, last: Memo<bool>) -> AnyView {
    let button = move |name: &'static str,
                       shape,
                       label: fn(usize) -> String,
                       off: Signal<bool>,
                       press: fn(Draft, u32)| {
        view! {
            <button
                type="button"
                class="build-button"
                id=format!("layer-{id}-{name}")
                title=text(move || label(place.get() + 1))
                aria-label=text(move || label(place.get() + 1))
                disabled=off
                on:click=move |_| press(draft, id)
            >
                {icon(shape)}
            </button>
        }
        .into_any()
    };
    let lowest = move || draft.items.with(Vec::len).saturating_sub(2);
    let first = flag(move || place.get() == 0);
    let bottom = flag(move || place.get() >= lowest());
    part(move || {
        (!last.get()).then(|| {
            vec![
                button(
                    "up",
                    Icon::Up,
                    |n| tr!("Layer {}: move up", n),
                    first,
                    |draft, id| draft.shift(id, -1),
                ),
                button(
                    "down",
                    Icon::Down,
                    |n| tr!("Layer {}: move down", n),
                    bottom,
                    |draft, id| draft.shift(id, 1),
                ),
                button(
                    "remove",
                    Icon::Cross,
                    |n| tr!("Layer {}: remove", n),
                    flag(|| false),
                    |draft, id| draft.remove(id),
                ),
            ]
        })
    })
}

/// Alt with an arrow moves the layer, Delete takes it away, wherever in its row the focus is.
fn on_key(draft: Draft, id: u32, event: &web_sys::KeyboardEvent) {
    let typing = event.target().is_some_and(|t| t.dyn_ref::<web_sys::HtmlInputElement>().is_some());
    match (event.key().as_str(), event.alt_key()) {
        ("ArrowUp", true) => draft.shift(id, -1),
        ("ArrowDown", true) => draft.shift(id, 1),
        ("Delete", false) if !typing => draft.remove(id),
        _ => return,
    }
    event.prevent_default();
}

/// Why a layer does not fit, and what to do, in the page's language.
fn misfit_words(misfit: &ShapeError) -> String {
    let got = shape_words(&misfit.got);
    match (misfit.takes, misfit.got.len()) {
        (Expected::List, 2) => {
            tr!(
                "It takes a list of numbers, but gets a sequence of {}. Put Last step or Flatten before it.",
                got
            )
        }
        (Expected::List, _) => {
            tr!("It takes a list of numbers, but gets a picture of {}. Put Flatten before it.", got)
        }
        (Expected::Picture, 2) => tr!("It takes a picture, but gets a sequence of {}.", got),
        (Expected::Picture, _) => {
            tr!("It takes a picture, but gets a list of {} numbers. Put it before Flatten.", got)
        }
        (Expected::Sequence, 1) => tr!("It takes a sequence, but gets a list of {} numbers.", got),
        (Expected::Sequence, _) => tr!("It takes a sequence, but gets a picture of {}.", got),
        (Expected::Tokens, _) => tr!("It takes tokens, which only the first layer gets. Move it up."),
        (Expected::TwoByTwo, _) => {
            tr!("It needs at least 2 × 2 pixels, but gets {}. Take a pooling layer away.", got)
        }
        (Expected::Shared(count), _) => {
            tr!("It shares out the numbers of each step evenly. Take a width that {} divides.", count)
        }
        (Expected::Divided(_), _) => {
            tr!("They leave something of {} over. A patch can have {} pixels each way.", got, misfit.sides())
        }
        (Expected::Larger, _) => tr!("It leaves nothing of {}. Cut off less.", got),
    }
}
