//! Held-out texts with hidden tokens, and what the network puts there now.

use super::asked::fill;
use crate::protocol::{Excerpt, Failure, Question, Request, Response};
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::reactive::{memo, part, text};
use crate::ui::language::tr;
use crate::ui::panels::panel_state::PanelState;
use crate::ui::text::asking::{keep_asking, language, refusal, said, when};
use leptos::prelude::*;

const SHOWN: u32 = 6;
/// Tokens of a long text that are shown.
const MOST: usize = 60;
/// While training goes on they are asked at most this often.
const EVERY_MILLISECONDS: f64 = 1000.0;

/// A piece of a text: as it is read, or hidden.
#[derive(Clone, PartialEq)]
enum Piece {
    Read(String),
    Hidden { said: String, truth: String },
}

#[derive(Clone, PartialEq)]
enum Round {
    Waiting,
    Here { step: u32, texts: Vec<Vec<Piece>> },
    Failed(String),
}

pub fn held_out(scene: PanelState) -> AnyView {
    let round = RwSignal::new(Round::Waiting);
    let wanted = memo(move || scene.state.spec.with(|spec| Some((spec.data.clone(), spec.seed))));
    keep_asking(scene, EVERY_MILLISECONDS, wanted, move |_| async move {
        let next = match all(scene).await {
            Ok((step, texts)) => Round::Here { step, texts },
            Err(failure) => Round::Failed(refusal(&failure)),
        };
        // The view may be gone by then.
        let _ = round.try_set(next);
    });
    let score = move || match &*round.read() {
        Round::Here { texts, .. } => {
            let hidden = || texts.iter().flatten().filter(|piece| matches!(piece, Piece::Hidden { .. }));
            let right = hidden().filter(|piece| is_right(piece)).count();
            Some(tr!("{} of {} right", right, hidden().count()))
        }
        _ => None,
    };
    let said = said(score);
    let aside = text(move || match &*round.read() {
        Round::Here { step, .. } => format!("{}, {}", score().unwrap_or_default(), when(*step)),
        _ => String::new(),
    });
    let language = language(scene);
    view! {
        <div class="block" data-testid="sample">
            <h3 class="block-title">{tr!("Held-out texts with blanks")}" "<span class="block-aside num">{aside}</span></h3>
            <div class="blanks" lang=move || language.get()>{part(move || shown(&round.read()))}</div>
            <p class="note">{tr!("In each blank stands what the network holds for the likeliest; where it is wrong, what was there follows.")}</p>
            <p class="sr-only" role="status" aria-live="polite">{said}</p>
        </div>
    }
    .into_any()
}

fn is_right(piece: &Piece) -> bool {
    matches!(piece, Piece::Hidden { said, truth } if said == truth)
}

fn shown(round: &Round) -> AnyView {
    match round {
        Round::Waiting => {
            view! { <p class="empty">{tr!("The network answers here as soon as it is open.")}</p> }.into_any()
        }
        Round::Failed(why) => view! { <p class="failed">{why.clone()}</p> }.into_any(),
        Round::Here { texts, .. } => {
            let line =
                |pieces: &Vec<Piece>| view! { <li>{pieces.iter().map(piece).collect_view()}</li> }.into_any();
            view! { <ul class="blank-texts">{texts.iter().map(line).collect_view()}</ul> }.into_any()
        }
    }
}

fn piece(piece: &Piece) -> AnyView {
    let Piece::Hidden { said, truth } = piece else {
        let Piece::Read(words) = piece else { return ().into_any() };
        return words.clone().into_any();
    };
    // The blank before a word is no part of what is marked.
    let blank = if truth.starts_with(' ') { " " } else { "" };
    let (class, sign, verdict) = match said == truth {
        true => ("blank right", Icon::Tick, tr!("right")),
        false => ("blank wrong", Icon::Cross, tr!("wrong")),
    };
    let truth = (said != truth).then(|| {
        let truth = truth.trim().to_string();
        view! { " "<span class="blank-truth">{truth}</span> }.into_any()
    });
    let said = said.trim().to_string();
    view! { {blank}<span class=class><b>{said}</b>{icon(sign)}<span class="sr-only">{verdict}</span></span>{truth} }.into_any()
}

/// The step of the network that answered, and the texts.
async fn all(scene: PanelState) -> Result<(u32, Vec<Vec<Piece>>), Failure> {
    let (mut step, mut texts) = (scene.state.step(), Vec::new());
    let vocabulary = scene.dataset.try_get_untracked().flatten().map(|d| d.target.vocabulary().to_vec());
    let vocabulary = vocabulary.unwrap_or_default();
    for index in 0..SHOWN {
        let question = Request::Excerpt(Question::Example { test: true, index });
        let Response::Excerpt(mut excerpt) = scene.lab.ask(question).await? else { continue };
        excerpt.texts.truncate(MOST);
        let Some(filled) = fill(scene, excerpt.texts.concat()).await? else { continue };
        step = filled.step;
        let said = filled.blanks.into_iter().map(|blank| {
            let likeliest = blank.choices.into_iter().next();
            (blank.at as usize, likeliest.map(|choice| choice.text).unwrap_or_default())
        });
        texts.push(pieces(&excerpt, said.collect(), &vocabulary));
    }
    Ok((step, texts))
}

fn pieces(excerpt: &Excerpt, said: Vec<(usize, String)>, vocabulary: &[String]) -> Vec<Piece> {
    let of = |(at, words): (usize, &String)| {
        let truth = excerpt.targets.get(at).copied().flatten();
        match (truth, said.iter().find(|(place, _)| *place == at)) {
            (Some(truth), Some((_, said))) => Piece::Hidden {
                said: said.clone(),
                truth: vocabulary.get(truth as usize).cloned().unwrap_or_default(),
            },
            _ => Piece::Read(words.clone()),
        }
    };
    excerpt.texts.iter().enumerate().map(of).collect()
}
