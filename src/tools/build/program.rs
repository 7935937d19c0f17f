//! One wasm program: compiled, bound to JavaScript, optimised, named by its content, compressed.

use super::{cache, split};
use crate::tools::paths::{self, Places};
use crate::tools::{Result, setup, shell};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// What is added to the script that wasm-bindgen wrote.
const REST: &str = include_str!("rest.js");
const MARKS: &str = include_str!("marks.js");
const LOADER: &str = include_str!("loader.js");
/// The same of a program that has no second half.
const WHOLE: &str = "\nexport const fetchRest = async () => {};\n";

/// What the page's views need of the compiler (.cargo/config.toml), which would only make the engines be built again.
const PAGE_FLAG: &str = "--cfg=erase_components";

/// How one of the package's bins becomes files of the site.
pub struct Program {
    /// The bin's name.
    pub name: &'static str,
    /// The feature that it is built with, alone.
    pub feature: &'static str,
    /// Cargo's profile.
    pub profile: &'static str,
    pub wasm_opt: &'static [&'static str],
    /// What it never does, although it refers to it: a module's types, or all where it is empty, as what a trait makes of
    /// them. It is left out, and doing it ends the program.
    pub never: &'static [(&'static str, &'static str)],
    /// It runs in a Web Worker, which needs a script that starts it. We build it ourselves; Trunk builds the page.
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

    /// The second half of the program.
    pub fn rest(&self) -> String {
        format!("{}_rest.wasm", self.stem)
    }

    /// The script that a page starts as a module worker.
    pub fn worker(&self) -> String {
        format!("{}.worker.js", self.stem)
    }
}

impl Program {
    /// The program's files, from the cache where nothing that they are made from has changed. `staging` is where Trunk
    /// has put what it built.
    pub fn build(&self, places: &Places, staging: &Path) -> Result<Built> {
        let whole = self.whole(places, staging)?;
        let hot = paths::read_text(&self.hot(places))?;
        let folder = self.finish(places, &whole, self.name, &hot, |raw| self.halve(places, raw, &hot))?;
        self.built(folder)
    }

    /// The page's program as Trunk built it for working on it: whole, and quickly there.
    pub fn build_quickly(&self, places: &Places, staging: &Path) -> Result<Built> {
        let folder = places.target.join("site/quick_app");
        paths::make_folder(&folder)?;
        let glue = paths::read_text(&self.glue(staging))? + WHOLE;
        paths::write(&self.glue(&folder), glue.as_bytes())?;
        paths::write(&self.module(&folder), &paths::read(&self.module(staging))?)?;
        self.clear(staging)?;
        Ok(Built { name: self.name, folder, stem: self.name.into() })
    }

    /// The program's files for a profile, where it notes which of its functions run.
    pub fn build_marked(&self, places: &Places, staging: &Path) -> Result<Built> {
        let whole = self.whole(places, staging)?;
        let name = format!("marked_{}", self.name);
        let folder = self.finish(places, &whole, &name, "", |raw| {
            let module = self.module(raw);
            paths::write(&module, &split::instrument(&paths::read(&module)?)?)?;
            self.append(raw, &MARKS.replace("{{program}}", self.name))
        })?;
        self.built(folder)
    }

    /// Writes down which functions of the whole program have run in a profile, as their numbers.
    pub fn keep_profile(&self, places: &Places, ran: &[u32]) -> Result<()> {
        let whole = PathBuf::from(paths::read_text(&self.latest(places))?);
        let before = listed(&paths::read_text(&self.hot(places))?)?;
        let hot = split::hashes(&paths::read(&self.module(&whole))?, ran, &before)?;
        let words: Vec<String> = hot.iter().map(|hash| format!("{hash:08x}")).collect();
        let lines: String = words.chunks(12).map(|line| line.join(" ") + "\n").collect();
        println!("{}: {} functions run in first visits", self.name, hot.len());
        paths::write(&self.hot(places), lines.as_bytes())
    }

    /// The hashes of the names of the functions that a first visit runs, made by `cargo intab profile`.
    fn hot(&self, places: &Places) -> PathBuf {
        places.root.join(format!("src/bin/{}.hot", self.name))
    }

    /// A folder with the program compiled, bound and optimised, with its functions' names.
    fn whole(&self, places: &Places, staging: &Path) -> Result<PathBuf> {
        let folder = if self.worker { self.engine(places) } else { self.of_trunk(places, staging) }?;
        paths::write(&self.latest(places), folder.to_string_lossy().as_bytes())?;
        Ok(folder)
    }

