//! Downloads that bring nothing: they are given up after 15 seconds, and another try goes on.

use crate::host::{open, site, with_engine};
use intab::platform::{SILENCE_SECONDS, before_silence, block_on, set_silent, yield_now};
use intab::protocol::{Command, Event, FailureKind, RunState};
use std::cell::Cell;

#[test]
fn what_comes_before_the_last_second_is_taken_and_silence_ends() {
    let seconds = Cell::new(0);
    let second = || {
        seconds.set(seconds.get() + 1);
        yield_now()
    };
    assert_eq!(block_on(before_silence(std::future::pending::<u8>(), second)), None);
    assert_eq!(seconds.get(), SILENCE_SECONDS);
    let late = async {
        while seconds.get() < 2 * SILENCE_SECONDS {
            yield_now().await;
        }
        7
    };
    assert_eq!(block_on(before_silence(late, second)), Some(7), "in the last second");
    assert_eq!(block_on(before_silence(async { 8 }, yield_now)), Some(8), "at once");
}

#[test]
fn a_shard_or_a_manifest_that_never_comes_ends_in_words_and_a_retry_goes_on() {
    // A manifest that has come once is kept, and then its silence stops nobody.
    for file in ["manifest.json", "train-001"] {
        with_engine(&site("silent"), async |page| {
            set_silent(Some(file));
            open(page, 1);
            page.send(Command::Play { run: 1 });
            let failure = page.next("a failure", |event| match event {
                Event::Failed { failure, .. } => Some(failure),
                _ => None,
            });
            let failure = failure.await;
            assert_eq!(failure.kind, FailureKind::Data, "{file}");
            assert!(failure.what.contains(file), "{file}: {}", failure.what);
            assert!(failure.what.ends_with("nothing came for 15 seconds."), "{file}: {}", failure.what);
            assert!(failure.advice.contains("press Play"), "{file}: {}", failure.advice);
            set_silent(None);
            page.send(Command::Play { run: 1 });
            let done = page.next("the end", |event| {
                matches!(event, Event::State { state: RunState::Done, .. }).then_some(())
            });
            done.await;
        });
    }
}
