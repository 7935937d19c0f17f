//! A visitor's own text: typed, pasted or from a file, judged, given to the engines, and kept in this browser until it is
//! forgotten. What stands in the field lives here, so that it is there again when the panel is drawn anew.

use crate::datasets::tokens::OWN;
use crate::table::Saying;
use crate::text::own::{OwnText as Read, read};
use crate::ui::components::files;
use crate::ui::components::reactive::{effect, memo};
use crate::ui::controller::Controller;
use crate::ui::language::tr;
use crate::ui::state::{NoticeLevel, State};
use crate::ui::store::keeping::Keeping;
use crate::ui::store::text::SavedText;
use crate::ui::timers::Debounce;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::rc::Rc;
use web_sys::HtmlTextAreaElement;

/// Bytes of a text that is put into the field; a longer one would make every key slow.
const MOST_SHOWN: usize = 200_000;
/// What is typed is remembered at this pace.
const TYPED_MILLISECONDS: u32 = 200;

#[derive(Clone, Copy)]
pub struct OwnText {
    lab: Controller,
    state: State,
    /// What stands in the field.
    draft: StoredValue<String>,
    /// Counts the texts that were put into the field by anything but typing.
    filled: RwSignal<u32>,
    typing: StoredValue<Debounce, LocalStorage>,
    /// The text that is learned.
    pub used: RwSignal<Option<Used>>,
    /// Why the last one that was given cannot be.
    pub trouble: RwSignal<Option<Trouble>>,
    pub keeping: RwSignal<Keeping>,
    /// A text is being read.
    pub busy: RwSignal<bool>,
    turn: StoredValue<u32>,
    opened: StoredValue<bool>,
}

/// What is said of the text that is learned.
#[derive(Clone, Debug, PartialEq)]
pub struct Used {
    /// The file's; none if it was typed or pasted.
    pub name: Option<String>,
    pub characters: u64,
    pub encoding: String,
    pub notes: Vec<Saying>,
    /// See `SavedText::mark`.
    pub mark: u32,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Trouble {
    /// The browser could not read the file.
    Unread,
    Refused(Saying),
}

impl OwnText {
    pub fn new(lab: Controller) -> Self {
        let own = Self {
            lab,
            state: lab.state,
            draft: StoredValue::default(),
            filled: RwSignal::new(0),
            typing: StoredValue::new_local(Debounce::default()),
            used: RwSignal::new(None),
            trouble: RwSignal::new(None),
            keeping: RwSignal::new(Keeping::Nothing),
            busy: RwSignal::new(false),
            turn: StoredValue::new(0),
            opened: StoredValue::new(false),
        };
        let asked = memo(move || own.state.spec.with(|spec| spec.data.id == OWN));
        effect(move |_| {
            if asked.get() {
                own.open();
            }
        });
        own
    }

    /// What an earlier visit left.
    fn open(self) {
        if self.opened.get_value() {
            return;
        }
        self.opened.set_value(true);
        spawn_local(async move {
            let mut left = None;
            if let Some(kept) = SavedText::there().await {
                left = kept.text().await.map(|text| (kept, text));
            }
            // The visitor may have been faster.
            if self.used.with_untracked(Option::is_some) {
                return;
            }
            let Some((kept, text)) = left else { return self.lab.recall_text(None) };
            let SavedText { name, mark, encoding } = kept;
            self.fill(&text);
            let characters = text.chars().count() as u64;
            self.used.set(Some(Used { name, characters, encoding, notes: Vec::new(), mark }));
            self.keeping.set(Keeping::Saved);
            self.lab.recall_text(Some((text.into(), mark)));
        });
    }

    /// What is to stand in the field; tracked, but not what is typed.
    pub fn shown(self) -> String {
        self.filled.track();
        self.draft.get_value()
    }

    fn fill(self, text: &str) {
        let short = text.len() <= MOST_SHOWN;
        self.draft.set_value(if short { text.into() } else { String::new() });
        self.filled.update(|n| *n = n.wrapping_add(1));
    }

