//! What a person or a script can do: the one handle that buttons, keys, links and `window.intab` share.

use super::state::{State, Theme};
use crate::protocol::{Answer, EngineKind, Failure, Picture, Question, Watch};

/// `Copy`, and in the Leptos context: `expect_context::<Lab>()`.
#[derive(Clone, Copy)]
pub struct Lab {
    pub state: State,
}

impl Lab {
    /// Trains; a run that is done goes on for one more epoch.
    pub fn play(self) {}
    pub fn pause(self) {}
    pub fn toggle(self) {}
    pub fn step(self, _count: u32) {}
    /// Back to step 0 with the same spec.
    pub fn reset(self) {}
    /// Changes one dotted key of the spec. Live keys apply at once, others start the run again, paused.
    pub fn set(self, _key: &str, _value: serde_json::Value) -> Result<(), String> {
        Ok(())
    }
    /// Opens a preset, as its link would.
    pub fn open_preset(self, _id: &str) {}
    /// None is “measure and choose”.
    pub fn choose_engine(self, _wanted: Option<EngineKind>) {}
    /// What the page shows live; panels call this and each replaces only its own part.
    pub fn watch(self, _change: impl FnOnce(&mut Watch)) {}
    pub async fn ask(self, _question: Question) -> Result<Answer, Failure> {
        todo!()
    }
    /// The picture becomes the one that is watched.
    pub fn look_at(self, _picture: Picture) {}
    /// The weight file, as the download button gives it.
    pub async fn save(self) -> Result<Vec<u8>, Failure> {
        todo!()
    }
    /// Goes on from a weight file; a file that is none, or another model's, is a notice.
    pub async fn load(self, _bytes: Vec<u8>) -> Result<(), Failure> {
        todo!()
    }
    /// Takes up the run of an earlier visit.
    pub fn resume_offer(self) {}
    pub fn discard_offer(self) {}
    pub fn dismiss(self, _notice: u32) {}
    pub fn set_theme(self, _theme: Theme) {}
    pub fn set_background(self, _on: bool) {}
    /// The address of this page with the whole state in its hash.
    pub fn link(self) -> String {
        String::new()
    }
}
