//! Links: what is written is read back, and what cannot be read is named and harmless.

use crate::layers::layers;
use intab::layers::syntax::print;
use intab::link::{CONTROLS, Decoded, PANELS, Visibility, decode, encode, engine_name, with_lesson_lab};
use intab::protocol::{Catalogue, EngineKind, Form};
use intab::shipped_weights::{Made, TRAINED};
use intab::spec::{ChoiceInfo, NumberInfo, PRESETS, Page, Preset, RunSpec};
use serde_json::Value;

/// The same numbers on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }

    fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    /// Some of them, each once, in any order.
    fn some_of(&mut self, mut all: Vec<String>) -> Vec<String> {
        let count = self.below(all.len() + 1);
        (0..count).map(|_| all.remove(self.below(all.len()))).collect()
    }

    /// A value of the whole range, or one of those offered.
    fn value(&mut self, number: &NumberInfo) -> f64 {
        if self.below(2) == 0 {
            return *self.one_of(&number.choices);
        }
        let share = self.below(1 << 30) as f64 / f64::from(1 << 30);
        let value = number.min + (number.max - number.min) * share;
        if number.whole { value.floor() } else { value }
    }

    /// Any spec that a page can have, from this preset's.
    fn spec(&mut self, catalogue: &Catalogue, preset: &Preset) -> RunSpec {
        let set = |spec: &RunSpec, key: &str, value: Value| catalogue.change(spec, key, &value).unwrap();
        let data = self.one_of(&catalogue.datasets).id.clone();
        let mut spec = set(&preset.spec(), "data.id", data.into());
        let models = fitting(catalogue, &spec);
        spec = set(&spec, "model.id", self.one_of(&models).as_str().into());
        let mut choose = |spec: &RunSpec, key: &str, all: &[ChoiceInfo]| {
            let id = self.one_of(all).id.clone();
            set(spec, key, id.into())
        };
        spec = choose(&spec, "train.optimizer", &catalogue.optimizers);
        spec = choose(&spec, "train.schedule", &catalogue.schedules);
        spec = choose(&spec, "train.init", &catalogue.inits);
        let pictures = catalogue.dataset(&spec.data.id).is_some_and(|d| d.form == Form::Picture);
        if spec.model.id == "custom" && pictures && self.below(3) > 0 {
            let layers = print(&layers(&mut |n| self.below(n))).into();
            spec = changed(catalogue, &spec, "model.layers", &layers).unwrap_or(spec);
        }
        let numbers: Vec<NumberInfo> = catalogue.numbers_of(&spec).cloned().collect();
        for number in numbers {
            // Most stay as they are, as in links that people make.
            if self.below(3) == 0 {
                let value = self.value(&number).into();
                spec = changed(catalogue, &spec, &number.key, &value).unwrap_or(spec);
            }
        }
        spec
    }

    fn shown(&mut self, settings: Vec<String>) -> Visibility {
        let controls = CONTROLS.iter().map(|(id, _)| id.to_string());
        let panels = PANELS.iter().map(|(id, _)| id.to_string());
        let hidden = self.some_of(controls.chain(settings).collect());
        Visibility { only: self.some_of(panels.collect()), hidden }
    }
}

/// None if no picture can be cut so.
fn changed(catalogue: &Catalogue, spec: &RunSpec, key: &str, value: &Value) -> Option<RunSpec> {
    let changed = catalogue.change(spec, key, value);
    let why = changed.as_ref().err().cloned().unwrap_or_default();
    assert!(why.is_empty() || key.starts_with("model.") && why.contains("leave something"), "{key}: {why}");
    changed.ok()
}

/// The models that can take the spec's data.
fn fitting(catalogue: &Catalogue, spec: &RunSpec) -> Vec<String> {
    let fits = |id: &&String| catalogue.change(spec, "model.id", &Value::from(id.as_str())).is_ok();
    catalogue.models.iter().map(|m| &m.id).filter(fits).cloned().collect()
}

