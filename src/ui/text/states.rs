//! What it has in mind: hidden state and gates of a recurrent layer along a text, and the text in a unit's colours.

use super::asking::{language, on_screen, when};
use super::coloured::coloured;
use super::mind::Mind;
use super::strip::words;
use super::table::table;
use super::unrolled::{self, state::Unroll};
use crate::layers::LayerSpec;
use crate::spec::ChoiceInfo;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::pick::{PixelWindow, frame, under_pointer};
use crate::ui::components::picture::put;
use crate::ui::components::reactive::{effect, flag, memo, part, text};
use crate::ui::components::select::Select;
use crate::ui::language::{known, tr};
use crate::ui::panels::panel_state::scene;
use leptos::prelude::*;
use web_sys::MouseEvent;

/// A unit is so many rem high, where the strip has room.
const UNIT_HEIGHT: f64 = 0.125;

#[component]
pub fn StatesView() -> impl IntoView {
    let node = NodeRef::<leptos::html::Div>::new();
    let mind = Mind::new(scene(), on_screen(node));
    let unroll = Unroll::new(mind);
    let step = text(move || mind.told.with(|told| told.as_ref().map(|t| when(t.step)).unwrap_or_default()));
    let body = part(move || {
        match mind.recurrent.get() {
        true => body(unroll),
        false => view! {
            <p class="empty">{tr!("This network has no recurrent layer, so it keeps nothing in mind from one token to the next.")}</p>
        }
        .into_any(),
    }
    });
    view! {
        <div class="block mind" node_ref=node data-testid="states">
            <h3 class="block-title">{tr!("Hidden state and gates")}" "<span class="block-aside num">{step}</span></h3>
            {body}
            {unrolled::view(unroll)}
        </div>
    }
    .into_any()
}

fn body(unroll: Unroll) -> AnyView {
    let mind = unroll.mind;
    let there = memo(move || mind.told.with(Option::is_some));
    let shown = part(move || {
        match there.get() {
        true => shown(unroll),
        false => {
            view! { <p class="empty">{tr!("This is worked out when you come here, and again while it trains.")}</p> }
                .into_any()
        }
    }
    });
    view! {
        {field(mind)}
        <p class="setting-error" role="alert">{text(move || mind.refused.get().unwrap_or_default())}</p>
        {shown}
    }
    .into_any()
}

fn field(mind: Mind) -> AnyView {
    let language = language(mind.scene);
    view! {
        <label class="mind-field">
            <span class="setting-name">{tr!("It reads")}</span>
            <input
                type="text"
                maxlength="200"
                spellcheck="false"
                autocomplete="off"
                lang=move || language.get()
                prop:value=text(move || mind.text.get().unwrap_or_default())
                on:input=move |event| {
                    mind.scene.state.count_action("read");
                    mind.text.set(Some(event_target_value(&event)));
                }
            />
        </label>
    }
    .into_any()
}

fn shown(unroll: Unroll) -> AnyView {
    let mind = unroll.mind;
    view! {
        <div class="mind-choices">{part(move || layers(mind))}{strips(mind)}</div>
        <p class="note">{text(move || mind.strip_words().1)}</p>
        {stage(unroll)}
        {units(unroll)}
        {coloured(mind)}
        {table(mind)}
    }
    .into_any()
}

/// Only where there are several.
fn layers(mind: Mind) -> Option<AnyView> {
    let choices = memo(move || {
        mind.told.with(|told| {
            let layers = told.as_ref().map(|told| told.layers.iter()).unwrap_or_default();
            let title = |word: &str| LayerSpec::kind_of(word).map_or(word, |kind| kind.title).to_string();
            let choice = |(at, layer): (usize, &crate::protocol::UnitStates)| {
                let title = format!("{}: {}", layer.layer + 1, known(&title(&layer.word)));
                ChoiceInfo { id: at.to_string(), title, blurb: String::new() }
            };
            layers.enumerate().map(choice).collect::<Vec<_>>()
        })
    });
    let several = memo(move || choices.with(Vec::len) > 1);
    several.get().then(|| {
        view! {
            <Select
                id="mind-layer"
                label=tr!("Layer")
                choices=Signal::derive(move || choices.get())
                chosen=Signal::derive(move || mind.layer.get().to_string())
                on_choose=move |id| mind.layer.set(id.parse().unwrap_or(0))
            />
        }
        .into_any()
    })
}

