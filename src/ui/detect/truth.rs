//! Where the truth is known: what the boxes of a kind are worth, walked from the surest down while the curve of precision
//! against recall fills, and the area below it, as COCO computes it.

use super::state::{Finder, class_name};
use crate::detection::average_precision::{Curve, Seen, Step, Truth, by_class, curve, mean};
use crate::detection::{BoundingBox, Found};
use crate::platform;
use crate::spec::ChoiceInfo;
use crate::ui::components::format;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::reactive::{flag, memo, part, text};
use crate::ui::components::select::Select;
use crate::ui::language::tr;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::BTreeMap;
use std::sync::Arc;

/// COCO's boxes on the sample pictures, by the samples' ids.
const FILE: &str = "truth/coco.json";

/// From this overlap on a box is right.
const OVERLAP: f64 = 0.5;

/// Sides of the plot, in its own units.
const SIDE: f64 = 200.0;

/// Class, left, top, width, height, whether it is a crowd.
type Row = (u16, f32, f32, f32, f32, u8);

async fn load(sample: &str) -> Option<Vec<Truth>> {
    let bytes = platform::fetch(FILE, false, |_| ()).await.ok()?;
    let all: BTreeMap<String, Vec<Row>> = serde_json::from_slice(&bytes).ok()?;
    let truth = |&(class, left, top, width, height, crowd): &Row| Truth {
        class,
        area: BoundingBox { left, top, right: left + width, bottom: top + height },
        crowd: crowd > 0,
    };
    Some(all.get(sample)?.iter().map(truth).collect())
}

/// Nothing for a picture whose truth nobody has told.
pub fn panel(desk: Finder) -> Option<AnyView> {
    let sample =
        desk.picture.with_untracked(|shown| shown.as_ref()?.sample.as_ref().map(|s| s.id.clone()))?;
    let truth = RwSignal::new(None::<Arc<Vec<Truth>>>);
    spawn_local(async move {
        let found = load(&sample).await;
        // The visitor may be at another picture by now.
        let _ = truth.try_set(found.map(Arc::new));
    });
    Some(part(move || truth.get().and_then(|truth| against(desk, truth))))
}

#[derive(Clone, Copy)]
struct Walk {
    desk: Finder,
    kind: RwSignal<u16>,
    curve: Memo<Option<Curve>>,
    /// So many boxes of the kind have been looked at.
    walked: RwSignal<usize>,
}

impl Walk {
    fn count(self) -> usize {
        self.curve.with(|curve| curve.as_ref().map_or(0, |curve| curve.steps.len()))
    }

    fn walked(self) -> usize {
        self.walked.get().min(self.count())
    }

    /// The curve as far as it has been walked.
    fn so_far(self) -> Option<Curve> {
        let walked = self.walked();
        self.curve.with(|curve| {
            let curve = curve.as_ref()?;
            Some(Curve { things: curve.things, steps: curve.steps[..walked].to_vec() })
        })
    }

    fn go(self, to: usize) {
        self.walked.set(to);
        self.desk.scene.announcement.set(untrack(move || self.sentence()));
    }

    fn sentence(self) -> String {
        let Some(curve) = self.so_far() else { return String::new() };
        let name = class_name(self.kind.get());
        let Some(&Step { score, hit, recall, precision }) = curve.steps.last() else {
            return tr!("{}: true boxes {}, boxes of the network {}.", name, curve.things, self.count());
        };
        let hits = curve.steps.iter().filter(|step| step.hit).count();
        let place = tr!("Box {} of {}: {}.", curve.steps.len(), self.count(), format::chance(score));
        let what = match hit {
            true => tr!("It is right."),
            false => tr!("It is wrong: nothing of this kind is there, or a surer box has found it already."),
        };
        let numbers = tr!(
            "Right so far: {} of {} boxes (precision {}). Found so far: {} of {} (recall {}).",
            hits,
            curve.steps.len(),
            format::decimals(precision, 2),
            hits,
            curve.things,
            format::decimals(recall, 2)
        );
        format!("{place} {what} {numbers}")
    }
}

/// The kinds that are in the picture, the most frequent first.
fn kinds(truth: &[Truth]) -> Vec<u16> {
    let mut counts: BTreeMap<u16, usize> = BTreeMap::new();
    for thing in truth.iter().filter(|thing| !thing.crowd) {
        *counts.entry(thing.class).or_default() += 1;
    }
    let mut kinds: Vec<_> = counts.into_iter().collect();
    kinds.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    kinds.into_iter().map(|(class, _)| class).collect()
}

