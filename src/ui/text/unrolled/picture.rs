//! The cell unrolled: the unit's numbers at the step before, at this one and at the next one. Each can be chosen, by
//! pointer, finger or keys.

use super::names::{from_end, of_recurrent, step_name, token};
use super::state::Unroll;
use crate::explain::Position;
use crate::ui::components::format;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::reactive::{flag, memo, part, text};
use crate::ui::explain::frame::CHOOSER;
use crate::ui::explain::labels::{fixed, tint};
use crate::ui::language::tr;
use crate::ui::text::strip::{gate, words};
use leptos::prelude::*;
use web_sys::KeyboardEvent;

/// The step before, this one and the next one.
const STEPS: [usize; 3] = [0, 1, 2];
/// What goes on from step to step stands first.
const FLOWS: [&str; 2] = ["hidden", "cell"];

impl Unroll {
    /// The unit's numbers, what goes on to the next step first.
    fn rows(self) -> Vec<String> {
        let mut names =
            self.told.with(|told| told.as_ref().map(|told| told.passage.names.clone()).unwrap_or_default());
        names.sort_by_key(|name| !FLOWS.contains(&name.as_str()));
        names
    }

    /// Which step it is that stands in a column; none before the first and behind the last one.
    fn row_at(self, when: usize) -> Option<usize> {
        let row = (self.walk.place()?.row + when).checked_sub(1)?;
        (row < self.mind.size().0).then_some(row)
    }

    fn number(self, when: usize, name: &str) -> f64 {
        let number = self.told.with(|told| told.as_ref().and_then(|told| told.passage.number(when, name)));
        number.map_or(0.0, f64::from)
    }

    fn units(self, place: Position) -> usize {
        let network = self.mind.scene.state.network.read();
        place.layer.and_then(|layer| network.get(layer)?.output.last().copied()).unwrap_or(1)
    }

    /// Where a key leads from there.
    fn by_key(self, key: &str, place: Position) -> Option<Position> {
        let (rows, last) = (self.rows(), self.mind.size().0 - 1);
        let here = rows.iter().position(|name| gate(name) == place.gate).unwrap_or(0);
        let gate_at = |at: usize| rows.get(at).and_then(|name| gate(name));
        Some(match key {
            "ArrowLeft" => Position { row: place.row.saturating_sub(1), ..place },
            "ArrowRight" => Position { row: (place.row + 1).min(last), ..place },
            "ArrowUp" => Position { gate: gate_at(here.saturating_sub(1)), ..place },
            "ArrowDown" => Position { gate: gate_at((here + 1).min(rows.len().max(1) - 1)), ..place },
            "PageUp" => Position { map: place.map.saturating_sub(1), ..place },
            "PageDown" => Position { map: (place.map + 1).min(self.units(place) - 1), ..place },
            _ => return None,
        })
    }

    /// Another number is chosen, and it is said where it is.
    fn choose(self, place: Position) {
        let to = place.row + 1;
        let said = untrack(move || {
            let name = self.walk.names.place.run(place);
            let here = self.told.with(|told| {
                let told =
                    told.as_ref().filter(|t| (t.place.layer, t.place.map) == (place.layer, place.map))?;
                let when = to.checked_sub(told.place.row)?;
                told.passage.number(when, place.gate.unwrap_or(FLOWS[0]))
            });
            here.map_or(name.clone(), |number| format!("{name}: {}", fixed(number.into())))
        });
        self.walk.change(place);
        self.walk.scene.announcement.set(said);
    }
}

