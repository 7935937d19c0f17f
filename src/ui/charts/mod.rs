//! Charts drawn from signals: what is plotted (`curve`, `chart`), where it lies (`scale`), how it looks (`plot`), the
//! two that the page has, the runs that are kept to be compared (`kept`, `runs`), and all of it as files (`export`).

pub mod chart;
pub mod curve;
pub mod scale;
pub mod score;

pub mod export;
pub mod file;
pub mod grid;
pub mod plot;
pub mod readout;
pub mod sheet;

pub mod history;
pub mod run_history;
pub mod runs;
pub mod table;
