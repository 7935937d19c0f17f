//! The small parts that pages are made of: words for numbers, icons, pictures on canvases, plots, inputs, cameras and
//! files, and what the whole page listens to (keys, drops). They know signals and the DOM, not what a run or a page is.

pub mod format;

pub mod matrix;
pub mod reactive;

pub mod icon;
pub mod modal;
pub mod number;
pub mod overlay;
pub mod pick;
pub mod picture;
pub mod plot;
pub mod progress;
pub mod select;

pub mod ink;
pub mod throttle;

pub mod camera;
pub mod credit;
pub mod drop;
pub mod files;
pub mod keys;
