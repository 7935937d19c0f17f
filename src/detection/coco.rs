//! The kinds of things of COCO (Lin et al. 2014) that the data set has boxes for: 80 of 91 that were planned, so the numbers
//! have gaps.

#[derive(Debug, PartialEq, Eq)]
pub struct Category {
    /// COCO's own number.
    pub id: u16,
    pub name: &'static str,
    /// The larger kind.
    pub supercategory: &'static str,
}

impl Category {
    /// For people: a train is something else on pages about learning.
    pub fn words(&self) -> &'static str {
        if self.name == "train" { "railway train" } else { self.name }
    }
}

const fn of(id: u16, name: &'static str, supercategory: &'static str) -> Category {
    Category { id, name, supercategory }
}

/// In the order of their numbers, which is that of a network's classes.
pub const CATEGORIES: [Category; 80] = [
    of(1, "person", "person"),
    of(2, "bicycle", "vehicle"),
    of(3, "car", "vehicle"),
    of(4, "motorcycle", "vehicle"),
    of(5, "airplane", "vehicle"),
    of(6, "bus", "vehicle"),
    of(7, "train", "vehicle"),
    of(8, "truck", "vehicle"),
    of(9, "boat", "vehicle"),
    of(10, "traffic light", "outdoor"),
    of(11, "fire hydrant", "outdoor"),
    of(13, "stop sign", "outdoor"),
    of(14, "parking meter", "outdoor"),
    of(15, "bench", "outdoor"),
    of(16, "bird", "animal"),
    of(17, "cat", "animal"),
    of(18, "dog", "animal"),
    of(19, "horse", "animal"),
    of(20, "sheep", "animal"),
    of(21, "cow", "animal"),
    of(22, "elephant", "animal"),
    of(23, "bear", "animal"),
    of(24, "zebra", "animal"),
    of(25, "giraffe", "animal"),
    of(27, "backpack", "accessory"),
    of(28, "umbrella", "accessory"),
    of(31, "handbag", "accessory"),
    of(32, "tie", "accessory"),
    of(33, "suitcase", "accessory"),
    of(34, "frisbee", "sports"),
    of(35, "skis", "sports"),
    of(36, "snowboard", "sports"),
    of(37, "sports ball", "sports"),
    of(38, "kite", "sports"),
    of(39, "baseball bat", "sports"),
    of(40, "baseball glove", "sports"),
    of(41, "skateboard", "sports"),
    of(42, "surfboard", "sports"),
    of(43, "tennis racket", "sports"),
    of(44, "bottle", "kitchen"),
    of(46, "wine glass", "kitchen"),
    of(47, "cup", "kitchen"),
    of(48, "fork", "kitchen"),
    of(49, "knife", "kitchen"),
    of(50, "spoon", "kitchen"),
    of(51, "bowl", "kitchen"),
    of(52, "banana", "food"),
    of(53, "apple", "food"),
    of(54, "sandwich", "food"),
    of(55, "orange", "food"),
    of(56, "broccoli", "food"),
    of(57, "carrot", "food"),
    of(58, "hot dog", "food"),
    of(59, "pizza", "food"),
    of(60, "donut", "food"),
    of(61, "cake", "food"),
    of(62, "chair", "furniture"),
    of(63, "couch", "furniture"),
    of(64, "potted plant", "furniture"),
    of(65, "bed", "furniture"),
    of(67, "dining table", "furniture"),
    of(70, "toilet", "furniture"),
    of(72, "tv", "electronic"),
    of(73, "laptop", "electronic"),
    of(74, "mouse", "electronic"),
    of(75, "remote", "electronic"),
    of(76, "keyboard", "electronic"),
    of(77, "cell phone", "electronic"),
    of(78, "microwave", "appliance"),
    of(79, "oven", "appliance"),
    of(80, "toaster", "appliance"),
    of(81, "sink", "appliance"),
    of(82, "refrigerator", "appliance"),
    of(84, "book", "indoor"),
    of(85, "clock", "indoor"),
    of(86, "vase", "indoor"),
    of(87, "scissors", "indoor"),
    of(88, "teddy bear", "indoor"),
    of(89, "hair drier", "indoor"),
    of(90, "toothbrush", "indoor"),
];
