//! Answers: what panels show, and what is saved.

use super::digit_preprocess::Ink;
use super::event_loop::EngineLoop;
use super::find;
use super::inspector::Inspector;
use super::platform_now;
use super::trainer::Trainer;
use super::weights;
use crate::datasets::Dataset;
use crate::layers::describe;
use crate::models::Model;
use crate::pixels;
use crate::platform::{self, Rgba};
use crate::protocol::{Event, Failure, FailureKind, Picture, Request, Response};
use crate::spec::{PRESETS, RunSpec};
use serde_bytes::ByteBuf;

/// A photo whose short side has more pixels than this is made smaller while it is decoded.
const LARGE: usize = 512;

pub(super) fn refuse(what: impl Into<String>, advice: &str) -> Failure {
    Failure::new(FailureKind::Input, what, advice)
}

impl<S: Fn(Event)> EngineLoop<S> {
    /// The answer, or none if it needs examples that have not arrived.
    pub(super) async fn answer(&mut self, question: &Request) -> Result<Option<Response>, Failure> {
        match question {
            Request::Describe(spec) => self.describe(spec),
            Request::Excerpt(question) => self.inspector()?.excerpt(question).map(Some),
            Request::Generate(how) => self.inspector()?.write(how).await.map(Some),
            Request::States { text } => self.inspector()?.states(text).await.map(Some),
            Request::Series(question) => self.inspector()?.series(*question).await.map(Some),
            Request::UnitIo { text, layer, unit, time } => {
                let place = [*layer, *unit, *time].map(|at| at as usize);
                self.inspector()?.unit(text, place).await.map(Some)
            }
            Request::Reach { fresh } => self.inspector()?.reach(*fresh).await.map(Some),
            Request::HeadIo { text, layer, head, at, crosses } => {
                let place = [*layer, *head, *at].map(|at| at as usize);
                self.inspector()?.head(text, place, *crosses).await.map(Some)
            }
            Request::Fill { text } => self.inspector()?.fill(text).await.map(Some),
            Request::Attention { text } => self.inspector()?.attention(text).await.map(Some),
            Request::LogitLens { text } => self.inspector()?.logit_lens(text).await.map(Some),
            Request::SwitchOff { heads } => self.switch_off(heads).await,
            Request::PictureAttention(picture) => {
                self.inspector()?.picture_attention(picture).await.map(Some)
            }
            Request::Samples { dataset, train, test } => self.samples(dataset, train, test),
            Request::Cell { truth, predicted, limit } => self
                .inspector()?
                .tested(*limit, |target, prediction| {
                    let said = prediction.class().map(|(class, _)| class);
                    target.class() == Some(*truth) && said == Some(*predicted)
                })
                .map(Some),
            Request::Mistakes { limit } => {
                self.inspector()?.tested(*limit, |target, prediction| !prediction.is_right(target)).map(Some)
            }
            Request::Predict(picture) => self.inspector()?.predict(picture).await.map(Some),
            Request::Digits(photo) => self.read_digits(photo).await.map(Some),
            Request::PredictRows(rows) => self.inspector()?.predict_rows(rows).await.map(Some),
            Request::Trace(picture) => self.inspector()?.trace(picture).await.map(Some),
            Request::LayerIo { picture, layer, map } => {
                self.inspector()?.layer_io(picture, *layer as usize, *map as usize).await.map(Some)
            }
            Request::Save => self.file(false).await.map(Some),
            Request::Checkpoint => self.file(true).await.map(Some),
            Request::Measure { spec, steps } => self.measure(spec, *steps).await,
            // Begun before it comes here, and answered when it is over.
            Request::Rates => Ok(None),
            Request::Inspect(bytes) => {
                weights::inspect(bytes).map(|info| Some(Response::Weights(Box::new(info))))
            }
            #[cfg(feature = "cpu")]
            Request::Vision(question) => {
                let answer = self.vision.answer(question, &self.device, &self.send).await;
                answer.map(|answer| Some(Response::Vision(answer)))
            }
            #[cfg(not(feature = "cpu"))]
            Request::Vision(_) => Err(refuse("Pictures are read on the CPU engine.", "Ask that one.")),
        }
    }

