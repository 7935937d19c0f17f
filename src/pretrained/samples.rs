//! Pictures to begin with: what they show, who made them, under which licence they may be passed on, and where their
//! files come from. Plain data: the tool fetches by it, the page shows what the tool could get.

use super::PackageFile;
use serde::{Deserialize, Serialize};

/// Where their files and `index.json`, a list of `SampleInfo`, lie, relative to the page. The number is raised when
/// their bytes change.
pub const SAMPLES_FOLDER: &str = "samples/v1";

pub struct Sample {
    pub id: &'static str,
    /// What a person sees.
    pub title: &'static str,
    /// `[width, height]`
    pub size: [u32; 2],
    pub credit: &'static str,
    pub licence: Licence,
    /// Where the picture was published, as whoever passes it on says.
    pub origin: &'static str,
    pub source: SampleSource,
}

pub struct Licence {
    pub name: &'static str,
    pub url: &'static str,
}

/// The file is used byte for byte as it is there.
pub enum SampleSource {
    Package(PackageFile),
    /// A picture of COCO 2017 (Lin et al. 2014), with its SHA-256.
    Coco {
        split: &'static str,
        image: u32,
        sha256: &'static str,
    },
}

impl Sample {
    /// The name of its file in `SAMPLES_FOLDER`.
    pub fn file(&self) -> String {
        let extension = match &self.source {
            SampleSource::Package(file) => file.file.rsplit('.').next().unwrap_or_default(),
            SampleSource::Coco { .. } => "jpg",
        };
        format!("{}.{extension}", self.id)
    }

    pub fn info(&self) -> SampleInfo {
        SampleInfo {
            id: self.id.into(),
            title: self.title.into(),
            file: self.file(),
            credit: self.credit.into(),
            licence: self.licence.name.into(),
            licence_url: self.licence.url.into(),
            origin: self.origin.into(),
            width: self.size[0],
            height: self.size[1],
        }
    }
}

/// What the tool wrote: an entry of `samples/v<n>/index.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampleInfo {
    pub id: String,
    pub title: String,
    /// In the folder of the index.
    pub file: String,
    pub credit: String,
    pub licence: String,
    pub licence_url: String,
    pub origin: String,
    pub width: u32,
    pub height: u32,
}

const CC0: Licence = Licence { name: "CC0 1.0", url: "https://creativecommons.org/publicdomain/zero/1.0/" };
const CC_BY: Licence = Licence { name: "CC BY 2.0", url: "https://creativecommons.org/licenses/by/2.0/" };
const CC_BY_SA: Licence =
    Licence { name: "CC BY-SA 2.0", url: "https://creativecommons.org/licenses/by-sa/2.0/" };
const SPACEX: Licence = Licence {
    name: "Public domain",
    url: "http://arstechnica.com/tech-policy/2015/03/elon-musk-puts-spacex-photos-into-the-public-domain/",
};

/// Where scikit-image describes the pictures that were given to it.
const DOCS: &str = "https://scikit-image.org/docs/stable/api/skimage.data.html";
const TRAIN: &str = "train2017";
const VAL: &str = "val2017";

