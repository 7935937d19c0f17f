//! A lesson as data: what it says, which lab it opens, and how each step knows that it is done. Written as one
//! Markdown file (`www/lessons/<id>.md`), compiled by the tool, shown by the page. Lessons never reach into the
//! page: they name places and facts of the tables here, and a name that is not in them fails the build.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A place of the page that a lesson can point at: name, panel to open first (on a phone), CSS selectors of which
/// the first that is there counts, as some things are there only when something was done.
pub type Place = (&'static str, &'static str, &'static str);

pub const PLACES: &[Place] = &[
    ("data", "data", "#panel-data"),
    ("samples", "data", "[data-testid=samples]"),
    ("split", "data", "[data-testid=split]"),
    ("pipeline", "data", "[data-testid=pipeline]"),
    ("model", "model", "#panel-model"),
    ("network", "model", "[data-testid=network]"),
    ("channels", "model", "[data-testid=channels] | [data-testid=network]"),
    ("parameters", "model", "[data-testid=parameters]"),
    ("sizes", "model", "[data-testid=sizes]"),
    ("training", "model", "[data-testid=training]"),
    ("learned", "learned", "#panel-learned"),
    ("accuracy", "learned", "[data-testid=accuracy]"),
    ("loss", "learned", "[data-testid=chart-loss]"),
    ("tests", "learned", "[data-testid=test-grid]"),
    ("confusion", "learned", "[data-testid=confusion]"),
    ("mistakes", "learned", "[data-testid=mistakes]"),
    ("pad", "try", "[data-testid=pad] | [data-testid=photo]"),
    ("answer", "try", "[data-testid=answer]"),
    // Points of the plane.
    ("points", "data", "[data-testid=point-sets]"),
    ("neurons", "model", "[data-testid=graph]"),
    ("neuron", "model", "[data-testid=neuron-card] | [data-testid=graph]"),
    ("plane", "learned", "[data-testid=surface]"),
    ("trace", "try", "[data-testid=stages]"),
    ("play", "", "[data-testid=play]"),
    ("rate", "", "[data-testid=learning-rate]"),
    // A network that comes trained.
    ("give", "", "[data-testid=drop]"),
    ("photos", "", "[data-testid=picture-samples]"),
    ("says", "", "[data-testid=says] | [data-testid=drop]"),
    ("sees", "", "[data-testid=stage] | [data-testid=drop]"),
    ("inside", "", "[data-testid=inside]"),
    // The visitor's own classes.
    ("classes", "data", "[data-testid=classes]"),
    ("train", "", "[data-testid=train]"),
    ("own-accuracy", "learned", "[data-testid=own-accuracy] | #panel-learned"),
    ("own-curve", "learned", "[data-testid=own-curve] | #panel-learned"),
    ("own-try", "try", "#panel-try"),
];

/// What can be checked besides the settings by their dotted keys. Deeds are counted since the step was shown.
pub const FACTS: &[&str] = &[
    "step",
    "epoch",
    "seconds",
    "train_loss",
    "train_accuracy",
    "test_loss",
    "test_accuracy",
    // Deeds.
    "shown",
    "played",
    "stepped",
    "reset",
    "drawn",
    "looked",
    "neuron",
    "weighed",
    "traced",
    "pixel",
    "pipeline",
    "classified",
    "pictures",
    "classes",
    "taught",
];

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    Data,
    Model,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lesson {
    pub id: String,
    pub part: Part,
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
}

impl Condition {
    fn parse(text: &str, settings: &[String]) -> Result<Self, String> {
        let Some((sign, is)) = SIGNS.iter().find(|(sign, _)| text.contains(sign)) else {
            return Self::parse_deed(text.trim());
        };
        let (fact, value) = text.split_once(sign).unwrap_or_default();
        let (fact, value) = (fact.trim().to_string(), value.trim().to_string());
        if !FACTS.contains(&fact.as_str()) && !settings.contains(&fact) {
            return Err(format!("“{fact}” is not a fact; there are {} and every setting", FACTS.join(", ")));
        }
        let ordered = matches!(is, Is::AtLeast | Is::AtMost);
        if value.is_empty() || ordered && value.parse::<f64>().is_err() {
            return Err(format!("“{text}” compares with nothing that can be compared"));
        }
        Ok(Self { fact, is: *is, value })
    }

    /// A deed by itself: at least once.
    fn parse_deed(name: &str) -> Result<Self, String> {
        if !FACTS.contains(&name) {
            return Err(format!("“{name}” is not a fact; there are {}", FACTS.join(", ")));
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

/// What the front page and links need of a lesson.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Listed {
    pub id: String,
    pub part: Part,
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

/// What `www/index.html` carries of the lessons: the list and the file with all of each, by language.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Contents {
    pub listed: BTreeMap<String, Vec<Listed>>,
    pub files: BTreeMap<String, String>,
}
