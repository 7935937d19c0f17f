//! The same in code: a run's data, network and training as a script that runs outside the browser, written from data
//! alone. One file and one row for each framework.
//!
//! Scripts do what the engine does: the same layers, initialisation, optimiser, schedule and penalties. Random numbers
//! differ, so their curves are alike, not equal. Where pictures are changed by chance and a script does not do it, its
//! first lines say so. A Python script that gets a weight file of the page loads it instead of training, and answers as
//! the page does (`tests/it/code_runs.rs` runs them). Rows of numbers go with it as a file of their own (`rows`).

mod cutting;
mod keras;
pub mod rows;
mod rust;
mod rust_tokens;
pub mod tokens;
mod torch;

use crate::datasets::info::Form;
use crate::datasets::{Dataset, TokenDataset, form_of};
use crate::layers::page::{LayerPage, Line};
use crate::layers::{
    LayerInfo, LayerKind, block, cell, class_token, describe, embedding, gru, lstm, positions, rms_norm, rnn,
};
use crate::models::Model;
use crate::spec::{AUGMENTS, DataSpec, RunSpec};
use rows::Rows;
use tokens::Tokens;

/// All that scripts are written for.
pub const FRAMEWORKS: &[Framework] = &[torch::FRAMEWORK, keras::FRAMEWORK, rust::FRAMEWORK];

/// The place of Burn in `LayerPage::definitions`.
const BURN: usize = 2;

/// Layers whose random numbers begin with a deviation of their own.
const DRAWN: &[&LayerKind] = &[&block::KIND, &positions::KIND, &class_token::KIND];

/// Layers with a row of numbers for each token or place.
const ROWS: &[&LayerKind] = &[&embedding::KIND, &positions::KIND];

/// Layers with gates.
const CELLS: &[&LayerKind] = &[&rnn::KIND, &lstm::KIND, &gru::KIND];

pub struct Framework {
    pub id: &'static str,
    /// A name that is the same everywhere.
    pub title: &'static str,
    /// What the script is called as a file.
    pub file: &'static str,
    /// It can be given the page's weights.
    pub takes_weights: bool,
    pictures: fn(&Script, &Dataset) -> String,
    /// None where no script is written for rows of numbers.
    rows: Option<fn(&Script, &Rows) -> String>,
    /// None where no script is written for texts.
    tokens: Option<fn(&Script, &Tokens) -> String>,
}

impl Framework {
    /// Those that a run on this data has a script for.
    pub fn writes(&self, data: &DataSpec) -> bool {
        match TokenDataset::by_id(&data.id) {
            Some(_) => self.tokens.is_some(),
            None if form_of(data) == Form::Series => false,
            None => self.rows.is_some() || Dataset::by_id(&data.id).is_some(),
        }
    }

    /// The script of this run, or why there is none, in words. Rows of numbers and texts are described; pictures are known.
    pub fn script(
        &self,
        spec: &RunSpec,
        rows: Option<&Rows>,
        tokens: Option<&Tokens>,
    ) -> Result<String, String> {
        if let (Some(write), Some(tokens)) = (self.tokens, tokens) {
            let script = Script::new(spec, tokens.title(), &tokens.shape, tokens.outputs())?;
            if script.layers.first().is_none_or(|line| !line.info.layer.is(&embedding::KIND)) {
                return Err("a script that reads a text needs an embedding as its first layer".into());
            }
            return Ok(write(&script, tokens));
        }
        if form_of(&spec.data) == Form::Series {
            return Err("scripts do not cut windows from a series yet".into());
        }
        if let Some(pictures) = Dataset::by_id(&spec.data.id) {
            let script = Script::new(spec, pictures.about.title, &pictures.shape, pictures.classes.len())?;
            return Ok((self.pictures)(&script, pictures));
        }
        match (rows, self.rows) {
            (Some(rows), _) if rows.is_ordinal => {
                Err("scripts do not learn grades in order yet; choose another task".into())
            }
            (Some(rows), Some(write)) => {
                let script = Script::new(spec, rows.title, &[rows.width()], rows.outputs())?;
                Ok(write(&script, rows))
            }
            _ => Err(format!("there is no {} script of “{}”", self.title, spec.data.id)),
        }
    }
}

/// What a script is written from, whatever the examples are.
struct Script<'a> {
    spec: &'a RunSpec,
    /// “MNIST, Convolutional network”
    title: String,
    /// `[channels, height, width]`, `[time, features]` or `[features]`.
    shape: Vec<usize>,
    outputs: usize,
    layers: Vec<Line>,
}

