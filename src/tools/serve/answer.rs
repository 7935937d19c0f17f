//! The answer to one request: which file, in which encoding, kept for how long.

use super::request::{Asked, Request};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// Types by file extension. Shards are gzip files that the page unpacks itself: no content encoding is said.
const TYPES: [(&str, &str); 14] = [
    ("html", "text/html; charset=utf-8"),
    ("css", "text/css; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
    ("mjs", "text/javascript; charset=utf-8"),
    ("wasm", "application/wasm"),
    ("json", "application/json"),
    ("webmanifest", "application/manifest+json"),
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("webp", "image/webp"),
    ("ico", "image/x-icon"),
    ("txt", "text/plain; charset=utf-8"),
    ("md", "text/markdown; charset=utf-8"),
];

/// Compressed copies that the build leaves beside a file, best first: content encoding and extension.
const ENCODINGS: [(&str, &str); 2] = [("br", "br"), ("gzip", "gz")];

pub struct Answer {
    status: &'static str,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Answer {
    pub fn to(request: &Request, folder: &Path, port: u16) -> Self {
        match request.asked(port) {
            Asked::Us => {}
            Asked::Another => {
                let sentence = format!(
                    "This server answers to this machine’s own names alone; open {}",
                    super::address(port)
                );
                return Self::words("421 Misdirected Request", &sentence);
            }
            Asked::Unclear => {
                return Self::words("400 Bad Request", "The request does not say which host it asks.");
            }
        }
        if !["GET", "HEAD"].contains(&request.method.as_str()) {
            return Self::words("405 Method Not Allowed", "Files can only be read here.");
        }
        let Some(parts) = request.parts() else {
            return Self::words("404 Not Found", "That path does not lead into this site.");
        };
        let file: PathBuf = parts.iter().fold(folder.into(), |path, part| path.join(part));
        Self::file(request, &file, &parts)
            .unwrap_or_else(|| Self::words("404 Not Found", &format!("There is no {} here.", request.path)))
    }

    /// The file, or its compressed copy, or the news that the client has it already.
    fn file(request: &Request, file: &Path, parts: &[String]) -> Option<Self> {
        let (encoding, chosen) = encoded(request, file);
        let about = fs::metadata(&chosen).ok().filter(|about| about.is_file())?;
        let written = about.modified().ok()?.duration_since(UNIX_EPOCH).ok()?.as_nanos();
        let tag = format!("\"{:x}-{written:x}-{encoding}\"", about.len());
        let extension = file.extension().and_then(|e| e.to_str()).unwrap_or_default();
        let kind = TYPES.iter().find(|(known, _)| *known == extension);
        let mut headers = vec![
            ("Content-Type", kind.map_or("application/octet-stream", |(_, kind)| kind).to_string()),
            ("Cache-Control", lifetime(parts).to_string()),
            ("ETag", tag.clone()),
            ("Vary", "Accept-Encoding".to_string()),
        ];
        if !encoding.is_empty() {
            headers.push(("Content-Encoding", encoding.to_string()));
        }
        if request.header("if-none-match") == Some(tag.as_str()) {
            return Some(Self { status: "304 Not Modified", headers, body: Vec::new() });
        }
        Some(Self { status: "200 OK", headers, body: fs::read(chosen).ok()? })
    }

    fn words(status: &'static str, sentence: &str) -> Self {
        let headers = vec![("Content-Type", "text/plain; charset=utf-8".to_string())];
        Self { status, headers, body: format!("{sentence}\n").into_bytes() }
    }

    pub fn write(&self, writer: &mut impl Write, with_body: bool) -> std::io::Result<()> {
        write!(writer, "HTTP/1.1 {}\r\n", self.status)?;
        for (name, value) in &self.headers {
            write!(writer, "{name}: {value}\r\n")?;
        }
        // A 304 has no body, and its length would be taken for the file's.
        if self.status.starts_with("304") {
            write!(writer, "\r\n")?;
            return writer.flush();
        }
        write!(writer, "Content-Length: {}\r\n\r\n", self.body.len())?;
        if with_body {
            writer.write_all(&self.body)?;
        }
        writer.flush()
    }
}

/// The best copy of a file that the client takes.
fn encoded(request: &Request, file: &Path) -> (&'static str, PathBuf) {
    for (encoding, extension) in ENCODINGS {
        let mut copy = file.as_os_str().to_owned();
        copy.push(".");
        copy.push(extension);
        let copy = PathBuf::from(copy);
        if request.accepts(encoding) && copy.is_file() {
            return (encoding, copy);
        }
    }
    ("", file.into())
}

/// A path that carries a version or a content hash never changes; everything else is asked for again. So is a
/// manifest, which says which files of a version there are.
fn lifetime(parts: &[String]) -> &'static str {
    let versioned = |part: &String| {
        part.strip_prefix('v').is_some_and(|v| !v.is_empty() && v.bytes().all(|b| b.is_ascii_digit()))
    };
    let hashed = |name: &String| {
        let hash = name.rsplit_once('-').and_then(|(_, rest)| rest.get(..8));
        hash.is_some_and(|hash| hash.bytes().all(|b| b.is_ascii_hexdigit()))
    };
    let manifest = parts.last().is_some_and(|name| name == "manifest.json");
    if !manifest && (parts.iter().any(versioned) || parts.last().is_some_and(hashed)) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    }
}
