//! What is looked at of a Vision Transformer: a picture, a head of a block or all of them rolled together, and the token that
//! looks.

use crate::explain::rollout::rollout;
use crate::layers::{class_token, patches};
use crate::protocol::{AttentionMaps, Picture, Request, Response};
use crate::ui::components::format;
use crate::ui::components::pick::by_key;
use crate::ui::components::reactive::{effect, memo, subscribe};
use crate::ui::language::tr;
use crate::ui::panels::panel_state::PanelState;
use crate::ui::text::asking::{keep_asking, refusal};
use leptos::prelude::*;
use serde_bytes::ByteBuf;
use std::sync::Arc;
use web_sys::KeyboardEvent;

/// While training goes on it is asked at most this often.
const EVERY_MILLISECONDS: f64 = 700.0;
/// Of the patches that are looked at, so many are named.
const NAMED: usize = 3;

/// How the network cuts its pictures.
#[derive(Clone, Copy, PartialEq)]
pub struct Cut {
    /// Rows and columns of patches.
    pub grid: (usize, usize),
    /// Pixels of a patch each way.
    pub side: usize,
    pub class_token: bool,
}

impl Cut {
    pub fn patches(self) -> usize {
        self.grid.0 * self.grid.1
    }

    /// Tokens in front of the patches.
    pub fn front(self) -> usize {
        usize::from(self.class_token)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    Head {
        block: usize,
        head: usize,
    },
    /// All blocks, one after the other.
    Rollout,
}

#[derive(Clone, Copy)]
pub struct Looks {
    pub scene: PanelState,
    /// None while the network cuts no picture.
    pub cut: Memo<Option<Cut>>,
    /// The picture's bytes; of a test picture until another is looked at.
    pub picture: Memo<Option<Vec<u8>>>,
    pub told: RwSignal<Option<Arc<AttentionMaps>>>,
    pub shown: RwSignal<Shown>,
    /// The patch that looks; none is the class token, and where there is none, all patches together.
    pub from: RwSignal<Option<usize>>,
    pub refused: RwSignal<Option<String>>,
}

impl Looks {
    pub fn new(scene: PanelState, seen: RwSignal<bool>) -> Self {
        let example = RwSignal::new(None::<Vec<u8>>);
        let picture = memo(move || {
            let looked = scene.state.seen.with(|seen| Some(seen.as_ref()?.look.as_ref()?.input.to_vec()));
            looked.filter(|bytes| !bytes.is_empty()).or_else(|| example.get())
        });
        let looks = Self {
            scene,
            cut: memo(move || cut(scene)),
            picture,
            told: RwSignal::new(None),
            shown: RwSignal::new(Shown::Head { block: 0, head: 0 }),
            from: RwSignal::new(None),
            refused: RwSignal::new(None),
        };
        let network = memo(move || scene.state.network.get());
        effect(move |_| {
            subscribe(network);
            looks.told.set(None);
            looks.from.set(None);
            looks.shown.set(Shown::Head { block: 0, head: 0 });
        });
        let data = memo(move || scene.state.spec.with(|spec| spec.data.id.clone()));
        effect(move |_| {
            subscribe(data);
            example.set(None);
        });
        let missing = memo(move || (seen.get() && picture.with(Option::is_none)).then(|| data.get()));
        keep_asking(scene, EVERY_MILLISECONDS, missing, move |dataset| async move {
            let question = Request::Samples { dataset, train: Vec::new(), test: vec![0] };
            if let Ok(Response::Examples(found)) = scene.lab.ask(question).await {
                let _ = example.try_set(found.first().map(|example| example.pixels.to_vec()));
            }
        });
        let wanted = memo(move || {
            let picture = picture.get()?;
            seen.get().then(|| (picture, network.with(Vec::len)))
        });
        keep_asking(scene, EVERY_MILLISECONDS, wanted, move |(picture, _)| looks.ask(picture));
        looks
    }

    async fn ask(self, picture: Vec<u8>) {
        let question = Request::PictureAttention(Picture::Exact(ByteBuf::from(picture)));
        let answer = self.scene.lab.ask(question).await;
        if self.refused.try_get_untracked().is_none() {
            return;
        }
        match answer {
            Ok(Response::Attention(maps)) => {
                self.refused.set(None);
                self.told.set(Some(Arc::new(maps)));
            }
            Ok(_) => (),
            Err(failure) => self.refused.set(Some(refusal(&failure))),
        }
    }

