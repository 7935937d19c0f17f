//! The network as a picture to build on: what goes in, every neuron with what it makes of the plane, and a line for
//! every weight.

use super::card::card;
use super::columns::{Column, MOST_SHOWN, columns};
use super::graph_state::Graph;
use super::{draw, edit, points};
use crate::layers::{LayerInfo, LayerSpec};
use crate::protocol::{DatasetInfo, Form, LiveView, Look};
use crate::spec::WordInfo;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::picture::{canvas, value};
use crate::ui::components::reactive::{effect, flag, memo, part, text};
use crate::ui::language::{known, tr};
use crate::ui::panels::panel_state::{PanelState, scene};
use leptos::prelude::*;
use serde_json::json;
use wasm_bindgen::JsCast;
use web_sys::{HtmlCanvasElement, HtmlElement};

#[component]
pub fn PlaneNetwork() -> impl IntoView {
    let scene = scene();
    let network = edit::network(scene);
    let points = points::points();
    let graph = Graph {
        scene,
        network,
        columns: memo(move || network.with(|n| columns(n))),
        inputs: memo(move || {
            let of_data =
                || scene.dataset.with(|d| d.as_ref().map(|d| d.features.clone()).unwrap_or_default());
            points.with(|p| p.as_ref().map(|p| p.inputs.clone())).unwrap_or_else(of_data)
        }),
        chosen: RwSignal::new(None),
    };
    view! {
        {tools(graph)}
        <div class="graph" role="group" aria-label=tr!("The network: inputs, hidden layers, output") data-testid="graph">
            {lines(graph)}
            {inputs(graph)}
            {part(move || graph.columns.get().map(|all| all.into_iter().enumerate().map(|(at, c)| column(graph, at, c)).collect_view()))}
        </div>
        {part(move || graph.columns.with(Option::is_none).then(|| view! {
            <p class="note">{text(move || match network.with(Vec::is_empty) {
                true => tr!("It is drawn once it is known what goes in and what comes out."),
                false => tr!("This network is more than layers of neurons, so it is not drawn here."),
            })}</p>
        }))}
        {card(graph)}
    }
    .into_any()
}

/// − 2 hidden layers +
fn tools(graph: Graph) -> AnyView {
    let Graph { scene, network, columns, chosen, .. } = graph;
    let hidden = memo(move || columns.with(|c| c.as_ref().map_or(0, |c| c.len().saturating_sub(1))));
    let edit = move |change: fn(PanelState, Memo<Vec<LayerInfo>>, &[Column])| {
        chosen.set(None);
        if let Some(columns) = columns.get_untracked() {
            change(scene, network, &columns);
        }
    };
    view! {
        <div class="graph-tools" role="group" aria-label=tr!("Hidden layers")>
            <button type="button" class="stepper-button" aria-label=tr!("Remove a hidden layer") data-testid="fewer-layers"
                disabled=flag(move || hidden.get() == 0) on:click=move |_| edit(edit::remove)>{icon(Icon::Minus)}</button>
            <span class="graph-count num">{text(move || tr!("{n} hidden layer" | "{n} hidden layers" % hidden.get()))}</span>
            <button type="button" class="stepper-button" aria-label=tr!("Add a hidden layer") data-testid="more-layers"
                disabled=flag(move || hidden.get() >= edit::MOST_LAYERS || columns.with(Option::is_none)) on:click=move |_| edit(edit::add)>{icon(Icon::Plus)}</button>
        </div>
    }
    .into_any()
}

