//! Where a run is kept: the page's own place, or a frame's by the id that its address gives it. A slide that is left
//! may take its frame with it; when the frame comes back, so does its run. A frame without an id keeps nothing, so
//! that it never takes the place of the visitor's own run.

use super::hide::query;
use crate::ui::preferences;
use crate::ui::state::SavedRun;
use leptos::prelude::window;
use serde::{Deserialize, Serialize};
use std::cell::Cell;

/// Frames whose runs are kept: enough for a lecture.
const MOST_FRAMES: usize = 8;

/// A frame takes up its run again within a lecture; on another day the same slides begin anew.
const FRESH_MILLISECONDS: f64 = 4.0 * 3600.0 * 1000.0;

const INDEX: &str = "frames";

pub struct Place {
    framed: bool,
    /// The frame's id, as it may stand in an address.
    id: Option<String>,
    /// What the frame's address asked for, before the page wrote anything into it.
    asked: String,
    /// A frame has not looked yet whether there is a run of its own.
    looking: Cell<bool>,
}

/// What is kept of a frame's run besides its checkpoint.
#[derive(Serialize, Deserialize)]
struct Framed {
    asked: String,
    run: SavedRun,
}

/// The page is not the visitor's own place: it is somebody's frame, or opened to be measured (`?bench=1`).
pub fn is_borrowed() -> bool {
    ["embed", "bench"].iter().any(|switch| query(switch).as_deref() == Some("1"))
}

impl Default for Place {
    fn default() -> Self {
        let framed = is_borrowed();
        let id = query("id").filter(|id| framed && !id.is_empty());
        let id = id.map(|id| js_sys::encode_uri_component(&id).into());
        let looking = Cell::new(framed && id.is_some());
        Self { framed, id, asked: window().location().hash().unwrap_or_default(), looking }
    }
}

impl Place {
    /// A run can be kept here, now.
    pub fn keeps(&self) -> bool {
        (!self.framed || self.id.is_some()) && !self.looking.get()
    }

    /// It takes up its run by itself.
    pub fn is_frame(&self) -> bool {
        self.framed
    }

    /// It is still to be found out whether there is a run of the frame's own.
    pub fn looks(&self) -> bool {
        self.looking.get()
    }

    pub fn looked(&self) {
        self.looking.set(false);
    }

    pub fn checkpoint(&self) -> String {
        self.name("checkpoint")
    }

    pub fn about(&self) -> String {
        self.name("about")
    }

    fn name(&self, what: &str) -> String {
        self.id.as_ref().map_or_else(|| format!("run/{what}"), |id| frame_file(id, what))
    }

    pub fn words(&self, about: &SavedRun) -> Vec<u8> {
        let words = if self.framed {
            serde_json::to_vec(&Framed { asked: self.asked.clone(), run: about.clone() })
        } else {
            serde_json::to_vec(about)
        };
        words.unwrap_or_default()
    }

    /// The run that the words tell of, if this page can take it up. One of another version of the page, of another
    /// slide with the same id, or of another day is not worth a word; the next checkpoint replaces it.
    pub fn read(&self, words: &[u8]) -> Option<SavedRun> {
        if !self.framed {
            return serde_json::from_slice(words).ok();
        }
        let Framed { asked, run } = serde_json::from_slice(words).ok()?;
        let fresh = js_sys::Date::now() - run.saved_at < FRESH_MILLISECONDS;
        (fresh && asked == self.asked).then_some(run)
    }

    /// This frame's run is the newest now; the files of those that have no place any more.
    pub fn enter(&self) -> Vec<String> {
        let Some(id) = &self.id else { return Vec::new() };
        let kept = preferences::read(INDEX).unwrap_or_default();
        let others = kept.split(' ').filter(|other| !other.is_empty() && other != id);
        let mut ids: Vec<String> = others.map(String::from).chain([id.clone()]).collect();
        let surplus = ids.len().saturating_sub(MOST_FRAMES);
        let gone: Vec<_> = ids.drain(..surplus).collect();
        preferences::write(INDEX, &ids.join(" "));
        gone.iter().flat_map(|id| ["about", "checkpoint"].map(|what| frame_file(id, what))).collect()
    }
}

fn frame_file(id: &str, what: &str) -> String {
    format!("run/frame/{id}/{what}")
}
