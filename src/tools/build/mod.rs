//! `cargo intab build`: data, three wasm programs and the hand-written web files become a site in `dist/` that
//! runs from any folder of any static file host. Trunk does what it can (`Trunk.toml`): it builds the page's program,
//! binds it to JavaScript, copies `public/`, and builds again at once when a file is saved. Its hooks do the rest:
//! `before` fetches data, `after` adds the engines, whose names carry a content hash, so that a new version never mixes
//! old and new files; cuts the programs into halves; and seals, lists and compresses what is served.

mod asset_manifest;
pub mod bundle;
mod cache;
mod compile;
mod csp;
pub mod languages;
mod lecture;
mod lessons;
mod program;
mod site;
mod size_budget;
mod split;
mod template;

use super::paths::{self, Places};
use super::{Result, data, setup, shell};
use program::Program;
use std::env;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// What Burn's kernels are for its shader compiler.
const KERNEL: &str = "cubecl_runtime::kernel::CubeKernel";

/// The page and the engines. What a program does not use (`unused`, in src/) does not make it be built again.
const PROGRAMS: [&Program; 3] = [&PAGE, &CPU_ENGINE, &GPU_ENGINE];

const PAGE: Program = Program {
    name: "app",
    feature: "ui",
    profile: "small",
    // What is called once stays a function of its own: the cut goes by functions.
    wasm_opt: &["-Oz", "-ocimfs", "0"],
    never: &[],
    worker: false,
    unused: &["engine", "tools", "worker.rs"],
};

const CPU_ENGINE: Program = Program {
    name: "engine_cpu",
    feature: "cpu",
    profile: "fast",
    wasm_opt: &["-O3"],
    never: &[],
    worker: true,
    unused: &["ui", "tools", "archive.rs", "link.rs", "lesson.rs", "lesson", "engine/shaders"],
};

const GPU_ENGINE: Program = Program {
    name: "engine_gpu",
    feature: "gpu",
    profile: "gpu",
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
    unused: &[
        "ui",
        "tools",
        "archive.rs",
        "link.rs",
        "lesson.rs",
        "lesson",
        "engine/vision",
        "engine/kernels",
    ],
};

/// What a hook is told through the environment, by way of Trunk. By hand, `trunk` needs none of it.
const GPU: &str = "INTAB_GPU";
const MIRROR: &str = "INTAB_MIRROR";
const MARKED: &str = "INTAB_MARKED";
const LATER: &str = "later";

/// The GPU engine takes most of the time of a first build.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Gpu {
    Now,
    /// The page says that it is being built.
    Later,
    Never,
}

impl Gpu {
    /// Whether it is compiled already.
    pub fn is_there(places: &Places) -> Result<bool> {
        GPU_ENGINE.is_there(places)
    }
}

/// Makes `dist/`, building only what has changed, and prints what a visitor downloads.
pub fn build(places: &Places, mirror: Option<&Path>, gpu: Gpu) -> Result<()> {
    shell::run(trunk(places, mirror, gpu)?.arg("--dist").arg(places.dist()))
}

/// Makes a site in `folder` whose programs note which of their functions run.
pub fn marked(places: &Places, mirror: Option<&Path>, gpu: Gpu, folder: &Path) -> Result<()> {
    shell::run(trunk(places, mirror, gpu)?.arg("--dist").arg(folder).env(MARKED, "1"))
}

/// `trunk build --release`, with the programs that it needs.
fn trunk(places: &Places, mirror: Option<&Path>, gpu: Gpu) -> Result<std::process::Command> {
    let program = setup::trunk(places)?;
    let path = env::var_os("PATH").unwrap_or_default();
    let bindgen = setup::wasm_bindgen(places)?;
    let folders = bindgen.parent().map(Path::to_path_buf).into_iter().chain(env::split_paths(&path));
    let mut trunk = shell::command(program, ["build", "--release"]);
    trunk.env("PATH", env::join_paths(folders).map_err(|e| e.to_string())?).current_dir(&places.root);
    trunk.env("TRUNK_SKIP_VERSION_CHECK", "true");
    if let Some(mirror) = mirror {
        trunk.env(MIRROR, std::path::absolute(mirror).map_err(|e| paths::cannot("find", mirror, &e))?);
    }
    match gpu {
        Gpu::Now => &mut trunk,
        Gpu::Later => trunk.env(GPU, LATER),
        Gpu::Never => trunk.env(GPU, "never"),
    };
    Ok(trunk)
}

/// Trunk's hooks.
#[derive(Clone, Copy, clap::ValueEnum)]
pub enum Hook {
    /// Fetches data and what else the build needs
    Before,
    /// Makes the site of what Trunk has built
    After,
}

pub fn hook(places: &Places, hook: Hook) -> Result<()> {
    let staging =
        env::var_os("TRUNK_STAGING_DIR").ok_or("this is for Trunk to call; try cargo intab build")?;
    let release = env::var("TRUNK_PROFILE").is_ok_and(|profile| profile == "release");
    match hook {
        Hook::Before => before(places, release),
        Hook::After if release => after(places, Path::new(&staging)),
        Hook::After => after_a_save(places, Path::new(&staging)),
    }
}

fn before(places: &Places, release: bool) -> Result<()> {
    setup::wasm_target(places)?;
    setup::npm_packages(places)?;
    data::prepare(places, env::var_os(MIRROR).map(PathBuf::from).as_deref(), None)?;
    if release { PAGE.clean_if_changed(places) } else { Ok(()) }
}

fn after(places: &Places, staging: &Path) -> Result<()> {
    let (gpu, marked) = (env::var(GPU).ok(), env::var_os(MARKED).is_some());
    let start = Instant::now();
    let programs = programs(gpu.is_none()).map(|program| match marked {
        true => program.build_marked(places, staging),
        false => program.build(places, staging),
    });
    let programs = programs.collect::<Result<Vec<_>>>()?;
    let soon = gpu.is_some_and(|gpu| gpu == LATER);
    let made_for = if soon { site::For::VisitorsSoon } else { site::For::Visitors };
    let style = site::finish(places, &programs, made_for, staging)?;
    println!("site: finished in {:.0} s", start.elapsed().as_secs_f64());
    if marked { Ok(()) } else { size_budget::print(&programs, &style) }
}

/// For `trunk serve`: the page as it is now, the CPU engine, and the GPU engine if it need not be built.
fn after_a_save(places: &Places, staging: &Path) -> Result<()> {
    let mut built = vec![PAGE.build_quickly(places, staging)?];
    built.push(CPU_ENGINE.build(places, staging)?);
    if GPU_ENGINE.is_there(places)? {
        built.push(GPU_ENGINE.build(places, staging)?);
    }
    site::finish(places, &built, site::For::Reloading, staging).map(drop)
}

/// The programs, without the GPU engine where it is not wanted.
pub fn programs(gpu: bool) -> impl Iterator<Item = &'static Program> {
    PROGRAMS.into_iter().filter(move |program| gpu || program.feature != "gpu")
}
