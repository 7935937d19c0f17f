//! How the visitor wants the page, kept between visits where the browser lets us.

use super::browser::local_storage;
use super::state::Theme;

pub(super) fn read(name: &str) -> Option<String> {
    local_storage()?.get_item(&format!("intab.{name}")).ok().flatten()
}

pub(super) fn write(name: &str, value: &str) {
    if let Some(storage) = local_storage() {
        // Not kept is not a problem: it holds for this visit.
        let _ = storage.set_item(&format!("intab.{name}"), value);
    }
}

pub fn theme() -> Theme {
    match read("theme").as_deref() {
        Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        _ => Theme::Auto,
    }
}

pub fn set_theme(theme: Theme) {
    write("theme", theme_name(theme));
}

fn theme_name(theme: Theme) -> &'static str {
    match theme {
        Theme::Auto => "auto",
        Theme::Light => "light",
        Theme::Dark => "dark",
    }
}

/// None is all that there are.
pub fn cores() -> Option<u32> {
    read("cores")?.parse().ok()
}

pub fn set_cores(most: Option<u32>) {
    write("cores", &most.map_or_else(|| "all".into(), |most| most.to_string()));
}

pub fn background() -> bool {
    read("background").as_deref() != Some("off")
}

pub fn set_background(on: bool) {
    write("background", if on { "on" } else { "off" });
}
