//! “How much data is enough?”: the network that is shown, trained again and again on more and more examples, or with more
//! and more wrong labels; its accuracy as a curve that draws itself.

mod chart;
pub mod state;

use crate::experiment::{AXES, Axis, Curve, Finished, Planned, mean};
use crate::spec::{AUGMENTS, ChoiceInfo, RunSpec};
use crate::ui::components::format;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::plot::{Plot, SIDE, axis, empty, grid};
use crate::ui::components::reactive::{flag, memo, part, text};
use crate::ui::components::select::Select;
use crate::ui::language::{known, tr};
use chart::{Drawn, draw};
use leptos::prelude::*;
use state::{Experiment, Laboratory, Running};
use wasm_bindgen::JsCast;
use web_sys::Element;

/// How many times each value may be tried.
const SEEDS: [u32; 3] = [1, 3, 5];

/// `at_hand`: open by itself, as it is while something runs.
pub fn view(at_hand: bool) -> AnyView {
    let laboratory = expect_context::<Laboratory>();
    let open = RwSignal::new(at_hand || laboratory.runs());
    let toggled = move |event: web_sys::Event| {
        let details = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        open.set(details.is_some_and(|details| details.has_attribute("open")));
    };
    view! {
        <details class="more experiment" data-testid="experiment" open=flag(move || open.get()) on:toggle=toggled>
            <summary>{tr!("How much data is enough?")}</summary>
            {part(move || open.get().then(|| laboratory.open().map(body)))}
        </details>
    }
    .into_any()
}

fn body(experiment: Experiment) -> AnyView {
    let axis = memo(move || experiment.axis.get());
    let curves = memo(move || experiment.finished.with(|all| Axis::by_id(axis.get()).curves(all)));
    view! {
        <p class="note">{tr!("This network, with these settings, is trained from scratch again and again and tested on the same examples each time. It runs beside your own run, which goes on; what is done stays done when the page is closed.")}</p>
        {choices(experiment)}
        {buttons(experiment, curves)}
        <p class="num" role="status" data-testid="experiment-status">{text(move || status(experiment))}</p>
        <p class="setting-error" role="alert">{text(move || experiment.trouble.get().unwrap_or_default())}</p>
        {plot(experiment, curves)}
        {part(move || legend(experiment, curves))}
        {part(move || (!curves.with(Vec::is_empty)).then(|| table(experiment, curves)))}
    }
    .into_any()
}

fn choices(experiment: Experiment) -> AnyView {
    let choice = |id: String, title: String| ChoiceInfo { id, title, blurb: String::new() };
    let axes: Vec<ChoiceInfo> = AXES.iter().map(|axis| choice(axis.id.into(), axis.title.into())).collect();
    // A script may have chosen another number.
    let seeds = memo(move || {
        let mut all = SEEDS.to_vec();
        all.push(experiment.seeds.get());
        all.sort_unstable();
        all.dedup();
        all.into_iter().map(|seeds| choice(seeds.to_string(), seeds.to_string())).collect::<Vec<_>>()
    });
    view! {
        <div class="experiment-choices">
            <Select
                id="experiment-axis"
                label=tr!("What differs")
                choices=Signal::stored(axes)
                chosen=memo(move || experiment.axis.get().to_string())
                on_choose=move |id: String| experiment.choose(&id)
            />
            <Select
                id="experiment-seeds"
                label=tr!("Seeds")
                choices=seeds
                chosen=memo(move || experiment.seeds.get().to_string())
                on_choose=move |seeds: String| experiment.seeds.set(seeds.parse().unwrap_or(1))
            />
        </div>
    }
    .into_any()
}

fn buttons(experiment: Experiment, curves: Memo<Vec<Curve>>) -> AnyView {
    let runs = memo(move || experiment.running.with(Option::is_some));
    let left = experiment.left;
    let begun = memo(move || left.get() < experiment.plan.with(Vec::len));
    let words = text(move || match (runs.get(), begun.get()) {
        (true, _) => tr!("Pause"),
        (false, true) => tr!("Go on"),
        (false, false) => tr!("Run them"),
    });
    let toggle = move |_| if runs.get_untracked() { experiment.pause() } else { experiment.run() };
    let clear = move || {
        view! {
            <button type="button" class="quiet" data-testid="experiment-clear" disabled=flag(move || runs.get()) on:click=move |_| experiment.clear()>
                {icon(Icon::Cross)}<span>{tr!("Forget all")}</span>
            </button>
        }
        .into_any()
    };
    view! {
        <div class="buttons">
            <button type="button" class="button" data-testid="experiment-run" disabled=flag(move || !runs.get() && left.get() == 0) on:click=toggle>{words}</button>
            {part(move || (!curves.with(Vec::is_empty)).then(clear))}
        </div>
    }
    .into_any()
}

