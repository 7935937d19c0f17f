//! The same in code: a run's data, network and training as a script that runs outside the browser, written from data
//! alone. One file and one row for each framework.
//!
//! Scripts do what the engine does: the same layers, initialisation, optimiser, schedule and penalties. Random numbers
//! differ, so their curves are alike, not equal. Where pictures are changed by chance and a script does not do it, its
//! first lines say so.

mod keras;
mod rust;
mod torch;

use crate::datasets::Dataset;
use crate::layers::{LayerInfo, LayerSpec, Shape, describe, format_shape};
use crate::models::Model;
use crate::spec::{AUGMENTS, RunSpec};

/// All that scripts are written for.
pub const FRAMEWORKS: &[Framework] = &[torch::FRAMEWORK, keras::FRAMEWORK, rust::FRAMEWORK];

pub struct Framework {
    pub id: &'static str,
    /// A name that is the same everywhere.
    pub title: &'static str,
    /// What the script is called as a file.
    pub file: &'static str,
    write: fn(&Script) -> String,
}

impl Framework {
    /// The script of this run, or why there is none, in words.
    pub fn script(&self, spec: &RunSpec) -> Result<String, String> {
        Ok((self.write)(&Script::new(spec)?))
    }
}

/// What a script is written from.
struct Script<'a> {
    spec: &'a RunSpec,
    dataset: &'static Dataset,
    title: &'static str,
    layers: Vec<Line>,
}

/// One layer with what it takes.
struct Line {
    info: LayerInfo,
    input: Shape,
    /// It answers.
    last: bool,
}

impl<'a> Script<'a> {
    fn new(spec: &'a RunSpec) -> Result<Self, String> {
        let dataset =
            Dataset::by_id(&spec.data.id).ok_or_else(|| format!("there is no dataset “{}”", spec.data.id))?;
        let model =
            Model::by_id(&spec.model.id).ok_or_else(|| format!("there is no model “{}”", spec.model.id))?;
        let layers = model.layers_of(&spec.model, dataset.classes.len())?;
        let infos = describe(&layers, &dataset.shape).map_err(|misfit| misfit.to_string())?;
        let (mut input, count) = (dataset.shape.to_vec(), infos.len());
        let line = |(index, info): (usize, LayerInfo)| {
            let input = std::mem::replace(&mut input, info.output.clone());
            Line { info, input, last: index + 1 == count }
        };
        Ok(Self {
            spec,
            dataset,
            title: model.title,
            layers: infos.into_iter().enumerate().map(line).collect(),
        })
    }

    fn has_residual(&self) -> bool {
        self.layers.iter().any(|line| matches!(line.info.layer, LayerSpec::Residual { .. }))
    }

    /// “MNIST, Convolutional network: 54314 parameters”
    fn heading(&self) -> String {
        let parameters = self.layers.iter().map(|line| line.info.parameters).sum::<usize>();
        format!("{}, {}: {parameters} parameters", self.dataset.about.title, self.title)
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

    /// `[channels, height, width]`, or `[features]`.
    fn shape(&self) -> Vec<usize> {
        self.dataset.shape.to_vec()
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

impl Line {
    /// Channels of a picture, or how many numbers come in.
    fn channels(&self) -> usize {
        self.input.first().copied().unwrap_or(0)
    }

    fn is_picture(&self) -> bool {
        self.input.len() == 3
    }

    /// What comes out, for a comment.
    fn shape(&self) -> String {
        format_shape(&self.info.output)
    }
}
