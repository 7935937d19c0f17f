//! `cargo intab test`: everything that must hold before a change is accepted, quickest first.
//! It stops at the first failure; the last line of a good run is “N passed, 0 failed”.

use super::paths::Places;
use super::{Result, build, serve, setup, shell};
use std::path::Path;
use std::time::Instant;

/// What each program must not link, by the feature that it is built with.
const LAYERS: [(&str, &[&str]); 4] =
    [("ui", &["burn"]), ("cpu", &["leptos"]), ("gpu", &["leptos"]), ("tools", &["burn", "leptos"])];

const WASM: &str = "--target=wasm32-unknown-unknown";

/// Cases of native fuzzing for one visit of a poisoned site, which takes seconds.
const CASES_A_VISIT: u32 = 2_000;

/// Runs the phases; `quick` leaves out the GPU engine and the browser, `fuzz` says how many cases of each kind are tried.
pub fn check(places: &Places, mirror: Option<&Path>, quick: bool, fuzz: Option<u32>) -> Result<()> {
    phase("tools", || {
        setup::wasm_target(places)?;
        setup::npm_packages(places)?;
        setup::pythons(places);
        if quick { Ok(()) } else { setup::chromium() }
    })?;
    phase("format", || cargo(places, &["fmt", "--check"]))?;
    phase("lints", || lints(places, quick))?;
    phase("layers", || LAYERS.iter().try_for_each(|(feature, banned)| layer(places, feature, banned)))?;
    phase("licences and advisories", || supply(places))?;
    let mut passed = phase("native tests", || native_tests(places, mirror, fuzz))?;
    if !quick {
        phase("site", || build::build(places, mirror, build::Gpu::Now))?;
        passed += phase("browser tests", || browser_tests(places, fuzz))?;
        passed += phase("smoke in three browsers", || smoke(places))?;
        passed += phase("Lighthouse", || lighthouse(places))?;
    }
    println!("{passed} passed, 0 failed");
    Ok(())
}

/// Says what is being done and how long it took.
fn phase<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("── {name}");
    let start = Instant::now();
    let outcome = work().map_err(|reason| format!("the phase “{name}” did not pass: {reason}"))?;
    println!("── {name}: {:.1} s", start.elapsed().as_secs_f64());
    Ok(outcome)
}

fn cargo(places: &Places, arguments: &[&str]) -> Result<()> {
    shell::run(shell::command("cargo", arguments).current_dir(&places.root))
}

fn lints(places: &Places, quick: bool) -> Result<()> {
    let clippy = |arguments: &[&str]| {
        cargo(places, &[&["clippy", "--quiet"], arguments, &["--", "-D", "warnings"]].concat())
    };
    clippy(&["--features", "tools,cpu", "--all-targets"])?;
    clippy(&[WASM, "--features", "ui", "--lib", "--bin", "app"])?;
    clippy(&[WASM, "--features", "cpu", "--lib", "--bin", "engine_cpu"])?;
    if quick { Ok(()) } else { clippy(&[WASM, "--features", "gpu", "--lib", "--bin", "engine_gpu"]) }
}

/// Asks cargo what a program links.
fn layer(places: &Places, feature: &str, banned: &[&str]) -> Result<()> {
    let tree =
        ["tree", "--no-default-features", "--features", feature, "--edges", "normal", "--prefix", "none"];
    // The tool is native; what would run in the browser is judged as the browser gets it.
    let target: &[&str] = if feature == "tools" { &[] } else { &[WASM] };
    let tree = shell::read(shell::command("cargo", tree).args(target).current_dir(&places.root))?;
    let names = tree.lines().filter_map(|line| line.split_whitespace().next());
    let of_family = |name: &str, family: &str| name.split('-').next() == Some(family);
    for name in names {
        if banned.iter().any(|family| of_family(name, family)) {
            return Err(format!("the program built with “{feature}” links {name}, which it never should"));
        }
    }
    Ok(())
}

