//! Trains what ships with its weights: wiring only; see `intab::train_shipped`.

use std::process::ExitCode;

fn main() -> ExitCode {
    intab::train_shipped::main()
}
