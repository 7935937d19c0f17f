//! One integration crate. Tests loop over the tables: a registered thing is a tested thing.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a test that cannot go on has failed

#[cfg(feature = "cpu")]
mod absurd;
mod annotation;
mod architecture;
#[cfg(feature = "tools")]
mod archives;
#[cfg(all(feature = "cpu", feature = "tools"))]
mod average_precision;
#[cfg(feature = "cpu")]
mod both_directions;
mod chat;
mod code;
#[cfg(feature = "cpu")]
mod code_golden;
#[cfg(feature = "cpu")]
mod code_runs;
#[cfg(feature = "cpu")]
mod code_texts;
#[cfg(feature = "cpu")]
mod cores;
#[cfg(feature = "tools")]
mod data;
#[cfg(all(feature = "cpu", feature = "tools"))]
mod detection;
#[cfg(feature = "cpu")]
mod engine;
#[cfg(feature = "cpu")]
mod explain;
#[cfg(feature = "cpu")]
mod fuzz;
#[cfg(feature = "cpu")]
mod host;
#[cfg(feature = "cpu")]
mod imagenet;
#[cfg(feature = "cpu")]
mod kernels;
#[cfg(feature = "tools")]
mod languages;
mod layers;
mod link;
#[cfg(all(feature = "cpu", feature = "tools"))]
mod masked;
#[cfg(all(feature = "cpu", feature = "tools"))]
mod next_token;
mod numbers;
mod plan;
#[cfg(feature = "cpu")]
mod prepare;
#[cfg(feature = "tools")]
mod project_zip;
mod promises;
#[cfg(feature = "cpu")]
mod rate;
#[cfg(feature = "cpu")]
mod reach;
#[cfg(feature = "cpu")]
mod recurrent_layers;
mod sampling;
mod sequences;
#[cfg(feature = "cpu")]
mod series;
#[cfg(feature = "tools")]
mod shards;
#[cfg(feature = "cpu")]
mod silence;
mod sketch;
#[cfg(feature = "cpu")]
mod split;
mod table;
mod table_cases;
mod table_cells;
#[cfg(feature = "cpu")]
mod tasks;
mod texts;
mod tokenizers;
mod train;
mod transformers;
mod translate;
#[cfg(feature = "cpu")]
mod unrolled;
#[cfg(feature = "cpu")]
mod vision;
#[cfg(feature = "cpu")]
mod vit;
#[cfg(feature = "tools")]
mod weights;
