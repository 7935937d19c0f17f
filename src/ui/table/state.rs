//! What is remembered of a table: its cells as they were edited, what is learned from what, how it is looked at. It
//! lives as long as the whole page.

use super::keeper::Keeper;
use super::source::{Refused, Source};
use crate::platform::Slices;
use crate::table::view::{Filter, Sort};
use crate::table::{Edit, Plan, Recipe, Saying, Table, plan_in_pieces};
use crate::ui::components::reactive::{effect, memo};
use crate::ui::language::tr;
use crate::ui::panels::panel_state::PanelState;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::BTreeMap;

/// What a row is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Train,
    Test,
    /// Its target is missing: the network fills it in.
    Fill,
    /// It has the features of a row that is to be filled in.
    KeptOut,
    /// A feature is missing.
    LeftOut,
    /// Nothing can be learned from this table yet.
    None,
}

/// What the network says of a row.
#[derive(Clone, Debug, PartialEq)]
pub struct CellPrediction {
    pub words: String,
    /// How sure it is, of a class.
    pub chance: Option<f32>,
}

/// `Copy`, and in the Leptos context.
#[derive(Clone, Copy)]
pub struct TableState {
    pub scene: PanelState,
    /// None until the page is first looked at.
    pub table: RwSignal<Option<Table>>,
    /// The visitor's file; none is the penguins.
    pub file: RwSignal<Option<String>>,
    pub recipe: RwSignal<Option<Recipe>>,
    pub filters: RwSignal<BTreeMap<usize, Filter>>,
    pub sort: RwSignal<Option<Sort>>,
    /// Changes with every change of a cell.
    pub edition: RwSignal<u32>,
    /// Newest last.
    pub edits: RwSignal<Vec<Edit>>,
    /// Of a large table it comes a moment after what it follows from.
    pub plan: RwSignal<Option<Result<Plan, Saying>>>,
    /// The rows that are seen, in their order.
    pub view: Memo<Vec<u32>>,
    pub roles: Memo<Vec<Role>>,
    /// By row; a run writes them as it goes on.
    pub predictions: RwSignal<BTreeMap<u32, CellPrediction>>,
    /// How far a file has been read.
    pub reading: RwSignal<Option<f64>>,
    /// Why the last file or the last cell was refused.
    pub trouble: RwSignal<Option<Saying>>,
    /// The last file, if it was refused and can be read as text.
    pub(super) refused: RwSignal<Option<Refused>>,
    /// The visitor's file; it stays when the penguins are shown.
    pub(super) source: StoredValue<Source>,
    /// Counts readings: a new file ends the reading of the last one.
    pub(super) turn: StoredValue<u32>,
    pub(super) keeper: Keeper,
}

impl TableState {
    /// Must be called under the page's owner.
    pub fn new(scene: PanelState) -> Self {
        let table: RwSignal<Option<Table>> = RwSignal::new(None);
        let recipe: RwSignal<Option<Recipe>> = RwSignal::new(None);
        let (filters, sort) = (RwSignal::new(BTreeMap::new()), RwSignal::new(None));
        let planned = RwSignal::new(None);
        plan_what_is_chosen(table, recipe, planned);
        let fill = memo(move || {
            planned.with(|p: &Option<Result<Plan, Saying>>| match p {
                Some(Ok(plan)) => plan.fill.clone(),
                _ => Vec::new(),
            })
        });
        let view = memo(move || {
            let filters: Vec<(usize, Filter)> =
                filters.with(|f: &BTreeMap<_, _>| f.clone().into_iter().collect());
            let mut rows =
                table.with(|t| t.as_ref().map(|t| t.view(&filters, sort.get())).unwrap_or_default());
            if sort.get().is_none() {
                // What is to be filled in stands first.
                let fill = fill.get();
                rows.sort_by_key(|row| fill.binary_search(row).is_err());
            }
            rows
        });
        let rows = memo(move || table.with(|t| t.as_ref().map_or(0, Table::rows)));
        let roles = memo(move || {
            planned.with(|planned| match planned {
                Some(Ok(plan)) => roles(plan, rows.get()),
                _ => vec![Role::None; rows.get()],
            })
        });
        Self {
            scene,
            table,
            file: RwSignal::new(None),
            recipe,
            filters,
            sort,
            edition: RwSignal::new(0),
            edits: RwSignal::new(Vec::new()),
            plan: planned,
            view,
            roles,
            predictions: RwSignal::new(BTreeMap::new()),
            reading: RwSignal::new(None),
            trouble: RwSignal::new(None),
            refused: RwSignal::new(None),
            source: StoredValue::new(Source::default()),
            turn: StoredValue::new(0),
            keeper: Keeper::new(),
        }
    }

