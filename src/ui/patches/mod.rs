//! Where a Vision Transformer looks: the picture as it is cut, what the class token or a patch takes of each patch in every
//! head, all blocks rolled together, and what the network knows of places.

mod looks;
mod places;

use super::components::picture::{POSITIVE, canvas, draw_picture, ink_canvas, put};
use super::text::asking::{on_screen, when};
use crate::ui::components::pick::{PixelWindow, frame, under_pointer};
use crate::ui::components::reactive::{flag, memo, part, text};
use crate::ui::language::tr;
use crate::ui::panels::network::subject_words;
use crate::ui::panels::panel_state::{InspectedExample, scene};
use leptos::prelude::*;
use looks::{Looks, Shown};
use web_sys::{HtmlCanvasElement, MouseEvent};

#[component]
pub fn PatchAttention() -> impl IntoView {
    let node = NodeRef::<leptos::html::Div>::new();
    let looks = Looks::new(scene(), on_screen(node));
    let step = text(move || looks.told.with(|told| told.as_ref().map(|t| when(t.step)).unwrap_or_default()));
    let there = memo(move || looks.told.with(Option::is_some));
    view! {
        <div class="block looks" node_ref=node data-testid="patch-attention">
            <h3 class="block-title">{tr!("Where it looks")}" "<span class="block-aside num">{step}</span></h3>
            <p class="note" data-testid="cut">{text(move || cut_words(looks))}</p>
            <p class="setting-error" role="alert">{text(move || looks.refused.get().unwrap_or_default())}</p>
            {part(move || match there.get() {
                true => shown(looks),
                false => view! { <p class="empty">{tr!("This is worked out when you come here, and again while it trains.")}</p> }.into_any(),
            })}
        </div>
    }
    .into_any()
}

/// “Your drawing, cut into 4 × 4 patches of 7 × 7 pixels. …”
fn cut_words(looks: Looks) -> String {
    let Some(cut) = looks.cut.get() else { return String::new() };
    let subject = match looks.scene.subject.with(|subject| *subject == InspectedExample::Nothing) {
        true => tr!("Test picture {}", 1),
        false => subject_words(looks.scene),
    };
    tr!(
        "{}, cut into {} × {} patches of {} × {} pixels. Each is a token.",
        subject,
        cut.grid.0,
        cut.grid.1,
        cut.side,
        cut.side
    )
}

fn shown(looks: Looks) -> AnyView {
    let heads = memo(move || looks.heads());
    let grid = part(move || {
        let all = heads.get().into_iter().enumerate();
        all.map(|(block, heads)| {
            (0..heads).map(|head| tile(looks, Shown::Head { block, head })).collect_view()
        })
        .collect_view()
    });
    let columns = text(move || {
        format!("repeat({}, minmax(0, 4rem))", heads.with(|all| all.iter().copied().max().unwrap_or(1)))
    });
    let has_class = flag(move || looks.cut.get().is_some_and(|cut| cut.class_token));
    let lead = text(move || match has_class.get() {
        true => tr!(
            "One row for each block, one map for each head: the bluer a patch, the more the class token takes of it. Press a patch to see what that one takes."
        ),
        false => tr!(
            "One row for each block, one map for each head: the bluer a patch, the more all patches take of it on average. Press a patch to see what that one takes."
        ),
    });
    let back = text(move || match has_class.get() {
        true => tr!("Class token"),
        false => tr!("All patches"),
    });
    view! {
        <p class="note">{lead}</p>
        <div class="looks-heads" role="group" aria-label=tr!("Heads") style:grid-template-columns=columns>{grid}</div>
        <div class="buttons">
            {rollout_button(looks)}
            <button type="button" class="button" data-testid="look-from-class" disabled=flag(move || looks.from.get().is_none()) on:click=move |_| looks.choose(None)>{back}</button>
        </div>
        {stage(looks)}
        <p class="num" data-testid="looks">{text(move || looks.sentence())}</p>
        {places::view(looks)}
    }
    .into_any()
}