/// The whole hash of what a link asks for, as `ui::link` puts it together.
fn whole(asked: &Decoded) -> String {
    let lesson = asked.lesson.as_ref().map(|id| format!("lesson={id}&")).unwrap_or_default();
    format!("{lesson}{}{}", asked.encode(), asked.shown.encode())
}

#[test]
fn any_spec_with_any_lesson_and_anything_left_out_survives_its_link() {
    let catalogue = Catalogue::of_tables(|_| true);
    let presets: Vec<&Preset> = PRESETS.iter().filter(|p| p.page == Page::Train).collect();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for _ in 0..2000 {
        let preset = *random.one_of(&presets);
        let spec = random.spec(&catalogue, preset);
        let shown = random.shown(catalogue.keys_of(&spec));
        let engine = *random.one_of(&[None, Some(EngineKind::Cpu), Some(EngineKind::Gpu)]);
        let lesson =
            random.one_of(&[None, Some("rate"), Some("how-much-data"), Some("a-1")]).map(String::from);
        let mut asked = decode(&encode(preset, &spec, (engine, None)));
        (asked.lesson, asked.shown) = (lesson, shown);
        let link = whole(&asked);
        let read = decode(&link);
        assert_eq!(read.ignored, [""; 0], "{link}");
        assert_eq!((read.preset.id, read.engine, &read.lesson), (preset.id, engine, &asked.lesson), "{link}");
        assert_eq!(read.shown, asked.shown, "{link}");
        // A size at its default is left out of the link, and means the same.
        let sizes = |spec: &RunSpec| {
            let mut keys = spec.to_keys();
            let own = |n: &&NumberInfo| n.key.starts_with("model.") || n.key.starts_with("data.");
            let defaults = catalogue.numbers_of(spec).filter(own);
            defaults.for_each(|n| _ = keys.entry(n.key.clone()).or_insert(n.default.into()));
            let words = catalogue.words_of(spec);
            words.for_each(|w| _ = keys.entry(w.key.clone()).or_insert(w.default.as_str().into()));
            keys
        };
        assert_eq!(sizes(&read.spec), sizes(&spec), "{link}");
        assert_eq!(whole(&read), link);
    }
}

#[test]
fn links_of_version_1_open_for_ever() {
    let lines = include_str!("links_v1.txt").lines().filter(|line| !line.starts_with("# "));
    for line in lines {
        let (link, wanted) = line.split_once(" ⇒ ").unwrap();
        let read = decode(link);
        assert_eq!(read.ignored, [""; 0], "{link}");
        let keys = read.spec.to_keys();
        let mut wanted = wanted.split(' ');
        assert_eq!(wanted.next(), Some(read.preset.id), "{link}");
        let join = |all: &[String]| all.join(",");
        for (key, value) in wanted.map(|field| field.split_once('=').unwrap()) {
            let found = match key {
                "engine" => read.engine.map(engine_name).unwrap_or_default().into(),
                "play" => u8::from(read.play).to_string(),
                "lesson" => read.lesson.clone().unwrap_or_default(),
                "only" => join(&read.shown.only),
                "hide" => join(&read.shown.hidden),
                key => match &keys[key] {
                    Value::String(text) => text.clone(),
                    number => number.as_f64().unwrap().to_string(),
                },
            };
            assert_eq!(found, value, "{key} of {link}");
        }
    }
}

#[test]
fn a_preset_is_a_short_link() {
    for preset in PRESETS {
        let link = format!("?embed=1#{}", encode(preset, &preset.spec(), (None, None)));
        assert!(link.len() <= 80, "{link}");
    }
    // The lab of a lesson stands behind its name.
    let lab = |id: &str| (id == "rate").then(|| "preset=mnist&v=1&train.learning_rate=0.3".to_string());
    let read = decode(&with_lesson_lab("#lesson=rate&seed=3", lab));
    assert_eq!(
        (read.spec.train.learning_rate, read.spec.seed, read.lesson.as_deref()),
        (0.3, 3, Some("rate"))
    );
}

