//! The layer rule, by text: who may name whom in src/, and how long a file may grow. `cargo intab test` asks
//! cargo the same of the dependencies.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Files under a folder of src/, with their code: comments and texts in quotes taken out.
fn files(under: &str) -> Vec<(PathBuf, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    walk(&src.join(under), &mut found);
    assert!(!found.is_empty(), "src/{under} has no files");
    found
}

fn walk(path: &Path, found: &mut Vec<(PathBuf, String)>) {
    if path.is_dir() {
        let mut entries: Vec<_> = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        entries.iter().for_each(|entry| walk(entry, found));
    } else if path.extension().is_some_and(|e| e == "rs") {
        found.push((path.into(), fs::read_to_string(path).unwrap()));
    }
}

/// The code of a file without comments. No line of ours has `//` in a text except in an address, which names no crate.
fn code(text: &str) -> String {
    let without_comment = |line: &str| line.split("//").next().unwrap_or_default().to_string();
    text.lines().map(without_comment).collect::<Vec<_>>().join("\n")
}

/// Whether `word` stands in `code` by itself, not as part of a longer name.
fn names(code: &str, word: &str) -> bool {
    let of_a_name = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + word.len()..].chars().next();
        !before.is_some_and(of_a_name) && !after.is_some_and(of_a_name)
    })
}

fn nobody_names(under: &str, words: &[&str], except: &[&str]) {
    for (path, text) in files(under) {
        if except.iter().any(|end| path.ends_with(end)) {
            continue;
        }
        for word in words {
            assert!(!names(&code(&text), word), "{} names {word}", path.display());
        }
    }
}

#[test]
fn the_page_does_not_know_burn() {
    nobody_names("ui", &["burn", "engine::event_loop", "crate::engine", "crate::tools"], &[]);
}

#[test]
fn the_engine_does_not_know_the_page() {
    nobody_names(
        "engine",
        &["leptos", "web_sys", "wasm_bindgen", "crate::ui", "crate::tools", "crate::worker"],
        &[],
    );
}

#[test]
fn the_tool_knows_neither() {
    nobody_names("tools", &["burn::", "leptos::", "web_sys", "crate::ui", "crate::engine"], &["check.rs"]);
}

#[test]
fn one_file_asks_what_a_browser_may_lack() {
    nobody_names(
        "ui",
        &["navigator", "window().local_storage", "window().session_storage"],
        &["ui/browser.rs"],
    );
}

/// There it says what may be fetched by http.
#[test]
fn one_file_calls_curl() {
    nobody_names("", &["\"curl\"", "\"wget\""], &["tools/data/fetch.rs"]);
}

#[test]
fn only_device_and_what_computes_name_a_backend() {
    let backends = ["Flex", "Wgpu", "WebGpu", "flex", "wgpu", "webgpu"];
    nobody_names(
        "engine",
        &backends,
        &[
            "engine/device.rs",
            "engine/kernels/backend_ext.rs",
            "engine/kernels/attention_ext.rs",
            "engine/kernels/sequence_ext.rs",
            "shaders/attention_ext.rs",
            "shaders/backend_ext.rs",
            "shaders/pipelines.rs",
            "shaders/recurrent_ext.rs",
        ],
    );
    // Each gives its own backend operations of ours; it must not reach for the other's.
    nobody_names("engine/kernels", &["Wgpu", "WebGpu", "wgpu", "webgpu"], &[]);
    nobody_names("engine/shaders", &["Flex", "flex"], &[]);
}

