//! Files of pictures: packed, unpacked, and unpacked with a checksum that fits, as somebody could make it.

use super::{Chance, Kind, is_words};
use flate2::{Compression, write::GzEncoder};
use intab::platform::{block_on, gunzip};
use intab::shard::Shard;
use std::io::Write;

fn shard(chance: &mut Chance) -> Shard {
    let shape = *chance.pick(&[[1, 28, 28], [3, 32, 32], [3, 16, 48], [1, 1, 1], [4, 2, 7], [3, 8, 8]]);
    let count = chance.below(5);
    let pixels = chance.bytes(count * shape.iter().product::<usize>());
    Shard { shape, labels: chance.bytes(count), pixels }
}

#[test]
fn no_bytes_are_more_than_a_shard_or_a_refusal() {
    let made = |chance: &mut Chance| {
        let bytes = shard(chance).encode();
        let mut bytes = chance.damaged(bytes);
        if bytes.len() > 24 && chance.one_in(2) {
            let sum = crc32fast::hash(&bytes[24..]);
            bytes[20..24].copy_from_slice(&sum.to_le_bytes());
        }
        bytes
    };
    Kind { name: "shards", slow: 1, most_bytes: 8 << 20 }.fuzz(made, |bytes| match Shard::decode(bytes) {
        Ok(shard) => {
            let picture: usize = shard.shape.iter().product();
            assert_eq!(shard.pixels.len(), shard.labels.len() * picture);
            assert_eq!(Shard::decode(&shard.encode()).unwrap().labels, shard.labels);
        }
        Err(why) => is_words(&why.to_string()),
    });
}

#[test]
fn no_packed_bytes_unpack_to_more_than_was_promised() {
    let made = |chance: &mut Chance| {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        let plain = if chance.one_in(4) { vec![0; 1 << 20] } else { shard(chance).encode() };
        gzip.write_all(&plain).unwrap();
        let packed = gzip.finish().unwrap();
        let most = *chance.pick(&[0, 1, 100, plain.len().saturating_sub(1), plain.len()]);
        (if chance.one_in(4) { packed } else { chance.damaged(packed) }, most)
    };
    Kind { name: "packed", slow: 1, most_bytes: 4 << 20 }.fuzz(made, |(bytes, most)| {
        match block_on(gunzip(bytes, *most)) {
            Ok(unpacked) => assert!(unpacked.len() <= *most),
            Err(why) => is_words(&why.to_string()),
        }
    });
}
