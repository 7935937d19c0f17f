//! What is kept between visits, in this browser alone. Names and formats stay as they are, so that a newer page reads what
//! an older one wrote. Knows no page: who shows it decides when to keep and what to say where nothing can be kept.
//!
//! `settings` are small values that are there at once, `file` larger ones that are waited for. The rest says what is in
//! them: the visitor's preferences, progress in lessons, runs to be compared, a run to go on with, tables, a text.

pub mod experiment;
pub mod file;
pub mod settings;

pub mod keeping;
pub mod lesson_progress;
pub mod past_runs;
pub mod preferences;
pub mod run;
pub mod table;
pub mod text;
