//! From what a visitor gives to what a network takes: decoded, put on white, scaled, cropped. One way for prediction,
//! tests and the picture of it on the page.

use super::resize::prepare;
use crate::engine::platform_now;
use crate::platform::{self, Rgba};
use crate::pretrained::Input;
use crate::protocol::vision::Photo;
use crate::protocol::{Failure, FailureKind};

/// Larger pictures are scaled down by the browser while they are decoded: three copies of 50 megapixels are more
/// than a phone has.
const MOST_PIXELS: usize = 6_000_000;

/// A picture as a network takes it.
pub struct Prepared {
    /// `[side, side, 3]` bytes.
    pub input: Vec<u8>,
    /// Width and height of what was given.
    pub size: [u32; 2],
    /// Milliseconds from bytes to pixels, and from pixels to `input`.
    pub decode: f64,
    pub prepare: f64,
}

pub async fn read(photo: &Photo, input: Input) -> Result<Prepared, Failure> {
    if let Photo::Exact(bytes) = photo {
        if bytes.len() != input.side * input.side * 3 {
            return Err(refuse("This picture has another size than the network takes."));
        }
        let size = [input.side as u32; 2];
        return Ok(Prepared { input: bytes.to_vec(), size, decode: 0.0, prepare: 0.0 });
    }
    let picture = pixels(photo).await?;
    let decoded = platform_now();
    let [width, height] = picture.decoded;
    let prepared = prepare(&picture.rgb, width, height, input.resize, input.side);
    let prepare = (platform_now() - decoded) * 1000.0;
    Ok(Prepared { input: prepared, size: picture.size, decode: picture.milliseconds, prepare })
}

/// A picture's pixels.
pub struct Pixels {
    /// `[height, width, 3]`
    pub rgb: Vec<u8>,
    /// Their width and height: not more than `MOST_PIXELS`.
    pub decoded: [usize; 2],
    /// Width and height of what was given.
    pub size: [u32; 2],
    pub milliseconds: f64,
}

/// Decoded and on white.
pub async fn pixels(photo: &Photo) -> Result<Pixels, Failure> {
    let began = platform_now();
    let (size, picture) = match photo {
        Photo::Exact(_) => return Err(refuse("This picture has another size than the network takes.")),
        Photo::Frame { width, height, rgba } => {
            let picture = Rgba { width: *width as usize, height: *height as usize, pixels: rgba.to_vec() };
            let area = picture.width.checked_mul(picture.height);
            let length = area.and_then(|area| area.checked_mul(4));
            if length != Some(picture.pixels.len()) || picture.pixels.is_empty() {
                return Err(refuse("This frame of the camera is damaged."));
            }
            ([*width, *height], picture)
        }
        Photo::File(bytes) => decode(bytes).await?,
    };
    let rgb = on_white(&picture);
    let milliseconds = (platform_now() - began) * 1000.0;
    Ok(Pixels { rgb, decoded: [picture.width, picture.height], size, milliseconds })
}

/// The file's size upright, and its pixels, fewer if there are very many. Refused before decoding where that would
/// need too much memory.
async fn decode(bytes: &[u8]) -> Result<([u32; 2], Rgba), Failure> {
    if bytes.is_empty() {
        return Err(refuse("This file is empty."));
    }
    let known = imagesize::blob_size(bytes).ok();
    let pixels = known.as_ref().map_or(0, |size| size.width.saturating_mul(size.height));
    if pixels > platform::MAX_PIXELS {
        let what =
            format!("This picture has {:.0} megapixels, more than the 50 that fit.", pixels as f64 / 1e6);
        return Err(Failure::new(FailureKind::Input, what, "Make it smaller and try again."));
    }
    let shrink = (MOST_PIXELS as f64 / pixels.max(1) as f64).sqrt();
    let width = known.as_ref().filter(|_| shrink < 1.0).map(|size| (size.width as f64 * shrink) as u32);
    let picture = platform::decode_picture(bytes, width).await.map_err(|why| {
        platform::log(&format!("picture: {why}"));
        unreadable(bytes)
    })?;
    // An upright picture may lie on its side in the file.
    let [mut w, mut h] = known.map_or([picture.width, picture.height], |size| [size.width, size.height]);
    if (w > h) != (picture.width > picture.height) {
        std::mem::swap(&mut w, &mut h);
    }
    Ok(([w as u32, h as u32], picture))
}

/// Why the browser could not read the file, as far as its first bytes tell.
fn unreadable(bytes: &[u8]) -> Failure {
    let head = &bytes[..bytes.len().min(512)];
    let has = |mark: &str| head.windows(mark.len()).any(|part| part.eq_ignore_ascii_case(mark.as_bytes()));
    let [what, advice] = if has("ftyphei") || has("ftypmif1") || has("ftyphev") {
        ["This is a HEIC photo, which this browser cannot read.", "Save or export it as JPEG and try again."]
    } else if has("<svg") || has("<!doctype svg") {
        ["This is an SVG drawing, not a picture made of pixels.", "Save it as PNG and try again."]
    } else if known_picture(bytes) {
        ["This picture is cut short or damaged.", "Choose it again, or another one."]
    } else {
        ["This file is not a picture that the browser can read.", "Choose a JPEG, PNG, WebP, AVIF or GIF."]
    };
    Failure::new(FailureKind::Input, what, advice)
}

fn known_picture(bytes: &[u8]) -> bool {
    let starts: [&[u8]; 4] = [b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF"];
    starts.iter().any(|start| bytes.starts_with(start))
}

fn refuse(what: &str) -> Failure {
    Failure::new(FailureKind::Input, what, "Choose another picture.")
}

/// `[height, width, 3]`: what is transparent shows white.
fn on_white(picture: &Rgba) -> Vec<u8> {
    let mut rgb = Vec::with_capacity(picture.width * picture.height * 3);
    for pixel in picture.pixels.chunks_exact(4) {
        let alpha = u32::from(pixel[3]);
        let mix = |value: u8| ((u32::from(value) * alpha + 255 * (255 - alpha) + 127) / 255) as u8;
        rgb.extend([mix(pixel[0]), mix(pixel[1]), mix(pixel[2])]);
    }
    rgb
}
