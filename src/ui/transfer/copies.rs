//! Pictures that are nearly the same as another. In one class they are copies, which can be removed; in two classes
//! the visitor is asked where they belong.

use super::burst::focus_soon;
use super::controller::TransferController;
use super::picture::picture;
use super::project::{Alike, pictures};
use crate::protocol::vision::{VisionAnswer, VisionQuestion};
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::reactive::{memo, part, text};
use crate::ui::language::tr;
use leptos::prelude::*;

/// More would not be looked through.
const SHOWN_GROUPS: usize = 8;
const SHOWN_PICTURES: usize = 8;

impl TransferController {
    /// Asks the engine which pictures are nearly the same.
    pub(super) async fn compare(self) {
        // If it died, the next one is asked once it has been given what is kept.
        let Ok(VisionAnswer::Similar(groups)) = self.reader.ask(VisionQuestion::Similar).await else {
            return;
        };
        let before = untrack(|| self.in_question()).len();
        self.similar.set(groups);
        if untrack(|| self.in_question()).len() > before {
            self.say(question_words());
        }
    }

    /// Pictures of several classes, unless the visitor has said that this is right.
    fn in_question(self) -> Vec<Alike> {
        let mut all = self.alike.get();
        self.project.with(|p| {
            let open = |alike: &Alike| alike.values().flatten().any(|id| !p.shared.contains(id));
            all.retain(|alike| alike.len() > 1 && open(alike));
        });
        all
    }

    /// Groups within a class.
    fn copies(self, key: u32) -> Vec<Vec<u32>> {
        self.alike.with(|all| {
            let here = all.iter().filter_map(|alike| alike.get(&key));
            here.filter(|ids| ids.len() > 1).cloned().collect()
        })
    }

    fn remove_copies(self, key: u32) {
        let groups = untrack(|| self.copies(key));
        let copies: Vec<u32> = groups.iter().flat_map(|group| &group[1..]).copied().collect();
        self.delete(&copies);
        focus_soon("own-undo".into());
    }

    /// What is asked in a class's card: where the newest picture is of this class, and all are of the same classes.
    fn conflicts(self, key: u32) -> Vec<Alike> {
        let newest = |a: &Alike| a.iter().max_by_key(|(_, ids)| ids.last()).map(|(class, _)| *class);
        let mut all = self.in_question();
        all.retain(|alike| newest(alike) == Some(key));
        let classes = |a: &Alike| a.keys().copied().collect::<Vec<_>>();
        let first = all.first().map(classes);
        all.retain(|alike| Some(classes(alike)) == first);
        all
    }

    /// The visitor's answer: the class that the pictures belong to, or none for all of them.
    fn decide(self, key: u32, belong: Option<u32>, all: bool) {
        let conflicts = untrack(|| self.conflicts(key));
        let count = if all { conflicts.len() } else { 1 };
        let asked = conflicts.iter().take(count).flatten();
        match belong {
            Some(belong) => {
                let wrong = asked.filter(|(class, _)| **class != belong).flat_map(|(_, ids)| ids);
                self.delete(&wrong.copied().collect::<Vec<_>>());
            }
            None => {
                let ids: Vec<u32> = asked.flat_map(|(_, ids)| ids).copied().collect();
                self.change(|p| p.shared.extend(ids));
                self.say(tr!("Kept in each of the classes"));
            }
        }
        let more = untrack(|| !self.conflicts(key).is_empty());
        focus_soon(if more { format!("conflict-{key}") } else { format!("name-{key}") });
    }
}

pub fn view(desk: TransferController, key: u32) -> AnyView {
    view! {
        {question(desk, key)}
        {copies(desk, key)}
    }
    .into_any()
}

fn question_words() -> String {
    tr!("Nearly the same picture is in more than one class. Where does it belong?")
}

fn question(desk: TransferController, key: u32) -> AnyView {
    let asked = memo(move || desk.conflicts(key));
    part(move || {
        let all = asked.get();
        all.first().map(|first| ask(desk, key, first, all.len()))
    })
}

