//! What the page watches while a run goes on, and when it is shown again.

use super::dataset_store::Loaded;
use super::inspector::Inspector;
use super::session::Session;
use super::{EventSink, inspect, platform_now, writing};
use crate::protocol::{Event, Failure, FailureKind, LiveView, Prediction, WatchRequest};
use burn::tensor::Device;

/// Seconds between two views, at least.
const VIEW_INTERVAL: f64 = 0.2;
/// The same where the decision surface is among them (12 a second).
const SURFACE_INTERVAL: f64 = 0.08;
/// The same where the network writes a sample…
const SAMPLE_INTERVAL: f64 = 1.0;
/// …which takes at most so small a part of the time.
const SAMPLE_SHARE: f64 = 20.0;

#[derive(Default)]
pub(super) struct Watching {
    request: WatchRequest,
    /// Something is to be seen that was not shown yet.
    pub due: bool,
    shown_at: f64,
    /// Seconds that the last sample took.
    sampling_took: f64,
}

impl Watching {
    /// From now on this is watched.
    pub fn set(&mut self, request: WatchRequest) {
        *self = Self { request, due: true, ..Self::default() };
    }

    fn is_due(&self, playing: bool) -> bool {
        let watch = &self.request;
        let anything = !watch.grid.is_empty()
            || watch.look.is_some()
            || watch.surface.is_some()
            || watch.weights
            || watch.sample.is_some();
        let pause = match (&watch.sample, watch.surface) {
            (Some(_), _) => SAMPLE_INTERVAL.max(self.sampling_took * SAMPLE_SHARE),
            (None, Some(_)) => SURFACE_INTERVAL,
            (None, None) => VIEW_INTERVAL,
        };
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
        let mut seen =
            LiveView { step, grid: Vec::new(), look: None, surface: None, weights: Vec::new(), sample: None };
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
        // The page may still watch what the run before wrote: hidden tokens are named, not written.
        let writes = |data: &&Loaded| data.tokens.is_some() && data.mask().is_none();
        if let (Some(how), Some(data)) = (&watch.sample, data.filter(writes)) {
            let began = platform_now();
            seen.sample = Some(writing::write(&session.run, data, how, device).await?);
            self.sampling_took = platform_now() - began;
        }
        send(Event::LiveView { run, seen });
        self.shown_at = platform_now();
        Ok(())
    }
}
