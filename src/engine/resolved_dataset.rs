//! A dataset resolved for one run: its settings, and how an example becomes the model's input.

use super::dataset_store::Loaded;
use super::tasks::TargetTask;
use crate::datasets::{Dataset, TabularDataset, TokenDataset};
use crate::protocol::{DatasetInfo, Failure, FailureKind};
use crate::spec::RunSpec;
use crate::table::Given;

/// A dataset as a spec asks for it. Two values with the same `key` hold the same examples.
#[derive(Clone)]
pub struct ResolvedDataset {
    pub key: String,
    pub info: DatasetInfo,
    /// Pictures come from files, everything else is there at once.
    pub pictures: Option<&'static Dataset>,
    /// How a row becomes the network's input: one function each; none if rows are what it takes.
    pub lift: Vec<fn(&[f32]) -> f32>,
}

impl ResolvedDataset {
    pub fn of_pictures(dataset: &'static Dataset) -> Self {
        Self { key: dataset.about.id.into(), info: dataset.info(), pictures: Some(dataset), lift: Vec::new() }
    }

    pub fn task(&self) -> TargetTask {
        TargetTask::of(&self.info.target)
    }
}

/// What tells the examples of one spec from those of another: the dataset, its settings, and the seed where chance
/// makes or splits the rows. `revision` counts the tables that the visitor gave.
pub fn key(spec: &RunSpec, revision: u32) -> String {
    if Dataset::by_id(&spec.data.id).is_some() {
        return spec.data.id.clone();
    }
    let options = spec.data.options.iter();
    let options: String = options.map(|(key, value)| format!(" {key}={value}")).collect();
    format!("{}#{revision} seed={}{options}", spec.data.id, spec.seed)
}

/// The dataset's rows or tokens are made or read; pictures have none yet. `text` is training and held-out text.
pub fn open(
    spec: &RunSpec,
    given: Option<&Given>,
    revision: u32,
    text: Option<&[String; 2]>,
) -> Result<Loaded, Failure> {
    if let Some(dataset) = Dataset::by_id(&spec.data.id) {
        return Ok(Loaded::new(ResolvedDataset::of_pictures(dataset)));
    }
    let unfit = |what: String| Failure::new(FailureKind::Input, what, "Choose other settings.");
    if let Some(set) = TokenDataset::by_id(&spec.data.id) {
        let text = text.map(|text| [text[0].as_str(), text[1].as_str()]);
        let tokens = set
            .open(&spec.data, spec.seed, text)
            .map_err(|why| unfit(format!("This data cannot be used: {why}.")))?;
        let info = DatasetInfo {
            target: tokens.target.clone(),
            shape: vec![tokens.window, tokens.target.outputs()],
            text: Some(Box::new(tokens.info.clone())),
            ..set.info()
        };
        let ground = ResolvedDataset { key: key(spec, revision), info, pictures: None, lift: Vec::new() };
        return Ok(Loaded::of_tokens(ground, tokens));
    }
    let set = TabularDataset::by_id(&spec.data.id)
        .ok_or_else(|| unfit(format!("There is no dataset “{}” here.", spec.data.id)))?;
    let numbers = (set.open)(&spec.data, spec.seed, given)
        .map_err(|why| unfit(format!("This data cannot be used: {why}.")))?;
    let ground = ResolvedDataset {
        key: key(spec, revision),
        info: numbers.info(set),
        pictures: None,
        lift: numbers.lift.clone(),
    };
    Ok(Loaded::of_numbers(ground, numbers))
}
