//! A number: its words, a field to type into, and steps through the values that are offered.

use super::format;
use super::icon::{Icon, icon};
use super::reactive::{flag, here, text};
use crate::ui::language::tr;
use leptos::prelude::*;

/// One row: label and meaning on the left, − value + on the right, the reason of a refusal below.
pub struct NumberField {
    pub id: String,
    pub label: String,
    pub help: String,
    /// What lessons point at.
    pub control: Option<String>,
    pub value: Memo<f64>,
    /// What the buttons step through, in any order.
    pub choices: Vec<f64>,
    /// Takes a value, or says why not.
    pub set: Callback<f64, Result<(), String>>,
}

#[derive(Clone, Copy)]
struct Field {
    value: Memo<f64>,
    choices: StoredValue<Vec<f64>>,
    set: Callback<f64, Result<(), String>>,
    refused: RwSignal<Option<String>>,
}

impl Field {
    fn take(self, value: f64) {
        self.refused.set(self.set.run(value).err());
    }

    fn typed(self, text: &str) {
        let text = text.trim().replace(',', ".");
        match text.parse::<f64>() {
            Ok(value) => self.take(value),
            Err(_) => {
                self.refused.set(Some(tr!("“{}” is not a number. Type digits, such as 64 or 0.01.", text)))
            }
        }
    }

    /// The next offered value beyond the present one, in this direction.
    fn next(self, up: bool) -> Option<f64> {
        let value = self.value.get();
        // A value that was typed may differ from the offered one in its last bits.
        let apart = value.abs() * 1e-6;
        self.choices.with_value(|choices| {
            let choices = choices.iter().copied();
            if up {
                choices.filter(|c| c - value > apart).min_by(f64::total_cmp)
            } else {
                choices.filter(|c| value - c > apart).max_by(f64::total_cmp)
            }
        })
    }

    fn step_button(self, up: bool, label: &str) -> AnyView {
        let name = if up { tr!("{}: more", label) } else { tr!("{}: less", label) };
        view! {
            <button
                type="button"
                class="stepper-button"
                aria-label=name
                disabled=flag(move || self.next(up).is_none())
                on:click=move |_| untrack(|| self.next(up)).into_iter().for_each(|value| self.take(value))
            >
                {icon(if up { Icon::Plus } else { Icon::Minus })}
            </button>
        }
        .into_any()
    }
}

impl NumberField {
    pub fn view(self) -> AnyView {
        let Self { id, label, help, control, value, choices, set } = self;
        let (help_id, error_id) = (format!("{id}-help"), format!("{id}-error"));
        let field = Field { value, choices: StoredValue::new(choices), set, refused: RwSignal::new(None) };
        let (less, more) = (field.step_button(false, &label), field.step_button(true, &label));
        let test_id = control.as_ref().map(|key| format!("number-{key}"));
        view! {
            <div class="setting" data-control=control data-testid=test_id>
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
                        aria-describedby=format!("{help_id} {error_id}")
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
}
