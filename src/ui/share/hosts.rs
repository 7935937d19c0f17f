//! What to paste where: one row for each kind of slides and pages. A new host is a new row.

use super::draft::{Draft, in_html, page};
use super::preview::SIZES;
use super::{card, copy};
use crate::ui::components::reactive::{part, text};
use crate::ui::language::{key, known, tr};
use leptos::prelude::*;

struct Host {
    id: &'static str,
    /// A name that is the same everywhere.
    title: &'static str,
    note: &'static str,
    /// `{src}` and `{link}` are addresses, `{at}` is the one as it stands in HTML, `{attributes}` those of `<intab-lab>`.
    template: &'static str,
    /// It shows no live page: a picture with the link stands for it.
    card: bool,
}

const HOSTS: &[Host] = &[
    Host {
        id: "reveal",
        title: "reveal.js",
        note: key(
            "Paste the section among your slides and the script at the end. Keys that the lab does not use go on turning the slides.",
        ),
        template: "<section>\n  <h2>{title}</h2>\n  <intab-lab {attributes} style=\"aspect-ratio:{width}/{height}\"></intab-lab>\n</section>\n\n\
            <script type=\"module\">\n  import { IntabReveal } from '{page}embed.js';\n  Reveal.registerPlugin(IntabReveal);\n</script>\n",
        card: false,
    },
    Host {
        id: "quarto",
        title: "Quarto",
        note: key("Paste it into the .qmd file, for revealjs slides or a page."),
        template: "## {title}\n\n```{=html}\n<iframe class=\"r-stretch\" title=\"{name}\" data-src=\"{at}\" src=\"{at}\"\n  \
            allow=\"camera; clipboard-write; fullscreen\" style=\"width:100%;height:{height}px;border:0\"></iframe>\n```\n",
        card: false,
    },
    Host {
        id: "element",
        title: "HTML",
        note: key("For any page that lets you write HTML with a script."),
        template: "<script type=\"module\" src=\"{page}embed.js\"></script>\n<intab-lab {attributes} style=\"aspect-ratio:{width}/{height}\"></intab-lab>\n",
        card: false,
    },
    Host {
        id: "iframe",
        title: "HTML, iframe",
        note: key("For Moodle, WordPress and other places that take an iframe but no script."),
        template: "<iframe title=\"{name}\" src=\"{at}\"\n  allow=\"camera; clipboard-write; fullscreen\" loading=\"lazy\"\n  \
            style=\"width:100%;aspect-ratio:{width}/{height};border:0\"></iframe>\n",
        card: false,
    },
    Host {
        id: "jupyter",
        title: "Jupyter",
        note: key("Run it in a cell."),
        template: "from IPython.display import IFrame\n\nIFrame(\"{src}\",\n       width=\"100%\", height={height},\n       \
            extras=['allow=\"camera; clipboard-write; fullscreen\"'])\n",
        card: false,
    },
    Host {
        id: "notion",
        title: "Notion",
        note: key("Paste the link on a line of its own and choose Embed."),
        template: "{src}",
        card: false,
    },
    Host {
        id: "powerpoint",
        title: "PowerPoint",
        note: key(
            "Slides in PowerPoint show no live page. Put the picture on the slide and link it: your audience opens the lab with the square.",
        ),
        template: "{link}",
        card: true,
    },
    Host {
        id: "google",
        title: "Google Slides",
        note: key(
            "Google Slides show no live page. Put the picture on the slide and link it: your audience opens the lab with the square.",
        ),
        template: "{link}",
        card: true,
    },
];

fn fill(host: &Host, draft: Draft) -> String {
    let (title, _) = draft.words();
    let src = draft.src(Some(&draft.id()));
    let (width, height) = SIZES[draft.size.get()];
    let values = [
        ("{attributes}", draft.attributes()),
        ("{width}", width.to_string()),
        ("{height}", height.to_string()),
        ("{page}", page()),
        ("{link}", draft.link()),
        ("{at}", in_html(&src)),
        ("{src}", src),
        ("{name}", in_html(&title)),
        ("{title}", in_html(&title)),
    ];
    values.iter().fold(host.template.to_string(), |text, (name, value)| text.replace(name, value))
}

pub fn view(draft: Draft) -> AnyView {
    let chosen = RwSignal::new(0_usize);
    let options =
        HOSTS.iter().map(|h| view! { <option value=h.id>{h.title}</option> }.into_any()).collect_view();
    let choose = move |e| {
        let id = event_target_value(&e);
        chosen.set(HOSTS.iter().position(|h| h.id == id).unwrap_or(0));
    };
    let host = move || &HOSTS[chosen.get()];
    let snippet = move || fill(host(), draft);
    view! {
        <div class="share-host">
            <div class="select">
                <label class="select-label" for="share-host">{tr!("Paste into")}</label>
                <select id="share-host" on:change=choose>{options}</select>
            </div>
            <p class="share-note">{text(move || known(host().note))}</p>
            <textarea
                id="share-snippet"
                class="share-snippet mono"
                readonly=true
                spellcheck="false"
                rows=text(move || snippet().lines().count().clamp(2, 9).to_string())
                aria-label=tr!("What to paste")
                prop:value=text(snippet)
            ></textarea>
            <div class="buttons">{copy::button(draft.scene, "share-snippet", false, snippet)}</div>
            {part(move || host().card.then(|| card::view(draft)))}
        </div>
    }
    .into_any()
}
