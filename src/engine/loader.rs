//! Fetches a dataset's files in order, checks them, keeps good ones in the browser and hands them on.
//! The first training shard comes first, then the test set, then the rest of the training set.

use crate::datasets::{Dataset, Manifest, ShardInfo};
use crate::platform::{self, FetchError, SILENCE_SECONDS};
use crate::protocol::{Failure, FailureKind};
use crate::shard::Shard;
use futures_util::StreamExt;
use std::cell::Cell;
use std::rc::Rc;

/// What the loader tells the host.
pub enum LoadEvent {
    Manifest(Manifest),
    /// Compressed bytes so far, all files together.
    Bytes(u64),
    Train(Shard),
    Test(Shard),
    /// A whole text: to be learned from, and held out.
    Text(Box<[String; 2]>),
    Failed(Failure),
    Complete,
}

/// How often a file is asked for before giving up, and the pause between.
pub(super) const TRIES: u32 = 3;
pub(super) const PAUSE_SECONDS: f64 = 0.5;

/// Lists of files have some thousands of bytes.
const MOST_LIST: usize = 1 << 20;

/// Files on their way at the same time.
const IN_FLIGHT: usize = 3;

/// Loads what is missing behind the first `have` examples (train, test) and tells of it.
pub async fn load(dataset: &'static Dataset, have: [usize; 2], tell: impl Fn(LoadEvent)) {
    let outcome = load_all(dataset, have, &tell).await;
    tell(outcome.map_or_else(LoadEvent::Failed, |()| LoadEvent::Complete));
}

async fn load_all(
    dataset: &'static Dataset,
    have: [usize; 2],
    tell: &impl Fn(LoadEvent),
) -> Result<(), Failure> {
    let manifest = manifest(dataset).await?;
    tell(LoadEvent::Manifest(manifest.clone()));
    let done = Rc::new(Cell::new(already(&manifest.train, have[0]) + already(&manifest.test, have[1])));
    let files = wanted(&manifest, have).into_iter().map(|(train, info)| {
        let done = done.clone();
        async move {
            let start = Cell::new(0);
            let shard = shard(dataset, &info, |bytes| {
                done.set(done.get() + bytes - start.replace(bytes));
                tell(LoadEvent::Bytes(done.get()));
            });
            shard.await.map(|shard| (train, shard))
        }
    });
    let mut files = futures_util::stream::iter(files).buffered(IN_FLIGHT);
    while let Some(file) = files.next().await {
        let (train, shard) = file?;
        tell(if train { LoadEvent::Train(shard) } else { LoadEvent::Test(shard) });
    }
    Ok(())
}

/// Bytes of the files whose examples are there.
fn already(shards: &[ShardInfo], have: usize) -> u64 {
    let mut examples = 0;
    shards
        .iter()
        .take_while(|s| {
            examples += s.examples;
            examples <= have
        })
        .map(|s| s.bytes)
        .sum()
}

/// The files to fetch, in order: (is training data, file).
fn wanted(manifest: &Manifest, have: [usize; 2]) -> Vec<(bool, ShardInfo)> {
    let behind = |shards: &[ShardInfo], have: usize, train: bool| {
        let mut start = 0;
        let mut rest = Vec::new();
        for shard in shards {
            if start >= have {
                rest.push((train, shard.clone()));
            }
            start += shard.examples;
        }
        rest
    };
    let mut train = behind(&manifest.train, have[0], true);
    let mut files: Vec<_> = train.drain(..train.len().min(1)).collect();
    files.extend(behind(&manifest.test, have[1], false));
    files.extend(train);
    files
}

async fn manifest(dataset: &Dataset) -> Result<Manifest, Failure> {
    let url = format!("{}/manifest.json", dataset.folder());
    let bytes = fetch_or_kept(&url).await?;
    read_manifest(&bytes, dataset).map_err(|why| damaged(&url, &why))
}

/// A manifest that promises what the dataset can have, or what is wrong with it.
pub fn read_manifest(bytes: &[u8], dataset: &Dataset) -> Result<Manifest, String> {
    let manifest: Manifest = list(bytes)?;
    manifest.check(dataset)?;
    Ok(manifest)
}

/// What a list of files holds; what exactly is wrong with one is for the console.
pub(super) fn list<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    serde_json::from_slice(bytes).map_err(|e| {
        platform::log(&format!("list: {e}"));
        "it is not the list of files that it should be".into()
    })
}

