//! Texts: what a network writes and what it has in mind meanwhile.

pub mod asking;
pub mod letters;

pub mod questions;
pub mod sample;

pub mod controls;
pub mod desk;
pub mod likely;
pub mod prompt;

pub mod coloured;
pub mod mind;
pub mod states;
pub mod strip;
pub mod table;
