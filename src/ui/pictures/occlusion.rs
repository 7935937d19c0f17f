//! Covers each place of the picture in turn and looks what becomes of the answer: a way to ask a network why
//! that needs nothing from its inside.

use super::queue::{Shelf, Status, find, unexpected};
use super::viewer_state::Covered;
use crate::protocol::vision::{Area, VisionAnswer, VisionQuestion};
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::reactive::{part, text};
use crate::ui::language::tr;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_bytes::ByteBuf;

/// Places in a row and in a column; the engine is asked for one row at a time, so that it can be stopped.
pub const ACROSS: usize = 7;
/// Covered are the place itself and half as much around it.
const AROUND: usize = 8;

pub fn controls(shelf: Shelf) -> AnyView {
    let look = shelf.look;
    let done = move || {
        let id = shelf.chosen.get()?;
        look.covered.with(|all| all.get(&id).map(|c| c.rows.len()))
    };
    let all = ACROSS * ACROSS;
    part(move || {
        let done = done().unwrap_or(0);
        if look.covering.get().is_some() {
            return view! {
                <div class="sees-row">
                    <button type="button" class="button" on:click=move |_| look.covering.set(None)>
                        {icon(Icon::Cross)}
                        {tr!("Stop")}
                    </button>
                    <p class="num" data-testid="cover-progress">{tr!("{} of {} places covered", done, all)}</p>
                </div>
            }
            .into_any();
        }
        if done >= all {
            return ().into_any();
        }
        let words = if done > 0 { tr!("Go on") } else { tr!("Cover each place in turn") };
        view! {
            <div class="sees-row">
                <button type="button" class="button strong" on:click=move |_| start(shelf)>{words}</button>
                <p class="num" data-testid="cover-progress">{(done > 0).then(|| tr!("{} of {} places covered", done, all))}</p>
            </div>
        }
        .into_any()
    })
}

pub fn start(shelf: Shelf) {
    let Some(id) = shelf.chosen.get_untracked() else { return };
    shelf.look.covering.set(Some(id));
    spawn_local(run(shelf, id));
}

async fn run(shelf: Shelf, id: u32) {
    let look = shelf.look;
    let read = look.read.get_untracked();
    let input = look.input.get_untracked();
    let Some(read) = read.filter(|r| r.id == id) else { return look.covering.set(None) };
    let classes: Vec<u16> = read.top.iter().map(|t| t.class).collect();
    while look.covering.get_untracked() == Some(id) {
        let done = look.covered.with_untracked(|all| all.get(&id).map_or(0, |c| c.rows.len()));
        if done >= ACROSS * ACROSS {
            shelf.scene.announcement.set(tr!("Every place has been covered"));
            break;
        }
        let question = VisionQuestion::Occlude {
            network: shelf.network.id.into(),
            input: ByteBuf::from(input.as_slice()),
            boxes: (done..done + ACROSS).map(|at| area(at, shelf.network.input.side)).collect(),
            classes: classes.clone(),
        };
        match shelf.reader.ask(question).await {
            Ok(VisionAnswer::Occluded(values)) => {
                let there = shelf
                    .items
                    .with_untracked(|all| find(all, id).is_some_and(|i| matches!(i.status, Status::Read(_))));
                if !there {
                    break;
                }
                let rows = values.chunks(classes.len().max(1)).map(<[f32]>::to_vec);
                look.covered.update(|all| all.entry(id).or_default().rows.extend(rows));
            }
            Ok(_) => return give_up(shelf, unexpected()),
            Err(failure) => return give_up(shelf, failure),
        }
    }
    if look.covering.get_untracked() == Some(id) {
        look.covering.set(None);
    }
}

fn give_up(shelf: Shelf, failure: crate::protocol::Failure) {
    shelf.look.covering.set(None);
    shelf.look.trouble.set(Some(failure));
}

/// The grey box over a place, cut at the picture's edge.
fn area(at: usize, side: usize) -> Area {
    let cell = side / ACROSS;
    let span = |at: usize| {
        let from = (at * cell).saturating_sub(AROUND);
        (from as u16, ((at + 1) * cell + AROUND).min(side) as u16 - from as u16)
    };
    let ((left, width), (top, height)) = (span(at % ACROSS), span(at / ACROSS));
    Area { left, top, width, height }
}

/// How much less likely a class is with each place covered.
pub fn drops(covered: &Covered, class: usize, before: f32) -> Vec<f32> {
    covered.rows.iter().map(|row| before - row.get(class).copied().unwrap_or(before)).collect()
}

/// What this view shows, in one sentence.
pub fn about() -> AnyView {
    let words = text(|| {
        tr!(
            "Where covering a place with grey makes the class less likely, the place is blue: the network needs it. Orange: without it the class is likelier."
        )
    });
    view! { <p class="sees-about">{words}</p> }.into_any()
}
