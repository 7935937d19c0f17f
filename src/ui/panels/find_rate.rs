//! “Find a learning rate”: a range test on a fresh network like the run's, its loss drawn against the rate.

use super::panel_state::PanelState;
use super::rate::KEY;
use crate::protocol::{RateTest, Request, Response, TriedRate};
use crate::ui::charts::scale::Scale;
use crate::ui::components::format;
use crate::ui::components::modal::{head, modal};
use crate::ui::components::plot::{AxisWords, Plot, Point, SIDE, axis, dots, grid, path};
use crate::ui::components::reactive::part;
use crate::ui::language::{known, tr};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// None while it is searched for; an error is a sentence.
type Found = RwSignal<Option<Result<RateTest, String>>>;

pub fn find_rate(scene: PanelState) -> AnyView {
    let open = RwSignal::new(false);
    let found: Found = RwSignal::new(None);
    let dialog = modal(open);
    let search = move |_| {
        found.set(None);
        open.set(true);
        spawn_local(async move {
            let answer = match scene.lab.ask(Request::Rates).await {
                Ok(Response::Rates(test)) => Ok(test),
                Ok(_) => return,
                Err(failure) => Err(format!("{} {}", known(&failure.what), known(&failure.advice))),
            };
            found.set(Some(answer));
        });
    };
    view! {
        <div class="find-rate" data-control=KEY>
            <button type="button" class="button" aria-haspopup="dialog" data-testid="find-rate" on:click=search>
                {tr!("Find a learning rate")}
            </button>
            <dialog class="help share-dialog" node_ref=dialog aria-labelledby="find-rate-title" data-testid="rates" on:close=move |_| open.set(false)>
                {part(move || open.get().then(|| content(scene, open, found)))}
            </dialog>
        </div>
    }
    .into_any()
}

fn content(scene: PanelState, open: RwSignal<bool>, found: Found) -> AnyView {
    view! {
        {head("find-rate-title", tr!("Find a learning rate"), open)}
        <p class="share-note">
            {tr!("A fresh network with these settings takes a hundred steps, each at a higher learning rate than the one before. Then fresh networks train for a moment at some of these rates. Your run is not touched; if it plays, it goes on.")}
        </p>
        <div role="status">
            {part(move || found.get().map_or_else(
                || view! { <p class="chart-waiting">{tr!("Trying learning rates …")}</p> }.into_any(),
                |found| match found {
                    Ok(test) => result(scene, open, &test),
                    Err(why) => view! { <p class="setting-error">{why}</p> }.into_any(),
                },
            ))}
        </div>
    }
    .into_any()
}

fn result(scene: PanelState, open: RwSignal<bool>, test: &RateTest) -> AnyView {
    let Some(suggested) = test.suggested else {
        let why = tr!(
            "No learning rate made the loss fall clearly. Look at the layers, at how the weights begin, or at what goes in."
        );
        return view! { {chart(test)}<p data-testid="no-rate">{why}</p> }.into_any();
    };
    let rate = format::plain(suggested);
    let steps = test.trials.iter().map(|trial| trial.steps).max().unwrap_or_default();
    let lowest = test.trials.iter().find(|trial| trial.rate == suggested).and_then(|trial| trial.loss);
    let said = tr!(
        "Of {} fresh networks that then took {} steps each, the one at {} came lowest, to a loss of {}.",
        test.trials.len(),
        steps,
        rate,
        format::number(lowest.unwrap_or_default())
    );
    let take = move |_| {
        let words = match scene.lab.set(KEY, serde_json::json!(suggested)) {
            Ok(()) => tr!("The learning rate is {} now", format::plain(suggested)),
            Err(why) => why,
        };
        scene.announcement.set(words);
        open.set(false);
    };
    view! {
        {chart(test)}
        <p data-testid="suggested">{said}</p>
        <div class="buttons">
            <button type="button" class="button strong" data-testid="use-rate" on:click=take>{tr!("Use {}", rate)}</button>
        </div>
    }
    .into_any()
}

/// Loss against learning rate, both so that ten times more is as far everywhere.
fn chart(test: &RateTest) -> AnyView {
    let power = |of: fn(f64) -> f64, rate: Option<&TriedRate>| of(rate.map_or(1.0, |t| t.rate).log10());
    let (low, high) = (power(f64::floor, test.tried.first()), power(f64::ceil, test.tried.last()));
    let lines = Scale::Log
        .lines(test.tried.iter().map(|t| t.smooth).chain(test.trials.iter().filter_map(|t| t.loss)));
    let ends = [lines.first(), lines.last()].map(|line| line.map_or(0.0, |l| l.0.log10()));
    let x = move |rate: f64| (rate.log10() - low) / (high - low).max(1.0);
    let y = move |loss: f64| (1.0 - (loss.log10() - ends[0]) / (ends[1] - ends[0])).clamp(-0.02, 1.02);
    let curve = |of: fn(&TriedRate) -> f64| {
        let points: Vec<Point> = test.tried.iter().map(|t| (t.rate, of(t))).collect();
        path(&points, |rate| x(rate) * SIDE, |loss| y(loss) * SIDE)
    };
    let ended = test.trials.iter().filter_map(|trial| Some((trial.rate, trial.loss?)));
    let trials = dots(&ended.collect::<Vec<Point>>(), |rate| x(rate) * SIDE, |loss| y(loss) * SIDE);
    let mark = |rate: Option<f64>| rate.map(|rate| format!("M{:.0} 0V1000", x(rate) * SIDE));
    let rates = (low as i32..=high as i32).map(|power| {
        let rate = 10_f64.powi(power);
        (x(rate) * 100.0, format::plain(rate))
    });
    let heights: AxisWords = lines.iter().map(|(loss, words)| (y(*loss) * 100.0, words.clone())).collect();
    let area = view! {
        <div class="chart-area" role="img" aria-label=tr!("Loss against learning rate")>
            <svg viewBox="0 0 1000 1000" preserveAspectRatio="none" aria-hidden="true" focusable="false">
                <path class="line-grid" d=grid(&heights) />
                <path class="line-batches" d=curve(|t| t.loss) />
                <path class="line-test" d=curve(|t| t.smooth) />
                <path class="line-dots" data-testid="trials" d=trials />
                <path class="line-cursor" data-testid="rate-mark" d=mark(test.suggested) />
            </svg>
        </div>
    };
    let below = view! { <p class="chart-unit rate-axis" aria-hidden="true">{tr!("Learning rate")}</p> };
    Plot {
        class: "chart rate-chart",
        test_id: None,
        title: tr!("Loss"),
        unit: tr!("of each step’s batch, smoothed; dots: what a fresh network came to"),
        readout: ().into_any(),
        up: axis(heights, "top"),
        area: area.into_any(),
        across: axis(rates.collect(), "left"),
        across_unit: None,
        over: ().into_any(),
        below: below.into_any(),
    }
    .view()
}
