//! From a picture to what the network is given, step by step: a real training picture before and after each, with the
//! numbers of the step. What can be chosen is chosen here for this picture alone; which steps this run takes is said.

use super::panel_state::PanelState;
use super::pictures::{Pictures, asked, skeletons};
use super::pipeline_steps::{
    Picture, Way, mean, named, normalised, numbers, resized, row, shown, slider, words_of,
};
use crate::datasets::Manifest;
use crate::pixels::{self, Affine};
use crate::protocol::Request;
use crate::ui::components::format;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::picture::{canvas, draw_maps};
use crate::ui::components::reactive::{effect, flag, memo, part, text};
use crate::ui::language::tr;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// As many training pictures are gone through.
const PICTURES: u32 = 30;

#[derive(Clone, Copy)]
struct Pipeline {
    scene: PanelState,
    which: RwSignal<u32>,
    /// Side after resizing, pixels.
    side: RwSignal<f64>,
    /// Cut out so many pixels further down and right.
    crop: RwSignal<f64>,
    flip: RwSignal<bool>,
    /// To the left.
    degrees: RwSignal<f64>,
    /// 2 is twice as large.
    scale: RwSignal<f64>,
    brightness: RwSignal<f64>,
    /// Per cent of the training pictures that settings could be chosen on.
    validation: RwSignal<f64>,
    example: RwSignal<Pictures>,
}

/// Folded away but for photos in colour, of which there is most to see.
pub fn pipeline(scene: PanelState) -> AnyView {
    let open = RwSignal::new(false);
    effect(move |_| open.set(scene.dataset.with(|d| d.as_ref().is_some_and(|d| d.mean.len() > 1))));
    let toggled = move |event: web_sys::Event| {
        let details = event.current_target().and_then(|t| t.dyn_into::<web_sys::Element>().ok());
        let now = details.is_some_and(|d| d.has_attribute("open"));
        if now && !open.get_untracked() {
            scene.state.count_action("pipeline");
        }
        open.set(now);
    };
    view! {
        <details class="more" data-testid="pipeline" prop:open=flag(move || open.get()) on:toggle=toggled>
            <summary>{tr!("From a picture to what the network gets")}</summary>
            {part(move || open.get().then(|| Pipeline::new(scene).view()))}
        </details>
    }
    .into_any()
}

impl Pipeline {
    fn new(scene: PanelState) -> Self {
        let which = RwSignal::new(0);
        let example = asked(scene.lab, move || {
            scene.state.engine.with(|e| e.active)?;
            let dataset = scene.dataset.with(|d| d.as_ref().map(|d| d.id.clone()))?;
            Some(Request::Samples { dataset, train: vec![which.get()], test: Vec::new() })
        });
        let side = untrack(move || scene.shape())[1];
        Self {
            scene,
            which,
            side: RwSignal::new((side * 7 / 8) as f64),
            crop: RwSignal::new(3.0),
            flip: RwSignal::new(true),
            degrees: RwSignal::new(12.0),
            scale: RwSignal::new(1.0),
            brightness: RwSignal::new(1.3),
            validation: RwSignal::new(0.0),
            example,
        }
    }

    /// The label, and the picture before the first step and after each.
    fn way(self) -> Option<Way> {
        let shape = self.scene.shape();
        let example = self.example.with(|p| match p {
            Pictures::Here(all) => all.first().map(|e| (e.target.class().unwrap_or(0), e.pixels.to_vec())),
            _ => None,
        });
        let (label, pixels) = example.filter(|(_, p)| p.len() == shape.iter().product::<usize>())?;
        let mut way = vec![Picture { shape, pixels }];
        let mut go = |step: &dyn Fn(&Picture) -> Picture| way.extend(way.last().map(step));
        let (side, crop) = (self.side.get() as usize, self.crop.get() as isize);
        go(&|p| resized(p, side));
        let same = |p: &Picture, pixels| Picture { shape: p.shape, pixels };
        go(&|p| same(p, pixels::cropped(&p.pixels, p.shape, crop, crop)));
        let flip = self.flip.get() && self.may_flip();
        go(&|p| if flip { same(p, pixels::flipped(&p.pixels, p.shape)) } else { p.clone() });
        let [degrees, scale, brightness] =
            [self.degrees, self.scale, self.brightness].map(|chosen| chosen.get() as f32);
        let by = Affine { down: 0.0, right: 0.0, degrees, scale };
        go(&|p| same(p, pixels::affine(&p.pixels, p.shape, by)));
        go(&|p| same(p, pixels::brighter(&p.pixels, brightness)));
        Some((label, way))
    }

