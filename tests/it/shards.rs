//! The page's data files: they come back as they were, or a little off where that was chosen; no damaged one is read.

use crate::data::shard;
use intab::shard::{Shard, ShardError};

#[test]
fn shards_survive_the_way_there_and_back() {
    for (count, shape) in
        [(0, [1, 28, 28]), (1, [1, 1, 1]), (5, [1, 28, 28]), (3, [3, 20, 32]), (2, [4, 2, 7])]
    {
        let shard = shard(count, shape);
        assert_eq!(Shard::decode(&shard.encode()).unwrap(), shard, "{count} of {shape:?}");
    }
}

/// Smooth pictures with an edge, as photos are: `[3, height, width]` bytes each.
fn photos(count: usize, [channels, height, width]: [usize; 3]) -> Shard {
    let mut pixels = Vec::new();
    for picture in 0..count {
        for (channel, y, x) in
            (0..channels).flat_map(|c| (0..height).flat_map(move |y| (0..width).map(move |x| (c, y, x))))
        {
            let wave = ((x + 3 * picture) as f32 / 9.0 + channel as f32).sin() * ((y as f32) / 11.0).cos();
            let edge = if x + y > width { 40.0 } else { 0.0 };
            pixels.push((110.0 + 60.0 * wave + edge) as u8);
        }
    }
    Shard { shape: [channels, height, width], labels: (0..count).map(|at| (at % 10) as u8).collect(), pixels }
}

#[test]
fn colour_shards_come_back_a_little_off_and_much_smaller() {
    for (count, shape) in [(0, [3, 32, 32]), (1, [3, 16, 16]), (40, [3, 32, 32]), (2, [3, 32, 48])] {
        let shard = photos(count, shape);
        let bytes = shard.encode();
        let back = Shard::decode(&bytes).unwrap();
        assert_eq!((back.shape, &back.labels, back.pixels.len()), (shape, &shard.labels, shard.pixels.len()));
        let squares = back.pixels.iter().zip(&shard.pixels).map(|(a, b)| f64::from(a.abs_diff(*b)).powi(2));
        let off = (squares.sum::<f64>() / shard.pixels.len().max(1) as f64).sqrt();
        assert!(off < 6.0, "{off} off for {shape:?}");
        // Written again, nothing more is lost to speak of: the factors are multiples already.
        let again = Shard::decode(&back.encode()).unwrap();
        let most = again.pixels.iter().zip(&back.pixels).map(|(a, b)| a.abs_diff(*b)).max().unwrap_or(0);
        assert!(most < 24, "{most} off after the second time, for {shape:?}");
        // The middle of every channel stays where it was: channels are not mixed up.
        for (channel, (a, b)) in
            back.pixels.chunks(shape[1] * shape[2]).zip(shard.pixels.chunks(shape[1] * shape[2])).enumerate()
        {
            let mean = |plane: &[u8]| plane.iter().map(|&p| f64::from(p)).sum::<f64>() / plane.len() as f64;
            assert!((mean(a) - mean(b)).abs() < 2.0, "channel {channel} of {shape:?}");
        }
        assert_eq!(bytes[8], 2, "colour pictures have a format of their own");
    }
    let mut lying = photos(1, [3, 16, 16]).encode();
    lying[10] = 1;
    assert_eq!(Shard::decode(&lying), Err(ShardError::NotAShard), "a grey picture has no colour differences");
}

/// What was written before there was a second format.
#[test]
fn plain_shards_are_still_read() {
    let bytes = shard(2, [1, 2, 2]).encode();
    assert_eq!(
        &bytes[..24],
        b"INTABSH1\x01\0\x01\0\x02\0\x02\0\x02\0\0\0"
            .iter()
            .chain(&bytes[20..24])
            .copied()
            .collect::<Vec<_>>()
    );
    let colours =
        Shard { shape: [3, 16, 16], labels: vec![7], pixels: (0..768).map(|at| (at % 256) as u8).collect() };
    let body = [&colours.labels[..], &colours.pixels].concat();
    let mut old = b"INTABSH1\x01\0\x03\0\x10\0\x10\0\x01\0\0\0".to_vec();
    old.extend(crc32fast::hash(&body).to_le_bytes());
    old.extend(body);
    assert_eq!(Shard::decode(&old).unwrap(), colours);
}

#[test]
fn no_damaged_shard_is_read() {
    let whole = shard(3, [1, 2, 3]).encode();
    for at in 0..whole.len() {
        for change in 1..=255 {
            let mut damaged = whole.clone();
            damaged[at] ^= change;
            assert!(Shard::decode(&damaged).is_err(), "byte {at} changed by {change}");
        }
    }
    for length in 0..whole.len() {
        assert!(Shard::decode(&whole[..length]).is_err(), "cut to {length} bytes");
    }
}

#[test]
fn a_refused_shard_says_why() {
    let whole = shard(3, [1, 2, 3]).encode();
    let with = |at: usize, byte: u8| {
        let mut bytes = whole.clone();
        bytes[at] = byte;
        Shard::decode(&bytes).unwrap_err()
    };
    assert_eq!(with(0, b'X'), ShardError::NotAShard);
    assert_eq!(with(8, 3), ShardError::Version(3));
    assert_eq!(with(whole.len() - 1, 77), ShardError::Checksum);
    let longer = [whole.as_slice(), &[0]].concat();
    let expected = whole.len();
    assert_eq!(Shard::decode(&longer).unwrap_err(), ShardError::Length { expected, found: expected + 1 });
    assert_eq!(Shard::decode(b"<!doctype html>").unwrap_err(), ShardError::NotAShard);
    assert_eq!(Shard::decode(&[]).unwrap_err().to_string(), "it is not a data file of this page");
}