/// What a point can go in as: each a button, its picture behind it.
fn inputs(graph: Graph) -> AnyView {
    let scene = graph.scene;
    let word = memo(move || {
        scene.dataset.with(|d| d.as_ref().and_then(|d| d.words.iter().find(|w| w.several).cloned()))
    });
    let chosen = memo(move || {
        let Some(word) = word.get() else { return Vec::new() };
        let value = scene.state.spec.with(|s| s.data.word(&word).to_string());
        value.split('-').map(String::from).collect::<Vec<_>>()
    });
    let tiles = move || {
        let Some(word) = word.get() else {
            let names = graph.inputs.get().into_iter().take(MOST_SHOWN).enumerate();
            return names.map(|(at, name)| named(scene, at, &name)).collect();
        };
        let mut at = 0;
        let mut tiles = Vec::new();
        for choice in &word.choices {
            let on = chosen.with(|c| c.contains(&choice.id));
            tiles.push(input(graph, &word, &choice.id, &choice.title, on.then_some(at)));
            at += usize::from(on);
        }
        tiles
    };
    view! {
        <div class="graph-column graph-inputs">
            <div class="graph-head"><span class="graph-title">{tr!("Inputs")}</span></div>
            {part(move || tiles().collect_view())}
        </div>
    }
    .into_any()
}

/// An input of a row: it is there, or the table would have to change.
fn named(scene: PanelState, at: usize, name: &str) -> AnyView {
    view! {
        <div class="neuron neuron-input" data-neuron=format!("0-{at}")>
            <span class="neuron-picture">{number(scene, move |look| look.numbers.get(at).map(|v| v / 2.0))}</span>
            <span class="neuron-name">{name.to_string()}</span>
        </div>
    }
    .into_any()
}

/// What a neuron makes of the row that is looked at, as a colour.
fn number(scene: PanelState, of: impl Fn(&Look) -> Option<f32> + Send + Sync + 'static) -> AnyView {
    canvas("plane-map", move |canvas| {
        let share = scene.state.seen.with(|seen| of(seen.as_ref()?.look.as_ref()?));
        draw::fill(canvas, share.unwrap_or(0.0));
    })
}

/// `at` is its place among the network's inputs, if it goes in.
fn input(graph: Graph, word: &WordInfo, id: &str, title: &str, at: Option<usize>) -> AnyView {
    let scene = graph.scene;
    let (word, id) = (word.clone(), id.to_string());
    let toggle = move |_| {
        let now = scene.state.spec.with_untracked(|s| s.data.word(&word).to_string());
        let on = |choice: &str| now.split('-').any(|c| c == choice);
        let wanted: Vec<&str> =
            word.choices.iter().map(|c| c.id.as_str()).filter(|c| on(c) != (*c == id)).collect();
        if wanted.is_empty() {
            return scene.announcement.set(tr!("At least one number must go in."));
        }
        graph.chosen.set(None);
        if let Err(why) = scene.lab.set(&word.key, json!(wanted.join("-"))) {
            scene.announcement.set(why);
        }
    };
    let picture = at.map(|at| {
        let one = move |seen: &LiveView| seen.surface.as_ref().map(|s| s.input.clone());
        picture(scene, one, at)
    });
    view! {
        <button type="button" class="neuron neuron-input" class:off=at.is_none() aria-pressed=at.is_some().to_string()
            data-neuron=at.map(|at| format!("0-{at}")) on:click=toggle>
            <span class="neuron-picture">{picture}</span>
            <span class="neuron-name">{title.to_string()}</span>
        </button>
    }
    .into_any()
}

/// A map of the plane that follows the training.
fn picture(
    scene: PanelState,
    plane: impl Fn(&LiveView) -> Option<crate::protocol::FeatureMaps> + Send + Sync + 'static,
    index: usize,
) -> AnyView {
    canvas("plane-map", move |canvas| {
        scene.state.seen.with(|seen| {
            let Some(plane) = seen.as_ref().and_then(&plane).filter(|p| (p.maps as usize) > index) else {
                return;
            };
            let most = plane.min.abs().max(plane.max.abs()).max(f32::MIN_POSITIVE);
            draw::map(canvas, &plane, index, |value| value / most);
        });
    })
}

