//! A class's pictures: the newest in a strip, all of them page by page. They are selected to be moved or deleted,
//! by mouse, finger or keys.

use super::burst::focus_soon;
use super::controller::TransferController;
use super::picture::picture;
use super::relabel;
use crate::ui::components::format;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::reactive::{flag, memo, part, text};
use crate::ui::language::tr;
use leptos::prelude::*;
use web_sys::{KeyboardEvent, MouseEvent};

const STRIP: usize = 12;
const PAGE: usize = 96;

#[derive(Clone, Copy)]
struct Shelf {
    desk: TransferController,
    key: u32,
    /// Newest first.
    ids: Memo<Vec<u32>>,
    all: RwSignal<bool>,
    page: RwSignal<usize>,
    /// Where a selection with Shift began, and the one picture that Tab reaches.
    anchor: RwSignal<Option<u32>>,
}

pub fn view(desk: TransferController, key: u32) -> AnyView {
    let ids = memo(move || {
        desk.project
            .with(|p| p.class(key).map(|c| c.ids.iter().rev().copied().collect::<Vec<_>>()))
            .unwrap_or_default()
    });
    let shelf = Shelf {
        desk,
        key,
        ids,
        all: RwSignal::new(false),
        page: RwSignal::new(0),
        anchor: RwSignal::new(None),
    };
    let shown = memo(move || shelf.shown());
    let some = memo(move || ids.with(|ids| !ids.is_empty()));
    view! {
        <div class="shelf" hidden=flag(move || !some.get())>
            <div
                class="shelf-grid"
                role="group"
                aria-label=text(move || tr!("Pictures of {}; space selects, Delete deletes", desk.name(key)))
                on:keydown=move |e| shelf.key(&e)
            >
                <For each=move || shown.get() key=|id| *id children=move |id| one(shelf, id) />
            </div>
            {pages(shelf)}
            {selection(shelf)}
        </div>
    }
    .into_any()
}

impl Shelf {
    fn shown(self) -> Vec<u32> {
        let (all, page) = (self.all.get(), self.page.get());
        self.ids.with(|ids| {
            let pages = ids.len().div_ceil(PAGE).max(1);
            let (start, size) = if all { (page.min(pages - 1) * PAGE, PAGE) } else { (0, STRIP) };
            ids.iter().skip(start).take(size).copied().collect()
        })
    }

    fn click(self, id: u32, event: &MouseEvent) {
        let shown = untrack(|| self.shown());
        let place = |id| shown.iter().position(|other| *other == id);
        let from = self.anchor.get_untracked().and_then(place);
        let span = match (event.shift_key(), from, place(id)) {
            (true, Some(a), Some(b)) => shown[a.min(b)..=a.max(b)].to_vec(),
            _ => Vec::new(),
        };
        self.desk.selected.update(|selected| {
            if span.is_empty() {
                if !selected.remove(&id) {
                    selected.insert(id);
                }
            } else {
                selected.extend(span);
            }
        });
        self.anchor.set(Some(id));
    }

    /// Those of this class that are selected.
    fn selected(self) -> Vec<u32> {
        self.desk
            .selected
            .with(|s| self.ids.with(|ids| ids.iter().copied().filter(|id| s.contains(id)).collect()))
    }

    fn key(self, event: &KeyboardEvent) {
        let shown = untrack(|| self.shown());
        let at = self.anchor.get_untracked().and_then(|id| shown.iter().position(|o| *o == id)).unwrap_or(0);
        let last = shown.len().saturating_sub(1);
        let next = match event.key().as_str() {
            "ArrowLeft" | "ArrowUp" => at.saturating_sub(1),
            "ArrowRight" | "ArrowDown" => (at + 1).min(last),
            "Home" => 0,
            "End" => last,
            "a" if event.ctrl_key() || event.meta_key() => {
                event.prevent_default();
                return self.desk.selected.update(|s| self.ids.with_untracked(|ids| s.extend(ids)));
            }
            "Delete" | "Backspace" => {
                event.prevent_default();
                return self.delete(shown.get(at).copied());
            }
            "Escape" => return self.desk.selected.update(|s| s.clear()),
            _ => return,
        };
        event.prevent_default();
        if let Some(id) = shown.get(next) {
            self.anchor.set(Some(*id));
            focus_soon(format!("thumb-{id}"));
        }
    }