fn status(experiment: Experiment) -> String {
    let (all, left) = (experiment.plan.with(Vec::len), experiment.left.get());
    let done = tr!("{} of {n} run done" | "{} of {n} runs done" % all, format::count((all - left) as u64));
    experiment.running.with(|running| match running {
        None if all == 0 => tr!("The data is being counted."),
        None => done,
        Some(Running { steps: 0, .. }) => tr!("{} · waiting for the data", done),
        Some(Running { axis, value, seed, step, steps, .. }) => tr!(
            "{} · {}: {}, seed {}, step {} of {}",
            done,
            known(axis.title),
            format::count((*value).into()),
            *seed,
            format::count((*step).into()),
            format::count((*steps).into())
        ),
    })
}

/// “CNN, changed by chance, Wrong labels, % 20”
fn name(experiment: Experiment, spec: &RunSpec) -> String {
    experiment.scene.state.catalogue.with(|catalogue| {
        let Some(catalogue) = catalogue else { return spec.model.id.clone() };
        let model = catalogue.model(&spec.model.id).map(|model| known(&model.title));
        let augment = catalogue.augments.iter().find(|a| a.id == spec.train.augment && a.id != AUGMENTS[0].0);
        let settings = catalogue.numbers_of(spec).filter_map(|number| {
            let value = spec.data.options.get(number.key.strip_prefix("data.")?)?.as_f64()?;
            Some(format!("{} {}", known(&number.label), format::plain(value)))
        });
        let augment = augment.map(|augment| known(&augment.title));
        model.into_iter().chain(augment).chain(settings).collect::<Vec<_>>().join(", ")
    })
}

fn plot(experiment: Experiment, curves: Memo<Vec<Curve>>) -> AnyView {
    // One seed's are all.
    let planned = memo(move || {
        let of_one = |planned: &&Planned| planned.spec.seed == 1;
        experiment
            .plan
            .with(|plan| plan.iter().filter(of_one).map(|planned| planned.value).collect::<Vec<_>>())
    });
    let drawn = memo(move || {
        let axis = Axis::by_id(experiment.axis.get());
        let planned: Vec<u32> = planned.get();
        experiment.finished.with(|all| curves.with(|curves| draw(axis, curves, all, &planned)))
    });
    let lines = move |drawn: &Drawn| {
        let line = |(at, path): (usize, &String)| {
            view! { <path class="experiment-line" data-class=colour(at) d=path.clone() /> }.into_any()
        };
        drawn.paths.iter().enumerate().map(line).collect_view()
    };
    let over = view! {
        <div class="experiment-dots">{part(move || drawn.with(|drawn| drawn.dots.iter().map(|of| dot(experiment, of)).collect_view()))}</div>
        {part(move || curves.with(Vec::is_empty).then(|| empty(tr!("nothing was run yet"))))}
    };
    let plot = Plot {
        class: "chart experiment-chart",
        test_id: Some("experiment-chart".into()),
        title: tr!("Accuracy on test examples"),
        unit: tr!("a dot for each run, a line through their means"),
        readout: ().into_any(),
        up: part(move || axis(drawn.with(|drawn| drawn.up.clone()), "top")),
        area: view! {
            <div class="chart-area" role="img" aria-label=text(move || summary(experiment, curves))>
                <svg viewBox=format!("0 0 {SIDE} {SIDE}") preserveAspectRatio="none" aria-hidden="true">
                    <path class="grid" d=text(move || drawn.with(|drawn| grid(&drawn.up))) />
                    {part(move || drawn.with(lines))}
                </svg>
            </div>
        }
        .into_any(),
        across: part(move || axis(drawn.with(|drawn| drawn.across.clone()), "left")),
        across_unit: None,
        over: over.into_any(),
        below: view! { <p class="note experiment-axis">{text(move || known(Axis::by_id(experiment.axis.get()).title))}</p> }
            .into_any(),
    };
    plot.view()
}

/// Of the classes' palette, so that neighbours differ.
fn colour(curve: usize) -> usize {
    [3, 7, 9, 8, 2, 4, 1, 0][curve % 8]
}

