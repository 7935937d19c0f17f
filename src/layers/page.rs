//! What the page and the scripts say of a layer, beside `LayerKind`. A table of its own, so that an engine, which says
//! nothing of it, does not carry it.

use super::unrolled::Unrolled;
use super::working::{ReceptiveField, Step, Working, activated};
use super::{LayerInfo, LayerSpec, PAGES, Shape, format_shape};

pub struct LayerPage {
    /// What the layer does and where its parameters come from, for one that takes this shape.
    pub about: fn(LayerSpec, &[usize]) -> Sentence,
    /// How one number of its output came to be.
    pub explain: Explain,
    /// What a number of its output, or a range of them, can see of its input.
    pub sees: fn(LayerSpec, &View) -> ReceptiveField,
    /// The layer in each script.
    pub in_torch: fn(&Line) -> String,
    /// An expression of `x`.
    pub in_keras: fn(&Line) -> String,
    pub in_burn: fn(&Line) -> BurnLine,
    /// What each script must define before: PyTorch, Keras, Burn.
    pub definitions: [&'static str; 3],
}

/// A sentence that the page translates, and what stands for `{0}`, `{1}` … in it.
pub struct Sentence {
    pub text: &'static str,
    pub values: Vec<usize>,
}

/// The arithmetic of one number.
pub enum Explain {
    /// Of the one number at its place.
    Activation(fn(f64) -> f64),
    Steps(fn(LayerSpec, &Working) -> Vec<Step>),
    /// Of a recurrent cell, whose numbers come from the step before as well.
    Cell(fn(&Unrolled) -> Vec<Step>),
    /// A number of the input as it is, and why, in a sentence: `{0}` is its place in a list, from 1, and `{1}` names the
    /// place that it comes from.
    Passed {
        from: fn(LayerSpec, &Working) -> Step,
        why: &'static str,
    },
}

/// What a number's receptive field is worked out from.
pub struct View {
    /// Of the layer's output.
    pub field: ReceptiveField,
    /// Between the two halves of a residual block, not behind them.
    pub inside: bool,
    /// `[maps, height, width]` of the layer's input.
    pub before: [usize; 3],
}

/// One layer of a script with what it takes.
pub struct Line {
    pub info: LayerInfo,
    pub input: Shape,
    /// Its place, which is its name in a weight file.
    pub index: usize,
    /// It answers.
    pub last: bool,
    /// It answers, and begins undecided.
    pub undecided: bool,
}

/// A layer in Burn.
pub enum BurnLine {
    /// The type of a field, what makes one, and the paths of its weights that penalties are on.
    Field { kind: &'static str, init: String, weights: &'static [&'static str] },
    /// An expression of `x`.
    Step(String),
}

impl LayerPage {
    /// A layer that leaves shapes as they are, and each number where it is.
    pub const POINTWISE: Self = Self {
        about: |_, _| Sentence { text: "", values: Vec::new() },
        explain: Explain::Activation(|x| x),
        sees: |_, view| view.field.clone(),
        in_torch: |_| String::new(),
        in_keras: |_| String::new(),
        in_burn: |_| BurnLine::Step(String::new()),
        definitions: [""; 3],
    };

    pub fn of(layer: LayerSpec) -> &'static Self {
        PAGES[layer.place()]
    }
}

impl Sentence {
    pub const fn plain(text: &'static str) -> Self {
        Self { text, values: Vec::new() }
    }
}

impl Explain {
    pub fn steps(&self, layer: LayerSpec, working: &Working) -> Vec<Step> {
        match self {
            Self::Activation(_) => vec![activated(layer, working.same())],
            Self::Steps(steps) => steps(layer, working),
            Self::Cell(_) => Vec::new(),
            Self::Passed { from, .. } => vec![from(layer, working)],
        }
    }
}

impl LayerSpec {
    /// What an activation makes of a number; none of any other layer.
    pub fn activation(self) -> Option<fn(f64) -> f64> {
        match LayerPage::of(self).explain {
            Explain::Activation(of) => Some(of),
            _ => None,
        }
    }
}

impl Line {
    pub fn number(&self, index: usize) -> usize {
        self.info.layer.number(index)
    }

    /// Channels of a picture, or how many numbers come in, of a sequence at each step.
    pub fn channels(&self) -> usize {
        super::kind::channels(&self.input)
    }

    pub fn is_picture(&self) -> bool {
        self.input.len() == 3
    }

    /// What comes out, for a comment.
    pub fn shape(&self) -> String {
        format_shape(&self.info.output)
    }

    /// How its weights begin, in Burn.
    pub fn rust_start(&self) -> &'static str {
        if self.last { "last_start" } else { "start" }
    }
}
