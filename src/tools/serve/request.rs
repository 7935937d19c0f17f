//! One HTTP/1.1 request without a body, as browsers send them for files.

use std::io::{BufRead, Read};

/// Longer heads than this come from no browser.
const MAX_HEAD: u64 = 64 * 1024;

/// The names of this machine, by which a browser may ask.
const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Whether it is this server that is asked.
pub enum Asked {
    Us,
    Another,
    /// No name, or two.
    Unclear,
}

pub struct Request {
    pub method: String,
    version: String,
    /// As sent, without the query.
    pub path: String,
    /// Names in lower case.
    headers: Vec<(String, String)>,
}

impl Request {
    /// The next request; `None` when the connection ends or does not speak HTTP.
    pub fn read(reader: &mut impl BufRead) -> std::io::Result<Option<Self>> {
        let mut head = reader.take(MAX_HEAD);
        let mut line = String::new();
        head.read_line(&mut line)?;
        let mut words = line.split_whitespace();
        let (Some(method), Some(target), Some(version @ ("HTTP/1.1" | "HTTP/1.0"))) =
            (words.next(), words.next(), words.next())
        else {
            return Ok(None);
        };
        let path = target.split(['?', '#']).next().unwrap_or_default();
        let [method, version, path] = [method, version, path].map(String::from);
        let mut request = Self { method, version, path, headers: Vec::new() };
        loop {
            let mut line = String::new();
            if head.read_line(&mut line)? == 0 {
                return Ok(None);
            }
            let Some((name, value)) = line.trim_end().split_once(':') else {
                return Ok(Some(request));
            };
            request.headers.push((name.to_ascii_lowercase(), value.trim().into()));
        }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A page of a strange name that was made to lead to this machine (DNS rebinding) asks by that name, and must not
    /// read what is served here.
    pub fn asked(&self, port: u16) -> Asked {
        let mut hosts = self.headers.iter().filter(|(name, _)| name == "host").map(|(_, host)| host);
        match (hosts.next(), hosts.next()) {
            (Some(host), None) if is_ours(host, port) => Asked::Us,
            (Some(_), None) => Asked::Another,
            // Older than the header, and so is no browser of today.
            (None, None) if self.version == "HTTP/1.0" => Asked::Us,
            _ => Asked::Unclear,
        }
    }

    /// Whether the client takes this content encoding.
    pub fn accepts(&self, encoding: &str) -> bool {
        let accepted = self.header("accept-encoding").unwrap_or_default();
        accepted.split(',').any(|part| {
            let (name, quality) = part.split_once(';').unwrap_or((part, ""));
            name.trim() == encoding && !matches!(quality.trim(), "q=0" | "q=0.0")
        })
    }

    /// The path's parts, decoded; `None` where it would lead out of the site or to a hidden file.
    pub fn parts(&self) -> Option<Vec<String>> {
        let decoded = decoded(&self.path)?;
        let mut parts: Vec<String> = decoded.strip_prefix('/')?.split('/').map(str::to_string).collect();
        if let Some(last) = parts.last_mut().filter(|last| last.is_empty()) {
            *last = "index.html".into();
        }
        let harmless =
            |part: &String| !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', '\0', ':']);
        parts.iter().all(harmless).then_some(parts)
    }
}

/// Whether a host is one of our names, with our port or without one.
fn is_ours(host: &str, port: u16) -> bool {
    let name = host.strip_suffix(&format!(":{port}")).unwrap_or(host);
    NAMES.iter().any(|ours| ours.eq_ignore_ascii_case(name))
}

/// Undoes percent-encoding.
fn decoded(path: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digits = [char::from(rest.next()?).to_digit(16)?, char::from(rest.next()?).to_digit(16)?];
        bytes.push((digits[0] * 16 + digits[1]) as u8);
    }
    String::from_utf8(bytes).ok()
}
