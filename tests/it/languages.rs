//! Every language has every sentence of the page, and no other: what `tr!` and `key` hold in `src/ui`, the tables'
//! words, the engines' sentences, and what `index.html` shows before the program is there.

use intab::datasets::info::Form;
use intab::datasets::{DATASETS, NUMBERS, TokenDataset};
use intab::detection::coco::CATEGORIES;
use intab::experiment::AXES;
use intab::layers::KINDS;
use intab::layers::cell::with_both;
use intab::layers::page::{Explain, LayerPage};
use intab::models::{MODELS, Recipe};
use intab::pretrained::samples::SAMPLES;
use intab::pretrained::{DETECTORS, PRETRAINED};
use intab::sketch::SKETCHERS;
use intab::spec::{AUGMENTS, DataSpec, INITS, OPTIMIZERS, PRESETS, SCHEDULES, train_numbers};
use intab::tasks::TASKS;
use intab::tools::build::languages::{Entry, parse};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// English sentences, with the plural of those that count.
type Sentences = BTreeMap<String, Option<String>>;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            // Comments quote sentences, and tests make some up.
            let text = text.split("#[cfg(test)]").next().unwrap_or_default();
            let code: Vec<_> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            found.push((path, code.join("\n")));
        }
    }
}

/// A string literal at the start of the code, and what follows it.
fn literal(code: &str) -> Option<(String, &str)> {
    let body = code.strip_prefix('"')?;
    let mut out = String::new();
    let mut letters = body.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((out, &body[at + 1..])),
            '\\' => match letters.next()?.1 {
                'n' => out.push('\n'),
                // The line goes on after the next line's indentation.
                '\n' => {
                    let rest =
                        body[letters.as_str().as_ptr() as usize - body.as_ptr() as usize..].trim_start();
                    letters = body.char_indices();
                    let at = rest.as_ptr() as usize - body.as_ptr() as usize;
                    while letters.clone().next().is_some_and(|(i, _)| i < at) {
                        letters.next();
                    }
                }
                'u' => {
                    let code: String = letters.by_ref().map(|l| l.1).take_while(|l| *l != '}').collect();
                    let number = u32::from_str_radix(code.trim_start_matches('{'), 16).unwrap();
                    out.push(char::from_u32(number).unwrap());
                }
                other => out.push(other),
            },
            other => out.push(other),
        }
    }
    None
}

/// What follows each `mark` that is a word by itself.
fn after<'a>(code: &'a str, mark: &'a str) -> impl Iterator<Item = &'a str> {
    code.match_indices(mark).filter_map(move |(at, _)| {
        let before = code[..at].chars().next_back();
        let alone = before.is_none_or(|c| !c.is_alphanumeric() && c != '_');
        alone.then(|| code[at + mark.len()..].trim_start())
    })
}

fn of_the_page(all: &mut Sentences) {
    let mut files = Vec::new();
    sources(&root().join("src/ui"), &mut files);
    for (_, code) in files {
        for mark in ["tr!(", "key(", "t("] {
            for rest in after(&code, mark) {
                let Some((one, rest)) = literal(rest) else { continue };
                let plural = rest.trim_start().strip_prefix('|').and_then(|rest| literal(rest.trim_start()));
                all.insert(one, plural.map(|(plural, _)| plural));
            }
        }
    }
}

/// What is said of a table, a text or labels, with places for its values.
fn of_the_tables_module(all: &mut Sentences) {
    let mut files = Vec::new();
    sources(&root().join("src/table"), &mut files);
    sources(&root().join("src/text"), &mut files);
    sources(&root().join("src/annotation"), &mut files);
    for (_, code) in files {
        all.extend(after(&code, "says(").filter_map(|rest| Some((literal(rest)?.0, None))));
    }
}

/// What an engine says as it stands; sentences with numbers in them stay English.
fn of_the_engines(all: &mut Sentences) {
    let mut files = Vec::new();
    sources(&root().join("src/engine"), &mut files);
    for (_, code) in files {
        let mut rest = code.as_str();
        while let Some(at) = rest.find('"') {
            let Some((text, after)) = literal(&rest[at..]) else { break };
            let sentence = text.ends_with('.') && text.starts_with(char::is_uppercase) && text.contains(' ');
            if sentence && !text.contains('{') {
                all.insert(text, None);
            }
            rest = after;
        }
    }
}

