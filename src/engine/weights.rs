//! The weight file: safetensors with everything that is needed to use the weights in its metadata; a checkpoint
//! is the same file with the optimiser's state in it.

use super::device::tensor;
use super::layers::Memory;
use super::lost;
use super::network::Parameter;
use super::trainer::Trainer;
use crate::protocol::{Evaluation, Failure, FailureKind, TargetField, ValueInfo, WeightsInfo};
use crate::spec::SPEC_VERSION;
use crate::table::Input;
use burn::tensor::{Device, Tensor};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use std::collections::HashMap;

/// Names of the optimiser's tensors: `optimizer.<slot>.<parameter>`.
pub const STATE: &str = "optimizer";

/// Names of what a text's streams carry from step to step: `memory.<layer>.<state>`.
const MEMORY: &str = "memory";

/// A run goes on counting from what a file says: more steps than this would soon be more than can be counted.
const MOST_STEPS: u32 = 1_000_000_000;
/// Thirty years.
const MOST_SECONDS: f64 = 1e9;

/// The file of a run as it stands; a checkpoint if `with_optimizer`.
pub async fn save(
    run: &Trainer,
    last: Option<&Evaluation>,
    with_optimizer: bool,
) -> Result<Vec<u8>, Failure> {
    let mut tensors: Vec<(String, Vec<usize>, Tensor<1>)> = Vec::new();
    for (index, parameter) in run.network.parameters.iter().enumerate() {
        tensors.push((parameter.name.clone(), parameter.shape.clone(), parameter.value.clone()));
        let state = run.optimizer.state.get(index).filter(|_| with_optimizer);
        for (slot, value) in state.into_iter().flatten().enumerate() {
            let name = format!("{STATE}.{slot}.{}", parameter.name);
            tensors.push((name, parameter.shape.clone(), value.clone()));
        }
    }
    let carried = run.memory.states.iter().filter(|_| with_optimizer);
    for (layer, states) in carried {
        for (at, state) in states.iter().enumerate() {
            let shape = state.dims().to_vec();
            tensors.push((format!("{MEMORY}.{layer}.{at}"), shape, state.clone().flatten(0, 1)));
        }
    }
    let statistics = run.network.statistics.iter();
    tensors.extend(statistics.map(|s| (s.name.clone(), s.shape.clone(), s.value.clone())));
    let all = Tensor::cat(tensors.iter().map(|(_, _, value)| value.clone()).collect(), 0);
    let read = all.into_data_async().await.map_err(lost)?;
    let bytes: Vec<u8> = read.iter::<f32>().flat_map(f32::to_le_bytes).collect();
    let mut start = 0;
    let mut views = Vec::with_capacity(tensors.len());
    for (name, shape, _) in tensors {
        let end = start + 4 * shape.iter().product::<usize>();
        let view = TensorView::new(Dtype::F32, shape, &bytes[start..end]).map_err(unwritable)?;
        views.push((name, view));
        start = end;
    }
    safetensors::serialize(views, Some(metadata(&info(run, last))?)).map_err(unwritable)
}

fn unwritable(error: impl std::fmt::Display) -> Failure {
    crate::platform::log(&format!("weights: {error}"));
    Failure::new(FailureKind::Input, "The weights could not be written to a file.", "Try again.")
}

fn info(run: &Trainer, last: Option<&Evaluation>) -> WeightsInfo {
    let value = match &run.ground.info.target {
        TargetField::Value { name, mean, std } => {
            Some(ValueInfo { name: name.clone(), mean: *mean, std: *std })
        }
        _ => None,
    };
    WeightsInfo {
        spec: run.spec.clone(),
        labels: labels(&run.ground.info.target),
        mean: run.ground.info.mean.clone(),
        std: run.ground.info.std.clone(),
        columns: run.ground.info.columns.clone(),
        target: value,
        step: run.step,
        seconds: run.seconds,
        test_accuracy: last.map(|e| e.score),
        test_count: last.map(|e| e.count),
    }
}

