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

/// Where a picture is put: scaled and turned to the left about its middle, then moved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Affine {
    pub down: f32,
    pub right: f32,
    pub degrees: f32,
    /// 2 is twice as large.
    pub scale: f32,
}

/// Places count in whole parts of a pixel, so that every machine comes to the same bytes: of so many bits…
const PART_BITS: u32 = 16;
/// …of which mixing uses so many.
const MIX_BITS: u32 = 8;

/// Put where `by` says, all at once: each pixel is mixed from the four about the place that it comes from, black
/// outside.
pub fn affine(picture: &[u8], [_, height, width]: Shape, by: Affine) -> Vec<u8> {
    let parts = |pixels: f64| (pixels * f64::from(1 << PART_BITS)).round() as i32;
    let (sin, cos) = f64::from(by.degrees).to_radians().sin_cos();
    let [sin, cos] = [sin, cos].map(|share| share / f64::from(by.scale));
    let (middle_y, middle_x) = ((height as f64 - 1.0) / 2.0, (width as f64 - 1.0) / 2.0);
    let (dy, dx) = (-middle_y - f64::from(by.down), -middle_x - f64::from(by.right));
    // Where the first pixel comes from; the bits that mixing does not use are rounded, not cut.
    let first = [middle_y + dy * cos + dx * sin, middle_x + dx * cos - dy * sin];
    let first = first.map(|at| parts(at) + (1 << (PART_BITS - MIX_BITS - 1)));
    let [sin, cos] = [sin, cos].map(parts);
    let mut result = vec![0; picture.len()];
    let planes = picture.chunks_exact(height * width).zip(result.chunks_exact_mut(height * width));
    for (plane, new) in planes {
        for (row, line) in (0..).zip(new.chunks_exact_mut(width)) {
            let (mut y, mut x) = (first[0] + row * cos, first[1] - row * sin);
            for pixel in line {
                *pixel = mixed(plane, [height, width], [y, x]);
                (y, x) = (y + sin, x + cos);
            }
        }
    }
    result
}

/// The plane at a place between four of its pixels.
#[inline(always)]
fn mixed(plane: &[u8], [height, width]: [usize; 2], [y, x]: [i32; 2]) -> u8 {
    let whole = 1 << MIX_BITS;
    let [top, left] = [y, x].map(|at| at >> PART_BITS);
    let [down, right] = [y, x].map(|at| (at >> (PART_BITS - MIX_BITS)) as u32 & (whole - 1));
    let is_there = |y: i32, x: i32| (y as u32) < height as u32 && (x as u32) < width as u32;
    // A pixel and the one right of it in one number, of 16 bits each: both are mixed at once.
    let both = if is_there(top, left) && is_there(top + 1, left + 1) {
        let from = &plane[top as usize * width + left as usize..][..width + 2];
        let pair = |at: usize| u32::from(from[at]) | u32::from(from[at + 1]) << 16;
        pair(0) * (whole - down) + pair(width) * down
    } else {
        let pixel = |y: i32, x: i32| {
            if is_there(y, x) { u32::from(plane[y as usize * width + x as usize]) } else { 0 }
        };
        let pair = |y: i32| pixel(y, left) | pixel(y, left + 1) << 16;
        pair(top) * (whole - down) + pair(top + 1) * down
    };
    let [near, far] = [both & 0xFFFF, both >> 16];
    let half = 1 << (2 * MIX_BITS - 1);
    ((near * (whole - right) + far * right + half) >> (2 * MIX_BITS)) as u8
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

/// As a PNG file, not compressed: one channel is ink (black, as opaque as the number says), three are colours. Nothing of a
/// picture without pixels, or with other channels.
pub fn png(picture: &[u8], [channels, height, width]: Shape) -> Vec<u8> {
    let area = height * width;
    if area == 0 || ![1, 3].contains(&channels) || picture.len() != channels * area {
        return Vec::new();
    }
    let mut rows = Vec::with_capacity(height + 3 * area);
    for y in 0..height {
        rows.push(0); // no filter
        for at in y * width..(y + 1) * width {
            match channels {
                1 => rows.extend([0, picture[at]]),
                _ => rows.extend([picture[at], picture[area + at], picture[2 * area + at]]),
            }
        }
    }
    let size = [width as u32, height as u32].map(u32::to_be_bytes).concat();
    // Eight bits; grey with opacity, or red, green and blue.
    let header = [size.as_slice(), &[8, if channels == 1 { 4 } else { 2 }, 0, 0, 0]].concat();
    let chunks = [chunk(b"IHDR", &header), chunk(b"IDAT", &stored(&rows)), chunk(b"IEND", &[])];
    [b"\x89PNG\r\n\x1a\n".as_slice(), &chunks.concat()].concat()
}

/// Length, name, content and checksum, as PNG has them.
fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let named = [name, content].concat();
    let [length, sum] = [content.len() as u32, crc32(&named)].map(u32::to_be_bytes);
    [length.as_slice(), &named, &sum].concat()
}

/// CRC-32 as PNG has it (ISO 3309), four bits at a time. The crate `crc32fast` is quicker by tables of 16 kB, which a first
/// visit would have to fetch for its small pictures.
fn crc32(bytes: &[u8]) -> u32 {
    const BY_BITS: [u32; 16] = {
        let mut sums = [0; 16];
        let mut at = 0;
        while at < 4 * sums.len() {
            let sum = if at % 4 == 0 { at as u32 / 4 } else { sums[at / 4] };
            sums[at / 4] = (sum >> 1) ^ if sum & 1 == 1 { 0xedb8_8320 } else { 0 };
            at += 1;
        }
        sums
    };
    let add = |sum: u32, bits: u8| (sum >> 4) ^ BY_BITS[(sum as u8 ^ bits) as usize & 15];
    !bytes.iter().fold(!0, |sum, &byte| add(add(sum, byte), byte >> 4))
}

/// Bytes as they are in a zlib stream (RFC 1950, RFC 1951: stored blocks), with their Adler-32 sum.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let mut blocks = bytes.chunks(usize::from(u16::MAX)).peekable();
    while let Some(block) = blocks.next() {
        let length = block.len() as u16;
        stream.push(u8::from(blocks.peek().is_none()));
        stream.extend([length, !length].map(u16::to_le_bytes).concat());
        stream.extend(block);
    }
    let add = |(a, b): (u32, u32), &byte: &u8| {
        let a = (a + u32::from(byte)) % 65521;
        (a, (b + a) % 65521)
    };
    let (a, b) = bytes.iter().fold((1, 0), add);
    stream.extend((b << 16 | a).to_be_bytes());
    stream
}
