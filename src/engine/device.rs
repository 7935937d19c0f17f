//! Which backend computes: CPU (Burn Flex) or GPU (Burn WebGPU), decided by the build.

use crate::protocol::{EngineInfo, EngineKind, Failure};
use burn::backend::Dispatch;
use burn::backend::ops::FloatTensorOps;
use burn::tensor::{Device, Tensor, TensorData};

/// A tensor of numbers as they are. `Tensor::from_data` brings the code that makes numbers of any kind of numbers of any
/// other, a tenth of what a first visit needs of the CPU engine.
pub fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D], device: &Device) -> Tensor<D> {
    let data = TensorData::new(values, shape);
    Tensor::from_dispatch(Dispatch::float_from_data(data, device.as_dispatch()))
}

#[cfg(all(feature = "cpu", not(feature = "gpu")))]
pub fn cpu() -> Device {
    Device::flex()
}

/// The device of this build, ready to use.
#[cfg(all(feature = "cpu", not(feature = "gpu")))]
pub async fn open() -> Result<(Device, EngineInfo), Failure> {
    Ok((cpu(), EngineInfo { kind: EngineKind::Cpu, name: "CPU, SIMD".into() }))
}

#[cfg(feature = "gpu")]
pub use gpu::open;

#[cfg(feature = "gpu")]
mod gpu {
    use super::{Device, EngineInfo, EngineKind, Failure};
    use crate::protocol::FailureKind;
    use burn::tensor::wgpu::WgpuSetup;
    use wgpu::custom::{AdapterInterface, DispatchSurface, RequestDeviceFuture};

    /// cubecl panics at the first operation on an adapter without `timestamp-query`, although nothing is
    /// ever profiled with autotune off. So the device is requested from the browser's own adapter, and cubecl
    /// is shown an adapter that claims the feature.
    #[derive(Debug)]
    struct WithTimestamps(wgpu::Adapter);

    impl AdapterInterface for WithTimestamps {
        fn request_device(
            &self,
            _: &wgpu::DeviceDescriptor<'_>,
        ) -> std::pin::Pin<Box<dyn RequestDeviceFuture>> {
            unreachable!("the device is requested from the real adapter")
        }
        fn is_surface_supported(&self, _: &DispatchSurface) -> bool {
            false
        }
        fn features(&self) -> wgpu::Features {
            self.0.features() | wgpu::Features::TIMESTAMP_QUERY
        }
        fn limits(&self) -> wgpu::Limits {
            self.0.limits()
        }
        fn downlevel_capabilities(&self) -> wgpu::DownlevelCapabilities {
            self.0.get_downlevel_capabilities()
        }
        fn get_info(&self) -> wgpu::AdapterInfo {
            self.0.get_info()
        }
        fn get_texture_format_features(&self, format: wgpu::TextureFormat) -> wgpu::TextureFormatFeatures {
            self.0.get_texture_format_features(format)
        }
        fn get_presentation_timestamp(&self) -> wgpu::PresentationTimestamp {
            self.0.get_presentation_timestamp()
        }
        fn cooperative_matrix_properties(&self) -> Vec<wgpu::wgt::CooperativeMatrixProperties> {
            Vec::new()
        }
    }

    fn unusable(why: impl std::fmt::Display) -> Failure {
        crate::platform::log(&format!("WebGPU: {why}"));
        Failure::new(
            FailureKind::Engine,
            "This browser’s graphics device cannot be used.",
            "Training runs on the CPU; a newer browser or driver may help.",
        )
    }

    pub async fn open() -> Result<(Device, EngineInfo), Failure> {
        let mut description = wgpu::InstanceDescriptor::new_without_display_handle();
        description.backends = wgpu::Backends::BROWSER_WEBGPU;
        let options = wgpu::RequestAdapterOptions {
            power_preference: wgpu::PowerPreference::HighPerformance,
            ..Default::default()
        };
        let instance = wgpu::Instance::new(description);
        let adapter = instance.request_adapter(&options).await.map_err(unusable)?;
        let (device, queue) = adapter
            .request_device(&wgpu::DeviceDescriptor {
                required_features: adapter.features(),
                required_limits: adapter.limits(),
                memory_hints: wgpu::MemoryHints::MemoryUsage,
                ..Default::default()
            })
            .await
            .map_err(unusable)?;
        // Shader and pipeline errors are not awaited in a browser: without this a bad kernel computes zeros in silence.
        device.on_uncaptured_error(std::sync::Arc::new(|error| {
            crate::platform::log(&format!("WebGPU error: {error}"));
        }));
        let info = adapter.get_info();
        let name = if info.name.is_empty() { "WebGPU".into() } else { info.name.clone() };
        let setup = WgpuSetup {
            instance,
            adapter: wgpu::Adapter::from_custom(WithTimestamps(adapter)),
            device,
            queue,
            backend: info.backend,
        };
        let device = Device::wgpu_options().setup(setup).init().map_err(unusable)?;
        Ok((device, EngineInfo { kind: EngineKind::Gpu, name }))
    }
}
