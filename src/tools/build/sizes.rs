//! What a visitor downloads before any data, against the budget.

use super::program::Built;
use super::site::Style;
use crate::tools::Result;
use crate::tools::places;
use crate::tools::words::size;
use std::fs;
use std::path::Path;

/// What is needed of the page and the CPU engine before the first training step, compressed with brotli.
const BUDGET_BYTES: u64 = 900_000;

/// Bytes as built, with gzip, with brotli.
type Sizes = [u64; 3];

/// Prints a table of the parts and says whether the budget is kept.
pub fn print(programs: &[Built], style: &Style) -> Result<()> {
    println!("\n{:<24}{:>12}{:>12}{:>12}", "", "raw", "gzip", "brotli");
    let mut first_visit = row("style", &style.folder, |_| true)?;
    for program in programs {
        let sizes = row(program.name, &program.folder, |name| !name.contains("_rest.wasm"))?;
        if program.name != "engine_gpu" {
            first_visit = std::array::from_fn(|at| first_visit[at] + sizes[at]);
        }
        row("  its second half", &program.folder, |name| name.contains("_rest.wasm"))?;
    }
    print_row("page + CPU engine", first_visit);
    let brotli = first_visit[2];
    let verdict = if brotli <= BUDGET_BYTES { "within" } else { "OVER" };
    println!("{} is {verdict} the budget of {}\n", size(brotli), size(BUDGET_BYTES));
    Ok(())
}

/// Of the files whose name `is_part`.
fn row(name: &str, folder: &Path, is_part: impl Fn(&str) -> bool) -> Result<Sizes> {
    let mut sizes = [0; 3];
    let mut files = places::files_under(folder)?;
    files.retain(|file| file.file_name().is_some_and(|name| is_part(&name.to_string_lossy())));
    for file in files {
        let kind = match file.extension().and_then(|extension| extension.to_str()) {
            Some("gz") => 1,
            Some("br") => 2,
            _ => 0,
        };
        sizes[kind] += fs::metadata(&file).map_err(|e| places::cannot("read", &file, &e))?.len();
    }
    print_row(name, sizes);
    Ok(sizes)
}

fn print_row(name: &str, sizes: Sizes) {
    let [raw, gzip, brotli] = sizes.map(size);
    println!("{name:<24}{raw:>12}{gzip:>12}{brotli:>12}");
}
