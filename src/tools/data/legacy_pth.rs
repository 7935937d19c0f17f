//! The tensors in a PyTorch file of the older kind: five pickles (a magic number, the protocol, the machine that wrote
//! it, the tensors by name, the order of the storages) and then the storages' bytes. Nothing in the file is executed
//! and every length is checked.

use super::half;
use super::pickle::{self, At, Pickle, Value};
use crate::tools::Result;
use std::collections::{BTreeMap, HashMap};

const MAGIC: i128 = 0x1950_a86a_20f9_469c_fc6c;
const PROTOCOL: i128 = 1001;

/// A tensor whose values are still bytes of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor<'a> {
    pub shape: Vec<usize>,
    /// How many values further the next one along each length is: what TensorFlow made lies in another order.
    strides: Vec<usize>,
    kind: Kind,
    /// From its first value on; its last one is within.
    bytes: &'a [u8],
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Float,
    Half,
    Long,
}

impl Kind {
    fn bytes(self) -> usize {
        match self {
            Self::Float => 4,
            Self::Half => 2,
            Self::Long => 8,
        }
    }
}

impl Tensor<'_> {
    /// Its values in the order of its shape, if they are fractions.
    pub fn values(&self) -> Option<Vec<f32>> {
        let places = self.places();
        match self.kind {
            Kind::Float => {
                let values = self.bytes.as_chunks().0;
                Some(places.into_iter().map(|at| f32::from_le_bytes(values[at])).collect())
            }
            Kind::Half => {
                let values = self.bytes.as_chunks().0;
                Some(places.into_iter().map(|at| half::to_f32(u16::from_le_bytes(values[at]))).collect())
            }
            Kind::Long => None,
        }
    }

    /// Where each value lies.
    fn places(&self) -> Vec<usize> {
        let mut places = vec![0];
        for (length, stride) in self.shape.iter().zip(&self.strides) {
            places =
                places.iter().flat_map(|start| (0..*length).map(move |at| start + at * stride)).collect();
        }
        places
    }
}

/// All tensors by their names.
pub fn read(mut bytes: &[u8]) -> Result<BTreeMap<String, Tensor<'_>>> {
    let not_ours = "it is not a PyTorch file of the kind that is known here";
    if *pickle::read(&mut bytes).map_err(|_| not_ours)?.root() != Value::Int(MAGIC) {
        return Err(not_ours.into());
    }
    if *pickle::read(&mut bytes)?.root() != Value::Int(PROTOCOL) {
        return Err("it is a PyTorch file of a version that is not known here".into());
    }
    if !is_little_endian(&pickle::read(&mut bytes)?) {
        return Err("it was written by a machine with another order of bytes".into());
    }
    let tensors = pickle::read(&mut bytes)?;
    let storages = storages(&pickle::read(&mut bytes)?, &kinds(&tensors)?, bytes)?;
    let Value::Dict(pairs) = tensors.root() else {
        return Err("it holds no tensors by name".into());
    };
    let named = pairs.iter().map(|(name, tensor)| {
        let name = text(&tensors, *name)?;
        Ok((name.to_string(), tensor_of(&tensors, *tensor, &storages).map_err(|e| format!("{name}: {e}"))?))
    });
    named.collect()
}

fn is_little_endian(machine: &Pickle) -> bool {
    let Value::Dict(pairs) = machine.root() else {
        return false;
    };
    let wanted = Value::Text("little_endian".into());
    pairs.iter().any(|(key, value)| *machine.get(*key) == wanted && *machine.get(*value) == Value::Bool(true))
}

/// What the tensors' pickle says of each storage: its kind and how many values it has.
fn kinds(tensors: &Pickle) -> Result<HashMap<&str, (Kind, usize)>> {
    let ids = tensors.values().filter_map(|value| match value {
        Value::Elsewhere(id) => Some(*id),
        _ => None,
    });
    ids.map(|id| storage_id(tensors, id)).collect()
}

/// `("storage", kind, key, device, count, view)`
fn storage_id(pickle: &Pickle, at: At) -> Result<(&str, (Kind, usize))> {
    let [what, kind, key, _device, count, _view] = *items(pickle, at)? else {
        return Err("a storage is not described as it should be".into());
    };
    let kind = match (text(pickle, what)?, pickle.get(kind)) {
        ("storage", Value::Global("torch FloatStorage")) => Kind::Float,
        ("storage", Value::Global("torch HalfStorage")) => Kind::Half,
        ("storage", Value::Global("torch LongStorage")) => Kind::Long,
        _ => return Err("a storage is of no kind that is known here".into()),
    };
    Ok((text(pickle, key)?, (kind, number(pickle, count)?)))
}

type Storages<'a> = HashMap<String, (Kind, &'a [u8])>;

