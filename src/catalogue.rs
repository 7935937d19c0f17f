//! What can be asked for: the tables as a catalogue, and whether a spec fits one. Links, the page's controls
//! and the engines ask the same questions here, so a value is refused by all of them or by none, in the same
//! words. Plain data; knows no backend and no browser.

use crate::chat::TALKER;
use crate::datasets::info::Form;
use crate::datasets::series::SINE;
use crate::datasets::token_settings::{MASKED, NEXT, TASK, is_masked};
use crate::datasets::{DATASETS, Dataset, NUMBERS, TabularDataset, TokenDataset, form_of};
use crate::layers::{Expected, LayerInfo, LayerSpec, check_answer, check_directions, describe, embedding};
use crate::models::{FLAT, LAYERS, MODELS, Model, Recipe, SEQUENCE, Size, WINDOW, Word, bert, gpt, vit};
use crate::pretrained::{DETECTORS, PRETRAINED};
use crate::protocol::{Catalogue, DatasetInfo, ModelInfo};
use crate::sketch::SKETCHERS;
use crate::spec::{
    AUGMENTS, ChoiceInfo, DataSpec, INITS, NumberInfo, OPTIMIZERS, RunSpec, SCHEDULES, WordInfo,
    train_numbers,
};
use serde_json::Value;
use std::collections::BTreeMap;

impl Catalogue {
    /// Every row of the tables, with those datasets and networks that come trained that the site `has`.
    pub fn of_tables(has: impl Fn(&str) -> bool) -> Self {
        let tokens = TokenDataset::all()
            .filter(|set| !matches!(set, TokenDataset::Text(_)) || has(set.id()))
            .map(TokenDataset::info);
        let pictures = DATASETS.iter().filter(|d| has(d.about.id)).map(Dataset::info);
        Self {
            datasets: pictures.chain(NUMBERS.iter().map(TabularDataset::info)).chain(tokens).collect(),
            models: MODELS.iter().map(model_info).collect(),
            pretrained: PRETRAINED.iter().filter(|n| has(n.id)).map(|n| n.id.into()).collect(),
            detectors: DETECTORS.iter().filter(|n| has(n.id)).map(|n| n.id.into()).collect(),
            sketchers: SKETCHERS.iter().filter(|s| has(s.id)).map(|s| s.id.into()).collect(),
            talks: has(TALKER.id),
            optimizers: OPTIMIZERS.iter().map(choice).collect(),
            schedules: SCHEDULES.iter().map(choice).collect(),
            inits: INITS.iter().map(choice).collect(),
            augments: AUGMENTS.iter().map(choice).collect(),
            numbers: train_numbers(),
        }
    }

    pub fn model(&self, id: &str) -> Option<&ModelInfo> {
        self.models.iter().find(|m| m.id == id)
    }

    /// The ways to change a dataset's training pictures by chance, “off” first; only that where they are not to be changed.
    pub fn augments_of(&self, dataset: &str) -> impl Iterator<Item = &ChoiceInfo> {
        let own = self.dataset(dataset).map(|d| d.augments.as_slice()).unwrap_or_default();
        self.augments.iter().filter(|a| a.id == AUGMENTS[0].0 || own.contains(&a.id))
    }

    fn may_augment(&self, spec: &RunSpec) -> bool {
        self.augments_of(&spec.data.id).any(|a| a.id == spec.train.augment)
    }

    pub fn dataset(&self, id: &str) -> Option<&DatasetInfo> {
        self.datasets.iter().find(|d| d.id == id)
    }

    /// The numbers that this spec has: training's, its model's sizes and its dataset's settings.
    pub fn numbers_of(&self, spec: &RunSpec) -> impl Iterator<Item = &NumberInfo> {
        let sizes = self.model(&spec.model.id).map(|m| m.sizes.as_slice()).unwrap_or_default();
        let data = self.dataset(&spec.data.id).map(|d| d.numbers.as_slice()).unwrap_or_default();
        self.numbers.iter().chain(sizes).chain(data)
    }

    /// The settings of this spec whose values are words: its model's and its dataset's.
    pub fn words_of(&self, spec: &RunSpec) -> impl Iterator<Item = &WordInfo> {
        let model = self.model(&spec.model.id).map(|m| m.words.as_slice()).unwrap_or_default();
        model.iter().chain(self.dataset(&spec.data.id).map(|d| d.words.as_slice()).unwrap_or_default())
    }

    /// The dotted keys that this spec has, in a fixed order.
    pub fn keys_of(&self, spec: &RunSpec) -> Vec<String> {
        let mut keys: Vec<String> = spec.to_keys().into_keys().collect();
        keys.extend(self.numbers_of(spec).map(|n| n.key.clone()));
        keys.extend(self.words_of(spec).map(|w| w.key.clone()));
        keys.sort();
        keys.dedup();
        keys
    }

