//! Training the classifier, asking it, and its file.

use super::controller::{NETWORK, Stage, TransferController, sentence};
use super::project::{Outcome, pictures};
use crate::protocol::vision::{HeadSpec, Photo, TrainedHead, VisionAnswer, VisionQuestion};
use crate::protocol::{Failure, FailureKind};
use crate::ui::components::{files, format};
use crate::ui::language::tr;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_bytes::ByteBuf;
use std::fmt::Write;

const AGAIN_MILLISECONDS: u32 = 1500;
/// With fewer held-out pictures one more or less right changes the figure by more than 5 %.
const TRUSTED: usize = 20;

/// One picture's answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Guessed {
    pub probabilities: Vec<f32>,
    pub milliseconds: f64,
}

impl TransferController {
    /// What is missing before anything can be trained.
    pub fn missing(self) -> Option<String> {
        let filled = self.project.with(|p| p.classes.iter().filter(|c| !c.ids.is_empty()).count());
        match filled {
            0 => Some(tr!("Add pictures to two classes first")),
            1 => {
                let empty =
                    self.project.with(|p| p.classes.iter().find(|c| c.ids.is_empty()).map(|c| c.title()));
                Some(match empty {
                    Some(name) => tr!("Now add pictures to “{}”", name),
                    None => tr!("Now add a second class"),
                })
            }
            _ => None,
        }
    }

    pub fn can_train(self) -> bool {
        let opening = self.stage.get() == Stage::Opening || self.stage.get() == Stage::Shut;
        !opening && !self.training.get() && self.missing().is_none()
    }

    pub fn train(self) {
        if !untrack(|| self.can_train()) {
            return;
        }
        self.again.with_value(crate::ui::timers::Debounce::cancel);
        self.training.set(true);
        self.trouble.set(None);
        self.reader.head.set(None);
        self.say(tr!("Training"));
        spawn_local(async move {
            match self.train_now().await {
                Ok(()) => {
                    self.scene.state.count_action("trained_since");
                    self.say(tr!("Trained. {}", untrack(|| self.result()).unwrap_or_default()));
                }
                Err(failure) => {
                    self.noticed(&failure);
                    self.trouble.set(Some(sentence(&failure)));
                }
            }
            self.training.set(false);
            self.reader.head.set(None);
            // Something may have changed meanwhile.
            self.train_again_soon();
        });
    }

    async fn train_now(self) -> Result<(), Failure> {
        self.ready().await;
        let (keys, examples) = self.project.with_untracked(|p| p.examples());
        let settings = self.project.with_untracked(|p| p.settings);
        let spec = HeadSpec {
            network: NETWORK.into(),
            examples: examples.clone(),
            classes: keys.len() as u8,
            epochs: settings.epochs,
            learning_rate: settings.learning_rate,
            held_out: settings.held_out,
            seed: settings.seed,
            recordings: self.project.with_untracked(|p| p.recorded()),
        };
        let VisionAnswer::Trained(head) = self.reader.ask(VisionQuestion::TrainHead(spec)).await? else {
            return Err(unexpected());
        };
        let labels: Vec<String> = keys.iter().map(|key| untrack(|| self.name(*key))).collect();
        let truth = examples.iter().map(|(_, class)| *class).collect();
        self.change(|p| {
            p.imported = None;
            p.outcome = Some(Outcome { keys, labels: labels.clone(), truth, settings, head });
        });
        self.can_guess.set(true);
        let file = self.head_file(labels).await?;
        self.keep_head(&file).await;
        Ok(())
    }

    async fn head_file(self, labels: Vec<String>) -> Result<Vec<u8>, Failure> {
        self.ready().await;
        match self.reader.ask(VisionQuestion::SaveHead { labels }).await? {
            VisionAnswer::File(bytes) => Ok(bytes.into_vec()),
            _ => Err(unexpected()),
        }
    }

    /// If the visitor wants it, once changes have settled.
    pub(super) fn train_again_soon(self) {
        if !self.project.with_untracked(|p| p.settings.again) {
            return;
        }
        self.again.with_value(|again| {
            again.after(AGAIN_MILLISECONDS, move || {
                let due = self.project.with_untracked(|p| p.changed() > 0 || p.settings_changed());
                if due && !untrack(|| self.intake.busy()) && !self.training.get_untracked() {
                    self.train();
                }
            });
        });
    }

    /// Held-out pictures, and how many of them are right.
    pub fn score(self) -> Option<(usize, usize)> {
        self.project.with(|p| p.outcome.is_some()).then(|| {
            self.verdicts.with(|all| {
                let held_out = all.iter().filter(|v| v.held_out);
                let right = held_out.clone().filter(|v| v.truth == v.said).count();
                (right, held_out.count())
            })
        })
    }

