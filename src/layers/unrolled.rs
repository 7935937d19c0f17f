//! How one number of a recurrent cell came to be, at one step of a sequence: the pieces that `rnn`, `lstm` and `gru` are
//! explained by.

use super::LayerSpec;
use super::working::{Factor, Operand, Position, Step, activated, given};

/// What a cell passes on, by the name that its strip has.
pub const HIDDEN: &str = "hidden";

/// What the numbers of one unit are worked out from, at one step.
pub struct Unrolled<'a> {
    /// The unit is the map, the step is the row.
    pub place: Position,
    /// What comes in at this step, `[features]`.
    pub input: &'a [f32],
    /// The hidden state of the step before, `[units]`; empty at the first step, before which it is 0.
    pub before: &'a [f32],
    /// It reads from the end: the step before is the next one of the sequence.
    pub from_end: bool,
    /// The map of the first unit that reads in the same direction.
    pub first: usize,
    /// The unit's rows of a parameter, one for each gate: `[gates, features]`, `[gates, units]` or `[gates]`.
    pub weights: &'a dyn Fn(&str) -> &'a [f32],
    /// The unit's number of a name at the step before (false) or at this one (true).
    pub number: &'a dyn Fn(bool, &str) -> f64,
}

/// A number of a product.
pub struct Term {
    pub input: Operand,
    name: &'static str,
    complement: bool,
}

impl Term {
    /// What an earlier step of the same arithmetic gave.
    pub fn given(name: &'static str, x: f64) -> Self {
        Self { input: Operand { from: None, x }, name, complement: false }
    }

    /// One minus the number.
    pub fn complement(self) -> Self {
        Self { complement: true, ..self }
    }
}

impl Unrolled<'_> {
    /// The unit's number of this name at this step.
    pub fn now(&self, name: &'static str) -> Term {
        self.term(true, name)
    }

    /// The same at the step before: 0 at the first step.
    pub fn past(&self, name: &'static str) -> Term {
        self.term(false, name)
    }

    fn term(&self, now: bool, name: &'static str) -> Term {
        let gate = (name != HIDDEN).then_some(name);
        let row = if now { Some(self.place.row) } else { self.row_before() };
        let from = row.map(|row| Position { gate, row, ..self.place });
        let x = if from.is_some() { (self.number)(now, name) } else { 0.0 };
        Term { input: Operand { from, x }, name, complement: false }
    }

    /// Of what it has read before this step; none at the first one.
    fn row_before(&self) -> Option<usize> {
        let row = self.place.row;
        let before = if self.from_end { Some(row + 1) } else { row.checked_sub(1) };
        before.filter(|_| !self.before.is_empty())
    }

    /// W_ih x + b_ih of a gate, by its place in PyTorch's order.
    pub fn from_below(&self, gate: usize) -> Step {
        let layer = self.place.layer.and_then(|layer| layer.checked_sub(1));
        let from = |map| Some(Position { layer, gate: None, map, ..self.place });
        self.weighted(self.input, from, ["weight_ih_l0", "bias_ih_l0"], gate)
    }

    /// W_hh h₋₁ + b_hh of a gate.
    pub fn from_before(&self, gate: usize) -> Step {
        let row = self.row_before();
        let from = |map| row.map(|row| Position { gate: None, map: self.first + map, row, ..self.place });
        self.weighted(self.before, from, ["weight_hh_l0", "bias_hh_l0"], gate)
    }

    fn weighted(
        &self,
        numbers: &[f32],
        from: impl Fn(usize) -> Option<Position>,
        [weight, bias]: [&str; 2],
        gate: usize,
    ) -> Step {
        let operand = |(map, x): (usize, &f32)| Operand { from: from(map), x: (*x).into() };
        let cells: Vec<Operand> = numbers.iter().enumerate().map(operand).collect();
        let row = (self.weights)(weight).chunks_exact(numbers.len().max(1)).nth(gate).unwrap_or_default();
        let weights: Vec<f64> = row.iter().take(cells.len()).map(|w| f64::from(*w)).collect();
        let sums: Vec<f64> = cells.iter().zip(&weights).map(|(cell, weight)| cell.x * weight).collect();
        let bias = (self.weights)(bias).get(gate).map(|b| f64::from(*b));
        let out = sums.iter().sum::<f64>() + bias.unwrap_or(0.0);
        Step::Weighted { side: 1, cells, weights, sums, bias, out }
    }

    /// The sum of both, squashed.
    pub fn gate(&self, gate: usize, squash: LayerSpec) -> Vec<Step> {
        let (below, before) = (self.from_below(gate), self.from_before(gate));
        let both = [("below", below.out()), ("before", before.out())];
        let sum = products(both.map(|(name, x)| vec![Term::given(name, x)]).into());
        let squashed = activated(squash, given(std::slice::from_ref(&sum)));
        vec![below, before, sum, squashed]
    }
}

/// Σ of products.
pub fn products(terms: Vec<Vec<Term>>) -> Step {
    let mut cells = Vec::new();
    let mut out = 0.0;
    let mut factors = Vec::with_capacity(terms.len());
    for term in terms {
        let mut product = 1.0;
        let mut of_term = Vec::with_capacity(term.len());
        for Term { input, name, complement } in term {
            product *= if complement { 1.0 - input.x } else { input.x };
            of_term.push(Factor { cell: cells.len(), name, complement });
            cells.push(input);
        }
        out += product;
        factors.push(of_term);
    }
    Step::Products { cells, terms: factors, out }
}
