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

pub fn strip(shelf: Shelf) -> AnyView {
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
            let mut thumbs: Vec<_> = all.into_iter().take(count).map(|s| thumb(shelf, s)).collect();
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

fn thumb(shelf: Shelf, sample: Arc<Sample>) -> AnyView {
    let id = sample.id.clone();
    let pressed = move || shelf.current().and_then(|i| i.sample).is_some_and(|s| s.id == id);
    let address = format!("{SAMPLES_FOLDER}/{}", sample.file);
    let name = known(&sample.title);
    view! {
        <button
            type="button"
            class="sample"
            aria-label=name.clone()
            title=name
            aria-pressed=text(move || pressed().to_string())
            on:click=move |_| take(shelf, &sample)
        >
            <img src=address alt="" loading="lazy" decoding="async" width="96" height="96" />
        </button>
    }
    .into_any()
}

/// A sample is read once; afterwards it is only looked at again.
fn take(shelf: Shelf, sample: &Arc<Sample>) {
    let there = shelf.items.with_untracked(|all| {
        all.iter().find(|i| i.sample.as_ref().is_some_and(|s| s.id == sample.id)).map(|i| i.id)
    });
    match there {
        Some(id) => {
            shelf.choose(id);
            super::viewer_state::bring_into_view();
        }
        None => shelf.add(vec![Given {
            name: known(&sample.title),
            source: PictureSource::Address(format!("{SAMPLES_FOLDER}/{}", sample.file)),
            sample: Some(sample.clone()),
        }]),
    }
}

/// Who made the picture that is looked at, if it is a sample.
pub fn credit(shelf: Shelf) -> AnyView {
    part(move || {
        let sample = shelf.current()?.sample?;
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