fn of_the_tables(all: &mut Sentences) {
    let mut add = |words: &str| drop(all.insert(words.into(), None));
    for preset in PRESETS {
        let _ = [preset.title, preset.sentence].map(&mut add);
    }
    for dataset in DATASETS {
        let _ = [dataset.about.title, dataset.about.noun, dataset.about.blurb].map(&mut add);
        dataset.classes.iter().for_each(|class| add(class));
        dataset.sources.iter().for_each(|source| add(source.name));
        let numbers = dataset.info().numbers;
        numbers.iter().for_each(|number| _ = [&number.label, &number.help].map(|words| add(words)));
    }
    AXES.iter().for_each(|axis| add(axis.title));
    for set in NUMBERS {
        let _ = [set.about.title, set.about.noun, set.about.blurb].map(&mut add);
        let spec = DataSpec { id: set.about.id.into(), options: BTreeMap::new() };
        if let Ok(opened) = (set.open)(&spec, 7, None).as_ref().map_err(|_| ())
            && set.form == Form::Point
        {
            opened.target.classes().iter().for_each(|class| add(class));
            opened.target.value().into_iter().for_each(&mut add);
        }
        let (numbers, words) = (set.settings)();
        numbers.iter().for_each(|number| _ = [&number.label, &number.help].map(|words| add(words)));
        words.iter().for_each(|word| _ = [&word.label, &word.help].map(|words| add(words)));
    }
    for set in TokenDataset::all() {
        let info = set.info();
        let _ = [&info.title, &info.noun, &info.blurb].map(|words| add(words));
        info.numbers.iter().for_each(|number| _ = [&number.label, &number.help].map(|words| add(words)));
        for word in &info.words {
            let _ = [&word.label, &word.help].map(|words| add(words));
            word.choices.iter().for_each(|choice| _ = [&choice.title, &choice.blurb].map(|words| add(words)));
        }
    }
    for task in TASKS {
        let _ = [task.loss, task.score].map(|metric| [metric.title, metric.unit].map(&mut add));
    }
    for model in MODELS {
        let _ = [model.title, model.blurb].map(&mut add);
        model.sizes.iter().for_each(|size| _ = [size.label, size.help].map(&mut add));
        if let Recipe::Choices { words, .. } = model.recipe {
            words.iter().for_each(|word| _ = [word.label, word.help].map(&mut add));
            words.iter().flat_map(|w| w.choices).for_each(|row| _ = [row.1, row.2].map(&mut add));
        }
    }
    for number in train_numbers() {
        let _ = [number.label, number.help].map(|words| add(&words));
    }
    let choices = OPTIMIZERS.iter().chain(SCHEDULES).chain(INITS).chain(AUGMENTS);
    choices.for_each(|row| _ = [row.1, row.2].map(&mut add));
    for network in PRETRAINED {
        let _ = [network.blurb, network.trained_on].map(&mut add);
    }
    for network in DETECTORS {
        let _ = [network.blurb, network.trained_on].map(&mut add);
    }
    CATEGORIES.iter().for_each(|category| add(category.words()));
    SKETCHERS.iter().for_each(|sketcher| add(sketcher.title));
    SAMPLES.iter().for_each(|sample| add(sample.title));
    for kind in KINDS {
        add(kind.title);
        kind.numbers.iter().for_each(|number| add(number.label));
        let layer = kind.standard();
        add(layer.heading());
        let page = LayerPage::of(layer);
        add((page.about)(layer, &[3, 8, 8]).text);
        add((page.about)(with_both(layer, true), &[3, 8, 8]).text);
        if let Explain::Passed { why, .. } = page.explain {
            add(why);
        }
    }
}

fn of_the_first_sight(all: &mut Sentences) {
    let html = fs::read_to_string(root().join("index.html")).unwrap();
    let from = html.find("<div id=\"app\">").unwrap();
    let to = html.find("<script type=\"application/json\" id=\"presets\">").unwrap();
    all.extend(after(&html, "root.say(").filter_map(|rest| Some((literal(rest)?.0, None))));
    of_html(&html[from..to], all);
}

