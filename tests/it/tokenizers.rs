//! Every tokenizer on real texts, on letters of many bytes, and on nothing.

use crate::texts::shipped;
use intab::tokenizer::{Kind, TOKENIZERS, Tokenizer, UNKNOWN, UNKNOWN_TEXT, shown};
use std::time::Instant;

/// A small text in German with everything in it that is more than one byte or more than one character.
const VARIED: &str =
    "Möwen, Mo\u{308}wen und 👩‍👩‍👧: 12,5 ist 12,5.\r\n\tनमस्ते! 🇩🇪🇫🇷 漢字かな交じり文。 e\u{301}tude, étude";

fn chinese() -> String {
    (0..5000).filter_map(|at| char::from_u32(0x4e00 + at)).collect()
}

fn texts() -> Vec<String> {
    let mut texts: Vec<String> =
        ["", "a", " ", "aaaa", "\n", "👩‍👩‍👧", "\u{301}", VARIED].map(String::from).into();
    texts.push(chinese());
    texts.extend(["names", "faust"].into_iter().filter_map(shipped).map(|parts| parts.concat()));
    texts
}

/// Nothing between two spans, nothing before the first and after the last.
fn assert_whole(tokenizer: &Tokenizer, text: &str) {
    let found = tokenizer.encode(text);
    assert_eq!(found.ids.len(), found.spans.len());
    let mut end = 0;
    for (id, span) in found.ids.iter().zip(&found.spans) {
        assert_eq!(span.start, end, "{}", tokenizer.kind());
        assert!(span.end > span.start);
        end = span.end;
        let token = tokenizer.text(*id);
        assert!(*id == UNKNOWN || token == &text[span.clone()], "{token:?} is not {:?}", &text[span.clone()]);
    }
    assert_eq!(end, text.len());
}

#[test]
fn what_was_trained_on_comes_back() {
    for kind in TOKENIZERS {
        for text in texts() {
            let most = kind.size.map_or(0, |size| size.max);
            let tokenizer = kind.train(&text, most);
            assert_whole(&tokenizer, &text);
            let found = tokenizer.encode(&text);
            let begins: String = text.chars().take(20).collect();
            // There are more names than words may be.
            if kind.id != "words" || tokenizer.vocabulary().len() <= most {
                assert!(found.unknown(&text).is_empty(), "{} of {begins:?}", kind.id);
                assert!(tokenizer.decode(&found.ids) == text, "{} of {begins:?}", kind.id);
            }
            let counted: u64 = tokenizer.vocabulary().iter().map(|token| token.count).sum();
            assert_eq!(counted as usize, found.ids.len(), "{}", kind.id);
        }
    }
}

#[test]
fn what_is_unknown_is_said_and_stays() {
    for kind in TOKENIZERS {
        let tokenizer = kind.train("to be or not to be, that is the question", 500);
        let text = "to be 漢漢 or ж";
        assert_whole(&tokenizer, text);
        let found = tokenizer.encode(text);
        let unknown = found.unknown(text);
        let times: usize = unknown.iter().map(|(_, times)| times).sum();
        assert_eq!(times, found.ids.iter().filter(|id| **id == UNKNOWN).count());
        assert_eq!(times, tokenizer.decode(&found.ids).matches(UNKNOWN_TEXT).count());
        match kind.id {
            "words" => assert_eq!(unknown, [(" ", 1), ("漢", 2), (" ж", 1)]),
            _ => assert_eq!(unknown, [("漢", 2), ("ж", 1)]),
        }
    }
}

/// What cannot be learned from is still a vocabulary.
#[test]
fn nothing_has_an_empty_vocabulary() {
    for kind in TOKENIZERS {
        let tokenizer = kind.train("", 100);
        assert_eq!(tokenizer.vocabulary().len(), 1, "{}", kind.id);
        assert_eq!(tokenizer.decode(&tokenizer.encode("a👩‍👩‍👧").ids[..1]), UNKNOWN_TEXT);
        assert_eq!(tokenizer.decode(&[7]), UNKNOWN_TEXT, "an id that there is not");
    }
}