/// The last four are hard: the network names something else, or a thing beside it.
pub const SAMPLES: &[Sample] = &[
    scikit(
        "cat",
        "A cat",
        [451, 300],
        CC0,
        DOCS,
        ("skimage/data/chelsea.png", "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb"),
        "Stefan van der Walt, via scikit-image",
    ),
    coco(
        "poodle",
        "A poodle",
        [426, 640],
        CC_BY,
        "http://farm3.staticflickr.com/2598/3937557668_c8b472124b_z.jpg",
        (VAL, 377_575, "18d7b9ea545f1561bb844213652194047a19fff86ff6e23a2bd7d10262bd72f3"),
    ),
    coco(
        "elephant",
        "An elephant and its rider",
        [426, 640],
        CC_BY_SA,
        "http://farm7.staticflickr.com/6235/6337941606_9b06403fa6_z.jpg",
        (VAL, 415_748, "6774fb650081bd03fedb03b1c26b85de477afa0086cbbf157b2fde2dc03d6628"),
    ),
    coco(
        "geese",
        "Two geese",
        [640, 498],
        CC_BY_SA,
        "http://farm5.staticflickr.com/4028/4453365777_c89a9835ec_z.jpg",
        (TRAIN, 425_988, "6745bd50df05a68bfbe1b81bdfbce2e021f9500ad41e689d6ab484ceb7fb119d"),
    ),
    coco(
        "bear",
        "A bear among vultures",
        [640, 427],
        CC_BY_SA,
        "http://farm3.staticflickr.com/2771/4517379000_2189421767_z.jpg",
        (VAL, 229_997, "9c62105390761ac4adf9cb96e80652b55f64866c897cb5d6b3de405fe92db5f8"),
    ),
    coco(
        "bananas",
        "Bananas and apples",
        [640, 480],
        CC_BY,
        "http://farm3.staticflickr.com/2637/3679968895_37a79e55b3_z.jpg",
        (TRAIN, 458_756, "942c7cfc98341b0c78c6eb5a1f4a9fb22b9ac7d800798e49f37ce3da70d47a9a"),
    ),
    coco(
        "pizza",
        "A pizza",
        [640, 461],
        CC_BY,
        "http://farm5.staticflickr.com/4009/4409615060_2f5554e232_z.jpg",
        (VAL, 160_012, "b660ce7ce72dcfa459181967524c53f9360318652c0014790da9fa096ccf1ae2"),
    ),
    coco(
        "broccoli",
        "Broccoli",
        [640, 428],
        CC_BY,
        "http://farm6.staticflickr.com/5021/5560942229_40538af5b5_z.jpg",
        (VAL, 62_554, "2b9444ef969f3b95e53ba3e78ddd329c41c03fbc3c8e7e07034cdd6cb8bc9f41"),
    ),
    coco(
        "hot_dog",
        "A hot dog",
        [500, 333],
        CC_BY_SA,
        "http://farm1.staticflickr.com/153/345507675_29ca7a4c43_z.jpg",
        (TRAIN, 501_760, "0b36bbeadc101f898ad3de57a3b9b1f5a8c21aae8e329faa9b40c15b449462ec"),
    ),
    coco(
        "ice_cream",
        "An ice cream sundae",
        [500, 334],
        CC_BY,
        "http://farm4.staticflickr.com/3494/3850219428_10c4b01c88_z.jpg",
        (VAL, 577_539, "e47b41db1c064f91364db5b38fad5c49988854a7197225fb4fde903640ee5e72"),
    ),
    scikit(
        "espresso",
        "A cup of espresso",
        [600, 400],
        CC0,
        DOCS,
        ("skimage/data/coffee.png", "cc02f8ca188b167c775a7101b5d767d1e71792cf762c33d6fa15a4599b5a8de7"),
        "Rachel Michetti, courtesy of Pikolo Espresso Bar, via scikit-image",
    ),
    coco(
        "clock",
        "A clock on a wall",
        [640, 480],
        CC_BY,
        "http://farm6.staticflickr.com/5125/5333676592_1219ccca49_z.jpg",
        (VAL, 551_780, "3d4490937783d48c381caf35e9901cb099ef4bf5a9d1bbd36db9b11ab7ebcb5e"),
    ),
    coco(
        "lamp",
        "A lamp beside a bed",
        [640, 480],
        CC_BY,
        "http://farm9.staticflickr.com/8486/8245255095_5669dbf878_z.jpg",
        (VAL, 403_353, "6c775b14fadf4e5ca3fc236117ce0aece4dc1503c8264e54b32578ab36592b18"),
    ),
    coco(
        "desk",
        "A desk with three computers",
        [640, 480],
        CC_BY,
        "http://farm4.staticflickr.com/3476/3267385733_e061c6b8fb_z.jpg",
        (VAL, 255_165, "f7e0fd0c8f9c0bd753be75b504f0e41e3b3109259107bf7a8f27c7c950bccbe7"),
    ),
    coco(
        "traffic_light",
        "A red traffic light",
        [427, 640],
        CC_BY,
        "http://farm5.staticflickr.com/4100/4757069963_f0a25354da_z.jpg",
        (TRAIN, 116_740, "7bd7d2a4d69a6e42ba35f332433d2120559af25d4b6483747bd8aa0936c20872"),
    ),
    coco(
        "bus",
        "A bus",
        [640, 427],
        CC_BY_SA,
        "http://farm9.staticflickr.com/8365/8479006347_0e3a05357e_z.jpg",
        (TRAIN, 252_639, "b72a90811d788a3b6219c28c42ba11055c3c58bb8af2c8b85631b00277a701c9"),
    ),
    coco(
        "street_sign",
        "Street signs in Berlin",
        [500, 406],
        CC_BY,
        "http://farm4.staticflickr.com/3114/2904096207_497460a142_z.jpg",
        (TRAIN, 231_460, "d2b9c0e8eda4b33027305f830875a73d205a8c2e98be4e5a9c658d12e7775031"),
    ),
    coco(
        "bench",
        "Somebody on a park bench",
        [428, 640],
        CC_BY_SA,
        "http://farm4.staticflickr.com/3230/2382908731_f4cc461bef_z.jpg",
        (VAL, 349_184, "4bb0d5850695a09964d7f111ba8bf70233fd4798332aae8add1648ef736a1de3"),
    ),
    scikit(
        "camera",
        "A man with a camera",
        [512, 512],
        CC0,
        "https://github.com/scikit-image/scikit-image/issues/3927",
        ("skimage/data/camera.png", "b0793d2adda0fa6ae899c03989482bff9a42d3d5690fc7e3648f2795d730c23a"),
        "Lav Varshney, via scikit-image",
    ),
    scikit(
        "rocket",
        "A rocket before its launch",
        [640, 427],
        SPACEX,
        "https://www.flickr.com/photos/spacexphotos/16511594820/in/photostream/",
        ("skimage/data/rocket.jpg", "c2dd0de7c538df8d111e479619b129464d0269d0ae5fd18ca91d33a7fdfea95c"),
        "SpaceX, via scikit-image",
    ),
    coco(
        "mirror",
        "A cat beside a mirror",
        [640, 522],
        CC_BY,
        "http://farm3.staticflickr.com/2096/2102573498_beb4055246_z.jpg",
        (TRAIN, 358_083, "eae094f4a0f3163436e66e32bd61187d2ddbca56419f7f0c1bde9b84f793151c"),
    ),
    coco(
        "seaplane",
        "A seaplane",
        [640, 408],
        CC_BY_SA,
        "http://farm1.staticflickr.com/143/400309545_6199be36a0_z.jpg",
        (VAL, 205_401, "19878c6e51fa8bcfc1205bbd2ecc506e436fd3ca7c6b57e06fb84bb885ad0491"),
    ),
    coco(
        "suitcases",
        "Suitcases",
        [640, 480],
        CC_BY,
        "http://farm4.staticflickr.com/3572/3337847570_4c8d6dd100_z.jpg",
        (VAL, 475_678, "90536452d9eab598526aca535f1e7894e1668b05ea51c32738b37d2c260f3753"),
    ),
    scikit(
        "horse",
        "The outline of a horse",
        [400, 328],
        CC0,
        "http://openclipart.org/detail/158377/horse-by-marauder",
        ("skimage/data/horse.png", "c7fb60789fe394c485f842291ea3b21e50d140f39d6dcb5fb9917cc178225455"),
        "Andreas Preuss (marauder), openclipart, via scikit-image",
    ),
];

/// COCO gives the address and the licence of a picture, and no name.
const fn coco(
    id: &'static str,
    title: &'static str,
    size: [u32; 2],
    licence: Licence,
    origin: &'static str,
    (split, image, sha256): (&'static str, u32, &'static str),
) -> Sample {
    let source = SampleSource::Coco { split, image, sha256 };
    Sample { id, title, size, credit: "Flickr, via COCO", licence, origin, source }
}

const fn scikit(
    id: &'static str,
    title: &'static str,
    size: [u32; 2],
    licence: Licence,
    origin: &'static str,
    (file, sha256): (&'static str, &'static str),
    credit: &'static str,
) -> Sample {
    let package = PackageFile { package: "scikit-image", version: "0.26.0", file, sha256 };
    Sample { id, title, size, credit, licence, origin, source: SampleSource::Package(package) }
}