    /// Whether a run of this spec can be opened, or why not, in words.
    pub fn check(&self, spec: &RunSpec) -> Result<(), String> {
        one_of("dataset", &spec.data.id, self.datasets.iter().map(|d| d.id.as_str()))?;
        one_of("model", &spec.model.id, self.models.iter().map(|m| m.id.as_str()))?;
        one_of("optimiser", &spec.train.optimizer, self.optimizers.iter().map(|o| o.id.as_str()))?;
        one_of("schedule", &spec.train.schedule, self.schedules.iter().map(|s| s.id.as_str()))?;
        one_of("initialisation", &spec.train.init, self.inits.iter().map(|i| i.id.as_str()))?;
        one_of("augmentation", &spec.train.augment, self.augments.iter().map(|a| a.id.as_str()))?;
        if !self.may_augment(spec) {
            let (data, augment) = (&spec.data.id, &spec.train.augment);
            return Err(format!("the pictures of “{data}” are not to be changed by “{augment}”"));
        }
        let numbers: BTreeMap<&str, &NumberInfo> =
            self.numbers_of(spec).map(|n| (n.key.as_str(), n)).collect();
        let words: BTreeMap<&str, &WordInfo> = self.words_of(spec).map(|w| (w.key.as_str(), w)).collect();
        for (key, value) in spec.to_keys() {
            let own = ["data.", "model."].iter().any(|part| key.starts_with(part)) && !key.ends_with(".id");
            match (numbers.get(key.as_str()), words.get(key.as_str())) {
                (Some(number), _) => number.check(value.as_f64().unwrap_or(f64::NAN))?,
                (None, Some(word)) => word.check(&value)?,
                (None, None) if own || value.is_number() => return Err(unknown(&key, &self.keys_of(spec))),
                (None, None) => (),
            }
        }
        self.check_layers(spec)
    }

    /// A list of layers that the visitor wrote must be one, fit the data and be small enough for a browser; no network
    /// may read what it is asked for.
    fn check_layers(&self, spec: &RunSpec) -> Result<(), String> {
        let (Some(model), Some(dataset)) = (Model::by_id(&spec.model.id), self.dataset(&spec.data.id)) else {
            return Ok(());
        };
        let layers = model.layers_of(&spec.model, dataset.target.outputs().max(1))?;
        if !matches!(model.recipe, Recipe::Text(_)) {
            return match describe(&layers, shape(dataset, form_of(&spec.data))) {
                Ok(infos) => directions(&infos, &spec.data),
                Err(misfit) if matches!(misfit.takes, Expected::Divided(_)) => Err(misfit.to_string()),
                // What a network takes is known when its data is open.
                Err(_) => Ok(()),
            };
        }
        let infos = described(&layers, dataset, &spec.data)?;
        affordable(infos.iter().map(|l| (l.parameters, l.multiply_adds)))
    }

    /// `spec` with one dotted key changed, checked. A new model comes with its own default sizes, new data with its
    /// own settings, without augmentation that it must not have, and with its own model if the one that is there does
    /// not fit.
    pub fn change(&self, spec: &RunSpec, key: &str, value: &Value) -> Result<RunSpec, String> {
        let keys = self.keys_of(spec);
        if !keys.iter().any(|k| k == key) {
            return Err(unknown(key, &keys));
        }
        let mut changed = spec.with_key(key, &whole(value))?;
        if changed.model.id != spec.model.id {
            changed.model.options.clear();
            let list = Model::by_id(&changed.model.id).is_some_and(|m| matches!(m.recipe, Recipe::Text(_)));
            if list && !self.fits(&changed) {
                let list = match form_of(&changed.data) {
                    Form::Text => SEQUENCE,
                    Form::Series => WINDOW,
                    _ => FLAT,
                };
                changed.model.options.insert(LAYERS.into(), list.into());
            }
        }
        self.fit_patches(&mut changed, key);
        if changed.data.id != spec.data.id {
            changed.data.options.clear();
            if !self.may_augment(&changed) {
                changed.train.augment = AUGMENTS[0].0.into();
            }
            if let Some(dataset) = self.dataset(&changed.data.id).filter(|_| !self.fits(&changed)) {
                changed.model.id.clone_from(&dataset.model);
                changed.model.options.clear();
            }
        }
        // Rows that are read in order are another kind of example, and have another model to begin with.
        let forms = [&spec.data, &changed.data].map(form_of);
        if changed.data.id == spec.data.id && forms[0] != forms[1] {
            let own = self.dataset(&changed.data.id).map_or("", |dataset| &dataset.model);
            let [before, after] = forms.map(|form| if form == Form::Series { SINE.model } else { own });
            if changed.model.id == before || !self.fits(&changed) {
                changed.model.id = after.into();
                changed.model.options.clear();
            }
        }
        turn(&mut changed, key);
        self.check(&changed)?;
        self.leave_out_defaults(&mut changed);
        if (&changed.model.id, &changed.data.id) != (&spec.model.id, &spec.data.id) && !self.fits(&changed) {
            return Err("this network takes other data".into());
        }
        Ok(changed)
    }

