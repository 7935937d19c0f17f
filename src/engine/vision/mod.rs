//! Pictures and networks that come trained: what is in a photo, why, and classifiers of the visitor's own.
//! In reading order: the weights, the layers on our kernels, the networks made of them, a photo's way into it, what can be asked, the
//! visitor's own pictures, and what is trained on them; at last, networks that draw, and the way to one that talks.

pub mod detect;
pub mod feature_cache;
pub mod graph;
pub mod interpret;
pub mod linear_probe;
pub mod linear_probe_file;
pub mod network;
pub mod preprocess;
pub mod resize;
pub mod similar;
pub mod sketch;
pub mod split;
pub mod weights;

use super::chat::Talk;
use super::tasks::softmax;
use super::{EventSink, platform_now};
use crate::chat::TALKER;
use crate::pretrained::{self, Pretrained};
use crate::protocol::vision::{Collected, HeadSpec, Photo, VisionAnswer, VisionQuestion};
use crate::protocol::{Event, Failure, FailureKind};
use crate::sketch::Sketcher;
use burn::tensor::Device;
use detect::Detector;
use feature_cache::Collection;
use linear_probe::Head;
use network::Classifier;
use serde_bytes::ByteBuf;
use sketch::Decoder;

/// What the engine holds for them.
#[derive(Default)]
pub struct Vision {
    classifier: Option<Classifier>,
    detector: Option<Detector>,
    collection: Collection,
    head: Option<Head>,
    decoder: Option<Decoder>,
    talk: Option<Talk>,
}

impl Vision {
    pub async fn answer(
        &mut self,
        question: &VisionQuestion,
        device: &Device,
        tell: EventSink<'_>,
    ) -> Result<VisionAnswer, Failure> {
        match question {
            VisionQuestion::Prepare { network } if Sketcher::by_id(network).is_some() => {
                self.decoder(network, tell).await?;
                Ok(VisionAnswer::Ready)
            }
            VisionQuestion::Sketch(question) => {
                let decoder = self.decoder(&question.network, tell).await?;
                sketch::finish(decoder, question).map(VisionAnswer::Sketched)
            }
            VisionQuestion::Prepare { network } if network == TALKER.id => {
                self.talk(tell).await?;
                Ok(VisionAnswer::Ready)
            }
            VisionQuestion::Chat(question) => self.talk(tell).await?.go_on(question).map(VisionAnswer::Said),
            VisionQuestion::Prepare { network } if pretrained::Detector::by_id(network).is_some() => {
                self.detector(network, tell).await?;
                Ok(VisionAnswer::Ready)
            }
            VisionQuestion::Detect { network, photo } => {
                let detector = self.detector(network, tell).await?;
                detect::detect(detector, photo).await.map(VisionAnswer::Detected)
            }
            VisionQuestion::Prepare { network } => {
                self.classifier(network, tell).await?;
                Ok(VisionAnswer::Ready)
            }
            VisionQuestion::Classify { network, photo } => {
                let classifier = self.classifier(network, tell).await?;
                interpret::classify(classifier, photo).await.map(VisionAnswer::Classified)
            }
            VisionQuestion::Occlude { network, input, boxes, classes } => {
                let classifier = self.classifier(network, tell).await?;
                interpret::occlude(classifier, input, boxes, classes).map(VisionAnswer::Occluded)
            }
            VisionQuestion::Inside { network, input, layer } => {
                let classifier = self.classifier(network, tell).await?;
                interpret::inside(classifier, input, usize::from(*layer)).map(VisionAnswer::Inside)
            }
            VisionQuestion::Collect { network, id, photo } => {
                self.collect(network, *id, photo, tell).await.map(|one| VisionAnswer::Collected(vec![one]))
            }
            VisionQuestion::Features { ids } => {
                let features = |id: &u32| self.collection.computed(*id).map(ByteBuf::from);
                Ok(VisionAnswer::Features(ids.iter().map(features).collect()))
            }
            VisionQuestion::Keep { id, features, picture } => {
                self.keep(*id, features, picture).await.map(|one| VisionAnswer::Collected(vec![one]))
            }
            VisionQuestion::Similar => Ok(VisionAnswer::Similar(self.collection.similar())),
            VisionQuestion::Recall { ids } => Ok(VisionAnswer::Collected(self.recall(ids).await)),
            VisionQuestion::Forget { ids } => {
                self.collection.forget(ids).await;
                Ok(VisionAnswer::Forgotten)
            }
            VisionQuestion::TrainHead(spec) => self.train_head(spec, device, tell).await,
            VisionQuestion::Guess { network, photo } => self.guess(network, photo, tell).await,
            VisionQuestion::SaveHead { labels } => self.save_head(labels),
            VisionQuestion::LoadHead(bytes) => {
                let (head, labels) = linear_probe_file::load(bytes)?;
                self.head = Some(head);
                Ok(VisionAnswer::Head(labels))
            }
        }
    }

