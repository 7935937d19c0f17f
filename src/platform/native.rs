//! A plain process, for tests: files instead of the network, memory instead of the browser's cache.

use super::{FetchError, Rgba, UnpackError, before_silence};
use futures_executor::{LocalPool, LocalSpawner};
use futures_util::task::LocalSpawnExt;
use std::cell::RefCell;
use std::collections::HashMap;
use std::future::Future;
use std::io::Read;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Instant;

thread_local! {
    static SPAWNER: RefCell<Option<LocalSpawner>> = const { RefCell::new(None) };
    static STORE: RefCell<HashMap<String, Vec<u8>>> = RefCell::default();
    static ROOT: RefCell<PathBuf> = RefCell::new(PathBuf::from("public"));
    static SILENT: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs `task` and everything it spawns on this thread, until `task` is done.
pub fn block_on<T>(task: impl Future<Output = T>) -> T {
    let mut pool = LocalPool::new();
    SPAWNER.with_borrow_mut(|s| *s = Some(pool.spawner()));
    pool.run_until(task)
}

/// The folder that `fetch` reads from on this thread.
pub fn set_root(folder: impl Into<PathBuf>) {
    ROOT.set(folder.into());
}

/// From now on, on this thread, files whose path holds this never arrive; all do again without it.
pub fn set_silent(path: Option<&str>) {
    SILENT.set(path.map(String::from));
}

/// Seconds since the first call.
pub fn now() -> f64 {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_secs_f64()
}

pub fn spawn_local(task: impl Future<Output = ()> + 'static) {
    SPAWNER.with_borrow(|s| {
        if let Some(spawner) = s {
            // Fails only when the pool is gone, and then nobody waits for the task.
            let _ = spawner.spawn_local(task);
        }
    });
}

pub fn log(line: &str) {
    eprintln!("{line}");
}

pub async fn yield_now() {
    let mut given = false;
    std::future::poll_fn(|context| {
        if std::mem::replace(&mut given, true) {
            return std::task::Poll::Ready(());
        }
        context.waker().wake_by_ref();
        std::task::Poll::Pending
    })
    .await;
}

pub async fn fetch_at_most(
    most: usize,
    url: &str,
    _keep: bool,
    mut progress: impl FnMut(u64),
) -> Result<Vec<u8>, FetchError> {
    yield_now().await;
    if SILENT.with_borrow(|silent| silent.as_ref().is_some_and(|part| url.contains(part))) {
        // The seconds of tests take no time.
        before_silence(std::future::pending::<()>(), yield_now).await.ok_or(FetchError::Silent)?;
    }
    let path = ROOT.with_borrow(|root| root.join(url));
    let network = |e: std::io::Error| match e.kind() {
        std::io::ErrorKind::NotFound => FetchError::Status(404),
        _ => FetchError::Network(e.to_string()),
    };
    let mut bytes = Vec::new();
    let file = std::fs::File::open(&path).map_err(network)?;
    file.take(most as u64 + 1).read_to_end(&mut bytes).map_err(network)?;
    if bytes.len() > most {
        return Err(FetchError::TooLong);
    }
    progress(bytes.len() as u64);
    Ok(bytes)
}

pub async fn gunzip(bytes: &[u8], most: usize) -> Result<Vec<u8>, UnpackError> {
    let mut out = Vec::new();
    let mut unpacker = flate2::read::GzDecoder::new(bytes).take(most as u64 + 1);
    unpacker.read_to_end(&mut out).map_err(|_| UnpackError::Damaged)?;
    if out.len() > most { Err(UnpackError::TooLong) } else { Ok(out) }
}

pub async fn store_get(name: &str) -> Option<Vec<u8>> {
    STORE.with_borrow(|s| s.get(name).cloned())
}

pub async fn store_put(name: &str, bytes: &[u8]) -> Result<(), String> {
    STORE.with_borrow_mut(|s| s.insert(name.into(), bytes.into()));
    Ok(())
}

pub async fn store_remove(name: &str) {
    STORE.with_borrow_mut(|s| s.remove(name));
}

pub async fn decode_picture(_bytes: &[u8], _width: Option<u32>) -> Result<Rgba, String> {
    Err("pictures are decoded by the browser".into())
}

/// A binary PPM, which needs no encoder.
pub async fn encode_picture(rgb: &[u8], width: usize, height: usize) -> Result<Vec<u8>, String> {
    Ok([format!("P6 {width} {height} 255\n").as_bytes(), rgb].concat())
}

/// Bytes of memory that this program has; what the system gives it natively is not known here.
pub fn memory() -> u64 {
    0
}

pub async fn sleep(seconds: f64) {
    std::thread::sleep(std::time::Duration::from_secs_f64(seconds));
}

/// Bytes as text, and whether some of them did not fit; none for an encoding that is not known. `encoding` is the name
/// that the web has for it.
pub fn decode_text(encoding: &str, bytes: &[u8]) -> Option<(String, bool)> {
    let encoding = encoding_rs::Encoding::for_label(encoding.as_bytes())?;
    let (text, _, bad) = encoding.decode(bytes);
    Some((text.into_owned(), bad))
}
