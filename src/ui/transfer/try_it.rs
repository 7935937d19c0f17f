//! Try it: what the classifier makes of what the camera sees, a few times a second, or of a picture.

use super::burst::sight;
use super::controller::TransferController;
use super::training::Guessed;
use crate::platform;
use crate::protocol::vision::Photo;
use crate::ui::components::camera::Frame;
use crate::ui::components::files::{self, FilePicker};
use crate::ui::components::format;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::reactive::{effect, flag, memo, part, text};
use crate::ui::language::tr;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_bytes::ByteBuf;
use web_sys::{File, Url};

/// The pace of live answers, where the engine keeps up.
const PAUSE_SECONDS: f64 = 0.15;

#[derive(Clone, Copy)]
pub struct Trial {
    desk: TransferController,
    guessed: RwSignal<Option<Guessed>>,
    /// The picture that is tried: its address and its name.
    tried: RwSignal<Option<(String, String)>>,
    trouble: RwSignal<Option<String>>,
    /// One live loop at a time.
    looping: StoredValue<bool>,
}

impl Trial {
    pub fn new(desk: TransferController) -> Self {
        let trial = Self {
            desk,
            guessed: RwSignal::new(None),
            tried: RwSignal::new(None),
            trouble: RwSignal::new(None),
            looping: StoredValue::new(false),
        };
        // Another classifier says other things.
        effect(move |before: Option<bool>| {
            let can = desk.can_guess.get();
            if !can && before == Some(true) {
                trial.guessed.set(None);
            }
            can
        });
        on_cleanup(move || trial.forget_picture());
        trial
    }

    fn forget_picture(self) {
        if let Some((url, _)) = self.tried.try_update(Option::take).flatten() {
            // Fails only for what is no address.
            let _ = Url::revoke_object_url(&url);
        }
    }

    fn go_live(self, live: bool) {
        self.forget_picture();
        self.trouble.set(None);
        self.guessed.set(None);
        self.desk.camera.go_live(live);
        if live && !self.looping.get_value() {
            self.looping.set_value(true);
            spawn_local(self.live());
        }
    }

    async fn live(self) {
        let (desk, camera) = (self.desk, self.desk.camera);
        let mut tried = false;
        while camera.live.get_untracked() {
            let idle =
                document().hidden() || !desk.can_guess.get_untracked() || desk.training.get_untracked();
            let frame = if idle { None } else { camera.frame() };
            if let Some(Frame { width, height, rgba }) = frame {
                let photo = Photo::Frame { width, height, rgba: ByteBuf::from(rgba) };
                match desk.guess(photo).await {
                    Ok(guessed) if camera.live.get_untracked() => {
                        // Once, however many pictures a second it answers.
                        if !std::mem::replace(&mut tried, true) {
                            desk.scene.state.count_action("tried");
                        }
                        drop(self.guessed.try_set(Some(guessed)));
                    }
                    Ok(_) => (),
                    Err(why) => {
                        camera.go_live(false);
                        drop(self.trouble.try_set(Some(why)));
                    }
                }
            }
            platform::sleep(PAUSE_SECONDS).await;
        }
        let _ = self.looping.try_set_value(false);
    }

    /// A picture file is tried.
    pub fn show(self, file: File) {
        self.go_live(false);
        let Ok(url) = Url::create_object_url_with_blob(&file) else { return };
        self.tried.set(Some((url, file.name())));
        let desk = self.desk;
        spawn_local(async move {
            let Some(bytes) = files::read(&file).await else {
                drop(self.trouble.try_set(Some(tr!("The file could not be read. Choose it again."))));
                return;
            };
            match desk.guess(Photo::File(ByteBuf::from(bytes))).await {
                Ok(guessed) => {
                    desk.scene.state.count_action("tried");
                    if let Some(best) = best(&guessed.probabilities) {
                        let name = desk.project.with_untracked(|p| p.head_labels().get(best.0).cloned());
                        desk.say(tr!("It says {}, {}", name.unwrap_or_default(), format::chance(best.1)));
                    }
                    drop(self.guessed.try_set(Some(guessed)));
                }
                Err(why) => {
                    self.forget_picture();
                    drop(self.trouble.try_set(Some(why)));
                }
            }
        });
    }