/// One file: fetched (from the browser's copy if there is one), unpacked, checked, and only then kept.
async fn shard(dataset: &Dataset, info: &ShardInfo, progress: impl Fn(u64)) -> Result<Shard, Failure> {
    let url = format!("{}/{}", dataset.folder(), info.file);
    let (_, most) = info.lengths(dataset.shape).unwrap_or_default();
    let mut last = None;
    for attempt in 0..TRIES {
        let bytes = fetch(most, &url, true, &progress).await?;
        match read_shard(dataset, info, &bytes).await {
            Ok(shard) => {
                // A browser that keeps nothing is no reason to stop.
                let _ = platform::store_put(&url, &bytes).await;
                progress(info.bytes);
                return Ok(shard);
            }
            Err(why) => last = Some(damaged(&url, &why)),
        }
        platform::store_remove(&url).await;
        platform::sleep(PAUSE_SECONDS * f64::from(attempt)).await;
    }
    Err(last.unwrap_or_else(|| damaged(&url, "it could not be read")))
}

/// The shard in the bytes of a file, or what is wrong with them.
async fn read_shard(dataset: &Dataset, info: &ShardInfo, bytes: &[u8]) -> Result<Shard, String> {
    let (most, _) = info.lengths(dataset.shape).unwrap_or_default();
    let unpacked = platform::gunzip(bytes, most).await.map_err(|e| e.to_string())?;
    let shard = Shard::decode(&unpacked).map_err(|e| e.to_string())?;
    if shard.shape != dataset.shape || shard.labels.len() != info.examples {
        return Err("it holds other pictures than its manifest says".into());
    }
    if shard.labels.iter().any(|&label| usize::from(label) >= dataset.classes.len()) {
        return Err("it has labels that the dataset does not have".into());
    }
    Ok(shard)
}

/// A small file that tells of others: the newest there is, because that is how a visitor hears of repaired files;
/// without a network, the one of the last visit.
pub(super) async fn fetch_or_kept(url: &str) -> Result<Vec<u8>, Failure> {
    match platform::fetch_at_most(MOST_LIST, url, false, |_| ()).await {
        Ok(bytes) => {
            // A browser that keeps nothing is no reason to stop.
            let _ = platform::store_put(url, &bytes).await;
            Ok(bytes)
        }
        Err(why @ (FetchError::Network(_) | FetchError::Silent)) => match platform::store_get(url).await {
            Some(bytes) => Ok(bytes),
            None if why == FetchError::Silent => Err(failed(url, why)),
            None => fetch(MOST_LIST, url, false, |_| ()).await,
        },
        Err(why) => Err(failed(url, why)),
    }
}

/// Fetches at most so many bytes, with a few tries where the network, not the server, said no. Silence is told at once:
/// it has been waited for long enough.
pub(super) async fn fetch(
    most: usize,
    url: &str,
    keep: bool,
    progress: impl Fn(u64),
) -> Result<Vec<u8>, Failure> {
    let mut attempt = 1;
    loop {
        match platform::fetch_at_most(most, url, keep, &progress).await {
            Ok(bytes) => return Ok(bytes),
            Err(FetchError::Network(_)) if attempt < TRIES => {
                platform::sleep(PAUSE_SECONDS * f64::from(attempt)).await;
            }
            Err(why) => return Err(failed(url, why)),
        }
        attempt += 1;
    }
}

fn failed(url: &str, why: FetchError) -> Failure {
    match why {
        FetchError::Status(status) => missing(url, status),
        FetchError::Network(why) => unreachable(url, &why),
        FetchError::Silent => silent(url),
        FetchError::TooLong => damaged(url, "it is longer than it should be"),
    }
}

fn missing(url: &str, status: u16) -> Failure {
    Failure::new(
        FailureKind::Data,
        format!("The data file {url} could not be had: the server answered {status}."),
        "Press Play to try again; if it stays, tell whoever runs this site.",
    )
}

fn unreachable(url: &str, why: &str) -> Failure {
    platform::log(&format!("{url}: {why}"));
    Failure::new(
        FailureKind::Data,
        format!("The data file {url} did not arrive: the connection broke."),
        "Check the network and press Play to go on.",
    )
}

fn silent(url: &str) -> Failure {
    Failure::new(
        FailureKind::Data,
        format!("The data file {url} did not arrive: nothing came for {SILENCE_SECONDS} seconds."),
        "Check the network and press Play to go on.",
    )
}

pub(super) fn damaged(url: &str, why: &str) -> Failure {
    Failure::new(
        FailureKind::Data,
        format!("The data file {url} cannot be used: {why}."),
        "Press Play to fetch it again; if it stays, tell whoever runs this site.",
    )
}
