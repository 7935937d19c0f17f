//! One number that a head finds, taken apart: query · key, scaled, softmax, and the values added up by their shares.

use super::looks::Looks;
use crate::explain::attention::{Look, found, looks as looked, products, value};
use crate::protocol::{HeadIo, Request, Response};
use crate::ui::components::format;
use crate::ui::components::reactive::{flag, memo, part, text};
use crate::ui::explain::labels::fixed;
use crate::ui::language::tr;
use crate::ui::text::asking::{keep_asking, refusal};
use crate::ui::text::letters::visible;
use leptos::prelude::*;
use std::sync::Arc;

/// While training goes on it is asked at most this often.
const EVERY_MILLISECONDS: f64 = 500.0;
/// So many tokens are shown, those that are looked at most; what the others add stands together.
const MOST: usize = 10;

#[derive(Clone, Copy)]
struct Apart {
    looks: Looks,
    told: RwSignal<Option<Arc<HeadIo>>>,
    /// Which number of what the head finds.
    number: RwSignal<usize>,
    /// The token whose score is taken apart.
    token: RwSignal<Option<usize>>,
}

pub fn apart(looks: Looks) -> AnyView {
    let (told, refused) = (RwSignal::new(None), RwSignal::new(None));
    let apart = Apart { looks, told, number: RwSignal::new(0), token: RwSignal::new(None) };
    let wanted = memo(move || {
        let text = looks.text.get().filter(|text| !text.is_empty())?;
        let (layer, head, crosses) = looks.place()?;
        // What is read along with a question is what was written to it.
        let text = if looks.asks.get() { looks.read() } else { text };
        Some((text, layer, head, looks.query() as u32, crosses))
    });
    keep_asking(
        looks.scene,
        EVERY_MILLISECONDS,
        wanted,
        move |(text, layer, head, at, crosses)| async move {
            let answer = looks.scene.lab.ask(Request::HeadIo { text, layer, head, at, crosses }).await;
            if refused.try_get_untracked().is_none() {
                return;
            }
            match answer {
                Ok(Response::HeadIo(head)) => {
                    refused.set(None);
                    told.set(Some(Arc::from(head)));
                }
                Ok(_) => (),
                Err(failure) => refused.set(Some(refusal(&failure))),
            }
        },
    );
    let table = part(move || told.with(|told| told.as_ref().map(|head| table(apart, head))));
    let products = part(move || told.with(|told| told.as_ref().map(|head| score(apart, head))));
    view! {
        <p class="note">{tr!("The chosen token asks with its query. Each token that it may look at answers with its key: the two lists are multiplied number by number and added up, and divided by the root of their length. Softmax makes shares of the scores. What the head finds are the values, each times its share, added up.")}</p>
        {chooser(apart)}
        <p class="setting-error" role="alert">{text(move || refused.get().unwrap_or_default())}</p>
        <div class="mind-table" tabindex="0" role="region" aria-label=tr!("How the number came to be")>{table}</div>
        {products}
    }
    .into_any()
}

impl Apart {
    fn size(self) -> usize {
        self.told.with(|told| told.as_ref().map_or(1, |head| head.query.len().max(1)))
    }
}

/// Which number it is.
fn chooser(apart: Apart) -> AnyView {
    let step = move |back: bool| {
        let size = untrack(move || apart.size());
        apart.number.update(|at| *at = if back { at.saturating_sub(1) } else { (*at + 1).min(size - 1) });
    };
    let words = text(move || tr!("number {} of {}", apart.number.get() + 1, apart.size()));
    view! {
        <div class="stepper apart-number">
            <button type="button" class="stepper-button" aria-label=tr!("Number before") disabled=flag(move || apart.number.get() == 0) on:click=move |_| step(true)>"−"</button>
            <span class="num" role="status">{words}</span>
            <button type="button" class="stepper-button" aria-label=tr!("Next number") data-testid="next-number" disabled=flag(move || apart.number.get() + 1 >= apart.size()) on:click=move |_| step(false)>"+"</button>
        </div>
    }
    .into_any()
}

