//! Lessons: `www/lessons/<id>.md` (and `www/lessons/<language>/<id>.md`) compiled to what the page shows. A lesson
//! whose lab does not exist yet is left out; any other mistake in it is an error that says where.

use crate::lesson::{Answer, Check, Done, Landmark, LecturePart, Lesson, PLACES, QUESTIONS, Step};
use crate::link;
use crate::protocol::Catalogue;
use crate::spec::Preset;
use crate::tools::Result;
use crate::tools::paths::{self, Places};
use pulldown_cmark::{Options, Parser, html};
use std::collections::BTreeMap;
use std::path::Path;

/// The language that lessons are written in; others fall back to it.
const FIRST: &str = "en";

/// Every language's lessons in the lecture's order; English is always among them.
pub fn all(places: &Places) -> Result<BTreeMap<String, Vec<Lesson>>> {
    let folder = places.root.join("www/lessons");
    let mut first = BTreeMap::new();
    let mut others: BTreeMap<String, BTreeMap<String, Lesson>> = BTreeMap::new();
    for file in paths::files_under(&folder)? {
        let name = file.strip_prefix(&folder).unwrap_or(&file).with_extension("");
        let id = name.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let language = name.parent().map(Path::to_string_lossy).unwrap_or_default().into_owned();
        let read = compile(&id, &paths::read_text(&file)?).map_err(|e| format!("{}: {e}", file.display()))?;
        let Some((order, lesson)) = read else {
            println!("{}: left out, as its lab does not exist yet", file.display());
            continue;
        };
        if language.is_empty() {
            first.insert((order, id), lesson);
        } else {
            others.entry(language).or_default().insert(id, lesson);
        }
    }
    let lessons: Vec<Lesson> = first.into_values().collect();
    let mut all = BTreeMap::new();
    for (language, own) in others {
        let of_language = with(&lessons, own).map_err(|e| format!("www/lessons/{language}/{e}"))?;
        all.insert(language, of_language);
    }
    all.insert(FIRST.into(), lessons);
    Ok(all)
}

/// The same lessons, in another language where there is one. Only their words may differ.
fn with(lessons: &[Lesson], mut own: BTreeMap<String, Lesson>) -> Result<Vec<Lesson>> {
    let mut all = Vec::new();
    for lesson in lessons {
        let translated = own.remove(&lesson.id).unwrap_or_else(|| lesson.clone());
        if bones(&translated) != bones(lesson) {
            return Err(format!("{}.md: it asks for other things than the English lesson", lesson.id));
        }
        all.push(translated);
    }
    match own.keys().next() {
        Some(id) => Err(format!("{id}.md: there is no English lesson of that name")),
        None => Ok(all),
    }
}

/// The lesson without its words.
fn bones(lesson: &Lesson) -> Lesson {
    let without = |step: &Step| Step {
        title: String::new(),
        text: String::new(),
        show: step.show.clone(),
        done: match &step.done {
            Done::When(_) | Done::Asked(_) => step.done.clone(),
            Done::Answered(answers) => Done::Answered(
                answers
                    .iter()
                    .map(|a| Answer { right: a.right, text: String::new(), why: String::new() })
                    .collect(),
            ),
        },
    };
    let none = String::new;
    Lesson {
        topic: none(),
        title: none(),
        sentence: none(),
        goal: none(),
        intro: none(),
        steps: lesson.steps.iter().map(without).collect(),
        ..lesson.clone()
    }
}