    /// Patches that do not fill the pictures of other data become such that do.
    fn fit_patches(&self, changed: &mut RunSpec, key: &str) {
        let chosen = key.starts_with("model.") && key != "model.id";
        if chosen || changed.model.id != vit::MODEL.id || self.fits(changed) {
            return;
        }
        let shape = self.dataset(&changed.data.id).map(|dataset| dataset.shape.as_slice());
        if let Some(side) = shape.and_then(vit::fitting_patch) {
            changed.model.options.insert(vit::PATCH.into(), (side as f64).into());
        }
    }

    /// The settings of the spec's data and model, by dotted key, as they are by themselves.
    pub fn defaults(&self, spec: &RunSpec) -> BTreeMap<String, Value> {
        let own = |key: &str| key.starts_with("model.") || key.starts_with("data.");
        let numbers = self.numbers_of(spec).filter(|n| own(&n.key));
        let numbers = numbers.map(|n| (n.key.clone(), Value::from(n.default)));
        let words = self.words_of(spec).map(|w| (w.key.clone(), Value::from(w.default.as_str())));
        numbers.chain(words).collect()
    }

    /// A setting of the data or the model that is as it would be anyway is left out: there is one way to say a spec.
    fn leave_out_defaults(&self, spec: &mut RunSpec) {
        let defaults = self.defaults(spec);
        for (part, options) in [("data", &mut spec.data.options), ("model", &mut spec.model.options)] {
            options.retain(|key, value| {
                let default = defaults.get(&format!("{part}.{key}"));
                default != Some(value)
                    && default.and_then(Value::as_f64).is_none_or(|d| Some(d) != value.as_f64())
            });
        }
    }

    /// Whether the spec's model can take the dataset's examples, as far as is known before the data is open.
    fn fits(&self, spec: &RunSpec) -> bool {
        let (Some(model), Some(dataset)) = (Model::by_id(&spec.model.id), self.dataset(&spec.data.id)) else {
            return true;
        };
        let layers = model.layers_of(&spec.model, dataset.target.outputs().max(1));
        layers.is_ok_and(|layers| described(&layers, dataset, &spec.data).is_ok())
    }
}

/// A Transformer that looks both ways names hidden tokens of a text, and one that looks back the next one: whichever of
/// the two is chosen, the other follows. A model that comes so comes with its own sizes, too.
fn turn(changed: &mut RunSpec, key: &str) {
    let text = TokenDataset::by_id(&changed.data.id).is_some_and(TokenDataset::is_text);
    let wanted = match (key, changed.model.id.as_str()) {
        (_, id) if !text || ![gpt::MODEL.id, bert::MODEL.id].contains(&id) => return,
        ("model.id", id) => id == bert::MODEL.id,
        ("data.task", _) => is_masked(&changed.data),
        _ => return,
    };
    changed.data.options.insert(TASK.into(), if wanted { MASKED } else { NEXT }.into());
    let model = if wanted { bert::MODEL.id } else { gpt::MODEL.id };
    if changed.model.id != model {
        changed.model.id = model.into();
        changed.model.options.clear();
    }
}

/// The layers on this data, or why they do not fit it or what is asked of it.
fn described(layers: &[LayerSpec], dataset: &DatasetInfo, data: &DataSpec) -> Result<Vec<LayerInfo>, String> {
    let form = form_of(data);
    let infos = describe(layers, shape(dataset, form)).map_err(|misfit| misfit.to_string())?;
    if form == Form::Series && layers.first().is_some_and(|first| first.is(&embedding::KIND)) {
        return Err("layer 1: Embedding takes tokens, but this data has none; take it away".into());
    }
    check_answer(&infos, dataset.target.is_sequence()).map_err(|why| why.to_string())?;
    directions(&infos, data)?;
    Ok(infos)
}

fn directions(infos: &[LayerInfo], data: &DataSpec) -> Result<(), String> {
    let is_read = TokenDataset::asks_for_what_is_read(data);
    let has_questions = TokenDataset::has_questions(data);
    check_directions(infos, is_read, has_questions).map_err(|why| why.to_string())
}

/// Of one example; how many numbers a row or a step has is known when it is open.
fn shape(dataset: &DatasetInfo, form: Form) -> &[usize] {
    match (dataset.shape.as_slice(), form) {
        ([], Form::Series) => &[2, 1],
        ([], _) => &[1],
        (shape, _) => shape,
    }
}

