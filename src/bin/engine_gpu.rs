//! The GPU engine: Burn WebGPU in a Web Worker.

#[cfg(target_family = "wasm")]
unsafe extern "C" {
    fn __wasm_call_ctors();
}

fn main() {
    #[cfg(target_arch = "wasm32")]
    {
        // SAFETY: the constructors (the shader compiler's registry) run once, here; otherwise the linker would
        // call them again at the top of every export.
        unsafe { __wasm_call_ctors() }
        intab::worker::start();
    }
}