    pub fn panel(self) -> AnyView {
        let desk = self.desk;
        let lead = move || match desk.can_guess.get() {
            true => tr!("Hold something up to the camera, or drop a picture here."),
            false => tr!("Once it is trained, it answers here, live."),
        };
        view! {
            <h2 class="panel-title" id="title-try">{tr!("Try it")}</h2>
            <p class="panel-lead">{text(lead)}</p>
            <div class="own-try" data-drop="try">
                <div class="own-try-picture">
                    {self.frame()}
                    <div class="buttons">{self.camera_button()} {self.picture_button()}</div>
                </div>
                {self.answer()}
            </div>
            <p class="setting-error" role="alert" data-testid="try-trouble">{text(move || self.trouble.get().unwrap_or_default())}</p>
        }
        .into_any()
    }

    fn frame(self) -> AnyView {
        let (desk, camera) = (self.desk, self.desk.camera);
        let shown = part(move || match (camera.live.get(), self.tried.get()) {
            (true, _) => view! { {camera.view()}{sight(desk)} }.into_any(),
            (false, Some((url, name))) => view! { <img class="eye" src=url alt=name /> }.into_any(),
            (false, None) => view! { <p class="eye-words">{tr!("The camera is off.")}</p> }.into_any(),
        });
        view! { <div class="eye-frame">{shown}</div> }.into_any()
    }

    fn camera_button(self) -> AnyView {
        let (desk, live) = (self.desk, self.desk.camera.live);
        view! {
            <button
                type="button"
                class="button"
                disabled=flag(move || !desk.can_guess.get() && !live.get())
                on:click=move |_| self.go_live(!live.get_untracked())
            >
                {icon(Icon::Camera)}
                {text(move || if live.get() { tr!("Stop the camera") } else { tr!("Use the camera") })}
            </button>
        }
        .into_any()
    }

    fn picture_button(self) -> AnyView {
        FilePicker {
            words: tr!("A picture"),
            icon: Some(Icon::Picture),
            accept: Some("image/*"),
            label: Some(Signal::stored(tr!("A picture to try"))),
            disabled: flag(move || !self.desk.can_guess.get()),
            ..FilePicker::default()
        }
        .view_one(move |file| self.show(file))
    }

    /// What it says, and a bar for every class.
    fn answer(self) -> AnyView {
        let desk = self.desk;
        let labels = memo(move || desk.project.with(|p| p.head_labels()));
        let colours = memo(move || {
            desk.project.with(|p| {
                let keys = p.outcome.as_ref().map(|o| o.keys.clone()).unwrap_or_default();
                keys.iter().map(|key| p.class(*key).map_or(0, |c| c.colour)).collect::<Vec<_>>()
            })
        });
        let best = memo(move || self.guessed.with(|g| g.as_ref().and_then(|g| best(&g.probabilities))));
        let bar = move |at: usize| {
            let p = move || self.guessed.with(|g| g.as_ref().and_then(|g| g.probabilities.get(at).copied()));
            let name = text(move || labels.with(|l| l.get(at).cloned().unwrap_or_default()));
            let colour =
                text(move || colours.with(|c| c.get(at).map_or(at + 1, |c| usize::from(*c)).to_string()));
            view! {
                <div class="bar" class:best=flag(move || best.get().is_some_and(|b| b.0 == at)) data-class=colour>
                    <span class="bar-name">{name}</span>
                    <span class="bar-track"><i style:transform=text(move || format!("scaleX({:.3})", p().unwrap_or(0.0)))></i></span>
                    <span class="bar-value num">{text(move || p().map(format::chance).unwrap_or_default())}</span>
                </div>
            }
            .into_any()
        };
        let count = memo(move || labels.with(Vec::len));
        let said = part(move || match best.get() {
            Some((at, p)) => {
                let name = labels.with(|l| l.get(at).cloned().unwrap_or_default());
                view! { {tr!("It says")}" "<strong>{name}</strong><span class="answer-sure num">{format::chance(p)}</span> }.into_any()
            }
            None => view! { <span class="answer-none">{tr!("No answer yet")}</span> }.into_any(),
        });
        let pace = text(move || {
            let ms = self.guessed.with(|g| g.as_ref().map(|g| g.milliseconds));
            ms.map(|ms| tr!("{} a picture, on this machine", format::milliseconds(ms))).unwrap_or_default()
        });
        view! {
            <div class="own-answer" data-testid="own-answer">
                <p class="answer">{said}</p>
                <div class="bars long" role="group" aria-label=tr!("How likely each class is") data-testid="own-bars">
                    {part(move || (0..count.get()).map(bar).collect_view())}
                </div>
                <p class="note num own-pace">{pace}</p>
            </div>
        }
        .into_any()
    }
}

/// The likeliest class.
fn best(probabilities: &[f32]) -> Option<(usize, f32)> {
    probabilities.iter().copied().enumerate().max_by(|a, b| a.1.total_cmp(&b.1))
}
