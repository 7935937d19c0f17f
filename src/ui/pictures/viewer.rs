//! The picture as the network gets it, and four ways to look at it: its pixels, where the network looked, what
//! covering a place does, and a brush to try that by hand.

use super::brush::Brush;
use super::queue::{Item, Reading, Shelf, Status, WeightsState, in_words};
use super::viewer_state::Mode;
use super::{occlusion, readout, samples, upload};
use crate::protocol::Failure;
use crate::ui::charts::export::{Thing, export, on_page};
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::overlay;
use crate::ui::components::pick::pointer_in_canvas;
use crate::ui::components::picture::{blank, canvas, put};
use crate::ui::components::reactive::{effect, flag, memo, part, text};
use crate::ui::language::{known, tr};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlCanvasElement, KeyboardEvent, MouseEvent, PointerEvent};

pub fn panel(shelf: Shelf) -> AnyView {
    let look = shelf.look;
    let brush = Brush::new(shelf);
    note_overlays(shelf);
    view! {
        <section class="vision-panel sees-panel" id="vision-sees" tabindex="-1" aria-labelledby="title-sees">
            <h2 class="panel-title" id="title-sees">{tr!("What it sees")}</h2>
            {modes(shelf)}
            {part(move || look.read.get().map(|read| view! {
                // On a phone the answer's own panel is further down.
                <p class="stage-answer" aria-hidden="true"><strong>{in_words(&read)}</strong></p>
            }))}
            {stage(shelf, brush)}
            <div class="sees-words-below" data-mode=text(move || format!("{:?}", look.mode.get()))>
                <p class="sees-place num" data-testid="place">{text(move || readout::sentence(shelf))}</p>
                {part(move || match look.mode.get() {
                    Mode::Input => crop(shelf),
                    Mode::Heat => heat_words(shelf),
                    Mode::Cover => view! { {occlusion::controls(shelf)}{occlusion::about()} }.into_any(),
                    Mode::Paint => brush.controls(),
                })}
                {part(move || look.trouble.get().map(|f| failed(&f)))}
                {samples::credit_of(move || shelf.current()?.sample)}
                {export(shelf.scene, "export-stage", vec![picture(shelf)])}
            </div>
        </section>
    }
    .into_any()
}

/// Lessons ask the visitor to see where it looked: for each class, and in how many pictures.
fn note_overlays(shelf: Shelf) {
    let look = shelf.look;
    let seen = memo(move || {
        let id = look.read.with(|read| read.as_ref().map(|read| read.id))?;
        (look.mode.get() == Mode::Heat).then(|| (id, look.class.get()))
    });
    effect(move |_| {
        let Some((id, _)) = seen.get() else { return };
        shelf.scene.state.count_action("overlay");
        if look.overlaid.try_update_value(|all| all.insert(id)) == Some(true) {
            shelf.scene.state.count_action("overlaid");
        }
    });
}

/// What is drawn on the stage, with what lies over it.
fn picture(shelf: Shelf) -> Thing {
    let name = move || format!("intab-{:?}", shelf.look.mode.get_untracked()).to_lowercase();
    let there = move || shelf.look.read.with_untracked(Option::is_some);
    Thing::canvas(tr!("The picture"), name, move || on_page(".stage-canvas").filter(|_| there()))
}

fn modes(shelf: Shelf) -> AnyView {
    let look = shelf.look;
    let one = |(mode, name): (Mode, &'static str)| {
        view! {
            <label class="segment">
                <input
                    type="radio"
                    name="sees-mode"
                    class="sr-only"
                    prop:checked=flag(move || look.mode.get() == mode)
                    on:change=move |_| {
                        look.place.set(None);
                        look.mode.set(mode);
                    }
                />
                <span>{known(name)}</span>
            </label>
        }
        .into_any()
    };
    view! {
        <fieldset class="segments">
            <legend class="sr-only">{tr!("How to look at the picture")}</legend>
            {Mode::ALL.map(one).collect_view()}
        </fieldset>
    }
    .into_any()
}