/// The page that says how fast a device is: its static part, and what its script says.
fn of_the_speed_page(all: &mut Sentences) {
    let html = fs::read_to_string(root().join("www/speed/index.html")).unwrap();
    of_html(&html[html.find("<main").unwrap()..], all);
    let script = fs::read_to_string(root().join("www/speed.js")).unwrap();
    all.extend(after(&script, "say(").filter_map(|rest| Some((literal(rest)?.0, None))));
}

/// Texts and labels between tags.
fn of_html(body: &str, all: &mut Sentences) {
    let texts = body.split('>').filter_map(|part| part.split('<').next());
    let labels = body.split("aria-label=\"").skip(1).filter_map(|part| part.split('"').next());
    for text in texts.chain(labels).map(str::trim) {
        if text.contains(char::is_alphabetic) && !text.contains("{{") && text != "intab" {
            all.entry(text.into()).or_default();
        }
    }
}

fn sentences() -> Sentences {
    let mut all = Sentences::new();
    of_the_tables(&mut all);
    of_the_engines(&mut all);
    of_the_first_sight(&mut all);
    of_the_speed_page(&mut all);
    of_the_page(&mut all);
    of_the_tables_module(&mut all);
    // Digits and the like are the same everywhere.
    all.retain(|words, _| words.contains(char::is_alphabetic));
    all
}

fn languages() -> Vec<(PathBuf, Vec<Entry>)> {
    let files = fs::read_dir(root().join("www/languages")).unwrap().map(|entry| entry.unwrap().path());
    files.map(|file| (file.clone(), parse(&fs::read_to_string(&file).unwrap()).unwrap())).collect()
}

/// `{}`, `{0}` and `{n}`, each as often as it is there.
fn places(words: &str) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for part in words.split('{').skip(1) {
        *counts.entry(part.split('}').next().unwrap_or_default()).or_default() += 1;
    }
    counts
}

#[test]
fn every_language_has_every_sentence_and_no_other() {
    let wanted = sentences();
    for (file, entries) in languages() {
        let there: BTreeSet<_> =
            entries.iter().filter(|e| e.is_translated()).map(|e| (e.id.clone(), e.plural.clone())).collect();
        let wanted: BTreeSet<_> = wanted.clone().into_iter().collect();
        let missing: String = wanted
            .difference(&there)
            .map(|(one, more)| {
                let quote = |words: &str| format!("{:?}", words).replace("\\'", "'");
                match more {
                    None => format!("msgid {}\nmsgstr \"\"\n\n", quote(one)),
                    Some(more) => format!(
                        "msgid {}\nmsgid_plural {}\nmsgstr[0] \"\"\nmsgstr[1] \"\"\n\n",
                        quote(one),
                        quote(more)
                    ),
                }
            })
            .collect();
        assert!(missing.is_empty(), "{} lacks:\n{missing}", file.display());
        let known: BTreeSet<_> =
            entries.iter().filter(|e| !e.id.is_empty()).map(|e| (e.id.clone(), e.plural.clone())).collect();
        let obsolete: Vec<_> = known.difference(&wanted).collect();
        assert!(obsolete.is_empty(), "{} has what the page no longer says: {obsolete:#?}", file.display());
    }
}

#[test]
fn translations_have_the_places_that_the_english_has() {
    for (file, entries) in languages() {
        for entry in entries.iter().filter(|e| !e.id.is_empty()) {
            for (form, translation) in entry.translations.iter().enumerate() {
                // “{n}” may be spelled out where it is one.
                let english = match &entry.plural {
                    Some(plural) if form > 0 => plural,
                    _ => &entry.id,
                };
                let (ours, theirs) = (places(english), places(translation));
                assert_eq!(ours, theirs, "{}: “{}” as “{translation}”", file.display(), entry.id);
            }
        }
    }
}

#[test]
fn no_sentence_is_there_twice() {
    for (file, entries) in languages() {
        let mut seen = BTreeSet::new();
        for entry in entries {
            assert!(seen.insert(entry.key()), "{} has “{}” twice", file.display(), entry.id);
        }
    }
}