pub fn picture(unroll: Unroll) -> AnyView {
    let rows = memo(move || unroll.rows());
    let recurrent =
        memo(move || unroll.walk.place().is_some_and(|place| of_recurrent(unroll.mind.scene, place)));
    let on_key = move |event: KeyboardEvent| {
        let Some(place) = unroll.walk.trail.with_untracked(|trail| trail.last().copied()) else { return };
        let of_layer = place.layer.is_some();
        let key = event.key();
        let Some(next) = untrack(move || unroll.by_key(&key, place)) else { return };
        event.prevent_default();
        if of_layer {
            unroll.choose(next);
        }
    };
    let of_a_layer = memo(move || unroll.walk.place().is_some_and(|place| place.layer.is_some()));
    let body = move || {
        let recurrent = recurrent.get();
        rows.with(|rows| rows.iter().map(|name| row(unroll, name.clone(), recurrent)).collect_view())
    };
    let table = move || {
        view! {
            <table class="cell-picture num">
                <thead><tr><td></td>{STEPS.map(|when| heading(unroll, when)).collect_view()}</tr></thead>
                <tbody>{part(body)}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        <figure class="way-figure cell-figure">
            <div
                id=CHOOSER
                role="group"
                tabindex="0"
                aria-label=tr!("The cell, unrolled: left and right go from step to step, up and down from number to number, page up and page down from unit to unit")
                data-testid="cell-picture"
                on:keydown=on_key
            >
                {part(move || of_a_layer.get().then(table))}
            </div>
            <figcaption>{turn(unroll)}</figcaption>
        </figure>
    }
    .into_any()
}

/// Which step a column is, and its token.
fn heading(unroll: Unroll, when: usize) -> AnyView {
    let name = [tr!("token before"), tr!("this token"), tr!("next token")][when].clone();
    let sign = text(move || {
        unroll.row_at(when).map_or("—".into(), |row| format!("“{}”", token(unroll.mind, row)))
    });
    let now = when == 1;
    view! { <th scope="col" class:now=now><span class="cell-token mono">{sign}</span><small>{name}</small></th> }
        .into_any()
}

/// One of the unit's numbers at the three steps.
fn row(unroll: Unroll, name: String, recurrent: bool) -> AnyView {
    let title = if recurrent { words(&name).0 } else { tr!("Number") };
    let flows = recurrent && FLOWS.contains(&name.as_str());
    let cell = |when: usize| {
        let name = StoredValue::new(name.clone());
        let number = move || name.with_value(|name| unroll.number(when, name));
        let there = memo(move || unroll.row_at(when).is_some());
        let back = move || unroll.walk.place().is_some_and(|place| from_end(unroll.mind.scene, place));
        // Before anything is read there is nothing, and that is 0.
        let nothing = move || {
            let first = if back() { 2 } else { 0 };
            if flows && when == first { fixed(0.0) } else { "—".into() }
        };
        let place = move || {
            let (place, row) = (unroll.walk.place()?, unroll.row_at(when)?);
            Some(Position { gate: name.with_value(|name| gate(name)), row, ..place })
        };
        let shown = flag(move || {
            let of = unroll.walk.place().map(|place| place.gate.unwrap_or(FLOWS[0]));
            when == 1 && of.is_some_and(|of| name.with_value(|name| name == of))
        });
        let label = {
            let title = title.clone();
            text(move || {
                let step = unroll.row_at(when).map(|row| step_name(unroll.mind, row)).unwrap_or_default();
                tr!("{}, {}: {}. How did it come to be?", title, step, fixed(number()))
            })
        };
        let body = part(move || match there.get() {
            false => view! { <span class="cell-none">{nothing()}</span> }.into_any(),
            true => view! {
                <button
                    type="button"
                    class="cell-number"
                    tabindex="-1"
                    aria-label=label
                    aria-pressed=text(move || shown.get().to_string())
                    style:background=text(move || tint(number(), number().abs().max(1.0)))
                    on:click=move |_| {
                        if let Some(place) = untrack(place) {
                            unroll.choose(place);
                        }
                    }
                >
                    {text(move || fixed(number()))}
                </button>
            }
            .into_any(),
        });
        let (now, flows) = (when == 1, flows && when > 0);
        view! { <td class:now=now class:flows=flows class:back=flag(back)>{body}</td> }.into_any()
    };
    let cells = STEPS.map(cell).collect_view();
    view! { <tr data-testid=format!("cell-{name}")><th scope="row">{title}</th>{cells}</tr> }.into_any()
}

/// From unit to unit.
fn turn(unroll: Unroll) -> AnyView {
    let go = move |key: &'static str| {
        let next = untrack(move || unroll.by_key(key, unroll.walk.place()?));
        if let Some(next) = next {
            unroll.choose(next);
        }
    };
    let button = move |key: &'static str, name: String, shape: Icon| {
        view! {
            <button type="button" class="stepper-button" aria-label=name on:click=move |_| go(key)>{icon(shape)}</button>
        }
        .into_any()
    };
    let words = text(move || {
        let place = unroll.walk.place().filter(|place| place.layer.is_some());
        let Some(place) = place else { return String::new() };
        tr!("{} of {} units", format::count(place.map as u64 + 1), format::count(unroll.units(place) as u64))
    });
    let there = memo(move || unroll.walk.place().is_some_and(|place| place.layer.is_some()));
    part(move || {
        there.get().then(|| {
            view! {
                {button("PageUp", tr!("Unit before"), Icon::Up)}
                <span class="num">{words}</span>
                {button("PageDown", tr!("Next unit"), Icon::Down)}
            }
        })
    })
}
