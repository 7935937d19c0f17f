//! The page's language. English sentences are the keys, as the crate `tr` has it; another language is one file of
//! `www/languages/`, compiled by the tool to a table that is fetched before the page is drawn.
//! `index.html` has chosen the language already, and says so in `<html lang>`.

use crate::platform;
use crate::ui::store::settings;
use js_sys::{Array, Intl, Object, Reflect};
use leptos::prelude::*;
use serde::Deserialize;
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt::Display;
use wasm_bindgen::{JsCast, JsValue};

/// The language of the keys.
pub const FIRST: &str = "en";

/// CLDR's order, which is the order of a PO file's plural forms.
const CATEGORIES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// A language that the page can have, as `index.html` lists it.
#[derive(Clone, Deserialize)]
pub struct Language {
    /// In itself.
    pub name: String,
    file: String,
}

/// Forms of each sentence, by the English one; with a context, that and `\u{4}` come first.
type Strings = BTreeMap<String, Vec<String>>;

struct Table(Strings);

thread_local! {
    static PLURALS: RefCell<Option<Intl::PluralRules>> = const { RefCell::new(None) };
    /// Before decimals, and between thousands.
    static MARKS: Cell<(char, char)> = const { Cell::new(('.', ',')) };
}

/// All of them but English, by their code.
pub fn all() -> BTreeMap<String, Language> {
    let text = document().get_element_by_id("languages").and_then(|e| e.text_content());
    serde_json::from_str(&text.unwrap_or_default()).unwrap_or_default()
}

/// What `<html lang>` says.
pub fn current() -> String {
    let lang = document().document_element().and_then(|root| root.get_attribute("lang"));
    lang.unwrap_or_else(|| FIRST.into())
}

/// Makes what `<html lang>` asks for the page's language. False where its file could not be had: it is English then.
pub async fn open() -> bool {
    let wanted = current();
    if wanted == FIRST {
        return true;
    }
    let there = load(&wanted).await;
    if !there {
        say_language(FIRST);
    }
    there
}

/// The language that the page is drawn in; in the Leptos context. The view is drawn anew when it changes.
#[derive(Clone, Copy)]
pub struct PageLanguage(pub RwSignal<String>);

/// Another language for the page that is open; it is kept. Says whether it could be fetched.
pub async fn switch(id: &str) -> bool {
    if id == FIRST {
        tr::unset_translator!();
        say_language(FIRST);
    } else if !load(id).await {
        return false;
    }
    settings::write("language", id);
    true
}

async fn load(id: &str) -> bool {
    let Some(language) = all().remove(id) else { return false };
    let Ok(bytes) = platform::fetch(&language.file, false, |_| ()).await else { return false };
    let Ok(strings) = serde_json::from_slice(&bytes) else { return false };
    tr::set_translator!(Table(strings));
    say_language(id);
    true
}

fn say_language(id: &str) {
    if let Some(root) = document().document_element() {
        // Fails for names that no attribute can have.
        let _ = root.set_attribute("lang", id);
    }
    document().set_title(&t("intab: neural networks = data + model"));
    let locales = Array::of1(&JsValue::from(id));
    PLURALS.set(Some(Intl::PluralRules::new(&locales, &Object::new())));
    // With the digits that the rest of the page has.
    let latin = Array::of1(&JsValue::from(format!("{id}-u-nu-latn")));
    let format = Intl::NumberFormat::new(&latin, &Object::new()).format();
    let words = format.call1(&JsValue::NULL, &JsValue::from(1_234_567.8)).ok().and_then(|w| w.as_string());
    let marks: Vec<char> = words.iter().flat_map(|w| w.chars()).filter(|c| !c.is_ascii_digit()).collect();
    MARKS.set((marks.last().copied().unwrap_or('.'), marks.first().copied().unwrap_or(',')));
}

/// Which of a PO file's forms a count has.
fn form(n: u64) -> usize {
    PLURALS
        .with_borrow(|rules| {
            let rules = rules.as_ref()?;
            let category = rules.select(n as f64).as_string()?;
            let known = Reflect::get(&rules.resolved_options(), &JsValue::from("pluralCategories")).ok()?;
            let known: Vec<String> =
                known.dyn_into::<Array>().ok()?.iter().filter_map(|c| c.as_string()).collect();
            let mut in_order = CATEGORIES.iter().filter(|c| known.iter().any(|k| k == *c));
            in_order.position(|c| *c == category)
        })
        .unwrap_or(0)
}

impl Table {
    fn find(&self, string: &str, context: Option<&str>, form: usize) -> Option<&String> {
        let forms = match context {
            Some(context) => self.0.get(&format!("{context}\u{4}{string}")),
            None => self.0.get(string),
        }?;
        // Some languages have forms for counts that their file has none for.
        forms.get(form).or(forms.last())
    }
}

impl tr::Translator for Table {
    fn translate<'a>(&'a self, string: &'a str, context: Option<&'a str>) -> Cow<'a, str> {
        Cow::Borrowed(self.find(string, context, 0).map_or(string, String::as_str))
    }

    fn ntranslate<'a>(
        &'a self,
        n: u64,
        singular: &'a str,
        plural: &'a str,
        context: Option<&'a str>,
    ) -> Cow<'a, str> {
        let english = if n == 1 { singular } else { plural };
        Cow::Borrowed(self.find(singular, context, form(n)).map_or(english, String::as_str))
    }
}

/// A sentence of a table (a title, a class, an engine's words), where the page shows it.
pub fn known(english: &str) -> String {
    t(english)
}

/// Marks a sentence for translation that `known` is asked for later.
pub const fn key(english: &'static str) -> &'static str {
    english
}

/// What `tr!` becomes: three functions for the whole page, where the crate's macro would put a copy of the look-up
/// at each of hundreds of places.
pub fn t(english: &str) -> String {
    tr::tr!(english)
}

pub fn t_with(english: &str, values: &[(&str, &dyn Display)]) -> String {
    tr::runtime_format::display_string(&t(english), values)
}

/// `{n}` is the count as the page writes numbers.
pub fn t_many(n: u64, one: &str, more: &str, values: &[(&str, &dyn Display)]) -> String {
    let words = count(n);
    let form =
        tr::internal::with_translator(module_path!(), |t| t.ntranslate(n, one, more, None).into_owned());
    let values: Vec<_> = values.iter().copied().chain([("n", &words as &dyn Display)]).collect();
    tr::runtime_format::display_string(&form, &values)
}

/// As the crate `tr` has it: `tr!("…")`, `tr!("{} of {}", a, b)`, `tr!("one picture" | "{n} pictures" % count)`.
macro_rules! translated {
    ($english:literal) => { $crate::ui::language::t($english) };
    ($english:literal, $($values:tt)+) => {
        $crate::ui::language::t_with($english, ::tr::runtime_format!(@parse_args [] $($values)+))
    };
    ($one:literal | $more:literal % $n:expr) => {
        $crate::ui::language::t_many($n as u64, $one, $more, &[])
    };
    ($one:literal | $more:literal % $n:expr, $($values:tt)+) => {
        $crate::ui::language::t_many($n as u64, $one, $more, ::tr::runtime_format!(@parse_args [] $($values)+))
    };
}
pub(crate) use translated as tr;

/// A number that is written with “.” and “,”, as the page's language writes it.
pub fn numeral(english: String) -> String {
    let (decimal, group) = MARKS.get();
    if (decimal, group) == ('.', ',') {
        return english;
    }
    let swap = |c| match c {
        '.' => decimal,
        ',' => group,
        other => other,
    };
    english.chars().map(swap).collect()
}

/// `54314` as “54,314”.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    numeral(out)
}
