//! A number of the spec: its words, a field to type into, and steps through the values offered first.

use super::format;
use super::icon::{Icon, icon};
use crate::spec::NumberInfo;
use crate::ui::components::reactive::{flag, here, memo, text};
use crate::ui::controller::Controller;
use crate::ui::language::{known, tr};
use crate::ui::state::State;
use leptos::prelude::*;

/// The spec's number at a dotted key, or its default.
pub fn spec_number(state: State, key: &str, default: f64) -> Memo<f64> {
    let key = key.to_string();
    memo(move || {
        state.spec.with(|s| s.to_keys().get(&key).and_then(serde_json::Value::as_f64).unwrap_or(default))
    })
}

/// The next offered value beyond `value`, in this direction.
fn next_choice(info: &NumberInfo, value: f64, up: bool) -> Option<f64> {
    let choices = info.choices.iter().copied();
    // A value that was typed may differ from the offered one in its last bit.
    let far = |c: &f64| (c - value).abs() > value.abs() * 1e-9;
    if up {
        choices
            .filter(far)
            .filter(|c| *c > value)
            .fold(None, |best, c| Some(best.map_or(c, |b: f64| b.min(c))))
    } else {
        choices
            .filter(far)
            .filter(|c| *c < value)
            .fold(None, |best, c| Some(best.map_or(c, |b: f64| b.max(c))))
    }
}

/// What the field needs to say a value and to hear why it was refused.
#[derive(Clone, Copy)]
struct Field {
    lab: Controller,
    info: StoredValue<NumberInfo>,
    value: Memo<f64>,
    refused: RwSignal<Option<String>>,
}

impl Field {
    fn set(self, value: f64) {
        let key = self.info.with_value(|i| i.key.clone());
        self.refused.set(self.lab.set(&key, serde_json::json!(value)).err());
    }

    fn typed(self, text: &str) {
        let text = text.trim().replace(',', ".");
        match text.parse::<f64>() {
            Ok(value) => self.set(value),
            Err(_) => {
                self.refused.set(Some(tr!("“{}” is not a number. Type digits, such as 64 or 0.01.", text)))
            }
        }
    }

    fn next(self, up: bool) -> Option<f64> {
        self.info.with_value(|i| next_choice(i, self.value.get(), up))
    }
}

fn step_button(field: Field, up: bool, label: &str) -> AnyView {
    let name = if up { tr!("{}: more", label) } else { tr!("{}: less", label) };
    let shape = if up { Icon::Plus } else { Icon::Minus };
    view! {
        <button
            type="button"
            class="stepper-button"
            aria-label=name
            disabled=flag(move || field.next(up).is_none())
            on:click=move |_| {
                if let Some(value) = field.next(up) {
                    field.set(value);
                }
            }
        >
            {icon(shape)}
        </button>
    }
    .into_any()
}

/// One row: label and meaning on the left, − value + on the right, the reason of a refusal below.
#[component]
pub fn NumberField(info: NumberInfo) -> impl IntoView {
    let lab = expect_context::<Controller>();
    let value = spec_number(lab.state, &info.key, info.default);
    let id = format!("set-{}", info.key.replace('.', "-"));
    let (help_id, error_id) = (format!("{id}-help"), format!("{id}-error"));
    let described = format!("{help_id} {error_id}");
    let (label, help, key) = (known(&info.label), known(&info.help), info.key.clone());
    let field = Field { lab, info: StoredValue::new(info), value, refused: RwSignal::new(None) };
    let less = step_button(field, false, &label);
    let more = step_button(field, true, &label);
    view! {
        <div class="setting" data-control=key.clone() data-testid=format!("number-{key}")>
            <label class="setting-name" for=id.clone()>{label}</label>
            <div class="stepper">
                {less}
                <input
                    id=id
                    class="stepper-value"
                    type="text"
                    inputmode="decimal"
                    autocomplete="off"
                    size="6"
                    aria-describedby=described
                    aria-invalid=move || field.refused.with(Option::is_some).then_some("true")
                    prop:value=text(move || format::plain(field.value.get()))
                    on:change=here(move |e: web_sys::Event| field.typed(&event_target_value(&e)))
                />
                {more}
            </div>
            <p class="setting-help" id=help_id>{help}</p>
            <p class="setting-error" id=error_id role="alert">{text(move || field.refused.get().unwrap_or_default())}</p>
        </div>
    }
    .into_any()
}
