//! Palmer Penguins: 344 penguins of three species on three islands of the Palmer Archipelago, 2007 to 2009.
//!
//! `penguins.csv` is the file of the R and Python packages `palmerpenguins` (0.1.6), unchanged: SHA-256
//! `f204db2c753b0937caac3cb35258562c14f073e4bbc76be24b4c51ce22767a93`. Its data were made available by Kristen Gorman
//! and the Palmer Station LTER under CC0 1.0, a dedication to the public domain.

/// The whole file: a header and 344 rows; `NA` is missing, in 11 rows.
pub const CSV: &str = include_str!("penguins.csv");

pub const HOMEPAGE: &str = "https://allisonhorst.github.io/palmerpenguins/";
pub const LICENCE: &str = "CC0 1.0";
pub const CITATION: &str = "Gorman, Williams, Fraser: Ecological sexual dimorphism and environmental variability within a \
                            community of Antarctic penguins (2014). PLoS ONE 9(3): e90081";

pub const TARGET: &str = "species";
/// What the species is told from; the island and the year would give too much away, or say nothing.
pub const FEATURES: [&str; 5] =
    ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g", "sex"];

/// The lecture's five penguins whose species is to be filled in: values in the order of `FEATURES`.
pub const QUESTIONS: [[&str; 5]; 5] = [
    ["50.7", "19.7", "203", "4050", "male"],
    ["35.9", "19.2", "189", "3800", "female"],
    ["38.2", "18.1", "185", "3950", "male"],
    ["38.8", "17.2", "180", "3800", "male"],
    ["35.3", "18.9", "187", "3800", "female"],
];
