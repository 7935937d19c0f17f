//! One example, number by number: forward through every neuron, the loss, the gradients back, and what a step would
//! change. Every number stands with the arithmetic that it comes from.

use super::columns::{Column, columns};
use super::points::{Points, points};
use super::surface::Example;
use crate::layers::LayerInfo;
use crate::protocol::{ParamValues, Picture, Request, Response, RunState, Target, Trace};
use crate::ui::components::format;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::reactive::{effect, memo, part, text};
use crate::ui::language::{key, known, tr};
use crate::ui::panels::panel_state::{PanelState, scene};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// More products than this are not written out.
const MOST_TERMS: usize = 8;

/// One number and where it comes from.
struct Line {
    name: String,
    arithmetic: String,
    result: String,
}

/// A trace with what its numbers are called.
struct Told {
    trace: Trace,
    columns: Vec<Column>,
    inputs: Vec<String>,
    /// None where a number is told.
    classes: Vec<String>,
    optimizer: String,
}

struct TraceStage {
    title: &'static str,
    about: &'static str,
    lines: fn(&Told) -> Vec<Line>,
}

const STAGES: &[TraceStage] = &[
    TraceStage {
        title: key("Forward"),
        about: key(
            "Every neuron adds up its inputs times its weights and its bias; its activation is what it passes on.",
        ),
        lines: forward,
    },
    TraceStage {
        title: key("Loss"),
        about: key("How far the answer is from the truth, as one number."),
        lines: loss,
    },
    TraceStage {
        title: key("Gradients"),
        about: key(
            "Backwards: δ is how much the loss grows with a neuron’s sum; a weight’s gradient is δ times what it weighs.",
        ),
        lines: backward,
    },
    TraceStage {
        title: key("Update"),
        about: key(
            "A step on this example alone moves every weight against its gradient, by the learning rate.",
        ),
        lines: update,
    },
];

#[component]
pub fn TracePanel() -> impl IntoView {
    let scene = scene();
    let points = points();
    let Example(example) = expect_context();
    let stage = RwSignal::new(0_usize);
    let open = RwSignal::new(false);
    let trace = traced(scene, example, open);
    let next = move |_| {
        let count = points.with_untracked(|p| p.as_ref().map_or(1, |p| p.train.len())) as u32;
        example.update(|e| *e = (*e + 1) % count.max(1));
    };
    let tabs = STAGES.iter().enumerate().map(|(at, one)| {
        view! {
            <button type="button" class="quiet trace-stage" aria-pressed=text(move || (stage.get() == at).to_string())
                data-testid=format!("stage-{at}") on:click=move |_| { scene.state.count_action("traced"); open.set(true); stage.set(at) }>
                {format!("{} ", at + 1)}{known(one.title)}
            </button>
        }
        .into_any()
    });
    view! {
        <h2 class="panel-title" id="title-try">{tr!("One example")}</h2>
        <p class="panel-lead">{tr!("Follow one point through the network and back: every number, and how it comes about.")}</p>
        <div class="buttons">
            <button type="button" class="button" data-testid="next-example" on:click=next>{icon(Icon::Step)}{tr!("Next example")}</button>
            <span class="num trace-which">{text(move || which(points, example, scene))}</span>
        </div>
        <div class="buttons trace-stages" role="group" aria-label=tr!("Part of the step") data-testid="stages">{tabs.collect_view()}</div>
        <div class="trace" data-testid="trace">
            {part(move || open.get().then(|| trace.with(|t| t.as_ref().map(|t| stage_view(t, stage.get())))))}
            {part(move || (!open.get()).then(|| view! {
                <button type="button" class="button" data-testid="open-trace" on:click=move |_| { scene.state.count_action("traced"); open.set(true) }>{tr!("Show the numbers")}</button>
            }))}
        </div>
    }
    .into_any()
}

/// “Point 3: x₁ = 1.2, x₂ = −3.0, blue”
fn which(points: Points, example: RwSignal<u32>, scene: PanelState) -> String {
    let at = example.get() as usize;
    points.with(|p| {
        let Some(rows) = p.as_ref().map(|p| &p.train).filter(|rows| at < rows.len()) else {
            return String::new();
        };
        let row = rows.row(at);
        let number = |v: f32| format::decimals(f64::from(v), 2);
        let truth = match rows.targets.get(at) {
            Target::Value(value) => number(value),
            target => scene.target_words(&target),
        };
        tr!("Point {}: x₁ = {}, x₂ = {}, {}", at + 1, number(row[0]), number(row[1]), truth)
    })
}