/// What a file says of itself.
pub fn metadata(info: &WeightsInfo) -> Result<HashMap<String, String>, Failure> {
    // safetensors' metadata is text to text, so each field is JSON by its own name.
    let serde_json::Value::Object(fields) = serde_json::to_value(info).map_err(unwritable)? else {
        return Ok(HashMap::new());
    };
    let mut metadata: HashMap<String, String> =
        fields.into_iter().map(|(name, value)| (name, value.to_string())).collect();
    metadata.insert("intab".into(), SPEC_VERSION.to_string());
    metadata.insert("seed".into(), info.spec.seed.to_string());
    Ok(metadata)
}

fn unreadable(why: impl std::fmt::Display) -> Failure {
    Failure::new(
        FailureKind::Input,
        format!("This weight file cannot be used: {why}."),
        "Choose a .safetensors file that was saved here.",
    )
}

/// What is written in a file of itself.
pub fn inspect(bytes: &[u8]) -> Result<WeightsInfo, Failure> {
    let (_, header) =
        SafeTensors::read_metadata(bytes).map_err(|_| unreadable("it is not a whole safetensors file"))?;
    let metadata =
        header.metadata().as_ref().ok_or_else(|| unreadable("it does not say what network it is of"))?;
    let version = metadata.get("intab").ok_or_else(|| unreadable("it was not saved by this page"))?;
    if version.parse() != Ok(SPEC_VERSION) {
        return Err(unreadable(format!("it has version {version}, this page reads version {SPEC_VERSION}")));
    }
    let fields = metadata
        .iter()
        .filter_map(|(name, text)| Some((name.clone(), serde_json::from_str(text).ok()?)))
        .collect();
    let info: WeightsInfo = serde_json::from_value(serde_json::Value::Object(fields))
        .map_err(|_| unreadable("its description of the network is incomplete"))?;
    if info.step > MOST_STEPS || !(0.0..MOST_SECONDS).contains(&info.seconds) {
        return Err(unreadable("it says that it was trained for longer than anyone could"));
    }
    Ok(info)
}

/// Puts the file's weights, and the optimiser's state if it has it, into a run of the same spec.
pub fn restore(run: &mut Trainer, bytes: &[u8], device: &Device) -> Result<(), Failure> {
    let info = inspect(bytes)?;
    fits(&info, run)?;
    let file = SafeTensors::deserialize(bytes).map_err(|_| unreadable("it is cut short or damaged"))?;
    let read = |name: &str, shape: &[usize]| -> Result<Tensor<1>, Failure> {
        let view = file.tensor(name).map_err(|_| unreadable(format!("it has no “{name}”")))?;
        if view.shape() != shape {
            return Err(unreadable(format!("its “{name}” has another shape: it is of another network")));
        }
        let values: Vec<f32> = match view.dtype() {
            Dtype::F32 => {
                view.data().chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
            }
            Dtype::F16 => {
                view.data().chunks_exact(2).map(|b| half(u16::from_le_bytes([b[0], b[1]]))).collect()
            }
            _ => return Err(unreadable(format!("its “{name}” has numbers of a kind that is not used here"))),
        };
        if values.iter().any(|v| !v.is_finite()) {
            return Err(unreadable(format!("its “{name}” holds something that is not a number")));
        }
        let length = values.len();
        Ok(tensor(values, [length], device))
    };
    let mut values = Vec::new();
    let mut states = Vec::new();
    for (parameter, slots) in run.network.parameters.iter().zip(&run.optimizer.state) {
        values.push(read(&parameter.name, &parameter.shape)?);
        let slot = |slot| read(&format!("{STATE}.{slot}.{}", parameter.name), &parameter.shape);
        states.push((0..slots.len()).map(slot).collect::<Result<Vec<_>, _>>());
    }
    let statistics = run.network.statistics.iter().map(|s| read(&s.name, &s.shape));
    let statistics = statistics.collect::<Result<Vec<_>, _>>()?;
    put(&mut run.network.parameters, values);
    put(&mut run.network.statistics, statistics);
    // A plain weight file has no state: the optimiser then begins anew on the trained weights.
    if let Ok(states) = states.into_iter().collect::<Result<Vec<_>, _>>() {
        run.optimizer.state = states;
        run.optimizer.steps = info.step;
    }
    run.memory = memory(&file, device);
    run.step = info.step;
    run.seconds = info.seconds;
    run.restored = true;
    Ok(())
}

