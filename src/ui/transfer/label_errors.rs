//! Labels that the network contradicts most surely, whether it trained on those pictures or not.

use super::controller::TransferController;
use super::project::Verdict;
use super::relabel;
use crate::ui::components::reactive::{memo, part};
use crate::ui::language::tr;
use leptos::prelude::*;

const SHOWN: usize = 8;

pub fn view(desk: TransferController) -> AnyView {
    let doubtful = memo(move || {
        let mut wrong: Vec<Verdict> = desk.verdicts.with(|all| {
            desk.project.with(|p| {
                all.iter().filter(|v| v.truth != v.said && !p.confirmed.contains(&v.id)).copied().collect()
            })
        });
        wrong.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        wrong.truncate(SHOWN);
        wrong
    });
    view! {
        <div class="block" data-testid="own-doubts">
            <h3 class="block-title">{tr!("Most doubtful labels")}" "<span class="block-aside">{tr!("where the network is surest that it is something else")}</span></h3>
            {part(move || doubtful.with(Vec::is_empty).then(|| view! {
                <p class="empty">{tr!("It contradicts no label.")}</p>
            }))}
            <ul class="fixes">
                <For
                    each=move || doubtful.get()
                    key=|v| (v.id, v.truth, v.said)
                    children=move |v| relabel::card(desk, v, "doubt", true)
                />
            </ul>
        </div>
    }
    .into_any()
}