/// The storages' bytes in the order of their keys: how many values, then the values; nothing may follow.
fn storages<'a>(
    keys: &Pickle,
    kinds: &HashMap<&str, (Kind, usize)>,
    mut bytes: &'a [u8],
) -> Result<Storages<'a>> {
    let Value::List(list) = keys.root() else {
        return Err("it does not list its storages".into());
    };
    let mut storages = HashMap::new();
    for key in list {
        let key = text(keys, *key)?;
        let (kind, count) = *kinds.get(key).ok_or("it lists a storage that no tensor uses")?;
        let (stated, rest) = bytes.split_first_chunk().ok_or("it ends before its last storage")?;
        if i128::from(i64::from_le_bytes(*stated)) != count as i128 {
            return Err("a storage has another length than its tensor says".into());
        }
        let length = count.checked_mul(kind.bytes()).ok_or("a storage is longer than any file")?;
        let (storage, rest) = rest.split_at_checked(length).ok_or("it ends within a storage")?;
        storages.insert(key.to_string(), (kind, storage));
        bytes = rest;
    }
    if bytes.is_empty() {
        Ok(storages)
    } else {
        Err(format!("{} bytes follow its last storage", bytes.len()))
    }
}

/// `_rebuild_tensor_v2(storage, offset, shape, strides, …)`, perhaps within `_rebuild_parameter(tensor, …)`.
fn tensor_of<'a>(pickle: &Pickle, at: At, storages: &Storages<'a>) -> Result<Tensor<'a>> {
    let not_a_tensor = || "it is not a tensor".to_string();
    let (function, mut arguments) = call(pickle, at).ok_or_else(not_a_tensor)?;
    if function.ends_with("_rebuild_parameter") {
        let inner = *items(pickle, arguments)?.first().ok_or_else(not_a_tensor)?;
        let (function, of_inner) = call(pickle, inner).ok_or_else(not_a_tensor)?;
        if function.ends_with("_rebuild_parameter") {
            return Err(not_a_tensor());
        }
        arguments = of_inner;
    }
    let [storage, offset, shape, strides, ..] = *items(pickle, arguments)? else {
        return Err(not_a_tensor());
    };
    let Value::Elsewhere(id) = pickle.get(storage) else {
        return Err(not_a_tensor());
    };
    let (key, _) = storage_id(pickle, *id)?;
    let (kind, bytes) = *storages.get(key).ok_or("its storage is not in the file")?;
    let (shape, strides) = (numbers(pickle, shape)?, numbers(pickle, strides)?);
    let outside = || "it reaches beyond its storage".to_string();
    let start = number(pickle, offset)?.checked_mul(kind.bytes()).ok_or_else(outside)?;
    let bytes = bytes.get(start..).ok_or_else(outside)?;
    match fits(&shape, &strides, bytes.len() / kind.bytes()) {
        true => Ok(Tensor { shape, strides, kind, bytes }),
        false => Err(outside()),
    }
}

/// Whether a tensor of this shape has values, no more than `available`, and the last of them is among those.
fn fits(shape: &[usize], strides: &[usize], available: usize) -> bool {
    let count = shape.iter().try_fold(1, |count: usize, length| count.checked_mul(*length));
    let step = |last: usize, (length, stride): (&usize, &usize)| {
        length.saturating_sub(1).checked_mul(*stride).and_then(|step| last.checked_add(step))
    };
    let last = shape.iter().zip(strides).try_fold(0, step);
    shape.len() == strides.len()
        && count.is_some_and(|count| (1..=available).contains(&count))
        && last.is_some_and(|last| last < available)
}

fn call(pickle: &Pickle, at: At) -> Option<(&'static str, At)> {
    match pickle.get(at) {
        Value::Call(function, arguments) => Some((function, *arguments)),
        _ => None,
    }
}

fn items(pickle: &Pickle, at: At) -> Result<&[At]> {
    match pickle.get(at) {
        Value::Tuple(items) => Ok(items),
        _ => Err("it has something else where a tuple belongs".into()),
    }
}

fn text(pickle: &Pickle, at: At) -> Result<&str> {
    match pickle.get(at) {
        Value::Text(text) => Ok(text),
        _ => Err("it has something else where a name belongs".into()),
    }
}

fn number(pickle: &Pickle, at: At) -> Result<usize> {
    match pickle.get(at) {
        Value::Int(number) => {
            usize::try_from(*number).map_err(|_| "it has a number that is no length".into())
        }
        _ => Err("it has something else where a number belongs".into()),
    }
}

fn numbers(pickle: &Pickle, at: At) -> Result<Vec<usize>> {
    items(pickle, at)?.iter().map(|at| number(pickle, *at)).collect()
}