    /// Something was typed or pasted into the field.
    pub fn typed(self, field: HtmlTextAreaElement) {
        self.typing.with_value(|soon| {
            soon.within(TYPED_MILLISECONDS, move || self.draft.set_value(field.value()));
        });
    }

    /// What stands in the field is to be learned.
    pub fn use_field(self, field: &HtmlTextAreaElement) {
        self.typing.with_value(Debounce::cancel);
        let text = field.value();
        self.draft.set_value(text.clone());
        let turn = self.begin();
        spawn_local(async move { self.judge(turn, None, text.into_bytes()).await });
    }

    /// A file that was chosen or dropped.
    pub fn take_file(self, file: web_sys::File) {
        let turn = self.begin();
        spawn_local(async move {
            match files::read(&file).await {
                Some(bytes) => self.judge(turn, Some(file.name()), bytes).await,
                None => self.refuse(turn, Trouble::Unread),
            }
        });
    }

    fn begin(self) -> u32 {
        self.turn.update_value(|turn| *turn += 1);
        self.trouble.set(None);
        self.busy.set(true);
        self.turn.get_value()
    }

    fn refuse(self, turn: u32, why: Trouble) {
        if self.turn.get_value() == turn {
            self.busy.set(false);
            self.trouble.set(Some(why));
        }
    }

    async fn judge(self, turn: u32, name: Option<String>, bytes: Vec<u8>) {
        // The page says first that it reads.
        crate::platform::yield_now().await;
        match read(bytes, None) {
            Ok(found) if self.turn.get_value() == turn => self.accept(name, found),
            Ok(_) => (),
            Err(why) => self.refuse(turn, Trouble::Refused(why)),
        }
    }

    fn accept(self, name: Option<String>, found: Read) {
        let Read { text, encoding, notes } = found;
        if name.is_some() {
            self.fill(&text);
        }
        let mark = SavedText::mark(&text);
        let characters = text.chars().count() as u64;
        let text: Rc<str> = text.into();
        let encoding = encoding.name().to_string();
        self.used.set(Some(Used { name, characters, encoding, notes, mark }));
        self.busy.set(false);
        self.lab.give_text(text, mark);
        if let Err(why) = self.lab.set("data.id", OWN.into()) {
            self.state.notify(NoticeLevel::Problem, why, "");
        }
        self.keep();
    }

    /// In this browser, for the next visit.
    pub fn keep(self) {
        let (Some(Used { name, encoding, mark, .. }), Some(text)) =
            (self.used.get_untracked(), self.lab.machine().texts.text())
        else {
            return;
        };
        let kept = SavedText { name, mark, encoding };
        self.keeping.set(Keeping::Nothing);
        spawn_local(async move {
            let written = kept.write(&text).await;
            // Forgotten, or replaced by another one, before it was written.
            if self.keeping.get_untracked() == Keeping::Forgotten {
                return SavedText::remove().await;
            }
            if self.used.with_untracked(|used| used.as_ref().is_some_and(|used| used.mark == mark)) {
                self.keeping.set(match written {
                    Ok(()) => Keeping::Saved,
                    Err(why) => Keeping::Refused(why),
                });
            }
        });
    }

    /// The browser keeps it no longer; it is learned until the tab is closed.
    pub fn forget(self) {
        self.keeping.set(Keeping::Forgotten);
        spawn_local(SavedText::remove());
    }

    /// What the visitor should know of the text that is learned, or is to do; tracked.
    pub fn about(self) -> String {
        if self.busy.get() {
            return tr!("Reading the text");
        }
        let count = crate::ui::components::format::count;
        match self.used.get() {
            None => tr!("Type or paste a text, or choose a file."),
            Some(Used { name: Some(name), characters, encoding, .. }) => {
                tr!("In use: “{}”, {} characters, read as {}.", name, count(characters), encoding)
            }
            Some(Used { characters, .. }) => tr!("In use: {} characters of yours.", count(characters)),
        }
    }
}