    /// Data of this id, the shown run's if it is `here`, will not come: who waits for it is told.
    pub(super) fn refuse_waiting(&mut self, id: &str, here: bool, failure: &Failure) {
        let about = |question: &Request| match question {
            Request::Samples { dataset, .. } => dataset == id,
            Request::Measure { spec, .. } | Request::Describe(spec) => spec.data.id == id,
            Request::Rates => here,
            _ => false,
        };
        let (refused, waiting): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.waiting).into_iter().partition(|(_, question)| about(question));
        self.waiting = waiting;
        for (id, _) in refused {
            (self.send)(Event::Refused { id, failure: failure.clone() });
        }
    }

    fn samples(&mut self, dataset: &str, train: &[u32], test: &[u32]) -> Result<Option<Response>, Failure> {
        let here = self.session.as_ref().map(|s| &s.run.spec).filter(|spec| spec.data.id == dataset);
        let spec = here.cloned().unwrap_or_else(|| {
            let mut spec = PRESETS[0].spec();
            spec.data.id = dataset.into();
            spec
        });
        let Some(ground) = self.ground(&spec)? else { return Ok(None) };
        let key = ground.key;
        self.library.load(&key);
        let Some(loaded) = self.library.get(&key) else { return Ok(None) };
        let mut examples = Vec::new();
        for (split, wanted) in [(&loaded.train, train), (&loaded.test, test)] {
            if split.total > 0 && wanted.iter().any(|&i| i as usize >= split.total) {
                let what = format!("There are only {} such examples.", split.total);
                return Err(refuse(what, "Ask for a smaller index."));
            }
            if wanted.iter().any(|&i| i as usize >= split.len()) {
                return Ok(None);
            }
            examples.extend(wanted.iter().map(|&i| loaded.example(split, i)));
        }
        Ok(Some(Response::Examples(examples)))
    }

    /// The run that is shown, to be looked at.
    pub(super) fn inspector(&self) -> Result<Inspector<'_>, Failure> {
        let session = self.session.as_ref().ok_or_else(Self::no_run)?;
        let data = self.library.get(&session.run.ground.key).ok_or_else(Self::no_run)?;
        Ok(Inspector { session, data, device: &self.device })
    }

    fn describe(&mut self, spec: &RunSpec) -> Result<Option<Response>, Failure> {
        let missing = || refuse("There is no such dataset or model here.", "Choose another.");
        let Some(ground) = self.ground(spec)? else { return Ok(None) };
        let model = Model::by_id(&spec.model.id).ok_or_else(missing)?;
        let layers = model.layers_of(&spec.model, ground.task().outputs());
        layers
            .and_then(|layers| describe(&layers, &ground.info.shape).map_err(|misfit| misfit.to_string()))
            .map(|network| Some(Response::Network(network)))
            .map_err(|why| refuse(format!("This network does not fit: {why}."), "Choose other sizes."))
    }

    async fn file(&mut self, with_optimizer: bool) -> Result<Response, Failure> {
        // A file that is given away says what its weights reach. A checkpoint may be asked for at any moment, so it does not
        // wait: it says what it reaches if that is known.
        if !with_optimizer {
            self.finish_evaluation().await?;
        }
        let session = self.session.as_ref().ok_or_else(Self::no_run)?;
        let bytes = weights::save(&session.run, session.evaluation(), with_optimizer).await?;
        Ok(Response::File(ByteBuf::from(bytes)))
    }

    /// No run is open, so there is nothing to ask about.
    pub(super) fn no_run() -> Failure {
        Failure::new(FailureKind::Input, "No network is open yet.", "Wait for the page to finish loading.")
    }

    /// Steps of a run of its own on the first shard, timed without the first, which compiles kernels.
    async fn measure(&mut self, spec: &RunSpec, steps: u32) -> Result<Option<Response>, Failure> {
        let Some(ground) = self.ground(spec)? else { return Ok(None) };
        self.library.load(&ground.key);
        let Some(data) = self.library.get(&ground.key) else { return Ok(None) };
        let mut run = Trainer::new(spec, ground, &self.device)?;
        run.set_order(data);
        let steps = steps.clamp(1, 100);
        // Every step takes the first batch: it is there soonest, and the time is the same.
        if !run.can_step(data) {
            return Ok(None);
        }
        let mut times = [0.0; 2];
        for (time, count) in times.iter_mut().zip([1, steps]) {
            let began = platform_now();
            for _ in 0..count {
                run.step = 0;
                run.train_step(data, &mut self.team).await?;
            }
            run.read().await?;
            *time = (platform_now() - began) * 1000.0 / f64::from(count);
            self.team.settle().await;
        }
        let [first_step_milliseconds, milliseconds_per_step] = times;
        Ok(Some(Response::Measured { milliseconds_per_step, first_step_milliseconds }))
    }
}

