//! A run to go on with: its checkpoint, and what the page showed of it. The page's runs are kept by visit and lab, so that
//! no tab takes another's place, and a frame's by the id that its address gives it. A slide that is left may take its frame
//! with it; when the frame comes back, so does its run. A frame without an id keeps nothing.

use super::file::StoredFile;
use super::settings;
use crate::platform::{self, is_borrowed, store_names};
use crate::protocol::{Evaluation, Progress, RunId, TrainPoint};
use crate::spec::RunSpec;
use crate::ui::browser::{query, session_storage};
use leptos::prelude::window;
use serde::{Deserialize, Serialize};
use std::cell::{Cell, RefCell};

/// Runs that are kept of the page's and of frames: enough for a lecture.
const MOST: usize = 8;

const FOLDER: &str = "run";
const ABOUT: &str = "/about";

/// A frame takes up its run again within a lecture; on another day the same slides begin anew.
const FRESH_MILLISECONDS: f64 = 4.0 * 3600.0 * 1000.0;

const FRAMES: &str = "run/frame/";

/// Where a tab remembers its own.
const TAB: &str = "intab.run";

/// What is kept beside the checkpoint's bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavedRun {
    pub preset: String,
    pub spec: RunSpec,
    /// Which table it learned from, see `SavedTable::mark`.
    #[serde(default)]
    pub table: u32,
    pub progress: Option<Progress>,
    pub train_curve: Vec<TrainPoint>,
    pub evaluations: Vec<Evaluation>,
    /// Milliseconds since 1970.
    pub saved_at: f64,
}

/// A run of an earlier visit, or of another tab, and where it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    pub run: SavedRun,
    pub spot: Spot,
}

pub struct RunSlot {
    framed: bool,
    /// The frame's id, as it may stand in an address.
    id: Option<String>,
    /// Of the page that was loaded: names go up with time.
    visit: String,
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

impl Default for RunSlot {
    fn default() -> Self {
        let framed = is_borrowed();
        let id = query("id").filter(|id| framed && !id.is_empty());
        let id = id.map(|id| js_sys::encode_uri_component(&id).into());
        let looking = Cell::new(framed && id.is_some());
        let chance = (js_sys::Math::random() * 65536.0) as u32;
        let visit = format!("{:011x}{chance:04x}", js_sys::Date::now() as u64);
        Self { framed, id, visit, asked: window().location().hash().unwrap_or_default(), looking }
    }
}

impl RunSlot {
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

    /// Where this page's run of the lab is kept.
    pub fn of(&self, lab: &str) -> Spot {
        Spot(match &self.id {
            Some(id) => frame_of(id),
            None => format!("{FOLDER}/{}-{lab}", self.visit),
        })
    }

    /// What is kept, the newest last: all of the page's runs, or the one of a frame.
    pub async fn kept(&self) -> Vec<Spot> {
        if let Some(id) = &self.id {
            return vec![Spot(frame_of(id))];
        }
        let names = store_names(&format!("{FOLDER}/")).await;
        let spots = names.iter().filter_map(|name| Some(Spot(name.strip_suffix(ABOUT)?.into())));
        let mut spots: Vec<Spot> = spots.filter(|spot| !spot.0.starts_with(FRAMES)).collect();
        spots.sort();
        spots
    }

    pub async fn write_about(&self, spot: &Spot, about: &SavedRun) -> Result<(), String> {
        let file = spot.about();
        match self.framed {
            true => file.write_json(&Framed { asked: self.asked.clone(), run: about.clone() }).await,
            false => file.write_json(about).await,
        }
    }

    /// The run that is kept there, if this page can take it up. One of another version of the page, of another
    /// slide with the same id, or of another day is not worth a word; the next checkpoint replaces it.
    pub async fn read_about(&self, spot: &Spot) -> Option<SavedRun> {
        if !self.framed {
            return spot.about().read_json().await;
        }
        let Framed { asked, run } = spot.about().read_json().await?;
        let fresh = js_sys::Date::now() - run.saved_at < FRESH_MILLISECONDS;
        (fresh && asked == self.asked).then_some(run)
    }

    /// The run that is kept here is the newest now; those that have no place any more.
    pub async fn enter(&self, spot: &Spot) -> Vec<Spot> {
        let Some(id) = &self.id else {
            let mut others = self.kept().await;
            others.retain(|other| other != spot);
            others.truncate((others.len() + 1).saturating_sub(MOST));
            return others;
        };
        let index = format!("frames {}", platform::place());
        let kept = settings::read(&index).unwrap_or_default();
        let others = kept.split(' ').filter(|other| !other.is_empty() && other != id);
        let mut ids: Vec<String> = others.map(String::from).chain([id.clone()]).collect();
        let surplus = ids.len().saturating_sub(MOST);
        let gone: Vec<_> = ids.drain(..surplus).collect();
        settings::write(&index, &ids.join(" "));
        gone.iter().map(|id| Spot(frame_of(id))).collect()
    }
}

/// What is to be kept of the run that is shown, and what was.
#[derive(Default)]
pub struct RunKeeper {
    /// What is to be written; a newer checkpoint replaces one that has not been begun.
    pub next: RefCell<Option<(RunId, Vec<u8>, SavedRun)>>,
    pub writing: Cell<bool>,
    pub told: Cell<bool>,
    /// The run whose checkpoint is in the browser.
    pub kept: Cell<Option<RunId>>,
    /// The run that is shown was kept there by an earlier visit, and is kept by this one from its next checkpoint on.
    pub taken_up: RefCell<Option<(RunId, Spot)>>,
    /// Was playing when the tab went into the background, and was paused for that.
    pub paused_by_hiding: Cell<bool>,
    pub place: RunSlot,
}

/// Where one run is kept, in two files.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot(String);

impl Spot {
    pub fn checkpoint(&self) -> StoredFile {
        StoredFile::named(format!("{}/checkpoint", self.0))
    }

    pub fn about(&self) -> StoredFile {
        StoredFile::named(format!("{}{ABOUT}", self.0))
    }

    pub async fn remove(&self) {
        // Words without weights would promise what is not there.
        self.about().remove().await;
        self.checkpoint().remove().await;
    }

    /// Remembers it as this tab's, over a reload.
    pub fn mark(&self) {
        if let Some(storage) = session_storage() {
            // Not kept is not a problem: then the newest is offered.
            let _ = storage.set_item(TAB, &self.0);
        }
    }

    /// It is the run that this tab kept last.
    pub fn is_of_tab(&self) -> bool {
        session_storage().and_then(|storage| storage.get_item(TAB).ok().flatten()).as_ref() == Some(&self.0)
    }
}

fn frame_of(id: &str) -> String {
    format!("{FRAMES}{id}")
}
