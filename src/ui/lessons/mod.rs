//! Lessons on the page: the front page with all of them, and the guide through one. What they say is data
//! (`crate::lesson`), compiled by the tool; what is here shows it and checks it.

mod ask;
mod conditions;
mod contents;
mod highlight;
pub mod index;
mod lesson_state;
pub mod stepper;
mod still;
pub mod task;

pub use contents::{lab_of, listed};
pub use lesson_state::LessonState;
