//! A run as a link: `#preset=mnist&v=1&train.learning_rate=0.01`. Only what differs from the preset is written.
//! Around the run: which lesson is open (`lesson=rate`), and what of the page is left out (`only=data,learned`,
//! `reset_hide=true`). Reading is tolerant: what does not fit is named, and everything else holds. Pure; knows no
//! browser.

use crate::protocol::{Catalogue, EngineKind, MOST_CORES};
use crate::spec::{PRESETS, Page, Preset, RunSpec, SPEC_VERSION};
use serde_json::Value;
use std::collections::BTreeMap;

/// What a link asks for.
#[derive(Clone)]
pub struct Decoded {
    pub preset: &'static Preset,
    pub spec: RunSpec,
    /// None is “measure and choose”.
    pub engine: Option<EngineKind>,
    /// Cores that may train; none is all that there are.
    pub cores: Option<u32>,
    /// Start training at once.
    pub play: bool,
    /// The lesson that is open; whether there is one of that name is for who has the lessons.
    pub lesson: Option<String>,
    pub shown: Visibility,
    /// What was left out, each as `key=value (why)`.
    pub ignored: Vec<String>,
}

/// What of the page is left out: a lecturer shows what matters today.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visibility {
    /// These panels alone (ids of `PANELS`); all if there are none.
    pub only: Vec<String>,
    /// Without these (ids of `CONTROLS`, or dotted keys of settings).
    pub hidden: Vec<String>,
}

/// Panels that a link can show alone: id, title.
pub const PANELS: &[(&str, &str)] =
    &[("data", "Data"), ("model", "Model"), ("learned", "What it learned"), ("try", "Try it")];

/// Controls that a link can leave out: id, title. Settings go by their dotted keys.
pub const CONTROLS: &[(&str, &str)] = &[
    ("play", "Play"),
    ("step", "Step"),
    ("reset", "Reset"),
    ("rate", "Learning rate in the bar"),
    ("engine", "Choice of the engine"),
    ("settings", "Settings of the model and the training"),
    ("data", "Choice of the data"),
    ("weights", "Weights to download and load"),
    ("export", "Charts and pictures as files"),
    ("runs", "Runs that are kept"),
    ("lab", "Choice of the lab"),
    ("share", "Share"),
    ("theme", "Theme"),
    ("language", "Language"),
    ("help", "Help"),
    ("sentence", "The sentence at the top"),
];

impl Visibility {
    /// As further fields of a link, each with its `&`.
    pub fn encode(&self) -> String {
        let only = self.only.join(",");
        let only = if only.is_empty() { only } else { format!("&only={only}") };
        self.hidden.iter().fold(only, |fields, id| fields + &format!("&{id}_hide=true"))
    }

    fn read_only(&mut self, value: &str) -> Result<(), String> {
        for id in value.split(',').filter(|id| !id.is_empty()) {
            if !PANELS.iter().any(|(known, _)| *known == id) {
                let known: Vec<_> = PANELS.iter().map(|(id, _)| *id).collect();
                return Err(format!("the panels are {}", known.join(", ")));
            }
            if !self.only.iter().any(|there| there == id) {
                self.only.push(id.into());
            }
        }
        Ok(())
    }

    fn hide(&mut self, id: &str, value: &str, settings: &[String]) -> Result<(), String> {
        if !CONTROLS.iter().any(|(known, _)| *known == id) && !settings.iter().any(|key| key == id) {
            let known: Vec<_> = CONTROLS.iter().map(|(id, _)| *id).collect();
            return Err(format!("what can be hidden is {}, and every setting", known.join(", ")));
        }
        if value == "true" && !self.hidden.iter().any(|there| there == id) {
            self.hidden.push(id.into());
        }
        Ok(())
    }
}

/// A link that names only a lesson stands for the lab that the lesson begins with.
pub fn with_lesson_lab(hash: &str, lab_of: impl Fn(&str) -> Option<String>) -> String {
    let hash = hash.trim_start_matches('#');
    let field = |key: &str| hash.split('&').find_map(|f| f.strip_prefix(key)?.strip_prefix('='));
    match field("lesson").and_then(|id| lab_of(&unescape(id))) {
        Some(lab) if field("preset").is_none() => format!("{lab}&{hash}"),
        _ => hash.into(),
    }
}

