//! How a file is read: what was recognised, each of it to be said otherwise, also for a file that was refused; and the
//! question that the file itself does not answer.

use super::say;
use super::state::TableState;
use crate::spec::ChoiceInfo;
use crate::table::text::Encoding;
use crate::table::{Column, Dialect, Question, Table};
use crate::ui::components::reactive::{here, memo, part, text};
use crate::ui::components::select::Select;
use crate::ui::language::{numeral, tr};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// Marks of missing values that are listed.
const MOST_MARKS: usize = 12;

/// Under the sentence that says why: the file's first lines, and every choice.
pub fn refused(bench: TableState) -> AnyView {
    let is_refused = memo(move || bench.refused.with(Option::is_some));
    let lines = text(move || {
        bench.refused.with(|r| r.as_ref().map(|r| r.beginning.lines.join("\n"))).unwrap_or_default()
    });
    part(move || {
        is_refused.get().then(|| {
            view! {
                <section class="table-refused" aria-labelledby="title-refused" data-testid="refused">
                    <h2 class="block-title" id="title-refused">{tr!("The file’s first lines")}</h2>
                    <pre class="table-lines" tabindex="0">{lines}</pre>
                    <p class="note">{tr!("If it is a table, say how it is written.")}</p>
                    {controls(bench)}
                </section>
            }
        })
    })
}

/// Which of two readings is meant, where nothing in the file says it.
pub fn asked(bench: TableState) -> AnyView {
    let question = memo(move || bench.table.with(|t| t.as_ref().and_then(|t| t.question.clone())));
    part(move || question.get().map(|question| ask(bench, &question)))
}

fn ask(bench: TableState, question: &Question) -> AnyView {
    let number = |value: f64| numeral(value.to_string());
    let answer = |comma: bool, words: String| {
        view! {
            <button type="button" class="button" on:click=move |_| bench.read_as(|said| said.decimal_comma = Some(comma))>
                {words}
            </button>
        }
        .into_any()
    };
    view! {
        <div class="table-asked" role="group" aria-labelledby="table-asked" data-testid="asked">
            <p id="table-asked">{tr!("Nothing in the file says which number “{}” in “{}” is. Which one is meant?", question.words, question.column)}</p>
            {answer(true, tr!("{}: the comma is the decimal mark", number(question.with_comma)))}
            {answer(false, tr!("{}: the point is the decimal mark", number(question.with_point)))}
        </div>
    }
    .into_any()
}

/// What is known of the file that the choices are about.
fn known(bench: TableState) -> Memo<(Dialect, Encoding)> {
    memo(move || {
        let refused = bench.refused.with(|r| r.as_ref().map(|r| (r.beginning.dialect, r.beginning.encoding)));
        let read = || bench.table.with(|t| t.as_ref().map(|t| (t.dialect, t.encoding)));
        refused.or_else(read).unwrap_or((Dialect::PLAIN, Encoding::UTF_8))
    })
}

/// Every choice about the reading.
pub fn controls(bench: TableState) -> AnyView {
    let known = known(bench);
    let dialect = move || known.get().0;
    let quotes = move || match dialect() {
        Dialect { quotes: false, .. } => "none",
        Dialect { single_quotes: true, .. } => "single",
        _ => "double",
    };
    let say_quotes = move |id: String| {
        bench.read_as(|said| {
            said.quotes = Some(id != "none");
            said.single_quotes = Some(id == "single");
        });
    };
    let choose = move |id: String| bench.read_as(|said| said.delimiter = id.chars().next());
    let skip = move |event| {
        let lines = event_target_value(&event).trim().parse().ok();
        bench.read_as(|said| said.skip = lines);
    };
    view! {
        <div class="table-picks" data-testid="recognised">
            <Select id="csv-delimiter" label=tr!("Cells are divided by") choices=delimiters(known)
                chosen=text(move || dialect().delimiter.to_string()) on_choose=choose />
            <Select id="csv-header" label=tr!("The first line holds") choices=headers()
                chosen=text(move || if dialect().header { "yes" } else { "no" }.into())
                on_choose=move |id: String| bench.read_as(|said| said.header = Some(id == "yes")) />
            <Select id="csv-mark" label=tr!("Decimal mark") choices=marks()
                chosen=text(move || if dialect().decimal_comma { "comma" } else { "point" }.into())
                on_choose=move |id: String| bench.read_as(|said| said.decimal_comma = Some(id == "comma")) />
            <Select id="csv-quotes" label=tr!("Quotation marks") choices=quotation_marks()
                chosen=text(move || quotes().into()) on_choose=say_quotes />
            <Select id="csv-encoding" label=tr!("Encoding") choices=encodings(known)
                chosen=text(move || known.get().1.id().into())
                on_choose=move |id: String| bench.read_as(|said| said.encoding = Some(id)) />
            <div class="select">
                <label class="select-label" for="csv-skip">{tr!("Lines to skip")}</label>
                <input id="csv-skip" class="num" type="number" min="0" inputmode="numeric"
                    prop:value=text(move || dialect().skip.to_string()) on:change=here(skip) />
            </div>
        </div>
        {missing_marks(bench)}
    }
    .into_any()
}