fn column(graph: Graph, at: usize, column: Column) -> AnyView {
    let last = graph.columns.with_untracked(|c| c.as_ref().is_some_and(|c| at + 1 == c.len()));
    let more = column.units - column.shown();
    let neurons: Vec<AnyView> =
        (0..column.shown()).map(|unit| neuron(graph, at, &column, unit, last)).collect();
    let head = if last { output_head() } else { hidden_head(graph, at, &column) };
    view! {
        <div class="graph-column" class:graph-output=last>
            {head}
            {neurons.collect_view()}
            {(more > 0).then(|| view! { <p class="graph-more num">{tr!("and {} more", more)}</p> })}
        </div>
    }
    .into_any()
}

fn output_head() -> AnyView {
    view! { <div class="graph-head"><span class="graph-title">{tr!("Output")}</span></div> }.into_any()
}

/// − 8 + and the activation.
fn hidden_head(graph: Graph, at: usize, column: &Column) -> AnyView {
    let Graph { scene, network, chosen, .. } = graph;
    let units = column.units;
    let (only, full) = (units <= 1, units >= edit::MOST_UNITS);
    let (less, more, active) = (column.clone(), column.clone(), column.clone());
    let name = tr!("Hidden layer {}", at + 1);
    let value = |layer: Option<LayerSpec>| layer.map_or_else(|| "none".to_string(), |l| l.kind().word.into());
    let now = value(column.activation);
    let options = edit::activations().into_iter().map(|choice| {
        let id = value(choice);
        let title = choice.map_or_else(|| tr!("Linear"), |l| known(&l.title()));
        view! { <option value=id.clone() selected=id == now>{title}</option> }.into_any()
    });
    let options = options.collect_view();
    let choose = move |event| {
        let id = event_target_value(&event);
        let choice = edit::activations().into_iter().find(|c| value(*c) == id);
        if let Some(choice) = choice {
            edit::activation(scene, network, &active, choice);
        }
    };
    view! {
        <div class="graph-head" role="group" aria-label=name.clone()>
            <div class="graph-units">
                <button type="button" class="stepper-button" aria-label=tr!("{}: fewer neurons", name)
                    disabled=only on:click=move |_| { chosen.set(None); edit::units(scene, network, &less, units - 1) }>{icon(Icon::Minus)}</button>
                <span class="num" aria-label=tr!("{n} neuron" | "{n} neurons" % units)>{units}</span>
                <button type="button" class="stepper-button" aria-label=tr!("{}: more neurons", name)
                    disabled=full on:click=move |_| { chosen.set(None); edit::units(scene, network, &more, units + 1) }>{icon(Icon::Plus)}</button>
            </div>
            <select class="graph-activation" aria-label=tr!("{}: activation", name) on:change=choose>{options}</select>
        </div>
    }
    .into_any()
}

fn neuron(graph: Graph, at: usize, column: &Column, unit: usize, last: bool) -> AnyView {
    let Graph { scene, chosen, .. } = graph;
    let layer = column.output;
    let of_row = move |look: &Look| {
        if last {
            let numbers = look.prediction.numbers();
            return numbers.get(unit).map(|p| if numbers.len() > 1 { *p } else { 0.5 });
        }
        let plane = look.activations.get(layer)?;
        Some(value(plane, unit) / plane.min.abs().max(plane.max.abs()).max(f32::MIN_POSITIVE))
    };
    let plane = move |seen: &LiveView| {
        let surface = seen.surface.as_ref()?;
        if last { Some(surface.answer.clone()) } else { surface.layers.get(layer).cloned() }
    };
    // What it is called is known once the data is open.
    let name = text(move || {
        let name = |d: &DatasetInfo| {
            d.target.classes().get(unit).map(String::as_str).or(d.target.value()).map(known)
        };
        scene.dataset.with(|d| d.as_ref().and_then(name).unwrap_or_default())
    });
    let label = text(move || {
        if last { tr!("Output: {}", name.get()) } else { tr!("Hidden layer {}, neuron {}", at + 1, unit + 1) }
    });
    let here = move || chosen.get() == Some((at, unit));
    let toggle = move |_| {
        scene.state.count_action("neuron");
        chosen.update(|c| *c = (*c != Some((at, unit))).then_some((at, unit)));
    };
    view! {
        <button type="button" class="neuron" aria-label=label aria-expanded=text(move || here().to_string())
            class:chosen=flag(here) data-neuron=format!("{}-{unit}", at + 1) on:click=toggle>
            <span class="neuron-picture">{
                if scene.form.get_untracked() == Form::Point { picture(scene, plane, unit) } else { number(scene, of_row) }
            }</span>
            {last.then(|| view! { <span class="neuron-name">{name}</span> })}
        </button>
    }
    .into_any()
}