    /// The network, fetched the first time that it is needed.
    async fn classifier(&mut self, id: &str, tell: EventSink<'_>) -> Result<&mut Classifier, Failure> {
        let about = Pretrained::by_id(id).ok_or_else(|| {
            refuse(&format!("There is no pretrained network “{id}” here."), "Choose another.")
        })?;
        let there = self.classifier.take().filter(|c| c.about.id == about.id);
        let classifier = match there {
            Some(classifier) => classifier,
            None => {
                let fetching =
                    |bytes, total| tell(Event::Fetching { network: about.id.into(), bytes, total });
                let weights = weights::load(&about.files(), fetching).await?;
                Classifier::new(about, &weights).map_err(|why| unusable(about.title, &why))?
            }
        };
        Ok(self.classifier.insert(classifier))
    }

    /// The network that finds things, fetched the first time that it is needed.
    async fn detector(&mut self, id: &str, tell: EventSink<'_>) -> Result<&mut Detector, Failure> {
        let about = pretrained::Detector::by_id(id).ok_or_else(|| {
            refuse(&format!("There is no network “{id}” here that finds things."), "Choose another.")
        })?;
        let there = self.detector.take().filter(|detector| detector.about.id == about.id);
        let detector = match there {
            Some(detector) => detector,
            None => {
                let fetching =
                    |bytes, total| tell(Event::Fetching { network: about.id.into(), bytes, total });
                let weights = weights::load(&about.files(), fetching).await?;
                Detector::new(about, &weights).map_err(|why| unusable(about.title, &why))?
            }
        };
        Ok(self.detector.insert(detector))
    }

    /// The network that draws, fetched the first time that it is needed.
    async fn decoder(&mut self, id: &str, tell: EventSink<'_>) -> Result<&Decoder, Failure> {
        let about = Sketcher::by_id(id).ok_or_else(|| {
            refuse(&format!("There is no network “{id}” here that draws."), "Choose another.")
        })?;
        let there = self.decoder.take().filter(|decoder| decoder.about.id == about.id);
        let decoder = match there {
            Some(decoder) => decoder,
            None => {
                let fetching =
                    |bytes, total| tell(Event::Fetching { network: about.id.into(), bytes, total });
                let weights = weights::load(&about.files(), fetching).await?;
                Decoder::new(about, &weights).map_err(|why| unusable(about.title, &why))?
            }
        };
        Ok(self.decoder.insert(decoder))
    }

    /// The network that talks, fetched the first time that it is needed.
    async fn talk(&mut self, tell: EventSink<'_>) -> Result<&mut Talk, Failure> {
        let talk = match self.talk.take() {
            Some(talk) => talk,
            None => {
                let fetching =
                    |bytes, total| tell(Event::Fetching { network: TALKER.id.into(), bytes, total });
                let (_, file) = weights::fetch(&TALKER.files(), fetching).await?;
                Talk::new(file)?
            }
        };
        Ok(self.talk.insert(talk))
    }

