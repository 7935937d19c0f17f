//! `cargo intab profile`: finds out which functions a first visit runs, so that the build can put them into the first
//! half of each program (`build/split`).

use super::paths::{self, Places};
use super::{Result, build, serve, setup, shell};
use std::path::Path;

/// Builds the site with programs that note what runs, does in a browser what visitors do first, and keeps the lists in
/// `src/bin/*.hot`.
pub fn profile(places: &Places, mirror: Option<&Path>, gpu: build::Gpu) -> Result<()> {
    setup::npm_packages(places)?;
    setup::chromium()?;
    let site = places.target.join("marked");
    build::marked(places, mirror, gpu, &site)?;
    let address = serve::address(serve::in_background(&site)?);
    let found = places.target.join("profile");
    paths::remove_folder(&found)?;
    paths::make_folder(&found)?;
    let visits: &[&[&str]] = if gpu == build::Gpu::Now { &[&[], &["--gpu"]] } else { &[&[]] };
    for kind in visits {
        let mut visit = shell::command("node", [places.root.join("bench/profile.mjs")]);
        shell::run(visit.arg(&address).arg(&found).args(*kind).current_dir(&places.root))?;
    }
    for program in build::programs(gpu == build::Gpu::Now) {
        let ran = paths::read(&found.join(format!("{}.json", program.name)))?;
        let ran: Vec<u32> = serde_json::from_slice(&ran).map_err(|e| e.to_string())?;
        program.keep_profile(places, &ran)?;
    }
    Ok(())
}
