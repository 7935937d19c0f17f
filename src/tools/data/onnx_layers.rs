//! From the nodes of an ONNX file to the layers of a network that comes trained, with their weights: each node is understood
//! wholly or the file is refused.

use super::onnx::{Graph, Node, Tensor};
use crate::pretrained::{Activation, Layer, Op, Padding};
use crate::tools::Result;
use std::collections::HashMap;

/// A layer as the file has it; its name says only where it stands.
pub struct Found {
    pub layer: Layer,
    /// Weight, with the shape that `Layer::weight` gives, and bias; none for a layer without.
    pub weights: Option<[Vec<f32>; 2]>,
}

/// No map of a network that is meant for a tab is higher, wider or deeper.
const LONGEST: usize = 1 << 16;

/// What a name in the file stands for.
#[derive(Clone, Debug)]
enum Value {
    Picture,
    /// Every other row or column of the picture, from this one on; none where all of them are there.
    Sliced([Option<usize>; 2]),
    Layer(usize),
    /// 1 / (1 + e⁻ˣ) of a layer, which may yet be multiplied by it.
    Gate(usize),
    /// A layer's places in a row, `[1, channels, places]`.
    Places(usize),
    /// Those of several layers, one after the other; the last turned, `[1, places, channels]`.
    AllPlaces(Vec<usize>),
    Output(Vec<usize>),
}

struct Reader<'a> {
    tensors: HashMap<&'a str, &'a Tensor>,
    values: HashMap<&'a str, Value>,
    /// How many nodes read a name.
    readers: HashMap<&'a str, usize>,
    found: Vec<Found>,
    /// `[3, height, width]`
    picture: [usize; 3],
}

/// All layers in the file's order, and those whose outputs, place by place, are the network's.
pub fn layers(graph: &Graph) -> Result<(Vec<Found>, Vec<usize>)> {
    let [input] = graph.input.as_slice() else { return Err("it has not just one input".into()) };
    let picture = match input.shape()[..] {
        [1, 3, height @ 1..4096, width @ 1..4096] => [3, height as usize, width as usize],
        ref other => return Err(format!("its input is {other:?}, not one picture")),
    };
    let mut readers = HashMap::new();
    for name in graph.node.iter().flat_map(|node| &node.input) {
        *readers.entry(name.as_str()).or_default() += 1;
    }
    let tensors = graph.initializer.iter().map(|tensor| (tensor.name.as_str(), tensor)).collect();
    let values = HashMap::from([(input.name.as_str(), Value::Picture)]);
    let mut reader = Reader { tensors, values, readers, found: Vec::new(), picture };
    for (at, node) in graph.node.iter().enumerate() {
        let value = reader.node(node).map_err(|why| format!("its node {at}, {}: {why}", node.op_type))?;
        let [name] = node.output.as_slice() else {
            return Err(format!("its node {at} has {} outputs", node.output.len()));
        };
        reader.values.insert(name, value);
    }
    match graph.output.as_slice() {
        [output] => match reader.values.get(output.name.as_str()) {
            Some(Value::Output(layers)) => Ok((reader.found, layers.clone())),
            other => Err(format!("its output is {other:?}")),
        },
        outputs => Err(format!("it has {} outputs", outputs.len())),
    }
}

impl<'a> Reader<'a> {
    fn node(&mut self, node: &'a Node) -> Result<Value> {
        match node.op_type.as_str() {
            "Slice" => self.slice(node),
            "Conv" => self.convolution(node),
            "Sigmoid" => self.layer(node, 0).map(Value::Gate),
            "Mul" => self.product(node),
            "Add" => self.sum(node),
            "MaxPool" => self.pool(node),
            "Resize" => self.resize(node),
            "Concat" => self.concat(node),
            "Reshape" => match (self.layer(node, 0)?, self.integers(node, 1)?.as_slice()) {
                (layer, &[1, channels, -1]) if channels == self.found[layer].layer.to[0] as i64 => {
                    Ok(Value::Places(layer))
                }
                (_, other) => Err(format!("to {other:?}")),
            },
            "Transpose" => match (self.value(node, 0)?, node.ints("perm")) {
                (Value::AllPlaces(layers), [0, 2, 1]) => Ok(Value::Output(layers)),
                (value, order) => Err(format!("{value:?} by {order:?}")),
            },
            _ => Err("nobody here knows this operator".into()),
        }
    }

    fn value(&self, node: &Node, at: usize) -> Result<Value> {
        let name = node.input.get(at).ok_or("an input is missing")?;
        let value =
            self.values.get(name.as_str()).ok_or_else(|| format!("there is no “{name}” before it"))?;
        Ok(value.clone())
    }

    fn layer(&self, node: &Node, at: usize) -> Result<usize> {
        match self.value(node, at)? {
            Value::Layer(layer) => Ok(layer),
            other => Err(format!("it reads {other:?}")),
        }
    }

    fn integers(&self, node: &Node, at: usize) -> Result<Vec<i64>> {
        let tensor = node.input.get(at).and_then(|name| self.tensors.get(name.as_str()));
        tensor
            .and_then(|t| t.integers())
            .ok_or_else(|| format!("its input {at} is not a list of whole numbers"))
    }

