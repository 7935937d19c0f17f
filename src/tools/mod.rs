//! The native command line: prepares data, builds the site, serves it, tests it, measures it.
//! No visitor needs it. It builds in seconds because it links no Burn, and it reaches the outside world only
//! through the programs that a developer's machine has anyway (curl, apt-get, npm, cargo, node).

pub mod bench;
pub mod build;
pub mod check;
pub mod convert;
pub mod data;
pub mod format;
pub mod idx;
pub mod paths;
pub mod profile;
pub mod serve;
pub mod setup;
pub mod shell;

use clap::{Parser, Subcommand};
use paths::Places;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

/// What fails, fails with a sentence for the person at the terminal.
pub type Result<T> = std::result::Result<T, String>;

/// Neural networks = data + model, in one browser tab: the developer's tool.
#[derive(Parser)]
#[command(name = "intab", bin_name = "cargo intab", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Fetch datasets, trained networks and sample pictures and write them into public/ as the page reads them
    Data {
        #[command(flatten)]
        mirror: Mirror,
        /// Prepare this dataset or network alone, or “samples”
        #[arg(long, value_name = "ID")]
        only: Option<String>,
    },
    /// Build the site into dist/, which any static file host can serve from any folder
    Build {
        #[command(flatten)]
        what: What,
    },
    /// Build the site and serve it on this machine
    Serve {
        #[command(flatten)]
        what: What,
        /// The port to try first
        #[arg(long, default_value_t = 8080)]
        port: u16,
        /// Serve dist/ as it is
        #[arg(long)]
        no_build: bool,
    },
    /// Build the site and pack it into one ZIP file, for any static host
    Bundle {
        #[command(flatten)]
        what: What,
    },
    /// Check everything: format, lints, layers, native tests, the site in a browser
    Test {
        #[command(flatten)]
        mirror: Mirror,
        /// Leave out the GPU engine and the browser
        #[arg(long)]
        quick: bool,
        /// Fuzz with this many cases of each kind instead of a few
        #[arg(long, value_name = "CASES")]
        fuzz: Option<u32>,
    },
    /// Train again what ships with its weights, natively (minutes to an hour)
    TrainShipped {
        #[command(flatten)]
        mirror: Mirror,
        /// Which one
        id: String,
    },
    /// Read labels from the files of one tool and write them as those of another
    Convert {
        #[command(flatten)]
        how: convert::How,
    },
    /// Find out which functions a first visit runs, for the build to load them first
    Profile {
        #[command(flatten)]
        what: What,
    },
    /// What Trunk calls before and after it builds (Trunk.toml)
    #[command(hide = true)]
    Hook { when: build::Hook },
    /// Build the site and measure it in a browser
    Bench {
        #[command(flatten)]
        what: What,
        /// Measure other libraries in the same run; installs them the first time
        #[arg(long)]
        peers: bool,
        /// Passed on to bench/run.mjs, such as --json FILE --docs docs/speed.md
        #[arg(last = true)]
        rest: Vec<String>,
    },
}

#[derive(clap::Args)]
struct Mirror {
    /// A folder with the publishers' original files, used before the network
    #[arg(long = "mirror", value_name = "DIR")]
    folder: Option<PathBuf>,
}

#[derive(clap::Args)]
struct What {
    #[command(flatten)]
    mirror: Mirror,
    /// Leave out the GPU engine, which takes minutes the first time
    #[arg(long)]
    no_gpu: bool,
}

impl What {
    fn gpu(&self) -> build::Gpu {
        if self.no_gpu { build::Gpu::Never } else { build::Gpu::Now }
    }
}

/// Reads the command line and obeys it.
pub fn main() -> ExitCode {
    let start = Instant::now();
    match obey(Cli::parse().command, start) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("error: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn obey(command: Command, start: Instant) -> Result<()> {
    let places = Places::find()?;
    match command {
        Command::Data { mirror, only } => {
            data::prepare(&places, places.mirror(mirror.folder)?.as_deref(), only.as_deref())
        }
        Command::Build { what } => {
            build::build(&places, places.mirror(what.mirror.folder.clone())?.as_deref(), what.gpu())
        }
        Command::Serve { what, port, no_build } => {
            let mirror = places.mirror(what.mirror.folder.clone())?;
            let later = !no_build && !what.no_gpu && !build::Gpu::is_there(&places)?;
            if !no_build {
                let gpu = if later { build::Gpu::Later } else { what.gpu() };
                build::build(&places, mirror.as_deref(), gpu)?;
            }
            serve::forever(&places.dist(), port, start, || {
                if later { add_gpu_engine(&places, mirror.as_deref()) } else { Ok(()) }
            })
        }
        Command::Bundle { what } => {
            build::build(&places, places.mirror(what.mirror.folder.clone())?.as_deref(), what.gpu())?;
            build::bundle::bundle(&places)
        }
        Command::Test { mirror, quick, fuzz } => {
            check::check(&places, places.mirror_or_default(mirror.folder)?.as_deref(), quick, fuzz)
        }
        Command::TrainShipped { mirror, id } => {
            data::prepare(&places, places.mirror(mirror.folder)?.as_deref(), None)?;
            let program =
                ["run", "--release", "--features", "cpu,tools", "--bin", "train_shipped", "--", &id];
            shell::run(shell::command("cargo", program).current_dir(&places.root))
        }
        Command::Profile { what } => {
            let mirror = places.mirror_or_default(what.mirror.folder.clone())?;
            profile::profile(&places, mirror.as_deref(), what.gpu())
        }
        Command::Convert { how } => convert::convert(&how),
        Command::Hook { when } => build::hook(&places, when),
        Command::Bench { what, peers, rest } => bench::bench(
            &places,
            places.mirror_or_default(what.mirror.folder.clone())?.as_deref(),
            what.gpu(),
            peers,
            &rest,
        ),
    }
}

/// Builds what most of a first build's time goes into while the page is being used already.
fn add_gpu_engine(places: &Places, mirror: Option<&Path>) -> Result<()> {
    println!(
        "the GPU engine is being built, which takes up to half an hour; until then the page trains on the CPU"
    );
    build::build(places, mirror, build::Gpu::Now)?;
    println!("the GPU engine is there: reload the page");
    Ok(())
}
