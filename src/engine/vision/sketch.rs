//! A network that draws: Sketch-RNN's decoder, an LSTM that reads the pen's moves and says where the pen may go next.

use super::weights::Weights;
use crate::engine::kernels::dense::Dense;
use crate::engine::kernels::recurrent::{Recurrent, RecurrentWeight};
use crate::engine::platform_now;
use crate::engine::recurrent::Cell;
use crate::protocol::sketch::{MOST_ENDINGS, SketchQuestion, Sketched};
use crate::protocol::{Failure, FailureKind};
use crate::random::Random;
use crate::sampling::stroke::NextMove;
use crate::sketch::moves::{Pen, PenMove};
use crate::sketch::{GATES, INPUTS, OUTPUTS, Sketcher, TENSORS, UNITS};

/// Which random numbers these are; each ending has a stream of its own.
const PURPOSE: u64 = 0x5ce7 << 40;

/// Of a longer beginning, the end is read.
const MAX_BEGUN: usize = 1000;

/// The weights, laid out for the kernels.
pub struct Decoder {
    pub about: &'static Sketcher,
    input: Vec<f32>,
    bias: Vec<f32>,
    recurrent: RecurrentWeight,
    output: Vec<f32>,
    output_bias: Vec<f32>,
}

/// What the LSTM carries from move to move, of several drawings at once: h and c, `[drawings, units]` each.
#[derive(Clone)]
pub struct Memory([Vec<f32>; 2]);

impl Memory {
    pub fn empty(drawings: usize) -> Self {
        Self([(); 2].map(|()| vec![0.0; drawings * UNITS]))
    }

    /// The first drawing's memory, `count` times.
    fn repeated(&self, count: usize) -> Self {
        let Self(states) = self;
        Self(states.each_ref().map(|state| state[..UNITS].repeat(count)))
    }

    /// Without the drawings for which `keep` is false.
    fn retain(&mut self, keep: &[bool]) {
        for state in &mut self.0 {
            let rows = state.chunks_exact(UNITS).zip(keep).filter(|(_, keep)| **keep);
            *state = rows.flat_map(|(row, _)| row).copied().collect();
        }
    }
}

impl Decoder {
    /// An error says which tensor is not as it should be.
    pub fn new(about: &'static Sketcher, weights: &Weights) -> Result<Self, String> {
        let tensor = |at: usize| weights.tensor(TENSORS[at].0, TENSORS[at].1);
        Ok(Self {
            about,
            input: tensor(0)?.to_vec(),
            recurrent: RecurrentWeight::of(tensor(1)?, UNITS),
            bias: tensor(2)?.to_vec(),
            output: tensor(3)?.to_vec(),
            output_bias: tensor(4)?.to_vec(),
        })
    }

    /// One move of each drawing → the outputs for its next one, `[drawings, OUTPUTS]`.
    pub fn step(&self, moves: &[PenMove], memory: &mut Memory) -> Vec<f32> {
        let drawings = moves.len();
        let encoded: Vec<f32> = moves.iter().flat_map(|step| step.encoded(self.about.scale)).collect();
        let gates = Dense { batch: drawings, features: INPUTS, units: GATES * UNITS, relu: false };
        let projected = gates.forward(&encoded, &self.input, &self.bias);
        let lstm = Recurrent { cell: Cell::Lstm, batch: drawings, time: 1, units: UNITS };
        let Memory([hidden, cell]) = memory;
        let after = lstm.forward_with(&projected, &self.recurrent, &[0.0; GATES * UNITS], &[hidden, cell]);
        for (state, after) in memory.0.iter_mut().zip(after.last) {
            *state = after;
        }
        let output = Dense { batch: drawings, features: UNITS, units: OUTPUTS, relu: false };
        output.forward(&memory.0[0], &self.output, &self.output_bias)
    }

    fn next(&self, outputs: &[f32]) -> NextMove {
        NextMove::of(outputs, self.about.scale)
    }
}

/// Reads what was begun, and finishes it as often as it is asked.
pub fn finish(decoder: &Decoder, question: &SketchQuestion) -> Result<Sketched, Failure> {
    let began = platform_now();
    let mut memory = Memory::empty(1);
    let skipped = question.begun.len().saturating_sub(MAX_BEGUN);
    let begun = &question.begun[skipped..];
    let count = usize::from(question.endings.min(MOST_ENDINGS));
    let mut expected = Vec::new();
    let mut outputs = Vec::new();
    for step in [PenMove::START].iter().chain(begun) {
        outputs = decoder.step(&[*step], &mut memory);
        if count == 0 {
            expected.push(decoder.next(&outputs));
        }
    }
    let mut steps = 1 + begun.len() as u32;
    let mut endings = vec![Vec::new(); count];
    let mut open = Open {
        numbers: (0..count).collect(),
        random: (0..count as u64).map(|ending| Random::new(question.seed, PURPOSE + ending)).collect(),
        memory: memory.repeated(count),
        outputs: outputs.repeat(count),
    };
    for _ in begun.len()..decoder.about.longest.max(begun.len() + 1) {
        if open.numbers.is_empty() {
            break;
        }
        let drawn = open.draw(decoder, question.temperature)?;
        open.numbers.iter().zip(&drawn).for_each(|(ending, step)| endings[*ending].push(*step));
        open.go_on(decoder, drawn);
        steps += u32::from(!open.numbers.is_empty());
    }
    let milliseconds_per_step = (platform_now() - began) * 1000.0 / f64::from(steps);
    Ok(Sketched { endings, expected, milliseconds_per_step, steps })
}

/// The drawings that are not over yet.
struct Open {
    /// Which of the endings each is.
    numbers: Vec<usize>,
    random: Vec<Random>,
    memory: Memory,
    outputs: Vec<f32>,
}

impl Open {
    fn draw(&mut self, decoder: &Decoder, temperature: f32) -> Result<Vec<PenMove>, Failure> {
        let next = self.outputs.chunks_exact(OUTPUTS).map(|outputs| decoder.next(outputs));
        let drawn = next.zip(&mut self.random).map(|(next, random)| next.draw(temperature, random));
        drawn.collect::<Option<_>>().ok_or_else(|| {
            let what = "The network does not know how to go on from this drawing.";
            Failure::new(FailureKind::Input, what, "Clear the paper and begin again.")
        })
    }

    /// Those that are over are left out; the others take their step, if there are any.
    fn go_on(&mut self, decoder: &Decoder, mut drawn: Vec<PenMove>) {
        let keep: Vec<bool> = drawn.iter().map(|step| step.pen != Pen::End).collect();
        retain(&mut self.numbers, &keep);
        retain(&mut self.random, &keep);
        retain(&mut drawn, &keep);
        self.memory.retain(&keep);
        if !drawn.is_empty() {
            self.outputs = decoder.step(&drawn, &mut self.memory);
        }
    }
}

/// Without the items for which `keep` is false.
fn retain<T>(items: &mut Vec<T>, keep: &[bool]) {
    let mut keep = keep.iter();
    items.retain(|_| keep.next() == Some(&true));
}
