//! `cargo intab serve`: a small static file server for this machine alone.
//! It answers as a good host would (types, caching, compressed copies), so that what is measured here is what
//! a visitor gets.

mod answer;
mod request;

use super::Result;
use answer::Answer;
use request::Request;
use std::io::{BufReader, BufWriter};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Ports tried when the first one is taken.
const TRIES: u16 = 20;

/// A browser keeps connections open in case it needs them again; after this long it does not.
const IDLE: Duration = Duration::from_secs(60);

/// Serves until the person stops it; `meanwhile` is done once it can be used.
pub fn forever(
    folder: &Path,
    port: u16,
    start: Instant,
    meanwhile: impl FnOnce() -> Result<()>,
) -> Result<()> {
    if !folder.join("index.html").is_file() {
        return Err(format!("{} has no index.html; run cargo intab build first", folder.display()));
    }
    let (listener, port) = listen(port)?;
    println!("ready after {:.1} s; open {}", start.elapsed().as_secs_f64(), address(port));
    println!("press Ctrl+C to stop");
    let folder = PathBuf::from(folder);
    let server = std::thread::spawn(move || accept(&listener, port, folder));
    if let Err(reason) = meanwhile() {
        println!("{reason}; what is there goes on being served");
    }
    server.join().map_err(|_| "the server stopped".into())
}

/// Serves in the background for as long as the process lives; gives the port, which is any free one.
pub fn in_background(folder: &Path) -> Result<u16> {
    let (listener, port) = listen(0)?;
    let folder = PathBuf::from(folder);
    std::thread::spawn(move || accept(&listener, port, folder));
    Ok(port)
}

/// Not “localhost”, which some browsers look for at another server's IPv6 address first.
pub fn address(port: u16) -> String {
    format!("http://127.0.0.1:{port}/")
}

fn listen(port: u16) -> Result<(TcpListener, u16)> {
    let mut problem = String::new();
    for port in port..=port.saturating_add(TRIES) {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            Ok(listener) => {
                let port = listener.local_addr().map_err(|e| e.to_string())?.port();
                return Ok((listener, port));
            }
            Err(error) => problem = error.to_string(),
        }
        println!("port {port} is not free ({problem}), trying the next");
    }
    Err(format!("no port from {port} on is free: {problem}"))
}

fn accept(listener: &TcpListener, port: u16, folder: PathBuf) {
    let folder = Arc::new(folder);
    for connection in listener.incoming().flatten() {
        let folder = Arc::clone(&folder);
        // A broken connection is the browser's business; it asks again.
        std::thread::spawn(move || converse(&connection, port, &folder));
    }
}

/// Answers the requests of one connection until either side has had enough.
fn converse(connection: &TcpStream, port: u16, folder: &Path) -> std::io::Result<()> {
    connection.set_read_timeout(Some(IDLE))?;
    connection.set_nodelay(true)?;
    let mut reader = BufReader::new(connection);
    let mut writer = BufWriter::new(connection);
    while let Some(request) = Request::read(&mut reader)? {
        let answer = Answer::to(&request, folder, port);
        answer.write(&mut writer, request.method != "HEAD")?;
        if request.header("connection").is_some_and(|c| c.eq_ignore_ascii_case("close")) {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
