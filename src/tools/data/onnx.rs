//! The part of an ONNX file (onnx.ai, “onnx.proto”, version 3 of its format) that describes a network: protocol buffers,
//! read by `prost`. Nothing in it is executed; fields that are not named here are skipped.

use crate::tools::Result;
use prost::Message;

/// Of `TensorProto.DataType`.
const FLOAT: i32 = 1;
const INT64: i32 = 7;

#[derive(Clone, PartialEq, Message)]
struct Model {
    #[prost(message, optional, tag = "7")]
    graph: Option<Graph>,
    #[prost(message, repeated, tag = "8")]
    opset_import: Vec<OperatorSet>,
}

#[derive(Clone, PartialEq, Message)]
struct OperatorSet {
    #[prost(string, tag = "1")]
    domain: String,
    #[prost(int64, tag = "2")]
    version: i64,
}

#[derive(Clone, PartialEq, Message)]
pub struct Graph {
    /// A node stands behind those whose outputs it reads.
    #[prost(message, repeated, tag = "1")]
    pub node: Vec<Node>,
    #[prost(message, repeated, tag = "5")]
    pub initializer: Vec<Tensor>,
    #[prost(message, repeated, tag = "11")]
    pub input: Vec<ValueInfo>,
    #[prost(message, repeated, tag = "12")]
    pub output: Vec<ValueInfo>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Node {
    #[prost(string, repeated, tag = "1")]
    pub input: Vec<String>,
    #[prost(string, repeated, tag = "2")]
    pub output: Vec<String>,
    #[prost(string, tag = "4")]
    pub op_type: String,
    #[prost(message, repeated, tag = "5")]
    attribute: Vec<Attribute>,
}

#[derive(Clone, PartialEq, Message)]
struct Attribute {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(int64, tag = "3")]
    i: i64,
    #[prost(bytes = "vec", tag = "4")]
    s: Vec<u8>,
    #[prost(int64, repeated, tag = "8")]
    ints: Vec<i64>,
}

#[derive(Clone, PartialEq, Message)]
pub struct ValueInfo {
    #[prost(string, tag = "1")]
    pub name: String,
    #[prost(message, optional, tag = "2")]
    kind: Option<Kind>,
}

#[derive(Clone, PartialEq, Message)]
struct Kind {
    #[prost(message, optional, tag = "1")]
    tensor: Option<TensorKind>,
}

#[derive(Clone, PartialEq, Message)]
struct TensorKind {
    #[prost(message, optional, tag = "2")]
    shape: Option<Shape>,
}

#[derive(Clone, PartialEq, Message)]
struct Shape {
    #[prost(message, repeated, tag = "1")]
    dim: Vec<Dimension>,
}

#[derive(Clone, PartialEq, Message)]
struct Dimension {
    #[prost(int64, tag = "1")]
    value: i64,
}

#[derive(Clone, PartialEq, Message)]
pub struct Tensor {
    #[prost(int64, repeated, tag = "1")]
    dims: Vec<i64>,
    #[prost(int32, tag = "2")]
    data_type: i32,
    #[prost(float, repeated, tag = "4")]
    float_data: Vec<f32>,
    #[prost(int64, repeated, tag = "7")]
    int64_data: Vec<i64>,
    #[prost(string, tag = "8")]
    pub name: String,
    #[prost(bytes = "vec", tag = "9")]
    raw_data: Vec<u8>,
}

/// The network of a file, whose operators mean what version 11 of ONNX's say.
pub fn read(bytes: &[u8]) -> Result<Graph> {
    let model = Model::decode(bytes).map_err(|e| format!("it is not an ONNX file: {e}"))?;
    let own = model.opset_import.iter().find(|set| set.domain.is_empty());
    match own.map(|set| set.version) {
        Some(11) => model.graph.ok_or_else(|| "it has no graph".into()),
        Some(other) => Err(format!("its operators are of version {other}; 11 can be read")),
        None => Err("it does not say which version its operators are of".into()),
    }
}

impl Node {
    /// A list of whole numbers; empty if there is none.
    pub fn ints(&self, name: &str) -> &[i64] {
        self.attribute(name).map_or(&[], |attribute| &attribute.ints)
    }

    pub fn int(&self, name: &str) -> Option<i64> {
        self.attribute(name).map(|attribute| attribute.i)
    }

    pub fn text(&self, name: &str) -> Option<&[u8]> {
        self.attribute(name).map(|attribute| attribute.s.as_slice())
    }

    fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attribute.iter().find(|attribute| attribute.name == name)
    }
}

impl ValueInfo {
    /// Its sizes; 0 where the file leaves one open.
    pub fn shape(&self) -> Vec<i64> {
        let shape = self.kind.as_ref().and_then(|kind| kind.tensor.as_ref()).and_then(|t| t.shape.as_ref());
        shape.map(|shape| shape.dim.iter().map(|dim| dim.value).collect()).unwrap_or_default()
    }
}

impl Tensor {
    /// None if one cannot be counted, or there are more than `u32` values.
    pub fn shape(&self) -> Option<Vec<usize>> {
        let shape: Vec<usize> =
            self.dims.iter().map(|&dim| usize::try_from(dim).ok()).collect::<Option<_>>()?;
        let count = shape.iter().try_fold(1_usize, |product, side| product.checked_mul(*side))?;
        u32::try_from(count).is_ok().then_some(shape)
    }

    /// Its fractions; none if it has others than its shape says, or values of another kind.
    pub fn floats(&self) -> Option<Vec<f32>> {
        let count = self.shape()?.iter().product::<usize>();
        let (raw, rest) = self.raw_data.as_chunks::<4>();
        let values = match self.raw_data.is_empty() {
            true => self.float_data.clone(),
            false => raw.iter().map(|four| f32::from_le_bytes(*four)).collect(),
        };
        (self.data_type == FLOAT && rest.is_empty() && values.len() == count).then_some(values)
    }

    /// Its whole numbers, alike.
    pub fn integers(&self) -> Option<Vec<i64>> {
        let count = self.shape()?.iter().product::<usize>();
        let (raw, rest) = self.raw_data.as_chunks::<8>();
        let values = match self.raw_data.is_empty() {
            true => self.int64_data.clone(),
            false => raw.iter().map(|eight| i64::from_le_bytes(*eight)).collect(),
        };
        (self.data_type == INT64 && rest.is_empty() && values.len() == count).then_some(values)
    }
}
