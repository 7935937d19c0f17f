//! The visitor's own list of layers.

use super::{Model, Recipe};

pub const MODEL: Model = Model {
    id: "custom",
    title: "Your own layers",
    blurb: "A list of layers that you put together. The last layer answers: one number per class, or the predicted number.",
    sizes: &[],
    recipe: Recipe::Text("conv8x3-relu-pool-conv16x3-relu-pool-flatten-dense64-relu-dense"),
};
