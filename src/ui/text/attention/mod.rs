//! Where it looks: a grid of all heads, the one that is chosen in full, and the text in the colours of what a token takes.

mod across;
mod apart;
mod lens;
mod looks;
mod off;
mod places;

use super::asking::{language, on_screen, when};
use super::letters::visible;
use crate::ui::components::pick::{PixelWindow, frame, under_pointer};
use crate::ui::components::picture::{POSITIVE, put};
use crate::ui::components::reactive::{effect, flag, memo, part, text};
use crate::ui::language::tr;
use crate::ui::panels::panel_state::scene;
use leptos::prelude::*;
use looks::{Looks, MOST_TOKENS};
use wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent};

#[component]
pub fn AttentionView() -> impl IntoView {
    let node = NodeRef::<leptos::html::Div>::new();
    let looks = Looks::new(scene(), on_screen(node));
    let step = text(move || looks.told.with(|told| told.as_ref().map(|t| when(t.step)).unwrap_or_default()));
    let there = memo(move || looks.told.with(Option::is_some));
    view! {
        <div class="block looks" node_ref=node data-testid="attention">
            <h3 class="block-title">{tr!("Where it looks")}" "<span class="block-aside num">{step}</span></h3>
            {field(looks)}
            <p class="setting-error" role="alert">{text(move || looks.refused.get().unwrap_or_default())}</p>
            {part(move || match there.get() {
                true => shown(looks),
                false => view! { <p class="empty">{tr!("This is worked out when you come here, and again while it trains.")}</p> }.into_any(),
            })}
        </div>
    }
    .into_any()
}

fn field(looks: Looks) -> AnyView {
    let language = language(looks.scene);
    view! {
        <label class="mind-field">
            <span class="setting-name">{text(move || if looks.asks.get() { tr!("It is asked") } else { tr!("It reads") })}</span>
            <input
                type="text"
                maxlength=MOST_TOKENS.to_string()
                spellcheck="false"
                autocomplete="off"
                lang=move || language.get()
                prop:value=text(move || looks.text.get().unwrap_or_default())
                on:input=move |event| {
                    looks.scene.state.count_action("read");
                    looks.text.set(Some(event_target_value(&event)));
                }
            />
        </label>
    }
    .into_any()
}

fn shown(looks: Looks) -> AnyView {
    let heads = memo(move || looks.heads());
    let grid = part(move || {
        let rows = heads.get().into_iter().enumerate();
        rows.map(|(block, heads)| (0..heads).map(|head| tile(looks, (block, head))).collect_view())
            .collect_view()
    });
    let columns = text(move || {
        format!("repeat({}, minmax(0, 4rem))", heads.with(|all| all.iter().copied().max().unwrap_or(1)))
    });
    view! {
        <p class="note">{tr!("One row for each block, one map for each head. In a map, each row is a token that looks, and what it takes of each token is blue.")}</p>
        <div class="looks-heads" role="group" aria-label=tr!("Heads") style:grid-template-columns=columns>{grid}</div>
        {stage(looks)}
        <p class="note">{text(move || looks.name(looks.head.get()))}</p>
        {across::view(looks)}
        <p class="num" data-testid="looks">{text(move || looks.sentence())}</p>
        {coloured(looks)}
        {off::switch(looks)}
        {places::view(looks)}
        {folded(tr!("One number, taken apart"), "apart", move || apart::apart(looks))}
        {folded(tr!("What it would say after each block"), "lens", move || lens::lens(looks))}
    }
    .into_any()
}

/// What is made, and asks for something, only while it is open.
fn folded(title: String, name: &'static str, body: impl Fn() -> AnyView + Send + Sync + 'static) -> AnyView {
    let open = RwSignal::new(false);
    let toggled = move |event: web_sys::Event| {
        let details = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        open.set(details.is_some_and(|details| details.has_attribute("open")));
    };
    view! {
        <details class="more apart" data-testid=name on:toggle=toggled>
            <summary>{title}</summary>
            {part(move || open.get().then(&body))}
        </details>
    }
    .into_any()
}