/// A run; who presses it opens it.
fn dot(experiment: Experiment, (left, top, curve, run): &(f64, f64, usize, Finished)) -> AnyView {
    let words = run_words(experiment, run);
    let spec = run.spec.clone();
    // The table below has the same for who uses keys.
    view! {
        <button
            type="button"
            class="experiment-dot"
            tabindex="-1"
            aria-hidden="true"
            data-class=colour(*curve)
            style=format!("left:{left:.2}%;top:{top:.2}%")
            title=words
            on:click=move |_| experiment.scene.lab.open_spec(spec.clone())
        ></button>
    }
    .into_any()
}

fn run_words(experiment: Experiment, run: &Finished) -> String {
    tr!(
        "{}: {}, seed {}: {} of {} test examples, {} steps",
        name(experiment, &Axis::by_id(&run.axis).common(&run.spec)),
        format::count(run.value.into()),
        run.spec.seed,
        format::percent(run.score, run.count),
        format::count(run.count.into()),
        format::count(run.steps.into())
    )
}

fn summary(experiment: Experiment, curves: Memo<Vec<Curve>>) -> String {
    curves.with(|curves| {
        let point = |(value, scores): &(u32, Vec<f64>)| {
            tr!("{} at {}", format::percent(mean(scores), 1000), format::count((*value).into()))
        };
        let curve = |curve: &Curve| {
            let points: Vec<String> = curve.points.iter().map(point).collect();
            format!("{}: {}", name(experiment, &curve.spec), points.join(", "))
        };
        let all: Vec<String> = curves.iter().map(curve).collect();
        format!("{} {}", tr!("Accuracy on test examples"), all.join("; "))
    })
}

fn legend(experiment: Experiment, curves: Memo<Vec<Curve>>) -> AnyView {
    let one = |(at, curve): (usize, &Curve)| {
        view! { <li data-class=colour(at)><i aria-hidden="true"></i>{name(experiment, &curve.spec)}</li> }
            .into_any()
    };
    let all = curves.with(|curves| curves.iter().enumerate().map(one).collect_view());
    view! { <ul class="experiment-legend">{all}</ul> }.into_any()
}

/// The means, and every run with a button that opens it.
fn table(experiment: Experiment, curves: Memo<Vec<Curve>>) -> AnyView {
    let row = move |name: String, (value, scores): &(u32, Vec<f64>)| {
        let (low, high) =
            scores.iter().fold((1.0_f64, 0.0_f64), |(a, b), score| (a.min(*score), b.max(*score)));
        let spread = format!("{} – {}", format::percent(low, 1000), format::percent(high, 1000));
        view! {
            <tr>
                <th scope="row">{name}</th><td>{format::count((*value).into())}</td>
                <td>{format::percent(mean(scores), 1000)}</td><td>{spread}</td><td>{scores.len()}</td>
            </tr>
        }
        .into_any()
    };
    let rows = part(move || {
        let rows = curves.with(|curves| {
            let of = |curve: &Curve| {
                let name = name(experiment, &curve.spec);
                curve.points.iter().map(|point| row(name.clone(), point)).collect::<Vec<_>>()
            };
            curves.iter().flat_map(of).collect::<Vec<_>>()
        });
        rows.into_iter().collect_view()
    });
    let runs = part(move || {
        let axis = experiment.axis.get();
        experiment.finished.with(|all| {
            let of_axis = all.iter().filter(|run| run.axis == axis);
            of_axis.map(|run| item(experiment, run)).collect_view()
        })
    });
    view! {
        <details class="more">
            <summary>{tr!("As a table")}</summary>
            <div class="mind-table" tabindex="0" role="region" aria-label=tr!("As a table")>
                <table class="apart-table num" data-testid="experiment-table">
                    <thead><tr>
                        <th scope="col">{tr!("Network")}</th>
                        <th scope="col">{text(move || known(Axis::by_id(experiment.axis.get()).title))}</th>
                        <th scope="col">{tr!("mean")}</th>
                        <th scope="col">{tr!("from – to")}</th>
                        <th scope="col">{tr!("runs")}</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <ul class="experiment-runs">{runs}</ul>
        </details>
    }
    .into_any()
}

fn item(experiment: Experiment, run: &Finished) -> AnyView {
    let spec = run.spec.clone();
    view! {
        <li>
            {run_words(experiment, run)}", "{format::seconds(run.seconds)}" "
            <button type="button" class="quiet" on:click=move |_| experiment.scene.lab.open_spec(spec.clone())>{tr!("Open")}</button>
        </li>
    }
    .into_any()
}
