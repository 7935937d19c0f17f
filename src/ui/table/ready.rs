//! What becomes of the rows: the split, what is done with missing values, and the constants that numbers are
//! standardised by, all of the training rows alone.

use super::say;
use super::state::TableState;
use crate::spec::ChoiceInfo;
use crate::table::{How, Input, Missing, Plan, TargetEncoding, Task};
use crate::ui::components::format;
use crate::ui::components::reactive::{memo, part, text};
use crate::ui::components::select::Select;
use crate::ui::language::tr;
use leptos::prelude::*;

/// Shares that can be held out, in per cent.
const SHARES: [u32; 4] = [20, 33, 40, 50];

pub fn panel(bench: TableState) -> AnyView {
    let content = part(move || {
        bench.plan.with(|plan| match plan {
            None => {
                view! { <p class="empty">{tr!("Choose what is to be learned: one column of the table.")}</p> }
                    .into_any()
            }
            Some(Err(why)) => {
                view! { <p class="failed" role="alert" data-testid="plan-trouble">{say::say(why)}</p> }
                    .into_any()
            }
            Some(Ok(plan)) => planned(bench, plan),
        })
    });
    let either = memo(move || {
        let target = bench.target().map(|(at, _)| at);
        bench
            .table
            .with(|t| t.as_ref().and_then(|t| t.columns.get(target?)).is_some_and(|c| c.can_be_either()))
    });
    // Rows in order are estimated, and the last of them are held out.
    let in_order = memo(move || bench.recipe.with(|r| r.as_ref().is_some_and(|r| r.window > 0)));
    view! {
        <section class="table-block ready" aria-labelledby="title-ready" data-testid="ready">
            <h2 class="block-title" id="title-ready">{tr!("What the network gets")}</h2>
            {part(move || (!in_order.get()).then(|| view! {
                <div class="table-picks">{missing(bench)}{share(bench)}{part(move || either.get().then(|| task(bench)))}</div>
            }))}
            {content}
        </section>
    }
    .into_any()
}

fn missing(bench: TableState) -> AnyView {
    let choice = |id: &str, title: String| ChoiceInfo { id: id.into(), title, blurb: String::new() };
    let choices = Signal::derive(move || {
        vec![choice("drop", tr!("leave the row out")), choice("median", tr!("fill in the median"))]
    });
    let chosen = text(move || {
        let missing = bench.recipe.with(|r| r.as_ref().map(|r| r.missing));
        if missing == Some(Missing::Median) { "median".into() } else { "drop".into() }
    });
    let choose = move |id: String| {
        let missing = if id == "median" { Missing::Median } else { Missing::Drop };
        bench.change(|recipe| recipe.missing = missing);
    };
    view! { <Select id="table-missing" label=tr!("Missing values") choices=choices chosen=chosen on_choose=choose /> }
        .into_any()
}

/// Numbers of few values can be told apart or estimated.
fn task(bench: TableState) -> AnyView {
    let choice = |id: &str, title: String| ChoiceInfo { id: id.into(), title, blurb: String::new() };
    let choices = Signal::derive(move || {
        vec![
            choice("classification", tr!("which value a row has")),
            choice("ordinal", tr!("which grade a row has, in order")),
            choice("regression", tr!("how large the number is")),
        ]
    });
    let chosen = text(move || {
        let column = bench.target().map(|(at, _)| at);
        let task = bench.table.with(|t| {
            let column = t.as_ref().and_then(|t| t.columns.get(column?).cloned())?;
            bench.recipe.with(|r| r.as_ref().map(|r| r.task_of(&column)))
        });
        match task {
            Some(Task::Regression) => "regression".into(),
            Some(Task::Ordinal) => "ordinal".into(),
            _ => "classification".into(),
        }
    });
    let choose = move |id: String| {
        let task = match id.as_str() {
            "regression" => Task::Regression,
            "ordinal" => Task::Ordinal,
            _ => Task::Classification,
        };
        bench.change(|recipe| recipe.task = Some(task));
    };
    view! { <Select id="table-task" label=tr!("Task") choices=choices chosen=chosen on_choose=choose /> }
        .into_any()
}

fn share(bench: TableState) -> AnyView {
    let choices = Signal::derive(move || {
        let choice = |share: u32| {
            let title =
                if share == 33 { tr!("a third") } else { format::percent(f64::from(share) / 100.0, 1) };
            ChoiceInfo { id: share.to_string(), title, blurb: String::new() }
        };
        SHARES.map(choice).to_vec()
    });
    let chosen = text(move || {
        let share = bench.recipe.with(|r| r.as_ref().map_or(1.0 / 3.0, |r| r.test_share));
        ((share * 100.0) as u32).to_string()
    });
    let choose = move |id: String| {
        let share = id.parse().unwrap_or(33_u32);
        let share = if share == 33 { 1.0 / 3.0 } else { f64::from(share) / 100.0 };
        bench.change(|recipe| recipe.test_share = share);
    };
    view! { <Select id="table-share" label=tr!("Held out for the test") choices=choices chosen=chosen on_choose=choose /> }
        .into_any()
}

