//! How a visitor's file comes in: its bytes, and the rows that are read of them, in slices.

use super::run::OWN;
use super::source::{Refused, Source};
use super::state::TableState;
use crate::platform::Slices;
use crate::table::read::{Reader, beginning};
use crate::table::{Bytes, Edit, ReadOptions, Recipe, Saying, Table};
use crate::ui::components::files;
use crate::ui::language::tr;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Cells that are read between two looks at what else there is to do.
const PIECE: usize = 10_000;

impl TableState {
    /// A CSV file that was dropped or chosen.
    pub fn take_file(self, file: web_sys::File) {
        spawn_local(async move {
            self.reading.set(Some(0.0));
            self.trouble.set(None);
            let Some(bytes) = files::read(&file).await else {
                self.reading.set(None);
                return self.scene.announcement.set(tr!("The browser could not read this file."));
            };
            crate::platform::yield_now().await;
            self.open_source(Source::new(file.name(), Bytes(bytes.into()), None).await).await;
        });
    }

    /// The visitor says how the file is written, or the one that was refused last. Changes of cells go with the columns
    /// that they were made in.
    pub fn read_as(self, change: impl FnOnce(&mut ReadOptions)) {
        let refused = self.refused.with_untracked(|r| r.as_ref().map(|r| r.source.clone()));
        let shown = || self.file.with_untracked(Option::is_some).then(|| self.source.get_value());
        let Some(mut source) = refused.or_else(shown) else { return };
        change(source.written.get_or_insert_default());
        spawn_local(async move { self.open_source(source).await });
    }

    /// What the visitor said so far.
    pub(super) fn said(self) -> ReadOptions {
        self.edition.track();
        let refused = self.refused.with(|r| r.as_ref().map(|r| r.source.written.clone()));
        refused.unwrap_or_else(|| self.source.with_value(|s| s.written.clone())).unwrap_or_default()
    }

    /// Shows and keeps the file, if it is a table; what is there stays if it is none.
    async fn open_source(self, source: Source) {
        let Some(table) = self.read(&source, &[]).await else { return };
        self.scene.announcement.set(tr!("{} is read: {} rows", source.name, table.rows()));
        self.show(source, table, None, Vec::new());
        self.changed();
        self.keep_file();
    }

    /// The source's table becomes the one that is shown.
    pub(super) fn show(self, source: Source, table: Table, recipe: Option<Recipe>, edits: Vec<Edit>) {
        let name = source.name.clone();
        self.source.set_value(source);
        self.keeper.known(OWN, true);
        self.take(table, Some(name), recipe, edits);
    }

    /// None where it is no table, which is said, or where another table came meanwhile.
    pub(super) async fn read(self, source: &Source, edits: &[Edit]) -> Option<Table> {
        self.turn.update_value(|turn| *turn += 1);
        let turn = self.turn.get_value();
        match self.read_in_slices(source, edits, turn).await {
            Ok(table) => table,
            Err(why) => {
                self.reading.set(None);
                let beginning = beginning(&source.bytes.0, &source.written.clone().unwrap_or_default());
                self.refused
                    .set(beginning.ok().map(|beginning| Refused { source: source.clone(), beginning }));
                self.trouble.set(Some(why));
                None
            }
        }
    }

    async fn read_in_slices(
        self,
        source: &Source,
        edits: &[Edit],
        turn: u32,
    ) -> Result<Option<Table>, Saying> {
        let mut slices = Slices::begin();
        let mut reader = Reader::open(source.bytes.0.to_vec(), source.written.clone().unwrap_or_default())?;
        let records = PIECE / reader.width().max(1) + 1;
        while reader.advance(records)? {
            self.reading.set(Some(reader.share()));
            slices.pause().await;
            if self.turn.get_value() != turn {
                return Ok(None);
            }
        }
        let mut table = reader.finish();
        table.edit(edits, &mut async || slices.pause().await).await?;
        Ok(Some(table).filter(|_| self.turn.get_value() == turn))
    }
}
