//! What can be done to a picture: `[channels, height, width]` bytes in, the same shape out. Training and the page's
//! picture of the pipeline do the same here. Knows no tensor, no browser and no dataset.

/// `[channels, height, width]`
pub type Shape = [usize; 3];

/// Every pixel from where `source` says, in all channels; black (0) where that is nowhere.
fn moved(
    picture: &[u8],
    [_, height, width]: Shape,
    source: impl Fn(usize, usize) -> Option<usize>,
) -> Vec<u8> {
    let mut result = Vec::with_capacity(picture.len());
    for plane in picture.chunks_exact(height * width) {
        for y in 0..height {
            result.extend((0..width).map(|x| source(y, x).map_or(0, |at| plane[at])));
        }
    }
    result
}

/// Left and right swapped.
pub fn flipped(picture: &[u8], shape: Shape) -> Vec<u8> {
    moved(picture, shape, |y, x| Some(y * shape[2] + shape[2] - 1 - x))
}

/// The same size, cut out `down` and `right` pixels further; what was outside is black.
pub fn cropped(picture: &[u8], shape: Shape, down: isize, right: isize) -> Vec<u8> {
    let [_, height, width] = shape;
    moved(picture, shape, |y, x| {
        let (y, x) = (y.checked_add_signed(down)?, x.checked_add_signed(right)?);
        (y < height && x < width).then_some(y * width + x)
    })
}

/// Turned to the left about its middle; each pixel is the nearest one's, black where there is none.
pub fn turned(picture: &[u8], shape: Shape, degrees: f32) -> Vec<u8> {
    let [_, height, width] = shape;
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (middle_y, middle_x) = ((height as f32 - 1.0) / 2.0, (width as f32 - 1.0) / 2.0);
    moved(picture, shape, |y, x| {
        let (dy, dx) = (y as f32 - middle_y, x as f32 - middle_x);
        let (y, x) = (middle_y + dy * cos + dx * sin, middle_x + dx * cos - dy * sin);
        let inside = y > -0.5 && x > -0.5 && y < height as f32 - 0.5 && x < width as f32 - 0.5;
        inside.then(|| y.round() as usize * width + x.round() as usize)
    })
}

/// Every number times `factor`, at most 255.
pub fn brighter(picture: &[u8], factor: f32) -> Vec<u8> {
    picture.iter().map(|&byte| (f32::from(byte) * factor).round() as u8).collect()
}

/// The middle square of `[height, width, 4]` bytes (red, green, blue, opacity; what is not there is white) as
/// `[3, side, side]`: every new pixel is the mean of the area that it covers. Nothing of a picture without pixels.
pub fn square(rgba: &[u8], width: usize, height: usize, side: usize) -> Vec<u8> {
    let short = width.min(height);
    if short == 0 || side == 0 || rgba.len() != width * height * 4 {
        return Vec::new();
    }
    let (top, left) = ((height - short) / 2, (width - short) / 2);
    // How much of which source rows (or columns) a new one covers.
    let ratio = short as f32 / side as f32;
    let shares = |place: usize| {
        let (begin, end) = (place as f32 * ratio, (place + 1) as f32 * ratio);
        (begin as usize..(end.ceil() as usize).min(short)).map(move |at| {
            let covered = end.min((at + 1) as f32) - begin.max(at as f32);
            (at, covered.max(0.0) / ratio)
        })
    };
    let mut picture = vec![0; 3 * side * side];
    for y in 0..side {
        for x in 0..side {
            let mut sums = [0.0_f32; 3];
            for (row, high) in shares(y) {
                for (column, wide) in shares(x) {
                    let pixel = &rgba[((top + row) * width + left + column) * 4..][..4];
                    let there = f32::from(pixel[3]) / 255.0;
                    let on_white = |byte: u8| f32::from(byte) * there + 255.0 * (1.0 - there);
                    sums.iter_mut().zip(pixel).for_each(|(sum, byte)| *sum += on_white(*byte) * high * wide);
                }
            }
            for (channel, sum) in sums.iter().enumerate() {
                picture[(channel * side + y) * side + x] = sum.round() as u8;
            }
        }
    }
    picture
}
