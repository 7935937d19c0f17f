//! Recurrent layers, against Burn's modules, against the same composed of Burn's operations, and against slopes.

use super::{assert_close, assert_slopes, numbers, tensor, values};
use burn::module::Param;
use burn::nn::{GateController, GruConfig, LstmConfig, LstmState, RnnConfig, RnnState};
use burn::tensor::{Device, Gradients, Tensor};
use intab::engine::kernels::recurrent::Recurrent;
use intab::engine::kernels::{backend_ext, sequence_ext};
use intab::engine::recurrent::{Cell, composed, composed_activations};
use intab::random::Random;

const CELLS: [Cell; 3] = [Cell::Rnn, Cell::Lstm, Cell::Gru];

/// batch, time, features, units
const WINDOWS: [[usize; 4]; 9] = [
    [1, 1, 1, 1],
    [3, 5, 7, 6],
    [1, 9, 2, 13],
    [4, 1, 3, 8],
    [5, 4, 4, 9],
    [2, 33, 3, 5],
    [7, 90, 3, 10],
    [6, 3, 16, 32],
    [32, 2, 5, 130],
];

/// A layer with PyTorch's parameters, flat, and what goes into it.
struct Layer {
    cell: Cell,
    units: usize,
    x: Tensor<3>,
    weight_ih: Tensor<1>,
    weight_hh: Tensor<1>,
    bias_ih: Tensor<1>,
    bias_hh: Tensor<1>,
    states: Vec<Tensor<2>>,
}

impl Layer {
    fn new(cell: Cell, [batch, time, features, units]: [usize; 4], random: &mut Random) -> Self {
        let device = Device::flex().autodiff();
        let wide = cell.gates() * units;
        let mut flat = |count: usize| tensor(&numbers(random, count), [count], &device).require_grad();
        let [weight_ih, weight_hh] = [flat(wide * features), flat(wide * units)];
        let [bias_ih, bias_hh] = [flat(wide), flat(wide)];
        let mut state = || tensor(&numbers(random, batch * units), [batch, units], &device).require_grad();
        let states = (0..cell.states()).map(|_| state()).collect();
        let x = tensor(&numbers(random, batch * time * features), [batch, time, features], &device);
        Self { cell, units, x: x.require_grad(), weight_ih, weight_hh, bias_ih, bias_hh, states }
    }

    /// What the input adds to the gates.
    fn projected(&self) -> Tensor<3> {
        let [batch, time, features] = self.x.dims();
        let x = self.x.clone().reshape([batch * time, features]);
        let projected = backend_ext::dense(x, self.weight_ih.clone(), self.bias_ih.clone(), false);
        projected.reshape([batch, time, self.cell.gates() * self.units])
    }

    fn ours(&self) -> (Tensor<3>, Vec<Tensor<2>>) {
        let (weight, bias) = (self.weight_hh.clone(), self.bias_hh.clone());
        sequence_ext::recurrent(self.cell, self.projected(), weight, bias, self.states.clone())
    }

    /// One of Burn's gates with the weights of ours.
    fn gate(&self, gate: usize, to: &mut GateController) {
        let (units, features) = (self.units, self.x.dims()[2]);
        let part = |of: &Tensor<1>, size: usize| of.clone().inner().narrow(0, gate * size, size);
        let matrix = |of: &Tensor<1>, columns: usize| {
            let matrix = part(of, units * columns).reshape([units, columns]).transpose();
            Param::from_tensor(Tensor::from_inner(matrix))
        };
        let bias = |of: &Tensor<1>| Some(Param::from_tensor(Tensor::from_inner(part(of, units))));
        to.input_transform.weight = matrix(&self.weight_ih, features);
        to.hidden_transform.weight = matrix(&self.weight_hh, units);
        to.input_transform.bias = bias(&self.bias_ih);
        to.hidden_transform.bias = bias(&self.bias_hh);
    }

