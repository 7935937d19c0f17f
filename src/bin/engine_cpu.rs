//! The CPU engine: Burn Flex in a Web Worker.

fn main() {
    #[cfg(target_arch = "wasm32")]
    intab::worker::start();
}
