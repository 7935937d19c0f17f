//! Fetches a text's files in order, checks them, keeps good ones in the browser, and hands on the whole text: what its
//! tokens are is known when all of it is there.

use super::loader::{LoadEvent, PAUSE_SECONDS, TRIES, damaged, fetch, fetch_or_kept, list};
use crate::platform;
use crate::protocol::Failure;
use crate::text::{TextDataset, TextManifest, TextShard};
use futures_util::StreamExt;
use std::cell::Cell;

/// Files on their way at the same time.
const IN_FLIGHT: usize = 3;

/// Loads a text and tells of it.
pub async fn load(text: &'static TextDataset, tell: impl Fn(LoadEvent)) {
    let outcome = load_all(text, &tell).await;
    tell(outcome.map_or_else(LoadEvent::Failed, |text| LoadEvent::Text(Box::new(text))));
}

async fn load_all(text: &'static TextDataset, tell: &impl Fn(LoadEvent)) -> Result<[String; 2], Failure> {
    let url = format!("{}/manifest.json", text.folder());
    let bytes = fetch_or_kept(&url).await?;
    let manifest: TextManifest = list(&bytes).map_err(|why| damaged(&url, &why))?;
    manifest.check(text).map_err(|why| damaged(&url, &why))?;
    let done = Cell::new(0);
    let splits = [&manifest.train, &manifest.test].into_iter().enumerate();
    let files = splits.flat_map(|(split, shards)| shards.iter().map(move |shard| (split, shard)));
    let fetched = files.map(|(split, info)| {
        let done = &done;
        async move {
            let part = shard(text, info).await?;
            done.set(done.get() + info.bytes);
            tell(LoadEvent::Bytes(done.get()));
            Ok::<_, Failure>((split, part))
        }
    });
    let mut fetched = futures_util::stream::iter(fetched).buffered(IN_FLIGHT);
    let mut whole = [String::new(), String::new()];
    while let Some(part) = fetched.next().await {
        let (split, part) = part?;
        whole[split] += &part;
    }
    Ok(whole)
}

/// One file: fetched (from the browser's copy if there is one), unpacked, checked, and only then kept.
async fn shard(text: &TextDataset, info: &TextShard) -> Result<String, Failure> {
    let url = format!("{}/{}", text.folder(), info.file);
    let mut last = None;
    for attempt in 0..TRIES {
        let bytes = fetch(info.bytes as usize, &url, true, |_| ()).await?;
        match read_shard(info, &bytes).await {
            Ok(part) => {
                // A browser that keeps nothing is no reason to stop.
                let _ = platform::store_put(&url, &bytes).await;
                return Ok(part);
            }
            Err(why) => last = Some(damaged(&url, &why)),
        }
        platform::store_remove(&url).await;
        platform::sleep(PAUSE_SECONDS * f64::from(attempt)).await;
    }
    Err(last.unwrap_or_else(|| damaged(&url, "it could not be read")))
}

/// The text in the bytes of a file, or what is wrong with them.
pub async fn read_shard(info: &TextShard, bytes: &[u8]) -> Result<String, String> {
    let unpacked = platform::gunzip(bytes, info.length).await.map_err(|e| e.to_string())?;
    info.decode(unpacked)
}