    /// Burn's module: its outputs, and its gates in PyTorch's order.
    fn theirs(&self) -> (Tensor<3>, Vec<Tensor<2>>, Vec<GateController>) {
        let (device, features, units) = (self.x.device(), self.x.dims()[2], self.units);
        let (x, first) = (self.x.clone(), self.states[0].clone());
        match self.cell {
            Cell::Rnn => {
                let mut rnn = RnnConfig::new(features, units, true).init(&device);
                self.gate(0, &mut rnn.gate);
                let (hidden, state) = rnn.forward(x, Some(RnnState::new(first)));
                (hidden, vec![state.hidden], vec![rnn.gate])
            }
            Cell::Lstm => {
                let mut lstm = LstmConfig::new(features, units, true).init(&device);
                self.gate(0, &mut lstm.input_gate);
                self.gate(1, lstm.forget_gate.as_mut().unwrap());
                self.gate(2, &mut lstm.cell_gate);
                self.gate(3, &mut lstm.output_gate);
                let state = LstmState::new(self.states[1].clone(), first);
                let (hidden, state) = lstm.forward(x, Some(state));
                let gates =
                    vec![lstm.input_gate, lstm.forget_gate.unwrap(), lstm.cell_gate, lstm.output_gate];
                (hidden, vec![state.hidden, state.cell], gates)
            }
            Cell::Gru => {
                let mut gru = GruConfig::new(features, units, true).init(&device);
                self.gate(0, &mut gru.reset_gate);
                self.gate(1, &mut gru.update_gate);
                self.gate(2, &mut gru.new_gate);
                let hidden = gru.forward(x, Some(first));
                let [batch, time, _] = hidden.dims();
                let last = hidden.clone().narrow(1, time - 1, 1).reshape([batch, units]);
                (hidden, vec![last], vec![gru.reset_gate, gru.update_gate, gru.new_gate])
            }
        }
    }
}

/// The gradients when random shares of all outputs count.
fn gradients(hidden: &Tensor<3>, last: &[Tensor<2>]) -> Gradients {
    let mut random = Random::new(9, 1);
    let mut share = |count: usize| numbers(&mut random, count);
    let device = hidden.device();
    let count = hidden.dims().iter().product();
    let mut sum = (hidden.clone() * tensor(&share(count), hidden.dims(), &device)).sum();
    for state in last {
        let count = state.dims().iter().product();
        sum = sum + (state.clone() * tensor(&share(count), state.dims(), &device)).sum();
    }
    sum.backward()
}

fn slopes<const D: usize>(of: &Tensor<D>, gradients: &Gradients) -> Vec<f32> {
    values(of.grad(gradients).unwrap())
}

/// Burn's gradients of one part of all gates, flat in PyTorch's layout.
fn of_gates(gates: &[GateController], gradients: &Gradients, part: [bool; 2]) -> Vec<f32> {
    let [of_hidden, of_bias] = part;
    let one = |gate: &GateController| {
        let linear = if of_hidden { &gate.hidden_transform } else { &gate.input_transform };
        if of_bias {
            slopes(&linear.bias.as_ref().unwrap().val(), gradients)
        } else {
            values(linear.weight.val().grad(gradients).unwrap().transpose())
        }
    };
    gates.iter().flat_map(one).collect()
}

#[test]
fn recurrent_layers_are_burns() {
    let mut random = Random::new(11, 0);
    for cell in CELLS {
        for window in WINDOWS {
            let layer = Layer::new(cell, window, &mut random);
            let name = |part: &str| format!("{part} of {cell:?} {window:?}");
            let (hidden, last) = layer.ours();
            let (their_hidden, their_last, gates) = layer.theirs();
            assert_close(&values(hidden.clone()), &values(their_hidden.clone()), &name("hidden states"));
            assert_eq!(last.len(), their_last.len());
            for (ours, theirs) in last.iter().zip(&their_last) {
                assert_close(&values(ours.clone()), &values(theirs.clone()), &name("last state"));
            }
            let ours = gradients(&hidden, &last);
            let theirs = gradients(&their_hidden, &their_last);
            assert_close(&slopes(&layer.x, &ours), &slopes(&layer.x, &theirs), &name("input's gradient"));
            for state in &layer.states {
                let [ours, theirs] = [slopes(state, &ours), slopes(state, &theirs)];
                assert_close(&ours, &theirs, &name("first state's gradient"));
            }
            for (parameter, part, what) in [
                (&layer.weight_ih, [false, false], "weight_ih's gradient"),
                (&layer.weight_hh, [true, false], "weight_hh's gradient"),
                (&layer.bias_ih, [false, true], "bias_ih's gradient"),
                (&layer.bias_hh, [true, true], "bias_hh's gradient"),
            ] {
                assert_close(&slopes(parameter, &ours), &of_gates(&gates, &theirs, part), &name(what));
            }
        }
    }
}

