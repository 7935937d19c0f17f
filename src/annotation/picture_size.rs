//! How large a picture is, from the first bytes of its file: PNG, JPEG, GIF, BMP and WebP.

/// Some of every picture, whose size is none where its file is cut short; none of what is no picture.
pub fn of(bytes: &[u8]) -> Option<Option<[u32; 2]>> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => {
            Some(two(bytes, 16, 20, |b, at| Some(u32::from_be_bytes(take(b, at)?))))
        }
        [0xff, 0xd8, 0xff, ..] => Some(jpeg(bytes)),
        [b'G', b'I', b'F', b'8', ..] => Some(two(bytes, 6, 8, little)),
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => {
            let long = |b: &[u8], at| Some(i32::from_le_bytes(take(b, at)?).unsigned_abs());
            Some(two(bytes, 18, 22, long))
        }
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(webp(bytes)),
        _ => None,
    }
}

fn take<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at + N)?.try_into().ok()
}

fn little(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u16::from_le_bytes(take(bytes, at)?).into())
}

fn big(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u16::from_be_bytes(take(bytes, at)?).into())
}

fn two(bytes: &[u8], wide: usize, high: usize, read: fn(&[u8], usize) -> Option<u32>) -> Option<[u32; 2]> {
    Some([read(bytes, wide)?, read(bytes, high)?])
}

/// As it is shown: a camera's note that it was held upright counts.
fn jpeg(bytes: &[u8]) -> Option<[u32; 2]> {
    let (mut at, mut turned) = (2, false);
    loop {
        let [mark, kind] = take(bytes, at)?;
        if mark != 0xff {
            return None;
        }
        if kind == 0xff {
            at += 1;
            continue;
        }
        // A start of frame; c4, c8 and cc are others.
        if (0xc0..=0xcf).contains(&kind) && ![0xc4, 0xc8, 0xcc].contains(&kind) {
            let [height, width] = two(bytes, at + 5, at + 7, big)?;
            return Some(if turned { [height, width] } else { [width, height] });
        }
        let length = big(bytes, at + 2)? as usize;
        if kind == 0xe1 {
            turned |= bytes.get(at + 4..at + 2 + length).and_then(orientation).is_some_and(|way| way > 4);
        }
        at += 2 + length;
    }
}

/// 1…8, of an Exif segment.
fn orientation(segment: &[u8]) -> Option<u32> {
    let tiff = segment.strip_prefix(b"Exif\0\0")?;
    let read = if tiff.starts_with(b"II") { little } else { big };
    let long = |at: usize| {
        let bytes = take(tiff, at)?;
        Some(if tiff.starts_with(b"II") { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    };
    let first = long(4)? as usize;
    let entries = read(tiff, first)? as usize;
    let entry = (0..entries).map(|at| first + 2 + 12 * at).find(|at| read(tiff, *at) == Some(0x0112))?;
    read(tiff, entry + 8)
}

fn webp(bytes: &[u8]) -> Option<[u32; 2]> {
    match &take::<4>(bytes, 12)? {
        b"VP8 " => Some(two(bytes, 26, 28, little)?.map(|side| side & 0x3fff)),
        b"VP8L" => {
            let bits = u32::from_le_bytes(take(bytes, 21)?);
            Some([bits & 0x3fff, bits >> 14 & 0x3fff].map(|side| side + 1))
        }
        b"VP8X" => {
            let side = |at| Some(little(bytes, at)? + (u32::from(*bytes.get(at + 2)?) << 16) + 1);
            Some([side(24)?, side(27)?])
        }
        _ => None,
    }
}
