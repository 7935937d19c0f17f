//! The server as a browser meets it: over a socket.

use super::in_background;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;

/// A site of its own for one test; removed when the test ends.
struct Site {
    folder: PathBuf,
    port: u16,
}

impl Site {
    fn new(name: &str) -> Self {
        let base = std::env::temp_dir().join(format!("intab-serve-{name}-{}", std::process::id()));
        let folder = base.join("dist");
        fs::create_dir_all(folder.join("datasets/mnist/v1")).unwrap();
        fs::write(base.join("secret.txt"), "secret").unwrap();
        fs::write(folder.join("index.html"), "<h1>page</h1>").unwrap();
        fs::write(folder.join("app-0123abcd_bg.wasm"), "wasm").unwrap();
        fs::write(folder.join("app-0123abcd_bg.wasm.br"), "wasm in brotli").unwrap();
        fs::write(folder.join("app-0123abcd_bg.wasm.gz"), "wasm in gzip").unwrap();
        fs::write(folder.join("datasets/mnist/v1/train-000.shard"), "shard").unwrap();
        fs::write(folder.join("datasets/mnist/v1/manifest.json"), "{}").unwrap();
        let port = in_background(&folder).unwrap();
        Self { folder, port }
    }

    /// Head and body of the answer.
    fn ask(&self, method: &str, path: &str, headers: &str) -> (String, String) {
        let host = format!("Host: 127.0.0.1:{}\r\n{headers}", self.port);
        self.say(&format!("{method} {path} HTTP/1.1"), &host)
    }

    fn say(&self, line: &str, headers: &str) -> (String, String) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(stream, "{line}\r\nConnection: close\r\n{headers}\r\n").unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        (head.into(), body.into())
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(self.folder.parent().unwrap());
    }
}

#[test]
fn files_come_with_their_type_and_lifetime() {
    let site = Site::new("types");
    let (head, body) = site.ask("GET", "/?x=1", "");
    assert!(head.starts_with("HTTP/1.1 200 OK\r\nContent-Type: text/html"), "{head}");
    assert!(head.contains("Cache-Control: no-cache"), "{head}");
    assert_eq!(body, "<h1>page</h1>");
    let (head, body) = site.ask("GET", "/app-0123abcd_bg.wasm", "");
    assert!(head.contains("Content-Type: application/wasm") && head.contains("immutable"), "{head}");
    assert_eq!(body, "wasm");
    let (head, body) = site.ask("GET", "/datasets/mnist/v1/train-000.shard", "Accept-Encoding: gzip, br\r\n");
    assert!(head.contains("immutable") && !head.contains("Content-Encoding"), "{head}");
    assert_eq!(body, "shard");
    let (head, _) = site.ask("GET", "/datasets/mnist/v1/manifest.json", "");
    assert!(head.starts_with("HTTP/1.1 200") && head.contains("no-cache"), "{head}");
}

#[test]
fn compressed_copies_go_to_those_who_take_them() {
    let site = Site::new("encodings");
    for (accepted, body) in [
        ("gzip, deflate, br", "wasm in brotli"),
        ("gzip", "wasm in gzip"),
        ("br;q=0, gzip", "wasm in gzip"),
        ("deflate", "wasm"),
    ] {
        let headers = format!("Accept-Encoding: {accepted}\r\n");
        assert_eq!(site.ask("GET", "/app-0123abcd_bg.wasm", &headers).1, body, "{accepted}");
    }
}

#[test]
fn a_client_that_has_the_file_is_told_so() {
    let site = Site::new("tags");
    let (head, _) = site.ask("GET", "/index.html", "");
    let tag = head.lines().find_map(|line| line.strip_prefix("ETag: ")).unwrap();
    let (head, body) = site.ask("GET", "/index.html", &format!("If-None-Match: {tag}\r\n"));
    assert!(head.starts_with("HTTP/1.1 304"), "{head}");
    assert_eq!(body, "");
    assert!(site.ask("GET", "/index.html", "If-None-Match: \"other\"\r\n").0.starts_with("HTTP/1.1 200"));
}

#[test]
fn only_files_of_the_site_are_served() {
    let site = Site::new("paths");
    let outside = ["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/datasets/../../secret.txt"];
    for path in outside.into_iter().chain(["//etc/passwd", "/nothing.js", "/datasets", "/%", "/%zz", "x"]) {
        let (head, body) = site.ask("GET", path, "");
        assert!(head.starts_with("HTTP/1.1 404"), "{path}: {head}");
        assert!(!body.contains("secret\n") && body.ends_with(".\n"), "{path}: {body}");
    }
    assert!(site.ask("POST", "/", "").0.starts_with("HTTP/1.1 405"));
    let (head, body) = site.ask("HEAD", "/", "");
    assert!(head.contains("Content-Length: 13"), "{head}");
    assert_eq!(body, "");
}

/// A page of a name that its owner made to lead here must not read the site.
#[test]
fn only_those_who_ask_this_machine_are_answered() {
    let site = Site::new("hosts");
    let port = site.port;
    let status = |line: &str, hosts: &[&str]| {
        let hosts: String = hosts.iter().map(|host| format!("Host: {host}\r\n")).collect();
        let (head, body) = site.say(line, &hosts);
        let status = head.split(' ').nth(1).unwrap_or_default().to_string();
        assert_eq!(status == "200", body.contains("<h1>"), "{hosts}: {body}");
        (status, body)
    };
    for name in ["localhost", "127.0.0.1", "[::1]", "LocalHost"] {
        for host in [name.to_string(), format!("{name}:{port}")] {
            assert_eq!(status("GET / HTTP/1.1", &[&host]).0, "200", "{host}");
        }
    }
    let (other, strange) = (format!("127.0.0.1:{}", port ^ 1), format!("evil.example:{port}"));
    for host in
        [&other, &strange, "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "", "::1"]
    {
        let (status, body) = status("GET / HTTP/1.1", &[host]);
        assert_eq!(status, "421", "{host}");
        assert_eq!(
            body,
            format!("This server answers to this machine’s own names alone; open http://127.0.0.1:{port}/\n")
        );
    }
    assert_eq!(status("GET / HTTP/1.1", &[]).0, "400");
    assert_eq!(status("GET / HTTP/1.1", &["localhost", &strange]).0, "400");
    assert_eq!(status("GET / HTTP/1.0", &[]).0, "200");
    assert_eq!(status("GET / HTTP/1.0", &["evil.example"]).0, "421");
}