fn offered(all: Vec<(String, String)>) -> Vec<ChoiceInfo> {
    all.into_iter().map(|(id, title)| ChoiceInfo { id, title, blurb: String::new() }).collect()
}

fn delimiters(known: Memo<(Dialect, Encoding)>) -> Signal<Vec<ChoiceInfo>> {
    let named = [
        (',', tr!("comma")),
        (';', tr!("semicolon")),
        ('\t', tr!("tab")),
        ('|', tr!("bar")),
        (' ', tr!("blanks")),
    ];
    let mut all: Vec<_> = named.into_iter().map(|(mark, name)| (mark.to_string(), name)).collect();
    all.extend(["~", "^", ":"].map(|mark| (mark.into(), mark.into())));
    Signal::derive(move || {
        let mark = known.get().0.delimiter.to_string();
        let mut all = all.clone();
        if !all.iter().any(|(id, _)| *id == mark) {
            all.push((mark.clone(), mark));
        }
        offered(all)
    })
}

fn fixed(all: Vec<(&str, String)>) -> Signal<Vec<ChoiceInfo>> {
    let all = offered(all.into_iter().map(|(id, title)| (id.to_string(), title)).collect());
    Signal::derive(move || all.clone())
}

fn headers() -> Signal<Vec<ChoiceInfo>> {
    fixed(vec![("yes", tr!("names of the columns")), ("no", tr!("the first row"))])
}

fn marks() -> Signal<Vec<ChoiceInfo>> {
    fixed(vec![("point", tr!("point, as in 3.5")), ("comma", tr!("comma, as in 3,5"))])
}

fn quotation_marks() -> Signal<Vec<ChoiceInfo>> {
    fixed(vec![("double", tr!("double (\")")), ("single", tr!("single (')")), ("none", tr!("none"))])
}

fn encodings(known: Memo<(Dialect, Encoding)>) -> Signal<Vec<ChoiceInfo>> {
    Signal::derive(move || {
        let this = known.get().1;
        let mut all: Vec<Encoding> = Encoding::offered().collect();
        if !all.contains(&this) {
            all.push(this);
        }
        offered(all.into_iter().map(|encoding| (encoding.id().into(), encoding.name().into())).collect())
    })
}

/// What stands for a missing value: each mark can be taken back, and another one added.
fn missing_marks(bench: TableState) -> AnyView {
    let marks = memo(move || {
        let said = bench.said();
        let known = |mark: &String| !mark.is_empty();
        let mut all: BTreeMap<String, (usize, bool)> =
            said.missing.iter().map(|mark| (mark.clone(), (0, true))).collect();
        if bench.refused.with(Option::is_none) {
            bench.table.with(|table| {
                let columns = table.iter().flat_map(|table| &table.columns);
                for (mark, count) in columns.flat_map(|column| &column.marks).filter(|(mark, _)| known(mark))
                {
                    all.entry(mark.clone()).or_insert((0, true)).0 += *count as usize;
                }
            });
        }
        all.extend(said.not_missing.iter().map(|mark| (mark.clone(), (0, false))));
        all.into_iter().take(MOST_MARKS).collect::<Vec<_>>()
    });
    let add = move |event| {
        let words = event_target_value(&event).trim().to_string();
        if !words.is_empty() {
            bench.read_as(|said| said.say_missing(&words, true));
        }
    };
    view! {
        <fieldset class="table-marks" data-testid="missing-marks">
            <legend class="select-label">{tr!("These stand for a missing value")}</legend>
            {part(move || marks.get().into_iter().map(|(mark, (count, ticked))| one_mark(bench, mark, count, ticked)).collect_view())}
            <input type="text" class="mark-input" aria-label=tr!("Another mark of a missing value") placeholder=tr!("another one") prop:value="" on:change=here(add) />
        </fieldset>
    }
    .into_any()
}

fn one_mark(bench: TableState, mark: String, count: usize, ticked: bool) -> AnyView {
    let words = if count > 0 { format!("{mark} ({count})") } else { mark.clone() };
    let tick = move |event| {
        let missing = event_target_checked(&event);
        bench.read_as(|said| said.say_missing(&mark, missing));
    };
    view! { <label class="mark"><input type="checkbox" prop:checked=ticked on:change=tick />{words}</label> }
        .into_any()
}

/// What there is to say of how a column was read.
pub fn remarks(table: &Table, column: &Column) -> String {
    let all = column.remarks(table.dialect.decimal_comma);
    all.iter().map(say::say).collect::<Vec<_>>().join(" ")
}