/// Attention of all blocks, one after the other.
fn rollout_button(looks: Looks) -> AnyView {
    let chosen = flag(move || looks.shown.get() == Shown::Rollout);
    view! {
        <button
            type="button"
            class="button"
            aria-pressed=text(move || chosen.get().to_string())
            title=tr!("Attention rollout: of all blocks one after the other, each half itself and half the mean of its heads")
            data-testid="rollout"
            on:click=move |_| {
                looks.scene.state.count_action("rollout");
                looks.shown.set(Shown::Rollout);
            }
        >
            {tr!("All blocks together")}
        </button>
    }
    .into_any()
}

/// A small map that chooses its head.
fn tile(looks: Looks, head: Shown) -> AnyView {
    let Shown::Head { block, head: number } = head else { return ().into_any() };
    let chosen = flag(move || looks.shown.get() == head);
    let name = tr!("Block {}, head {}", block + 1, number + 1);
    view! {
        <button
            type="button"
            class="looks-head"
            aria-pressed=text(move || chosen.get().to_string())
            aria-label=name.clone()
            title=name
            data-testid=format!("patch-head-{block}-{number}")
            on:click=move |_| {
                looks.scene.state.count_action("head");
                looks.shown.set(head);
            }
        >
            {canvas("mind-canvas", move |canvas| draw_heat(canvas, looks, head))}
        </button>
    }
    .into_any()
}

/// A blue for each patch: full for the one of which most is taken.
fn draw_heat(canvas: &HtmlCanvasElement, looks: Looks, shown: Shown) {
    let (Some(cut), row) = (looks.cut.get(), looks.row(shown)) else { return };
    if row.len() != cut.patches() {
        return;
    }
    let most = row.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
    let [r, g, b] = POSITIVE;
    let rgba: Vec<u8> = row.iter().flat_map(|share| [r, g, b, (share / most * 225.0) as u8]).collect();
    put(canvas, cut.grid.1, cut.grid.0, &rgba);
}

/// The picture with the lines along which it is cut, and what is taken of each patch over it.
fn stage(looks: Looks) -> AnyView {
    let grid = memo(move || looks.cut.get().map_or((1, 1), |cut| cut.grid));
    let press = move |event: &MouseEvent| {
        let size = grid.get_untracked();
        if let Some((row, column)) = under_pointer(event, size) {
            let patch = row * size.1 + column;
            looks.choose((looks.from.get_untracked() != Some(patch)).then_some(patch));
        }
    };
    let picture = ink_canvas("patches-picture", move |canvas| {
        looks.picture.with(|bytes| {
            if let Some(bytes) = bytes {
                draw_picture(canvas, looks.scene.shape(), bytes);
            }
        });
    });
    let lines = text(move || {
        let (down, across) = grid.get();
        format!("background-size: {:.4}% {:.4}%", 100.0 / across as f64, 100.0 / down as f64)
    });
    let chosen = frame(move || {
        let size = grid.get();
        let patch = looks.from.get()?;
        Some(PixelWindow::spot((patch / size.1, patch % size.1), size))
    });
    view! {
        <div
            class="mind-stage patches-stage"
            style:aspect-ratio=text(move || { let [_, height, width] = looks.scene.shape(); format!("{width} / {height}") })
            tabindex="0"
            role="group"
            aria-label=tr!("The picture in patches. Arrow keys go from patch to patch and say what it takes of which, Escape goes back")
            data-testid="patches"
            on:pointerdown=move |event| press(&event)
            on:keydown=move |event| looks.step(&event)
        >
            {picture}
            {canvas("patches-heat", move |canvas| draw_heat(canvas, looks, looks.shown.get()))}
            <i class="patches-lines" style=lines></i>
            {chosen}
        </div>
    }
    .into_any()
}
