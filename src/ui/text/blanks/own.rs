//! Try it, for hidden tokens: a visitor's text with `[MASK]` in it, and what could stand there.

use super::asked::fill;
use crate::datasets::masked::MASK;
use crate::protocol::{Blank, Filled, TokenChoice};
use crate::ui::components::keys::focus;
use crate::ui::components::reactive::{memo, part, text};
use crate::ui::language::tr;
use crate::ui::panels::panel_state::{PanelState, scene};
use crate::ui::text::asking::{keep_asking, language, own_text, refusal, spelled, when};
use crate::ui::text::letters::{spoken, visible};
use crate::ui::text::likely::percent;
use leptos::html;
use leptos::prelude::*;
use std::sync::Arc;

/// Of each blank so many are shown.
const CHOICES: usize = 5;
/// While training goes on it is asked at most this often.
const EVERY_MILLISECONDS: f64 = 500.0;
const FIELD: &str = "blank-text";

#[derive(Clone, Copy)]
struct Blanks {
    scene: PanelState,
    /// None until the visitor types one or a held-out one is known.
    text: RwSignal<Option<String>>,
    told: RwSignal<Option<Arc<Filled>>>,
    refused: RwSignal<Option<String>>,
}

#[component]
pub fn BlankPanel() -> impl IntoView {
    let blanks = Blanks::new(scene());
    let step = text(move || blanks.told.with(|told| told.as_ref().map(|t| when(t.step)).unwrap_or_default()));
    view! {
        <h2 class="panel-title" id="title-try">{tr!("Try it")}</h2>
        <p class="panel-lead">{tr!("Write a text and hide a token of it: the network says what could stand there. It does so while it learns, too.")}</p>
        <div class="write" data-testid="fill">
            {field(blanks)}
            <p class="setting-error" role="alert">{text(move || blanks.refused.get().unwrap_or_default())}</p>
            <h3 class="block-title">{tr!("What could stand there")}" "<span class="block-aside num">{step}</span></h3>
            {part(move || blanks.told.with(|told| told.as_ref().map(|told| shown(blanks, told))))}
        </div>
    }
    .into_any()
}

impl Blanks {
    fn new(scene: PanelState) -> Self {
        let (told, refused) = (RwSignal::new(None), RwSignal::new(None));
        let text = own_text(
            scene,
            EVERY_MILLISECONDS,
            refused,
            move || told.set(None),
            |found| spelled(found, usize::MAX),
        );
        let blanks = Self { scene, text, told, refused };
        let wanted = memo(move || blanks.text.get().filter(|text| !text.is_empty()));
        keep_asking(scene, EVERY_MILLISECONDS, wanted, move |text| blanks.ask(text));
        blanks
    }

    async fn ask(self, text: String) {
        let answer = fill(self.scene, text).await;
        if self.refused.try_get_untracked().is_none() {
            return;
        }
        match answer {
            Ok(filled) => {
                self.refused.set(None);
                self.told.set(filled.map(Arc::new));
            }
            Err(failure) => self.refused.set(Some(refusal(&failure))),
        }
    }

    /// Puts a token where blank `number` is.
    fn put(self, number: usize, token: &str) {
        let Some(text) = self.text.get_untracked() else { return };
        let Some((at, _)) = text.match_indices(MASK).nth(number) else { return };
        let before = &text[..at];
        let token = if before.is_empty() || before.ends_with(' ') { token.trim_start() } else { token };
        self.scene.state.count_action("filled");
        self.text.set(Some(format!("{before}{token}{}", &text[at + MASK.len()..])));
        focus(FIELD);
    }
}