/// Asked again when another example is chosen, when a weight is set by hand, and when training has paused.
fn traced(
    scene: PanelState,
    example: RwSignal<u32>,
    open: RwSignal<bool>,
) -> RwSignal<Option<std::sync::Arc<Told>>> {
    let trace = RwSignal::new(None);
    let wanted = memo(move || {
        scene.tick.track();
        // While it trains every number moves: the trace waits for the pause.
        let still = scene.state.run.get() != RunState::Playing;
        let edits = scene.state.action_counts.with(|d| d.get("weighed").copied().unwrap_or(0));
        let network = scene.state.network.get();
        (open.get() && still).then(|| (example.get(), scene.state.step(), edits, network))
    });
    effect(move |_| {
        let Some((index, _, _, network)) = wanted.get() else { return };
        spawn_local(async move {
            let told = ask(scene, index, &network).await;
            if wanted.try_get_untracked().flatten().is_some_and(|now| now.0 == index) {
                let _ = trace.try_set(told.map(std::sync::Arc::new));
            }
        });
    });
    trace
}

async fn ask(scene: PanelState, index: u32, network: &[LayerInfo]) -> Option<Told> {
    let Ok(Response::Trace(trace)) = scene.lab.ask(Request::Trace(Picture::Train(index))).await else {
        return None;
    };
    let dataset = scene.dataset.get_untracked()?;
    Some(Told {
        trace: *trace,
        columns: columns(network)?,
        classes: dataset.classes().to_vec(),
        inputs: dataset.features,
        optimizer: scene.state.spec.with_untracked(|s| s.train.optimizer.clone()),
    })
}

fn stage_view(told: &Told, stage: usize) -> AnyView {
    let stage = &STAGES[stage.min(STAGES.len() - 1)];
    let row = |line: Line| {
        view! {
            <tr><th scope="row">{line.name}</th><td class="mono">{line.arithmetic}</td><td class="mono trace-result">{line.result}</td></tr>
        }
        .into_any()
    };
    let rows = (stage.lines)(told).into_iter().map(row).collect_view();
    view! {
        <p class="note">{known(stage.about)}</p>
        <div class="trace-scroll" tabindex="0" role="region" aria-label=known(stage.title)>
            <table class="trace-table"><tbody>{rows}</tbody></table>
        </div>
    }
    .into_any()
}

fn number(v: f32) -> String {
    format::number(f64::from(v))
}

/// In brackets where a minus would stand after a sign.
fn factor(v: f32) -> String {
    if v < 0.0 { format!("({})", number(v)) } else { number(v) }
}

impl Told {
    /// What column `at` takes: its inputs' values.
    fn inputs_of(&self, at: usize) -> &[f32] {
        match at.checked_sub(1) {
            None => &self.trace.input,
            Some(before) => self.outputs(self.columns[before].output),
        }
    }

    fn outputs(&self, layer: usize) -> &[f32] {
        self.trace.outputs.get(layer).map_or(&[], Vec::as_slice)
    }

    fn neuron(&self, at: usize, unit: usize) -> String {
        if at + 1 < self.columns.len() {
            return tr!("layer {}, neuron {}", at + 1, unit + 1);
        }
        self.classes.get(unit).map_or_else(|| tr!("output"), |class| tr!("output “{}”", known(class)))
    }

    fn named<'a>(all: &'a [ParamValues], column: &Column, what: &str) -> &'a [f32] {
        let name = format!("{}.{what}", column.dense);
        all.iter().find(|w| w.name == name).map_or(&[], |w| w.values.as_slice())
    }
}

/// “0.52 × 1.20 + (−0.31) × 0.55 + … ”
fn products(weights: &[f32], inputs: &[f32]) -> String {
    let terms = weights.iter().zip(inputs).take(MOST_TERMS);
    let mut out =
        terms.map(|(w, x)| format!("{} × {}", factor(*w), factor(*x))).collect::<Vec<_>>().join(" + ");
    if weights.len() > MOST_TERMS {
        out += " + …";
    }
    out
}

fn forward(told: &Told) -> Vec<Line> {
    let mut lines: Vec<Line> = told
        .inputs
        .iter()
        .zip(&told.trace.input)
        .map(|(name, value)| Line { name: name.clone(), arithmetic: String::new(), result: number(*value) })
        .collect();
    for (at, column) in told.columns.iter().enumerate() {
        let inputs = told.inputs_of(at);
        let weights = Told::named(&told.trace.weights, column, "weight");
        let biases = Told::named(&told.trace.weights, column, "bias");
        for unit in 0..column.units {
            let Some(row) = weights.chunks_exact(inputs.len().max(1)).nth(unit) else { break };
            let sum = told.outputs(column.dense).get(unit).copied().unwrap_or(f32::NAN);
            let out = told.outputs(column.output).get(unit).copied().unwrap_or(f32::NAN);
            let bias = biases.get(unit).copied().unwrap_or(0.0);
            let sums = format!("{} + {} = {}", products(row, inputs), factor(bias), number(sum));
            let arithmetic = match column.activation {
                Some(layer) => format!("{sums};  {}({})", known(&layer.title()), number(sum)),
                None => sums,
            };
            lines.push(Line { name: told.neuron(at, unit), arithmetic, result: number(out) });
        }
    }
    lines
}

