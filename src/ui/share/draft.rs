//! What a link is made of while the dialog is open: the lab, what is left out of it, and how it begins.

use crate::link::Visibility;
use crate::spec::Preset;
use crate::ui::browser::query;
use crate::ui::panels::panel_state::PanelState;
use crate::ui::{lessons, link};
use leptos::prelude::*;

/// `Copy`; lives as long as the dialog is open.
#[derive(Clone, Copy)]
pub struct Draft {
    pub scene: PanelState,
    /// The hash of another lab; empty is the page as it is now.
    pub lab: RwSignal<String>,
    /// Trains as soon as it is open.
    pub plays: RwSignal<bool>,
    pub shown: RwSignal<Visibility>,
    /// `light`, `dark`, or empty for the reader's own.
    pub theme: RwSignal<String>,
    /// Empty is the reader's own.
    pub language: RwSignal<String>,
    /// A frame that is live at once, without its poster.
    pub live: RwSignal<bool>,
    /// The frame's size: a row of `preview::SIZES`.
    pub size: RwSignal<usize>,
}

impl Draft {
    pub fn new(scene: PanelState) -> Self {
        Self {
            scene,
            lab: RwSignal::new(String::new()),
            plays: RwSignal::new(false),
            shown: RwSignal::new(scene.state.shown.get_untracked()),
            theme: RwSignal::new(String::new()),
            language: RwSignal::new(query("lang").unwrap_or_default()),
            live: RwSignal::new(false),
            size: RwSignal::new(0),
        }
    }

    /// The lab and what is left out of it, as the hash of a link; tracked, as all that follows.
    pub fn hash(self) -> String {
        let lab = self.lab.get();
        self.shown.with(|shown| match lab.as_str() {
            "" => link::hash_with(self.scene.state, shown),
            lab => format!("{lab}{}", shown.encode()),
        })
    }

    /// For people: opens the whole page.
    pub fn link(self) -> String {
        let language = self.field("?lang=", self.language);
        let plays = if self.plays.get() { "&play=1" } else { "" };
        let hash = format!("{}{plays}", self.hash());
        let hash = if hash == link::FRONT { String::new() } else { format!("#{hash}") };
        format!("{}{language}{hash}", page())
    }

    /// For a frame, which keeps its run under `id` if it has one.
    pub fn src(self, id: Option<&str>) -> String {
        let id = id.map(|id| format!("&id={id}")).unwrap_or_default();
        let (theme, language) = (self.field("&theme=", self.theme), self.field("&lang=", self.language));
        let begins = self.begins().map(|(name, value)| format!("&{name}={value}")).unwrap_or_default();
        format!("{}?embed=1{id}{theme}{language}{begins}#{}", page(), self.hash())
    }

    fn field(self, name: &str, value: RwSignal<String>) -> String {
        value.with(|value| if value.is_empty() { String::new() } else { format!("{name}{value}") })
    }

    /// The switch that takes the place of the poster, if any.
    fn begins(self) -> Option<(&'static str, &'static str)> {
        match (self.live.get(), self.plays.get()) {
            (false, _) => None,
            (true, true) => Some(("autoplay", "1")),
            (true, false) => Some(("loading", "eager")),
        }
    }

    /// The same as attributes of `<intab-lab>`.
    pub fn attributes(self) -> String {
        let hash = self.hash();
        let field = |key: &str| hash.split('&').find_map(|f| f.strip_prefix(key)?.strip_prefix('='));
        let rest = hash.split('&').filter(|f| !["preset=", "lesson=", "v="].iter().any(|k| f.starts_with(k)));
        let settings = rest.collect::<Vec<_>>().join("&");
        let (theme, language) = (self.theme.get(), self.language.get());
        let begins = self.begins();
        let all = [
            ("lesson", field("lesson").unwrap_or_default()),
            ("preset", field("preset").unwrap_or_default()),
            ("settings", settings.as_str()),
            ("id", &self.id()),
            ("theme", &theme),
            ("lang", &language),
            (begins.map_or("", |b| b.0), begins.map_or("", |b| b.1)),
        ];
        let set = all.iter().filter(|(_, value)| !value.is_empty());
        set.map(|(name, value)| format!("{name}=\"{}\"", in_html(value))).collect::<Vec<_>>().join(" ")
    }

    /// A name for the frame: the lab's, and for a lab with settings of its own a few digits that tell it apart.
    pub fn id(self) -> String {
        let hash = self.hash();
        let first = hash.split('&').next().unwrap_or_default();
        let name = first.split('=').nth(1).unwrap_or_default();
        if first == hash {
            return name.into();
        }
        let mix = |sum: u32, byte: u8| (sum ^ u32::from(byte)).wrapping_mul(16_777_619);
        format!("{name}-{:04x}", hash.bytes().fold(2_166_136_261, mix) >> 16)
    }

    /// Title and sentence of the lab or the lesson.
    pub fn words(self) -> (String, String) {
        let hash = self.hash();
        let field = |key: &str| hash.split('&').find_map(|f| f.strip_prefix(key)?.strip_prefix('='));
        let lesson = field("lesson").and_then(|id| lessons::listed().into_iter().find(|l| l.id == id));
        let preset = field("preset").and_then(Preset::by_id);
        match (lesson, preset) {
            (Some(lesson), _) => (lesson.title, lesson.sentence),
            (None, Some(preset)) => (preset.title.into(), preset.sentence.into()),
            (None, None) => ("intab".into(), String::new()),
        }
    }
}

/// Where the page is, without what it shows.
pub fn page() -> String {
    let here = window().location().href().unwrap_or_default();
    let page = here.split(['#', '?']).next().unwrap_or_default();
    page.trim_end_matches("index.html").into()
}

/// Text that stands in an attribute or between tags.
pub fn in_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
