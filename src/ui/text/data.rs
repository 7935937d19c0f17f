//! Data that is text: which one, what it is cut into, how it begins in tokens, its vocabulary, and what one example is.

use super::blanks::asked::asks_for_hidden;
use super::excerpt::{Asked, excerpt, is_open};
use super::field::{field, trouble};
use super::own::OwnText;
use super::tokens::{coloured, is_unknown};
use super::vocabulary::{of_text, vocabulary};
use super::{example, lengths, merges, split};
use crate::datasets::TokenDataset;
use crate::datasets::tokens::OWN;
use crate::protocol::{DatasetInfo, Excerpt, Form, Question, TextInfo};
use crate::spec::{NumberInfo, WordInfo};
use crate::tokenizer::Kind;
use crate::ui::components::credit::credit;
use crate::ui::components::format;
use crate::ui::components::reactive::{flag, memo, part, text};
use crate::ui::language::{known, tr};
use crate::ui::panels::data::chooser;
use crate::ui::panels::panel_state::{PanelState, scene};
use crate::ui::panels::spec_number::number_field;
use crate::ui::panels::spec_word::word_field;
use leptos::prelude::*;
use serde_json::json;

/// Tokens of the beginning that are shown.
const BEGINNING: u32 = 400;

#[component]
pub fn TextData() -> impl IntoView {
    let scene = scene();
    let own = expect_context::<OwnText>();
    let title = text(move || scene.dataset.with(|d| d.as_ref().map(|d| known(&d.title))).unwrap_or_default());
    let blurb = text(move || scene.dataset.with(|d| d.as_ref().map(|d| known(&d.blurb))).unwrap_or_default());
    let is_own = memo(move || scene.state.spec.with(|spec| spec.data.id == OWN));
    // These follow the text by themselves and need not be drawn anew for another one.
    let open = memo(move || is_open(scene));
    let source = memo(move || {
        let said = |d: &DatasetInfo| (d.homepage.clone(), d.citation.clone(), d.licence.clone());
        scene.dataset.with(|d| d.as_ref().filter(|d| !d.homepage.is_empty()).map(said))
    });
    view! {
        <h2 class="panel-title" id="title-data">{tr!("Data")}</h2>
        {chooser(scene)}
        <p class="panel-lead"><strong>{title}</strong>" "{blurb}</p>
        {part(move || source.get().map(|(home, citation, licence)| credit(&home, &citation, &licence)))}
        {part(move || match is_own.get() {
            true => field(own),
            // A file that was dropped here and is refused.
            false => view! { <p class="failed" role="alert">{text(move || trouble(own))}</p> }.into_any(),
        })}
        {others(scene)}
        {settings(scene)}
        {split::split(scene)}
        {loading(scene)}
        {beginning(scene)}
        {part(move || open.get().then(|| view! {
            {vocabulary(scene)}
            {merges::merges(scene)}
            {lengths::lengths(scene)}
        }))}
        {example::example(scene)}
    }
    .into_any()
}

/// Every text and every kind of made sequences, with what it is.
fn others(scene: PanelState) -> AnyView {
    let sets = memo(move || {
        let said = |d: &DatasetInfo| (d.id.clone(), d.title.clone(), d.blurb.clone());
        scene.state.catalogue.with(|c| {
            let all = c.iter().flat_map(|c| &c.datasets);
            all.filter(|d| d.form == Form::Text).map(said).collect::<Vec<_>>()
        })
    });
    let one = move |(id, title, blurb): (String, String, String)| {
        let same = StoredValue::new(id.clone());
        let here = move || scene.state.spec.with(|s| same.with_value(|id| s.data.id == *id));
        let choose = move |_| {
            if let Err(why) = scene.lab.set("data.id", json!(same.get_value())) {
                scene.announcement.set(why);
            }
        };
        view! {
            <button type="button" class="text-set" class:chosen=flag(here) aria-pressed=text(move || here().to_string())
                data-testid=format!("set-{id}") on:click=choose>
                <strong>{known(&title)}</strong>
                <span>{known(&blurb)}</span>
            </button>
        }
        .into_any()
    };
    view! {
        <details class="more" data-control="data data.id" data-testid="text-sets">
            <summary>{tr!("Other texts, your own, and made sequences")}</summary>
            <div class="text-sets" role="group" aria-label=tr!("Which text")>
                {part(move || sets.get().into_iter().map(one).collect_view())}
            </div>
        </details>
    }
    .into_any()
}