impl Decoded {
    /// One sentence about what was left out, if anything was.
    pub fn complaint(&self) -> Option<String> {
        let list = self.ignored.join(", ");
        (!list.is_empty()).then(|| format!("Ignored in the link: {list}."))
    }

    /// The run's part of the link again, without what was ignored.
    pub fn encode(&self) -> String {
        encode(self.preset, &self.spec, (self.engine, self.cores))
    }
}

/// The hash, without `#`, of a run that was opened from `preset`, on this engine with at most as many cores.
pub fn encode(preset: &Preset, spec: &RunSpec, (engine, cores): (Option<EngineKind>, Option<u32>)) -> String {
    if preset.page != Page::Train {
        return format!("preset={}", escape(preset.id));
    }
    let differences = differences(preset, spec).into_iter();
    let mut fields: Vec<String> =
        differences.map(|(key, value)| format!("{key}={}", escape(&plain(&value)))).collect();
    if let Some(kind) = engine {
        fields.push(format!("engine={}", engine_name(kind)));
    }
    fields.extend(cores.map(|cores| format!("cores={cores}")));
    let mut link = format!("preset={}", escape(preset.id));
    if !fields.is_empty() {
        link += &format!("&v={SPEC_VERSION}&{}", fields.join("&"));
    }
    link
}

/// What of a run is not as its preset has it, by dotted key.
pub fn differences(preset: &Preset, spec: &RunSpec) -> BTreeMap<String, Value> {
    let catalogue = Catalogue::of_tables(|_| true);
    // The preset may set what this run leaves as it is by itself.
    let mut keys = catalogue.defaults(spec);
    let standard = standard(&catalogue, spec, &preset.spec(), &keys);
    keys.extend(spec.to_keys());
    keys.retain(|key, value| standard.get(key).map(plain) != Some(plain(value)));
    keys
}

/// Reads a hash, with or without `#`. Never fails: what cannot be read is in `ignored`.
pub fn decode(hash: &str) -> Decoded {
    let fields: Vec<(String, String)> = hash
        .trim_start_matches('#')
        .split('&')
        .filter(|field| !field.is_empty())
        .map(|field| field.split_once('=').unwrap_or((field, "")))
        .map(|(key, value)| (unescape(key), unescape(value)))
        .collect();
    let mut ignored = Vec::new();
    let preset = find_preset(&fields, &mut ignored);
    let mut link = Decoded {
        preset,
        spec: preset.spec(),
        engine: None,
        cores: None,
        play: false,
        lesson: None,
        shown: Visibility::default(),
        ignored,
    };
    let catalogue = Catalogue::of_tables(|_| true);
    // The data and the model decide which settings there are, so they come before them wherever they stand.
    let mut fields: Vec<_> = fields.iter().collect();
    fields.sort_by_key(|(key, _)| turn(key));
    for (key, value) in fields {
        if let Err(why) = link.read(&catalogue, key, value) {
            link.ignored.push(format!("{} ({why})", shown(key, value)));
        }
    }
    link
}

impl Decoded {
    fn read(&mut self, catalogue: &Catalogue, key: &str, value: &str) -> Result<(), String> {
        match key {
            "preset" => (),
            "v" if value == SPEC_VERSION.to_string() => (),
            "v" => return Err("a link of another version; what is known is used".into()),
            "engine" => self.engine = Some(engine_by_name(value)?),
            "cores" => self.cores = Some(cores_by_number(value)?),
            "play" => self.play = value == "1",
            "lesson" => self.lesson = Some(lesson_id(value)?),
            "only" => self.shown.read_only(value)?,
            _ if key.ends_with("_hide") => {
                let id = key.trim_end_matches("_hide");
                // The link of a page that trains nothing says nothing of a run.
                let trains = self.preset.page == Page::Train;
                let spec = if trains { &self.spec } else { &self.preset.spec() };
                self.shown.hide(id, value, &catalogue.keys_of(spec))?;
            }
            _ if !catalogue.keys_of(&self.spec).iter().any(|k| k == key) => {
                return Err("no such setting".into());
            }
            _ => self.spec = catalogue.change(&self.spec, key, &typed(value))?,
        }
        Ok(())
    }
}

/// How many may train; anything else is an error that says what can be.
pub fn cores_by_number(value: &str) -> Result<u32, String> {
    let cores = value.parse().ok().filter(|cores| (1..=MOST_CORES).contains(cores));
    cores.ok_or_else(|| format!("1 to {MOST_CORES} cores can train"))
}

