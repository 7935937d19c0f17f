//! The native tool `intab`: wiring only; see `intab::tools`.

use std::process::ExitCode;

fn main() -> ExitCode {
    intab::tools::main()
}