/// The lesson and its place in the order; none if it is of a lab that does not exist yet.
fn compile(id: &str, text: &str) -> Result<Option<(u32, Lesson)>> {
    let (head, body) = text
        .strip_prefix("---\n")
        .and_then(|rest| rest.split_once("\n---\n"))
        .ok_or("a lesson begins with “---”, its fields, and “---”")?;
    let mut fields: BTreeMap<&str, &str> = BTreeMap::new();
    for line in head.lines().filter(|line| !line.trim().is_empty()) {
        let (key, value) = line.split_once(": ").ok_or_else(|| format!("“{line}” is not “field: value”"))?;
        fields.insert(key.trim(), value.trim());
    }
    let mut take = |key: &str| fields.remove(key).ok_or_else(|| format!("there is no “{key}:”"));
    let lab = take("lab")?.to_string();
    let Some(settings) = settings_of(&lab)? else { return Ok(None) };
    let number = |text: &str| text.parse::<u32>().map_err(|_| format!("“{text}” is not a whole number"));
    let order = number(take("order")?)?;
    let mut parts =
        format!("\n{}", body.trim()).split("\n## ").map(str::to_string).collect::<Vec<_>>().into_iter();
    let lesson = Lesson {
        id: id.into(),
        part: match take("part")? {
            "data" => LecturePart::Data,
            "model" => LecturePart::Model,
            other => return Err(format!("“part: {other}”; there are data and model")),
        },
        topic: take("topic")?.into(),
        title: take("title")?.into(),
        sentence: take("sentence")?.into(),
        minutes: number(take("minutes")?)?,
        goal: take("goal")?.into(),
        reached: Check::parse(take("reached")?, &settings)?,
        lab,
        intro: markdown(parts.next().unwrap_or_default().trim()),
        steps: parts.map(|part| step(&part, &settings)).collect::<Result<_>>()?,
    };
    match fields.keys().next() {
        Some(unknown) => Err(format!("a lesson has no field “{unknown}”")),
        None if !(3..=6).contains(&lesson.steps.len()) => {
            Err("a lesson has three to five steps and at most one question more".into())
        }
        None => Ok(Some((order, lesson))),
    }
}

/// The settings of the lesson's lab; none if there is no such lab yet.
fn settings_of(lab: &str) -> Result<Option<Vec<String>>> {
    let preset = lab.split('&').find_map(|field| field.strip_prefix("preset="));
    if Preset::by_id(preset.ok_or("“lab:” is a link that begins with preset=")?).is_none() {
        return Ok(None);
    }
    let asked = link::decode(lab);
    match asked.complaint() {
        Some(complaint) => Err(complaint),
        None => Ok(Some(settings_of_any(&asked.spec))),
    }
}

/// A lesson may lead to any model, so it may check the settings of all.
fn settings_of_any(spec: &crate::spec::RunSpec) -> Vec<String> {
    let catalogue = Catalogue::of_tables(|_| true);
    let of_models = catalogue.models.iter().flat_map(|m| {
        let sizes = m.sizes.iter().map(|n| n.key.clone());
        sizes.chain(m.words.iter().map(|w| w.key.clone()))
    });
    catalogue.keys_of(spec).into_iter().chain(of_models).collect()
}

/// `## Title`, text, and lines `show: place`, `done: check`, `answers: question`, or answers `- [x] text: why`.
fn step(text: &str, settings: &[String]) -> Result<Step> {
    let (title, rest) = text.split_once('\n').unwrap_or((text, ""));
    let at = |why: String| format!("“{}”: {why}", title.trim());
    let (mut show, mut done, mut answers, mut prose) = (None, None, Vec::new(), String::new());
    for line in rest.lines() {
        if let Some(place) = line.strip_prefix("show: ") {
            let place = place.trim();
            if Landmark::by_name(place).is_none() {
                let known: Vec<_> = PLACES.iter().map(|place| place.name).collect();
                return Err(at(format!("“{place}” is not a place; there are {}", known.join(", "))));
            }
            show = Some(place.to_string());
        } else if let Some(check) = line.strip_prefix("done: ") {
            done = Some(Done::When(Check::parse(check.trim(), settings).map_err(at)?));
        } else if let Some(question) = line.strip_prefix("answers: ") {
            let question = question.trim();
            if !QUESTIONS.contains(&question) {
                return Err(at(format!(
                    "“{question}” is not a question; there are {}",
                    QUESTIONS.join(", ")
                )));
            }
            done = Some(Done::Asked(question.into()));
        } else if let Some(text) = line.strip_prefix("- [x] ").or_else(|| line.strip_prefix("- [ ] ")) {
            let (text, why) = text.split_once(": ").ok_or_else(|| at(format!("“{text}” has no “: why”")))?;
            let right = line.starts_with("- [x]");
            answers.push(Answer { text: inline(text), right, why: inline(why) });
        } else {
            prose += &format!("{line}\n");
        }
    }
    let done = match (done, answers.iter().any(|a| a.right)) {
        (Some(done), false) if answers.is_empty() => done,
        (None, true) => Done::Answered(answers),
        _ => return Err(at("a step has either “done:” or answers with a right one".into())),
    };
    Ok(Step { title: title.trim().into(), text: markdown(prose.trim()), show, done })
}

