//! What is on the page, in the order in which it is read: Data, Model, What it learned, Try it, and the
//! transport below. Panels read `State`, call `Lab`, and share the `Scene`.

pub mod scene;

pub mod header;
pub mod help;
pub mod language;
pub mod lead;
pub mod tabs;

pub mod data;
pub mod pictures;
pub mod pipeline;
pub mod pipeline_steps;
pub mod tile;

pub mod engine;
pub mod find_rate;
mod found;
pub mod layer;
pub mod model;
pub mod network;
pub mod pixels;
pub mod probe;
pub mod settings;
pub mod strip;
pub mod trained;

pub mod confusion;
pub mod learned;
pub mod mistakes;
pub mod tests;
pub mod weights;

pub mod answer;
pub mod pad;
pub mod pad_keys;
pub mod try_it;

pub mod rate;
pub mod status;
pub mod transport;
