//! What is kept and what can be taken away: the classifier, the labels, and starting over.

use super::controller::TransferController;
use super::project::pictures;
use crate::ui::components::files::FilePicker;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::reactive::{flag, memo, part, text};
use crate::ui::language::{known, tr};
use leptos::prelude::*;

pub fn block(desk: TransferController) -> AnyView {
    let asking = RwSignal::new(false);
    let empty = memo(move || desk.project.with(|p| p.count() == 0));
    let kept = text(move || match (desk.keeper.refused.get(), desk.keeper.kept.get()) {
        (Some(why), _) => tr!("not saved: {}", known(&why)),
        (None, true) => tr!("saved in this browser as you go"),
        (None, false) => String::new(),
    });
    let picker =
        FilePicker { words: tr!("Load a classifier"), accept: Some(".safetensors"), ..FilePicker::default() };
    view! {
        <div class="block" data-control="weights" data-testid="own-keep">
            <h3 class="block-title">{tr!("Keep it")}" "<span class="block-aside" data-testid="own-kept">{kept}</span></h3>
            <div class="buttons">
                <button type="button" class="button" disabled=flag(move || empty.get()) on:click=move |_| desk.save_project()>
                    {icon(Icon::Download)}
                    {tr!("Save the project")}
                </button>
                <button type="button" class="button" disabled=flag(move || !desk.can_guess.get()) on:click=move |_| desk.export()>
                    {icon(Icon::Download)}
                    {tr!("Download the classifier")}
                </button>
                {picker.view_one(move |file| desk.import(file))}
                <button
                    type="button"
                    class="button"
                    disabled=flag(move || empty.get())
                    on:click=move |_| desk.offer_labels()
                >
                    {icon(Icon::Table)}
                    {tr!("Labels as CSV")}
                </button>
                <button
                    type="button"
                    class="button"
                    aria-expanded=text(move || asking.get().to_string())
                    on:click=move |_| asking.update(|a| *a = !*a)
                >
                    {icon(Icon::Reset)}
                    {tr!("Start over")}
                </button>
            </div>
            {part(move || asking.get().then(|| view! {
                <div class="notice problem own-notice" role="alertdialog" aria-label=tr!("Start over") data-testid="start-over">
                    <p>{text(move || losses(desk))}</p>
                    <button
                        type="button"
                        class="button"
                        on:click=move |_| {
                            asking.set(false);
                            desk.start_over();
                        }
                    >
                        {tr!("Delete everything")}
                    </button>
                    <button type="button" class="button" on:click=move |_| asking.set(false)>{tr!("Keep it")}</button>
                </div>
            }))}
        </div>
    }
    .into_any()
}

fn losses(desk: TransferController) -> String {
    let (classes, count, head) =
        desk.project.with(|p| (p.classes.len(), p.count(), p.outcome.is_some() || p.imported.is_some()));
    let classes = tr!("{n} class" | "{n} classes" % classes);
    match head {
        true => tr!("{} with {} and the trained classifier are deleted for good.", classes, pictures(count)),
        false => tr!("{} with {} are deleted for good.", classes, pictures(count)),
    }
}