#[test]
fn plain_modules_stand_alone() {
    let ours = [
        "annotation",
        "chat",
        "datasets",
        "detection",
        "engine",
        "experiment",
        "explain",
        "layers",
        "models",
        "platform",
        "pretrained",
        "protocol",
        "shard",
        "sketch",
        "spec",
        "table",
        "text",
        "tokenizer",
        "tools",
        "ui",
    ];
    // Words about a run may speak of specs, layers and datasets as data; nothing plain may speak of what runs.
    let allowed: [(&str, &[&str]); 23] = [
        ("random.rs", &[]),
        ("sampling.rs", &[]),
        // A pen's moves are what networks that draw have.
        ("sampling", &["sketch"]),
        // Their weights are files like those of others.
        ("sketch", &["pretrained"]),
        ("chat", &["pretrained"]),
        ("sequences", &[]),
        ("tokenizer", &[]),
        // Of a dataset it needs the words, of a table how a file's encoding is found.
        ("text", &["datasets", "table"]),
        ("shard.rs", &[]),
        ("spec.rs", &[]),
        ("spec", &[]),
        ("layers", &[]),
        ("tasks", &["datasets"]),
        ("pretrained", &[]),
        ("detection", &[]),
        ("annotation", &[]),
        ("protocol", &["chat", "spec", "layers", "datasets", "detection", "sketch", "table"]),
        ("models", &["layers", "spec"]),
        ("datasets", &["shard", "spec", "table", "text", "tokenizer"]),
        // A browser can decode text, so that the page need not.
        ("table", &["datasets", "platform"]),
        ("explain", &["layers", "protocol"]),
        ("experiment.rs", &["datasets", "protocol", "spec"]),
        // It unpacks what is in an archive.
        ("archive.rs", &["platform"]),
    ];
    for (under, allowed) in allowed {
        for (path, text) in files(under) {
            let code = code(&text);
            for module in ours.iter().filter(|module| !allowed.contains(module)) {
                assert!(!names(&code, &format!("crate::{module}")), "{} uses {module}", path.display());
            }
            // A script's text may name Burn.
            let code = without_quotes(&code);
            for foreign in ["burn", "leptos", "web_sys", "js_sys", "wasm_bindgen"] {
                assert!(!names(&code, foreign), "{} uses {foreign}", path.display());
            }
        }
    }
}

/// Scripts name frameworks in their texts; the code that writes them knows data alone.
#[test]
fn scripts_are_written_from_data() {
    let others = ["crate::engine", "crate::ui", "crate::protocol", "crate::platform", "crate::tools"];
    nobody_names("export_code", &others, &[]);
    nobody_names("export_code", &["leptos", "web_sys", "js_sys", "wasm_bindgen"], &[]);
}

/// `Memo::track` alone does not run a memo (reactive_graph 0.2): it stays silent for ever.
#[test]
fn a_memo_is_read_where_it_is_followed() {
    for (path, text) in files("ui") {
        let code = code(&text);
        let made = code.lines().filter_map(|line| line.trim().strip_prefix("let ")?.split(" = memo(").next());
        for name in made.filter(|name| name.chars().all(|c| c.is_alphanumeric() || c == '_')) {
            let tracked = format!("{name}.track()");
            let by_itself = |(at, _): (usize, &str)| {
                !code[..at].ends_with(|c: char| c == '.' || c == '_' || c.is_alphanumeric())
            };
            assert!(!code.match_indices(&tracked).any(by_itself), "{}: subscribe({name})", path.display());
        }
    }
}

#[test]
fn files_are_short_and_say_what_they_are() {
    for (path, text) in files("") {
        let lines = text.lines().count();
        assert!(lines <= 400, "{} has {lines} lines", path.display());
        let says = text.starts_with("//! ") || text.starts_with("#![") && text.contains("\n//! ");
        assert!(says, "{} does not open with a //! that says what it is", path.display());
    }
}

type Imports = BTreeMap<String, BTreeSet<String>>;

/// What each module of the page imports of the page.
fn imports_of_the_page() -> Imports {
    let files = files("ui");
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let module = |path: &Path| {
        let path = path.strip_prefix(&src).unwrap().with_extension("");
        let path = path.to_str().unwrap().replace('/', "::");
        path.strip_suffix("::mod").map_or(path.clone(), String::from)
    };
    let modules: BTreeSet<String> = files.iter().map(|(path, _)| module(path)).collect();
    let imported = |me: &str, text: &str| {
        let paths = paths(&without_quotes(&code(text)));
        let paths = paths.iter().filter_map(|path| absolute(me, path));
        let named = paths.filter_map(|path| named_module(&path, &modules));
        named.filter(|module| module != me).collect()
    };
    files.iter().map(|(path, text)| (module(path), imported(&module(path), text))).collect()
}

