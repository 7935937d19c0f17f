//! The visitor's own classes: pictures are collected, a small classifier learns them on a pretrained network's
//! features. `project` is what is remembered and `controller` what can be done; pictures come in through `file_drop`,
//! `camera` and `ingest`; the rest is what is seen, from left to right (`pages::own`).

pub mod controller;
pub mod project;

mod project_store;
mod training;

mod camera;
mod directory;
pub mod file_drop;
mod incoming;
mod ingest;
mod keeper;
mod opening;
mod packed;
mod samples;
mod saved;

mod burst;
pub mod classes;
mod copies;
mod none;
mod picture;
mod thumbnails;

mod curve;
pub mod model;

mod export_buttons;
mod label_errors;
mod matrix;
mod relabel;
pub mod results;
pub mod try_it;

pub mod action_bar;
