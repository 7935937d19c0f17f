//! The visitor's own list of layers.

use super::{Model, Recipe};

pub const MODEL: Model = Model {
    id: "custom",
    title: "Your own layers",
    blurb: "A list of layers that you put together. The last one answers: a number for each class, or the number that is told.",
    sizes: &[],
    recipe: Recipe::Text("conv8x3-relu-pool-conv16x3-relu-pool-flatten-dense64-relu-dense"),
};
