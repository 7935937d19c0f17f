//! Labels from one tool's files to another's: what is in them is drawn over the pictures, and what the other format has no
//! place for is said before anything is saved (`pages::convert`, `crate::annotation`).

pub mod give;
pub mod hand_on;
pub mod look;
mod shapes;
pub mod state;
