//! CIFAR-10: 60,000 small colour photos of ten kinds of animals and vehicles.

use super::info::About;
use super::{DataSource, Dataset, FileLocation, SourceKind};

pub const DATASET: Dataset = Dataset {
    about: About {
        id: "cifar10",
        title: "CIFAR-10",
        noun: "photos",
        blurb: "Photos of ten kinds of animals and vehicles, 32 × 32 pixels, each with three numbers: how much red, green \
            and blue. Kept as JPEG keeps photos, with a little loss.",
        homepage: "https://www.cs.toronto.edu/~kriz/cifar.html",
        licence: "none stated; the authors ask to be cited",
        citation: "Krizhevsky: Learning Multiple Layers of Features from Tiny Images (2009)",
    },
    classes: &["Airplane", "Automobile", "Bird", "Cat", "Deer", "Dog", "Frog", "Horse", "Ship", "Truck"],
    shape: [3, 32, 32],
    // Of the shards that the second source gives.
    mean: &[0.4923, 0.4813, 0.4479],
    std: &[0.2452, 0.2428, 0.2606],
    augments: &["flip", "flip_crop", "affine"],
    written: false,
    version: 1,
    sources: &[
        DataSource {
            name: "the publisher’s lossless pictures, packed here with JPEG’s loss",
            counts: [50_000, 10_000],
            kind: SourceKind::CifarBinary {
                places: &[
                    FileLocation::Mirror("cifar10"),
                    FileLocation::Url("https://www.cs.toronto.edu/~kriz"),
                ],
                file: (
                    "cifar-10-binary.tar.gz",
                    "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
                ),
            },
        },
        DataSource {
            name: "a JPEG copy of the pictures, not the lossless originals (pixel values differ by 7.7 of 255 on average)",
            counts: [50_000, 10_000],
            kind: SourceKind::JpegFolders {
                places: &[FileLocation::Mirror("cifar10")],
                file: (
                    "cifar10-jpeg.tar.gz",
                    "a53062b11fa33bfeec4e3e698555a32f7df9825641dfc4c93ad80af81a59250b",
                ),
            },
        },
    ],
};
