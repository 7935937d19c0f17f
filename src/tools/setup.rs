//! The programs that building and testing need, installed where they are missing, saying so.

use super::paths::Places;
use super::{Result, paths, shell};
use std::path::{Path, PathBuf};

const WASM: &str = "wasm32-unknown-unknown";
const CHROMIUM: &str = "/usr/bin/chromium";
const CARGO_DENY: &str = "0.20.2";
/// Later ones need a newer compiler than `rust-toolchain.toml` names.
const TRUNK: &str = "0.21.14";
/// Programs of Cargo's that are built unoptimised are there in two minutes instead of many, and do as well.
const QUICKLY: [&str; 4] = ["--locked", "--debug", "--config", "profile.dev.debug=false"];

/// The compiler's libraries for the browser.
pub fn wasm_target(places: &Places) -> Result<()> {
    let sysroot = shell::read(shell::command("rustc", ["--print", "sysroot"]).current_dir(&places.root))?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(WASM).is_dir() {
        return Ok(());
    }
    println!("installing the Rust target {WASM}");
    shell::run(shell::command("rustup", ["target", "add", WASM]).current_dir(&places.root))
}

/// A `wasm-bindgen` of exactly the version of the library: any other refuses its output.
pub fn wasm_bindgen(places: &Places) -> Result<PathBuf> {
    let version = locked_version(places, "wasm-bindgen")?;
    cargo_program(places, "wasm-bindgen", "wasm-bindgen-cli", &version, &[])
}

/// What looks at licences and known holes: 1:54 to build on two cores.
pub fn cargo_deny(places: &Places) -> Result<PathBuf> {
    cargo_program(places, "cargo-deny", "cargo-deny", CARGO_DENY, &QUICKLY)
}

/// What builds the page: 2:28 to build on two cores, and no time where `cargo binstall` fetches it.
pub fn trunk(places: &Places) -> Result<PathBuf> {
    // Without asking for newer versions of itself.
    let how = [&QUICKLY[..], &["--no-default-features", "--features", "rustls"]].concat();
    cargo_program(places, "trunk", "trunk", TRUNK, &how)
}

/// A program of exactly this version: the machine's own, or one that Cargo builds once.
fn cargo_program(
    places: &Places,
    program: &str,
    package: &str,
    version: &str,
    how: &[&str],
) -> Result<PathBuf> {
    let said = format!("{program} {version}");
    let fits = |program: &Path| {
        shell::read(&mut shell::command(program, ["--version"])).is_ok_and(|answer| answer.trim() == said)
    };
    let own = places.cache.join(format!("tools/{program}-{version}"));
    let ours = own.join("bin").join(program);
    if let Some(program) = [PathBuf::from(program), ours.clone()].into_iter().find(|p| fits(p)) {
        return Ok(program);
    }
    println!("installing {said}");
    let binstall = ["binstall", "--no-confirm", "--version", version, "--root"];
    let mut binstall = shell::command("cargo", binstall);
    if shell::read(&mut shell::command("cargo", ["binstall", "-V"])).is_ok()
        && shell::run(binstall.arg(&own).arg(package)).is_ok()
        && fits(&ours)
    {
        return Ok(ours);
    }
    println!("building it from source, which takes some minutes");
    shell::run(
        shell::command("cargo", ["install", package, "--version", version, "--root"])
            .arg(&own)
            .args(how)
            .current_dir(&places.root),
    )?;
    Ok(ours)
}

/// What package.json names: wasm-opt, Playwright, axe, Lighthouse, Puppeteer, reveal.js.
pub fn npm_packages(places: &Places) -> Result<()> {
    let there = |path: &str| places.root.join("node_modules").join(path).exists();
    if [".bin/wasm-opt", ".bin/playwright", "lighthouse", "puppeteer-core", "reveal.js"]
        .into_iter()
        .all(there)
    {
        return Ok(());
    }
    println!("installing the packages of package-lock.json");
    // The browser comes from Debian, not from Playwright's own address.
    shell::run(
        shell::command("npm", ["ci"]).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1").current_dir(&places.root),
    )
}

/// What `bench --peers` compares with: packages of a list of its own, which nothing else needs.
pub fn peers(places: &Places) -> Result<()> {
    let folder = places.root.join("bench/peers");
    if folder.join("node_modules/convnetjs").exists() {
        return Ok(());
    }
    println!("installing the packages of bench/peers/package-lock.json");
    shell::run(shell::command("npm", ["ci", "--ignore-scripts"]).current_dir(folder))
}