/// Each token with its score, its share and what it adds.
fn table(apart: Apart, head: &HeadIo) -> AnyView {
    let number = apart.number.get().min(head.query.len().saturating_sub(1));
    let all = looked(head);
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by(|a, b| all[*b].share.total_cmp(&all[*a].share));
    let rest = order.split_off(order.len().min(MOST));
    order.sort_unstable();
    let rows = order.iter().map(|at| row(apart, head, (*at, all[*at]), number)).collect_view();
    let rest = (!rest.is_empty()).then(|| {
        let share: f64 = rest.iter().map(|at| all[*at].share).sum();
        let adds: f64 = rest.iter().map(|at| all[*at].share * value(head, *at, number)).sum();
        let name = tr!("{n} other" | "{n} others" % rest.len());
        view! { <tr><th scope="row">{name}</th><td></td><td></td><td></td><td>{shares(share)}</td><td></td><td>{fixed(adds)}</td></tr> }
            .into_any()
    });
    let sum = fixed(found(head, &all, number));
    let scaled = if head.slope > 0.0 {
        tr!("÷ √{}, less for distance", head.query.len())
    } else {
        format!("÷ √{}", head.query.len())
    };
    view! {
        <table class="apart-table num">
            <thead><tr>
                <th scope="col">{tr!("Token")}</th>
                <th scope="col">{tr!("query · key")}</th>
                <th scope="col">{scaled}</th>
                <th scope="col">{tr!("e to it")}</th>
                <th scope="col">{tr!("share")}</th>
                <th scope="col">{tr!("value")}</th>
                <th scope="col">{tr!("share × value")}</th>
            </tr></thead>
            <tbody>{rows}{rest}</tbody>
            <tfoot><tr>
                <th scope="row" colspan="4">{tr!("Added up")}</th>
                <td>{shares(1.0)}</td><td></td><td data-testid="apart-sum">{sum}</td>
            </tr></tfoot>
        </table>
    }
    .into_any()
}

fn shares(share: f64) -> String {
    format::percent(share, 1000)
}

fn row(apart: Apart, head: &HeadIo, (at, look): (usize, Look), number: usize) -> AnyView {
    let name =
        format!("{} “{}”", at + 1, head.tokens.get(at).map(|token| visible(token)).unwrap_or_default());
    let chosen = flag(move || apart.token.get() == Some(at));
    let open = move |_| {
        apart.looks.scene.state.count_action("score");
        apart.token.update(|token| *token = (*token != Some(at)).then_some(at));
    };
    let value = value(head, at, number);
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td><button type="button" class="quiet apart-score" aria-pressed=text(move || chosen.get().to_string()) title=tr!("Number by number") on:click=open>{fixed(look.product)}</button></td>
            <td>{fixed(look.score)}</td>
            <td>{format::number(look.power)}</td>
            <td>{shares(look.share)}</td>
            <td>{fixed(value)}</td>
            <td>{fixed(look.share * value)}</td>
        </tr>
    }
    .into_any()
}

/// One score, number by number; of the token that is chosen, else of the one that is looked at most.
fn score(apart: Apart, head: &HeadIo) -> AnyView {
    let size = head.query.len().max(1);
    let most = || {
        let all = looked(head);
        (0..all.len()).max_by(|a, b| all[*a].share.total_cmp(&all[*b].share))
    };
    let Some(at) = apart.token.get().filter(|at| *at < head.seen as usize).or_else(most) else {
        return ().into_any();
    };
    let key = head.keys.get(at * size..(at + 1) * size).unwrap_or_default();
    let token = |at: usize| head.tokens.get(at).map(|token| visible(token)).unwrap_or_default();
    let title = tr!("Query of “{}” · key of “{}”", token(head.at as usize), token(at));
    let cells = head.query.iter().zip(key).zip(products(head, key)).enumerate().map(|(place, ((query, key), product))| {
        view! { <tr><th scope="row">{place + 1}</th><td>{fixed((*query).into())}</td><td>{fixed((*key).into())}</td><td>{fixed(product)}</td></tr> }
            .into_any()
    });
    let sum = fixed(products(head, key).sum());
    view! {
        <h4 class="apart-title">{title}</h4>
        <div class="mind-table" tabindex="0" role="region" aria-label=tr!("Number by number")>
            <table class="apart-table num" data-testid="apart-products">
                <thead><tr><th scope="col">{tr!("Number")}</th><th scope="col">{tr!("query")}</th><th scope="col">{tr!("key")}</th><th scope="col">{tr!("product")}</th></tr></thead>
                <tbody>{cells.collect_view()}</tbody>
                <tfoot><tr><th scope="row" colspan="3">{tr!("Added up")}</th><td>{sum}</td></tr></tfoot>
            </table>
        </div>
    }
    .into_any()
}