/// One line a weight: blue is positive, orange negative, the wider the stronger.
fn lines(graph: Graph) -> AnyView {
    let node = NodeRef::<leptos::html::Canvas>::new();
    let resized = draw::resized(node);
    effect(move |_| {
        resized.track();
        graph.chosen.track();
        let Some(canvas) = node.get() else { return };
        let columns = graph.columns.get().unwrap_or_default();
        let inputs = graph.inputs.with(Vec::len);
        graph.scene.state.seen.with(|seen| draw_lines(&canvas, graph, &columns, inputs, seen.as_ref()));
    });
    view! { <canvas class="graph-lines" node_ref=node aria-hidden="true"></canvas> }.into_any()
}

fn draw_lines(
    canvas: &HtmlCanvasElement,
    graph: Graph,
    columns: &[Column],
    inputs: usize,
    seen: Option<&LiveView>,
) {
    let Some((context, ..)) = draw::sharp(canvas) else { return };
    let Some(seen) = seen else { return };
    let area = canvas.get_bounding_client_rect();
    let Some(parent) = canvas.parent_element() else { return };
    // Right and left edge of a neuron's picture, in the canvas.
    let place = |column: usize, unit: usize| {
        let tile =
            parent.query_selector(&format!("[data-neuron='{column}-{unit}'] .neuron-picture")).ok()??;
        let tile: HtmlElement = tile.dyn_into().ok()?;
        let rect = tile.get_bounding_client_rect();
        Some((
            rect.left() - area.left(),
            rect.right() - area.left(),
            rect.top() - area.top() + rect.height() / 2.0,
        ))
    };
    let mut before: Vec<_> = (0..inputs).map(|unit| place(0, unit)).collect();
    for (at, column) in columns.iter().enumerate() {
        let here: Vec<_> = (0..column.shown()).map(|unit| place(at + 1, unit)).collect();
        let Some(weight) = column.weight(seen).filter(|w| w.shape.first() == Some(&column.units)) else {
            return;
        };
        let features = weight.shape.get(1).copied().unwrap_or(0);
        let most = weight.values.iter().fold(1e-6_f32, |most, w| most.max(w.abs()));
        for (unit, to) in here.iter().enumerate() {
            let asked = graph.chosen.get_untracked().is_none_or(|c| c == (at, unit));
            for (feature, from) in before.iter().enumerate() {
                let (Some(from), Some(to)) = (from, to) else { continue };
                let Some(value) = weight.values.get(unit * features + feature) else { continue };
                let share = f64::from(value / most);
                let [r, g, b] = draw::ink(value / most);
                let strength = (0.15 + 0.75 * share.abs()) * if asked { 1.0 } else { 0.25 };
                context.set_stroke_style_str(&format!("rgba({r},{g},{b},{strength:.2})"));
                context.set_line_width(0.5 + 3.5 * share.abs());
                context.begin_path();
                context.move_to(from.1, from.2);
                let middle = (from.1 + to.0) / 2.0;
                context.bezier_curve_to(middle, from.2, middle, to.2, to.0, to.2);
                context.stroke();
            }
        }
        before = here;
    }
}
