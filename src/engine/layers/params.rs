//! The weights and running statistics that a layer has, and how each begins.

use crate::layers::LayerSpec;

/// How numbers begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Init {
    Zero,
    One,
    /// Random, for weights from so many numbers to so many others.
    Random {
        fan_in: usize,
        fan_out: usize,
    },
}

/// A name after the layer's place, a shape, and how it begins.
pub type ParamSpec = (&'static str, Vec<usize>, Init);

/// In the order in which a walk takes them; names as `torch.nn` and torchvision's `BasicBlock` have them.
pub fn parameters(layer: LayerSpec, input: &[usize]) -> Vec<ParamSpec> {
    let channels = input.first().copied().unwrap_or(0);
    match layer {
        LayerSpec::Conv { filters, kernel } => {
            vec![("bias", vec![filters], Init::Zero), kernels("weight", filters, channels, kernel)]
        }
        LayerSpec::Dense { units } => {
            let random = Init::Random { fan_in: channels, fan_out: units };
            vec![("bias", vec![units], Init::Zero), ("weight", vec![units, channels], random)]
        }
        LayerSpec::BatchNorm => norm(["bias", "weight"], channels),
        LayerSpec::Residual { filters, .. } => {
            let mut parts = vec![kernels("conv1.weight", filters, channels, 3)];
            parts.extend(norm(["bn1.bias", "bn1.weight"], filters));
            parts.push(kernels("conv2.weight", filters, filters, 3));
            parts.extend(norm(["bn2.bias", "bn2.weight"], filters));
            if layer.projects(channels) {
                parts.push(kernels("downsample.0.weight", filters, channels, 1));
                parts.extend(norm(["downsample.1.bias", "downsample.1.weight"], filters));
            }
            parts
        }
        _ => Vec::new(),
    }
}

/// Running means and variances, in the order in which a walk takes them.
pub fn statistics(layer: LayerSpec, input: &[usize]) -> Vec<ParamSpec> {
    let channels = input.first().copied().unwrap_or(0);
    let of = |mean, variance, channels: usize| {
        [(mean, vec![channels], Init::Zero), (variance, vec![channels], Init::One)]
    };
    match layer {
        LayerSpec::BatchNorm => of("running_mean", "running_var", channels).into(),
        LayerSpec::Residual { filters, .. } => {
            let mut parts: Vec<ParamSpec> = of("bn1.running_mean", "bn1.running_var", filters).into();
            parts.extend(of("bn2.running_mean", "bn2.running_var", filters));
            if layer.projects(channels) {
                parts.extend(of("downsample.1.running_mean", "downsample.1.running_var", filters));
            }
            parts
        }
        _ => Vec::new(),
    }
}

fn kernels(name: &'static str, filters: usize, channels: usize, kernel: usize) -> ParamSpec {
    let area = kernel * kernel;
    let random = Init::Random { fan_in: channels * area, fan_out: filters * area };
    (name, vec![filters, channels, kernel, kernel], random)
}

fn norm([beta, gamma]: [&'static str; 2], channels: usize) -> Vec<ParamSpec> {
    vec![(beta, vec![channels], Init::Zero), (gamma, vec![channels], Init::One)]
}

impl Init {
    /// Random numbers lie between −bound and bound. `init` is the id of a row of `spec::INITS`; `last` is the layer
    /// that answers.
    pub fn bound(self, init: &str, last: bool) -> f32 {
        let Self::Random { fan_in, fan_out } = self else { return 0.0 };
        match init {
            // Glorot & Bengio 2010, eq. 16.
            "xavier" => (6.0 / (fan_in + fan_out) as f32).sqrt(),
            "small" => 0.01,
            "zeros" => 0.0,
            // He et al. 2015, eq. 10, uniform; the last layer smaller, so that it begins undecided.
            _ => (if last { 1.0 } else { 6.0 } / fan_in as f32).sqrt(),
        }
    }
}
