//! A picture on its way, and what stays of it when it was read.

use crate::protocol::vision::{Milliseconds, Named};

/// What stays of a picture that was read.
#[derive(PartialEq)]
pub struct Reading {
    pub id: u32,
    pub name: String,
    /// The address of a small copy.
    pub thumb: String,
    /// Width and height as it was given.
    pub size: [u32; 2],
    /// The five likeliest.
    pub top: Vec<Named>,
    pub heat: Vec<Vec<f32>>,
    pub heat_side: usize,
    pub milliseconds: Milliseconds,
}

/// Where a waiting picture comes from.
#[derive(Clone)]
pub enum PictureSource {
    File(web_sys::File),
    /// A sample's file.
    Address(String),
    Camera {
        width: u32,
        height: u32,
        rgba: Vec<u8>,
    },
}
