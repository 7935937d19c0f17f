//! `cargo intab bundle`: the site as one ZIP file, for whoever hosts it without building it. The same site gives the
//! same bytes.

use super::site::is_copy;
use super::{csp, template};
use crate::tools::format::size;
use crate::tools::paths::{self, Places};
use crate::tools::{Result, paths::cannot};
use std::fs::{self, File};
use std::io::{Seek, Write};
use std::path::Path;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const NAME: &str = concat!("intab-", env!("CARGO_PKG_VERSION"));

/// Packed already: to try again would only take time.
const PACKED: [&str; 3] = ["shard", "png", "jpg"];

/// Makes `intab-<version>.zip` of what is in `dist/`.
pub fn bundle(places: &Places) -> Result<()> {
    let place = places.root.join(format!("{NAME}.zip"));
    // It gets its name when it is whole.
    let part = place.with_extension("part");
    let file = File::create(&part).map_err(|e| cannot("write", &part, &e))?;
    pack(&places.dist(), &about_hosting(places)?, file)?;
    fs::rename(&part, &place).map_err(|e| cannot("rename", &part, &e))?;
    let bytes = fs::metadata(&place).map_err(|e| cannot("read", &place, &e))?.len();
    println!("{} is the whole site, {}; HOSTING.md in it says how to serve it", place.display(), size(bytes));
    Ok(())
}

/// What is in the archive besides the site: names and texts.
fn about_hosting(places: &Places) -> Result<[(&'static str, String); 2]> {
    let page = paths::read_text(&places.dist().join("index.html"))?;
    let deck = paths::read_text(&places.dist().join("slides/index.html"))?;
    // One header for all pages: what the front page says of itself, and the deck's scripts too.
    let policy = csp::of_page(&page).ok_or("the built page carries no policy")?;
    let scripts = format!("script-src {} ", csp::hashes(&deck).join(" "));
    let policy = policy.replace("script-src ", &scripts);
    let nginx = paths::read_text(&places.root.join("docs/nginx.conf"))?;
    let nginx = template::fill(&nginx, &[("policy", policy)])?;
    Ok([("HOSTING.md", paths::read_text(&places.root.join("docs/hosting.md"))?), ("nginx.conf", nginx)])
}

/// Files in the order of their names, all of the same date; without the compressed copies, which most hosts make
/// themselves.
fn pack(site: &Path, more: &[(&str, String)], archive: impl Write + Seek) -> Result<()> {
    let mut zip = ZipWriter::new(archive);
    let mut add = |name: &str, bytes: &[u8], packed: bool| -> Result<()> {
        let method = if packed { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        let options = SimpleFileOptions::default().compression_method(method).unix_permissions(0o644);
        let written = zip.start_file(format!("{NAME}/{name}"), options).map_err(|e| e.to_string());
        written.and_then(|()| zip.write_all(bytes).map_err(|e| e.to_string()))
    };
    for (name, text) in more {
        add(name, text.as_bytes(), false)?;
    }
    for file in paths::files_under(site)?.iter().filter(|file| !is_copy(file)) {
        let name = file.strip_prefix(site).unwrap_or(file).to_string_lossy().replace('\\', "/");
        let packed = file.extension().is_some_and(|e| PACKED.iter().any(|known| e == *known));
        add(&name, &paths::read(file)?, packed)?;
    }
    zip.finish().map(drop).map_err(|e| format!("cannot finish the archive: {e}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::data::unzip;
    use std::io::Cursor;

    #[test]
    fn the_same_site_gives_the_same_archive() {
        let site = std::env::temp_dir().join(format!("intab-bundle-{}", std::process::id()));
        let wanted = [("index.html", "page"), ("index.html.br", "copy"), ("data/a.shard", "shard")];
        let archive = |wanted: &[(&str, &str)]| {
            paths::remove_folder(&site).unwrap();
            wanted.iter().for_each(|(name, text)| paths::write(&site.join(name), text.as_bytes()).unwrap());
            let mut bytes = Cursor::new(Vec::new());
            pack(&site, &[("HOSTING.md", "how".into())], &mut bytes).unwrap();
            bytes.into_inner()
        };
        let first = archive(&wanted);
        let mut other_order = wanted;
        other_order.reverse();
        assert_eq!(first, archive(&other_order));
        paths::remove_folder(&site).unwrap();

        let read = |name: &str| unzip::file(&first, &format!("{NAME}/{name}"));
        assert_eq!(read("HOSTING.md").unwrap(), b"how");
        assert_eq!(read("data/a.shard").unwrap(), b"shard");
        assert!(read("index.html.br").unwrap_err().contains("no file"));
    }
}
