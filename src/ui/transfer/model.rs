//! Model: the network that comes trained, the small classifier on it, and how that one is trained.

use super::controller::{NETWORK, TransferController};
use super::curve;
use super::project::Settings;
use crate::platform;
use crate::pretrained::{Pretrained, WeightsManifest};
use crate::ui::components::credit::credit;
use crate::ui::components::format;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::number::NumberField;
use crate::ui::components::progress::bar;
use crate::ui::components::reactive::{flag, memo, part, text};
use crate::ui::language::{key, known, tr};
use leptos::prelude::*;
use leptos::task::spawn_local;

pub fn panel(desk: TransferController) -> AnyView {
    view! {
        <h2 class="panel-title" id="title-model">{tr!("Model")}</h2>
        <p class="panel-lead">
            <strong>"EfficientNet-Lite0"</strong>
            " "
            {tr!("turns each picture into 1,280 numbers. Only a small classifier on those is trained here, in seconds.")}
        </p>
        {stack(desk)}
        {weights(desk)}
        {curve::view(desk)}
        {options(desk)}
    }
    .into_any()
}

/// The two parts, one above the other.
fn stack(desk: TransferController) -> AnyView {
    let classes =
        move || desk.project.with(|p| p.classes.iter().filter(|c| !c.ids.is_empty()).count()).max(2);
    let own = text(move || {
        let n = classes();
        tr!("1,280 × {0} weights + {0} = {1} parameters, trained here", n, format::count(1281 * n as u64))
    });
    view! {
        <ol class="own-stack">
            <li><strong>{tr!("Your picture")}</strong><span>{tr!("224 × 224 pixels, the middle of it")}</span></li>
            <li><strong>"EfficientNet-Lite0"</strong><span>{fixed()}</span></li>
            <li><strong>{tr!("1,280 features")}</strong><span>{tr!("computed once for each picture and kept")}</span></li>
            <li class="own-stack-new"><strong>{tr!("Your classifier")}</strong><span class="num">{own}</span></li>
        </ol>
    }
    .into_any()
}

fn fixed() -> String {
    let parameters: usize = Pretrained::by_id(NETWORK).map_or(0, |n| {
        let layers = (n.layers)();
        // The last layer names a thousand kinds of things; the visitor's own takes its place.
        layers[..layers.len().saturating_sub(1)].iter().map(crate::pretrained::Layer::parameters).sum()
    });
    tr!("{} parameters, as they were trained", format::count(parameters as u64))
}

/// What has to be fetched first, and how far it is.
fn weights(desk: TransferController) -> AnyView {
    let size = RwSignal::new(None::<u64>);
    spawn_local(async move {
        let Some(folder) = Pretrained::by_id(NETWORK).map(Pretrained::folder) else { return };
        let found = platform::fetch(&format!("{folder}/manifest.json"), false, |_| ()).await.ok();
        let manifest = found.and_then(|bytes| serde_json::from_slice::<WeightsManifest>(&bytes).ok());
        // The visitor may have gone to another lesson meanwhile.
        let _ = size.try_set(manifest.map(|m| m.bytes()));
    });
    let fetching = desk.reader.fetching;
    let words = text(move || match (fetching.get(), desk.warm.get(), size.get()) {
        (Some((bytes, total)), ..) => tr!("Fetching the network: {}", format::bytes_of(bytes, total)),
        (None, true, _) => tr!("The network is here and ready."),
        (None, false, Some(all)) => {
            tr!("The network is fetched with the first picture: {}, once.", format::bytes_of(all, all))
        }
        (None, false, None) => tr!("The network is fetched with the first picture."),
    });
    let share = Signal::derive(move || {
        fetching.get().map_or(0.0, |(bytes, total)| bytes as f64 / total.max(1) as f64)
    });
    view! {
        <div class="own-weights" data-control="weights" data-testid="weights">
            <p class="num">{words}</p>
            {Pretrained::by_id(NETWORK).map(|n| credit(n.homepage, n.citation, n.licence))}
            {part(move || (!desk.warm.get() && fetching.get().is_none()).then(|| view! {
                <button type="button" class="button" on:click=move |_| desk.prepare()>
                    {icon(Icon::Download)}
                    {tr!("Fetch the network now")}
                </button>
            }))}
            {part(move || fetching.get().is_some().then(|| bar("intake-bar", tr!("Fetching the network"), share)))}
        </div>
    }
    .into_any()
}

