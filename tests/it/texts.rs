//! Texts: what ships is what the publisher has, a visitor's own is read or refused in words, and nothing is cut or lost.

use flate2::read::GzDecoder;
use intab::table::text::Encoding;
use intab::text::own::{MAX_BYTES, OwnText, read};
use intab::text::split::HeldOut;
use intab::text::{SHARD, TEXTS, TextDataset, TextManifest, TextShard, parts};
use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::Path;

fn public() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/public"))
}

fn unpacked(folder: &Path, shards: &[TextShard]) -> String {
    let one = |shard: &TextShard| {
        let mut bytes = Vec::new();
        GzDecoder::new(&fs::read(folder.join(&shard.file)).unwrap()[..]).read_to_end(&mut bytes).unwrap();
        shard.decode(bytes).unwrap()
    };
    shards.iter().map(one).collect()
}

/// The training and the held-out part of a text that ships. A fresh clone has none yet; `cargo intab test` makes them
/// before these tests run.
pub fn shipped(id: &str) -> Option<[String; 2]> {
    let text = TextDataset::by_id(id).unwrap();
    let folder = public().join(text.folder());
    let manifest: TextManifest =
        serde_json::from_slice(&fs::read(folder.join("manifest.json")).ok()?).unwrap();
    assert_eq!(manifest.check(text), Ok(()), "{id}");
    Some([&manifest.train, &manifest.test].map(|shards| unpacked(&folder, shards)))
}

#[test]
fn shipped_texts_are_the_publishers() {
    if let Some([train, test]) = shipped("names") {
        assert_eq!([&train, &test].map(|part| part.lines().count()), [28_829, 3_204]);
        assert!(train.lines().chain(test.lines()).any(|name| name == "emma"));
        assert!(train.ends_with('\n') && test.ends_with('\n'), "the end of every name is learned");
    }
    for (id, length, begins, ends) in [
        ("shakespeare", 1_115_394, "First Citizen:\nBefore we proceed", "Whiles thou art waking.\n"),
        ("faust", 502_042, "Faust: Der Tragödie erster Teil\n", "Zieht uns hinan.\n"),
    ] {
        let Some([train, test]) = shipped(id) else { continue };
        let whole = train.clone() + &test;
        assert_eq!(whole.len(), length, "{id}");
        assert!(whole.starts_with(begins) && whole.ends_with(ends), "{id}");
        assert_eq!(train.chars().count(), whole.chars().count() * 9 / 10, "{id}");
    }
}

#[test]
fn every_text_has_an_address_and_a_checksum() {
    for text in TEXTS {
        assert!(text.address.starts_with("https://"), "{}", text.about.id);
        let digit = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        assert!(text.sha256.len() == 64 && text.sha256.bytes().all(digit), "{}", text.about.id);
        for words in [text.about.title, text.about.noun, text.about.blurb, text.about.licence, text.language]
        {
            assert!(!words.is_empty(), "{}", text.about.id);
        }
    }
}

#[test]
fn lines_are_held_out_whole_and_a_texts_end_is_its_end() {
    let list: String = (0..500).map(|at| format!("name {at}\n")).collect();
    let [train, test] = HeldOut::Lines.split(&list);
    assert_eq!([&train, &test].map(|part| part.lines().count()), [450, 50]);
    let all: BTreeSet<&str> = train.lines().chain(test.lines()).collect();
    assert!(all == list.lines().collect(), "each line is in one part");
    assert!(test != list[list.len() - test.len()..], "a sorted list is mixed");
    assert_eq!(HeldOut::Lines.split(&list), [train, test], "always in the same way");
    assert_eq!(HeldOut::End.split("äöüßéàçñôø"), ["äöüßéàçñô", "ø"]);
    assert_eq!(HeldOut::End.split(""), ["", ""]);
    assert_eq!(HeldOut::Lines.split("\n \none\n"), ["", "one\n"]);
    assert_eq!(HeldOut::suited(&list), HeldOut::Lines);
    assert_eq!(HeldOut::suited(&list[..200]), HeldOut::End, "too few to be a list");
    assert_eq!(HeldOut::suited(&list.replace("name 7\n", "\n")), HeldOut::End);
    assert_eq!(HeldOut::suited(&list.replace("name 7\n", "A sentence. And another.\n")), HeldOut::End);
}

#[test]
fn parts_end_between_characters() {
    let text = "日本語🇩🇪é".repeat(60_000);
    let cut: Vec<&str> = parts(&text).collect();
    assert!(cut.len() > 1 && cut.iter().all(|part| part.len() <= SHARD));
    assert!(cut[..cut.len() - 1].iter().all(|part| part.len() + 4 > SHARD), "parts are full");
    assert_eq!(cut.concat(), text);
    assert_eq!(parts("").count(), 0);
}

const GERMAN: &str = "Übermäßig große Bären fräßen öfter süße Äpfel, schrieb der „Müßiggänger“.\r\nÄrgerlich für Jäger!\rUnd Schluß.";

fn refused(bytes: impl Into<Vec<u8>>) -> String {
    read(bytes.into(), None).unwrap_err().to_string()
}