    /// Heads of each block; tracked.
    pub fn heads(self) -> Vec<usize> {
        let heads = |told: &Arc<AttentionMaps>| told.layers.iter().map(|l| l.heads as usize).collect();
        self.told.with(|told| told.as_ref().map(heads).unwrap_or_default())
    }

    /// What the token that looks takes of all tokens, as `shown` has it; tracked.
    fn taken(self, shown: Shown) -> Vec<f32> {
        let (Some(cut), from) = (self.cut.get(), self.from.get()) else { return Vec::new() };
        self.told.with(|told| {
            let Some(told) = told.as_ref() else { return Vec::new() };
            let time = told.tokens.len();
            let rolled;
            let weights = match shown {
                Shown::Rollout => {
                    rolled = rollout(told);
                    &rolled[..]
                }
                Shown::Head { block, head } => {
                    let area = time * time;
                    let layer = told.layers.get(block);
                    layer
                        .and_then(|layer| layer.weights.get(head * area..(head + 1) * area))
                        .unwrap_or_default()
                }
            };
            let queries = match from {
                Some(patch) => cut.front() + patch..cut.front() + patch + 1,
                None if cut.class_token => 0..1,
                None => 0..time,
            };
            let mut taken = vec![0.0; time];
            for row in weights.chunks_exact(time.max(1)).skip(queries.start).take(queries.len()) {
                taken.iter_mut().zip(row).for_each(|(sum, weight)| *sum += weight / queries.len() as f32);
            }
            taken
        })
    }

    /// The same of the patches alone, row after row; tracked.
    pub fn row(self, shown: Shown) -> Vec<f32> {
        let front = self.cut.get().map_or(0, Cut::front);
        self.taken(shown).get(front..).map(<[f32]>::to_vec).unwrap_or_default()
    }

    /// Another patch looks, or none.
    pub fn choose(self, patch: Option<usize>) {
        if self.from.get_untracked() != patch {
            self.scene.state.count_action("looking_patch");
        }
        self.from.set(patch);
    }

    /// Arrows go from patch to patch, Escape goes back; what is taken is said.
    pub fn step(self, event: &KeyboardEvent) {
        let Some(cut) = self.cut.get_untracked() else { return };
        let from = self.from.get_untracked();
        let (height, width) = cut.grid;
        let at = from.map_or((0, 0), |patch| (patch / width, patch % width));
        if event.key() == "Escape" && from.is_some() {
            self.choose(None);
        } else if let Some((row, column)) = by_key(event, at, cut.grid) {
            self.choose(Some(if from.is_none() { 0 } else { row.min(height - 1) * width + column }));
        } else {
            return;
        }
        event.prevent_default();
        self.scene.announcement.set(untrack(move || self.sentence()));
    }

    /// “The class token takes 31 % of patch 6 (row 2, column 2), 12 % of patch 7 (row 2, column 3)”
    pub fn sentence(self) -> String {
        let Some(cut) = self.cut.get() else { return String::new() };
        let row = self.row(self.shown.get());
        let mut order: Vec<usize> = (0..row.len()).collect();
        order.sort_by(|a, b| row[*b].total_cmp(&row[*a]));
        let place = |patch: usize| {
            tr!("patch {} (row {}, column {})", patch + 1, patch / cut.grid.1 + 1, patch % cut.grid.1 + 1)
        };
        let one = |patch: &usize| tr!("{} of {}", format::percent(row[*patch].into(), 100), place(*patch));
        let most = order.iter().take(NAMED).map(one).collect::<Vec<_>>().join(", ");
        match self.from.get() {
            Some(patch) => tr!("{} takes {}", capital(&place(patch)), most),
            None if cut.class_token => tr!("The class token takes {}", most),
            None => tr!("All patches together take {}", most),
        }
    }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Of the network that is shown; tracked.
fn cut(scene: PanelState) -> Option<Cut> {
    let picture = scene.shape();
    scene.state.network.with(|network| {
        let at = network.iter().position(|info| info.layer.is(&patches::KIND))?;
        let before = at.checked_sub(1).map(|before| network[before].output.as_slice());
        let &[_, height, width] = before.unwrap_or(&picture) else { return None };
        let side = patches::side(network[at].layer);
        let grid = (height / side, width / side);
        // Behind other layers a patch of theirs is more of the picture.
        let class_token = network.iter().any(|info| info.layer.is(&class_token::KIND));
        Some(Cut { grid, side: picture[1] / grid.0.max(1), class_token })
    })
}
