//! The datasets that this engine has, each once for all runs that ask for the same, and what fetches them.

use super::dataset_store::Loaded;
use super::event_loop::Input;
use super::loader;
use super::resolved_dataset::{self, ResolvedDataset};
use crate::platform;
use crate::protocol::{Catalogue, Failure, FailureKind};
use crate::spec::RunSpec;
use crate::table::Given;
use futures_channel::mpsc::UnboundedSender;
use std::collections::BTreeMap;

pub(super) struct DataLibrary {
    /// By `resolved_dataset::key`.
    datasets: BTreeMap<String, Loaded>,
    /// What the visitor made of a dataset's table, and how many times before.
    tables: BTreeMap<String, (Given, u32)>,
    /// For the loaders' arrivals.
    feedback: UnboundedSender<Input>,
}

impl DataLibrary {
    pub fn new(feedback: UnboundedSender<Input>) -> Self {
        Self { datasets: BTreeMap::new(), tables: BTreeMap::new(), feedback }
    }

    pub fn get(&self, key: &str) -> Option<&Loaded> {
        self.datasets.get(key)
    }

    pub fn get_mut(&mut self, key: &str) -> Option<&mut Loaded> {
        self.datasets.get_mut(key)
    }

    /// The table that dataset `id` stands for from now on.
    pub fn set_table(&mut self, id: String, given: Given) {
        let revision = self.tables.get(&id).map_or(1, |(_, before)| before + 1);
        self.tables.insert(id, (given, revision));
    }

    /// What a run of this spec learns from; rows are made or read now if they are not there. Those that are `shown` stay.
    pub fn resolve(&mut self, spec: &RunSpec, shown: Option<&str>) -> Result<ResolvedDataset, Failure> {
        Catalogue::of_tables(|_| true).check(spec).map_err(|why| {
            let what = format!("This run cannot be opened: {why}.");
            Failure::new(FailureKind::Input, what, "Choose other settings.")
        })?;
        let table = self.tables.get(&spec.data.id);
        let revision = table.map_or(0, |(_, revision)| *revision);
        let key = resolved_dataset::key(spec, revision);
        if let Some(loaded) = self.datasets.get(&key) {
            return Ok(loaded.ground.clone());
        }
        let loaded = resolved_dataset::open(spec, table.map(|(given, _)| given), revision)?;
        let ground = loaded.ground.clone();
        // Rows are made again in no time; only those of the run that is shown stay.
        self.datasets.retain(|key, old| old.ground.pictures.is_some() || Some(key.as_str()) == shown);
        self.datasets.insert(key, loaded);
        Ok(ground)
    }

    /// Starts the loader where something is missing and nobody is fetching it.
    pub fn load(&mut self, key: &str) {
        let Some(loaded) = self.datasets.get_mut(key) else { return };
        let Some(dataset) = loaded.ground.pictures.filter(|_| !loaded.loading && !loaded.complete()) else {
            return;
        };
        loaded.loading = true;
        loaded.failure = None;
        let have = [loaded.train.len(), loaded.test.len()];
        let feedback = self.feedback.clone();
        platform::spawn_local(loader::load(dataset, have, move |arrival| {
            // Fails only when the loop is gone.
            let _ = feedback.unbounded_send(Input::Arrived { dataset: dataset.about.id, arrival });
        }));
    }
}