impl<'a> Script<'a> {
    fn new(spec: &'a RunSpec, data: &str, shape: &[usize], outputs: usize) -> Result<Self, String> {
        let model =
            Model::by_id(&spec.model.id).ok_or_else(|| format!("there is no model “{}”", spec.model.id))?;
        let layers = model.layers_of(&spec.model, outputs)?;
        if layers.iter().any(|layer| block::tells_parts_apart(*layer)) {
            return Err("scripts do not tell questions from answers yet".into());
        }
        let infos = describe(&layers, shape).map_err(|misfit| misfit.to_string())?;
        let (mut input, count) = (shape.to_vec(), infos.len());
        let line = |(index, info): (usize, LayerInfo)| {
            let input = std::mem::replace(&mut input, info.output.clone());
            let last = index + 1 == count;
            Line { info, input, index, last, undecided: last && spec.train.init == "he" }
        };
        let layers = infos.into_iter().enumerate().map(line).collect();
        let title = format!("{data}, {}", model.title);
        Ok(Self { spec, title, shape: shape.to_vec(), outputs, layers })
    }

    /// What its layers need to be defined before in script `framework` of `LayerPage::definitions`.
    fn definitions(&self, framework: usize) -> String {
        let mut all: Vec<String> = Vec::new();
        for layer in self.layers.iter().map(|line| line.info.layer) {
            let of = |page: &LayerPage| page.definitions[framework].to_string();
            let inside = block::has_rms_norms(layer).then(|| of(&rms_norm::PAGE));
            let both = cell::burn_definition(layer).filter(|_| framework == BURN);
            for text in [inside, Some(of(LayerPage::of(layer))), both].into_iter().flatten() {
                if !all.contains(&text) {
                    all.push(text);
                }
            }
        }
        all.concat()
    }

    /// Whether one of its layers is of one of these kinds.
    fn has(&self, kinds: &[&LayerKind]) -> bool {
        self.layers.iter().any(|line| kinds.iter().any(|kind| line.info.layer.is(kind)))
    }

    /// All weights begin the same way, also those that have one of their own else.
    fn begins_plainly(&self) -> bool {
        ["small", "zeros"].contains(&self.spec.train.init.as_str())
    }

    /// How many tokens it looks at: no more than an example has, if it keeps nothing in mind.
    fn context(&self) -> Option<usize> {
        self.shape.first().copied().filter(|_| !self.has(CELLS))
    }

    /// “MNIST, Convolutional network: 54314 parameters”
    fn heading(&self) -> String {
        let parameters = self.layers.iter().map(|line| line.info.parameters).sum::<usize>();
        format!("{}: {parameters} parameters", self.title)
    }

    /// The title of the run's augmentation, if it has one.
    fn augment(&self) -> Option<&'static str> {
        let row = AUGMENTS.iter().skip(1).find(|row| row.0 == self.spec.train.augment);
        row.map(|(_, title, _)| *title)
    }

    /// The heading of a script that changes no pictures, as comments that begin with `mark`.
    fn heading_without_augment(&self, mark: &str) -> String {
        let left_out = self
            .augment()
            .map(|title| format!("\n{mark} Left out: every picture is changed by chance ({title})."));
        format!("{mark} {}{}", self.heading(), left_out.unwrap_or_default())
    }

    /// The last epoch is a part of one.
    fn ends_within(&self) -> bool {
        self.spec.train.epochs.fract() != 0.0
    }

    /// How many steps there are in all, in Python.
    fn python_steps(&self, epoch: &str) -> String {
        let steps = format!("{} * {epoch}", self.spec.train.epochs);
        if self.ends_within() { format!("int({steps} + 0.5)") } else { steps }
    }

    /// The factor of the learning rate as a Python function of the step, if it is not 1 throughout.
    fn python_schedule(&self) -> Option<&'static str> {
        Some(match self.spec.train.schedule.as_str() {
            "step" => {
                "def factor(step):
    done = step / steps
    return 1.0 if done < 0.5 else 0.1 if done < 0.75 else 0.01
"
            }
            "cosine" => {
                "def factor(step):
    return 0.5 + 0.5 * math.cos(math.pi * min(step / steps, 1.0))
"
            }
            "one_cycle" => {
                "def factor(step):
    done = step / steps
    if done < 0.25:
        return 0.1 + 0.9 * done / 0.25
    return 0.5 + 0.5 * math.cos(math.pi * min((done - 0.25) / 0.75, 1.0))
"
            }
            _ => return None,
        })
    }

    /// Numbers with commas between them, and one at the end, as a Python tuple of any length needs.
    fn tuple(numbers: &[f32]) -> String {
        numbers.iter().map(|n| format!("{n}, ")).collect::<String>().trim_end().into()
    }
}