/// The picture, or what stands in its place.
fn stage(shelf: Shelf, brush: Brush) -> AnyView {
    let look = shelf.look;
    let there = flag(move || look.read.with(Option::is_some));
    let drawn = canvas("stage-canvas", move |canvas| draw(shelf, canvas));
    let place = move |e: &MouseEvent| look.place.set(at(shelf, e).map(|(x, y)| (y as usize, x as usize)));
    let painting =
        move || look.mode.get_untracked() == Mode::Paint && look.read.with_untracked(Option::is_some);
    let begin = move |e: PointerEvent| {
        if e.button() != 0 || !painting() {
            return;
        }
        e.prevent_default();
        if let Some(target) = e.current_target().and_then(|t| t.dyn_into::<Element>().ok()) {
            // Without capture a stroke merely ends at the edge.
            let _ = target.set_pointer_capture(e.pointer_id());
        }
        at(shelf, &e).into_iter().for_each(|p| brush.begin(p));
    };
    view! {
        <div
            class="stage"
            class:there=there
            class:painting=flag(move || look.mode.get() == Mode::Paint)
            data-mode=text(move || format!("{:?}", look.mode.get()))
            role="group"
            aria-label=text(move || stage_name(shelf))
            aria-describedby="stage-keys"
            tabindex=text(move || if there.get() { "0".to_string() } else { "-1".to_string() })
            data-testid="stage"
            on:pointerdown=begin
            on:pointermove=move |e| {
                place(&e);
                at(shelf, &e).into_iter().for_each(|p| brush.go_on(p));
            }
            on:pointerup=move |_| brush.end()
            on:pointercancel=move |_| brush.end()
            on:pointerleave=move |_| look.place.set(None)
            on:keydown=move |e| step(shelf, &e)
        >
            {drawn}
            {part(move || cursor(shelf))}
            {part(move || instead(shelf, shelf.current()))}
        </div>
        <p class="sr-only" id="stage-keys">{tr!("Arrows go from pixel to pixel, with Shift sixteen at a time; the numbers are said below")}</p>
    }
    .into_any()
}

fn stage_name(shelf: Shelf) -> String {
    let side = shelf.network.input.side;
    let name = shelf.current().map_or_else(|| tr!("No picture"), |i| i.name);
    tr!("{0}, {1} × {1} pixels", name, side)
}

fn draw(shelf: Shelf, canvas: &HtmlCanvasElement) {
    let look = shelf.look;
    let side = shelf.network.input.side;
    let Some(read) = look.read.get() else { return blank(canvas) };
    let (mode, class) = (look.mode.get(), look.class.get());
    let input = if matches!(mode, Mode::Input | Mode::Paint) { look.shown() } else { look.input.get() };
    let mut rgba = super::image_blobs::rgba(&input);
    match mode {
        Mode::Input | Mode::Paint => (),
        Mode::Heat => {
            if let Some(map) = read.heat.get(class) {
                overlay::heat(&mut rgba, side, map, read.heat_side, overlay::most(map));
            }
        }
        Mode::Cover => {
            let before = read.top.get(class).map_or(0.0, |t| t.probability);
            let drops =
                look.covered.with(|all| all.get(&read.id).map(|c| occlusion::drops(c, class, before)));
            if let Some(drops) = drops.filter(|d| !d.is_empty()) {
                // What hardly changes anything is not blown up to look as if it did.
                let most = overlay::most(&drops).max(0.02);
                overlay::cells(&mut rgba, side, &drops, occlusion::ACROSS, most);
            }
        }
    }
    put(canvas, side, side, &rgba);
}

/// The pixel or place that is asked about.
fn cursor(shelf: Shelf) -> Option<AnyView> {
    let look = shelf.look;
    let (row, column) = look.place.get()?;
    let side = shelf.network.input.side;
    let across = readout::across(shelf, look.mode.get());
    if across == side && look.mode.get() == Mode::Paint {
        return None;
    }
    let cell = side / across;
    let share = |at: usize| format!("{:.3}%", (at / cell * cell) as f64 / side as f64 * 100.0);
    let size = format!("{:.3}%", 100.0 / across as f64);
    Some(
        view! {
            <i class="stage-cursor" style:left=share(column) style:top=share(row) style:width=size.clone() style:height=size></i>
        }
        .into_any(),
    )
}