/// What comes through Cargo may be passed on, is where it should be from, and has no known hole (`deny.toml`).
fn supply(places: &Places) -> Result<()> {
    let program = setup::cargo_deny(places)?;
    let deny = |arguments: &[&str]| {
        let mut deny = shell::command(&program, ["--log-level", "error", "--locked"]);
        deny.args(arguments).current_dir(&places.root);
        deny
    };
    shell::run(&mut deny(&["check", "licenses", "bans", "sources"]))?;
    // The list of known holes has an address of its own, which not every machine reaches.
    if let Err(complaint) = shell::read(&mut deny(&["fetch", "db"])) {
        let result = complaint.split("; ").filter(|part| !part.trim().is_empty()).last().unwrap_or_default();
        println!("known holes were not looked for, because their list cannot be fetched: {result}");
        return Ok(());
    }
    shell::run(&mut deny(&["--offline", "check", "advisories"]))
}

/// The native tests, with the data that some of them read.
fn native_tests(places: &Places, mirror: Option<&Path>, fuzz: Option<u32>) -> Result<usize> {
    super::data::prepare(places, mirror, None)?;
    let mut tests = shell::command("cargo", ["test", "--features", "tools,cpu", "--no-fail-fast"]);
    tests.envs(fuzz.map(|cases| ("INTAB_FUZZ", cases.to_string())));
    let text = shell::show_and_read(tests.current_dir(&places.root))?;
    Ok(sum_before(&text, "test result: ok. ", " passed"))
}

/// First what may have another test beside it, then what must be alone (`playwright.config.mjs`).
fn browser_tests(places: &Places, fuzz: Option<u32>) -> Result<usize> {
    let mut passed = 0;
    for projects in [["--project=cpu", "--workers=2"], ["--project=alone", "--project=gpu"]] {
        let mut playwright = shell::command(places.npm_bin("playwright"), ["test", "--reporter=list"]);
        let visits = fuzz.map(|cases| ("INTAB_FUZZ_PAGES", cases.div_ceil(CASES_A_VISIT).to_string()));
        let text = shell::show_and_read(playwright.args(projects).envs(visits).current_dir(&places.root))?;
        passed += sum_before(&text, "", " passed");
    }
    Ok(passed)
}

/// What a visitor comes for, in each family of browsers, two at a time: with a third, two cores are not enough for WebKit.
fn smoke(places: &Places) -> Result<usize> {
    let browsers = [vec!["chromium"], setup::other_browsers()].concat();
    let mut playwright =
        shell::command(places.npm_bin("playwright"), ["test", "--reporter=list", "--workers=2"]);
    playwright.args(browsers.iter().map(|name| format!("--project={name}"))).current_dir(&places.root);
    Ok(sum_before(&shell::show_and_read(&mut playwright)?, "", " passed"))
}

/// Speed, accessibility and good manners as a visitor's browser finds them; the reports stay in `reports/`.
fn lighthouse(places: &Places) -> Result<usize> {
    let address = serve::address(serve::in_background(&places.dist())?);
    let script = places.root.join("tests/browser/lighthouse.mjs");
    let mut node = shell::command("node", [script]);
    let text = shell::show_and_read(node.arg(address).arg(places.reports()).current_dir(&places.root))?;
    Ok(sum_before(&text, "", " passed"))
}

/// The sum of the numbers between `prefix` at a line's beginning and `suffix`.
fn sum_before(text: &str, prefix: &str, suffix: &str) -> usize {
    let number = |line: &str| line.trim().strip_prefix(prefix)?.split_once(suffix)?.0.parse::<usize>().ok();
    text.lines().filter_map(number).sum()
}

#[cfg(test)]
mod tests {
    use super::sum_before;

    #[test]
    fn passed_tests_are_added_up() {
        let cargo = "test a ... ok\ntest result: ok. 12 passed; 0 failed; 1 ignored\n\
                     test result: ok. 3 passed; 0 failed\ntest result: FAILED. 9 passed; 1 failed";
        assert_eq!(sum_before(cargo, "test result: ok. ", " passed"), 15);
        assert_eq!(sum_before("  ✓ 1 it has 3 passed stones\n\n  21 passed (1.2m)\n", "", " passed"), 21);
    }
}
