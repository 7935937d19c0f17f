//! Texts: what there is to learn from, cut into tokens, and a visitor's own; what a network writes, and what it has in
//! mind meanwhile.

pub mod answer;
pub mod asking;
pub mod attention;
pub mod excerpt;
pub mod letters;
pub mod tokens;

pub mod data;
pub mod example;
pub mod lengths;
pub mod merges;
pub mod split;
pub mod vocabulary;

pub mod field;
pub mod own;

pub mod blanks;
pub mod learned;
pub mod questions;
pub mod sample;

pub mod controls;
pub mod desk;
pub mod likely;
pub mod prompt;

pub mod coloured;
pub mod mind;
pub mod reach;
pub mod reach_chart;
pub mod states;
pub mod strip;
pub mod table;
pub mod unrolled;
