//! Gives a device our programs to run.

use super::attention::{Attend, Pass as AttendPass};
use super::convolution::Convolution;
use super::cross_entropy::Entropy;
use super::matmul::Product;
use super::norm::{Norm, Pass};
use super::optimizer_step::Update;
use super::recurrent::{Pass as StepPass, Walk};
use super::reduce::Sums;
use burn::tensor::Shape;
use burn_cubecl::cubecl::ir::metadata::Info;
use burn_cubecl::cubecl::ir::settings::Dim3;
use burn_cubecl::cubecl::ir::{ElemType, UIntKind};
use burn_cubecl::cubecl::prelude::{
    AddressType, CubeCount, ExecutionMode, KernelDefinition, KernelId, KernelMetadata, KernelSettings, Scope,
};
use burn_cubecl::cubecl::server::KernelArguments;
use burn_cubecl::cubecl::{CubeKernel, PrecompiledSource};
use burn_cubecl::tensor::CubeTensor;

/// A program, with all that its text depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Program {
    Forward(Convolution),
    Spread(Convolution),
    ToInput(Convolution),
    /// Of a batch of so many.
    ToWeights(Convolution, usize),
    Sums(Sums),
    Product(Product),
    Norm(Norm, Pass),
    Entropy(Entropy),
    Update(Update),
    Attend(Attend, AttendPass),
    Recur(Walk, StepPass),
}

impl KernelMetadata for Program {
    fn id(&self) -> KernelId {
        KernelId::new::<Self>().info(*self)
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
        let source = match self {
            Self::Forward(of) => of.forward(),
            Self::Spread(of) => of.spread(),
            Self::ToInput(of) => of.to_input(),
            Self::ToWeights(of, batch) => of.to_weights(*batch),
            Self::Sums(of) => of.text(),
            Self::Product(of) => of.text(),
            Self::Norm(of, pass) => of.text(*pass),
            Self::Entropy(of) => of.text(),
            Self::Update(of) => of.text(),
            Self::Attend(of, pass) => of.text(*pass),
            Self::Recur(of, pass) => of.text(*pass),
        };
        Some(PrecompiledSource { source, entrypoint_name: "main".into(), lang: "wgsl" })
    }
}

/// Runs a program in so many workgroups; `tensors`, contiguous, in the order of its bindings.
pub fn launch(program: Program, groups: [usize; 3], tensors: &[&CubeTensor]) {
    let Some(first) = tensors.first() else { return };
    let [x, y, z] = groups.map(|count| count as u32);
    let bindings = tensors.iter().map(|tensor| tensor.handle.clone().binding()).collect();
    let arguments = KernelArguments::new().with_buffers(bindings);
    first.client.launch(Box::new(program), CubeCount::Static(x, y, z), arguments);
}

/// A new tensor on another one's device, with numbers that have yet to be written.
pub fn empty(beside: &CubeTensor, shape: impl Into<Shape>) -> CubeTensor {
    let shape = shape.into();
    let (client, device) = (beside.client.clone(), beside.device.clone());
    let handle = client.empty(shape.num_elements() * size_of::<f32>());
    CubeTensor::new_contiguous(client, device, shape, handle, beside.dtype)
}
