//! A program as it is before it is cut: compiled, bound to JavaScript, optimised, with its functions' names.

use super::program::Program;
use super::{cache, split};
use crate::tools::paths::{self, Places};
use crate::tools::{Result, setup, shell};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// What the page's views need of the compiler (.cargo/config.toml), which would only make the engines be built again.
const PAGE_FLAG: &str = "--cfg=erase_components";

impl Program {
    pub fn engine(&self, places: &Places) -> Result<PathBuf> {
        let key = self.key(places)?;
        let name = format!("whole_{}", self.name);
        let folder = cache::folder(places, &name, &key, |folder| self.make(places, folder))?;
        if self.key(places)? == key {
            return Ok(folder);
        }
        // Someone saved a file meanwhile: what came of it is good enough to look at, not to be kept under a key.
        println!("{}: its source changed while it was being built; build again for the newest", self.name);
        let unsettled = folder.with_file_name(format!("{name}-unsettled"));
        paths::replace_folder(&folder, &unsettled)?;
        Ok(unsettled)
    }

    /// Whether it need not be compiled.
    pub fn is_there(&self, places: &Places) -> Result<bool> {
        Ok(places.target.join(format!("site/whole_{}-{}", self.name, self.key(places)?)).is_dir())
    }

    /// What Trunk has compiled and bound, optimised; and taken away from what will be served.
    pub fn of_trunk(&self, places: &Places, staging: &Path) -> Result<PathBuf> {
        let (wasm, glue) = (paths::read(&self.module(staging))?, paths::read(&self.glue(staging))?);
        let optimiser = setup::locked_npm_version(places, "binaryen")? + &self.wasm_opt.join(" ");
        let key = cache::hash([wasm.as_slice(), &glue, optimiser.as_bytes()], 16);
        let folder = cache::folder(places, &format!("whole_{}", self.name), &key, |folder| {
            paths::write(&self.module(folder), &wasm)?;
            paths::write(&self.glue(folder), &glue)?;
            self.optimise(places, folder, &places.target.join(self.compiled()))
        })?;
        self.clear(staging)?;
        Ok(folder)
    }

    /// A hash of everything that the program is made from and with.
    fn key(&self, places: &Places) -> Result<String> {
        let compiler = shell::read(shell::command("rustc", ["-vV"]).current_dir(&places.root))?;
        let recipe = format!("{}\n{}\n{:?}", self.cargo().join(" "), self.wasm_opt.join(" "), self.never);
        // Of npm's packages only this one has a part in a program.
        let optimiser = setup::locked_npm_version(places, "binaryen")?;
        let mut parts = [compiler, recipe, optimiser].map(String::into_bytes).to_vec();
        let lists = ["Cargo.lock", "Cargo.toml", "build.rs", ".cargo/config.toml"];
        let lists = lists.iter().map(|name| places.root.join(name));
        for file in lists.chain(self.sources(&places.root.join("src"))?) {
            let name = file.strip_prefix(&places.root).unwrap_or(&file);
            parts.push(name.to_string_lossy().into_owned().into_bytes());
            parts.push(paths::read(&file)?);
        }
        Ok(cache::hash(parts.iter().map(Vec::as_slice), 16))
    }

    fn sources(&self, src: &Path) -> Result<Vec<PathBuf>> {
        let own = src.join("bin").join(format!("{}.rs", self.name));
        let mut files = paths::files_under(src)?;
        files.retain(|file| {
            let unused = self.unused.iter().any(|part| file.starts_with(src.join(part)));
            *file == own || !(unused || file.starts_with(src.join("bin")))
        });
        Ok(files)
    }

    fn cargo(&self) -> Vec<String> {
        let Self { name, feature, profile, .. } = self;
        let target = "--target=wasm32-unknown-unknown";
        let words = [
            "build",
            "--profile",
            profile,
            target,
            "--no-default-features",
            "--features",
            feature,
            "--bin",
            name,
        ];
        words.map(String::from).into()
    }

    /// Has Cargo compile the program again if it is made from something else than the last one in this target directory.
    pub fn clean_if_changed(&self, places: &Places) -> Result<()> {
        let stamp = places.target.join(format!("site/key_{}.txt", self.name));
        let key = self.key(places)?;
        if paths::read_text(&stamp).is_ok_and(|last| last == key) {
            return Ok(());
        }
        self.clean(places)?;
        paths::write(&stamp, key.as_bytes())
    }

    /// Checkouts that share a target directory share its fingerprints, which go by time: an older checkout would be taken
    /// for built. What gets here must be compiled, so nothing of ours is left to be taken.
    fn clean(&self, places: &Places) -> Result<()> {
        let ours = ["clean", "--quiet", "--package", "intab", "--target", "wasm32-unknown-unknown"];
        let clean = ours.into_iter().chain(["--profile", self.profile]);
        shell::run(shell::command("cargo", clean).current_dir(&places.root))
    }

    fn make(&self, places: &Places, folder: &Path) -> Result<()> {
        let start = Instant::now();
        setup::wasm_target(places)?;
        let wasm_bindgen = setup::wasm_bindgen(places)?;
        setup::npm_packages(places)?;

        println!("{}: compiling", self.name);
        self.clean(places)?;
        let mut cargo = shell::command("cargo", self.cargo());
        shell::run(cargo.env("RUSTFLAGS", engine_flags(places)?).current_dir(&places.root))?;
        let compiled = places.target.join(self.compiled());
        println!("{}: binding to JavaScript", self.name);
        shell::read(
            shell::command(wasm_bindgen, ["--target", "web", "--no-typescript", "--out-dir"])
                .arg(folder)
                .arg(&compiled),
        )?;
        if folder.join("snippets").exists() {
            return Err(format!("{} brings JavaScript of its own, which the build does not copy", self.name));
        }
        self.optimise(places, folder, &compiled)?;
        println!("{}: built in {:.0} s", self.name, start.elapsed().as_secs_f64());
        Ok(())
    }

    /// Where Cargo puts it, in its target folder.
    fn compiled(&self) -> String {
        format!("wasm32-unknown-unknown/{}/{}.wasm", self.profile, self.name)
    }

    /// Optimises what is in the folder, and writes down beside it what is where in memory.
    fn optimise(&self, places: &Places, folder: &Path, compiled: &Path) -> Result<()> {
        let layout = split::Layout::read(&paths::read(compiled)?)?;
        paths::write(&self.layout(folder), &serde_json::to_vec(&layout).map_err(|e| e.to_string())?)?;
        let module = self.module(folder);
        paths::write(&module, &split::without(&paths::read(&module)?, self.never, &layout)?)?;
        println!("{}: optimising ({})", self.name, self.wasm_opt.join(" "));
        let names = "-g"; // which the split needs, and takes away
        shell::run(
            shell::command(places.npm_bin("wasm-opt"), self.wasm_opt)
                .arg(names)
                .arg(&module)
                .arg("-o")
                .arg(&module),
        )
    }
}

/// The compiler's flags in .cargo/config.toml but the page's, as the environment has them.
fn engine_flags(places: &Places) -> Result<String> {
    let config = paths::read_text(&places.root.join(".cargo/config.toml"))?;
    let flags = config.lines().find_map(|line| line.strip_prefix("rustflags = ["));
    let flags = flags.ok_or(".cargo/config.toml has no line “rustflags = [”")?.trim_end_matches(']');
    let flags = flags.split(", ").map(|flag| flag.trim_matches('"')).filter(|flag| *flag != PAGE_FLAG);
    Ok(flags.collect::<Vec<_>>().join(" "))
}
