//! A box of the visitor's own over the picture, by pointer or by numbers, and how much of it is that of a found one:
//! intersection over union, written out.

use super::state::{Finder, class_name};
use crate::detection::own::{Hold, Overlap, in_the_middle, most_overlapped, numbers, with_number};
use crate::detection::{BoundingBox, Found};
use crate::ui::components::format;
use crate::ui::components::pick::pointer_in;
use crate::ui::components::reactive::{flag, memo, part, text};
use crate::ui::language::tr;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, PointerEvent};

/// A corner is taken by a finger that is so many CSS pixels away.
const NEAR: f32 = 14.0;
/// From this on two boxes are said to be of the same thing, nearly everywhere.
const HALF: f64 = 0.5;
/// Drawn with care.
const TIGHT: f64 = 0.8;

/// Boxes that are shown, and what the visitor's has in common with one of them.
#[derive(Clone, Copy)]
struct Compared {
    kept: Memo<Vec<Found>>,
    overlap: Memo<Option<Overlap>>,
}

fn compared(desk: Finder) -> Compared {
    let kept = memo(move || desk.kept());
    let overlap = memo(move || desk.own.get().and_then(|own| kept.with(|kept| most_overlapped(&own, kept))));
    Compared { kept, overlap }
}

/// Over the picture. What holds the pointer is drawn once: the marks in it change.
pub fn layer(desk: Finder) -> AnyView {
    let on = memo(move || desk.drawing.get() && desk.answer.with(Option::is_some));
    part(move || on.get().then(|| paper(desk)))
}

fn paper(desk: Finder) -> AnyView {
    let Compared { overlap, .. } = compared(desk);
    let hold = StoredValue::new(None::<(i32, Hold)>);
    let pressed = move |event: PointerEvent| {
        let Some((at, near)) = place(desk, &event) else { return };
        if event.button() != 0 || hold.with_value(Option::is_some) {
            return;
        }
        event.prevent_default();
        if let Some(target) = event.current_target().and_then(|t| t.dyn_into::<Element>().ok()) {
            // Without capture the box merely stops growing at the edge.
            let _ = target.set_pointer_capture(event.pointer_id());
        }
        hold.set_value(Some((event.pointer_id(), Hold::of(desk.own.get_untracked(), at, near))));
    };
    let moved = move |event: PointerEvent| {
        let held = hold.get_value().filter(|(pointer, _)| *pointer == event.pointer_id());
        if let Some((_, held)) = held
            && let Some((at, _)) = place(desk, &event)
            && let Some(size) = untrack(move || desk.size())
        {
            let next = held.dragged(at, size);
            desk.own.set((next.area() > 0.0).then_some(next));
        }
    };
    let lifted = move |event: PointerEvent| {
        if hold.get_value().is_some_and(|(pointer, _)| pointer == event.pointer_id()) {
            hold.set_value(None);
            done(desk);
        }
    };
    let own = memo(move || desk.own.get());
    let other = memo(move || overlap.get().map(|overlap| overlap.other));
    let shared = memo(move || overlap.get().map(|overlap| overlap.shared));
    view! {
        <div
            class="own-paper"
            data-testid="own-paper"
            on:pointerdown=pressed
            on:pointermove=moved
            on:pointerup=lifted
            on:pointercancel=lifted
        >
            {mark(desk, "own-mark own-other", other)}
            {mark(desk, "own-mark own-shared", shared)}
            {mark(desk, "own-mark own-box", own)}
        </div>
    }
    .into_any()
}

/// Where the pointer is on the picture, and how near a corner must be.
fn place(desk: Finder, event: &PointerEvent) -> Option<([f32; 2], f32)> {
    let [width, height] = untrack(move || desk.size())?;
    let (x, y) = pointer_in(event)?;
    let shown: Element = event.current_target()?.dyn_into().ok()?;
    let near = NEAR * width / shown.client_width().max(1) as f32;
    Some(([x as f32 * width, y as f32 * height], near))
}

fn mark(desk: Finder, class: &'static str, area: Memo<Option<BoundingBox>>) -> AnyView {
    part(move || {
        let (area, [width, height]) = (area.get()?, desk.size()?);
        let share = |part: f32, of: f32| format!("{:.3}%", part / of * 100.0);
        Some(view! {
            <div
                class=class
                style:left=share(area.left, width)
                style:top=share(area.top, height)
                style:width=share(area.width(), width)
                style:height=share(area.height(), height)
            ></div>
        })
    })
}

/// A box was drawn, moved or typed: what it has in common is said, and lessons count it.
fn done(desk: Finder) {
    let Some(own) = desk.own.get_untracked() else { return };
    let best = most_overlapped(&own, &untrack(move || desk.kept()));
    let state = desk.scene.state;
    state.count_action("boxed");
    let iou = best.map_or(0.0, |best| best.iou());
    for (deed, least) in [("boxed_half", HALF), ("boxed_tight", TIGHT)] {
        if iou >= least {
            state.count_action(deed);
        }
    }
    desk.scene.announcement.set(match best {
        Some(_) => tr!("Intersection over union: {}", format::decimals(iou, 2)),
        None => nothing_shared(),
    });
}

