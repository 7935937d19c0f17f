//! The paper: begin on it with finger, mouse, pen or keyboard; the network's lines have another colour.

use super::state::SketchState;
use super::{expected, file, play};
use crate::sketch::moves::{PAPER, Point, path, window};
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::ink::SIDE;
use crate::ui::components::pick::pointer_in;
use crate::ui::components::reactive::{flag, memo, part, text};
use crate::ui::language::{known, tr};
use crate::ui::panels::drawing_pad_keys::{Pen, Strokes};
use crate::ui::timers::Debounce;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, PointerEvent};

/// After the pen was lifted, the network waits so long for another stroke.
const PATIENCE_MILLISECONDS: u32 = 900;
/// Units of the paper in what the pen's places are counted in.
const UNITS: f64 = PAPER / SIDE as f64;
/// Points nearer than this, in units, are one.
const NEAR: f64 = 1.5 * UNITS;

pub fn panel(desk: SketchState) -> AnyView {
    let paper = Paper { desk, pen: StoredValue::new(None), keys: Pen::default() };
    view! {
        <section class="vision-panel sketch-middle" aria-labelledby="title-paper">
            <h2 class="panel-title" id="title-paper">{tr!("Begin a drawing")}</h2>
            {paper.view()}
            <p class="sketch-words" data-testid="sketch-words">{text(move || words(desk))}</p>
            {trouble(desk)}
            {buttons(paper)}
            {expected::panel(desk)}
        </section>
    }
    .into_any()
}

/// What there is to do now.
fn words(desk: SketchState) -> String {
    let thing = known(desk.kind.get().title);
    if desk.working.get() {
        return tr!("One moment");
    }
    if play::is_drawing(desk) {
        return tr!("The network draws");
    }
    match (desk.strokes.with(Vec::is_empty), desk.ending.with(Option::is_some)) {
        (_, true) => tr!("The blue lines are the network’s. Go on drawing, or have it try again."),
        (true, false) => {
            tr!(
                "{}: draw the first line, then lift the pen, and the network goes on. Or let it begin.",
                thing
            )
        }
        (false, false) => tr!("{}: lift the pen for a moment, and the network goes on.", thing),
    }
}

fn trouble(desk: SketchState) -> AnyView {
    part(move || {
        desk.trouble.get().map(|failure| {
            view! {
                <div class="refused" role="alert" data-testid="sketch-trouble">
                    <p><strong>{known(&failure.what)}</strong>" "{known(&failure.advice)}</p>
                    <button type="button" class="button" on:click=move |_| desk.finish()>
                        {icon(Icon::Reset)}
                        {tr!("Try again")}
                    </button>
                </div>
            }
        })
    })
}

fn buttons(paper: Paper) -> AnyView {
    let desk = paper.desk;
    let blank = memo(move || desk.strokes.with(Vec::is_empty));
    let finished = memo(move || desk.ending.with(Option::is_some));
    let main = move |_| if finished.get_untracked() { desk.again() } else { desk.finish() };
    let main_words = move || match (finished.get(), blank.get()) {
        (true, _) => tr!("Another ending"),
        (false, true) => tr!("Let it begin"),
        (false, false) => tr!("Finish it"),
    };
    let empty = flag(move || desk.is_blank());
    view! {
        <div class="buttons sketch-buttons">
            <button
                type="button"
                class="button strong"
                data-testid="sketch-finish"
                disabled=flag(move || desk.working.get())
                on:click=main
            >
                {part(move || icon(if finished.get() { Icon::Reset } else { Icon::Play }))}
                <span>{text(main_words)}</span>
            </button>
            <button type="button" class="button" disabled=empty on:click=move |_| paper.undo()>
                {icon(Icon::Undo)}
                {tr!("Undo")}
            </button>
            <button type="button" class="button" disabled=empty on:click=move |_| paper.clear()>
                {icon(Icon::Clear)}
                {tr!("Clear")}
            </button>
            <button type="button" class="button" disabled=empty data-testid="sketch-save" on:click=move |_| file::save(desk)>
                {icon(Icon::Download)}
                {tr!("Save as SVG")}
            </button>
        </div>
    }
    .into_any()
}

#[derive(Clone, Copy)]
struct Paper {
    desk: SketchState,
    /// The pointer that draws.
    pen: StoredValue<Option<i32>>,
    /// For who draws with the keyboard.
    keys: Pen,
}