fn planned(bench: TableState, plan: &Plan) -> AnyView {
    let rows = plan.train.len() + plan.test.len();
    let share = plan.train.len() as f64 / rows.max(1) as f64 * 100.0;
    let count = |n: usize| format::count(n as u64);
    let train = tr!("{} rows to learn from", count(plan.train.len()));
    let test = tr!("{} rows held out for the test", count(plan.test.len()));
    let notes = notes(plan).into_iter().map(|note| view! { <li>{note}</li> }.into_any()).collect_view();
    let inputs: Vec<_> = plan.inputs.iter().take(MOST_SHOWN).map(|input| row(bench, input)).collect();
    let more = plan.inputs.len().saturating_sub(MOST_SHOWN);
    let more = (more > 0).then(|| view! { <p class="note">{tr!("and {} more columns", count(more))}</p> });
    view! {
        <div class="ready-split">
        <div class="split-sizes" data-testid="split-sizes">
            <div class="split-line" aria-hidden="true"><i style=format!("width:{share:.1}%")></i></div>
            <p class="num"><span class="split-train">{train}</span><span class="split-test">{test}</span></p>
        </div>
        <ul class="ready-notes" data-testid="ready-notes">{notes}</ul>
        </div>
        <div class="ready-constants">
        <table class="constants num" data-testid="constants">
            <caption>{tr!("Measured on the rows to learn from, and on no others. {} columns become {} inputs of the network.", count(plan.inputs.len()), count(plan.width()))}</caption>
            <thead><tr><th scope="col">{tr!("Column")}</th><th scope="col">{tr!("mean")}</th><th scope="col">{tr!("deviation")}</th><th scope="col">{tr!("if missing")}</th></tr></thead>
            <tbody>{inputs}</tbody>
        </table>
        {more}
        </div>
    }
    .into_any()
}

const MOST_SHOWN: usize = 60;

fn row(bench: TableState, input: &Input) -> AnyView {
    let name = input.column.clone();
    match &input.how {
        How::Standardised { mean, std, median } => {
            let column =
                bench.table.with_untracked(|t| t.as_ref().and_then(|t| t.column(&name))).unwrap_or(0);
            let word = |value: f64| {
                let said = |t: &Option<crate::table::Table>| t.as_ref().map(|t| say::mean(t, column, value));
                bench.table.with_untracked(said).unwrap_or_default()
            };
            view! { <tr><th scope="row">{name}</th><td>{word(*mean)}</td><td>{word(*std)}</td><td>{word(*median)}</td></tr> }
                .into_any()
        }
        How::OneHot { categories, usual } => {
            let each = categories.iter().map(|c| format!("“{c}”")).collect::<Vec<_>>().join(", ");
            let words = tr!("one input each: {}", each);
            let usual = categories.get(*usual).map(|c| format!("“{c}”"));
            view! { <tr><th scope="row">{name}</th><td colspan="2">{words}</td><td>{usual}</td></tr> }
                .into_any()
        }
    }
}

/// What is learned, and every row that is in neither part.
fn notes(plan: &Plan) -> Vec<String> {
    let count = |n: usize| format::count(n as u64);
    let target = &plan.recipe.target;
    let mut notes = vec![match &plan.target {
        TargetEncoding::Classes(names) => {
            tr!("Learned is which “{}” a row has, one of {}: {}.", target, count(names.len()), few(names))
        }
        TargetEncoding::Number { mean, std } => {
            tr!(
                "Learned is the number “{}” (mean {}, deviation {}).",
                target,
                format::number(*mean),
                format::number(*std)
            )
        }
    }];
    let in_order = plan.recipe.window > 0;
    if in_order && !plan.dropped.is_empty() {
        notes.push(tr!("Not asked for, because the value is missing: {} rows.", count(plan.dropped.len())));
    } else if !plan.dropped.is_empty() {
        notes.push(tr!("Left out because a value is missing: {} rows.", count(plan.dropped.len())));
    }
    if in_order && plan.imputed > 0 {
        notes.push(tr!("Missing values that are read as the value before them: {}.", count(plan.imputed)));
    } else if plan.imputed > 0 {
        notes.push(tr!(
            "Missing values that get the median, or the most frequent category: {}.",
            count(plan.imputed)
        ));
    }
    if in_order {
        notes.push(tr!(
            "Before each prediction the last {} rows are read, and nothing of what comes later.",
            count(plan.recipe.window)
        ));
    }
    if !plan.fill.is_empty() {
        notes.push(tr!("To be filled in, because “{}” is missing: {} rows.", target, count(plan.fill.len())));
    }
    if !plan.twins.is_empty() {
        let twins: Vec<_> = plan.twins.iter().take(8).map(|(_, twin)| count(*twin as usize + 1)).collect();
        notes.push(tr!(
            "Kept out, because a row to be filled in is the same and the answer would be given away: {} rows (row {}).",
            count(plan.twins.len()),
            twins.join(", ")
        ));
    }
    notes
}

fn few(names: &[String]) -> String {
    let shown = names.iter().take(6).map(|name| format!("“{name}”")).collect::<Vec<_>>().join(", ");
    if names.len() > 6 { format!("{shown}, …") } else { shown }
}
