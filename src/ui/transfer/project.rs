//! The visitor's own pictures as the page remembers them: names, and which picture belongs to which class. The
//! pictures themselves and their features lie with the engine, under their ids. Plain data; no signals, no DOM.

use crate::protocol::vision::TrainedHead;
use crate::ui::language::tr;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

pub const MOST_CLASSES: usize = 10;
const LONGEST_NAME: usize = 40;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Project {
    /// Of this layout; one that is not known is not read.
    pub version: u32,
    /// Ids of pictures are given out once and never again.
    pub next_id: u32,
    pub next_key: u32,
    pub classes: Vec<Class>,
    pub settings: Settings,
    pub outcome: Option<Outcome>,
    /// Names of a classifier that came from a file, by its classes.
    pub imported: Option<Vec<String>>,
    /// Deleted, but Undo could still bring them back; forgotten when the next visit begins.
    pub trash: Vec<u32>,
    /// Pictures whose label the visitor confirmed against what the network says.
    pub confirmed: BTreeSet<u32>,
    /// Pictures of which the visitor said that they belong to two classes at once.
    #[serde(default)]
    pub shared: BTreeSet<u32>,
    /// The recording that a camera's frame is of: one press of the button. Pictures from files have none.
    #[serde(default)]
    pub recordings: BTreeMap<u32, u32>,
    #[serde(default)]
    pub next_recording: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Class {
    /// Stays the same when it is renamed or others go.
    pub key: u32,
    pub colour: u8,
    pub name: String,
    /// Oldest first.
    pub ids: Vec<u32>,
    /// Pictures of anything that is in no other class.
    #[serde(default)]
    pub none: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    pub held_out: f64,
    pub epochs: u32,
    pub learning_rate: f64,
    pub seed: u32,
    /// Trains again by itself after changes.
    pub again: bool,
}

/// What the last training said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Keys and names of the classifier's classes, in its order.
    pub keys: Vec<u32>,
    pub labels: Vec<String>,
    /// What every picture was labelled then, in the order of `head.guesses`.
    pub truth: Vec<u8>,
    pub settings: Settings,
    pub head: TrainedHead,
}

/// What the classifier makes of a picture, against the label that the picture has now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    pub id: u32,
    /// Places in `Outcome::keys`.
    pub truth: usize,
    pub said: usize,
    pub probability: f32,
    pub held_out: bool,
}

impl Default for Project {
    fn default() -> Self {
        let settings = Settings { held_out: 0.2, epochs: 60, learning_rate: 0.01, seed: 7, again: false };
        let mut project = Self {
            version: 1,
            next_id: 1,
            next_key: 1,
            classes: Vec::new(),
            settings,
            outcome: None,
            imported: None,
            trash: Vec::new(),
            confirmed: BTreeSet::new(),
            shared: BTreeSet::new(),
            recordings: BTreeMap::new(),
            next_recording: 0,
        };
        project.add_class(&class_name(1));
        project.add_class(&class_name(2));
        project
    }
}

impl Project {
    pub fn read(words: &[u8]) -> Option<Self> {
        serde_json::from_slice::<Self>(words).ok().filter(|p| p.version == 1)
    }

    pub fn class(&self, key: u32) -> Option<&Class> {
        self.classes.iter().find(|c| c.key == key)
    }

    pub fn class_mut(&mut self, key: u32) -> Option<&mut Class> {
        self.classes.iter_mut().find(|c| c.key == key)
    }

    /// The new class's key; none if there are as many as there can be.
    pub fn add_class(&mut self, name: &str) -> Option<u32> {
        if self.classes.len() >= MOST_CLASSES {
            return None;
        }
        let taken = |colour: &u8| self.classes.iter().any(|c| c.colour == *colour);
        // The first class colour is grey, for what has no class elsewhere: it comes last.
        let colour = (1..=9).chain([0]).find(|c| !taken(c)).unwrap_or(0);
        let key = self.next_key;
        self.next_key += 1;
        self.classes.push(Class { key, colour, name: tidy(name), ids: Vec::new(), none: false });
        Some(key)
    }

    /// The class for pictures of anything else: the one there is, or a new one.
    pub fn none_class(&mut self) -> Option<u32> {
        let there = self.classes.iter().find(|c| c.none).map(|c| c.key);
        let key = there.or_else(|| self.add_class(&tr!("None of these")))?;
        self.class_mut(key)?.none = true;
        Some(key)
    }

    /// “Class 3”, or the next number that no class has.
    pub fn new_name(&self) -> String {
        let taken = |name: &String| self.classes.iter().any(|c| c.name == *name);
        let mut names = (self.classes.len() + 1..).map(class_name);
        names.find(|name| !taken(name)).unwrap_or_default()
    }

    /// The class of this name: the one there is, or an empty one that nobody has named yet, or a new one.
    pub fn class_named(&mut self, name: &str) -> Option<u32> {
        let name = tidy(name);
        let same = |c: &&Class| c.name.to_lowercase() == name.to_lowercase();
        if let Some(found) = self.classes.iter().find(same) {
            return Some(found.key);
        }
        if let Some(blank) = self.classes.iter_mut().find(|c| c.ids.is_empty() && unnamed(&c.name)) {
            blank.name = name;
            return Some(blank.key);
        }
        self.add_class(&name)
    }

    pub fn rename(&mut self, key: u32, name: &str) {
        if let Some(class) = self.class_mut(key) {
            class.name = name.chars().take(LONGEST_NAME).collect();
        }
    }

    pub fn count(&self) -> usize {
        self.classes.iter().map(|c| c.ids.len()).sum()
    }

    pub fn ids(&self) -> Vec<u32> {
        self.classes.iter().flat_map(|c| c.ids.iter().copied()).collect()
    }