#[test]
fn characters_are_in_the_order_of_their_code_points() {
    let tokenizer = Kind::by_id("characters").unwrap().train("banana ß", 0);
    let tokens: Vec<(&str, u64)> =
        tokenizer.vocabulary().iter().map(|token| (token.text.as_str(), token.count)).collect();
    assert_eq!(tokens, [(UNKNOWN_TEXT, 0), (" ", 1), ("a", 3), ("b", 1), ("n", 2), ("ß", 1)]);
    assert_eq!(tokenizer.encode("nabß").ids, [4, 2, 3, 5]);
    assert_eq!(Kind::by_id("characters").unwrap().train(&chinese(), 0).vocabulary().len(), 5001);
}

#[test]
fn words_take_the_space_before_them_along() {
    let words = Kind::by_id("words").unwrap();
    let text = "one two, two  three\nthree\tthree 12 漢字 a\u{301}b 👩‍👩‍👧!";
    let tokenizer = words.train(text, 100);
    let found = tokenizer.encode(text);
    let cut: Vec<&str> = found.spans.iter().map(|span| &text[span.clone()]).collect();
    let expected = [
        "one",
        " two",
        ",",
        " two",
        " ",
        " three",
        "\n",
        "three",
        "\t",
        "three",
        " 12",
        " ",
        "漢",
        "字",
        " a\u{301}b",
        " ",
        "👩‍👩‍👧",
        "!",
    ];
    assert_eq!(cut, expected);
    // The most frequent, and of those that come twice the first.
    let few = words.train(text, 10);
    let kept: Vec<&str> = few.vocabulary()[1..4].iter().map(|token| token.text.as_str()).collect();
    assert_eq!(kept, [" ", " two", "three"]);
    assert_eq!(few.vocabulary().len(), 11);
    assert_eq!(few.vocabulary()[0].count, found.ids.len() as u64 - counted(&few));
}

fn counted(tokenizer: &Tokenizer) -> u64 {
    tokenizer.vocabulary()[1..].iter().map(|token| token.count).sum()
}

/// Worked by hand.
#[test]
fn merges_are_the_most_frequent_pairs_in_order() {
    let kind = Kind::by_id("byte_pairs").unwrap();
    let tokenizer = kind.train("low low low lower newer newer", 4);
    let text = |id: u32| tokenizer.text(id).to_string();
    let merges: Vec<[String; 3]> =
        tokenizer.merges().map(|([a, b], merged)| [text(a), text(b), text(merged)]).collect();
    // “lo” and “ow” come four times each: the smaller ids win, and l is before o.
    let expected = [["l", "o", "lo"], ["lo", "w", "low"], [" ", "low", " low"], ["e", "r", "er"]];
    assert_eq!(merges, expected.map(|merge| merge.map(String::from)));
    let found = tokenizer.encode("lower new slow");
    let cut: Vec<String> = found.ids.iter().map(|id| text(*id)).collect();
    assert_eq!(cut, ["low", "er", " ", "n", "e", "w", " ", UNKNOWN_TEXT, "low"]);
    assert_eq!(kind.train("low low", 500).merges().len(), 2, "what comes once is not joined");
    assert_eq!(kind.train("abc", 0).merges().len(), 0);
}

/// The same text gives the same merges, however a hash map lies in memory; a longer list begins with the shorter.
#[test]
fn training_is_deterministic() {
    let Some([text, _]) = shipped("faust") else { return };
    for kind in TOKENIZERS {
        let [first, again, longer] = [300, 300, 400].map(|size| kind.train(&text, size));
        assert_eq!(first.vocabulary(), again.vocabulary(), "{}", kind.id);
        assert!(first.merges().eq(again.merges()));
        assert!(first.merges().eq(longer.merges().take(first.merges().len())));
    }
}