/// What was carried, where the file has it; a plain weight file begins its streams with nothing in mind.
fn memory(file: &SafeTensors<'_>, device: &Device) -> Memory {
    let mut memory = Memory::default();
    let mut names: Vec<&str> = file.names().into_iter().filter(|name| name.starts_with(MEMORY)).collect();
    names.sort_unstable();
    for name in names {
        let layer = name.split('.').nth(1).and_then(|layer| layer.parse().ok());
        let Some((layer, view)) = layer.zip(file.tensor(name).ok()) else { continue };
        let &[batch, units] = view.shape() else { continue };
        let values: Vec<f32> =
            view.data().chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        if view.dtype() != Dtype::F32 || values.iter().any(|value| !value.is_finite()) {
            continue;
        }
        let mut states = memory.of(layer).unwrap_or_default();
        states.push(tensor(values, [batch, units], device));
        memory.keep(layer, states);
    }
    memory
}

/// Whether the file's network was trained on columns like the run's: constants may differ, what they mean may not.
fn fits(info: &WeightsInfo, run: &Trainer) -> Result<(), Failure> {
    let names = |columns: &[Input]| columns.iter().flat_map(Input::names).collect::<Vec<_>>();
    let (wanted, there) = (names(&info.columns), names(&run.ground.info.columns));
    let lacks = |all: &[String], some: &[String]| some.iter().find(|name| !all.contains(name)).cloned();
    if wanted.is_empty() || wanted == there {
        return labels_fit(info, run);
    }
    Err(unreadable(match (lacks(&there, &wanted), lacks(&wanted, &there)) {
        (Some(name), _) => format!("its network takes “{name}”, which this table does not give"),
        (_, Some(name)) => format!("this table gives “{name}”, which its network does not take"),
        _ => "its network takes the columns in another order".into(),
    }))
}

/// What its outputs are called: classes, or tokens.
fn labels(field: &TargetField) -> Vec<String> {
    if field.is_sequence() { field.vocabulary() } else { field.classes() }.to_vec()
}

fn labels_fit(info: &WeightsInfo, run: &Trainer) -> Result<(), Failure> {
    let field = &run.ground.info.target;
    if field.is_sequence() && info.labels != field.vocabulary() {
        return Err(unreadable("its network knows other tokens than this text has"));
    }
    let (wanted, there) = (&info.labels[..], run.ground.info.target.classes());
    if run.ground.info.columns.is_empty() || wanted == there {
        return Ok(());
    }
    let list = |names: &[String]| match names {
        [] => "a number".to_string(),
        names => names.join(", "),
    };
    Err(unreadable(format!("its network answers {}, and this table asks for {}", list(wanted), list(there))))
}

/// Changes one number of the parameter `name`.
pub async fn set(
    run: &mut Trainer,
    name: &str,
    at: usize,
    value: f32,
    device: &Device,
) -> Result<(), Failure> {
    let refuse = |what: String| Failure::new(FailureKind::Input, what, "Choose another weight or number.");
    let parameter = run.network.parameters.iter_mut().find(|p| p.name == name && at < p.len());
    let parameter = parameter.ok_or_else(|| refuse(format!("There is no weight {at} in “{name}”.")))?;
    if !value.is_finite() {
        return Err(refuse("A weight is a number.".into()));
    }
    let read = parameter.value.clone().into_data_async().await.map_err(lost)?;
    let mut values: Vec<f32> = read.iter::<f32>().collect();
    values[at] = value;
    let length = values.len();
    parameter.value = tensor(values, [length], device);
    Ok(())
}

fn put(parameters: &mut [Parameter], values: Vec<Tensor<1>>) {
    for (parameter, value) in parameters.iter_mut().zip(values) {
        parameter.value = value;
    }
}

/// A number in half precision (IEEE 754 binary16) as it is in single precision.
pub fn half(bits: u16) -> f32 {
    let sign = u32::from(bits & 0x8000) << 16;
    let magnitude = u32::from(bits & 0x7fff);
    if magnitude >= 0x7c00 {
        return f32::from_bits(sign | 0x7f80_0000 | (magnitude & 0x3ff) << 13);
    }
    // The exponent's bias grows by 112; this way subnormal numbers come out right, too.
    let scaled = f32::from_bits(magnitude << 13) * f32::from_bits((127 + 112) << 23);
    f32::from_bits(scaled.to_bits() | sign)
}
