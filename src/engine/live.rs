//! What the page watches while a run goes on, and when it is shown again.

use super::dataset_store::Loaded;
use super::inspector::Inspector;
use super::session::Session;
use super::{EventSink, inspect, platform_now};
use crate::protocol::{Event, Failure, FailureKind, LiveView, Prediction, WatchRequest};
use burn::tensor::Device;

/// Seconds between two views, at least.
const VIEW_INTERVAL: f64 = 0.2;
/// The same where the decision surface is among them (12 a second).
const SURFACE_INTERVAL: f64 = 0.08;

#[derive(Default)]
pub(super) struct Watching {
    request: WatchRequest,
    /// Something is to be seen that was not shown yet.
    pub due: bool,
    shown_at: f64,
}

impl Watching {
    /// From now on this is watched.
    pub fn set(&mut self, request: WatchRequest) {
        *self = Self { request, due: true, shown_at: 0.0 };
    }

    fn is_due(&self, playing: bool) -> bool {
        let watch = &self.request;
        let anything =
            !watch.grid.is_empty() || watch.look.is_some() || watch.surface.is_some() || watch.weights;
        let pause = if watch.surface.is_some() { SURFACE_INTERVAL } else { VIEW_INTERVAL };
        let wanted = self.due || (playing && anything);
        wanted && platform_now() - self.shown_at >= if playing { pause } else { 0.0 }
    }

    /// Tells the page what the network makes of what is watched, if it is time.
    pub async fn show(
        &mut self,
        session: &Session,
        data: Option<&Loaded>,
        device: &Device,
        send: EventSink<'_>,
    ) -> Result<(), Failure> {
        if !self.is_due(session.is_playing()) {
            return Ok(());
        }
        self.due = false;
        let watch = &self.request;
        let (run, step) = (session.id, session.run.step);
        let mut seen = LiveView { step, grid: Vec::new(), look: None, surface: None, weights: Vec::new() };
        if let Some(data) = data {
            let inspector = Inspector { session, data, device };
            let (look, grid): (_, Vec<Prediction>) =
                match inspector.look(watch.look.as_ref(), watch.inside, &watch.grid).await {
                    // The page still watches what fitted the data before; it will say what it wants to see now.
                    Err(failure) if failure.kind == FailureKind::Input => (None, Vec::new()),
                    seen => seen?,
                };
            (seen.look, seen.grid) = (look, grid);
            if let Some(side) = watch.surface {
                seen.surface = inspect::surface(&session.run, data, side as usize, device).await?;
            }
        }
        if watch.weights {
            seen.weights = inspect::weights(&session.run.network).await?;
        }
        send(Event::LiveView { run, seen });
        self.shown_at = platform_now();
        Ok(())
    }
}