    /// “94 % of 63 held-out pictures right”
    pub fn result(self) -> Option<String> {
        let (right, count) = self.score()?;
        if count == 0 {
            return Some(tr!("No picture was held out, so nobody knows how good it is"));
        }
        let share = format::percent(right as f64 / count as f64, count as u32);
        Some(match count < TRUSTED {
            true => tr!(
                "{} of only {n} held-out picture right" | "{} of only {n} held-out pictures right" % count,
                share
            ),
            false => {
                tr!("{} of {n} held-out picture right" | "{} of {n} held-out pictures right" % count, share)
            }
        })
    }

    pub fn seconds(self) -> Option<String> {
        let of = |head: &TrainedHead| {
            let examples = pictures(head.train_count as usize);
            match head.seconds {
                // Its digits would say something about the machine's other work.
                ..1.0 => tr!("trained on {} in less than a second", examples),
                seconds => tr!("trained on {} in {}", examples, format::seconds(seconds)),
            }
        };
        self.project.with(|p| p.outcome.as_ref().map(|o| of(&o.head)))
    }

    /// What the classifier makes of a picture; why not, as a sentence.
    pub async fn guess(self, photo: Photo) -> Result<Guessed, String> {
        self.ready().await;
        match self.reader.ask(VisionQuestion::Guess { network: NETWORK.into(), photo }).await {
            Ok(VisionAnswer::Guessed { probabilities, milliseconds }) => {
                self.warm.set(true);
                Ok(Guessed { probabilities, milliseconds })
            }
            Ok(_) => Err(sentence(&unexpected())),
            Err(failure) => {
                self.noticed(&failure);
                Err(sentence(&failure))
            }
        }
    }

    pub fn prepare(self) {
        spawn_local(async move {
            match self.reader.ask(VisionQuestion::Prepare { network: NETWORK.into() }).await {
                Ok(_) => {
                    self.warm.set(true);
                    self.trouble.set(None);
                    self.say(tr!("The network is ready"));
                }
                Err(failure) => {
                    self.noticed(&failure);
                    self.trouble.set(Some(sentence(&failure)));
                }
            }
        });
    }

    /// The classifier as a download.
    pub fn export(self) {
        spawn_local(async move {
            let labels = self.project.with_untracked(|p| p.head_labels());
            match self.head_file(labels).await {
                Ok(bytes) => self.offer("intab-own-things.safetensors", &bytes),
                Err(failure) => self.trouble.set(Some(sentence(&failure))),
            }
        });
    }

    pub fn offer_labels(self) {
        self.offer("intab-own-labels.csv", self.labels_csv().as_bytes());
    }

    pub(super) fn offer(self, name: &str, bytes: &[u8]) {
        if files::offer(name, bytes).is_none() {
            self.trouble.set(Some(tr!("This browser did not take the file. Allow downloads for this page.")));
        }
    }

    /// Takes a classifier's file up; pictures and classes stay as they are.
    pub fn import(self, file: web_sys::File) {
        spawn_local(async move {
            let Some(bytes) = files::read(&file).await else {
                return self.trouble.set(Some(tr!("The file could not be read. Choose it again.")));
            };
            match self.reader.ask(VisionQuestion::LoadHead(ByteBuf::from(bytes.clone()))).await {
                Ok(VisionAnswer::Head(labels)) => {
                    let what = tr!("The classifier tells apart {}.", labels.join(", "));
                    self.change(|p| {
                        p.outcome = None;
                        p.imported = Some(labels);
                    });
                    self.can_guess.set(true);
                    self.trouble.set(None);
                    self.tell(&what, &tr!("Try it with the camera or a picture."));
                    self.keep_head(&bytes).await;
                }
                Ok(_) => self.trouble.set(Some(sentence(&unexpected()))),
                Err(failure) => self.trouble.set(Some(sentence(&failure))),
            }
        });
    }

    /// Every picture's label, and what the network says of it.
    fn labels_csv(self) -> String {
        let mut csv = String::from("id,class,held_out,predicted,probability\n");
        self.project.with_untracked(|p| {
            let names = p.head_labels();
            let guesses = p.outcome.as_ref().map_or(&[][..], |o| &o.head.guesses);
            for class in &p.classes {
                for id in &class.ids {
                    let said = guesses.iter().find(|g| g.id == *id).map_or_else(
                        || ",,".to_string(),
                        |g| {
                            let name = names.get(usize::from(g.class)).map_or("", |n| n.as_str());
                            format!("{},{},{:.4}", g.held_out, quoted(name), g.probability)
                        },
                    );
                    // Writing to a string does not fail.
                    let _ = writeln!(csv, "{id},{},{said}", quoted(&class.title()));
                }
            }
        });
        csv
    }
}

/// As CSV wants what may hold a comma; a leading sign that a spreadsheet would compute with is defused.
fn quoted(text: &str) -> String {
    let risky = text.starts_with(['=', '+', '-', '@']);
    format!("\"{}{}\"", if risky { "'" } else { "" }, text.replace('"', "\"\""))
}

fn unexpected() -> Failure {
    Failure::new(
        FailureKind::Engine,
        tr!("The engine answered something else."),
        tr!("Reload the page and try again."),
    )
}
