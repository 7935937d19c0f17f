//! One wasm program: compiled, bound to JavaScript, optimised, named by its content, compressed.

use super::{cache, split};
use crate::tools::paths::{self, Places};
use crate::tools::{Result, shell};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What is added to the script that wasm-bindgen wrote.
const REST: &str = include_str!("rest.js");
const MARKS: &str = include_str!("marks.js");
const LOADER: &str = include_str!("loader.js");
/// The same of a program that has no second half.
const WHOLE: &str = "\nexport const fetchRest = async () => {};\n";

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
        let folder =
            self.finish(places, &whole, self.name, &hot, |raw| self.halve(places, &whole, raw, &hot))?;
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

    pub fn clear(&self, staging: &Path) -> Result<()> {
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
        let files = [self.module(whole), self.glue(whole), self.layout(whole)];
        let files = files.iter().map(|file| paths::read(file)).collect::<Result<Vec<_>>>()?;
        let loader = self.loader("");
        let recipe = [REST, MARKS, &loader, with].into_iter().chain(split::SOURCE).map(str::as_bytes);
        let key = cache::hash(files.iter().map(Vec::as_slice).chain(recipe), 16);
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

    /// Cuts the module of the whole in `folder` into its halves and has the glue fetch the second.
    fn halve(&self, places: &Places, folder: &Path, raw: &Path, hot: &str) -> Result<()> {
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
        let layout =
            serde_json::from_slice(&paths::read(&self.layout(folder))?).map_err(|e| e.to_string())?;
        let halves = split::split(&whole, &hot, &layout)?;
        paths::write(&module, &halves.first)?;
        paths::write(&self.rest(raw), &halves.rest)?;
        // What only the second half used is gone from the first. (What is alike stays side by side: sorting functions by
        // how often they are called made every file larger.)
        let wasm_opt = places.npm_bin("wasm-opt");
        shell::run(
            shell::command(wasm_opt, ["--remove-unused-module-elements"]).arg(&module).arg("-o").arg(&module),
        )?;
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

    pub fn module(&self, folder: &Path) -> PathBuf {
        folder.join(format!("{}_bg.wasm", self.name))
    }

    fn rest(&self, folder: &Path) -> PathBuf {
        folder.join(format!("{}_rest.wasm", self.name))
    }

    pub fn glue(&self, folder: &Path) -> PathBuf {
        folder.join(format!("{}.js", self.name))
    }

    /// What is where in the whole program's memory.
    pub fn layout(&self, folder: &Path) -> PathBuf {
        folder.join(format!("{}.layout.json", self.name))
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
