//! How good the network's guesses are: its loss beside what those reach who know little of the text.

use super::blanks::asked::asks_for_hidden;
use super::vocabulary::of_text;
use crate::protocol::{Evaluation, TextInfo};
use crate::ui::charts::score::{Counted, counted, score};
use crate::ui::components::format;
use crate::ui::components::reactive::{memo, part, text};
use crate::ui::language::tr;
use crate::ui::panels::panel_state::scene;
use leptos::prelude::*;

/// Somebody who guesses the next token, and the loss in nats.
struct Guesser {
    name: String,
    knows: String,
    loss: f64,
    /// It is the network.
    learned: bool,
}

#[component]
pub fn Baselines() -> impl IntoView {
    let scene = scene();
    let last = scene.last_evaluation();
    let loss = memo(move || last.with(|e| e.as_ref().map(|e| e.loss)));
    let right = text(move || last.with(|e| e.as_ref().map(right).unwrap_or_default()));
    let rows = part(move || of_text(scene, |info| table(info, loss.get(), asks_for_hidden(scene))));
    view! {
        <section class="block baselines" aria-label=tr!("The lines to beat") data-testid="baselines">
            <h3 class="block-title">{tr!("The lines to beat")}" "<span class="block-aside">{tr!("on the held-out text, for each token that is asked for")}</span></h3>
            {rows}
            <p class="note">{tr!("The loss is −ln of the probability that the right token was given, in nats; divided by ln 2 it is in bits. Perplexity is e to the loss: as unsure as between so many equally likely tokens.")}</p>
            <p class="baselines-right num" data-testid="tokens-right">{right}</p>
        </section>
    }
    .into_any()
}

fn right(evaluation: &Evaluation) -> String {
    match counted(evaluation) {
        Counted::NextTokens => tr!("It names {} of the next tokens right.", score(evaluation)),
        Counted::HiddenTokens => tr!("It names {} of the hidden tokens right.", score(evaluation)),
        Counted::Examples => {
            tr!("Whole answers that are right, from the first token to the last: {}.", score(evaluation))
        }
    }
}

fn guessers(info: &TextInfo, loss: Option<f32>, hidden: bool) -> Vec<Guesser> {
    let uniform = (info.vocabulary.len().max(1) as f64).ln();
    let one = |name: String, knows: String, loss: f64| Guesser { name, knows, loss, learned: false };
    let mut all = vec![
        one(tr!("Uniform"), tr!("knows nothing: every token is as likely"), uniform),
        one(tr!("Unigram"), tr!("knows how frequent each token is"), info.unigram.into()),
    ];
    if let Some(bigram) = info.bigram {
        all.push(one(tr!("Bigram"), tr!("knows which token follows which"), bigram.into()));
    }
    if let Some(loss) = loss {
        let knows = match hidden {
            true => tr!("has read all that is not hidden"),
            false => tr!("has read all that comes before"),
        };
        let name = tr!("This network");
        all.push(Guesser { name, knows, loss: loss.into(), learned: true });
    }
    all
}

fn table(info: &TextInfo, loss: Option<f32>, hidden: bool) -> AnyView {
    let all = guessers(info, loss, hidden);
    let most = all.iter().map(|g| g.loss).filter(|loss| loss.is_finite()).fold(1e-6, f64::max);
    let row = |g: &Guesser| {
        let width = format!("width:{:.2}%", (g.loss / most).clamp(0.0, 1.0) * 100.0);
        let class = if g.learned { "baseline learned" } else { "baseline" };
        view! {
            <tr class=class>
                <th scope="row"><strong>{g.name.clone()}</strong>" "<span>{g.knows.clone()}</span><i class="baseline-bar" style=width></i></th>
                <td>{format::decimals(g.loss, 3)}</td>
                <td>{format::decimals(g.loss / std::f64::consts::LN_2, 2)}</td>
                <td>{format::number(g.loss.exp())}</td>
            </tr>
        }
        .into_any()
    };
    let rows = all.iter().map(row).collect_view();
    view! {
        <table class="baselines-table num">
            <thead><tr>
                <th scope="col">{tr!("Who guesses")}</th>
                <th scope="col">{tr!("nats")}</th>
                <th scope="col">{tr!("bits")}</th>
                <th scope="col">{tr!("perplexity")}</th>
            </tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}