/// Every key of every spec with a value other than its default.
fn changes(catalogue: &Catalogue, spec: &RunSpec) -> Vec<(String, Value)> {
    let mut changes: Vec<(String, Value)> = catalogue
        .numbers_of(spec)
        .flat_map(|n| [n.min, n.max].map(|value| (n.key.clone(), Value::from(value))))
        .collect();
    let fitting = fitting(catalogue, spec);
    let ids: [(&str, Vec<&String>); 5] = [
        ("data.id", catalogue.datasets.iter().map(|d| &d.id).collect()),
        ("model.id", fitting.iter().collect()),
        ("train.optimizer", catalogue.optimizers.iter().map(|o| &o.id).collect()),
        ("train.schedule", catalogue.schedules.iter().map(|s| &s.id).collect()),
        ("train.init", catalogue.inits.iter().map(|i| &i.id).collect()),
    ];
    for (key, ids) in ids {
        changes.extend(ids.into_iter().map(|id| (key.to_string(), Value::from(id.as_str()))));
    }
    changes
}

#[test]
fn every_preset_and_key_survives_the_link() {
    let catalogue = Catalogue::of_tables(|_| true);
    for preset in PRESETS.iter().filter(|p| p.page == Page::Train) {
        for model in fitting(&catalogue, &preset.spec()) {
            let base = catalogue.change(&preset.spec(), "model.id", &Value::from(model)).unwrap();
            for (key, value) in changes(&catalogue, &base) {
                let Some(spec) = changed(&catalogue, &base, &key, &value) else { continue };
                for engine in [None, Some(EngineKind::Cpu), Some(EngineKind::Gpu)] {
                    let link = encode(preset, &spec, (engine, None));
                    let read = decode(&link);
                    assert_eq!(read.ignored, [""; 0], "{link}");
                    assert_eq!(
                        (read.preset.id, read.engine, read.play),
                        (preset.id, engine, false),
                        "{link}"
                    );
                    // A size at its default is left out of the link, and means the same.
                    assert_eq!(encode(preset, &read.spec, (engine, None)), link);
                    assert_eq!(catalogue.change(&read.spec, &key, &value).as_ref(), Ok(&spec), "{link}");
                }
            }
        }
    }
}

#[test]
fn a_page_that_trains_nothing_has_no_settings_in_its_link() {
    for preset in PRESETS.iter().filter(|p| p.page != Page::Train) {
        let mut spec = preset.spec();
        spec.seed = 3;
        let link = encode(preset, &spec, (Some(EngineKind::Cpu), None));
        assert_eq!(link, format!("preset={}", preset.id));
        assert_eq!(decode(&link).preset.id, preset.id);
    }
}

#[test]
fn a_link_says_only_what_differs() {
    let preset = &PRESETS[0];
    assert_eq!(encode(preset, &preset.spec(), (None, None)), "preset=mnist");
    let mut spec = preset.spec();
    (spec.train.learning_rate, spec.train.batch_size, spec.seed) = (0.01, 128.0, 3);
    assert_eq!(
        encode(preset, &spec, (Some(EngineKind::Gpu), None)),
        "preset=mnist&v=1&seed=3&train.batch_size=128&train.learning_rate=0.01&engine=gpu"
    );
    let read = decode("#play=1&preset=mnist&v=1&model.hidden_1=32&model.id=%6dlp");
    assert_eq!(read.ignored, [""; 0]);
    assert!(read.play);
    assert_eq!(read.spec.model.id, "mlp");
    assert_eq!(read.spec.model.options["hidden_1"], 32.0);
}

