//! Where all the things are: a network that comes trained finds what is in the visitor's picture, and the page draws a box
//! around each, lists them, and shows how one box of many is kept (`pages::detect`).

mod boxes;
mod controls;
pub mod give;
mod labels;
pub mod list;
mod own;
mod png;
pub mod stage;
pub mod state;
mod truth;