fn markdown(text: &str) -> String {
    let mut out = String::new();
    html::push_html(&mut out, Parser::new_ext(text, Options::empty()));
    out.trim_end().into()
}

/// Without the paragraph around it.
fn inline(text: &str) -> String {
    let html = markdown(text.trim());
    html.strip_prefix("<p>").and_then(|h| h.strip_suffix("</p>")).unwrap_or(&html).into()
}

#[cfg(test)]
mod tests {
    use super::{all, compile};
    use crate::lesson::Done;
    use crate::tools::paths::Places;

    const HEAD: &str = "---\norder: 1\npart: data\ntopic: T\ntitle: A\nsentence: S.\nlab: preset=mnist\nminutes: 3\n\
                        goal: G\nreached: test_accuracy >= 0.9\n---\nHello *you*.\n";
    const STEPS: &str = "\n## One\nText.\nshow: samples\ndone: shown\n\n## Two\ndone: step >= 1 and model.id = mlp\n\n\
                         ## Three\nWhich?\n- [ ] this: no.\n- [x] that: yes.\n";

    #[test]
    fn every_lesson_is_read_in_every_language() {
        let languages = all(&Places::find().unwrap()).unwrap();
        let english = &languages["en"];
        assert!(english.iter().any(|lesson| lesson.id == "detection"));
        assert!(languages.values().all(|lessons| lessons.len() == english.len()));
    }

    #[test]
    fn a_lesson_is_read_and_its_mistakes_are_named() {
        let (_, lesson) = compile("a", &format!("{HEAD}{STEPS}")).unwrap().unwrap();
        assert_eq!(lesson.intro, "<p>Hello <em>you</em>.</p>");
        assert_eq!(lesson.steps.len(), 3);
        assert_eq!(lesson.steps[0].show.as_deref(), Some("samples"));
        let Done::Answered(answers) = &lesson.steps[2].done else { panic!("a question") };
        assert_eq!((answers[1].right, answers[1].why.as_str()), (true, "yes."));
        for (from, to, complaint) in [
            ("show: samples", "show: nowhere", "“One”: “nowhere” is not a place"),
            ("step >= 1", "stap >= 1", "“stap” is not a fact"),
            ("done: shown", "answers: riddle", "“One”: “riddle” is not a question"),
            ("- [x]", "- [ ]", "“Three”: a step has either"),
            ("minutes: 3", "minutes: x", "not a whole number"),
            ("goal: G", "gaol: G", "there is no “goal:”"),
            ("## Three\nWhich?\n- [ ] this: no.\n- [x] that: yes.\n", "", "three to five steps"),
            ("preset=mnist", "preset=mnist&seed=x", "Ignored in the link"),
        ] {
            let error = compile("a", &format!("{HEAD}{STEPS}").replace(from, to)).unwrap_err();
            assert!(error.contains(complaint), "{error}");
        }
        let unborn = compile("a", &HEAD.replace("preset=mnist", "preset=unborn")).unwrap();
        assert!(unborn.is_none(), "its lab does not exist");
    }
}