    /// Mirrored digits are none.
    fn may_flip(self) -> bool {
        self.scene.dataset.with(|d| d.as_ref().is_some_and(|d| d.augments.iter().any(|a| a == "flip")))
    }

    fn view(self) -> AnyView {
        let way = memo(move || self.way());
        let there = memo(move || way.with(Option::is_some));
        let body = part(move || {
            if !there.get() {
                return view! { <div class="pipeline-waiting">{skeletons(4)}</div> }.into_any();
            }
            view! { <ol class="pipeline">{self.changes(way)}{self.ends(way)}</ol> }.into_any()
        });
        let next = move |_| self.which.update(|which| *which = (*which + 1) % PICTURES);
        let about = text(move || {
            let label = way.with(|w| w.as_ref().map(|w| w.0));
            let class = label.map_or_else(String::new, |label| self.scene.class(label));
            tr!("Training picture {}, labelled {}", self.which.get() + 1, class)
        });
        view! {
            <div class="pipeline-head">
                <p class="num">{about}</p>
                <button type="button" class="button" on:click=next>{icon(Icon::Next)}{tr!("Another picture")}</button>
            </div>
            {body}
        }
        .into_any()
    }

    /// The steps that change the picture.
    fn changes(self, way: Memo<Option<Way>>) -> AnyView {
        let most = untrack(move || self.scene.shape())[1] as f64;
        let of = move |at: usize| way.with(|w| w.as_ref().and_then(|w| w.1.get(at).cloned()));
        let side = move |at: usize| of(at).map_or(0, |p| p.shape[1]);
        let augment = move |id: &str| self.scene.state.spec.with(|s| s.train.augment.contains(id));
        let resize = text(move || {
            let counted = |at: usize| format::count(of(at).map_or(0, |p| p.pixels.len()) as u64);
            tr!("{0} × {0} → {1} × {1}: {2} numbers become {3}", side(0), side(1), counted(0), counted(1))
        });
        let crop = text(move || {
            tr!(
                "cut out {} pixels further down and right; what was outside is 0",
                format::plain(self.crop.get())
            )
        });
        let flip = text(move || match self.flip.get() {
            true => tr!("column x becomes column {} − x; the label stays", side(2).saturating_sub(1)),
            false => tr!("left as it is"),
        });
        let turn = text(move || {
            let (degrees, scale) = (format::plain(self.degrees.get()), format::plain(self.scale.get()));
            tr!("{}° to the left, {} × as large; what was outside is 0", degrees, scale)
        });
        let bright = text(move || {
            let mean = |at: usize| of(at).map_or(0.0, |p| mean(&p.pixels));
            let by = format::plain(self.brightness.get());
            tr!("every number × {}, at most 255: on average {} → {}", by, mean(4).round(), mean(5).round())
        });
        let flips = view! {
            <label class="pipeline-check">
                <input type="checkbox" prop:checked=flag(move || self.flip.get()) on:change=move |e| self.flip.set(event_target_checked(&e)) />
                {tr!("mirrored")}
            </label>
        };
        let turns = view! {
            {named(tr!("Rotate"), slider(tr!("Rotate"), [-45.0, 45.0, 1.0], self.degrees))}
            {named(tr!("Scale"), slider(tr!("Scale"), [0.5, 1.5, 0.05], self.scale))}
        };
        let pair = move |at: usize| [shown(way, at - 1), shown(way, at)];
        let crops = flag(move || augment("crop") || augment("affine"));
        let flip_row = untrack(move || self.may_flip())
            .then(|| row(tr!("Flip"), flag(move || augment("flip")), pair(3), flip, flips.into_any()));
        view! {
            {row(tr!("Resize"), flag(|| false), pair(1), resize, slider(tr!("Resize"), [8.0, most, 1.0], self.side))}
            {row(tr!("Crop"), crops, pair(2), crop, slider(tr!("Crop"), [-8.0, 8.0, 1.0], self.crop))}
            {flip_row}
            {row(tr!("Rotate and scale"), flag(move || augment("affine")), pair(4), turn, turns.into_any())}
            {row(tr!("Brightness"), flag(|| false), pair(5), bright, slider(tr!("Brightness"), [0.4, 2.0, 0.1], self.brightness))}
        }
        .into_any()
    }

