//! intab: neural networks = data + model, in one browser tab.
//!
//! Three programs from one package: the page (`bin/app`, Leptos), the engines (`bin/engine_cpu` and
//! `bin/engine_gpu`: the same code on Burn Flex and on Burn WebGPU, each in a Web Worker), and the native tool
//! (`bin/intab`: prepares data, builds, serves, tests). Modules in reading order:
//!
//! | module | is | never |
//! | --- | --- | --- |
//! | `spec` | what a run is; presets; what a link encodes | knows a backend or a browser |
//! | `link` | a run as the hash of an address, with the lesson and what is left out | knows a browser |
//! | `lesson` | a lesson as data: text, steps, checks, and the names that it may use | reaches into the page |
//! | `layers` | layers as data, one file each: shapes, parameters, words, scripts, how a number is explained | holds a tensor |
//! | `pixels` | what can be done to a picture: mirrored, cropped, turned | holds a tensor |
//! | `shard` | the data file's bytes | does I/O |
//! | `annotation` | what people marked in pictures, read from and written to the files of labelling tools: one file and one row a format | holds a tensor, knows a browser |
//! | `archive` | ZIP archives of pictures: listed, read, written | does I/O; only unpacking is asked of `platform` |
//! | `random` | random numbers, the same on every engine and machine | |
//! | `table` | rows and columns: a CSV read, edited, and made the numbers that a network takes | holds a tensor; only what decodes a text is asked of `platform` |
//! | `datasets` | what there is to learn from: one file and one row each; target fields, targets and predictions | |
//! | `tasks` | what “better” means: loss and score of a target field, one file and one row each | holds a tensor |
//! | `text` | texts to learn from, and a visitor's own: one file and one row each | holds a tensor |
//! | `tokenizer` | a text to the numbers of its tokens and back: one file and one row each | holds a tensor, knows a browser |
//! | `sequences` | sequences made from a seed: one file and one row each | holds a tensor |
//! | `sketch` | networks that draw, a row each; a drawing as moves of the pen | holds a tensor |
//! | `chat` | a network that talks: its published file, its tokens, how a conversation is written down | holds a tensor |
//! | `sampling` | the next token, or the pen's next move, from a network's outputs | holds a tensor |
//! | `models` | what can learn: one file and one row each | holds a tensor |
//! | `pretrained` | networks that come trained: one file and one row each | holds a tensor |
//! | `detection` | boxes around things: how they overlap, which are kept, how they are handed on | holds a tensor |
//! | `shipped_weights` | runs of ours that ship with their weights | |
//! | `export_code` | a run as a script for PyTorch, Keras or Burn | knows a backend or a browser |
//! | `catalogue` | what can be asked for; whether a spec fits | knows a backend or a browser |
//! | `experiment` | how much data is enough: runs that differ in how much they learn from, planned and gathered | holds a tensor |
//! | `protocol` | everything that page and engine say to each other | |
//! | `explain` | derives one activation from its inputs, term by term | holds a tensor, knows a browser |
//! | `platform` | the outside world, once for the browser and once for tests | is called with `cfg` around it |
//! | `engine` | a run, from spec to metrics, on Burn; `engine::layers` and `engine::tasks` have a file for each of `layers` and `tasks` | touches the page; only `engine::device`, the hook of `engine::kernels` and `engine::shaders` name a backend |
//! | `worker` | Web Worker entry point: decodes commands, posts events | decides anything |
//! | `ui` | the page; `State::apply` is the only way an event changes it | links Burn or decodes a dataset |
//! | `train_shipped` | trains those, natively, on the engine that visitors have | is needed by a visitor |
//! | `tools` | the native command line | is needed by a visitor, links Burn |
//!
//! Held by `tests/it/architecture.rs` and by `cargo intab test` (`cargo tree`), not by good intentions.

pub mod annotation;
pub mod archive;
pub mod catalogue;
pub mod chat;
pub mod datasets;
pub mod detection;
#[cfg(feature = "engine")]
pub mod engine;
pub mod experiment;
pub mod explain;
pub mod export_code;
pub mod layers;
pub mod lesson;
pub mod link;
pub mod models;
pub mod pixels;
pub mod platform;
pub mod pretrained;
pub mod protocol;
pub mod random;
pub mod sampling;
pub mod sequences;
pub mod shard;
pub mod shipped_weights;
pub mod sketch;
pub mod spec;
pub mod table;
pub mod tasks;
pub mod text;
pub mod tokenizer;
#[cfg(all(feature = "tools", not(target_arch = "wasm32")))]
pub mod tools;
#[cfg(all(feature = "cpu", feature = "tools", not(target_arch = "wasm32")))]
pub mod train_shipped;
#[cfg(all(feature = "ui", target_arch = "wasm32"))]
pub mod ui;
#[cfg(all(feature = "engine", target_arch = "wasm32"))]
pub mod worker;