    /// Another table is shown, as it was made before.
    pub(super) fn take(self, table: Table, file: Option<String>, recipe: Option<Recipe>, edits: Vec<Edit>) {
        self.turn.update_value(|turn| *turn += 1);
        batch(|| {
            self.reading.set(None);
            self.trouble.set(None);
            self.refused.set(None);
            self.filters.update(BTreeMap::clear);
            self.sort.set(None);
            self.edits.set(edits);
            self.predictions.update(BTreeMap::clear);
            self.plan.set(None);
            self.recipe.set(recipe);
            self.file.set(file);
            self.table.set(Some(table));
            self.edition.update(|n| *n += 1);
        });
    }

    /// The column that is learned, with every other one that can be learned from.
    pub fn choose_target(self, column: usize) {
        let recipe = self.table.with_untracked(|table| {
            let table = table.as_ref()?;
            Some(Recipe::new(table, &table.columns.get(column)?.name))
        });
        if let Some(mut recipe) = recipe {
            if let Some(before) = self.recipe.get_untracked() {
                (recipe.missing, recipe.test_share, recipe.seed, recipe.window) =
                    (before.missing, before.test_share, before.seed, before.window);
            }
            self.recipe.set(Some(recipe));
        }
    }

    pub fn change(self, change: impl FnOnce(&mut Recipe)) {
        self.recipe.update(|recipe| _ = recipe.as_mut().map(change));
    }

    /// Puts typed words into a cell; whether they were taken.
    pub fn edit(self, row: u32, column: usize, words: &str) -> bool {
        let before = self.table.with_untracked(|t| t.as_ref().map(|t| t.text(row as usize, column)));
        let Some(before) = before else { return false };
        if before == words.trim() {
            self.trouble.set(None);
            return true;
        }
        let taken = self.put(row, column, words);
        if taken {
            let after = words.trim().into();
            self.edits.update(|edits| edits.push(Edit { row, column, before, after }));
            self.changed();
        }
        taken
    }

    fn put(self, row: u32, column: usize, words: &str) -> bool {
        let mut outcome = Ok(());
        batch(|| {
            self.table.update(|table| {
                if let Some(table) = table {
                    outcome = table.set(row as usize, column, words);
                }
            });
            self.edition.update(|n| *n += 1);
        });
        let taken = outcome.is_ok();
        self.trouble.set(outcome.err());
        taken
    }

    pub fn undo(self) {
        let Some(edit) = self.edits.try_update(Vec::pop).flatten() else { return };
        self.put(edit.row, edit.column, &edit.before);
        self.changed();
        self.scene.announcement.set(tr!("Undone"));
    }

    /// The place and the name of the target.
    pub fn target(self) -> Option<(usize, String)> {
        let name = self.recipe.with(|r| r.as_ref().map(|r| r.target.clone()))?;
        let at = self.table.with(|t| t.as_ref().and_then(|t| t.column(&name)))?;
        Some((at, name))
    }
}

/// A large table is planned in slices; what was planned before stays until then.
fn plan_what_is_chosen(
    table: RwSignal<Option<Table>>,
    recipe: RwSignal<Option<Recipe>>,
    planned: RwSignal<Option<Result<Plan, Saying>>>,
) {
    let turn = StoredValue::new(0_u32);
    effect(move |_| {
        turn.update_value(|turn| *turn += 1);
        let mine = turn.get_value();
        let (Some(table), Some(recipe)) = (table.get(), recipe.get()) else { return planned.set(None) };
        spawn_local(async move {
            let mut slices = Slices::begin();
            let plan = plan_in_pieces(&table, &recipe, &mut async || slices.pause().await).await;
            if turn.get_value() == mine {
                planned.set(Some(plan));
            }
        });
    });
}

fn roles(plan: &Plan, rows: usize) -> Vec<Role> {
    let mut roles = vec![Role::None; rows];
    let kept_out: Vec<u32> = plan.twins.iter().map(|(_, twin)| *twin).collect();
    let all = [
        (&plan.train, Role::Train),
        (&plan.test, Role::Test),
        (&plan.fill, Role::Fill),
        (&plan.dropped, Role::LeftOut),
        (&kept_out, Role::KeptOut),
    ];
    for (rows, role) in all {
        for row in rows {
            if let Some(place) = roles.get_mut(*row as usize) {
                *place = role;
            }
        }
    }
    roles
}
