//! The bar that stays: Train, how it goes, and the way back from what was just done.

use super::controller::{Stage, TransferController};
use super::project::pictures;
use crate::ui::components::format;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::progress::fill;
use crate::ui::components::reactive::{flag, memo, part, text};
use crate::ui::language::tr;
use crate::ui::panels::panel_state::Tab;
use leptos::prelude::*;

pub fn bar(desk: TransferController) -> AnyView {
    let head = desk.reader.head;
    let done = move || match (desk.training.get(), head.get()) {
        (true, Some(p)) => f64::from(p.epoch) / f64::from(p.epochs.max(1)),
        _ => desk.intake.done.get() as f64 / desk.intake.total.get().max(1) as f64,
    };
    let train = move || match (desk.training.get(), desk.project.with(|p| p.outcome.is_some())) {
        (true, _) => tr!("Training"),
        (false, true) => tr!("Train again"),
        (false, false) => tr!("Train"),
    };
    view! {
        <section class="transport own-bar" aria-label=tr!("Training")>
            {undo(desk)}
            <div class="epochs">{fill(Signal::derive(done))}</div>
            <div class="transport-row">
                <div class="transport-buttons">
                    <button
                        type="button"
                        class="play own-train"
                        data-control="play"
                        data-testid="train"
                        aria-describedby="own-status"
                        disabled=flag(move || !desk.can_train())
                        on:click=move |_| desk.train()
                    >
                        {icon(Icon::Play)}
                        <span>{text(train)}</span>
                    </button>
                    {part(move || (desk.scene.narrow.get() && desk.can_guess.get() && desk.scene.tab.get() != Tab::Try).then(|| view! {
                        <button type="button" class="button" on:click=move |_| desk.scene.tab.set(Tab::Try)>{tr!("Try it")}</button>
                    }))}
                </div>
                <div class="status" id="own-status" data-testid="own-status">
                    <p class="status-state num">{text(move || state(desk))}</p>
                    <p class="status-numbers num">{text(move || numbers(desk))}</p>
                </div>
                {stop_reading(desk)}
            </div>
            <p class="setting-error own-trouble" role="alert" data-testid="own-trouble">{text(move || desk.trouble.get().unwrap_or_default())}</p>
        </section>
    }
    .into_any()
}

/// How it stands, in one line.
fn state(desk: TransferController) -> String {
    if desk.training.get() {
        return match desk.reader.head.get() {
            Some(p) => tr!("Epoch {} of {}", p.epoch, p.epochs),
            None => tr!("Training"),
        };
    }
    if desk.stage.get() == Stage::Opening && desk.project.with(|p| p.count() > 0) {
        return tr!("Bringing back what was kept");
    }
    match (desk.missing(), desk.result()) {
        (Some(missing), _) => missing,
        (None, Some(result)) => result,
        (None, None) => tr!("Ready: press Train"),
    }
}

fn numbers(desk: TransferController) -> String {
    if desk.training.get()
        && let Some(p) = desk.reader.head.get()
    {
        let share = |v: f32| format::percent(v.into(), 100);
        let loss = format::number(p.train_loss.into());
        return match p.held_out_accuracy {
            Some(held) => {
                tr!("trained on {} · held out {} · loss {}", share(p.train_accuracy), share(held), loss)
            }
            None => tr!("trained on {} · loss {}", share(p.train_accuracy), loss),
        };
    }
    if desk.intake.busy() {
        return desk.intake.words();
    }
    let (classes, count) = desk.project.with(|p| (p.classes.len(), p.count()));
    format!("{} · {}", tr!("{n} class" | "{n} classes" % classes), pictures(count))
}

/// Here and not above the classes: nothing may move under a button that is held down.
fn stop_reading(desk: TransferController) -> AnyView {
    let busy = memo(move || desk.intake.busy());
    part(move || {
        busy.get().then(|| {
            view! {
                <button type="button" class="button" data-testid="intake" on:click=move |_| desk.intake.cancel()>
                    {icon(Icon::Cross)}
                    {tr!("Stop reading")}
                </button>
            }
        })
    })
}

fn undo(desk: TransferController) -> AnyView {
    part(move || {
        desk.undo.get().map(|undo| {
            view! {
                <div class="own-undo" data-testid="undo">
                    <p class="num">{undo.what}</p>
                    <button type="button" class="button" id="own-undo" on:click=move |_| desk.take_back()>
                        {icon(Icon::Undo)}
                        {tr!("Undo")}
                    </button>
                    <button type="button" class="quiet" on:click=move |_| desk.undo.set(None)>
                        {icon(Icon::Cross)}
                        <span>{tr!("Dismiss")}</span>
                    </button>
                </div>
            }
            .into_any()
        })
    })
}
