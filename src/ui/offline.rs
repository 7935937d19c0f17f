//! “Take it all”: every file of the site is kept in this browser, so that every lesson works in a place without a
//! network. `www/take.js` fetches, checks and keeps; it is loaded when somebody looks. Here is what a visitor sees of it.

use super::client::adapter;
use super::components::format::bytes_of;
use super::components::icon::{Icon, icon};
use super::components::progress;
use super::components::reactive::{part, text};
use super::language::tr;
use super::timers;
use crate::platform::spawn_local;
use js_sys::{Array, Function, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// What happened, and what to do.
type Fault = (String, String);

#[derive(Clone, PartialEq)]
enum DownloadStage {
    /// Not looked yet, or there is no list to be had: then nothing is offered.
    Unknown,
    /// This browser keeps nothing for this page.
    Refused,
    Ready,
    /// Counted, so that one that was paused does not go on beside the next.
    Taking(u32),
    /// After the file that is on its way.
    Paused,
    /// What happened, and what to do.
    Failed(Fault),
    Done,
}

/// Lives as long as the page: it goes on while the visitor looks at something else.
#[derive(Clone, Copy)]
pub struct Take {
    stage: RwSignal<DownloadStage>,
    /// Bytes that are kept.
    have: RwSignal<u64>,
    all: RwSignal<u64>,
    turn: RwSignal<u32>,
}

impl Default for Take {
    /// Must be called under the page's owner.
    fn default() -> Self {
        let stage = RwSignal::new(DownloadStage::Unknown);
        Self { stage, have: RwSignal::new(0), all: RwSignal::new(0), turn: RwSignal::new(0) }
    }
}

impl Take {
    /// What there is, and how much of it is here.
    fn look(self) {
        spawn_local(async move {
            let found = call("look", &JsValue::UNDEFINED).await;
            let sizes = found.as_ref().ok().and_then(|found| found.dyn_ref::<Array>());
            let stage = match (&found, sizes) {
                (_, Some(sizes)) => match self.now(&sizes.get(0), &sizes.get(1)) {
                    true => DownloadStage::Done,
                    false => DownloadStage::Ready,
                },
                (Err(why), _) if word(why, "word") == "room" => DownloadStage::Refused,
                _ => return,
            };
            if self.stage.get_untracked() == DownloadStage::Unknown {
                self.stage.set(stage);
            }
        });
    }

    /// So many bytes of so many are kept. Whether it is all.
    fn now(self, have: &JsValue, all: &JsValue) -> bool {
        let bytes = |value: &JsValue| value.as_f64().unwrap_or_default() as u64;
        self.have.set(bytes(have));
        self.all.set(bytes(all));
        have == all
    }

    fn begin(self) {
        let turn = self.turn.get_untracked() + 1;
        self.turn.set(turn);
        self.stage.set(DownloadStage::Taking(turn));
        let goes_on = move || self.stage.get_untracked() == DownloadStage::Taking(turn);
        let on = Closure::<dyn Fn(JsValue, JsValue) -> bool>::new(move |have, all| {
            if goes_on() {
                self.now(&have, &all);
            }
            goes_on()
        });
        spawn_local(async move {
            let outcome = call("take", on.as_ref()).await;
            if goes_on() {
                self.stage.set(
                    outcome.map_or_else(|why| DownloadStage::Failed(fault(&why)), |_| DownloadStage::Done),
                );
            }
        });
    }
}

/// A function of `www/take.js`, told whether the GPU engine can be used here.
async fn call(name: &str, on: &JsValue) -> Result<JsValue, JsValue> {
    let root = document().document_element().ok_or(JsValue::UNDEFINED)?;
    let load: Function = Reflect::get(&root, &"offline".into())?.dyn_into()?;
    let module = JsFuture::from(load.call0(&root)?.dyn_into::<Promise>()?).await?;
    let function: Function = Reflect::get(&module, &name.into())?.dyn_into()?;
    let gpu = adapter::usable(false).await.is_ok();
    JsFuture::from(function.call2(&module, &gpu.into(), on)?.dyn_into::<Promise>()?).await
}

fn word(error: &JsValue, field: &str) -> String {
    Reflect::get(error, &field.into()).ok().and_then(|word| word.as_string()).unwrap_or_default()
}

/// A sentence for the word that `www/take.js` has for it.
fn fault(error: &JsValue) -> Fault {
    let path = word(error, "path");
    let what = match word(error, "word").as_str() {
        "room" => {
            let advice = tr!("What has come is kept. Free some space on this machine, then go on.");
            return (tr!("This browser has no more room for this page."), advice);
        }
        "damaged" => tr!("The file {} arrived damaged.", path),
        "missing" => tr!("The host does not have the file {}.", path),
        "silent" => tr!("Nothing came for 15 seconds."),
        _ => tr!("The connection broke."),
    };
    (what, tr!("What has come is kept. Go on when the network is back."))
}

/// The offer, for the foot of the front page.
pub fn take_all() -> AnyView {
    let take = expect_context::<Take>();
    timers::when_idle(move || take.look());
    part(move || {
        (take.stage.get() != DownloadStage::Unknown).then(|| {
            view! {
                <section class="take" aria-labelledby="title-take" data-testid="take-all">
                    <h2 class="block-title" id="title-take">{tr!("Without a network")}</h2>
                    {offer(take)}
                </section>
            }
        })
    })
}

fn offer(take: Take) -> AnyView {
    let size = move || bytes_of(take.all.get(), take.all.get());
    let button = |sign: Icon, words: String| {
        view! {
            <button type="button" class="button" on:click=move |_| take.begin()>{icon(sign)}{words}</button>
        }
    };
    match take.stage.get() {
        DownloadStage::Unknown => ().into_any(),
        DownloadStage::Refused => {
            let why = tr!("This browser keeps nothing for this page here. Open the page by https, in a tab of its own.");
            view! { <p>{why}</p> }.into_any()
        }
        DownloadStage::Ready => {
            let have = take.have.get_untracked();
            let words = if have == 0 {
                tr!("Keep every lesson for a place without a network: {}.", size())
            } else {
                let here = bytes_of(have, have);
                tr!("Keep every lesson for a place without a network: {}, of which {} are here already.", size(), here)
            };
            view! { <p>{words}</p>{button(Icon::Download, tr!("Keep all of it"))} }.into_any()
        }
        DownloadStage::Taking(_) => view! {
            {progress(take)}
            <button type="button" class="button" on:click=move |_| take.stage.set(DownloadStage::Paused)>
                {icon(Icon::Pause)}{tr!("Pause")}
            </button>
        }
        .into_any(),
        DownloadStage::Paused => {
            let far = text(move || tr!("Paused: {} are here.", bytes_of(take.have.get(), take.all.get())));
            view! { <p class="num" role="status">{far}</p>{button(Icon::Play, tr!("Go on"))} }.into_any()
        }
        DownloadStage::Failed((what, advice)) => view! {
            <p role="alert"><strong>{what}</strong>" "{advice}</p>{button(Icon::Reset, tr!("Go on"))}
        }
        .into_any(),
        DownloadStage::Done => view! {
            <p class="take-done" role="status">
                {icon(Icon::Tick)}{tr!("Everything is here: {}. Every lesson works without a network.", size())}
            </p>
        }
        .into_any(),
    }
}

fn progress(take: Take) -> AnyView {
    let share = Signal::derive(move || take.have.get() as f64 / take.all.get().max(1) as f64);
    let words = text(move || bytes_of(take.have.get(), take.all.get()));
    progress::progress(tr!("Keeping every lesson"), words, share)
}
