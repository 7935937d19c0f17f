//! Pictures to try, with who made them: a strip of thumbnails. Where the site has none, there is no strip.

use super::queue::{Given, PictureSource, Shelf};
use crate::platform;
use crate::pretrained::samples::{SAMPLES_FOLDER, SampleInfo as Sample};
use crate::ui::components::reactive::{part, text};
use crate::ui::language::{known, tr};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// So many are offered at first: their thumbnails are the pictures themselves.
const FIRST: usize = 12;

/// `pressed` says whether the sample of this id is the one that is looked at; `take` gets one that was chosen.
pub fn strip(
    pressed: impl Fn(&str) -> bool + Clone + Send + Sync + 'static,
    take: impl Fn(Arc<Sample>) + Clone + Send + Sync + 'static,
) -> AnyView {
    // None until it is known whether there are any.
    let samples = RwSignal::new(None::<Vec<Arc<Sample>>>);
    let all_shown = RwSignal::new(false);
    spawn_local(async move {
        let index = platform::fetch(&format!("{SAMPLES_FOLDER}/index.json"), false, |_| ()).await;
        let found = index.ok().and_then(|bytes| serde_json::from_slice::<Vec<Sample>>(&bytes).ok());
        // The visitor may have gone to another lesson meanwhile; then nobody wants them.
        let _ = samples.try_set(Some(found.unwrap_or_default().into_iter().map(Arc::new).collect()));
    });
    part(move || match samples.get() {
        None => strip_of((0..FIRST).map(|_| view! { <i class="sample skeleton"></i> }.into_any()).collect()),
        Some(all) if all.is_empty() => ().into_any(),
        Some(all) => {
            let count = if all_shown.get() { all.len() } else { FIRST };
            let more = all.len().saturating_sub(count);
            let mut thumbs: Vec<_> =
                all.into_iter().take(count).map(|s| thumb(s, pressed.clone(), take.clone())).collect();
            if more > 0 {
                let words = tr!("{} more", more);
                thumbs.push(
                    view! { <button type="button" class="button samples-more" on:click=move |_| all_shown.set(true)>{words}</button> }
                        .into_any(),
                );
            }
            strip_of(thumbs)
        }
    })
}

fn strip_of(thumbs: Vec<AnyView>) -> AnyView {
    view! {
        <div class="samples">
            <h3 class="samples-title" id="title-samples">{tr!("Or try one of these")}</h3>
            <div class="samples-strip" role="group" aria-labelledby="title-samples" data-testid="picture-samples">{thumbs}</div>
        </div>
    }
    .into_any()
}

fn thumb(
    sample: Arc<Sample>,
    pressed: impl Fn(&str) -> bool + Send + Sync + 'static,
    take: impl Fn(Arc<Sample>) + 'static,
) -> AnyView {
    let id = sample.id.clone();
    let address = format!("{SAMPLES_FOLDER}/{}", sample.file);
    let name = known(&sample.title);
    view! {
        <button
            type="button"
            class="sample"
            aria-label=name.clone()
            title=name
            aria-pressed=text(move || pressed(&id).to_string())
            on:click=move |_| take(sample.clone())
        >
            <img src=address alt="" loading="lazy" decoding="async" width="96" height="96" />
        </button>
    }
    .into_any()
}

/// A sample as a picture that comes.
pub fn given(sample: &Arc<Sample>) -> Given {
    Given {
        name: known(&sample.title),
        source: PictureSource::Address(format!("{SAMPLES_FOLDER}/{}", sample.file)),
        sample: Some(sample.clone()),
    }
}

/// A sample is read once; afterwards it is only looked at again.
pub fn take(shelf: Shelf, sample: &Arc<Sample>) {
    let there = shelf.items.with_untracked(|all| {
        all.iter().find(|i| i.sample.as_ref().is_some_and(|s| s.id == sample.id)).map(|i| i.id)
    });
    match there {
        Some(id) => {
            shelf.choose(id);
            super::viewer_state::bring_into_view();
        }
        None => shelf.add(vec![given(sample)]),
    }
}

/// Who made the picture that is looked at, if it is a sample.
pub fn credit_of(sample: impl Fn() -> Option<Arc<Sample>> + Send + 'static) -> AnyView {
    part(move || {
        let sample = sample()?;
        let Sample { credit, licence, licence_url, origin, .. } = (*sample).clone();
        Some(view! {
            <p class="credit" data-testid="credit">
                {tr!("Photo:")}" "
                <a href=origin target="_blank" rel="noopener noreferrer">{credit}</a>
                ", "
                <a href=licence_url target="_blank" rel="noopener noreferrer">{licence}</a>
            </p>
        })
    })
}
