//! How the visitor wants the page.

use super::settings::{read, write};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    Auto,
    Light,
    Dark,
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