#[test]
fn a_tokenizer_survives_its_file_and_a_bad_file_is_refused() {
    for kind in TOKENIZERS {
        let tokenizer = kind.train(VARIED, 50);
        let file = serde_json::to_string(&tokenizer).unwrap();
        let read: Tokenizer = serde_json::from_str(&file).unwrap();
        assert_eq!(read.encode(VARIED), tokenizer.encode(VARIED), "{}", kind.id);
        assert_eq!(read.vocabulary(), tokenizer.vocabulary());
    }
    let refused = |file: &str| serde_json::from_str::<Tokenizer>(file).unwrap_err().to_string();
    assert!(refused(r#"{"kind":"none","vocabulary":[],"merges":[]}"#).contains("no tokenizer “none”"));
    assert!(refused(r#"{"kind":"words","vocabulary":[],"merges":[]}"#).contains("unknown token"));
    let file = |merge: &str, text: &str| {
        let token = |text: &str| format!(r#"{{"text":"{text}","count":1}}"#);
        let all = ["\u{fffd}", "a", "b", text].map(token).join(",");
        format!(r#"{{"kind":"byte_pairs","vocabulary":[{all}],"merges":[{merge}]}}"#)
    };
    assert!(serde_json::from_str::<Tokenizer>(&file("[1,2]", "ab")).is_ok());
    for (merge, text) in [
        ("[1,9]", "ab"),
        ("[1,3]", "ab"),
        ("[0,1]", "ab"),
        ("[1,2]", "ba"),
        ("[1,2],[1,2],[1,2],[1,2]", "ab"),
    ] {
        assert!(serde_json::from_str::<Tokenizer>(&file(merge, text)).is_err(), "{merge}");
    }
}

/// A family, a flag and an accent are several characters and one picture: they are shown as one.
#[test]
fn grapheme_clusters_are_not_cut_when_shown() {
    let tokenizer = Kind::by_id("characters").unwrap().train(VARIED, 0);
    let text = "o\u{308}x👩‍👩‍👧🇩🇪\r\n";
    let found = tokenizer.encode(text);
    assert_eq!(found.ids.len(), 2 + 1 + 5 + 2 + 2);
    let parts = shown(text, &found.spans);
    let cut: Vec<(&str, usize)> =
        parts.iter().map(|(tokens, bytes)| (&text[bytes.clone()], tokens.len())).collect();
    assert_eq!(cut, [("o\u{308}", 2), ("x", 1), ("👩‍👩‍👧", 5), ("🇩🇪", 2), ("\r\n", 2)]);
    for kind in TOKENIZERS {
        let tokenizer = kind.train(VARIED, 30);
        let spans = tokenizer.encode(VARIED).spans;
        let parts = shown(VARIED, &spans);
        assert_eq!(parts.last().unwrap().0.end, spans.len(), "{}: every token is in a part", kind.id);
        assert_eq!(parts.iter().map(|(_, bytes)| &VARIED[bytes.clone()]).collect::<String>(), VARIED);
    }
    assert_eq!(shown("", &[]), []);
}

/// Natively a megabyte in about a second; ten times that is a mistake in the algorithm, not a slow machine.
#[test]
fn byte_pairs_of_a_megabyte_take_about_a_second() {
    let Some(text) = shipped("shakespeare").map(|parts| parts.concat()) else { return };
    let start = Instant::now();
    let tokenizer = Kind::by_id("byte_pairs").unwrap().train(&text, 1000);
    let seconds = start.elapsed().as_secs_f64();
    let tokens = tokenizer.encode(&text).ids.len();
    println!("1,000 merges in {seconds:.2} s: {} characters in {tokens} tokens", text.len());
    assert_eq!(tokenizer.merges().len(), 1000);
    assert!(tokens * 2 < text.len(), "{tokens} tokens");
    assert!(seconds < 20.0, "{seconds} s");
}