fn field(blanks: Blanks) -> AnyView {
    let node = NodeRef::<html::Textarea>::new();
    let language = language(blanks.scene);
    // What is selected is hidden, or a blank stands where the cursor is.
    let hide = move |_| {
        let Some(field) = node.get_untracked() else { return };
        let text: Vec<u16> = field.value().encode_utf16().collect();
        let place = |at: Result<Option<u32>, _>| {
            at.ok().flatten().map_or(text.len(), |at| at as usize).min(text.len())
        };
        let (from, to) = (place(field.selection_start()), place(field.selection_end()));
        let [before, after] = [&text[..from], &text[to.max(from)..]].map(String::from_utf16_lossy);
        blanks.scene.state.count_action("hid");
        blanks.text.set(Some(format!("{before}{MASK}{after}")));
        focus(FIELD);
    };
    view! {
        <label class="setting-name" for=FIELD>{tr!("Text")}</label>
        <textarea
            id=FIELD
            class="write-beginning"
            rows="2"
            maxlength="1000"
            spellcheck="false"
            autocomplete="off"
            autocapitalize="off"
            aria-describedby="blank-help"
            node_ref=node
            lang=move || language.get()
            prop:value=text(move || blanks.text.get().unwrap_or_default())
            on:input=move |event| {
                let text = event_target_value(&event);
                if text.contains(MASK) {
                    blanks.scene.state.count_action("hid");
                }
                blanks.text.set(Some(text));
            }
        ></textarea>
        <p class="setting-help" id="blank-help">{tr!("Where it says {}, a token is hidden. There may be several.", MASK)}</p>
        <div class="write-keys">
            <button type="button" class="button" data-testid="hide" on:click=hide>{tr!("Hide what is selected")}</button>
        </div>
    }
    .into_any()
}

fn shown(blanks: Blanks, told: &Filled) -> AnyView {
    let unknown = (!told.unknown.is_empty()).then(|| {
        let signs: Vec<String> = told.unknown.iter().map(|sign| format!("“{}”", sign.trim())).collect();
        tr!("The vocabulary does not have {}; the network reads each as unknown.", signs.join(", "))
    });
    let unread = (told.unread > 0).then(|| {
        tr!("The last {n} token is not read: the network has learned from shorter texts."
            | "The last {n} tokens are not read: the network has learned from shorter texts."
                % told.unread as usize)
    });
    let several = told.blanks.len() > 1;
    let cards =
        told.blanks.iter().enumerate().map(|(number, blank)| card(blanks, told, (number, blank), several));
    let none = told.blanks.is_empty().then(|| {
        view! { <p class="empty">{tr!("Nothing is hidden. Select a word and press “Hide what is selected”, or write {}.", MASK)}</p> }
            .into_any()
    });
    view! {
        <p class="setting-error">{unknown}</p>
        <p class="setting-error">{unread}</p>
        {none}
        {cards.collect_view()}
    }
    .into_any()
}

fn card(blanks: Blanks, told: &Filled, (number, blank): (usize, &Blank), several: bool) -> AnyView {
    let around = several.then(|| {
        let at = blank.at as usize;
        let before = told.tokens[at.saturating_sub(3)..at].concat();
        let after = told.tokens[at + 1..].iter().take(3).cloned().collect::<String>();
        view! { <p class="blank-around">{before}" "<b>"▢"</b>{after}</p> }.into_any()
    });
    let rows = blank.choices.iter().take(CHOICES).map(|choice| bar(blanks, number, choice));
    view! { <div class="blank-card" data-testid="blank">{around}<ol class="likely-rows">{rows.collect_view()}</ol></div> }.into_any()
}

fn bar(blanks: Blanks, number: usize, choice: &TokenChoice) -> AnyView {
    let token = choice.text.clone();
    let share = percent(choice.probability);
    let name = tr!("“{}”: {}; puts it there", spoken(&token), share);
    let sign = visible(token.trim_start_matches(' '));
    let width = format!("{:.1}%", choice.probability * 100.0);
    view! {
        <li>
            <button type="button" class="likely-row blank-row" aria-label=name on:click=move |_| blanks.put(number, &token)>
                <span class="likely-token">{sign}</span>
                <span class="likely-bars"><i class="likely-drawn" style:width=width></i></span>
                <span class="likely-number num">{share}</span>
            </button>
        </li>
    }
    .into_any()
}
