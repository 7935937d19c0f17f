//! The page: wiring only.

#[cfg(target_arch = "wasm32")]
fn main() {
    intab::ui::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("The page runs in a browser: use `cargo intab serve`.");
}