fn lesson_id(value: &str) -> Result<String, String> {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let is_id = !value.is_empty() && value.len() <= 40 && value.bytes().all(fits);
    if is_id { Ok(value.into()) } else { Err("no such lesson".into()) }
}

pub fn engine_name(kind: EngineKind) -> &'static str {
    match kind {
        EngineKind::Cpu => "cpu",
        EngineKind::Gpu => "gpu",
    }
}

/// `cpu` or `gpu`; anything else is an error that names them.
pub fn engine_by_name(name: &str) -> Result<EngineKind, String> {
    match name {
        "cpu" => Ok(EngineKind::Cpu),
        "gpu" => Ok(EngineKind::Gpu),
        _ => Err("an engine is cpu or gpu".into()),
    }
}

fn find_preset(fields: &[(String, String)], ignored: &mut Vec<String>) -> &'static Preset {
    let Some((_, id)) = fields.iter().find(|(key, _)| key == "preset") else {
        return &PRESETS[0];
    };
    Preset::by_id(id).unwrap_or_else(|| {
        let names: Vec<_> = PRESETS.iter().map(|p| p.id).collect();
        ignored.push(format!("{} (there is {})", shown("preset", id), names.join(", ")));
        &PRESETS[0]
    })
}

/// When a setting is taken, of several: the data decides what settings it has and which models fit it, and the model what
/// settings that has.
pub fn turn(key: &str) -> usize {
    match key {
        "data.id" => 0,
        "model.id" => 2,
        // What is left out of a page stands in its own order.
        key if key.starts_with("data.") && !key.ends_with("_hide") => 1,
        _ => 3,
    }
}

/// What a reader of the link would have anyway: the preset's keys, and what the data and the model have by
/// themselves (`defaults`).
fn standard(
    catalogue: &Catalogue,
    spec: &RunSpec,
    preset: &RunSpec,
    defaults: &BTreeMap<String, Value>,
) -> BTreeMap<String, Value> {
    let mut begun = preset.clone();
    if spec.data.id != preset.data.id
        && let Ok(changed) = catalogue.change(preset, "data.id", &Value::from(spec.data.id.as_str()))
    {
        begun = changed;
    }
    let mut keys = begun.to_keys();
    keys.insert("data.id".into(), Value::from(preset.data.id.as_str()));
    // Rows that are read in order come with another model.
    let window = spec.data.options.get("window");
    if let Some(Ok(in_order)) = window.map(|rows| catalogue.change(&begun, "data.window", rows))
        && in_order.model.id != begun.model.id
    {
        keys.retain(|key, _| !key.starts_with("model."));
        keys.insert("model.id".into(), in_order.model.id.into());
    }
    if keys.get("model.id").and_then(Value::as_str) != Some(&spec.model.id) {
        keys.retain(|key, _| key == "model.id" || !key.starts_with("model."));
    }
    for (key, value) in defaults {
        keys.entry(key.clone()).or_insert_with(|| value.clone());
    }
    keys
}

/// A value without JSON's quotes, and whole numbers without `.0`.
pub fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.as_f64().map_or_else(|| number.to_string(), |n| n.to_string()),
        other => other.to_string(),
    }
}

/// A number if it reads as one.
fn typed(text: &str) -> Value {
    match serde_json::from_str(text) {
        // serde_json reads the last bit of a fraction wrongly at times.
        Ok(Value::Number(number)) if number.is_f64() => {
            text.parse::<f64>().map_or(number.into(), Value::from)
        }
        Ok(number @ Value::Number(_)) => number,
        _ => Value::from(text),
    }
}

/// A field as it goes into a sentence: a link can be long and hold anything.
fn shown(key: &str, value: &str) -> String {
    let field: String = format!("{key}={value}").chars().filter(|c| !c.is_control()).collect();
    match field.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &field[..end]),
        None => field,
    }
}

fn escape(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(byte as char),
            _ => out += &format!("%{byte:02X}"),
        }
    }
    out
}

/// Percent-decodes; a `%` that begins no escape stays, and bytes that are no UTF-8 become U+FFFD.
fn unescape(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = match (first, tail) {
            (b'%', [high, low, ..]) => hex(*high).zip(hex(*low)),
            _ => None,
        };
        bytes.push(escaped.map_or(*first, |(high, low)| high << 4 | low));
        rest = if escaped.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|d| d as u8)
}