fn nothing_shared() -> String {
    tr!("Your box meets none of the boxes that are shown: intersection over union 0.")
}

/// The switch, the numbers and the sum.
pub fn panel(desk: Finder) -> AnyView {
    let there = memo(move || desk.own.with(Option::is_some));
    view! {
        <div class="own" data-testid="own">
            <label class="detect-switch">
                <input
                    type="checkbox"
                    data-control="own-box"
                    prop:checked=flag(move || desk.drawing.get())
                    on:change=move |e| desk.drawing.set(event_target_checked(&e))
                />
                {tr!("Compare with a box of your own")}
            </label>
            {part(move || desk.drawing.get().then(|| view! {
                {part(move || match there.get() {
                    true => of_box(desk),
                    false => first(desk),
                })}
            }))}
        </div>
    }
    .into_any()
}

fn first(desk: Finder) -> AnyView {
    let put = move |_| {
        desk.own.set(untrack(move || desk.size()).map(in_the_middle));
        done(desk);
    };
    view! {
        <p class="note">{tr!("Drag over the picture to draw a box, or begin with one in the middle.")}</p>
        <button type="button" class="button" data-control="own-middle" on:click=put>{tr!("A box in the middle")}</button>
    }
    .into_any()
}

fn of_box(desk: Finder) -> AnyView {
    let names = [tr!("Left"), tr!("Top"), tr!("Width"), tr!("Height")];
    let fields = names.into_iter().enumerate().map(|(which, name)| field(desk, which, name)).collect_view();
    let Compared { kept, overlap } = compared(desk);
    view! {
        <fieldset class="own-numbers" data-testid="own-numbers">
            <legend>{tr!("Your box, in pixels of the picture")}</legend>
            {fields}
        </fieldset>
        {part(move || match overlap.get() {
            Some(overlap) => sum(desk, &overlap, kept),
            None => view! { <p class="note" data-testid="own-none">{nothing_shared()}</p> }.into_any(),
        })}
        <button type="button" class="quiet" on:click=move |_| desk.own.set(None)>{tr!("Remove the box")}</button>
    }
    .into_any()
}

fn field(desk: Finder, which: usize, name: String) -> AnyView {
    let value = memo(move || desk.own.with(|own| own.as_ref().map_or(0.0, |own| numbers(own)[which])));
    let along = untrack(move || desk.size()).map_or(0.0, |size| size[which % 2]);
    let typed = move |event: web_sys::Event| {
        let wanted = event_target_value(&event).parse::<f32>();
        if let (Ok(wanted), Some(own), Some(size)) =
            (wanted, desk.own.get_untracked(), untrack(move || desk.size()))
        {
            desk.own.set(Some(with_number(&own, which, wanted, size)));
            done(desk);
        }
    };
    view! {
        <label class="own-number">
            <span>{name}</span>
            <input
                type="number"
                class="num"
                min=if which < 2 { "0" } else { "1" }
                max=along.to_string()
                step="1"
                prop:value=text(move || value.get().to_string())
                on:change=typed
            />
        </label>
    }
    .into_any()
}

fn sum(desk: Finder, overlap: &Overlap, kept: Memo<Vec<Found>>) -> AnyView {
    let size = |area: &BoundingBox| {
        format!("{} × {}", format::count(area.width() as u64), format::count(area.height() as u64))
    };
    let other = kept.with(|kept| {
        let one = kept.get(overlap.at)?;
        Some(format!("{} {}", class_name(one.class), format::chance(one.score)))
    });
    let [own, theirs, both, either] =
        [overlap.own, overlap.theirs, overlap.both, overlap.either].map(format::count);
    let own_size = desk.own.with(|own| own.as_ref().map(size)).unwrap_or_default();
    let rows = [
        (tr!("Your box"), own_size, own.clone()),
        (other.unwrap_or_default(), size(&overlap.other), theirs.clone()),
        (tr!("What both cover"), size(&overlap.shared), both.clone()),
        (tr!("What at least one covers"), format!("{own} + {theirs} − {both}"), either.clone()),
        (tr!("Intersection over union"), format!("{both} ÷ {either}"), format::decimals(overlap.iou(), 3)),
    ];
    let rows = rows.into_iter().map(|(name, how, result)| {
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td class="num">{how}</td>
                <td class="num">{result}</td>
            </tr>
        }
    });
    view! {
        <table class="own-sum" data-testid="own-sum">
            <caption>{tr!("With the box that yours overlaps most, in whole pixels")}</caption>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
    .into_any()
}