#[test]
fn own_texts_are_read_in_the_encoding_they_are_in() {
    let utf16 = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        "\u{feff}".encode_utf16().chain(GERMAN.encode_utf16()).flat_map(bytes).collect()
    };
    let windows = encoding_of_windows(GERMAN);
    let files = [
        (GERMAN.as_bytes().to_vec(), Encoding::UTF_8),
        (("\u{feff}".to_string() + GERMAN).into_bytes(), Encoding::UTF_8),
        (utf16(u16::to_le_bytes), Encoding::UTF_16LE),
        (utf16(u16::to_be_bytes), Encoding::UTF_16BE),
        (windows.clone(), Encoding::WINDOWS_1252),
    ];
    for (file, encoding) in files {
        let OwnText { text, encoding: found, notes } = read(file, None).unwrap();
        assert_eq!(text, GERMAN.replace("\r\n", "\n").replace('\r', "\n"), "{}", encoding.name());
        assert_eq!((found, notes.len()), (encoding, 0));
    }
    // A visitor who knows better is believed, and hears what does not fit.
    let wrong = read(windows, Some("UTF-8")).unwrap();
    assert_eq!(wrong.encoding, Encoding::UTF_8);
    assert!(wrong.notes[0].to_string().contains("places the bytes are not UTF-8"), "{:?}", wrong.notes);
}

/// Windows-1252: Latin-1 but for the quotation marks.
fn encoding_of_windows(text: &str) -> Vec<u8> {
    text.chars()
        .map(|letter| match letter {
            '„' => 0x84,
            '“' => 0x93,
            other => u8::try_from(u32::from(other)).unwrap(),
        })
        .collect()
}

#[test]
fn what_cannot_be_learned_from_is_refused_in_words() {
    assert!(refused("").contains("The text is empty"));
    assert!(refused(" \n\t ").contains("The text is empty"));
    assert!(refused("x").contains("no other character than “x”"));
    assert!(refused("👩".repeat(5000)).contains("no other character than “👩”"));
    assert!(refused("too short").contains("The text has 9 characters; to learn from it takes at least 100."));
    let long = refused(vec![b'a'; 50 << 20]);
    assert!(long.contains("has 50 MB; up to 20 MB"), "{long}");
    assert!(refused([b"PK\x03\x04", &[b'a'; 400][..]].concat()).contains("an archive or a document"));
    assert!(refused([b"\x89PNG\r\n", &[b'a'; 400][..]].concat()).contains("a picture"));
    assert!(refused([b"\x1f\x8b", &[b'a'; 400][..]].concat()).contains("compressed"));
    let noise: Vec<u8> = (0..4000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    assert!(refused(noise).contains("no text file"));
    assert_eq!(read("ab ".repeat(MAX_BYTES / 3).into_bytes(), None).unwrap().text.len(), MAX_BYTES / 3 * 3);
}

#[test]
fn emoji_and_marks_stay_as_they_are() {
    let text = "👩‍👩‍👧 e\u{301}tude 🇩🇪 नमस्ते \u{202e}abc\u{202c} ".repeat(20);
    assert_eq!(read(text.clone().into_bytes(), None).unwrap().text, text);
    // What a page makes of a lone surrogate.
    let odd = format!("{}\u{fffd}{}", "a b c ".repeat(40), "d e f ".repeat(40));
    assert_eq!(read(odd.clone().into_bytes(), None).unwrap().text, odd);
}

#[cfg(feature = "tools")]
mod tool {
    use super::{HeldOut, unpacked};
    use intab::text::TextDataset;
    use intab::tools::data::text::{complete, prepare, write};
    use std::fs;

    #[test]
    fn a_text_is_written_whole_or_found_damaged() {
        let folder = std::env::temp_dir().join(format!("intab-texts-{}", std::process::id()));
        let text = TextDataset::by_id("faust").unwrap();
        let splits = HeldOut::End.split(&"Grüße, 世界! ".repeat(40_000));
        let place = folder.join("faust/v1");
        let manifest = write(&place, text, &splits).unwrap();
        assert!(manifest.train.len() > 1);
        assert_eq!(complete(&place, text), Some(manifest.clone()));
        let read = [&manifest.train, &manifest.test].map(|shards| unpacked(&place, shards));
        assert!(read == splits);
        assert_eq!(write(&place, text, &splits).unwrap(), manifest, "the same text gives the same bytes");
        assert!(manifest.train[0].decode(b"less".to_vec()).unwrap_err().contains("4 bytes instead of"));
        let shard = place.join(&manifest.train[1].file);
        fs::write(&shard, &fs::read(&shard).unwrap()[..100]).unwrap();
        assert_eq!(complete(&place, text), None, "a shard is cut short");
        let mut absurd = manifest;
        absurd.train[0].length = usize::MAX;
        assert!(absurd.check(text).unwrap_err().contains("impossible size"));
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn another_text_is_not_taken_for_the_publishers() {
        let folder = std::env::temp_dir().join(format!("intab-mirror-{}", std::process::id()));
        fs::create_dir_all(folder.join("text")).unwrap();
        fs::write(folder.join("text/names.txt"), "emma\nolivia\n").unwrap();
        let text = TextDataset::by_id("names").unwrap();
        let why = prepare(text, &folder, Some(&folder), &folder).unwrap_err();
        assert!(why.contains("names.txt is not the file that was published"), "{why}");
        assert!(!folder.join(text.folder()).exists());
        fs::remove_dir_all(&folder).unwrap();
    }
}