fn strips(mind: Mind) -> AnyView {
    let names = memo(move || mind.of_layer(|layer, _| layer.names.clone()).unwrap_or_default());
    let one = move |(at, name): (usize, String)| {
        view! {
            <label class="segment">
                <input type="radio" name="mind-strip" class="sr-only"
                    prop:checked=flag(move || mind.strip.get() == at)
                    data-testid=format!("strip-{name}")
                    on:change=move |_| {
                        mind.scene.state.count_action("gate");
                        mind.strip.set(at);
                    } />
                <span>{words(&name).0}</span>
            </label>
        }
        .into_any()
    };
    part(move || {
        let names = names.get();
        (names.len() > 1).then(|| {
            view! {
                <fieldset class="segments mind-strips">
                    <legend class="sr-only">{tr!("What is shown")}</legend>
                    {names.into_iter().enumerate().map(one).collect_view()}
                </fieldset>
            }
            .into_any()
        })
    })
}

/// Time across, units down. Pointer and arrow keys choose a unit and a token, whose arithmetic a click or Enter opens.
fn stage(unroll: Unroll) -> AnyView {
    let mind = unroll.mind;
    let node = NodeRef::<leptos::html::Canvas>::new();
    effect(move |_| {
        let Some(canvas) = node.get() else { return };
        mind.of_strip(|strip| put(&canvas, strip.time, strip.units, &strip.pixels()));
    });
    let size = memo(move || mind.size());
    let point = move |event: &MouseEvent| {
        let (time, units) = size.get_untracked();
        if let Some((unit, at)) = under_pointer(event, (units, time)) {
            mind.unit.set(unit);
            mind.time.set(Some(at));
        }
    };
    let label = text(move || {
        let (time, units) = size.get();
        tr!(
            "{}: {} units down, {} tokens across, blue is positive, orange is negative",
            mind.strip_words().0,
            units,
            time
        )
    });
    let marked = move || {
        let (time, units) = size.get();
        let unit = mind.unit.get().min(units - 1);
        Some(PixelWindow { rows: unit..unit + 1, columns: 0..time, size: (units, time) })
    };
    let height = text(move || format!("{:.3}rem", (size.get().1 as f64 * UNIT_HEIGHT).clamp(6.0, 20.0)));
    // A few tokens do not become wider than many.
    let width = text(move || format!("min(100%, {}rem)", size.get().0 as f64 * 1.5));
    view! {
        <div
            class="mind-stage"
            tabindex="0"
            role="group"
            aria-label=tr!("Up and down go from unit to unit, left and right from token to token; Enter shows how the number came to be")
            style:height=height
            style:width=width
            on:pointermove=move |event| point(&event)
            on:pointerdown=move |event| {
                mind.scene.state.count_action("unit");
                point(&event);
            }
            on:click=move |_| unroll.open()
            on:keydown=move |event| match event.key().as_str() {
                "Enter" => {
                    event.prevent_default();
                    unroll.open();
                }
                _ => mind.step(&event),
            }
        >
            <canvas class="mind-canvas" node_ref=node width="1" height="1" role="img" aria-label=label></canvas>
            {frame(marked)}
            {frame(move || mind.time.get().map(|at| {
                let (time, units) = size.get();
                PixelWindow { rows: 0..units, columns: at..at + 1, size: (units, time) }
            }))}
        </div>
    }
    .into_any()
}

fn units(unroll: Unroll) -> AnyView {
    let mind = unroll.mind;
    let count = memo(move || mind.size().1);
    let by = move |up: bool| {
        let last = count.get_untracked().saturating_sub(1);
        mind.unit.update(|unit| *unit = if up { unit.saturating_sub(1) } else { (*unit + 1).min(last) });
        mind.scene.state.count_action("unit");
        mind.say();
    };
    let button = move |up: bool, name: String| {
        let sign = if up { Icon::Up } else { Icon::Down };
        let ended = flag(move || mind.unit.get() == if up { 0 } else { count.get().saturating_sub(1) });
        view! {
            <button type="button" class="stepper-button" data-testid=if up { "unit-before" } else { "next-unit" } aria-label=name disabled=ended on:click=move |_| by(up)>
                {icon(sign)}
            </button>
        }
        .into_any()
    };
    view! {
        <div class="mind-unit">
            <div class="stepper">{button(true, tr!("Unit before"))}{button(false, tr!("Next unit"))}</div>
            <p class="num" data-testid="unit">{text(move || mind.sentence())}</p>
            <button type="button" class="quiet" on:click=move |_| untrack(move || mind.to_liveliest())>
                {tr!("The unit that changes most")}
            </button>
            <button type="button" class="quiet" data-testid="open-cell" on:click=move |_| unroll.open()>
                {tr!("How this number came to be")}
            </button>
        </div>
    }
    .into_any()
}
