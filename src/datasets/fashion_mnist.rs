//! Fashion-MNIST: 70,000 pictures of clothing in MNIST's format, harder than digits.

use super::info::About;
use super::{DataSource, Dataset, FileLocation, SourceKind};

pub const DATASET: Dataset = Dataset {
    about: About {
        id: "fashion_mnist",
        title: "Fashion-MNIST",
        noun: "pieces of clothing",
        blurb: "Zalando’s shop pictures of ten kinds of clothing, 28 × 28 grey pixels each: \
            as small as MNIST and much harder.",
        homepage: "https://github.com/zalandoresearch/fashion-mnist",
        licence: "MIT",
        citation: "Xiao, Rasul, Vollgraf: Fashion-MNIST (2017), arXiv:1708.07747",
    },
    classes: &[
        "T-shirt",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    ],
    shape: [1, 28, 28],
    mean: &[0.2860],
    std: &[0.3530],
    augments: &["flip", "flip_crop", "affine"],
    written: false,
    version: 1,
    sources: &[DataSource {
        name: "Debian’s dataset-fashion-mnist package",
        counts: [60_000, 10_000],
        kind: SourceKind::Idx {
            places: &[
                FileLocation::Mirror("fashion_mnist"),
                FileLocation::Debian {
                    package: "dataset-fashion-mnist",
                    folder: "usr/share/datasets/fashion-mnist",
                },
            ],
            files: FILES,
        },
    }],
};

/// Train pictures, train labels, test pictures, test labels, with the SHA-256 of the unpacked files.
const FILES: [(&str, &str); 4] = [
    ("train-images-idx3-ubyte.gz", "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
    ("train-labels-idx1-ubyte.gz", "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
    ("t10k-images-idx3-ubyte.gz", "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
    ("t10k-labels-idx1-ubyte.gz", "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
];
