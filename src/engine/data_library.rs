//! The datasets that this engine has, each once for all runs that ask for the same, and what fetches them.

use super::dataset_store::Loaded;
use super::event_loop::Input;
use super::loader;
use super::resolved_dataset::{self, ResolvedDataset};
use super::text_loader;
use crate::datasets::tokens;
use crate::platform;
use crate::protocol::{Catalogue, Failure, FailureKind};
use crate::spec::RunSpec;
use crate::table::Given;
use crate::text::TextDataset;
use futures_channel::mpsc::UnboundedSender;
use std::collections::{BTreeMap, BTreeSet};

pub(super) struct DataLibrary {
    /// By `resolved_dataset::key`.
    datasets: BTreeMap<String, Loaded>,
    /// What the visitor made of a dataset's table, and how many times before.
    tables: BTreeMap<String, (Given, u32)>,
    /// Training and held-out text by dataset, as far as they are here; of the visitor's own all is in the first.
    texts: BTreeMap<&'static str, [String; 2]>,
    /// Texts that are being fetched.
    fetching: BTreeSet<&'static str>,
    /// How often the visitor gave a text.
    own_texts: u32,
    /// For the loaders' arrivals.
    feedback: UnboundedSender<Input>,
}

impl DataLibrary {
    pub fn new(feedback: UnboundedSender<Input>) -> Self {
        let (datasets, tables) = (BTreeMap::new(), BTreeMap::new());
        Self { datasets, tables, texts: BTreeMap::new(), fetching: BTreeSet::new(), own_texts: 0, feedback }
    }

    /// The visitor's own text from now on.
    pub fn set_own_text(&mut self, text: String) {
        self.own_texts += 1;
        self.texts.insert(tokens::OWN, [text, String::new()]);
    }

    /// A text has come.
    pub fn set_text(&mut self, id: &'static str, text: [String; 2]) {
        self.fetching.remove(id);
        self.texts.insert(id, text);
    }

    /// A text did not come; it is fetched again when it is asked for again.
    pub fn text_failed(&mut self, id: &str) {
        self.fetching.retain(|fetched| *fetched != id);
    }

    /// Fetches a text that is not here, unless somebody does; whether there is one to wait for.
    fn lacks_text(&mut self, id: &str) -> bool {
        let Some(text) = TextDataset::by_id(id).filter(|_| !self.texts.contains_key(id)) else {
            return false;
        };
        let id = text.about.id;
        if self.fetching.insert(id) {
            let feedback = self.feedback.clone();
            platform::spawn_local(text_loader::load(text, move |arrival| {
                // Fails only when the loop is gone.
                let _ = feedback.unbounded_send(Input::Arrived { dataset: id, arrival });
            }));
        }
        true
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

    /// What a run of this spec learns from; rows and tokens are made or read now if they are not there. Those that are `shown`
    /// stay. None if its text is still to come.
    pub fn resolve(
        &mut self,
        spec: &RunSpec,
        shown: Option<&str>,
    ) -> Result<Option<ResolvedDataset>, Failure> {
        Catalogue::of_tables(|_| true).check(spec).map_err(|why| {
            let what = format!("This run cannot be opened: {why}.");
            Failure::new(FailureKind::Input, what, "Choose other settings.")
        })?;
        if self.lacks_text(&spec.data.id) {
            return Ok(None);
        }
        let table = self.tables.get(&spec.data.id);
        let own_texts = if spec.data.id == tokens::OWN { self.own_texts } else { 0 };
        let revision = table.map_or(own_texts, |(_, revision)| *revision);
        let key = resolved_dataset::key(spec, revision);
        if let Some(loaded) = self.datasets.get(&key) {
            return Ok(Some(loaded.ground.clone()));
        }
        let loaded = resolved_dataset::open(
            spec,
            table.map(|(given, _)| given),
            revision,
            self.texts.get(&*spec.data.id),
        )?;
        let ground = loaded.ground.clone();
        // Rows are made again in no time; only those of the run that is shown stay.
        self.datasets.retain(|key, old| old.ground.pictures.is_some() || Some(key.as_str()) == shown);
        self.datasets.insert(key, loaded);
        Ok(Some(ground))
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
