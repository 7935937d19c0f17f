//! Links: what is written is read back, and what cannot be read is named and harmless.

use intab::link::{decode, encode};
use intab::protocol::{Catalogue, EngineKind};
use intab::spec::{PRESETS, Page, RunSpec};
use serde_json::Value;

/// Every key of every spec with a value other than its default.
fn changes(catalogue: &Catalogue, spec: &RunSpec) -> Vec<(String, Value)> {
    let mut changes: Vec<(String, Value)> = catalogue
        .numbers_of(spec)
        .flat_map(|n| [n.min, n.max].map(|value| (n.key.clone(), Value::from(value))))
        .collect();
    let ids: [(&str, Vec<&String>); 4] = [
        ("data.id", catalogue.datasets.iter().map(|d| &d.id).collect()),
        ("model.id", catalogue.models.iter().map(|m| &m.id).collect()),
        ("train.optimizer", catalogue.optimizers.iter().map(|o| &o.id).collect()),
        ("train.schedule", catalogue.schedules.iter().map(|s| &s.id).collect()),
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
        for model in &catalogue.models {
            let base = catalogue.change(&preset.spec(), "model.id", &Value::from(model.id.as_str())).unwrap();
            for (key, value) in changes(&catalogue, &base) {
                let spec = catalogue.change(&base, &key, &value).unwrap();
                for engine in [None, Some(EngineKind::Cpu), Some(EngineKind::Gpu)] {
                    let link = encode(preset, &spec, engine);
                    let read = decode(&link);
                    assert_eq!(read.ignored, [""; 0], "{link}");
                    assert_eq!(
                        (read.preset.id, read.engine, read.play),
                        (preset.id, engine, false),
                        "{link}"
                    );
                    // A size at its default is left out of the link, and means the same.
                    assert_eq!(encode(preset, &read.spec, engine), link);
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
        let link = encode(preset, &spec, Some(EngineKind::Cpu));
        assert_eq!(link, format!("preset={}", preset.id));
        assert_eq!(decode(&link).preset.id, preset.id);
    }
}

#[test]
fn a_link_says_only_what_differs() {
    let preset = &PRESETS[0];
    assert_eq!(encode(preset, &preset.spec(), None), "preset=mnist");
    let mut spec = preset.spec();
    (spec.train.learning_rate, spec.train.batch_size, spec.seed) = (0.01, 128.0, 3);
    assert_eq!(
        encode(preset, &spec, Some(EngineKind::Gpu)),
        "preset=mnist&v=1&seed=3&train.batch_size=128&train.learning_rate=0.01&engine=gpu"
    );
    let read = decode("#play=1&preset=mnist&v=1&model.hidden_1=32&model.id=%6dlp");
    assert_eq!(read.ignored, [""; 0]);
    assert!(read.play);
    assert_eq!(read.spec.model.id, "mlp");
    assert_eq!(read.spec.model.sizes["hidden_1"], 32.0);
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
        "train.epochs=0 (Epochs goes from 1 to 1000)",
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
    spec.model.sizes.insert("filters_1".into(), 32.0);
    spec.train.learning_rate = 0.000_003;
    let whole = encode(preset, &spec, Some(EngineKind::Gpu));
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    let mut below = |n: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        (random % n as u64) as usize
    };
    for _ in 0..1000 {
        let mut link: Vec<u8> = whole.bytes().collect();
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
        assert_eq!(decode(&encode(read.preset, &read.spec, read.engine)).spec, read.spec, "{link}");
    }
}