    fn floats(&self, node: &Node, at: usize, shape: &[usize]) -> Result<Vec<f32>> {
        let tensor = node.input.get(at).and_then(|name| self.tensors.get(name.as_str()));
        let tensor = tensor.ok_or_else(|| format!("its input {at} is missing"))?;
        let values = tensor.floats().filter(|_| tensor.shape().is_some_and(|found| found == shape));
        let values = values.ok_or_else(|| format!("its input {at} is not {shape:?} fractions"))?;
        match values.iter().all(|value| value.is_finite()) {
            true => Ok(values),
            false => Err(format!("its input {at} has values that are no numbers")),
        }
    }

    fn push(
        &mut self,
        op: Op,
        inputs: Vec<usize>,
        channels: usize,
        weights: Option<[Vec<f32>; 2]>,
    ) -> Result<usize> {
        let to = |&input: &usize| self.found[input].layer.to;
        let [_, height, width] = inputs.first().map_or(self.picture, to);
        let all = inputs.iter().map(|input| to(input)[0]).sum();
        let from = [if inputs.is_empty() { self.picture[0] } else { all }, height, width];
        let to = [channels, op.length(height), op.length(width)];
        if from.iter().chain(&to).any(|length| *length > LONGEST) {
            return Err(format!("it makes {to:?} of {from:?}"));
        }
        let layer = Layer {
            name: self.found.len().to_string(),
            part: String::new(),
            op,
            padding: Padding::Centred,
            activation: Activation::Nothing,
            adds: None,
            inputs,
            from,
            to,
        };
        self.found.push(Found { layer, weights });
        Ok(self.found.len() - 1)
    }

    /// Every other row or column. Inputs: data, starts, ends, axes, steps.
    fn slice(&mut self, node: &Node) -> Result<Value> {
        let numbers = [1, 2, 3, 4].map(|at| self.integers(node, at));
        let [start, end, axis, step] =
            numbers.map(|list| list.ok().and_then(|list| <[i64; 1]>::try_from(list).ok()));
        let mut from = match self.value(node, 0)? {
            Value::Picture => [None, None],
            Value::Sliced(from) => from,
            other => return Err(format!("it reads {other:?}")),
        };
        match (start, end, axis, step) {
            (Some([start @ 0..=1]), Some([i64::MAX]), Some([axis @ 2..=3]), Some([2])) => {
                let axis = axis as usize - 2;
                match from[axis].replace(start as usize) {
                    None => Ok(Value::Sliced(from)),
                    Some(_) => Err("an axis is sliced twice".into()),
                }
            }
            other => Err(format!("{other:?} is not every other row or column")),
        }
    }

    fn convolution(&mut self, node: &Node) -> Result<Value> {
        let input = self.layer(node, 0)?;
        let channels = self.found[input].layer.to[0];
        let shape =
            node.input.get(1).and_then(|name| self.tensors.get(name.as_str())).and_then(|t| t.shape());
        let Some([filters, seen, kernel, _]) =
            shape.clone().and_then(|shape| <[usize; 4]>::try_from(shape).ok())
        else {
            return Err(format!("its weight is {shape:?}"));
        };
        let stride = match node.ints("strides") {
            [1, 1] => 1,
            [2, 2] => 2,
            other => return Err(format!("strides {other:?}")),
        };
        let odd = kernel % 2 == 1 && node.ints("pads") == [(kernel / 2) as i64; 4];
        if !odd || node.ints("dilations") != [1, 1] {
            return Err(format!("padding {:?}, dilation {:?}", node.ints("pads"), node.ints("dilations")));
        }
        let group = node.int("group").unwrap_or(1);
        let op = match (kernel, group as usize) {
            (1, 1) if stride == 1 && seen == channels => Op::Pointwise,
            (_, 1) if seen == channels => Op::Conv { kernel, stride },
            (_, group) if group == channels && seen == 1 && filters == channels => {
                Op::Depthwise { kernel, stride }
            }
            (_, group) => return Err(format!("{group} groups of {seen} channels")),
        };
        let weight = self.floats(node, 1, &[filters, seen, kernel, kernel])?;
        let bias = self.floats(node, 2, &[filters])?;
        self.push(op, vec![input], filters, Some([weight, bias])).map(Value::Layer)
    }

    /// Whoever changes a layer must be the only one that reads it as it was.
    fn only_reader(&self, name: &str, readers: usize) -> Result<()> {
        match self.readers.get(name) {
            Some(&count) if count == readers => Ok(()),
            count => Err(format!("{count:?} nodes read “{name}” where {readers} should")),
        }
    }