fn loss(told: &Told) -> Vec<Line> {
    let Trace { prediction, target, loss, .. } = &told.trace;
    let answer = prediction.numbers();
    let Some(last) = told.columns.last() else { return Vec::new() };
    let outputs = told.outputs(last.output);
    if let Target::Value(truth) = target {
        return vec![
            Line {
                name: tr!("answer"),
                arithmetic: String::new(),
                result: number(answer.first().copied().unwrap_or(f32::NAN)),
            },
            Line { name: tr!("truth"), arithmetic: String::new(), result: number(*truth) },
            Line {
                name: tr!("loss"),
                arithmetic: tr!("the difference, in standard deviations, squared"),
                result: number(*loss),
            },
        ];
    }
    let powers = outputs.iter().map(|z| format!("exp {}", factor(*z))).collect::<Vec<_>>().join(" + ");
    let mut lines: Vec<Line> = told
        .classes
        .iter()
        .zip(outputs.iter().zip(answer))
        .map(|(class, (z, p))| Line {
            name: tr!("chance of “{}”", known(class)),
            arithmetic: format!("exp {} ÷ ({powers})", factor(*z)),
            result: number(*p),
        })
        .collect();
    let truth = target.class().unwrap_or(0) as usize;
    let chance = answer.get(truth).copied().unwrap_or(f32::NAN);
    let class = told.classes.get(truth).map(|c| known(c)).unwrap_or_default();
    lines.push(Line { name: tr!("truth"), arithmetic: String::new(), result: class });
    lines.push(Line {
        name: tr!("loss"),
        arithmetic: format!("−ln {}", number(chance)),
        result: number(*loss),
    });
    lines
}

fn backward(told: &Told) -> Vec<Line> {
    let mut lines = Vec::new();
    let Trace { prediction, target, weights, gradients, .. } = &told.trace;
    let answer = prediction.numbers();
    for (at, column) in told.columns.iter().enumerate().rev() {
        let inputs = told.inputs_of(at);
        let deltas = Told::named(gradients, column, "bias");
        let slopes = Told::named(gradients, column, "weight");
        for unit in 0..column.units {
            let delta = deltas.get(unit).copied().unwrap_or(f32::NAN);
            let arithmetic = match told.columns.get(at + 1) {
                None if !told.classes.is_empty() => {
                    let one = f32::from(target.class() == Some(unit as u32));
                    format!("{} − {}", number(answer.get(unit).copied().unwrap_or(f32::NAN)), number(one))
                }
                None => tr!("2 × the difference, in standard deviations"),
                Some(next) => {
                    let ahead = Told::named(gradients, next, "bias");
                    let column: Vec<f32> = Told::named(weights, next, "weight")
                        .iter()
                        .skip(unit)
                        .step_by(column.units)
                        .copied()
                        .collect();
                    tr!("({}) × slope of the activation", products(&column, ahead))
                }
            };
            lines.push(Line {
                name: format!("δ {}", told.neuron(at, unit)),
                arithmetic,
                result: number(delta),
            });
            let Some(row) = slopes.chunks_exact(inputs.len().max(1)).nth(unit) else { break };
            for (input, slope) in row.iter().enumerate().take(MOST_TERMS) {
                lines.push(Line {
                    name: tr!("gradient of weight {}", input + 1),
                    arithmetic: format!("{} × {}", factor(delta), factor(inputs[input])),
                    result: number(*slope),
                });
            }
        }
    }
    lines
}

fn update(told: &Told) -> Vec<Line> {
    let rate = told.trace.learning_rate as f32;
    let mut lines = Vec::new();
    if told.optimizer != "sgd" {
        let arithmetic =
            tr!("The chosen optimiser scales these steps by what it remembers; this is plain SGD.");
        lines.push(Line { name: String::new(), arithmetic, result: String::new() });
    }
    for (at, column) in told.columns.iter().enumerate() {
        for what in ["weight", "bias"] {
            let weights = Told::named(&told.trace.weights, column, what);
            let gradients = Told::named(&told.trace.gradients, column, what);
            let each = weights.len() / column.units.max(1);
            for (index, (w, g)) in weights.iter().zip(gradients).enumerate() {
                let (unit, input) = (index / each.max(1), index % each.max(1));
                let name = match what {
                    "weight" => tr!("{}, weight {}", told.neuron(at, unit), input + 1),
                    _ => tr!("{}, bias", told.neuron(at, unit)),
                };
                let arithmetic = format!("{} − {} × {}", number(*w), number(rate), factor(*g));
                lines.push(Line { name, arithmetic, result: number(w - rate * g) });
            }
        }
    }
    lines
}