/// A drawing or an image file as this dataset's pictures are; of a photo with several digits, the first.
pub(super) async fn prepared(
    picture: Picture,
    dataset: Option<&'static Dataset>,
) -> Result<ByteBuf, Failure> {
    let shape = dataset.map_or([1, 28, 28], |dataset| dataset.shape);
    let ink = match picture {
        Picture::Exact(bytes) => return Ok(bytes),
        Picture::File(bytes) if shape[0] == 3 => return colour_photo(&bytes, &shape).await,
        Picture::Drawing { width, height, ink } => Ink::from_bytes(width as usize, height as usize, &ink)
            .ok_or_else(|| refuse("This drawing is damaged.", "Clear the pad and draw again."))?,
        Picture::File(bytes) => {
            let photo = photograph(&bytes, None).await?;
            match dataset.is_some_and(|d| d.written) {
                true => find::digits(&Ink::of_strokes(&photo)).into_iter().next().ok_or_else(no_ink)?.1,
                false => Ink::from_photo(&photo),
            }
        }
        Picture::Test(_) | Picture::Train(_) | Picture::Row(_) => {
            return Err(refuse("An example needs no preparing.", ""));
        }
    };
    ink.to_digit().map(ByteBuf::from).ok_or_else(no_ink)
}

pub(super) fn no_ink() -> Failure {
    refuse(
        "Nothing was found in this picture: it is nearly one colour.",
        "Draw or photograph a digit with a thick dark pen on light paper.",
    )
}

/// A photo's middle square, as small as the network's pictures are.
async fn colour_photo(bytes: &[u8], shape: &[usize]) -> Result<ByteBuf, Failure> {
    // The browser makes large photos smaller on the way, which saves memory.
    let size = imagesize::blob_size(bytes).ok().map(|size| (size.width, size.height.min(size.width)));
    let smaller = |(width, short): (usize, usize)| (width as u64 * LARGE as u64 / short as u64) as u32;
    let width = size.filter(|(_, short)| *short > LARGE).map(smaller);
    let photo = photograph(bytes, width).await?;
    let side = shape.last().copied().unwrap_or(0);
    Ok(ByteBuf::from(pixels::square(&photo.pixels, photo.width, photo.height, side)))
}

/// Refused before decoding where that would need too much memory; decoded at this width if one is given.
pub(super) async fn photograph(bytes: &[u8], width: Option<u32>) -> Result<Rgba, Failure> {
    let advice = "Choose a photo or drawing as PNG, JPEG, WebP or GIF.";
    if bytes.is_empty() {
        return Err(refuse("This file is empty.", advice));
    }
    if let Ok(size) = imagesize::blob_size(bytes)
        && size.width.saturating_mul(size.height) > platform::MAX_PIXELS
    {
        let megapixels = size.width as f64 * size.height as f64 / 1e6;
        let what = format!("This picture has {megapixels:.0} megapixels, more than the 50 that fit.");
        return Err(refuse(what, "Make it smaller, or take the photo from nearer."));
    }
    platform::decode_picture(bytes, width).await.map_err(|why| {
        platform::log(&format!("picture: {why}"));
        refuse("This file is not a picture that the browser can read.", advice)
    })
}