    /// x · σ(x), in either order.
    fn product(&mut self, node: &Node) -> Result<Value> {
        let (layer, gate, names) = match (self.value(node, 0)?, self.value(node, 1)?) {
            (Value::Layer(layer), Value::Gate(gate)) => (layer, gate, [0, 1]),
            (Value::Gate(gate), Value::Layer(layer)) => (layer, gate, [1, 0]),
            other => return Err(format!("of {other:?}")),
        };
        self.only_reader(&node.input[names[0]], 2)?;
        self.only_reader(&node.input[names[1]], 1)?;
        self.activate(layer, Activation::Silu).filter(|_| layer == gate).ok_or("it multiplies two layers")?;
        Ok(Value::Layer(layer))
    }

    /// None if the layer has one already, or something was added to it.
    fn activate(&mut self, layer: usize, activation: Activation) -> Option<()> {
        let layer = &mut self.found[layer].layer;
        let free =
            layer.activation == Activation::Nothing && layer.adds.is_none() && layer.weight().is_some();
        free.then(|| layer.activation = activation)
    }

    /// A layer and an earlier one.
    fn sum(&mut self, node: &Node) -> Result<Value> {
        let (layer, other) = (self.layer(node, 0)?, self.layer(node, 1)?);
        self.only_reader(&node.input[0], 1)?;
        let same = self.found[layer].layer.to == self.found[other].layer.to;
        let layer_ = &mut self.found[layer].layer;
        if other >= layer || !same || layer_.adds.is_some() || layer_.weight().is_none() {
            return Err(format!("of layers {layer} and {other}"));
        }
        layer_.adds = Some(other);
        Ok(Value::Layer(layer))
    }

    fn pool(&mut self, node: &Node) -> Result<Value> {
        let input = self.layer(node, 0)?;
        let &[kernel @ (3 | 5 | 7 | 9 | 11 | 13), other] = node.ints("kernel_shape") else {
            return Err(format!("{:?}", node.ints("kernel_shape")));
        };
        let centred = node.ints("pads") == [kernel / 2; 4] && node.ints("strides") == [1, 1];
        if kernel != other || !centred || node.int("ceil_mode").unwrap_or(0) != 0 {
            return Err(format!("padding {:?}, strides {:?}", node.ints("pads"), node.ints("strides")));
        }
        let channels = self.found[input].layer.to[0];
        self.push(Op::MaxPool { kernel: kernel as usize }, vec![input], channels, None).map(Value::Layer)
    }

    /// Twice as high and wide. Inputs: data, region, scales.
    fn resize(&mut self, node: &Node) -> Result<Value> {
        let input = self.layer(node, 0)?;
        let twice = self.floats(node, 2, &[4])? == [1.0, 1.0, 2.0, 2.0];
        let how = ["mode", "coordinate_transformation_mode", "nearest_mode"].map(|name| node.text(name));
        if !twice || how != [Some(b"nearest".as_slice()), Some(b"asymmetric"), Some(b"floor")] {
            return Err("it is not the nearest of half as many".into());
        }
        let channels = self.found[input].layer.to[0];
        self.push(Op::Upsample, vec![input], channels, None).map(Value::Layer)
    }

    fn concat(&mut self, node: &Node) -> Result<Value> {
        let values: Vec<Value> =
            (0..node.input.len()).map(|at| self.value(node, at)).collect::<Result<_>>()?;
        match (node.int("axis"), values.first()) {
            (Some(1), Some(Value::Sliced(_))) => {
                let places = values.iter().map(|value| match value {
                    Value::Sliced([Some(row), Some(column)]) => Some((*row, *column)),
                    _ => None,
                });
                if !places.eq([(0, 0), (1, 0), (0, 1), (1, 1)].map(Some)) {
                    return Err(format!("of {values:?}"));
                }
                let channels = 4 * self.picture[0];
                self.push(Op::SpaceToDepth, Vec::new(), channels, None).map(Value::Layer)
            }
            (Some(1), _) => {
                let inputs = (0..values.len())
                    .map(|at| self.part(node, at, &values[at]))
                    .collect::<Result<Vec<_>>>()?;
                let sizes = |&input: &usize| &self.found[input].layer.to[1..];
                if inputs.windows(2).any(|two| sizes(&two[0]) != sizes(&two[1])) || inputs.is_empty() {
                    return Err("of maps of several sizes".into());
                }
                let channels = inputs.iter().map(|&input| self.found[input].layer.to[0]).sum();
                self.push(Op::Concat, inputs, channels, None).map(Value::Layer)
            }
            (Some(2), _) => {
                let place = |value: Value| match value {
                    Value::Places(layer) => Ok(layer),
                    other => Err(format!("of {other:?}")),
                };
                Ok(Value::AllPlaces(values.into_iter().map(place).collect::<Result<_>>()?))
            }
            (axis, _) => Err(format!("along {axis:?}")),
        }
    }

    /// A layer, whose gate nobody multiplies by it: then it is its activation.
    fn part(&mut self, node: &Node, at: usize, value: &Value) -> Result<usize> {
        match *value {
            Value::Layer(layer) => Ok(layer),
            Value::Gate(layer) => {
                self.only_reader(&node.input[at], 1)?;
                self.activate(layer, Activation::Sigmoid).ok_or("it has an activation already")?;
                Ok(layer)
            }
            ref other => Err(format!("of {other:?}")),
        }
    }
}