/// A number of the settings, and how it reads from and writes to them.
struct Number {
    id: &'static str,
    label: &'static str,
    help: &'static str,
    steps: &'static [f64],
    least: f64,
    most: f64,
    get: fn(&Settings) -> f64,
    set: fn(&mut Settings, f64),
}

const NUMBERS: [Number; 4] = [
    Number {
        id: "held-out",
        label: key("Held out, %"),
        help: key("This share of every class is not trained on but tested with."),
        steps: &[0.0, 10.0, 20.0, 30.0, 40.0, 50.0],
        least: 0.0,
        most: 50.0,
        get: |s| (s.held_out * 1000.0).round() / 10.0,
        set: |s, v| s.held_out = v / 100.0,
    },
    Number {
        id: "epochs",
        label: key("Epochs"),
        help: key("Passes over the training pictures."),
        steps: &[5.0, 10.0, 20.0, 40.0, 60.0, 100.0, 200.0, 500.0],
        least: 1.0,
        most: 1000.0,
        get: |s| f64::from(s.epochs),
        set: |s, v| s.epochs = v as u32,
    },
    Number {
        id: "rate",
        label: key("Learning rate"),
        help: key("How far each step goes. Too far, and the loss jumps about."),
        steps: &[0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1],
        least: 0.000_001,
        most: 10.0,
        get: |s| s.learning_rate,
        set: |s, v| s.learning_rate = v,
    },
    Number {
        id: "seed",
        label: key("Seed"),
        help: key("Decides which pictures are held out, and in what order the others come."),
        steps: &[1.0, 2.0, 3.0, 7.0, 42.0],
        least: 0.0,
        most: 4_294_967_295.0,
        get: |s| f64::from(s.seed),
        set: |s, v| s.seed = v as u32,
    },
];

fn options(desk: TransferController) -> AnyView {
    let summary = text(move || {
        let s = desk.project.with(|p| p.settings);
        let share = format::plain((NUMBERS[0].get)(&s));
        let rate = format::plain(s.learning_rate);
        tr!("{} % held out · {} epochs · rate {} · seed {}", share, s.epochs, rate, s.seed)
    });
    view! {
        <details class="more" data-control="settings" data-testid="own-options">
            <summary>{tr!("Options")}<span class="summary-now num">{summary}</span></summary>
            <div class="settings">{NUMBERS.iter().map(|n| number(desk, n)).collect_view()}</div>
        </details>
        <p class="switch own-again">
            <input
                type="checkbox"
                role="switch"
                id="own-again"
                prop:checked=flag(move || desk.project.with(|p| p.settings.again))
                on:change=move |e| desk.change(|p| p.settings.again = event_target_checked(&e))
            />
            <label for="own-again">{tr!("Train again by itself after changes")}</label>
        </p>
    }
    .into_any()
}

fn number(desk: TransferController, number: &'static Number) -> AnyView {
    let set = move |v: f64| {
        let whole = number.id != "epochs" && number.id != "seed" || v.fract() == 0.0;
        if !(number.least..=number.most).contains(&v) || !whole {
            let (least, most) = (format::plain(number.least), format::plain(number.most));
            return Err(match whole {
                true => tr!("Type a number from {} to {}.", least, most),
                false => tr!("Type a whole number from {} to {}.", least, most),
            });
        }
        desk.change(|p| (number.set)(&mut p.settings, v));
        Ok(())
    };
    NumberField {
        id: format!("own-{}", number.id),
        label: known(number.label),
        help: known(number.help),
        control: None,
        value: memo(move || desk.project.with(|p| (number.get)(&p.settings))),
        choices: number.steps.to_vec(),
        set: Callback::new(set),
    }
    .view()
}