/// Debian's Chromium, in which the page is tested and measured.
pub fn chromium() -> Result<()> {
    if Path::new(CHROMIUM).exists() {
        return Ok(());
    }
    println!("installing Chromium");
    apt(&["chromium"])
}

/// What else the page is tried in: the project in `playwright.config.mjs`, its programs, and Debian's packages of them.
const OTHERS: [(&str, &[&str], &[&str]); 2] = [
    ("firefox", &["/usr/bin/firefox-esr"], &["firefox-esr"]),
    ("webkit", &["/usr/bin/WebKitWebDriver", "/usr/bin/xvfb-run"], &["webkit2gtk-driver", "xvfb", "xauth"]),
];

/// Of the browsers beside Chromium, those that are here or can be had. One that cannot be had stops nobody from
/// testing in the others, so it is left out, and that is said.
pub fn other_browsers() -> Vec<&'static str> {
    let here = |(name, programs, packages): &(&'static str, &[&str], &[&str])| {
        if programs.iter().all(|program| Path::new(program).exists()) {
            return Some(*name);
        }
        println!("installing {}", packages.join(", "));
        match apt(packages) {
            Ok(()) => Some(*name),
            Err(reason) => {
                println!("{name} is left out: it is not here and could not be installed: {reason}");
                None
            }
        }
    };
    OTHERS.iter().filter_map(here).collect()
}

/// What runs the scripts of “The same in code”: an environment each, with what it takes from Python's registry.
/// PyTorch itself is Debian's, for processors alone: 121 MB to fetch, 542 MB on disk, 66 s on two cores that were busy.
/// Keras computes on JAX: 160 MB to fetch, 689 MB on disk, 75 s.
const PYTHONS: [(&str, &[&str], &[&str]); 2] = [
    ("pytorch", &["python3-torch", "python3-torchvision"], &["--no-deps", "safetensors==0.8.0"]),
    ("keras", &[], &["keras==3.15.1", "jax==0.10.2", "safetensors==0.8.0"]),
];

/// Those environments. One that cannot be made is left out, and that is said: under CI its tests then fail.
pub fn pythons(places: &Places) {
    for (name, debian, registry) in PYTHONS {
        let folder = places.cache.join("tools").join(name);
        if folder.join("bin/python").exists() {
            continue;
        }
        println!("installing {name} for Python");
        if let Err(reason) = python(&folder, debian, registry) {
            println!("the scripts for {name} will not be run: it could not be installed: {reason}");
            // Half of one would be taken for one.
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

fn python(folder: &Path, debian: &[&str], registry: &[&str]) -> Result<()> {
    apt(&[&["--no-install-recommends", "python3-venv"], debian].concat())?;
    let shared = (!debian.is_empty()).then_some("--system-site-packages");
    let make = ["-m", "venv"].into_iter().chain(shared);
    shell::run(shell::command("/usr/bin/python3", make).arg(folder))?;
    shell::run(shell::command(folder.join("bin/pip"), ["install", "--quiet"]).args(registry))
}

/// Installs packages of the system.
fn apt(packages: &[&str]) -> Result<()> {
    shell::run(&mut shell::command("apt-get", ["update"]))?;
    shell::run(shell::command("apt-get", ["install", "-y"]).args(packages))
}

/// The version of a package in package-lock.json.
pub fn locked_npm_version(places: &Places, package: &str) -> Result<String> {
    let lock = paths::read_text(&places.root.join("package-lock.json"))?;
    let lock: serde_json::Value =
        serde_json::from_str(&lock).map_err(|e| format!("package-lock.json cannot be read: {e}"))?;
    let version = lock["packages"][format!("node_modules/{package}")]["version"].as_str();
    version.map(String::from).ok_or_else(|| format!("package-lock.json does not name {package}"))
}

/// The version of a package in Cargo.lock.
fn locked_version(places: &Places, package: &str) -> Result<String> {
    let lock = paths::read_text(&places.root.join("Cargo.lock"))?;
    let name = format!("name = \"{package}\"");
    lock.lines()
        .skip_while(|line| *line != name)
        .find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"'))
        .map(str::to_string)
        .ok_or_else(|| format!("Cargo.lock has no package {package}"))
}
