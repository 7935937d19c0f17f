//! A drawing that a network finishes. In reading order: what is known, how the ending is drawn, the paper, what is
//! expected of the pen, what can be chosen, several endings at once, and the file.

pub mod state;

pub mod ask;
pub mod play;

pub mod expected;
pub mod paper;

pub mod controls;
pub mod endings;
pub mod file;
