//! How far back does it feel? The gradient's norm against the distance in tokens, of this run and of the three cells as
//! they begin.

use super::asking::{keep_asking, on_screen, refusal, when};
use super::reach_chart::{Drawn, draw, small};
use super::strip::is_recurrent;
use super::vocabulary::of_text;
use crate::layers::LayerSpec;
use crate::protocol::{Reach, ReachCurve, Request, Response};
use crate::ui::components::format;
use crate::ui::components::plot::{Plot, SIDE, axis, empty, ends, grid};
use crate::ui::components::reactive::{effect, memo, part, subscribe, text};
use crate::ui::language::{known, tr};
use crate::ui::panels::panel_state::{PanelState, scene};
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// While training goes on it is asked at most this often: it is a pass forward and back.
const EVERY_MILLISECONDS: f64 = 2000.0;

#[derive(Clone, Copy)]
struct Felt {
    told: RwSignal<Option<Arc<Reach>>>,
    refused: RwSignal<Option<String>>,
}

impl Felt {
    fn new(scene: PanelState, seen: RwSignal<bool>) -> Self {
        let felt = Self { told: RwSignal::new(None), refused: RwSignal::new(None) };
        // Another network or other data feel otherwise.
        let run = memo(move || {
            let network = scene.state.network.get();
            let of_spec = scene.state.spec.with(|s| (s.data.clone(), s.seed, s.train.init.clone()));
            (network, of_spec)
        });
        effect(move |_| {
            subscribe(run);
            felt.told.set(None);
            felt.refused.set(None);
        });
        let wanted = memo(move || {
            let recurrent =
                run.with(|(network, _)| network.iter().any(|l| is_recurrent(l.layer.kind().word)));
            let is_there = of_text(scene, |_| ()).is_some();
            (seen.get() && is_there && recurrent).then(|| run.get())
        });
        keep_asking(scene, EVERY_MILLISECONDS, wanted, move |asked| async move {
            let fresh = felt.told.with_untracked(Option::is_none);
            let answer = scene.lab.ask(Request::Reach { fresh }).await;
            // Of a run that is no longer there, or the view is gone.
            if wanted.try_get_untracked().flatten() != Some(asked) {
                return;
            }
            match answer {
                Ok(Response::Reach(reach)) => felt.hear(reach),
                Ok(_) => (),
                Err(failure) => felt.refused.set(Some(refusal(&failure))),
            }
        });
        felt
    }

    /// How cells begin is asked once.
    fn hear(self, mut reach: Reach) {
        self.refused.set(None);
        self.told.update(|told| {
            if let Some(before) = told
                && reach.curves.len() == 1
            {
                reach.curves.extend(before.curves.iter().skip(1).cloned());
            }
            *told = Some(Arc::new(reach));
        });
    }

    fn curves<T: Default>(self, read: impl FnOnce(&Reach) -> T) -> T {
        self.told.with(|told| told.as_deref().map(read).unwrap_or_default())
    }
}

/// “This run”, “LSTM”
pub fn name(curve: &ReachCurve) -> String {
    match LayerSpec::kind_of(&curve.cell) {
        Some(kind) => known(kind.title),
        None => tr!("this run"),
    }
}

/// One sentence for who does not see the chart.
fn summary(reach: &Reach) -> String {
    let of = |curve: &ReachCurve| {
        let (near, far) = (curve.norms.first()?, curve.norms.last()?);
        let distance = format::count(curve.norms.len() as u64 - 1);
        let (near, far) = (small((*near).into()), small((*far).into()));
        Some(tr!("{}: {} at the token itself, {} at {} tokens before", name(curve), near, far, distance))
    };
    let all: Vec<String> = reach.curves.iter().filter_map(of).collect();
    format!("{} {}", tr!("Norm of the gradient by distance."), all.join("; "))
}

#[component]
pub fn ReachView() -> impl IntoView {
    let node = NodeRef::<leptos::html::Div>::new();
    let scene = scene();
    let felt = Felt::new(scene, on_screen(node));
    let recurrent = memo(move || {
        scene.state.network.with(|network| network.iter().any(|l| is_recurrent(l.layer.kind().word)))
    });
    view! {
        <div class="block reach" node_ref=node data-testid="reach">
            {part(move || recurrent.get().then(|| body(felt)))}
        </div>
    }
    .into_any()
}