/// Where the pointer is, in pixels of the input.
fn at(shelf: Shelf, event: &MouseEvent) -> Option<(f64, f64)> {
    let side = shelf.network.input.side as f64;
    let (x, y) = pointer_in_canvas(event)?;
    shelf.look.read.with_untracked(Option::is_some).then_some((x * side, y * side))
}

fn step(shelf: Shelf, event: &KeyboardEvent) {
    let look = shelf.look;
    let side = shelf.network.input.side;
    let across = readout::across(shelf, look.mode.get_untracked());
    let by = if event.shift_key() && across == side { 16 } else { side / across };
    let (row, column) = look.place.get_untracked().unwrap_or((side / 2, side / 2));
    let last = side - 1;
    let next = match event.key().as_str() {
        "ArrowLeft" => (row, column.saturating_sub(by)),
        "ArrowRight" => (row, (column + by).min(last)),
        "ArrowUp" => (row.saturating_sub(by), column),
        "ArrowDown" => ((row + by).min(last), column),
        "Escape" => return look.place.set(None),
        _ => return,
    };
    event.prevent_default();
    look.place.set(Some(next));
    shelf.scene.announcement.set(untrack(move || readout::sentence(shelf)));
}

/// Words where the picture would be: it waits, or it could not be read.
fn instead(shelf: Shelf, item: Option<Item>) -> Option<AnyView> {
    let item = item?;
    match item.status {
        Status::Read(_) => None,
        Status::Failed(failure) => Some(
            view! {
                <div class="stage-instead failed-picture" role="alert" data-testid="stage-failed">
                    {icon(Icon::Alert)}
                    <p><strong>{item.name}</strong></p>
                    <p>{known(&failure.what)}" "{known(&failure.advice)}</p>
                </div>
            }
            .into_any(),
        ),
        Status::Waiting => {
            let inner = match shelf.weights.get() {
                WeightsState::Failed(failure) => upload::refused(shelf.coming(), &failure),
                WeightsState::Here => view! { <p>{tr!("Reading it")}</p> }.into_any(),
                _ => upload::coming(shelf.coming()),
            };
            Some(view! { <div class="stage-instead">{inner}</div> }.into_any())
        }
    }
}

fn failed(failure: &Failure) -> AnyView {
    view! { <p class="failed" role="alert">{known(&failure.what)}" "{known(&failure.advice)}</p> }.into_any()
}

fn heat_words(shelf: Shelf) -> AnyView {
    view! {
        <p class="sees-scale" aria-hidden="true"><span>{tr!("− against")}</span><i></i><span>{tr!("+ for")}</span></p>
        <p class="sees-about">
            {text(move || tr!(
                "What each of the last layer’s 7 × 7 places adds to “{}” (a class activation map): blue speaks for it, orange against it. Choose another class on the list to see where that one would be.",
                readout::class_name(shelf)
            ))}
        </p>
    }
    .into_any()
}

/// What became of the picture as it was given.
fn crop(shelf: Shelf) -> AnyView {
    part(move || {
        let read = shelf.look.read.get()?;
        Some(crop_of(shelf, &read))
    })
}

fn crop_of(shelf: Shelf, read: &Reading) -> AnyView {
    let input = shelf.network.input;
    let [width, height] = read.size.map(f64::from);
    let square = width.min(height) * input.side as f64 / input.resize as f64;
    let (left, top) = ((width - square) / 2.0, (height - square) / 2.0);
    let line = width.max(height) / 60.0;
    let [w, h] = read.size.map(|n| crate::ui::components::format::count(n.into()));
    let words = tr!(
        "Given as {} × {} pixels. Its short side becomes {}, and the middle {} × {} is what the network gets.",
        w,
        h,
        input.resize,
        input.side,
        input.side
    );
    let thumb = read.thumb.clone();
    view! {
        <div class="crop">
            <svg class="crop-picture" viewBox=format!("0 0 {width} {height}") aria-hidden="true" focusable="false">
                <rect class="crop-whole" width=width height=height />
                <image href=thumb x=left y=top width=square height=square />
                <rect class="crop-middle" x=left y=top width=square height=square stroke-width=line />
            </svg>
            <p class="sees-about">{words}</p>
        </div>
    }
    .into_any()
}