#[test]
fn what_does_not_fit_is_named_and_the_rest_holds() {
    let read = decode(
        "#preset=mnist&v=7&foo=1&seed=3&train.epochs=0&train.epochs.x=1&model.hidden_1=32&model.id.x=1\
         &train.batch_size=2.5&train.optimizer=lion&engine=tpu&train.learning_rate=fast&%",
    );
    assert_eq!(read.spec.seed, 3);
    assert_eq!(RunSpec { seed: 7, ..read.spec.clone() }, PRESETS[0].spec());
    let complaint = read.complaint().unwrap();
    for part in [
        "foo=1 (no such setting)",
        "v=7 (",
        "train.epochs=0 (Epochs goes from 0.1 to 1000)",
        "train.epochs.x=1 (no such setting)",
        "model.hidden_1=32 (no such setting)",
        "model.id.x=1 (no such setting)",
        "train.batch_size=2.5 (Batch size is a whole number)",
        "train.optimizer=lion (",
        "engine=tpu (",
        "train.learning_rate=fast (",
        "%= (no such setting)",
    ] {
        assert!(complaint.contains(part), "{part} is not in: {complaint}");
    }
    let unknown = decode("preset=nonsense&seed=3");
    assert_eq!((unknown.preset.id, unknown.spec.seed), ("mnist", 3));
    assert!(unknown.complaint().unwrap().contains("preset=nonsense"));
    assert!(decode("").complaint().is_none());
}

#[test]
fn a_thousand_damaged_links_are_read_without_harm() {
    let catalogue = Catalogue::of_tables(|_| true);
    let preset = &PRESETS[0];
    let mut spec = preset.spec();
    spec.seed = 4_294_967_295;
    spec.model.options.insert("filters_1".into(), 32.0.into());
    spec.train.learning_rate = 0.000_003;
    let undamaged = encode(preset, &spec, (Some(EngineKind::Gpu), None))
        + "&lesson=rate&only=data,learned&reset_hide=true&train.learning_rate_hide=true";
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let mut below = |n: usize| random.below(n);
    for _ in 0..1000 {
        let mut link: Vec<u8> = undamaged.bytes().collect();
        for _ in 0..=below(6) {
            if link.is_empty() {
                break;
            }
            let at = below(link.len());
            match below(4) {
                0 => link[at] = below(256) as u8,
                1 => drop(link.remove(at)),
                2 => link.insert(at, b"&=%.#e-9"[below(8)]),
                _ => link.truncate(at),
            }
        }
        let link = String::from_utf8_lossy(&link).into_owned();
        let read = decode(&link);
        assert_eq!(catalogue.check(&read.spec), Ok(()), "{link}");
        let again = decode(&whole(&read));
        assert_eq!((again.spec, again.shown, again.lesson), (read.spec, read.shown, read.lesson), "{link}");
    }
}

/// What ships trained was made by the run that its row names, and goes on with settings that there are.
#[test]
fn links_of_trained_weights_are_whole_and_their_manifests_are_of_them() {
    for row in TRAINED {
        let next = format!("{}&{}", row.link, row.then);
        for link in [row.link, &next] {
            assert_eq!(decode(link).complaint(), None, "{link}");
        }
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("public/trained");
        let made = std::fs::read(folder.join(format!("{}.json", row.id))).unwrap();
        let made: Made = serde_json::from_slice(&made).unwrap();
        assert_eq!((made.link.as_str(), &made.info.spec), (row.link, &row.next_spec()));
        let file = std::fs::metadata(folder.join(format!("{}.safetensors", row.id))).unwrap();
        assert_eq!(file.len(), made.bytes as u64);
    }
}

#[test]
fn a_link_says_how_many_cores_train() {
    let link = "preset=mnist&v=1&engine=cpu&cores=1";
    let asked = decode(link);
    assert_eq!((asked.cores, asked.encode().as_str()), (Some(1), link));
    for wrong in ["0", "5", "two", ""] {
        let asked = decode(&format!("preset=mnist&v=1&cores={wrong}"));
        assert_eq!((asked.cores, asked.ignored.len()), (None, 1), "{wrong}");
    }
}
