//! A number of the spec: its value now, and the field that changes it.

use crate::spec::NumberInfo;
use crate::ui::components::number::NumberField;
use crate::ui::components::reactive::memo;
use crate::ui::controller::Controller;
use crate::ui::language::known;
use crate::ui::state::State;
use leptos::prelude::*;

/// The spec's number at a dotted key, or its default.
pub fn spec_number(state: State, key: &str, default: f64) -> Memo<f64> {
    let key = key.to_string();
    memo(move || {
        state.spec.with(|s| s.to_keys().get(&key).and_then(serde_json::Value::as_f64).unwrap_or(default))
    })
}

pub fn number_field(info: NumberInfo) -> AnyView {
    let lab = expect_context::<Controller>();
    let key = info.key.clone();
    NumberField {
        id: format!("set-{}", info.key.replace('.', "-")),
        label: known(&info.label),
        help: known(&info.help),
        value: spec_number(lab.state, &info.key, info.default),
        control: Some(info.key),
        choices: info.choices,
        set: Callback::new(move |value: f64| lab.set(&key, serde_json::json!(value))),
    }
    .view()
}
