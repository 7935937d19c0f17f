//! A lesson as data: what it says, which lab it opens, and how each step knows that it is done. Written as one
//! Markdown file (`www/lessons/<id>.md`), compiled by the tool, shown by the page. Lessons never reach into the
//! page: they name places and facts of the tables here, and a name that is not in them fails the build.

mod confused;
mod tables;
mod varied;

pub use confused::{Mistake, offered};
pub use tables::{FACTS, Fact, Landmark, PLACES, QUESTIONS, VARIED};
pub use varied::{Varied, varied};

use crate::link::Visibility;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LecturePart {
    Data,
    Model,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lesson {
    pub id: String,
    pub part: LecturePart,
    /// Where it stands in the lecture: “Pictures”, “Convolutional networks”.
    pub topic: String,
    pub title: String,
    /// One sentence: what you see and do.
    pub sentence: String,
    /// The lab as the hash of a link.
    pub lab: String,
    pub minutes: u32,
    /// In words; reached when `reached` holds.
    pub goal: String,
    pub reached: Check,
    /// The text before the first step.
    pub intro: String,
    pub steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    pub title: String,
    /// HTML, made by us from our Markdown.
    pub text: String,
    /// Names of `PLACES`: opened, scrolled to and lit.
    pub show: Option<String>,
    pub done: Done,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Done {
    When(Check),
    /// A question with answers to choose from; done when a right one was chosen.
    Answered(Vec<Answer>),
    /// A question of `QUESTIONS` about the visitor's own run: its answers are computed from the run.
    Asked(String),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    pub text: String,
    pub right: bool,
    /// What to say when it is chosen.
    pub why: String,
}

/// Conditions that all hold, such as `step >= 1 and model.id = cnn`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Check(pub Vec<Condition>);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    pub fact: String,
    pub is: Is,
    pub value: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Is {
    #[serde(rename = "=")]
    Equal,
    #[serde(rename = "!=")]
    Other,
    #[serde(rename = ">=")]
    AtLeast,
    #[serde(rename = "<=")]
    AtMost,
}

const SIGNS: [(&str, Is); 4] = [(">=", Is::AtLeast), ("<=", Is::AtMost), ("!=", Is::Other), ("=", Is::Equal)];

impl Check {
    /// Reads `fact sign value and …`; a fact that nothing knows is an error.
    pub fn parse(text: &str, settings: &[String]) -> Result<Self, String> {
        text.split(" and ").map(|part| Condition::parse(part, settings)).collect::<Result<_, _>>().map(Self)
    }

    /// Whether all hold; `fact` tells a fact's value, if there is one yet.
    pub fn holds(&self, fact: impl Fn(&str) -> Option<String>) -> bool {
        self.0.iter().all(|condition| fact(&condition.fact).is_some_and(|value| condition.holds(&value)))
    }

    pub fn names(&self, fact: &str) -> bool {
        self.0.iter().any(|condition| condition.fact == fact)
    }

    /// It asks for something that the visitor does by hand.
    pub fn by_hand(&self) -> bool {
        self.0.iter().any(|condition| Fact::by_name(&condition.fact).is_some_and(|fact| fact.deed))
    }
}

impl Condition {
    fn parse(text: &str, settings: &[String]) -> Result<Self, String> {
        let Some((sign, is)) = SIGNS.iter().find(|(sign, _)| text.contains(sign)) else {
            return Self::parse_deed(text.trim());
        };
        let (fact, value) = text.split_once(sign).unwrap_or_default();
        let (fact, value) = (fact.trim().to_string(), value.trim().to_string());
        if Fact::by_name(&fact).is_none() && !settings.contains(&fact) {
            return Err(format!("“{fact}” is not a fact; there are {} and every setting", Fact::names()));
        }
        let ordered = matches!(is, Is::AtLeast | Is::AtMost);
        if value.is_empty() || ordered && value.parse::<f64>().is_err() {
            return Err(format!("“{text}” compares with nothing that can be compared"));
        }
        Ok(Self { fact, is: *is, value })
    }

    /// A deed by itself: at least once.
    fn parse_deed(name: &str) -> Result<Self, String> {
        if Fact::by_name(name).is_none() {
            return Err(format!("“{name}” is not a fact; there are {}", Fact::names()));
        }
        Ok(Self { fact: name.into(), is: Is::AtLeast, value: "1".into() })
    }

    fn holds(&self, value: &str) -> bool {
        let numbers = value.parse::<f64>().ok().zip(self.value.parse::<f64>().ok());
        match (self.is, numbers) {
            (Is::AtLeast, Some((is, wanted))) => is >= wanted,
            (Is::AtMost, Some((is, wanted))) => is <= wanted,
            (Is::Equal, Some((is, wanted))) => is == wanted,
            (Is::Other, Some((is, wanted))) => is != wanted,
            (Is::Equal, None) => value == self.value,
            (Is::Other, None) => value != self.value,
            (Is::AtLeast | Is::AtMost, None) => false,
        }
    }
}

impl Step {
    pub fn place(&self) -> Option<&'static Landmark> {
        self.show.as_deref().and_then(Landmark::by_name)
    }

    /// Ids of panels, controls and settings that the step cannot do without and the link leaves out.
    pub fn left_out(&self, shown: &Visibility) -> Vec<String> {
        let panel = self.place().map(|place| place.panel).filter(|panel| !panel.is_empty());
        let panel = panel.filter(|panel| !shown.only.is_empty() && !shown.only.iter().any(|id| id == panel));
        let mut controls: Vec<&str> = self.place().map(|place| place.control).into_iter().collect();
        if let Done::When(check) = &self.done {
            let of = |c: &'_ Condition| Fact::by_name(&c.fact).map(|fact| fact.control);
            controls.extend(check.0.iter().map(|c| of(c).unwrap_or(&c.fact)));
        }
        let hidden = controls.into_iter().filter(|id| shown.hidden.iter().any(|hidden| hidden == id));
        let mut all: Vec<String> = panel.into_iter().chain(hidden).map(String::from).collect();
        all.dedup();
        all
    }
}

/// What the front page and links need of a lesson.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Listed {
    pub id: String,
    pub part: LecturePart,
    pub topic: String,
    pub title: String,
    pub sentence: String,
    pub lab: String,
    pub minutes: u32,
    pub goal: String,
    pub steps: usize,
}

impl Lesson {
    pub fn listed(&self) -> Listed {
        Listed {
            id: self.id.clone(),
            part: self.part,
            topic: self.topic.clone(),
            title: self.title.clone(),
            sentence: self.sentence.clone(),
            lab: self.lab.clone(),
            minutes: self.minutes,
            goal: self.goal.clone(),
            steps: self.steps.len(),
        }
    }
}

/// What `index.html` carries of the lessons: the list and the file with all of each, by language.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Contents {
    pub listed: BTreeMap<String, Vec<Listed>>,
    pub files: BTreeMap<String, String>,
}
