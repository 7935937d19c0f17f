//! What stays of tables between visits: the visitor's file, the cells that were changed, and what is learned from
//! what. It is kept in this browser alone, and can be forgotten.

use super::run::{LECTURE, OWN, id};
use super::source::Source;
use super::state::TableState;
use crate::datasets::rows;
use crate::platform::Slices;
use crate::table::{Bytes, Given, Recipe, Table, penguins};
use crate::ui::components::reactive::part;
use crate::ui::language::tr;
use crate::ui::store::keeping::Keeping;
use crate::ui::store::table::SavedTable;
use crate::ui::timers::Debounce;
use leptos::prelude::*;
use leptos::task::spawn_local;

const SOON_MILLISECONDS: u32 = 400;

impl TableState {
    /// What an earlier visit left; the penguins, if it left nothing.
    pub fn open(self) {
        if self.keeper.opened.get_value() {
            return;
        }
        self.keeper.opened.set_value(true);
        // Lives as long as the page.
        let _ = window_event_listener_untyped("pagehide", move |_| {
            if self.keeper.soon.with_value(Debounce::is_pending) {
                self.keep_now();
            }
        });
        spawn_local(async move {
            let lab = self.scene.lab;
            for id in [LECTURE, OWN] {
                if let Some(kept) = SavedTable::of(id).await {
                    self.keeper.known(id, true);
                    self.keeper.tables.update_value(|all| drop(all.insert(id, kept)));
                } else {
                    lab.recall_table(id, None);
                }
            }
            let own = self.scene.state.spec.with_untracked(|s| s.data.id == OWN);
            if !own || !self.recall_own().await {
                self.recall_penguins().await;
            } else if let Some(kept) = self.kept(LECTURE) {
                lab.recall_table(LECTURE, Some(given(&kept, None)));
            }
        });
    }

    fn kept(self, id: &str) -> Option<SavedTable> {
        self.keeper.tables.with_value(|all| all.get(id).cloned())
    }

    /// The name of the visitor's own file, shown or not.
    pub(super) fn own_name(self) -> String {
        self.kept(OWN).and_then(|kept| kept.name).unwrap_or_default()
    }

    /// The table of dataset `id`, as the visitor left it.
    pub fn recall(self, id: &str) {
        self.keep_now();
        let own = id == OWN && self.kept(OWN).is_some();
        spawn_local(async move {
            if own {
                self.recall_own().await;
            } else {
                self.recall_penguins().await;
            }
        });
    }

    async fn recall_penguins(self) {
        let kept = self.kept(LECTURE).unwrap_or_default();
        let mut slices = Slices::begin();
        let table = match penguins::table() {
            Ok(mut table) => {
                table.edit(&kept.edits, &mut async || slices.pause().await).await.map(|()| table)
            }
            Err(why) => Err(why),
        };
        match table {
            Ok(table) => {
                let recipe = self.recipe_of(LECTURE, &table, &kept).unwrap_or_else(penguins::recipe);
                self.take(table, None, Some(recipe), kept.edits.clone());
            }
            Err(why) => self.trouble.set(Some(why)),
        }
        self.scene.lab.recall_table(LECTURE, (kept.mark() != 0).then(|| given(&kept, None)));
        self.keeper.keeping.set(if kept.edits.is_empty() { Keeping::Nothing } else { Keeping::Saved });
    }

    /// Whether it could be read again.
    async fn recall_own(self) -> bool {
        let Some(kept) = self.kept(OWN) else { return false };
        let name = kept.name.clone().unwrap_or_default();
        let mut source = self.source.get_value();
        if source.bytes.0.is_empty() {
            self.reading.set(Some(0.0));
            let bytes = SavedTable::file(OWN).read().await.unwrap_or_default();
            source = Source::new(name, Bytes(bytes.into()), kept.written.clone()).await;
        }
        let whole = source.crc32 == kept.crc32;
        let table = if whole { self.read(&source, &kept.edits).await } else { None };
        let Some(table) = table else {
            self.reading.set(None);
            if !whole {
                let what = tr!("The table of the last visit is no longer kept by the browser.");
                self.scene.announcement.set(what);
                self.keeper.known(OWN, false);
                self.keeper.tables.update_value(|all| drop(all.remove(OWN)));
            }
            self.scene.lab.recall_table(OWN, None);
            return false;
        };
        let file = source.bytes.clone();
        let recipe = self.recipe_of(OWN, &table, &kept);
        self.show(source, table, recipe, kept.edits.clone());
        self.scene.lab.recall_table(OWN, Some(given(&kept, Some(file))));
        let there = SavedTable::of(OWN).await.is_some();
        if !self.forgotten(OWN) {
            self.keeper.keeping.set(if there { Keeping::Saved } else { Keeping::Forgotten });
        }
        true
    }

    /// What the spec says of this dataset goes before what was kept: the link is to be believed.
    fn recipe_of(self, id: &str, table: &Table, kept: &SavedTable) -> Option<Recipe> {
        let asked = self.scene.state.spec.with_untracked(|spec| {
            if spec.data.id == id { rows::recipe(&spec.data, spec.seed, table) } else { None }
        });
        asked.or_else(|| kept.recipe.clone())
    }

