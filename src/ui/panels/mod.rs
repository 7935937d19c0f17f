//! What is on the page, in the order in which it is read: Data, Model, What it learned, Try it, and the
//! transport below. Panels read `State`, call `Controller`, and share the `PanelState`.

pub mod panel_state;

pub mod announce;
pub mod banner;
pub mod header;
pub mod help;
pub mod language;
pub mod tabs;

pub mod data;
pub mod pictures;
pub mod pipeline;
pub mod pipeline_steps;
pub mod thumbnail;

pub mod engine;
pub mod feature_maps;
pub mod find_rate;
mod found;
pub mod layer;
pub mod layer_list;
pub mod layer_title;
pub mod model;
pub mod network;
pub mod pixels;
pub mod planes;
pub mod probe;
pub mod settings;
pub mod shipped_weights;
pub mod spec_number;
pub mod spec_word;

pub mod confusion;
pub mod mistakes;
pub mod results;
pub mod test_predictions;
pub mod weights;

pub mod answer;
pub mod drawing_pad;
pub mod drawing_pad_keys;
pub mod try_it;

pub mod playback;
pub mod rate;
pub mod status;