    async fn collect(
        &mut self,
        network: &str,
        id: u32,
        photo: &Photo,
        tell: EventSink<'_>,
    ) -> Result<Collected, Failure> {
        let classifier = self.classifier(network, tell).await?;
        let side = classifier.about.input.side;
        let prepared = preprocess::read(photo, classifier.about.input).await?;
        let features = classifier.features(&prepared.input);
        self.collection.add(id, features, &prepared.input, side).await.map_err(|why| {
            crate::platform::log(&format!("picture: {why}"));
            refuse("This picture could not be kept.", "Choose it again.")
        })
    }

    /// A picture that a project file brought with its features.
    async fn keep(&mut self, id: u32, features: &[u8], picture: &[u8]) -> Result<Collected, Failure> {
        let damaged =
            || refuse("The features of this picture are damaged in the file.", "Add the picture again.");
        let split = features.len().checked_sub(similar::THUMBNAIL).ok_or_else(damaged)?;
        let (features, thumbnail) = features.split_at(split);
        let features = feature_cache::numbers(features).filter(|f| feature_counts().contains(&f.len()));
        let features = features.ok_or_else(damaged)?;
        Ok(self.collection.keep(id, features, thumbnail.to_vec(), picture.to_vec()).await)
    }

    async fn train_head(
        &mut self,
        spec: &HeadSpec,
        device: &Device,
        tell: EventSink<'_>,
    ) -> Result<VisionAnswer, Failure> {
        let about = Pretrained::by_id(&spec.network)
            .ok_or_else(|| refuse("There is no such pretrained network here.", "Choose another."))?;
        let progress = |progress| tell(Event::HeadProgress(progress));
        let (head, result) = linear_probe::train(spec, about.id, &self.collection, device, progress).await?;
        self.head = Some(head);
        Ok(VisionAnswer::Trained(result))
    }

    async fn guess(
        &mut self,
        network: &str,
        photo: &Photo,
        tell: EventSink<'_>,
    ) -> Result<VisionAnswer, Failure> {
        let began = platform_now();
        if self.head.as_ref().is_none_or(|head| head.network != network) {
            return Err(refuse("No classifier has been trained yet.", "Press Train first."));
        }
        let classifier = self.classifier(network, tell).await?;
        let prepared = preprocess::read(photo, classifier.about.input).await?;
        let features = classifier.features(&prepared.input);
        let logits = self.head.as_ref().map(|head| head.logits(&features)).unwrap_or_default();
        let milliseconds = (platform_now() - began) * 1000.0;
        Ok(VisionAnswer::Guessed { probabilities: softmax(&logits), milliseconds })
    }

    async fn recall(&mut self, ids: &[u32]) -> Vec<Collected> {
        let mut found = Vec::new();
        let counts = feature_counts();
        for &id in ids {
            for &count in &counts {
                if let Some(one) = self.collection.recall(id, count).await {
                    found.push(one);
                    break;
                }
            }
        }
        found
    }

    fn save_head(&self, labels: &[String]) -> Result<VisionAnswer, Failure> {
        let head = self.head.as_ref();
        let head = head.ok_or_else(|| refuse("No classifier has been trained yet.", "Press Train first."))?;
        let about = Pretrained::by_id(head.network)
            .ok_or_else(|| refuse("There is no such pretrained network here.", "Choose another."))?;
        if labels.len() != head.bias.len() {
            return Err(refuse("The classes have changed since the training.", "Train again, then export."));
        }
        linear_probe_file::save(head, labels, about).map(|bytes| VisionAnswer::File(ByteBuf::from(bytes)))
    }
}

/// All networks here give as many features as their classifier takes.
fn feature_counts() -> Vec<usize> {
    let count = |network: &Pretrained| (network.layers)().last().map(|layer| layer.from[0]);
    crate::pretrained::PRETRAINED.iter().filter_map(count).collect()
}

fn unusable(title: &str, why: &str) -> Failure {
    let what = format!("The weights of {title} cannot be used: {why}.");
    Failure::new(FailureKind::Data, what, "Tell whoever runs this site.")
}

fn refuse(what: &str, advice: &str) -> Failure {
    Failure::new(FailureKind::Input, what, advice)
}
