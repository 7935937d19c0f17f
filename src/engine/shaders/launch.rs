//! Gives a device our programs to run.

use super::convolution::Convolution;
use burn_cubecl::cubecl::ir::metadata::Info;
use burn_cubecl::cubecl::ir::settings::Dim3;
use burn_cubecl::cubecl::ir::{ElemType, UIntKind};
use burn_cubecl::cubecl::prelude::{
    AddressType, CubeCount, ExecutionMode, KernelDefinition, KernelId, KernelMetadata, KernelSettings, Scope,
};
use burn_cubecl::cubecl::server::KernelArguments;
use burn_cubecl::cubecl::{CubeKernel, PrecompiledSource};
use burn_cubecl::tensor::CubeTensor;

/// One of the programs of a convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    Forward,
    Unpool,
    ToInput,
    /// Of a batch of so many.
    ToWeights(usize),
}

struct Program {
    step: Step,
    of: Convolution,
}

impl KernelMetadata for Program {
    fn id(&self) -> KernelId {
        KernelId::new::<Self>().info((self.step, self.of))
    }

    fn address_type(&self) -> ElemType {
        UIntKind::U32.into()
    }
}

impl CubeKernel for Program {
    /// Never compiled: the text stands for it.
    fn define(&self) -> KernelDefinition {
        let settings = KernelSettings::new(Dim3::new_single(), ExecutionMode::Checked, AddressType::U32);
        KernelDefinition { body: Scope::root(settings.clone()), settings, info: Info::default() }
    }

    fn source(&self) -> Option<PrecompiledSource> {
        let source = match self.step {
            Step::Forward => self.of.forward(),
            Step::Unpool => self.of.unpool(),
            Step::ToInput => self.of.to_input(),
            Step::ToWeights(batch) => self.of.to_weights(batch),
        };
        Some(PrecompiledSource { source, entrypoint_name: "main".into(), lang: "wgsl" })
    }
}

/// Runs a step for a batch; `tensors`, contiguous, in the order of the program's bindings.
pub fn launch(step: Step, of: Convolution, batch: usize, tensors: &[&CubeTensor]) {
    let Some(first) = tensors.first() else { return };
    let groups = match step {
        Step::Forward => of.forward_groups(batch),
        Step::Unpool => of.unpool_groups(batch),
        Step::ToInput => of.to_input_groups(batch),
        Step::ToWeights(batch) => of.to_weights_groups(batch),
    };
    let [x, y, z] = groups.map(|count| count as u32);
    let bindings = tensors.iter().map(|tensor| tensor.handle.clone().binding()).collect();
    let arguments = KernelArguments::new().with_buffers(bindings);
    first.client.launch(Box::new(Program { step, of }), CubeCount::Static(x, y, z), arguments);
}

/// A new tensor beside another one, with numbers that have yet to be written.
pub fn empty<const D: usize>(beside: &CubeTensor, shape: [usize; D]) -> CubeTensor {
    let bytes = shape.iter().product::<usize>() * size_of::<f32>();
    let (client, device) = (beside.client.clone(), beside.device.clone());
    let handle = client.empty(bytes);
    CubeTensor::new_contiguous(client, device, shape.into(), handle, beside.dtype)
}