impl Paper {
    fn view(self) -> AnyView {
        let desk = self.desk;
        let own = text(move || desk.strokes.with(|strokes| path(strokes)));
        let ending = text(move || path(&play::drawn(desk)));
        view! {
            <div
                class="pad sketch-paper"
                class:mine=flag(move || !desk.is_blank())
                role="application"
                tabindex="0"
                aria-label=tr!("Paper: draw with mouse, pen or finger, or with the keyboard: arrows move the pen, Space lowers and lifts it, Backspace takes the last stroke back")
                data-testid="sketch-paper"
                on:keydown=move |e| self.keys.key(self, &e)
                on:pointerdown=move |e| self.pressed(&e)
                on:pointermove=move |e| self.moved(&e)
                on:pointerup=move |e| self.lifted(&e)
                on:pointercancel=move |e| self.lifted(&e)
            >
                <svg viewBox=text(move || view_box(desk)) aria-hidden="true">
                    {expected::ellipses(desk)}
                    <path class="sketch-own" d=own data-testid="sketch-own" />
                    <path class="sketch-ending" d=ending data-testid="sketch-ending" />
                </svg>
                {self.keys.view()}
                <span class="pad-hint" aria-hidden="true">{tr!("draw here")}</span>
            </div>
            <p class="sr-only" data-testid="sketch-seen">{text(move || seen(desk))}</p>
        }
        .into_any()
    }

    fn pressed(self, event: &PointerEvent) {
        if event.button() != 0 || self.pen.get_value().is_some() {
            return;
        }
        event.prevent_default();
        if let Some(target) = event.current_target().and_then(|t| t.dyn_into::<Element>().ok()) {
            // Without capture a stroke merely ends at the edge.
            let _ = target.set_pointer_capture(event.pointer_id());
        }
        if let Some(point) = place(event) {
            self.pen.set_value(Some(event.pointer_id()));
            self.start(point);
        }
    }

    fn moved(self, event: &PointerEvent) {
        if self.pen.get_value() == Some(event.pointer_id())
            && let Some(point) = place(event)
        {
            self.extend(point);
        }
    }

    /// The network goes on if no other stroke follows.
    fn lifted(self, event: &PointerEvent) {
        if self.pen.get_value() != Some(event.pointer_id()) {
            return;
        }
        self.pen.set_value(None);
        let desk = self.desk;
        if desk.looks.get_untracked() {
            desk.look();
        }
        let then = move || desk.finish();
        desk.soon.with_value(|soon: &Debounce| soon.after(PATIENCE_MILLISECONDS, then));
    }

    fn clear(self) {
        self.desk.begin_anew();
        self.desk.strokes.set(Vec::new());
        self.desk.scene.announcement.set(tr!("The paper is empty"));
        self.look_again();
    }

    fn look_again(self) {
        if self.desk.looks.get_untracked() {
            self.desk.look();
        }
    }
}

impl Strokes for Paper {
    /// A stroke begins there; an ending that was drawn goes.
    fn start(self, point: Point) {
        self.desk.begin_anew();
        self.desk.strokes.update(|all| all.push(vec![on_paper(point)]));
    }

    fn extend(self, point: Point) {
        let point = on_paper(point);
        self.desk.strokes.update(|all| {
            let Some(stroke) = all.last_mut() else { return };
            let near = stroke.last().is_some_and(|last| (last.0 - point.0).hypot(last.1 - point.1) < NEAR);
            if !near {
                stroke.push(point);
            }
        });
    }

    fn say(self, words: String) {
        self.desk.scene.announcement.set(words);
    }

    /// The ending goes first, then stroke by stroke what was begun.
    fn undo(self) {
        if self.desk.ending.with_untracked(Option::is_some) {
            self.desk.forget_ending();
        } else {
            self.desk.begin_anew();
            self.desk.strokes.update(|all| drop(all.pop()));
        }
        self.look_again();
    }
}

/// Where the pointer is, as the keyboard's pen counts.
fn place(event: &PointerEvent) -> Option<Point> {
    let side = f64::from(SIDE);
    pointer_in(event).map(|(x, y)| (x.clamp(0.0, 1.0) * side, y.clamp(0.0, 1.0) * side))
}

fn on_paper((x, y): Point) -> Point {
    (x * UNITS, y * UNITS)
}

/// The paper, or as much more as the drawing needs.
fn view_box(desk: SketchState) -> String {
    let strokes = desk.ending.with(|e| e.as_ref().map(|e| e.strokes.clone()).unwrap_or_default());
    let [left, top, side] = window(&strokes);
    format!("{left:.1} {top:.1} {side:.1} {side:.1}")
}

/// What is on the paper, for who does not see it.
fn seen(desk: SketchState) -> String {
    let own = desk.strokes.with(Vec::len);
    let own = tr!("{n} stroke" | "{n} strokes" % own);
    match desk.ending.with(|e| e.as_ref().map(|e| e.strokes.len())) {
        None => tr!("On the paper: {} of yours.", own),
        Some(count) => {
            let theirs = tr!("{n} stroke" | "{n} strokes" % count);
            tr!("On the paper: {} of yours, {} of the network’s.", own, theirs)
        }
    }
}
