//! `cargo intab build`: data, three wasm programs and the hand-written web files become a site in `dist/` that
//! runs from any folder of any static file host.
//! We do this ourselves rather than with Trunk: the names of worker files must carry a content hash, so that a new
//! version never mixes old and new files; the GPU engine needs its own wasm-opt flags; and Trunk takes minutes to
//! install.

pub mod bundle;
mod cache;
mod everything;
pub mod languages;
mod lecture;
mod lessons;
mod policy;
mod program;
mod site;
mod sizes;
mod split;
mod template;

use super::places::Places;
use super::{Result, data};
use program::Program;
use std::path::{Path, PathBuf};

/// What Burn's kernels are for its shader compiler.
const KERNEL: &str = "cubecl_runtime::kernel::CubeKernel";

/// The page and the engines. What a program does not use (`unused`, in src/) does not make it be built again.
const PROGRAMS: [Program; 3] = [
    Program {
        name: "app",
        feature: "ui",
        profile: "small",
        // Leptos then has one type for all views instead of one for each.
        rustflags: &["--cfg=erase_components"],
        wasm_opt: &["-Oz"],
        never: &[],
        worker: false,
        unused: &["engine", "tools", "worker.rs"],
    },
    Program {
        name: "engine_cpu",
        feature: "cpu",
        profile: "fast",
        rustflags: &[],
        wasm_opt: &["-O3"],
        never: &[],
        worker: true,
        unused: &["ui", "tools", "link.rs", "lesson.rs", "lesson", "engine/shaders"],
    },
    Program {
        name: "engine_gpu",
        feature: "gpu",
        profile: "gpu",
        rustflags: &[],
        // Without inlining the shader compiler is a quarter smaller (facts.md 14).
        wasm_opt: &["-Oz", "-aimfs", "0", "-fimfs", "0", "-ocimfs", "0"],
        // Convolutions and products of matrices are programs of ours (engine/shaders), numbers are never quantised, and the
        // shader compiler's own language is written, not read.
        never: &[
            ("cubek_convolution", KERNEL),
            ("cubek_matmul", KERNEL),
            ("cubek_quant", KERNEL),
            ("", "pliron::parsable::Parsable"),
        ],
        worker: true,
        unused: &["ui", "tools", "link.rs", "lesson.rs", "lesson", "engine/vision", "engine/kernels"],
    },
];

/// Makes `dist/`, building only what has changed, and prints what a visitor downloads.
pub fn build(places: &Places, mirror: Option<&Path>, gpu: bool) -> Result<()> {
    data::prepare(places, mirror, None)?;
    let built = programs(gpu).map(|program| program.build(places)).collect::<Result<Vec<_>>>()?;
    let style = site::build(places, &built, &places.dist())?;
    sizes::print(&built, &style)
}

/// Makes a site in `folder` whose programs note which of their functions run; gives each with the whole that it is of.
pub fn marked(
    places: &Places,
    mirror: Option<&Path>,
    gpu: bool,
    folder: &Path,
) -> Result<Vec<(&'static Program, PathBuf)>> {
    data::prepare(places, mirror, None)?;
    let (mut built, mut wholes) = (Vec::new(), Vec::new());
    for program in programs(gpu) {
        let (marked, whole) = program.build_marked(places)?;
        built.push(marked);
        wholes.push((program, whole));
    }
    site::build(places, &built, folder)?;
    Ok(wholes)
}

fn programs(gpu: bool) -> impl Iterator<Item = &'static Program> {
    PROGRAMS.iter().filter(move |program| gpu || program.feature != "gpu")
}