impl WordInfo {
    /// Whether the value is among the choices, or what they are.
    pub fn check(&self, value: &Value) -> Result<(), String> {
        let text = value.as_str().ok_or_else(|| format!("{} is a word", self.label))?;
        if self.choices.is_empty() {
            return Ok(());
        }
        let known = |word: &str| self.choices.iter().any(|c| c.id == word);
        let fits = if self.several { text.split('-').all(known) } else { known(text) };
        if fits {
            return Ok(());
        }
        let names: Vec<_> = self.choices.iter().map(|c| c.id.as_str()).collect();
        let names = names.join(", ");
        if self.several {
            return Err(format!("{} is one or more of {names}, joined by -", self.label));
        }
        Err(format!("{} is one of {names}", self.label))
    }
}

/// More than this takes minutes for a step, or more memory than a tab has.
const MOST_PARAMETERS: usize = 4_000_000;
const MOST_MULTIPLY_ADDS: usize = 400_000_000;

/// Whether layers of so many parameters and multiply-adds for one example can be trained here.
pub fn affordable(layers: impl Iterator<Item = (usize, usize)>) -> Result<(), String> {
    let (parameters, work) = layers.fold((0, 0), |sum, layer| (sum.0 + layer.0, sum.1 + layer.1));
    let millions = |n: usize| (n as f64 / 1e5).round() / 10.0;
    if parameters > MOST_PARAMETERS {
        let most = millions(MOST_PARAMETERS);
        return Err(format!(
            "this network has {} million parameters, {most} million fit here",
            millions(parameters)
        ));
    }
    if work > MOST_MULTIPLY_ADDS {
        let most = millions(MOST_MULTIPLY_ADDS);
        let needs = millions(work);
        return Err(format!(
            "one example takes {needs} million multiplications here, up to {most} million are offered"
        ));
    }
    Ok(())
}

impl NumberInfo {
    /// Whether the value is in range, or what the range is.
    pub fn check(&self, value: f64) -> Result<(), String> {
        if !(self.min..=self.max).contains(&value) {
            return Err(format!("{} goes from {} to {}", self.label, self.min, self.max));
        }
        if self.whole && value.fract() != 0.0 {
            return Err(format!("{} is a whole number", self.label));
        }
        Ok(())
    }
}

/// Controls and scripts give every number as a float; the seed, say, is an integer.
fn whole(value: &Value) -> Value {
    match value.as_f64() {
        Some(number) if number.fract() == 0.0 && number.abs() < 9e15 => Value::from(number as i64),
        _ => value.clone(),
    }
}

fn one_of<'a>(what: &str, id: &str, mut known: impl Iterator<Item = &'a str> + Clone) -> Result<(), String> {
    if known.clone().any(|k| k == id) {
        return Ok(());
    }
    let first = known.next().unwrap_or("none");
    let names = known.fold(first.to_string(), |names, name| format!("{names}, {name}"));
    Err(format!("there is no {what} “{id}” here; there is {names}"))
}

fn unknown(key: &str, known: &[String]) -> String {
    format!("there is no setting “{key}”; there are {}", known.join(", "))
}

fn model_info(m: &Model) -> ModelInfo {
    let size = |s: &Size| NumberInfo {
        key: format!("model.{}", s.key),
        label: s.label.into(),
        help: s.help.into(),
        min: s.min as f64,
        max: s.max as f64,
        default: s.default as f64,
        whole: true,
        choices: s.choices.iter().map(|c| *c as f64).collect(),
        live: false,
    };
    ModelInfo {
        id: m.id.into(),
        title: m.title.into(),
        blurb: m.blurb.into(),
        sizes: m.sizes.iter().map(size).collect(),
        words: match m.recipe {
            Recipe::Sizes(_) => Vec::new(),
            Recipe::Choices { words, .. } => words.iter().map(word_info).collect(),
            Recipe::Text(first) => vec![layers_info(first)],
        },
    }
}

fn choice((id, title, blurb): &(&str, &str, &str)) -> ChoiceInfo {
    ChoiceInfo { id: (*id).into(), title: (*title).into(), blurb: (*blurb).into() }
}

fn word_info(word: &Word) -> WordInfo {
    WordInfo {
        key: format!("model.{}", word.key),
        label: word.label.into(),
        help: word.help.into(),
        choices: word.choices.iter().map(choice).collect(),
        default: word.default.into(),
        several: false,
    }
}

fn layers_info(first: &str) -> WordInfo {
    WordInfo {
        key: format!("model.{LAYERS}"),
        label: "Layers".into(),
        help: "One after the other, each with its numbers.".into(),
        choices: Vec::new(),
        default: first.into(),
        several: false,
    }
}