fn without_quotes(code: &str) -> String {
    let code = code.replace("\\\\", "").replace("\\\"", "");
    code.split('"').step_by(2).collect::<Vec<_>>().join(" ")
}

/// All paths, also those of `use a::{b, c::{d, e}};`.
fn paths(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(at) = rest.find("use ") {
        let (before, after) = rest.split_at(at);
        found.extend(plain_paths(before));
        let statement = after.split(';').next().unwrap_or_default();
        let a_use = !before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        if a_use {
            expand("", &statement["use ".len()..], &mut found);
        }
        rest = &after[if a_use { statement.len() } else { "use ".len() }..];
    }
    found.extend(plain_paths(rest));
    found
}

fn plain_paths(code: &str) -> impl Iterator<Item = String> {
    let words = code.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
    words.filter(|word| word.contains("::")).map(String::from)
}

fn expand(prefix: &str, tree: &str, found: &mut Vec<String>) {
    let (mut depth, mut start) = (0, 0);
    for (at, c) in tree.char_indices().chain([(tree.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                let part = tree[start..at].trim();
                match part.split_once('{') {
                    Some((head, inner)) => {
                        expand(&format!("{prefix}{head}"), inner.trim_end().trim_end_matches('}'), found);
                    }
                    None => found.push(format!("{prefix}{}", part.split(" as ").next().unwrap_or_default())),
                }
                start = at + 1;
            }
            _ => (),
        }
    }
}

/// From the crate's root, without `crate::`; none if it names nothing of this crate.
fn absolute(me: &str, path: &str) -> Option<String> {
    if let Some(rest) = path.strip_prefix("crate::") {
        return Some(rest.into());
    }
    let (mut base, mut rest) = (me, path);
    while let Some(after) = rest.strip_prefix("super::") {
        (base, rest) = (base.rsplit_once("::").map_or("", |(above, _)| above), after);
    }
    let rest = rest.strip_prefix("self::").unwrap_or(rest);
    (!base.is_empty()).then(|| format!("{base}::{rest}"))
}

fn named_module(path: &str, modules: &BTreeSet<String>) -> Option<String> {
    let mut path = path.trim_end_matches("::");
    loop {
        if modules.contains(path) {
            return Some(path.into());
        }
        path = path.rsplit_once("::")?.0;
    }
}

/// What all pages share may be used by any, and knows none.
#[test]
fn what_pages_share_knows_no_page() {
    let allowed: [(&str, &[&str]); 3] = [
        ("ui::components", &["ui::components", "ui::language", "ui::browser"]),
        ("ui::store", &["ui::store", "ui::browser"]),
        ("ui::client", &["ui::client", "ui::language", "ui::browser"]),
    ];
    let imports = imports_of_the_page();
    let within = |module: &str, folder: &str| module == folder || module.starts_with(&format!("{folder}::"));
    for (folder, allowed) in allowed {
        let inside = imports.iter().filter(|(module, _)| within(module, folder));
        let mut count = 0;
        for (module, imported) in inside {
            count += 1;
            for other in imported {
                assert!(allowed.iter().any(|a| within(other, a)), "{module} uses {other}");
            }
        }
        assert!(count > 3, "{folder} has {count} modules");
    }
}

#[test]
fn no_modules_of_the_page_import_each_other() {
    let imports = imports_of_the_page();
    assert!(imports["ui::view"].contains("ui::state"), "the imports are not read");
    let mutual = |a: &str, b: &str| imports[a].contains(b) && imports[b].contains(a);
    let pairs = imports.iter().flat_map(|(a, all)| all.iter().map(move |b| (a.as_str(), b.as_str())));
    let found: BTreeSet<_> = pairs.filter(|(a, b)| a < b && mutual(a, b)).collect();
    assert!(found.is_empty(), "these import each other: {found:#?}");
}
