//! Links: whatever stands behind the `#`, something opens, and what was understood can be written and read again.

use super::{Chance, Kind, is_words};
use intab::link::{Decoded, decode, encode};
use intab::protocol::Catalogue;
use intab::spec::{PRESETS, Page};

const VALUES: [&str; 14] = [
    "",
    "0",
    "-1",
    "1e999",
    "NaN",
    "18446744073709551616",
    "0.30000000000000004",
    "true",
    "null",
    "%",
    "%C3%28",
    "a%26b%3Dc",
    "mnist",
    "dense99999999999999999999-conv0x0-dense",
];

/// Links that are good, to be damaged.
fn good() -> Vec<String> {
    let kept = include_str!("../links_v1.txt")
        .lines()
        .filter_map(|line| Some(line.split_once(" ⇒ ")?.0.to_string()));
    kept.chain(PRESETS.iter().map(|preset| encode(preset, &preset.spec(), (None, Some(2))))).collect()
}

fn made(chance: &mut Chance, good: &[String], keys: &[String]) -> String {
    let mut fields: Vec<String> = chance.pick(good).split('&').map(String::from).collect();
    for _ in 0..chance.below(6) {
        let at = chance.below(fields.len() + 1);
        let key = chance.pick(keys).clone();
        let field = match chance.below(4) {
            0 => format!("{key}={}", chance.pick(&VALUES)),
            1 => format!("{key}_hide=true"),
            2 => chance.pick(good).split('&').next_back().unwrap_or_default().to_string(),
            _ => format!("{key}={}", chance.below(2_000) as f64 / 7.0),
        };
        fields.insert(at, field);
    }
    let link = fields.join("&");
    if chance.one_in(3) { link } else { chance.damaged_text(&link) }
}

/// What a link opens, but for what was left out of it.
fn again(link: &Decoded) -> Decoded {
    let lesson = link.lesson.as_ref().map(|id| format!("&lesson={id}")).unwrap_or_default();
    decode(&format!("{}{}{lesson}", link.encode(), link.shown.encode()))
}

#[test]
fn any_link_opens_something_that_can_be_written_and_read_again() {
    let good = good();
    let catalogue = Catalogue::of_tables(|_| true);
    let mut keys: Vec<String> = PRESETS.iter().flat_map(|preset| catalogue.keys_of(&preset.spec())).collect();
    keys.extend(["engine", "cores", "play", "lesson", "only", "v", "preset", "__proto__"].map(String::from));
    let kind = Kind { name: "links", slow: 1, most_bytes: 64 << 20 };
    kind.fuzz(
        |chance| made(chance, &good, &keys),
        |hash| {
            let link = decode(hash);
            link.complaint().iter().for_each(|complaint| is_words(complaint));
            if link.preset.page == Page::Train {
                catalogue.check(&link.spec).unwrap();
                let again = again(&link);
                assert_eq!(again.ignored, Vec::<String>::new(), "{}", link.encode());
                assert_eq!(again.spec, link.spec, "{}", link.encode());
                assert_eq!((again.engine, again.cores), (link.engine, link.cores));
            }
            let again = again(&link);
            assert_eq!(again.preset.id, link.preset.id);
            assert_eq!((again.lesson, again.shown), (link.lesson, link.shown));
        },
    );
}

/// Found by seed 12744: what a page that trains nothing hid was of a network that its link does not say.
#[test]
fn a_page_that_trains_nothing_hides_no_setting_of_a_run() {
    let link = decode("preset=lecture&model.id=mlp&model.hidden_2_hide=true&seed_hide=true");
    assert_eq!(link.shown.hidden, ["seed"]);
    assert_eq!(again(&link).shown, link.shown);
}
