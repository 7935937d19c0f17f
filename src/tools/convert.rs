//! `cargo intab convert`: labels from one format to another, with what that costs.

use super::Result;
use super::paths;
use crate::annotation::formats::{FORMATS, Format, Sizes, read};
use crate::annotation::unpack::unpacked;
use crate::annotation::{File, Note, Notes};
use crate::platform::block_on;
use std::fs;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub struct How {
    /// Label files, pictures (which say how large they are), archives of both, or folders
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The format to write
    #[arg(long, value_name = "FORMAT")]
    to: String,
    /// Where to write it; without it, nothing is written and only said what would become of it
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// How large pictures are that are not given, such as 640x480
    #[arg(long, value_name = "WIDTHxHEIGHT")]
    size: Option<String>,
}

pub fn convert(how: &How) -> Result<()> {
    let written = || FORMATS.iter().filter(|format| format.writes.is_some());
    let format = written().find(|format| format.id == how.to).ok_or_else(|| {
        let ids: Vec<&str> = written().map(|format| format.id).collect();
        format!("--to is one of {}", ids.join(", "))
    })?;
    let sizes = Sizes { all: how.size.as_deref().map(size).transpose()?, ..Sizes::default() };
    let mut files = Vec::new();
    for path in &how.files {
        gather(path, path.parent().unwrap_or(Path::new("")), &mut files)?;
    }
    let mut notes = Notes::default();
    let files = block_on(unpacked(files, &mut notes));
    let reading = read(&files, sizes).map_err(|why| sentence(&why))?;
    let titles = reading.formats.iter().filter_map(|id| Format::by_id(id)).map(|format| format.title);
    let project = &reading.project;
    println!(
        "{}: {} marks in {} pictures, {} classes",
        titles.collect::<Vec<_>>().join(", "),
        project.count(),
        project.pictures.len(),
        project.classes.len()
    );
    notes.0.extend(reading.notes.0);
    let (files, report) = format.write(project).unwrap_or_default();
    let groups =
        [("note", notes), ("kept", report.kept), ("changed", report.changed), ("left out", report.lost)];
    for (title, notes) in groups {
        notes.0.iter().for_each(|note| println!("{title}: {}", sentence(note)));
    }
    if let Some(folder) = &how.out {
        for file in &files {
            let path = folder.join(&file.name);
            paths::write(&path, &file.bytes)?;
            println!("{}", path.display());
        }
    }
    Ok(())
}

fn sentence(note: &Note) -> String {
    let first = if note.first.is_empty() { String::new() } else { format!(" ({})", note.first) };
    format!("{} × {} {}{first}", note.count, note.what, note.why)
}

fn size(text: &str) -> Result<[u32; 2]> {
    let sides = text.split_once('x').and_then(|(w, h)| Some([w.parse().ok()?, h.parse().ok()?]));
    sides.ok_or_else(|| format!("{text} is no size: write it as 640x480"))
}

/// Names are as from the folder that was given.
fn gather(path: &Path, root: &Path, files: &mut Vec<File>) -> Result<()> {
    let wrong = |why: std::io::Error| format!("{}: {why}", path.display());
    if !path.is_dir() {
        let name = path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/");
        files.push(File { name, bytes: fs::read(path).map_err(wrong)? });
        return Ok(());
    }
    let entries: std::io::Result<Vec<PathBuf>> =
        fs::read_dir(path).map_err(wrong)?.map(|entry| Ok(entry?.path())).collect();
    let mut entries = entries.map_err(wrong)?;
    entries.sort();
    entries.iter().try_for_each(|entry| gather(entry, root, files))
}
