//! The finished site: programs, style, texts and, last, the page that refers to them. While Trunk has it in its staging
//! folder, the site that was there goes on working.

use super::program::Built;
use super::{asset_manifest, cache, csp, languages, lecture, lessons, template};
use crate::datasets::{DATASETS, Manifest};
use crate::lesson::Contents;
use crate::spec::PRESETS;
use crate::tools::Result;
use crate::tools::paths::{self, Places};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Style sheets in the order in which they build on each other; any others follow by name.
const STYLES: [&str; 5] = ["tokens", "base", "layout", "controls", "charts"];

/// Files that keep their names, because other pages refer to them: where they are from, and where they go.
const AS_THEY_ARE: [(&str, &str); 5] = [
    ("www/sw.js", "sw.js"),
    ("www/embed.js", "embed.js"),
    ("node_modules/reveal.js/dist/reset.css", "slides/reveal/reset.css"),
    ("node_modules/reveal.js/dist/reveal.css", "slides/reveal/reveal.css"),
    ("node_modules/reveal.js/dist/reveal.mjs", "slides/reveal/reveal.mjs"),
];

/// Scripts that our pages alone refer to, so that their names may carry their content's hash.
const BY_CONTENT: [&str; 5] = ["frame", "hold", "take", "bench", "speed"];

const PAGE: &str = "index.html";

