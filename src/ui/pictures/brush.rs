//! Painting neutral grey over the picture, by pointer or by button, and asking again after every stroke.

use super::queue::{Shelf, capital, chance};
use super::viewer_state::{After, Look};
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::reactive::{flag, part};
use crate::ui::language::{key, known, tr};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// The grey that the network takes as zero.
const GREY: u8 = 127;
/// In pixels of the input.
const RADIUS: f64 = 13.0;

#[derive(Clone, Copy)]
pub struct Brush {
    shelf: Shelf,
    /// Where the stroke is.
    at: StoredValue<Option<(f64, f64)>>,
    /// The engine is thinking; what is painted meanwhile is asked when it has answered.
    asking: StoredValue<bool>,
}

impl Brush {
    pub fn new(shelf: Shelf) -> Self {
        Self { shelf, at: StoredValue::new(None), asking: StoredValue::new(false) }
    }

    pub fn begin(self, point: (f64, f64)) {
        self.at.set_value(Some(point));
        self.line(point, point);
    }

    pub fn go_on(self, point: (f64, f64)) {
        if let Some(from) = self.at.get_value() {
            self.at.set_value(Some(point));
            self.line(from, point);
        }
    }

    pub fn end(self) {
        if self.at.get_value().is_some() {
            self.at.set_value(None);
            self.ask();
        }
    }

    fn line(self, from: (f64, f64), to: (f64, f64)) {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let long = (dx * dx + dy * dy).max(1e-9);
        self.paint(|x, y| {
            let along = (((x - from.0) * dx + (y - from.1) * dy) / long).clamp(0.0, 1.0);
            (x - from.0 - dx * along).hypot(y - from.1 - dy * along) <= RADIUS
        });
    }

    /// Greys every pixel whose middle is inside.
    fn paint(self, inside: impl Fn(f64, f64) -> bool) {
        let side = self.shelf.network.input.side;
        let look = self.shelf.look;
        look.painted.update(|painted| {
            let pixels = painted.get_or_insert_with(|| look.input.get_untracked());
            for (i, pixel) in Arc::make_mut(pixels).chunks_exact_mut(3).enumerate() {
                if inside((i % side) as f64 + 0.5, (i / side) as f64 + 0.5) {
                    pixel.fill(GREY);
                }
            }
        });
    }

    fn part(self, part: Part) {
        let side = self.shelf.network.input.side as f64;
        let third = |v: f64| v > side / 3.0 && v < side * 2.0 / 3.0;
        self.paint(|x, y| match part {
            Part::Middle => third(x) && third(y),
            Part::Left => x < side / 3.0,
            Part::Right => x > side * 2.0 / 3.0,
            Part::Top => y < side / 3.0,
            Part::Bottom => y > side * 2.0 / 3.0,
        });
        self.ask();
    }

    fn undo(self) {
        self.shelf.look.painted.set(None);
        self.shelf.look.after.set(None);
    }

    fn ask(self) {
        if self.asking.try_get_value() != Some(false) {
            return;
        }
        self.asking.set_value(true);
        spawn_local(async move {
            self.ask_until_settled().await;
            // The view may be gone by now, and its values with it.
            let _ = self.asking.try_set_value(false);
        });
    }

    async fn ask_until_settled(self) {
        let look = self.shelf.look;
        while let (Some(painted), Some(read)) = (look.painted.get_untracked(), look.read.get_untracked()) {
            let answer = self.shelf.classify(painted.to_vec()).await;
            let same = look.painted.with_untracked(|p| p.as_ref().is_some_and(|p| Arc::ptr_eq(p, &painted)));
            match answer {
                Ok(answer) if same => {
                    let after = After::of(&read, &answer);
                    self.shelf.scene.announcement.set(in_words(&after, &read.top[0].name));
                    look.after.set(Some(after));
                    return;
                }
                Ok(_) => (),
                Err(failure) => return look.trouble.set(Some(failure)),
            }
        }
    }

    /// For who has no pointer, and the way back.
    pub fn controls(self) -> AnyView {
        let buttons = Part::ALL
            .map(|(part, name)| {
                view! { <button type="button" class="button" on:click=move |_| self.part(part)>{known(name)}</button> }
                    .into_any()
            })
            .collect_view();
        let clean = flag(move || self.shelf.look.painted.with(Option::is_none));
        view! {
            <p class="sees-about">
                {tr!("Paint grey on the picture and see what the answer depends on. Or cover a part of it:")}
            </p>
            <div class="buttons brush-buttons" role="group" aria-label=tr!("Cover a part")>
                {buttons}
                <button type="button" class="button" disabled=clean on:click=move |_| self.undo()>
                    {icon(Icon::Undo)}
                    {tr!("Undo all")}
                </button>
            </div>
        }
        .into_any()
    }
}

#[derive(Clone, Copy)]
enum Part {
    Middle,
    Left,
    Right,
    Top,
    Bottom,
}

impl Part {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Middle, key("Middle")),
        (Self::Left, key("Left")),
        (Self::Right, key("Right")),
        (Self::Top, key("Top")),
        (Self::Bottom, key("Bottom")),
    ];
}

/// “With the grey: Tabby cat, 41 %”, where anything was painted.
pub fn verdict(look: Look) -> AnyView {
    part(move || {
        let after = look.after.get()?;
        let name = capital(&after.first.name);
        Some(view! {
            <p class="says-after" data-testid="after">
                {tr!("With the grey on it:")}" "<strong>{name}</strong>" "<span class="num">{chance(after.first.probability)}</span>
            </p>
        })
    })
}

fn in_words(after: &After, name: &str) -> String {
    let now = after.five.first().copied().unwrap_or(0.0);
    tr!(
        "With the grey: {}, {}. {} is now {}",
        capital(&after.first.name),
        chance(after.first.probability),
        capital(name),
        chance(now)
    )
}
