//! One wasm program: compiled, bound to JavaScript, optimised, named by its content, compressed.

use super::cache;
use crate::tools::places::{self, Places};
use crate::tools::{Result, setup, shell};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// How one of the package's bins becomes files of the site.
pub struct Program {
    /// The bin's name.
    pub name: &'static str,
    /// The feature that it is built with, alone.
    pub feature: &'static str,
    /// Cargo's profile.
    pub profile: &'static str,
    /// Flags of the compiler, besides those in .cargo/config.toml.
    pub rustflags: &'static [&'static str],
    pub wasm_opt: &'static [&'static str],
    /// It runs in a Web Worker, which needs a script that starts it.
    pub worker: bool,
    /// What it does not use of src/.
    pub unused: &'static [&'static str],
}

/// A program's files, named `<name>-<hash>…`, in a folder of their own.
pub struct Built {
    pub name: &'static str,
    pub folder: PathBuf,
    /// `<name>-<hash>`
    stem: String,
}

impl Built {
    /// The JavaScript that wasm-bindgen wrote.
    pub fn glue(&self) -> String {
        format!("{}.js", self.stem)
    }

    pub fn wasm(&self) -> String {
        format!("{}_bg.wasm", self.stem)
    }

    /// The script that a page starts as a module worker.
    pub fn worker(&self) -> String {
        format!("{}.worker.js", self.stem)
    }
}

impl Program {
    /// The program's files, from the cache where nothing that they are made from has changed.
    pub fn build(&self, places: &Places) -> Result<Built> {
        let key = self.key(places)?;
        let folder = cache::folder(places, self.name, &key, |folder| self.make(places, folder))?;
        if self.key(places)? == key {
            return self.built(folder);
        }
        // Someone saved a file meanwhile: what came of it is good enough to look at, not to be kept under a key.
        println!("{}: its source changed while it was being built; build again for the newest", self.name);
        let unsettled = folder.with_file_name(format!("{}-unsettled", self.name));
        places::replace_folder(&folder, &unsettled)?;
        self.built(unsettled)
    }

    /// Finds the files' hash again from their names.
    fn built(&self, folder: PathBuf) -> Result<Built> {
        let files = places::files_under(&folder)?;
        let names = files.iter().filter_map(|file| file.file_name()?.to_str());
        let stem = names.filter_map(|name| name.strip_suffix("_bg.wasm")).next();
        let stem =
            stem.ok_or_else(|| format!("{} has no wasm file; remove it", folder.display()))?.to_string();
        Ok(Built { name: self.name, folder, stem })
    }

    /// A hash of everything that the program is made from and with.
    fn key(&self, places: &Places) -> Result<String> {
        let compiler = shell::read(shell::command("rustc", ["-vV"]).current_dir(&places.root))?;
        let flags = std::env::var("RUSTFLAGS").unwrap_or_default();
        let recipe = [self.cargo().join(" "), self.wasm_opt.join(" "), self.loader("")].join("\n");
        // Of npm's packages only this one has a part in a program.
        let optimiser = setup::locked_npm_version(places, "binaryen")?;
        let mut parts = [compiler, flags, recipe, optimiser].map(String::into_bytes).to_vec();
        let lists = ["Cargo.lock", "Cargo.toml", ".cargo/config.toml"];
        let lists = lists.iter().map(|name| places.root.join(name));
        for file in lists.chain(self.sources(&places.root.join("src"))?) {
            let name = file.strip_prefix(&places.root).unwrap_or(&file);
            parts.push(name.to_string_lossy().into_owned().into_bytes());
            parts.push(places::read(&file)?);
        }
        Ok(cache::hash(parts.iter().map(Vec::as_slice), 16))
    }

    fn sources(&self, src: &Path) -> Result<Vec<PathBuf>> {
        let own = src.join("bin").join(format!("{}.rs", self.name));
        let mut files = places::files_under(src)?;
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
        let mut words: Vec<String> = words.map(String::from).into();
        if !self.rustflags.is_empty() {
            // Added to those of .cargo/config.toml.
            words.push(format!("--config=target.wasm32-unknown-unknown.rustflags={:?}", self.rustflags));
        }
        words
    }

    fn make(&self, places: &Places, folder: &Path) -> Result<()> {
        let start = Instant::now();
        setup::wasm_target(places)?;
        let wasm_bindgen = setup::wasm_bindgen(places)?;
        setup::npm_packages(places)?;

        println!("{}: compiling", self.name);
        // Checkouts that share a target directory share its fingerprints, which go by time: an older checkout
        // would be taken for built. What gets here must be compiled, so nothing of ours is left to be taken.
        let ours = ["clean", "--quiet", "--package", "intab", "--target", "wasm32-unknown-unknown"];
        let clean = ours.into_iter().chain(["--profile", self.profile]);
        shell::run(shell::command("cargo", clean).current_dir(&places.root))?;
        shell::run(shell::command("cargo", self.cargo()).current_dir(&places.root))?;
        let compiled = format!("wasm32-unknown-unknown/{}/{}.wasm", self.profile, self.name);
        println!("{}: binding to JavaScript", self.name);
        let raw = folder.join("raw");
        shell::read(
            shell::command(wasm_bindgen, ["--target", "web", "--no-typescript", "--remove-name-section"])
                .arg("--out-dir")
                .arg(&raw)
                .arg(places.target.join(compiled)),
        )?;
        let module = raw.join(format!("{}_bg.wasm", self.name));
        println!("{}: optimising ({})", self.name, self.wasm_opt.join(" "));
        shell::run(
            shell::command(places.npm_bin("wasm-opt"), self.wasm_opt).arg(&module).arg("-o").arg(&module),
        )?;
        self.name_files(&raw, folder)?;
        println!("{}: compressing", self.name);
        places::remove_folder(&raw)?;
        cache::compress(folder)?;
        println!("{}: built in {:.0} s", self.name, start.elapsed().as_secs_f64());
        Ok(())
    }

    /// Gives the files names that carry the hash of all of them, and makes them refer to each other by those.
    fn name_files(&self, raw: &Path, folder: &Path) -> Result<()> {
        let glue = places::read_text(&raw.join(format!("{}.js", self.name)))?;
        let module = places::read(&raw.join(format!("{}_bg.wasm", self.name)))?;
        if raw.join("snippets").exists() {
            return Err(format!("{} brings JavaScript of its own, which the build does not copy", self.name));
        }
        let loader = self.loader("");
        let parts = [glue.as_bytes(), &module, loader.as_bytes()];
        let stem = format!("{}-{}", self.name, cache::hash(parts, 8));
        let glue = glue.replace(&format!("{}_bg.wasm", self.name), &format!("{stem}_bg.wasm"));
        places::write(&folder.join(format!("{stem}.js")), glue.as_bytes())?;
        places::write(&folder.join(format!("{stem}_bg.wasm")), &module)?;
        if self.worker {
            places::write(&folder.join(format!("{stem}.worker.js")), self.loader(&stem).as_bytes())?;
        }
        Ok(())
    }

    /// The script that starts a worker. An engine's helper (`worker::helper`) is sent the program that the engine has
    /// compiled, as its first message.
    fn loader(&self, stem: &str) -> String {
        format!(
            "import init from \"./{stem}.js\";\n\
             const sent = () => new Promise((resolve) => {{ self.onmessage = ({{ data }}) => resolve(data); }});\n\
             const fetched = () => new URL(\"./{stem}_bg.wasm\", import.meta.url);\n\
             await init({{ module_or_path: self.name === \"helper\" ? sent() : fetched() }});\n"
        )
    }
}