    /// The table is another than it was: the run on it begins anew, and the browser keeps it.
    pub(super) fn changed(self) {
        let kept = self.note();
        let file = kept.name.is_some().then(|| self.source.with_value(|s| s.bytes.clone()));
        let (given, mark) = given(&kept, file);
        self.scene.lab.give_table(id(self), given, mark);
        self.keep_soon();
    }

    /// What there is to keep of the table that is shown.
    fn note(self) -> SavedTable {
        let source = self.source.with_value(|s| (s.crc32, s.written.clone()));
        let name = self.file.get_untracked();
        let (crc32, written) = if name.is_some() { source } else { (0, None) };
        let kept = SavedTable {
            name,
            crc32,
            written,
            edits: self.edits.get_untracked(),
            recipe: self.recipe.get_untracked(),
        };
        self.keeper.tables.update_value(|all| drop(all.insert(id(self), kept.clone())));
        kept
    }

    /// Whenever what is learned from what has changed, or a cell.
    pub(super) fn keep_soon(self) {
        self.keeper.soon.with_value(|soon| soon.after(SOON_MILLISECONDS, move || self.keep_now()));
    }

    fn keep_now(self) {
        self.keeper.soon.with_value(Debounce::cancel);
        let made = self.file.with_untracked(Option::is_some) || self.edits.with_untracked(|e| !e.is_empty());
        let keeping = self.keeper.keeping.get_untracked();
        if self.table.with_untracked(Option::is_none)
            || matches!(keeping, Keeping::Forgotten | Keeping::Refused(_))
        {
            return;
        }
        let (kept, id) = (self.note(), id(self));
        if made || keeping == Keeping::Saved {
            spawn_local(async move {
                self.write(id, &kept).await;
                if !made && id == super::run::id(self) {
                    self.keeper.keeping.set(Keeping::Nothing);
                }
            });
        }
    }

    async fn write(self, id: &str, kept: &SavedTable) {
        let keeping = match SavedTable::about(id).write_json(kept).await {
            Ok(()) => Keeping::Saved,
            Err(why) => Keeping::Refused(why),
        };
        if self.forgotten(id) {
            return SavedTable::about(id).remove().await;
        }
        // Another table may be shown by now.
        if id == super::run::id(self) {
            self.keeper.keeping.set(keeping);
        }
    }

    /// The visitor did not wait until it was kept.
    fn forgotten(self, id: &str) -> bool {
        id == super::run::id(self) && self.keeper.keeping.get_untracked() == Keeping::Forgotten
    }

    /// The file is kept first: without it the rest says nothing.
    pub(super) fn keep_file(self) {
        self.keeper.keeping.set(Keeping::Nothing);
        spawn_local(async move {
            let bytes = self.source.with_value(|s| s.bytes.clone());
            match SavedTable::file(OWN).write(&bytes.0).await {
                Ok(()) => self.write(OWN, &self.note()).await,
                Err(why) => self.keeper.keeping.set(Keeping::Refused(why)),
            }
        });
    }

    fn forget(self) {
        self.keeper.soon.with_value(Debounce::cancel);
        self.keeper.keeping.set(Keeping::Forgotten);
        let id = id(self);
        spawn_local(async move {
            for file in [SavedTable::about(id), SavedTable::file(id)] {
                file.remove().await;
            }
        });
    }

    fn keep_again(self) {
        self.keeper.keeping.set(Keeping::Saved);
        if self.file.with_untracked(Option::is_some) { self.keep_file() } else { self.keep_now() }
    }
}

fn given(kept: &SavedTable, file: Option<Bytes>) -> (Given, u32) {
    let given = Given { file, written: kept.written.clone(), edits: kept.edits.clone() };
    (given, kept.mark())
}

/// Says where the table is kept, and forgets it.
pub fn said(bench: TableState) -> AnyView {
    let keeping = bench.keeper.keeping;
    let line = move |words: String, button: Option<AnyView>| {
        view! { <p class="note table-kept" data-testid="table-kept">{words}" "{button}</p> }.into_any()
    };
    let forget = move || {
        view! { <button type="button" class="quiet" on:click=move |_| bench.forget()>{tr!("Forget it")}</button> }.into_any()
    };
    let keep = move || {
        view! { <button type="button" class="quiet" on:click=move |_| bench.keep_again()>{tr!("Keep it")}</button> }.into_any()
    };
    part(move || match keeping.get() {
        Keeping::Nothing => None,
        Keeping::Saved => {
            let words = tr!("Your table is kept in this browser, and nowhere else.");
            Some(line(words, Some(forget())))
        }
        Keeping::Forgotten => Some(line(tr!("Not kept: it is gone when this tab is closed."), Some(keep()))),
        Keeping::Refused(why) => Some(line(tr!("Not kept: this browser cannot save it ({}).", why), None)),
    })
}