    /// The class that each picture has.
    pub fn labels(&self) -> BTreeMap<u32, u32> {
        self.classes.iter().flat_map(|c| c.ids.iter().map(|id| (*id, c.key))).collect()
    }

    /// What a training learns from: the keys of the classes that have pictures, and every picture with its place
    /// among them.
    pub fn examples(&self) -> (Vec<u32>, Vec<(u32, u8)>) {
        let filled: Vec<&Class> = self.classes.iter().filter(|c| !c.ids.is_empty()).collect();
        let keys = filled.iter().map(|c| c.key).collect();
        let of = |(place, class): (usize, &&Class)| {
            class.ids.iter().map(|id| (*id, place as u8)).collect::<Vec<_>>()
        };
        (keys, filled.iter().enumerate().flat_map(of).collect())
    }

    /// Frames that were recorded together and are still here.
    pub fn recorded(&self) -> Vec<Vec<u32>> {
        let mut recordings: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for id in self.ids() {
            if let Some(recording) = self.recordings.get(&id) {
                recordings.entry(*recording).or_default().push(id);
            }
        }
        recordings.into_values().collect()
    }

    /// These are gone for good.
    pub fn forget(&mut self, ids: &[u32]) {
        self.trash.retain(|id| !ids.contains(id));
        for id in ids {
            self.confirmed.remove(id);
            self.shared.remove(id);
            self.recordings.remove(id);
        }
    }

    /// What a class is called now, or was called when it was trained.
    pub fn head_labels(&self) -> Vec<String> {
        let Some(outcome) = &self.outcome else { return self.imported.clone().unwrap_or_default() };
        let name = |(key, old): (&u32, &String)| self.class(*key).map_or_else(|| old.clone(), Class::title);
        outcome.keys.iter().zip(&outcome.labels).map(name).collect()
    }

    /// Of the pictures that are still here, in a class that the classifier knows.
    pub fn verdicts(&self) -> Vec<Verdict> {
        let Some(outcome) = &self.outcome else { return Vec::new() };
        let labels = self.labels();
        let place = |id| outcome.keys.iter().position(|key| Some(key) == labels.get(&id));
        let verdict = |g: &crate::protocol::vision::HeadGuess| {
            Some(Verdict {
                id: g.id,
                truth: place(g.id)?,
                said: g.class.into(),
                probability: g.probability,
                held_out: g.held_out,
            })
        };
        outcome.head.guesses.iter().filter_map(verdict).collect()
    }

    /// Classes of the last training that had enough pictures to hold one out, but none that is unlike the others.
    pub fn unseen(&self) -> Vec<String> {
        let Some(outcome) = &self.outcome else { return Vec::new() };
        let unseen = |place: usize| {
            let of = || {
                outcome
                    .head
                    .guesses
                    .iter()
                    .zip(&outcome.truth)
                    .filter(move |(_, t)| usize::from(**t) == place)
            };
            let due = (of().count() as f64 * outcome.settings.held_out).floor() >= 1.0;
            due && of().all(|(guess, _)| !guess.held_out)
        };
        let names = self.head_labels().into_iter().enumerate();
        names.filter(|(place, _)| unseen(*place)).map(|(_, name)| name).collect()
    }

    /// Pictures that are new, gone or labelled otherwise since the last training.
    pub fn changed(&self) -> usize {
        let Some(outcome) = &self.outcome else { return 0 };
        let now = self.labels();
        let key = |truth: &u8| outcome.keys.get(usize::from(*truth)).copied();
        let then: BTreeMap<u32, Option<u32>> =
            outcome.head.guesses.iter().map(|g| g.id).zip(outcome.truth.iter().map(key)).collect();
        let new = now.iter().filter(|(id, class)| then.get(id) != Some(&Some(**class))).count();
        new + then.keys().filter(|id| !now.contains_key(id)).count()
    }

    /// Trained with other settings than these.
    pub fn settings_changed(&self) -> bool {
        let again = self.settings.again;
        self.outcome.as_ref().is_some_and(|o| Settings { again, ..o.settings } != self.settings)
    }
}

impl Class {
    /// Never empty, whatever the field holds.
    pub fn title(&self) -> String {
        let name = self.name.trim();
        if name.is_empty() { class_name(self.key as usize) } else { name.to_string() }
    }
}

/// What a class is called until somebody names it.
pub fn class_name(number: usize) -> String {
    tr!("Class {}", number)
}

/// “Class 2”: nobody has named it.
pub fn unnamed(name: &str) -> bool {
    let begin = tr!("Class {}", "");
    let rest = name.trim().strip_prefix(begin.as_str());
    name.trim().is_empty() || rest.is_some_and(|n| n.chars().all(|c| c.is_ascii_digit()))
}

fn tidy(name: &str) -> String {
    let words = name.split_whitespace().collect::<Vec<_>>().join(" ");
    words.chars().take(LONGEST_NAME).collect()
}

/// “1 picture”, “1,204 pictures”.
pub fn pictures(count: usize) -> String {
    tr!("{n} picture" | "{n} pictures" % count)
}

/// Pictures that are nearly the same, by the classes that they are in; the oldest of each class first.
pub type Alike = BTreeMap<u32, Vec<u32>>;

/// The engine's groups, of the pictures that are still in a class.
pub fn alike(project: &Project, groups: &[Vec<u32>]) -> Vec<Alike> {
    if groups.is_empty() {
        return Vec::new();
    }
    let labels = project.labels();
    let alike = |group: &Vec<u32>| {
        let mut alike = Alike::new();
        for id in group {
            if let Some(class) = labels.get(id) {
                alike.entry(*class).or_default().push(*id);
            }
        }
        alike
    };
    groups.iter().map(alike).collect()
}
