//! A setting of the spec whose value is one of a few words: its choice, and what the chosen one is.

use crate::spec::WordInfo;
use crate::ui::components::reactive::{memo, text};
use crate::ui::components::select::Select;
use crate::ui::controller::Controller;
use crate::ui::language::known;
use leptos::prelude::*;
use serde_json::json;

pub fn word_field(info: WordInfo) -> AnyView {
    let lab = expect_context::<Controller>();
    let WordInfo { key, label, help, choices, default, .. } = info;
    let refused = RwSignal::new(None::<String>);
    let chosen = {
        let key = key.clone();
        memo(move || {
            let value = lab.state.spec.with(|spec| spec.to_keys().remove(&key));
            value.and_then(|value| value.as_str().map(String::from)).unwrap_or_else(|| default.clone())
        })
    };
    let described = choices.clone();
    let blurb = text(move || {
        let chosen = chosen.get();
        let of_choice =
            described.iter().find(|choice| choice.id == chosen).map(|choice| known(&choice.blurb));
        of_choice.filter(|blurb| !blurb.is_empty()).unwrap_or_else(|| known(&help))
    });
    let control = key.clone();
    let id = format!("set-{}", key.replace('.', "-"));
    let choose = move |value: String| refused.set(lab.set(&key, json!(value)).err());
    view! {
        <div class="setting setting-choice" data-control=control>
            <Select id=id label=known(&label) choices=Signal::stored(choices) chosen=chosen on_choose=choose />
            <p class="setting-help">{blurb}</p>
            <p class="setting-error" role="alert">{text(move || refused.get().unwrap_or_default())}</p>
        </div>
    }
    .into_any()
}