/// A small map that chooses its head.
fn tile(looks: Looks, head: (usize, usize)) -> AnyView {
    let chosen = flag(move || looks.head.get() == head);
    let name = text(move || looks.name(head));
    let off = flag(move || looks.is_off(head));
    view! {
        <button
            type="button"
            class="looks-head"
            class:off=off
            aria-pressed=text(move || chosen.get().to_string())
            aria-label=name
            title=name
            data-testid=format!("head-{}-{}", head.0, head.1)
            on:click=move |_| {
                looks.scene.state.count_action("head");
                looks.head.set(head);
            }
        >
            {map(looks, move || head)}
        </button>
    }
    .into_any()
}

/// The weights of a head, queries down and keys across.
fn map(looks: Looks, head: impl Fn() -> (usize, usize) + Send + Sync + 'static) -> AnyView {
    let node = NodeRef::<leptos::html::Canvas>::new();
    effect(move |_| {
        let (Some(canvas), head) = (node.get(), head()) else { return };
        let ([queries, keys], Some(weights)) = (looks.area(head.0), looks.weights(head)) else { return };
        let [r, g, b] = POSITIVE;
        let alpha = |weight: &f32| (weight.clamp(0.0, 1.0).sqrt() * 255.0) as u8;
        let rgba: Vec<u8> = weights.iter().flat_map(|weight| [r, g, b, alpha(weight)]).collect();
        put(&canvas, keys.len(), queries.len(), &rgba);
    });
    view! { <canvas class="mind-canvas" node_ref=node width="1" height="1" aria-hidden="true"></canvas> }
        .into_any()
}

/// The head that is chosen, as large as there is room.
fn stage(looks: Looks) -> AnyView {
    let point = move |event: &MouseEvent| {
        let [queries, keys] = untrack(move || looks.area(looks.head.get().0));
        if let Some((query, _)) = under_pointer(event, (queries.len(), keys.len())) {
            looks.choose(queries.start + query);
        }
    };
    view! {
        <div
            class="mind-stage looks-stage"
            tabindex="0"
            role="group"
            aria-label=tr!("Arrow keys go from token to token and say what it takes of which")
            data-testid="head-map"
            on:pointermove=move |event| point(&event)
            on:pointerdown=move |event| point(&event)
            on:keydown=move |event| looks.step(&event)
        >
            {map(looks, move || looks.head.get())}
            {frame(move || {
                let ([queries, keys], query) = (looks.area(looks.head.get().0), looks.query());
                let size = (queries.len(), keys.len());
                let row = query.saturating_sub(queries.start);
                (size.0 > 0).then_some(PixelWindow { rows: row..row + 1, columns: 0..size.1, size })
            })}
        </div>
    }
    .into_any()
}

/// The text: each token as blue as what the chosen one takes of it, which a click chooses another.
fn coloured(looks: Looks) -> AnyView {
    let tokens =
        memo(move || looks.told.with(|told| told.as_ref().map(|t| t.tokens.clone())).unwrap_or_default());
    let row = memo(move || looks.row());
    let language = language(looks.scene);
    let one = move |(at, token): (usize, String)| {
        let colour = text(move || {
            let share = row.with(|row| row.get(at).copied().unwrap_or(0.0)).clamp(0.0, 1.0).sqrt();
            format!("background:rgba(var(--mark-right),calc({share:.2} * var(--cell-most)))")
        });
        let here = flag(move || looks.query() == at);
        let after = if token.ends_with('\n') { "\n" } else { "" };
        view! {
            <span class="mind-token" class:here=here style=colour on:click=move |_| looks.choose(at)>{visible(&token)}</span>{after}
        }
        .into_any()
    };
    view! {
        <div class="mind-text" lang=move || language.get() data-testid="looked-at">
            {part(move || tokens.get().into_iter().enumerate().map(one).collect_view())}
        </div>
    }
    .into_any()
}
