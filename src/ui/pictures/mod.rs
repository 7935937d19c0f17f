//! What is in a picture: a network that comes trained reads the visitor's pictures, and shows why. Picture → what
//! the network sees of it → what it says, and below how it came to that, layer by layer (`pages::pictures`).

pub mod coming;
pub mod image_blobs;
pub mod queue;
mod reading;
mod viewer_state;

pub mod camera;
pub mod samples;
pub mod upload;

mod brush;
mod occlusion;
mod readout;
pub mod viewer;

pub mod answer;
pub mod gallery;
pub mod layers;
mod maps;