/// Placeholders of the page's template, and what they stand for.
type Names = Vec<(&'static str, String)>;

/// Stands for what tells this build from others, until the page is known that it is made of.
const BUILD: &str = "{{build}}";

/// The style sheet's files, in a folder of their own.
pub struct Style {
    pub folder: PathBuf,
    pub name: String,
}

/// What a site is made for.
#[derive(Clone, Copy, PartialEq)]
pub enum For {
    Visitors,
    /// The same while the GPU engine is being built, which the page says.
    VisitorsSoon,
    /// `trunk serve` gives the page a script that reloads it, and fills that in when it serves it: no policy can name it.
    Reloading,
}

/// What Trunk fills in itself.
const OF_TRUNK: [&str; 2] = ["__TRUNK_ADDRESS__", "__TRUNK_WS_BASE__"];

/// Completes the site in `dist`, where Trunk has put what is in `public/` and the page as it left it.
pub fn finish(places: &Places, programs: &[Built], made_for: For, dist: &Path) -> Result<Style> {
    let style = style(places)?;
    let lessons = lessons(places)?;
    let languages = languages::all(places)?;
    let texts = texts(places)?;
    let words = json_in_page(&languages.1)?;
    let mut names = names(places, programs, &style, &lessons.1, &words)?;
    names.push(("gpu_later", (made_for == For::VisitorsSoon).to_string()));
    names.extend_from_slice(&texts.1);
    names.extend(OF_TRUNK.map(|name| (name, format!("{{{{{name}}}}}"))));
    let page = template::fill(&paths::read_text(&dist.join(PAGE))?, &names);
    let mut page = page.map_err(|e| format!("{PAGE}: {e}"))?;
    if made_for == For::Reloading {
        page = page.replace(csp::SCRIPTS, "'unsafe-inline'");
    }
    let id = cache::hash([page.as_bytes()], 8);
    let pages = pages(places, &page.replace(BUILD, &id), &speed(places, &style, words, &texts.1)?)?;
    let parts = [&style.folder, &lessons.0, &languages.0, &texts.0, &pages];
    for folder in programs.iter().map(|program| &program.folder).chain(parts) {
        for file in paths::files_under(folder)? {
            put(&file, &dist.join(file.strip_prefix(folder).unwrap_or(&file)))?;
        }
    }
    paths::write(&dist.join(asset_manifest::NAME), &asset_manifest::json(dist, &id)?)?;
    Ok(style)
}

/// A compressed copy of the file beside it.
pub fn is_copy(file: &Path) -> bool {
    file.extension().is_some_and(|e| e == "br" || e == "gz")
}

/// A folder with the hand-written files that need no building, and what the page calls those that it refers to.
fn texts(places: &Places) -> Result<(PathBuf, Names)> {
    let mut names = Names::new();
    let mut files = Vec::new();
    for script in BY_CONTENT {
        let bytes = paths::read(&places.root.join(format!("www/{script}.js")))?;
        let name = format!("{script}-{}.js", cache::hash([bytes.as_slice()], 8));
        names.push((script, format!("./{name}")));
        files.push((name, bytes));
    }
    for (from, to) in AS_THEY_ARE {
        files.push((to.into(), paths::read(&places.root.join(from))?));
    }
    let key = cache::hash(files.iter().flat_map(|(name, bytes)| [name.as_bytes(), bytes.as_slice()]), 16);
    let folder = cache::folder(places, "texts", &key, |folder| {
        files.iter().try_for_each(|(name, bytes)| paths::write(&folder.join(name), bytes))?;
        cache::compress(folder)
    })?;
    Ok((folder, names))
}

/// A folder with the pages, each of which lets no script run but its own.
fn pages(places: &Places, index: &str, speed: &str) -> Result<PathBuf> {
    let deck = paths::read_text(&places.root.join("www/slides/index.html"))?;
    let pages = [
        (PAGE, csp::seal(index)),
        ("slides/index.html", csp::seal(&deck)),
        ("speed/index.html", speed.into()),
    ];
    let key = cache::hash(pages.iter().map(|(_, page)| page.as_bytes()), 16);
    cache::folder(places, "pages", &key, |folder| {
        pages.iter().try_for_each(|(name, page)| paths::write(&folder.join(name), page.as_bytes()))?;
        cache::compress(folder)
    })
}

/// All style sheets as one file named by its content.
fn style(places: &Places) -> Result<Style> {
    let folder = places.root.join("www/style");
    let rank = |file: &PathBuf| {
        let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        (STYLES.iter().position(|known| *known == stem).unwrap_or(STYLES.len()), stem)
    };
    let mut sheets = paths::files_under(&folder)?;
    sheets.retain(|file| file.extension().is_some_and(|e| e == "css"));
    sheets.sort_by_key(rank);
    let css = sheets.iter().map(|file| paths::read_text(file)).collect::<Result<Vec<_>>>()?.join("\n");
    let hash = cache::hash([css.as_bytes()], 8);
    let name = format!("style-{hash}.css");
    let folder = cache::folder(places, "style", &hash, |folder| {
        paths::write(&folder.join(&name), css.as_bytes())?;
        cache::compress(folder)
    })?;
    Ok(Style { folder, name })
}

/// What the placeholders in `index.html` stand for. Addresses are relative, so the site runs from any folder.
fn names(
    places: &Places,
    programs: &[Built],
    style: &Style,
    lessons: &Contents,
    languages: &str,
) -> Result<Names> {
    let address = |name: &str, file: fn(&Built) -> String| {
        let program = programs.iter().find(|program| program.name == name);
        program.map(|program| format!("./{}", file(program))).unwrap_or_default()
    };
    Ok(vec![
        ("style", format!("./{}", style.name)),
        ("app_js", address("app", Built::glue)),
        ("app_wasm", address("app", Built::wasm)),
        ("app_rest", address("app", Built::rest)),
        ("engine_cpu", address("engine_cpu", Built::worker)),
        ("engine_cpu_glue", address("engine_cpu", Built::glue)),
        ("engine_cpu_wasm", address("engine_cpu", Built::wasm)),
        ("engine_cpu_rest", address("engine_cpu", Built::rest)),
        // Empty without a GPU engine, and then the page does not look for an adapter.
        ("engine_gpu", address("engine_gpu", Built::worker)),
        ("first_shard", first_shard(places)?),
        ("build", BUILD.into()),
        ("scripts", csp::SCRIPTS.into()),
        ("languages", languages.to_string()),
        ("presets", presets()?),
        ("lessons", json_in_page(lessons)?),
        ("lecture", lecture::html(lessons.listed.get("en").map_or(&[], Vec::as_slice))),
    ])
}

/// The first file that the first lab's engine asks for once it runs.
fn first_shard(places: &Places) -> Result<String> {
    let folder = DATASETS[0].folder();
    let manifest = paths::read(&places.public().join(&folder).join("manifest.json"))?;
    let manifest: Manifest = serde_json::from_slice(&manifest).map_err(|e| format!("{folder}: {e}"))?;
    let first = manifest.train.first().ok_or_else(|| format!("{folder} has no training data"))?;
    Ok(format!("./{folder}/{}", first.file))
}

/// `www/speed/index.html`, which runs no script of its own text.
fn speed(places: &Places, style: &Style, languages: String, scripts: &Names) -> Result<String> {
    let file = places.root.join("www/speed/index.html");
    let mut values = vec![("style", format!("./{}", style.name)), ("languages", languages)];
    values.extend_from_slice(scripts);
    let template = paths::read_text(&file)?;
    template::fill(&template, &values).map_err(|e| format!("{}: {e}", file.display()))
}

/// Title and sentence of every preset as JSON, which a script element may hold as it is.
fn presets() -> Result<String> {
    let rows: BTreeMap<_, _> = PRESETS.iter().map(|p| (p.id, [p.title, p.sentence])).collect();
    json_in_page(&rows)
}

/// JSON that a script element may hold.
fn json_in_page(value: &impl serde::Serialize) -> Result<String> {
    let json = serde_json::to_string(value).map_err(|e| e.to_string())?;
    Ok(json.replace('<', "\\u003c"))
}

/// A folder with every language's lessons, each file named by its content, and what the page carries of them.
fn lessons(places: &Places) -> Result<(PathBuf, Contents)> {
    let mut contents = Contents::default();
    let mut files = Vec::new();
    for (language, lessons) in lessons::all(places)? {
        let json = serde_json::to_vec(&lessons).map_err(|e| e.to_string())?;
        let name = format!("lessons-{language}-{}.json", cache::hash([json.as_slice()], 8));
        contents.files.insert(language.clone(), format!("./{name}"));
        contents.listed.insert(language, lessons.iter().map(|lesson| lesson.listed()).collect());
        files.push((name, json));
    }
    let key = cache::hash(files.iter().map(|(_, json)| json.as_slice()), 16);
    let folder = cache::folder(places, "lessons", &key, |folder| {
        files.iter().try_for_each(|(name, json)| paths::write(&folder.join(name), json))?;
        cache::compress(folder)
    })?;
    Ok((folder, contents))
}

/// Puts a file into the site: as a hard link where the file system allows, otherwise as a copy.
fn put(file: &Path, place: &Path) -> Result<()> {
    if let Some(folder) = place.parent() {
        paths::make_folder(folder)?;
    }
    if place.exists() {
        fs::remove_file(place).map_err(|e| paths::cannot("remove", place, &e))?;
    }
    fs::hard_link(file, place)
        .or_else(|_| fs::copy(file, place).map(drop))
        .map_err(|e| paths::cannot("write", place, &e))
}
