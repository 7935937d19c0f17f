//! How gradients become steps: one row each, over plain tensors, so that the state can be read back and kept
//! on every engine.

use super::backend_ext;
use super::network::Parameter;
use burn::tensor::Tensor;
use std::cell::OnceCell;

/// A formula: the new weights from the old, their gradient and the state, all `[length]`.
type Formula = fn(&Step, value: Tensor<1>, gradient: Tensor<1>, state: &mut [Tensor<1>]) -> Tensor<1>;

/// What a formula needs to know of the step.
struct Step {
    learning_rate: f64,
    weight_decay: f64,
    betas: [f64; 2],
    /// Counted from 1.
    number: i32,
    sent: Sent,
}

/// What a GPU's programs need to know of a step, other numbers each time: sent there once for all parameters.
pub type Sent = OnceCell<Tensor<1>>;

struct Rule {
    id: &'static str,
    /// Tensors of state for each parameter.
    state: usize,
    formula: Formula,
}

const RULES: &[Rule] = &[
    Rule { id: "sgd", state: 0, formula: sgd },
    Rule { id: "momentum", state: 1, formula: momentum },
    Rule { id: "adam", state: 2, formula: adam },
    Rule { id: "adamw", state: 2, formula: adamw },
];

/// Share of the last step that SGD with momentum keeps (Sutskever et al. 2013).
pub const MOMENTUM: f64 = 0.9;
/// Adam's first decay rate and ε (Kingma & Ba 2015, algorithm 1).
const BETA1: f64 = 0.9;
const EPSILON: f64 = 1e-8;

pub struct Optimizer {
    rule: &'static Rule,
    weight_decay: f64,
    /// Adam's second decay rate.
    beta2: f64,
    /// `[parameter][slot]`, each as long as its parameter.
    pub state: Vec<Vec<Tensor<1>>>,
    /// Steps taken.
    pub steps: u32,
}

impl Optimizer {
    /// `weight_decay` is AdamW's, `beta2` Adam's and AdamW's second decay rate.
    pub fn new(id: &str, [weight_decay, beta2]: [f64; 2], parameters: &[Parameter]) -> Result<Self, String> {
        let rule =
            RULES.iter().find(|r| r.id == id).ok_or_else(|| format!("there is no optimiser “{id}”"))?;
        let state = parameters.iter().map(|p| vec![p.value.zeros_like(); rule.state]).collect();
        Ok(Self { rule, weight_decay, beta2, state, steps: 0 })
    }

    /// One step for all parameters; `gradients` in their order, none where a parameter had no part.
    pub fn step(
        &mut self,
        learning_rate: f64,
        parameters: &mut [Parameter],
        gradients: impl IntoIterator<Item = Option<Tensor<1>>>,
    ) {
        self.steps += 1;
        let step = Step {
            learning_rate,
            weight_decay: self.weight_decay,
            betas: [BETA1, self.beta2],
            number: self.steps as i32,
            sent: Sent::new(),
        };
        for ((parameter, state), gradient) in parameters.iter_mut().zip(&mut self.state).zip(gradients) {
            if let Some(gradient) = gradient {
                let value = take(&mut parameter.value, &gradient);
                parameter.value = (self.rule.formula)(&step, value, gradient, state);
            }
        }
    }
}

/// w ← w − η g
fn sgd(step: &Step, value: Tensor<1>, gradient: Tensor<1>, _: &mut [Tensor<1>]) -> Tensor<1> {
    value - gradient * step.learning_rate
}

/// v ← μ v + g, w ← w − η v
fn momentum(step: &Step, value: Tensor<1>, gradient: Tensor<1>, state: &mut [Tensor<1>]) -> Tensor<1> {
    let velocity = take(&mut state[0], &gradient);
    let [value, velocity] = backend_ext::momentum(value, gradient, velocity, step.learning_rate, &step.sent);
    state[0] = velocity;
    value
}

fn adam(step: &Step, value: Tensor<1>, gradient: Tensor<1>, state: &mut [Tensor<1>]) -> Tensor<1> {
    adam_kept(step, 1.0, value, gradient, state)
}

/// Adam with decoupled weight decay (Loshchilov & Hutter 2019, algorithm 2).
fn adamw(step: &Step, value: Tensor<1>, gradient: Tensor<1>, state: &mut [Tensor<1>]) -> Tensor<1> {
    adam_kept(step, 1.0 - step.learning_rate * step.weight_decay, value, gradient, state)
}

/// Kingma & Ba 2015, algorithm 1, with both bias corrections folded into the step size and ε (their section 2),
/// from weights of which a share is kept.
fn adam_kept(
    step: &Step,
    kept: f64,
    value: Tensor<1>,
    gradient: Tensor<1>,
    state: &mut [Tensor<1>],
) -> Tensor<1> {
    let [beta1, beta2] = step.betas;
    let correction = (1.0 - beta2.powi(step.number)).sqrt();
    let rate = step.learning_rate * correction / (1.0 - beta1.powi(step.number));
    let numbers = AdamStep { kept, rate, epsilon: EPSILON * correction, betas: step.betas };
    let averages = [0, 1].map(|slot| take(&mut state[slot], &gradient));
    let [value, first, second] = backend_ext::adam(value, gradient, averages, numbers, &step.sent);
    [state[0], state[1]] = [first, second];
    value
}

/// The numbers of one step of Adam.
#[derive(Clone, Copy, Debug)]
pub struct AdamStep {
    /// What weight decay leaves of a weight.
    pub kept: f64,
    /// The step size, with both bias corrections folded in.
    pub rate: f64,
    pub epsilon: f64,
    pub betas: [f64; 2],
}

/// A tensor out of its place, where any other keeps the seat for the moment: only what has a single owner can be
/// changed in place.
fn take(place: &mut Tensor<1>, seat: &Tensor<1>) -> Tensor<1> {
    std::mem::replace(place, seat.clone())
}

/// The learning rate's factor, 0…1, at `done` of the run (0…1), by the schedule's id.
pub fn schedule(id: &str, done: f64) -> f64 {
    let cosine = |done: f64| 0.5 + 0.5 * (std::f64::consts::PI * done.clamp(0.0, 1.0)).cos();
    match id {
        // As He et al. (2016) train on CIFAR-10.
        "step" => match done {
            ..0.5 => 1.0,
            0.5..0.75 => 0.1,
            _ => 0.01,
        },
        "cosine" => cosine(done),
        // Smith & Topin 2018, in the cosine form: up for a quarter of the run, then down.
        "one_cycle" if done < WARM_UP => 0.1 + 0.9 * done / WARM_UP,
        "one_cycle" => cosine((done - WARM_UP) / (1.0 - WARM_UP)),
        _ => 1.0,
    }
}

const WARM_UP: f64 = 0.25;
