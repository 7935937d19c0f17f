//! Held-out questions of made sequences, with what the network answers now and what is right.

use super::asking::{keep_asking, refusal, said, when};
use crate::protocol::{Continuation, Excerpt, Failure, Question, Request, Response};
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::reactive::{memo, part, text};
use crate::ui::language::tr;
use crate::ui::panels::panel_state::PanelState;
use leptos::prelude::*;

const SHOWN: u32 = 5;
/// While training goes on they are asked at most this often.
const EVERY_MILLISECONDS: f64 = 2000.0;
/// Ends an answer, which a network that stops there does not write.
pub const END: char = '.';

/// A question of the held-out ones.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldOut {
    pub question: String,
    pub truth: String,
    /// Tokens of the answer.
    pub length: u32,
}

#[derive(Clone, PartialEq)]
struct Answered {
    asked: HeldOut,
    answer: String,
}

impl Answered {
    fn is_right(&self) -> bool {
        self.answer.trim_end_matches(END) == self.asked.truth.trim_end_matches(END)
    }
}

#[derive(Clone, PartialEq)]
enum Round {
    Waiting,
    Here { step: u32, answers: Vec<Answered> },
    Failed(String),
}

pub fn questions(scene: PanelState) -> AnyView {
    let round = RwSignal::new(Round::Waiting);
    // Other settings make other questions.
    let wanted = memo(move || scene.state.spec.with(|spec| Some((spec.data.clone(), spec.seed))));
    keep_asking(scene, EVERY_MILLISECONDS, wanted, move |_| async move {
        let step = scene.state.step();
        let next = match all(scene).await {
            Ok(answers) => Round::Here { step, answers },
            Err(failure) => Round::Failed(refusal(&failure)),
        };
        // The view may be gone by then.
        let _ = round.try_set(next);
    });
    let score = move || match &*round.read() {
        Round::Here { answers, .. } => {
            let right = answers.iter().filter(|a| a.is_right()).count();
            Some(tr!("{} of {} right", right, answers.len()))
        }
        _ => None,
    };
    let said = said(score);
    let aside = text(move || match &*round.read() {
        Round::Here { step, .. } => format!("{}, {}", score().unwrap_or_default(), when(*step)),
        _ => String::new(),
    });
    view! {
        <div class="block" data-testid="sample">
            <h3 class="block-title">{tr!("Held-out questions")}" "<span class="block-aside num">{aside}</span></h3>
            <div class="questions">{part(move || shown(&round.read()))}</div>
            <p class="note">{tr!("It writes the likeliest token each time.")}</p>
            <p class="sr-only" role="status" aria-live="polite">{said}</p>
        </div>
    }
    .into_any()
}

fn shown(round: &Round) -> AnyView {
    match round {
        Round::Waiting => {
            view! { <p class="empty">{tr!("The network answers here as soon as it is open.")}</p> }.into_any()
        }
        Round::Failed(why) => view! { <p class="failed">{why.clone()}</p> }.into_any(),
        Round::Here { answers, .. } => view! {
            <table class="question-table">
                <thead>
                    <tr>
                        <th scope="col">{tr!("Question")}</th>
                        <th scope="col">{tr!("It answers")}</th>
                        <th scope="col">{tr!("Right is")}</th>
                    </tr>
                </thead>
                <tbody>{answers.iter().map(row).collect_view()}</tbody>
            </table>
        }
        .into_any(),
    }
}

fn row(answered: &Answered) -> AnyView {
    let (class, sign, word) = match answered.is_right() {
        true => ("verdict right", Icon::Tick, tr!("right")),
        false => ("verdict wrong", Icon::Cross, tr!("wrong")),
    };
    let answer = match answered.answer.is_empty() {
        true => tr!("nothing"),
        false => answered.answer.clone(),
    };
    view! {
        <tr>
            <th scope="row" class="mono">{short(&answered.asked.question)}</th>
            <td><span class="mono">{answer}</span>" "<span class=class>{icon(sign)}{word}</span></td>
            <td class="mono">{answered.asked.truth.clone()}</td>
        </tr>
    }
    .into_any()
}

/// A long question keeps its ends, which are what matters.
fn short(question: &str) -> String {
    const SIDE: usize = 14;
    let letters: Vec<char> = question.chars().collect();
    if letters.len() <= 2 * SIDE + 3 {
        return question.into();
    }
    let side = |letters: &[char]| letters.iter().collect::<String>();
    format!("{} … {}", side(&letters[..SIDE]), side(&letters[letters.len() - SIDE..]))
}

async fn all(scene: PanelState) -> Result<Vec<Answered>, Failure> {
    let mut answers = Vec::new();
    for index in 0..SHOWN {
        let Some(asked) = held_out(scene, index).await? else { continue };
        let question = Request::Generate(Continuation {
            prompt: asked.question.clone(),
            tokens: asked.length,
            temperature: 0.0,
            top_k: 0,
            top_p: 1.0,
            seed: 1,
            choices: false,
        });
        if let Response::Written(written) = scene.lab.ask(question).await? {
            let tokens = written.tokens.iter().skip(written.prompt as usize);
            answers.push(Answered { answer: tokens.map(|token| token.text.as_str()).collect(), asked });
        }
    }
    Ok(answers)
}

/// Held-out question `index`; none where nothing is asked for.
pub async fn held_out(scene: PanelState, index: u32) -> Result<Option<HeldOut>, Failure> {
    let question = Request::Excerpt(Question::Example { test: true, index });
    let Response::Excerpt(excerpt) = scene.lab.ask(question).await? else { return Ok(None) };
    let vocabulary = scene.dataset.try_get_untracked().flatten().map(|d| d.target.vocabulary().to_vec());
    Ok(of_excerpt(&excerpt, &vocabulary.unwrap_or_default()))
}

/// The question ends with the token after which the answer is asked for.
fn of_excerpt(excerpt: &Excerpt, vocabulary: &[String]) -> Option<HeldOut> {
    let first = excerpt.targets.iter().position(Option::is_some)?;
    let wanted = excerpt.targets[first..].iter().flatten();
    let name = |id: &u32| vocabulary.get(*id as usize).map_or("", String::as_str);
    Some(HeldOut {
        question: excerpt.texts.get(..=first)?.concat(),
        truth: wanted.clone().map(name).collect(),
        length: wanted.count() as u32,
    })
}