fn ask(desk: TransferController, key: u32, conflict: &Alike, count: usize) -> AnyView {
    let for_all = RwSignal::new(count > 1);
    let side = |(class, ids): (&u32, &Vec<u32>)| {
        let (class, shown, here) = (*class, ids[0], ids.len());
        view! {
            <li>
                {picture(desk, shown)}
                <strong>{text(move || desk.name(class))}</strong>
                {(here > 1).then(|| view! { <span class="note num">{pictures(here)}</span> })}
            </li>
        }
        .into_any()
    };
    let choice = |(at, class): (usize, &u32)| {
        let class = *class;
        view! {
            <button
                type="button"
                class="button"
                id=(at == 0).then(|| format!("conflict-{key}"))
                on:click=move |_| desk.decide(key, Some(class), for_all.get_untracked())
            >
                {text(move || tr!("Only in “{}”", desk.name(class)))}
            </button>
        }
        .into_any()
    };
    view! {
        <div class="conflict" role="group" aria-labelledby=format!("conflict-words-{key}") data-testid="conflict">
            <p id=format!("conflict-words-{key}")>
                {icon(Icon::Alert)}
                <span>{question_words()}</span>
            </p>
            <ul class="conflict-sides">{conflict.iter().map(side).collect_view()}</ul>
            {(count > 1).then(|| view! {
                <label class="conflict-all">
                    <input type="checkbox" prop:checked=true on:change=move |e| for_all.set(event_target_checked(&e)) />
                    <span class="num">{tr!("The same for all {n} pictures that are in these classes" | "The same for all {n} pictures that are in these classes" % count)}</span>
                </label>
            })}
            <div class="buttons">
                {conflict.keys().enumerate().map(choice).collect_view()}
                <button type="button" class="button" on:click=move |_| desk.decide(key, None, for_all.get_untracked())>
                    {if conflict.len() == 2 { tr!("Keep both") } else { tr!("Keep all") }}
                </button>
            </div>
        </div>
    }
    .into_any()
}

fn copies(desk: TransferController, key: u32) -> AnyView {
    let groups = memo(move || desk.copies(key));
    let count = memo(move || groups.with(|all| all.iter().map(|group| group.len() - 1).sum::<usize>()));
    let some = memo(move || count.get() > 0);
    let words = move || {
        tr!("{n} picture is nearly the same as another"
            | "{n} pictures are nearly the same as another" % count.get())
    };
    part(move || {
        some.get().then(|| {
            view! {
                <details class="more copies" data-testid="copies">
                    <summary class="num">{text(words)}</summary>
                    <p class="note">{tr!("A copy of a training picture is easy to recognise: held out, it would make the figure too good. So each group here is held out as a whole or trained on as a whole.")}</p>
                    {part(move || groups.with(|all| listed(desk, all)))}
                    <button type="button" class="button" on:click=move |_| desk.remove_copies(key)>
                        {text(move || tr!("Remove {n} copy" | "Remove {n} copies" % count.get()))}
                    </button>
                </details>
            }
        })
    })
}

fn listed(desk: TransferController, groups: &[Vec<u32>]) -> AnyView {
    let group = |ids: &Vec<u32>| {
        let shown = ids.iter().take(SHOWN_PICTURES).map(|id| picture(desk, *id)).collect_view();
        let more = ids.len().saturating_sub(SHOWN_PICTURES);
        view! {
            <li aria-label=pictures(ids.len())>
                {shown}
                {(more > 0).then(|| view! { <span class="note num">{tr!("and {n} more" | "and {n} more" % more)}</span> })}
            </li>
        }
        .into_any()
    };
    let more = groups.len().saturating_sub(SHOWN_GROUPS);
    view! {
        <ul class="copies-groups">{groups.iter().take(SHOWN_GROUPS).map(group).collect_view()}</ul>
        {(more > 0).then(|| view! { <p class="note num">{tr!("And {n} group more." | "And {n} groups more." % more)}</p> })}
    }
    .into_any()
}
