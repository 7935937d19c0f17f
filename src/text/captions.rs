//! What people wrote of pictures.

use super::split::HeldOut;
use super::{Published, TextDataset};
use crate::datasets::info::About;

pub const TEXT: TextDataset = TextDataset {
    about: About {
        id: "captions",
        title: "Captions",
        noun: "captions",
        blurb: "25,014 sentences, each of which a person wrote of what is in one of 5,000 pictures.",
        homepage: "https://cocodataset.org",
        licence: "CC BY 4.0",
        citation: "Lin et al.: Microsoft COCO (2014); Chen et al.: Microsoft COCO Captions (2015); the part val2017",
    },
    language: "en",
    held_out: HeldOut::Groups,
    version: 1,
    mirrored: "captions/captions_val2017.json",
    address: "https://s3.amazonaws.com/images.cocodataset.org/annotations/annotations_trainval2017.zip",
    sha256: "1018a8760deaf1fc71be2f1b8da1a1348b9c35994af4322ca2fd795a78abb79c",
    published: Published::CocoCaptions { inside: "annotations/captions_val2017.json" },
};