    /// What is selected, or the one that has the focus; the next one has it then.
    fn delete(self, here: Option<u32>) {
        let mut ids = untrack(|| self.selected());
        if ids.is_empty() {
            ids.extend(here);
        }
        let next = untrack(|| self.shown()).into_iter().find(|id| !ids.contains(id));
        self.desk.delete(&ids);
        self.anchor.set(next);
        focus_soon(next.map_or_else(|| format!("name-{}", self.key), |id| format!("thumb-{id}")));
    }
}

fn one(shelf: Shelf, id: u32) -> AnyView {
    let desk = shelf.desk;
    let picked = memo(move || desk.selected.with(|s| s.contains(&id)));
    let reached = memo(move || match shelf.anchor.get().filter(|a| shelf.shown().contains(a)) {
        Some(anchor) => anchor == id,
        None => shelf.shown().first() == Some(&id),
    });
    view! {
        <button
            type="button"
            class="thumb-button"
            id=format!("thumb-{id}")
            aria-pressed=text(move || picked.get().to_string())
            tabindex=text(move || if reached.get() { "0".to_string() } else { "-1".to_string() })
            on:click=move |e| shelf.click(id, &e)
        >
            {picture(desk, id)}
            <span class="sr-only">{tr!("Picture {}", id)}</span>
        </button>
    }
    .into_any()
}

/// From the strip to all of them, and from page to page.
fn pages(shelf: Shelf) -> AnyView {
    let count = memo(move || shelf.ids.with(Vec::len));
    let pages = memo(move || count.get().div_ceil(PAGE).max(1));
    let turn = move |by: isize| {
        shelf.page.update(|p| *p = p.saturating_add_signed(by).min(pages.get_untracked() - 1))
    };
    let at = move || shelf.page.get().min(pages.get() - 1);
    let turning = part(move || {
        (shelf.all.get() && pages.get() > 1).then(|| {
            view! {
                <button type="button" class="quiet" disabled=flag(move || at() == 0) on:click=move |_| turn(-1)>{tr!("Newer")}</button>
                <span class="num">{text(move || tr!("page {} of {}", at() + 1, pages.get()))}</span>
                <button type="button" class="quiet" disabled=flag(move || at() + 1 >= pages.get()) on:click=move |_| turn(1)>{tr!("Older")}</button>
            }
        })
    });
    view! {
        <div class="shelf-pages" hidden=flag(move || count.get() <= STRIP)>
            <button
                type="button"
                class="quiet"
                aria-expanded=text(move || shelf.all.get().to_string())
                on:click=move |_| shelf.all.update(|all| *all = !*all)
            >
                {text(move || match shelf.all.get() {
                    true => tr!("Show the newest only"),
                    false => tr!("Show all {}", format::count(count.get() as u64)),
                })}
            </button>
            {turning}
        </div>
    }
    .into_any()
}

/// What can be done with the selected ones.
fn selection(shelf: Shelf) -> AnyView {
    let desk = shelf.desk;
    let selected = memo(move || shelf.selected());
    let any = memo(move || selected.with(|s| !s.is_empty()));
    part(move || {
        any.get().then(|| {
            view! {
                <div class="selection" data-testid="selection">
                    <p class="num">{text(move || tr!("{n} picture selected" | "{n} pictures selected" % selected.with(Vec::len)))}</p>
                    {relabel::mover(desk, format!("move-{}", shelf.key), [tr!("Move to"), tr!("Move")], Some(shelf.key), None, move |to| {
                        desk.relabel(&selected.get_untracked(), to);
                        focus_soon(format!("name-{to}"));
                    })}
                    <button type="button" class="button" on:click=move |_| shelf.delete(None)>{tr!("Delete")}</button>
                    <button type="button" class="quiet" on:click=move |_| desk.selected.update(|s| s.clear())>
                        {icon(Icon::Cross)}
                        <span>{tr!("Clear the selection")}</span>
                    </button>
                </div>
            }
            .into_any()
        })
    })
}
