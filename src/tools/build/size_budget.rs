//! What a visitor downloads before any data, against the budgets.

use super::program::Built;
use super::site::Style;
use crate::tools::Result;
use crate::tools::format::size;
use crate::tools::paths;
use std::fs;
use std::path::Path;

/// What is needed of the page and the CPU engine before the first training step, compressed with brotli.
const FIRST_VISIT: u64 = 900_000;
/// Both halves of the GPU engine, compressed with brotli.
const GPU_ENGINE: u64 = 1_700_000;

/// Bytes as built, with gzip, with brotli.
type Sizes = [u64; 3];

/// Prints a table of the parts and says whether the budgets are kept.
pub fn print(programs: &[Built], style: &Style) -> Result<()> {
    println!("\n{:<24}{:>12}{:>12}{:>12}", "", "raw", "gzip", "brotli");
    let mut first_visit = row("style", &style.folder, |_| true)?;
    let mut gpu_engine = [0; 3];
    for program in programs {
        let first = row(program.name, &program.folder, |name| !name.contains("_rest.wasm"))?;
        let rest = row("  its second half", &program.folder, |name| name.contains("_rest.wasm"))?;
        if program.name == "engine_gpu" {
            gpu_engine = sum(first, rest);
        } else {
            first_visit = sum(first_visit, first);
        }
    }
    let mut parts = vec![("page + CPU engine", first_visit, FIRST_VISIT)];
    if gpu_engine != [0; 3] {
        parts.push(("GPU engine, both halves", gpu_engine, GPU_ENGINE));
    }
    for (name, sizes, budget) in parts {
        print_row(name, sizes);
        let verdict = if sizes[2] <= budget { "within" } else { "OVER" };
        println!("{} is {verdict} the budget of {}", size(sizes[2]), size(budget));
    }
    println!();
    Ok(())
}

fn sum(one: Sizes, other: Sizes) -> Sizes {
    std::array::from_fn(|at| one[at] + other[at])
}

/// Of the files whose name `is_part`.
fn row(name: &str, folder: &Path, is_part: impl Fn(&str) -> bool) -> Result<Sizes> {
    let mut sizes = [0; 3];
    let mut files = paths::files_under(folder)?;
    files.retain(|file| file.file_name().is_some_and(|name| is_part(&name.to_string_lossy())));
    for file in files {
        let kind = match file.extension().and_then(|extension| extension.to_str()) {
            Some("gz") => 1,
            Some("br") => 2,
            _ => 0,
        };
        sizes[kind] += fs::metadata(&file).map_err(|e| paths::cannot("read", &file, &e))?.len();
    }
    print_row(name, sizes);
    Ok(sizes)
}

fn print_row(name: &str, sizes: Sizes) {
    let [raw, gzip, brotli] = sizes.map(size);
    println!("{name:<24}{raw:>12}{gzip:>12}{brotli:>12}");
}