    /// Where the last whole is named.
    fn latest(&self, places: &Places) -> PathBuf {
        places.target.join(format!("site/latest_{}.txt", self.name))
    }

    fn engine(&self, places: &Places) -> Result<PathBuf> {
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
    fn of_trunk(&self, places: &Places, staging: &Path) -> Result<PathBuf> {
        let (wasm, glue) = (paths::read(&self.module(staging))?, paths::read(&self.glue(staging))?);
        let optimiser = setup::locked_npm_version(places, "binaryen")? + &self.wasm_opt.join(" ");
        let key = cache::hash([wasm.as_slice(), &glue, optimiser.as_bytes()], 16);
        let folder = cache::folder(places, &format!("whole_{}", self.name), &key, |folder| {
            paths::write(&self.module(folder), &wasm)?;
            paths::write(&self.glue(folder), &glue)?;
            self.optimise(places, folder)
        })?;
        self.clear(staging)?;
        Ok(folder)
    }

    fn clear(&self, staging: &Path) -> Result<()> {
        [self.module(staging), self.glue(staging)].iter().try_for_each(|file| paths::remove_file(file))
    }

    /// A folder with the program's files as they are served, made of the whole by `change`, which `with` stands for.
    fn finish(
        &self,
        places: &Places,
        whole: &Path,
        name: &str,
        with: &str,
        change: impl FnOnce(&Path) -> Result<()>,
    ) -> Result<PathBuf> {
        let [wasm, glue] = [self.module(whole), self.glue(whole)].map(|file| paths::read(&file));
        let loader = self.loader("");
        let recipe = [REST, MARKS, &loader, with].map(str::as_bytes);
        let key = cache::hash([wasm?.as_slice(), &glue?].into_iter().chain(recipe), 16);
        cache::folder(places, name, &key, |folder| {
            let raw = folder.join("raw");
            for file in [self.module(whole), self.glue(whole)] {
                let name = file.file_name().unwrap_or_default();
                paths::write(&raw.join(name), &paths::read(&file)?)?;
            }
            change(&raw)?;
            self.name_files(&raw, folder)?;
            paths::remove_folder(&raw)?;
            println!("{name}: compressing");
            cache::compress(folder)
        })
    }

    /// Cuts the module into its halves and has the glue fetch the second.
    fn halve(&self, places: &Places, raw: &Path, hot: &str) -> Result<()> {
        let module = self.module(raw);
        let (whole, hot) = (paths::read(&module)?, listed(hot)?);
        let gone = hot.len() - split::hashes(&whole, &[], &hot)?.len();
        if gone > 0 {
            println!(
                "{}: {gone} of {} functions that a first visit runs have another name now; “cargo intab profile” finds them",
                self.name,
                hot.len()
            );
        }
        let halves = split::split(&whole, &hot)?;
        paths::write(&module, &halves.first)?;
        paths::write(&self.rest(raw), &halves.rest)?;
        // What only the second half used is gone from the first.
        let tidy = ["--remove-unused-module-elements", "--reorder-functions"];
        let wasm_opt = places.npm_bin("wasm-opt");
        shell::run(shell::command(wasm_opt, tidy).arg(&module).arg("-o").arg(&module))?;
        self.append(raw, &REST.replace("{{rest}}", &format!("{}_rest.wasm", self.name)))
    }

    /// Gives the glue more to say, and the module one more thing to import.
    fn append(&self, raw: &Path, script: &str) -> Result<()> {
        const IMPORTS: &str = "const imports = __wbg_get_imports();";
        let glue = paths::read_text(&self.glue(raw))?;
        if !glue.contains(IMPORTS) {
            return Err(format!(
                "wasm-bindgen’s script for {} is not as expected: no “{IMPORTS}”",
                self.name
            ));
        }
        let glue = glue.replace(IMPORTS, "const imports = { ...__wbg_get_imports(), rest };");
        paths::write(&self.glue(raw), (glue + script).as_bytes())
    }

    fn module(&self, folder: &Path) -> PathBuf {
        folder.join(format!("{}_bg.wasm", self.name))
    }

    fn rest(&self, folder: &Path) -> PathBuf {
        folder.join(format!("{}_rest.wasm", self.name))
    }

    fn glue(&self, folder: &Path) -> PathBuf {
        folder.join(format!("{}.js", self.name))
    }

    /// Finds the files' hash again from their names.
    fn built(&self, folder: PathBuf) -> Result<Built> {
        let files = paths::files_under(&folder)?;
        let names = files.iter().filter_map(|file| file.file_name()?.to_str());
        let stem = names.filter_map(|name| name.strip_suffix("_bg.wasm")).next();
        let stem =
            stem.ok_or_else(|| format!("{} has no wasm file; remove it", folder.display()))?.to_string();
        Ok(Built { name: self.name, folder, stem })
    }

    /// A hash of everything that the program is made from and with.
    fn key(&self, places: &Places) -> Result<String> {
        let compiler = shell::read(shell::command("rustc", ["-vV"]).current_dir(&places.root))?;
        let recipe = format!("{}\n{}\n{:?}", self.cargo().join(" "), self.wasm_opt.join(" "), self.never);
        // Of npm's packages only this one has a part in a program.
        let optimiser = setup::locked_npm_version(places, "binaryen")?;
        let mut parts = [compiler, recipe, optimiser].map(String::into_bytes).to_vec();
        let lists = ["Cargo.lock", "Cargo.toml", ".cargo/config.toml"];
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
        let compiled = format!("wasm32-unknown-unknown/{}/{}.wasm", self.profile, self.name);
        println!("{}: binding to JavaScript", self.name);
        shell::read(
            shell::command(wasm_bindgen, ["--target", "web", "--no-typescript", "--out-dir"])
                .arg(folder)
                .arg(places.target.join(compiled)),
        )?;
        if folder.join("snippets").exists() {
            return Err(format!("{} brings JavaScript of its own, which the build does not copy", self.name));
        }
        let module = self.module(folder);
        paths::write(&module, &split::without(&paths::read(&module)?, self.never)?)?;
        self.optimise(places, folder)?;
        println!("{}: built in {:.0} s", self.name, start.elapsed().as_secs_f64());
        Ok(())
    }

    fn optimise(&self, places: &Places, folder: &Path) -> Result<()> {
        println!("{}: optimising ({})", self.name, self.wasm_opt.join(" "));
        let names = "-g"; // which the split needs, and takes away
        let module = self.module(folder);
        shell::run(
            shell::command(places.npm_bin("wasm-opt"), self.wasm_opt)
                .arg(names)
                .arg(&module)
                .arg("-o")
                .arg(&module),
        )
    }

    /// Gives the files names that carry the hash of all of them, and makes them refer to each other by those.
    fn name_files(&self, raw: &Path, folder: &Path) -> Result<()> {
        let glue = paths::read_text(&self.glue(raw))?;
        let mut modules = vec![("bg", paths::read(&self.module(raw))?)];
        if self.rest(raw).exists() {
            modules.push(("rest", paths::read(&self.rest(raw))?));
        }
        let loader = self.loader("");
        let parts = modules.iter().map(|(_, module)| module.as_slice());
        let hash = cache::hash(parts.chain([glue.as_bytes(), loader.as_bytes()]), 8);
        let stem = format!("{}-{hash}", self.name);
        let mut named = glue;
        for (which, module) in &modules {
            let file = format!("{stem}_{which}.wasm");
            named = named.replace(&format!("{}_{which}.wasm", self.name), &file);
            paths::write(&folder.join(file), module)?;
        }
        paths::write(&folder.join(format!("{stem}.js")), named.as_bytes())?;
        if self.worker {
            paths::write(&folder.join(format!("{stem}.worker.js")), self.loader(&stem).as_bytes())?;
        }
        Ok(())
    }

    /// The script that starts a worker.
    fn loader(&self, stem: &str) -> String {
        LOADER.replace("{{stem}}", stem)
    }
}

/// The hashes of a list.
fn listed(words: &str) -> Result<BTreeSet<u32>> {
    let hashes = words.split_whitespace().map(|word| u32::from_str_radix(word, 16));
    hashes.collect::<std::result::Result<_, _>>().map_err(|e| e.to_string())
}

/// The compiler's flags in .cargo/config.toml but the page's, as the environment has them.
fn engine_flags(places: &Places) -> Result<String> {
    let config = paths::read_text(&places.root.join(".cargo/config.toml"))?;
    let flags = config.lines().find_map(|line| line.strip_prefix("rustflags = ["));
    let flags = flags.ok_or(".cargo/config.toml has no line “rustflags = [”")?.trim_end_matches(']');
    let flags = flags.split(", ").map(|flag| flag.trim_matches('"')).filter(|flag| *flag != PAGE_FLAG);
    Ok(flags.collect::<Vec<_>>().join(" "))
}
