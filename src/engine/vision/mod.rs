//! Pictures and networks that come trained: what is in a photo, why, and classifiers of the visitor's own.

use super::host::Host;
use crate::protocol::vision::{VisionAnswer, VisionQuestion};
use crate::protocol::{Event, Failure, FailureKind};

/// What the engine holds for them.
#[derive(Default)]
pub struct Vision {}

impl<S: Fn(Event)> Host<S> {
    pub(super) async fn vision_answer(
        &mut self,
        _question: &VisionQuestion,
    ) -> Result<VisionAnswer, Failure> {
        let _ = &self.vision;
        Err(Failure::new(FailureKind::Input, "Not there yet.", ""))
    }
}
