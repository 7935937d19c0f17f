//! ZIP archives of pictures: ours against the crate `zip`, its archives by us, and ones that are damaged.

use intab::archive::{self, Broken, Entry, TAIL, Writer};
use intab::platform::block_on;
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

fn files() -> Vec<(String, Vec<u8>)> {
    let noise = |seed: usize| (0..5000).map(|i| ((i * i * seed) >> 3) as u8).collect();
    vec![
        ("Äpfel & Birnen/0001.jpg".into(), noise(7)),
        ("Äpfel & Birnen/0002.jpg".into(), vec![65; 70_000]),
        ("empty.txt".into(), Vec::new()),
    ]
}

/// What the page does with a file, piece by piece.
fn list(bytes: &[u8]) -> Result<Vec<Entry>, Broken> {
    let length = bytes.len() as u64;
    let tail = &bytes[length.saturating_sub(TAIL) as usize..];
    let place = archive::directory(tail, length)?;
    archive::entries(&bytes[place.start as usize..place.end as usize])
}

fn read(bytes: &[u8], entry: &Entry) -> Result<Vec<u8>, Broken> {
    let piece = |place: std::ops::Range<u64>| {
        let end = (place.end as usize).min(bytes.len());
        bytes[(place.start as usize).min(end)..end].to_vec()
    };
    let place = entry.data(&piece(entry.header()))?;
    block_on(entry.unpack(piece(place)))
}

fn theirs(method: CompressionMethod, remark: &str) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    writer.add_directory("Äpfel & Birnen/", options).unwrap();
    for (name, bytes) in files() {
        writer.start_file(name, options).unwrap();
        writer.write_all(&bytes).unwrap();
    }
    writer.set_comment(remark).unwrap();
    writer.finish().unwrap().into_inner()
}

#[test]
fn what_is_written_is_read_by_others_and_by_us() {
    let mut writer = Writer::default();
    files().iter().for_each(|(name, bytes)| writer.add(name, bytes));
    let zip = writer.finish().unwrap();
    let mut archive = ZipArchive::new(Cursor::new(&zip)).unwrap();
    for (name, bytes) in files() {
        let mut found = Vec::new();
        archive.by_name(&name).unwrap().read_to_end(&mut found).unwrap();
        assert_eq!(found, bytes, "{name}");
    }
    let entries = list(&zip).unwrap();
    let found: Vec<_> = entries.iter().map(|e| (e.name.clone(), read(&zip, e).unwrap())).collect();
    assert_eq!(found, files());
}

#[test]
fn packed_archives_of_others_are_read() {
    let long_remark = "PK\u{5}, and more. ".repeat(4000);
    for (method, remark) in [
        (CompressionMethod::Stored, ""),
        (CompressionMethod::Deflated, "a remark"),
        (CompressionMethod::Deflated, &long_remark[..60_000]),
    ] {
        let zip = theirs(method, remark);
        let entries = list(&zip).unwrap();
        let found: Vec<_> = entries.iter().map(|e| (e.name.clone(), read(&zip, e).unwrap())).collect();
        assert_eq!(found, files(), "{method:?}: the folder itself is no file");
    }
}

#[test]
fn what_is_no_archive_or_not_whole_is_refused() {
    assert_eq!(list(b""), Err(Broken::NotZip));
    assert_eq!(list(&[0xff, 0xd8, 0xff, 0xe0].repeat(50)), Err(Broken::NotZip));
    for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
        let zip = theirs(method, "");
        for end in (0..zip.len()).step_by(97) {
            assert!(list(&zip[..end]).is_err(), "cut at {end}");
        }
        // Wherever a byte of a picture is changed, it is seen.
        let entry = &list(&zip).unwrap()[0];
        let place = entry.data(&zip[entry.header().start as usize..entry.header().end as usize]).unwrap();
        for at in (place.start..place.end).step_by(61) {
            let mut damaged = zip.clone();
            damaged[at as usize] ^= 0x55;
            assert_eq!(read(&damaged, entry), Err(Broken::Damaged), "{method:?} at {at}");
        }
    }
}

#[test]
fn no_damaged_list_breaks_the_reader() {
    let zip = theirs(CompressionMethod::Deflated, "");
    for at in 0..zip.len() {
        for change in [0xff, 0x80, 1] {
            let mut damaged = zip.clone();
            damaged[at] ^= change;
            for entry in list(&damaged).unwrap_or_default() {
                let _ = read(&damaged, &entry);
            }
        }
    }
}