/// What runs on a GPU is composed; here both run on the same numbers, with what can be looked at.
#[test]
fn composed_layers_are_the_kernels() {
    let mut random = Random::new(12, 0);
    for cell in CELLS {
        for window in [[3, 5, 4, 6], [1, 1, 1, 1], [2, 7, 3, 9]] {
            let layer = Layer::new(cell, window, &mut random);
            let given = || (layer.projected(), layer.weight_hh.clone(), layer.bias_hh.clone());
            let (projected, weight, bias) = given();
            let (hidden, last) = composed(cell, projected, weight, bias, layer.states.clone());
            let (our_hidden, our_last) = layer.ours();
            let name = |part: &str| format!("{part} of {cell:?} {window:?}");
            assert_close(&values(our_hidden.clone()), &values(hidden.clone()), &name("hidden states"));
            let (ours, theirs) = (gradients(&our_hidden, &our_last), gradients(&hidden, &last));
            for parameter in [&layer.weight_hh, &layer.bias_hh, &layer.weight_ih] {
                assert_close(&slopes(parameter, &ours), &slopes(parameter, &theirs), &name("gradient"));
            }
            let (projected, weight, bias) = given();
            let (projected, weight, bias) = (projected.inner(), weight.inner(), bias.inner());
            let states: Vec<_> = layer.states.iter().map(|state| state.clone().inner()).collect();
            let ours = sequence_ext::activations(
                cell,
                projected.clone(),
                weight.clone(),
                bias.clone(),
                states.clone(),
            );
            assert_eq!(ours.dims(), [window[0], window[1], cell.activations().len(), window[3]]);
            let theirs = composed_activations(cell, projected, weight, bias, states);
            assert_close(&values(ours), &values(theirs), &name("activations"));
        }
    }
}

/// The gradient in its own right: central differences of a weighted sum of the outputs.
#[test]
fn gradients_are_slopes() {
    let mut random = Random::new(13, 0);
    for cell in CELLS {
        let of = Recurrent { cell, batch: 2, time: 4, units: 5 };
        let wide = cell.gates() * 5;
        let [x, weight, bias] = [8 * wide, wide * 5, wide].map(|count| numbers(&mut random, count));
        let [h, c, share, share_last] = [10, 10, 40, 10].map(|count| numbers(&mut random, count));
        let states = |h: &[f32], c: &[f32]| [h.to_vec(), c.to_vec()][..cell.states()].to_vec();
        let walk = |x: &[f32], weight: &[f32], bias: &[f32], states: &[Vec<f32>]| {
            of.forward(x, weight, bias, &states.iter().map(Vec::as_slice).collect::<Vec<_>>())
        };
        let sum = |x: &[f32], weight: &[f32], bias: &[f32], states: &[Vec<f32>]| -> f64 {
            let walked = walk(x, weight, bias, states);
            let last = walked.last.get(1).into_iter().flatten().zip(&share_last);
            let all = walked.hidden.iter().zip(&share).chain(last);
            all.map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
        };
        let first = states(&h, &c);
        let walked = walk(&x, &weight, &bias, &first);
        let views: Vec<_> = first.iter().map(Vec::as_slice).collect();
        let of_last = &share_last[..if cell.states() > 1 { 10 } else { 0 }];
        let found = of.gradients(&weight, &views, [&walked.hidden, &walked.activations], [&share, of_last]);
        assert_slopes(&x, &found.projected, |x| sum(x, &weight, &bias, &first));
        assert_slopes(&weight, &found.weight, |weight| sum(&x, weight, &bias, &first));
        assert_slopes(&bias, &found.bias, |bias| sum(&x, &weight, bias, &first));
        assert_slopes(&h, &found.states[0], |h| sum(&x, &weight, &bias, &states(h, &c)));
        if cell.states() > 1 {
            assert_slopes(&c, &found.states[1], |c| sum(&x, &weight, &bias, &states(&h, c)));
        }
    }
}

/// Two windows with the state carried over are one long window.
#[test]
fn a_carried_state_goes_on_where_it_was() {
    let mut random = Random::new(14, 0);
    for cell in CELLS {
        let layer = Layer::new(cell, [3, 8, 4, 6], &mut random);
        let (hidden, last) = layer.ours();
        let half = |from: usize, states: Vec<Tensor<2>>| {
            let projected = layer.projected().narrow(1, from, 4);
            sequence_ext::recurrent(cell, projected, layer.weight_hh.clone(), layer.bias_hh.clone(), states)
        };
        let (first, between) = half(0, layer.states.clone());
        let (second, end) = half(4, between);
        assert_eq!(values(Tensor::cat(vec![first, second], 1)), values(hidden), "{cell:?}");
        for (end, last) in end.into_iter().zip(last) {
            assert_eq!(values(end), values(last), "{cell:?}");
        }
    }
}

/// A diverged run must look diverged.
#[test]
fn not_a_number_stays_so() {
    for cell in CELLS {
        let of = Recurrent { cell, batch: 1, time: 2, units: 3 };
        let wide = cell.gates() * 3;
        let (zeros, weight) = (vec![0.0; 3], vec![0.1; wide * 3]);
        let states: Vec<&[f32]> = vec![&zeros; cell.states()];
        let walked = of.forward(&vec![f32::NAN; 2 * wide], &weight, &vec![0.0; wide], &states);
        assert!(walked.hidden.iter().all(|v| v.is_nan()), "{cell:?}");
    }
}
