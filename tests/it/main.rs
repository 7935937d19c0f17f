//! One integration crate. Tests loop over the tables: a registered thing is a tested thing.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a test that cannot go on has failed

#[cfg(feature = "cpu")]
mod absurd;
mod architecture;
#[cfg(feature = "tools")]
mod archives;
mod code;
#[cfg(feature = "cpu")]
mod code_runs;
#[cfg(feature = "cpu")]
mod cores;
#[cfg(feature = "tools")]
mod data;
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
mod recurrent_layers;
mod sampling;
mod sequences;
#[cfg(feature = "tools")]
mod shards;
#[cfg(feature = "cpu")]
mod silence;
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
#[cfg(feature = "cpu")]
mod vision;
#[cfg(feature = "tools")]
mod weights;