fn body(felt: Felt) -> AnyView {
    let drawn = memo(move || felt.curves(|reach| draw(reach, name)));
    let step = text(move || felt.curves(|reach| when(reach.step)));
    let words = text(move || {
        felt.curves(|reach| {
        tr!("Norm of the gradient of the loss at an example’s last token, with respect to what came in so many tokens before; mean of {n} example" | "Norm of the gradient of the loss at an example’s last token, with respect to what came in so many tokens before; mean of {n} examples" % reach.examples)
    })
    });
    let nothing = memo(move || felt.told.with(Option::is_none));
    let over = view! {
        <div class="chart-ends num" aria-hidden="true">{part(move || ends(drawn.with(|d| d.ends.clone())))}</div>
        {part(move || nothing.get().then(|| empty(tr!("not measured yet"))))}
    };
    let plot = Plot {
        class: "chart reach-chart",
        test_id: Some("reach-chart".into()),
        title: tr!("How far back does it feel?"),
        unit: tr!("ten times less with every line"),
        readout: ().into_any(),
        up: part(move || axis(drawn.with(|d| d.up.clone()), "top")),
        area: area(felt, drawn),
        across: part(move || axis(drawn.with(|d| d.across.clone()), "left")),
        across_unit: Some(tr!("tokens before")),
        over: over.into_any(),
        below: ().into_any(),
    };
    view! {
        <p class="block-aside num" data-testid="reach-step">{step}</p>
        {plot.view()}
        <p class="note">{words}</p>
        <p class="note">{tr!("RNN, LSTM and GRU are networks of this size as they begin. What is not felt cannot be learned: where the gradient vanishes, a token that far back changes nothing.")}</p>
        <p class="setting-error" role="alert">{text(move || felt.refused.get().unwrap_or_default())}</p>
        {table(felt)}
    }
    .into_any()
}

fn area(felt: Felt, drawn: Memo<Drawn>) -> AnyView {
    let lines = move || {
        let line = |(class, d): &(&'static str, String)| {
            let (class, d) = (*class, d.clone());
            view! { <path class=class d=d /> }.into_any()
        };
        drawn.with(|d| d.paths.iter().map(line).collect_view())
    };
    let grid = text(move || drawn.with(|d| grid(&d.up)));
    let size = format!("0 0 {SIDE} {SIDE}");
    let label = text(move || match felt.told.with(Option::is_none) {
        true => tr!("not measured yet"),
        false => felt.curves(summary),
    });
    view! {
        <div class="chart-area own-area" role="img" aria-label=label>
            <svg viewBox=size preserveAspectRatio="none" aria-hidden="true" focusable="false">
                <path class="line-grid" d=grid />
                {part(lines)}
            </svg>
        </div>
    }
    .into_any()
}

/// The numbers, for who cannot see lines; made when it is opened.
fn table(felt: Felt) -> AnyView {
    let open = RwSignal::new(false);
    let toggled = move |event: web_sys::Event| {
        let details = event.target().and_then(|t| t.dyn_into::<Element>().ok());
        open.set(details.is_some_and(|details| details.has_attribute("open")));
    };
    view! {
        <details class="more" data-testid="reach-table" on:toggle=toggled>
            <summary>{tr!("The gradient’s norms as a table")}</summary>
            <div class="mind-table">{part(move || open.get().then(|| felt.told.with(|told| told.as_deref().map(rows))).flatten())}</div>
        </details>
    }
    .into_any()
}

fn rows(reach: &Reach) -> AnyView {
    let longest = reach.curves.iter().map(|curve| curve.norms.len()).max().unwrap_or(0);
    let head = |curve: &ReachCurve| view! { <th scope="col">{name(curve)}</th> }.into_any();
    let row = |distance: usize| {
        let cell = |curve: &ReachCurve| {
            let norm = curve.norms.get(distance).map_or_else(|| "—".into(), |norm| small((*norm).into()));
            view! { <td class="num">{norm}</td> }.into_any()
        };
        let cells = reach.curves.iter().map(cell).collect_view();
        view! { <tr><th scope="row" class="num">{distance}</th>{cells}</tr> }.into_any()
    };
    view! {
        <table class="question-table">
            <caption class="sr-only">{tr!("Norm of the gradient by distance.")}</caption>
            <thead><tr><th scope="col">{tr!("Tokens before")}</th>{reach.curves.iter().map(head).collect_view()}</tr></thead>
            <tbody>{(0..longest).map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}
