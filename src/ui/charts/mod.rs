//! Charts drawn from signals: what is plotted (`curve`), where it lies (`scale`), how it looks (`plot`), and the
//! two that the page has.

pub mod curve;
pub mod scale;

pub mod plot;
pub mod readout;

pub mod history;
pub mod table;
