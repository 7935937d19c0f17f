//! How a chart looks: an SVG that stretches with its frame, and words around it that do not stretch.

use super::chart::{Chart, Drawn, Line};
use super::readout::{self, Reader};
use super::runs;
use crate::ui::components::plot::{Plot, SIDE, axis, empty, ends, grid};
use crate::ui::components::reactive::{memo, part, text};
use crate::ui::language::{known, tr};
use crate::ui::panels::panel_state::PanelState;
use leptos::prelude::*;

pub fn chart(scene: PanelState, chart: Chart) -> AnyView {
    let drawn = memo(move || chart.draw((SIDE, SIDE)));
    // They stay as they are while the live curves grow.
    let behind = memo(move || drawn.with(|d| d.behind.clone()));
    let reader = Reader { chart, cursor: RwSignal::new(None), scene };
    let nothing = memo(move || {
        chart.curves.with(|c| [&c.train, &c.test].into_iter().all(Vec::is_empty) && c.behind.is_empty())
    });
    let readout = view! {
        <p class="chart-readout num" data-testid=format!("readout-{}", chart.id)>{text(move || reader.words())}</p>
    };
    let over = view! {
        <div class="chart-ends num" aria-hidden="true">{part(move || ends(drawn.with(|d| d.ends.clone())))}</div>
        <div class="chart-letters" aria-hidden="true">{part(move || behind.with(|all| all.iter().map(letter).collect_view()))}</div>
        {part(move || drawn.with(|d| d.guessing).map(|top| view! {
            <p class="chart-guessing" aria-hidden="true" style:top=format!("{top:.1}%")>{tr!("guessing")}</p>
        }))}
        {part(move || nothing.get().then(|| empty(tr!("no steps yet"))))}
    };
    Plot {
        class: "chart",
        test_id: Some(format!("chart-{}", chart.id)),
        title: known(chart.title),
        unit: known(chart.unit),
        readout: readout.into_any(),
        up: part(move || axis(drawn.with(|d| d.lines.clone()), "top")),
        area: readout::area(reader, svg(drawn, behind, reader)),
        across: part(move || axis(drawn.with(|d| d.epochs.clone()), "left")),
        across_unit: Some(tr!("epoch")),
        over: over.into_any(),
        below: ().into_any(),
    }
    .view()
}

fn svg(drawn: Memo<Drawn>, behind: Memo<Vec<Line>>, reader: Reader) -> AnyView {
    let of = move |get: fn(&Drawn) -> &String| drawn.with(|d| get(d).clone());
    let guessing = move || drawn.with(|d| d.guessing).map(|top| format!("M0 {:.0}H1000", top * 10.0));
    let grid = text(move || drawn.with(|d| grid(&d.lines)));
    let cursor =
        text(move || reader.share().map(|x| format!("M{:.0} 0V1000", x * 1000.0)).unwrap_or_default());
    view! {
        <svg viewBox="0 0 1000 1000" preserveAspectRatio="none" aria-hidden="true" focusable="false">
            <path class="line-grid" d=grid />
            <path class="line-guessing" d=text(move || guessing().unwrap_or_default()) />
            {part(move || behind.with(|all| all.iter().map(runs::line).collect_view()))}
            <path class="line-batches" d=text(move || of(|d| &d.batches)) />
            <path class="line-train" d=text(move || of(|d| &d.train)) />
            <path class="line-test" d=text(move || of(|d| &d.test)) />
            <path class="line-dots" d=text(move || of(|d| &d.dots)) />
            <path class="line-cursor" d=cursor />
        </svg>
    }
    .into_any()
}

fn letter(line: &Line) -> AnyView {
    let (left, top) = line.label;
    view! { <span style=format!("left:{left:.1}%;top:{top:.1}%")>{line.letter}</span> }.into_any()
}
