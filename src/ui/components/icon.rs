//! The drawn icons: 20 × 20, one stroke weight, always beside a text label.

use leptos::prelude::*;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    Play,
    Pause,
    Step,
    Reset,
    Share,
    Copy,
    Sun,
    Moon,
    Contrast,
    Help,
    Undo,
    Clear,
    Next,
    Upload,
    Download,
    Table,
    Tick,
    Cross,
    Minus,
    Plus,
    Up,
    Down,
    Code,
    Chip,
    Alert,
    Info,
    Camera,
    Picture,
}

impl Icon {
    /// The path; filled ones say so with a leading `f`.
    fn path(self) -> &'static str {
        match self {
            Self::Play => "fM6 3.5v13a.6.6 0 0 0 .9.5l10.3-6.5a.6.6 0 0 0 0-1L6.9 3a.6.6 0 0 0-.9.5Z",
            Self::Pause => {
                "fM5 4a.8.8 0 0 1 .8-.8h2.4A.8.8 0 0 1 9 4v12a.8.8 0 0 1-.8.8H5.8A.8.8 0 0 1 5 16Zm6 0a.8.8 0 0 1 \
                 .8-.8h2.4A.8.8 0 0 1 15 4v12a.8.8 0 0 1-.8.8h-2.4A.8.8 0 0 1 11 16Z"
            }
            Self::Step => "M5 4v12l8-6-8-6ZM16 4v12",
            Self::Reset => "M4 10a6 6 0 1 0 1.9-4.4M4 3.5v3.2h3.2",
            Self::Share => {
                "M8.5 11.5a3 3 0 0 0 4.3 0l2.6-2.6a3 3 0 0 0-4.3-4.3l-.8.8M11.5 8.5a3 3 0 0 0-4.3 0l-2.6 2.6a3 3 0 0 0 4.3 4.3l.8-.8"
            }
            Self::Copy => "M7.5 7.5h9v9h-9ZM4.5 12.5h-1v-9h9v1",
            Self::Sun => {
                "M10 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7ZM10 1.5v1.7M10 16.8v1.7M1.5 10h1.7M16.8 10h1.7M4 4l1.2 1.2M14.8 14.8 16 16M4 16l1.2-1.2M14.8 5.2 16 4"
            }
            Self::Moon => "M16.5 12.2A7 7 0 0 1 7.8 3.5a7 7 0 1 0 8.7 8.7Z",
            Self::Contrast => "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14ZM10 3v14M13 4v12M15.5 6v8",
            Self::Help => {
                "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14ZM7.9 8a2.1 2.1 0 1 1 3.2 1.8c-.7.4-1.1.9-1.1 1.7M10 14v.1"
            }
            Self::Undo => "M4 8h8a4 4 0 0 1 0 8H8M7 5 4 8l3 3",
            Self::Clear => "M3.5 16.5h13M6 13.5 12.5 4l4 2.8-4.7 6.7H6Zm2.7-4L12.7 12",
            Self::Next => "M4 10h11M11 6l4 4-4 4",
            Self::Upload => "M10 13V4M6.5 7 10 3.5 13.5 7M4 13v3h12v-3",
            Self::Download => "M10 3.5V13M6.5 9.5 10 13l3.5-3.5M4 13v3h12v-3",
            Self::Table => "M3.5 5h13v10h-13ZM3.5 8.5h13M3.5 11.7h13M8.5 5v10",
            Self::Tick => "M4.5 10.5 8.2 14.5 15.5 5.5",
            Self::Cross => "M5.5 5.5l9 9M14.5 5.5l-9 9",
            Self::Minus => "M5 10h10",
            Self::Plus => "M5 10h10M10 5v10",
            Self::Up => "M10 16V4.5M5.5 9 10 4.5 14.5 9",
            Self::Down => "M10 4v11.5M5.5 11 10 15.5 14.5 11",
            Self::Code => "M7 5.5 2.5 10 7 14.5M13 5.5 17.5 10 13 14.5",
            Self::Chip => "M6 6h8v8H6ZM8 6V3M12 6V3M8 17v-3M12 17v-3M6 8H3M6 12H3M17 8h-3M17 12h-3",
            Self::Alert => "M10 3.5 17.5 16.5h-15ZM10 8.5v3.5M10 14.3v.1",
            Self::Camera => {
                "M3 6.5h3.2L7.5 4.5h5l1.3 2H17v9H3ZM10 8.2a2.6 2.6 0 1 0 0 5.2 2.6 2.6 0 0 0 0-5.2Z"
            }
            Self::Picture => "M3.5 4.5h13v11h-13ZM3.5 13l3.7-3.7 3 3 2-2 4.3 4.2M12.7 7.6v.1",
            Self::Info => "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14ZM10 9.5V14M10 6.5v.1",
        }
    }
}

pub fn icon(icon: Icon) -> AnyView {
    let path = icon.path();
    let (class, path) = match path.strip_prefix('f') {
        Some(path) => ("icon icon-filled", path),
        None => ("icon", path),
    };
    view! {
        <svg class=class viewBox="0 0 20 20" aria-hidden="true" focusable="false">
            <path d=path />
        </svg>
    }
    .into_any()
}

/// An icon that follows a signal.
pub fn icon_of(which: impl Fn() -> Icon + Send + 'static) -> AnyView {
    (move || icon(which())).into_any()
}
