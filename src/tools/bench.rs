//! `cargo intab bench`: the finished site, measured in a browser by `bench/run.mjs`.

use super::paths::Places;
use super::{Result, build, serve, setup, shell};
use std::path::Path;

/// Builds, serves on a free port, measures; with `peers` what a visitor would have instead, too. `rest` goes to the
/// measuring script.
pub fn bench(
    places: &Places,
    mirror: Option<&Path>,
    gpu: build::Gpu,
    peers: bool,
    rest: &[String],
) -> Result<()> {
    let script = places.root.join("bench/run.mjs");
    if !script.is_file() {
        return Err(format!("there is nothing to measure with: {} is not there", script.display()));
    }
    setup::npm_packages(places)?;
    setup::chromium()?;
    if peers {
        setup::peers(places)?;
    }
    build::build(places, mirror, gpu)?;
    let address = serve::address(serve::in_background(&places.dist())?);
    let peers = peers.then_some("--peers");
    let mut node = shell::command("node", [script]);
    shell::run(node.arg(address).args(peers).args(rest).current_dir(&places.root))
}
