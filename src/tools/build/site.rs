//! The finished site in `dist/`: programs, style, public files and, last, the page that refers to them.
//! While it is being made, the site that was there goes on working.

use super::cache;
use super::program::Built;
use super::template;
use crate::spec::PRESETS;
use crate::tools::Result;
use crate::tools::places::{self, Places};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Style sheets in the order in which they build on each other; any others follow by name.
const STYLES: [&str; 5] = ["tokens", "base", "layout", "controls", "charts"];

/// Files that keep their names, because other pages refer to them: where they are from, and where they go.
const AS_THEY_ARE: [(&str, &str); 7] = [
    ("www/sw.js", "sw.js"),
    ("www/frame.js", "frame.js"),
    ("www/embed.js", "embed.js"),
    ("www/slides/index.html", "slides/index.html"),
    ("node_modules/reveal.js/dist/reset.css", "slides/reveal/reset.css"),
    ("node_modules/reveal.js/dist/reveal.css", "slides/reveal/reveal.css"),
    ("node_modules/reveal.js/dist/reveal.mjs", "slides/reveal/reveal.mjs"),
];

/// The style sheet's files, in a folder of their own.
pub struct Style {
    pub folder: PathBuf,
    pub name: String,
}

/// Writes `dist/`. Files that nothing refers to any more are removed.
pub fn build(places: &Places, programs: &[Built]) -> Result<Style> {
    let style = style(places)?;
    let page = page(places, programs, &style)?;
    let dist = places.dist();
    let mut used = BTreeSet::new();
    let folders = programs.iter().map(|program| &program.folder).chain([&style.folder]);
    for folder in folders.chain([&places.public()]) {
        for file in places::files_under(folder)? {
            let place = dist.join(file.strip_prefix(folder).unwrap_or(&file));
            put(&file, &place)?;
            used.insert(place);
        }
    }
    for (from, to) in AS_THEY_ARE {
        let place = dist.join(to);
        put(&places.root.join(from), &place)?;
        used.insert(place);
    }
    let index = dist.join("index.html");
    places::write(&index, page.as_bytes())?;
    used.insert(index);
    for file in places::files_under(&dist)? {
        if !used.contains(&file) {
            fs::remove_file(&file).map_err(|e| places::cannot("remove", &file, &e))?;
        }
    }
    Ok(style)
}

/// All style sheets as one file named by its content.
fn style(places: &Places) -> Result<Style> {
    let folder = places.root.join("www/style");
    let rank = |file: &PathBuf| {
        let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        (STYLES.iter().position(|known| *known == stem).unwrap_or(STYLES.len()), stem)
    };
    let mut sheets = places::files_under(&folder)?;
    sheets.retain(|file| file.extension().is_some_and(|e| e == "css"));
    sheets.sort_by_key(rank);
    let css = sheets.iter().map(|file| places::read_text(file)).collect::<Result<Vec<_>>>()?.join("\n");
    let hash = cache::hash([css.as_bytes()], 8);
    let name = format!("style-{hash}.css");
    let folder = cache::folder(places, "style", &hash, |folder| {
        places::write(&folder.join(&name), css.as_bytes())?;
        cache::compress(folder)
    })?;
    Ok(Style { folder, name })
}

/// `www/index.html` with the names of the built files. Addresses are relative, so the site runs from any folder.
fn page(places: &Places, programs: &[Built], style: &Style) -> Result<String> {
    let file = places.root.join("www/index.html");
    let template = places::read_text(&file)?;
    let address = |name: &str, file: fn(&Built) -> String| {
        let program = programs.iter().find(|program| program.name == name);
        program.map(|program| format!("./{}", file(program))).unwrap_or_default()
    };
    let values = [
        ("style", format!("./{}", style.name)),
        ("app_js", address("app", Built::glue)),
        ("app_wasm", address("app", Built::wasm)),
        ("engine_cpu", address("engine_cpu", Built::worker)),
        ("engine_cpu_glue", address("engine_cpu", Built::glue)),
        ("engine_cpu_wasm", address("engine_cpu", Built::wasm)),
        // Empty without a GPU engine, and then the page does not look for an adapter.
        ("engine_gpu", address("engine_gpu", Built::worker)),
        ("presets", presets()?),
    ];
    template::fill(&template, &values).map_err(|e| format!("{}: {e}", file.display()))
}

/// Title and sentence of every preset as JSON, which a script element may hold as it is.
fn presets() -> Result<String> {
    let rows: BTreeMap<_, _> = PRESETS.iter().map(|p| (p.id, [p.title, p.sentence])).collect();
    let json = serde_json::to_string(&rows).map_err(|e| e.to_string())?;
    Ok(json.replace('<', "\\u003c"))
}

/// Puts a file into the site: as a hard link where the file system allows, otherwise as a copy.
fn put(file: &Path, place: &Path) -> Result<()> {
    if let Some(folder) = place.parent() {
        places::make_folder(folder)?;
    }
    if place.exists() {
        fs::remove_file(place).map_err(|e| places::cannot("remove", place, &e))?;
    }
    fs::hard_link(file, place)
        .or_else(|_| fs::copy(file, place).map(drop))
        .map_err(|e| places::cannot("write", place, &e))
}