    /// What makes numbers for training of the picture, its label and the whole dataset.
    fn ends(self, way: Memo<Option<Way>>) -> AnyView {
        let dataset = move || self.scene.dataset.get();
        let last = move || way.with(|w| w.as_ref().and_then(|w| w.1.last().cloned())).zip(dataset());
        let after = canvas("pipeline-picture maps-plain", move |canvas| {
            if let Some((picture, dataset)) = last() {
                draw_maps(canvas, &normalised(&picture, &dataset), 1, 0..1);
            }
        });
        let range = text(move || {
            let Some((picture, dataset)) = last() else { return String::new() };
            let values = numbers(&picture, &dataset);
            let least = values.iter().copied().fold(f32::INFINITY, f32::min);
            let most = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let number = |v: f32| format::decimals(v.into(), 2);
            let rule = tr!("(pixel ÷ 255 − mean) ÷ standard deviation of its channel");
            let range = tr!("numbers from {} to {}", number(least), number(most));
            format!("{rule}: {range}")
        });
        let label = move || way.with(|w| w.as_ref().map(|w| w.0 as usize));
        let classes = move || dataset().map_or(0, |d| d.classes().len());
        let cells = part(move || {
            let cell = |class: usize| {
                let hot = label() == Some(class);
                view! { <span class:hot=hot>{u8::from(hot)}</span> }.into_any()
            };
            (0..classes()).map(cell).collect_view()
        });
        let one_hot = text(move || {
            let label = label().unwrap_or(0);
            let class = self.scene.class(label as u32);
            tr!(
                "“{}” is class {} of {}, counted from 0: a list of {} numbers, all 0 but one",
                class,
                label,
                classes(),
                classes()
            )
        });
        let split = text(move || self.split_words());
        let yes = flag(|| true);
        let whole = flag(move || self.validation.get() == 0.0);
        let validation =
            slider(tr!("Validation, per cent of the training pictures"), [0.0, 50.0, 5.0], self.validation);
        view! {
            {row(tr!("Normalise"), yes, [shown(way, 5), after], range, ().into_any())}
            <li class="pipeline-step wide">
                <div class="one-hot num" aria-hidden="true" data-testid="one-hot">{cells}</div>
                {words_of(tr!("Encode the label"), yes, one_hot, ().into_any())}
            </li>
            <li class="pipeline-step wide">
                {words_of(tr!("Split"), whole, split, validation)}
            </li>
        }
        .into_any()
    }

    /// “50,000 to learn from, 10,000 kept apart to test on; 781 batches of 64 are an epoch”
    fn split_words(self) -> String {
        let counts = self.scene.state.data.with(|d| {
            let manifest = d.manifest.as_ref()?;
            Some([&manifest.train, &manifest.test].map(|shards| Manifest::examples(shards) as u64))
        });
        let Some([train, test]) = counts else { return tr!("counting the examples") };
        let batch = self.scene.state.spec.with(|s| s.train.batch_size);
        let held = (train as f64 * self.validation.get() / 100.0) as u64;
        let learned = train - held;
        let batches = format::count((learned as f64 / batch.max(1.0)) as u64);
        let (learned, test, batch) = (format::count(learned), format::count(test), format::plain(batch));
        if held == 0 {
            return tr!(
                "{} to learn from, {} kept apart to test on; {} batches of {} are one epoch",
                learned,
                test,
                batches,
                batch
            );
        }
        tr!(
            "{} to learn from, {} to choose settings on (validation), {} kept apart and looked at once, at the end (test); {} batches of {} are one epoch",
            learned,
            format::count(held),
            test,
            batches,
            batch
        )
    }
}