fn against(desk: Finder, truth: Arc<Vec<Truth>>) -> Option<AnyView> {
    let kinds = kinds(&truth);
    let kind = RwSignal::new(*kinds.first()?);
    let boxes = memo(move || desk.measured());
    let (of_kind, of_all) = (truth.clone(), truth.clone());
    let seen = |truth: &[Truth], found: &[Found], kind: u16| curve(&[Seen { truth, found }], kind, OVERLAP);
    let walk = Walk {
        desk,
        kind,
        curve: memo(move || boxes.with(|boxes| seen(&of_kind, boxes, kind.get()))),
        walked: RwSignal::new(0),
    };
    let means = memo(move || {
        boxes.with(|found| mean(&by_class(&[Seen { truth: &of_all, found: found.as_slice() }])))
    });
    let choices: Vec<_> = kinds.iter().map(|kind| choice(*kind)).collect();
    let choose = move |id: String| {
        walk.walked.set(0);
        id.parse().into_iter().for_each(|id| kind.set(id));
    };
    let whole = move || {
        let [half, all] = means.get()?.map(|number| format::decimals(number, 3));
        Some(tr!(
            "Mean over all kinds in this picture, with every box from a score of 0.05: average precision {} at an overlap of 0.5, {} from 0.5 to 0.95.",
            half,
            all
        ))
    };
    Some(
        view! {
            <section class="truth" data-testid="truth" aria-labelledby="title-truth">
                <h3 class="truth-title" id="title-truth">{tr!("Against the truth")}</h3>
                <p class="note">
                    {tr!("People have drawn the true boxes for COCO (CC BY 4.0). A box of the network is right if it overlaps a true one of its kind by at least 0.5 that no surer box has found.")}
                </p>
                <Select
                    id="truth-kind"
                    label=tr!("Kind")
                    choices=Signal::stored(choices)
                    chosen=text(move || kind.get().to_string())
                    on_choose=choose
                />
                <p class="num truth-step" data-testid="truth-step">{text(move || walk.sentence())}</p>
                {buttons(walk)}
                {part(move || plot(walk))}
                <p class="note num" data-testid="truth-mean">{text(move || whole().unwrap_or_default())}</p>
            </section>
        }
        .into_any(),
    )
}

fn choice(kind: u16) -> ChoiceInfo {
    ChoiceInfo { id: kind.to_string(), title: class_name(kind), blurb: String::new() }
}

fn buttons(walk: Walk) -> AnyView {
    let end = flag(move || walk.walked() >= walk.count());
    view! {
        <div class="buttons">
            <button
                type="button"
                class="button"
                data-control="truth-next"
                disabled=end
                on:click=move |_| walk.go(untrack(move || walk.walked()) + 1)
            >
                {icon(Icon::Step)}
                {tr!("Next box")}
            </button>
            <button
                type="button"
                class="button"
                data-control="truth-all"
                disabled=end
                on:click=move |_| walk.go(untrack(move || walk.count()))
            >
                {tr!("To the last box")}
            </button>
            <button
                type="button"
                class="button"
                disabled=flag(move || walk.walked() == 0)
                on:click=move |_| walk.go(0)
            >
                {icon(Icon::Reset)}
                {tr!("From the start")}
            </button>
        </div>
    }
    .into_any()
}

/// Recall to the right, precision upwards; the area is what average precision measures.
fn plot(walk: Walk) -> Option<AnyView> {
    let curve = walk.so_far()?;
    let place = |recall: f64, precision: f64| (recall * SIDE, (1.0 - precision) * SIDE);
    let envelope = curve.envelope();
    let (mut area, mut before) = (format!("M0 {SIDE}"), 0.0);
    for (step, height) in curve.steps.iter().zip(&envelope) {
        let (from, y) = place(before, *height);
        let (to, _) = place(step.recall, *height);
        area += &format!("L{from:.1} {y:.1}L{to:.1} {y:.1}");
        before = step.recall;
    }
    area += &format!("V{SIDE}Z");
    let dots = curve.steps.iter().map(|step| {
        let (x, y) = place(step.recall, step.precision);
        view! { <circle class="truth-dot" class:hit=step.hit cx=format!("{x:.1}") cy=format!("{y:.1}") r="3.5"></circle> }
    });
    let precision = format::decimals(curve.average_precision(), 3);
    let words = tr!("Area so far: average precision {}", precision);
    Some(
        view! {
            <figure class="truth-plot">
                <svg viewBox="-34 -10 248 248" role="img" aria-label=words.clone()>
                    <path class="truth-area" d=area></path>
                    <path class="truth-axis" d=format!("M0 0V{SIDE}H{SIDE}")></path>
                    {dots.collect_view()}
                    <text x="100" y="232" text-anchor="middle">{tr!("Recall")}</text>
                    <text x="-100" y="-20" transform="rotate(-90)" text-anchor="middle">{tr!("Precision")}</text>
                    <text x="0" y="216" text-anchor="middle">"0"</text>
                    <text x="200" y="216" text-anchor="middle">"1"</text>
                    <text x="-8" y="5" text-anchor="end">"1"</text>
                </svg>
                <figcaption class="num" data-testid="truth-area">{words}</figcaption>
            </figure>
        }
        .into_any(),
    )
}