/// Those that change something: characters are as many as there are, and lines are read whole.
fn settings(scene: PanelState) -> AnyView {
    let lines = memo(move || of_text(scene, |info| info.lines).unwrap_or(false));
    let sized = memo(move || {
        let chosen = scene.dataset.with(|d| {
            let word = d.as_ref()?.words.iter().find(|word| word.key == "data.tokenizer")?;
            Some(scene.state.spec.with(|spec| spec.data.word(word).to_string()))
        });
        chosen.is_none_or(|id| Kind::by_id(&id).is_some_and(|kind| kind.size.is_some()))
    });
    let matters = move |key: &str| match key {
        "data.size" => sized.get(),
        "data.window" => !lines.get(),
        // Nothing is carried where both sides are read.
        "data.carry" => !lines.get() && !asks_for_hidden(scene),
        _ => true,
    };
    let words = memo(move || {
        let all = scene.dataset.with(|d| d.as_ref().map(|d| d.words.clone()).unwrap_or_default());
        all.into_iter().filter(|word| matters(&word.key)).collect::<Vec<WordInfo>>()
    });
    let numbers = memo(move || {
        let all = scene.dataset.with(|d| d.as_ref().map(|d| d.numbers.clone()).unwrap_or_default());
        all.into_iter().filter(|number| matters(&number.key)).collect::<Vec<NumberInfo>>()
    });
    view! {
        <div class="settings text-settings" data-control="settings">
            {part(move || words.get().into_iter().map(word_field).collect_view())}
            {part(move || numbers.get().into_iter().map(number_field).collect_view())}
        </div>
    }
    .into_any()
}

/// Until the text is there.
fn loading(scene: PanelState) -> AnyView {
    let waits = move || !is_open(scene) && !scene.state.lacks_text.get();
    let made = memo(move || {
        let set = scene.state.spec.with(|spec| TokenDataset::by_id(&spec.data.id));
        set.is_some_and(|set| !set.is_text())
    });
    let words = text(move || match (waits(), made.get()) {
        (false, _) => String::new(),
        (true, true) => tr!("Questions and answers are being made."),
        (true, false) => tr!("The text is loaded and cut into tokens."),
    });
    view! { <p class="note text-loading" role="status" data-testid="loading">{words}</p> }.into_any()
}

fn beginning(scene: PanelState) -> AnyView {
    let asked = excerpt(scene, || Question::Beginning(BEGINNING));
    let title = text(move || of_text(scene, title).unwrap_or_default());
    let body = part(move || match asked.get() {
        Asked::Waiting => None,
        Asked::Failed(why) => Some(view! { <p class="failed">{why}</p> }.into_any()),
        Asked::Here(excerpt) => of_text(scene, |info| begun(scene, info, &excerpt)),
    });
    view! {
        <section class="text-part" aria-label=tr!("How it begins") data-testid="beginning">
            <h3 class="block-title">{tr!("How it begins")}" "<span class="block-aside num">{title}</span></h3>
            {body}
        </section>
    }
    .into_any()
}

fn title(info: &TextInfo) -> String {
    let shown = u64::from(BEGINNING).min(info.tokens[0]);
    tr!("the first {} tokens to learn from", format::count(shown))
}

fn begun(scene: PanelState, info: &TextInfo, excerpt: &Excerpt) -> AnyView {
    let unknown = excerpt.tokens.iter().filter(|id| is_unknown(info, **id)).count();
    let words = match unknown {
        0 => String::new(),
        n => tr!("{n} token here is unknown: the vocabulary is too small for it. It is marked."
            | "{n} tokens here are unknown: the vocabulary is too small for them. They are marked." % n),
    };
    view! {
        {coloured(scene, info, excerpt, tr!("The beginning of the training text, token by token"))}
        <p class="note num">{words}</p>
    }
    .into_any()
}
