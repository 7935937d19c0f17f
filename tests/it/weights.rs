//! Trained networks from the publishers' files to the page: archives, pickles, folding, manifests.

use intab::pretrained::{
    Activation, Input, Layer, Op, PRETRAINED, PackageFile, Padding, Pretrained, WeightsManifest,
};
use intab::tools::data::{fold, half, legacy_pth, pickle, pypi, unzip, weights};
use intab::tools::paths::Places;
use std::fs;
use std::io::Write;
use std::path::PathBuf;

/// The older PyTorch format, written as PyTorch does.
#[derive(Default)]
struct File {
    tensors: Vec<u8>,
    keys: Vec<String>,
    storages: Vec<u8>,
}

fn text(text: &str) -> Vec<u8> {
    [b"X", &(text.len() as u32).to_le_bytes()[..], text.as_bytes()].concat()
}

fn number(number: usize) -> Vec<u8> {
    [b"J", &(number as u32).to_le_bytes()[..]].concat()
}

fn tuple(items: &[Vec<u8>]) -> Vec<u8> {
    [b"(", items.concat().as_slice(), b"t"].concat()
}

fn numbers(items: &[usize]) -> Vec<u8> {
    tuple(&items.iter().map(|item| number(*item)).collect::<Vec<_>>())
}

fn a_pickle(body: &[u8]) -> Vec<u8> {
    [b"\x80\x02", body, b"."].concat()
}

/// The name is the storage's key too.
fn a_tensor(
    name: &str,
    kind: &str,
    count: usize,
    offset: usize,
    shape: &[usize],
    strides: &[usize],
) -> Vec<u8> {
    let kind = format!("ctorch\n{kind}\n").into_bytes();
    let storage = tuple(&[text("storage"), kind, text(name), text("cpu"), number(count), b"N".to_vec()]);
    let hooks = b"ccollections\nOrderedDict\nq\x05)R".to_vec();
    let storage = [storage.as_slice(), b"Q"].concat();
    let arguments = [storage, number(offset), numbers(shape), numbers(strides), b"\x89".to_vec(), hooks];
    [text(name).as_slice(), b"ctorch._utils\n_rebuild_tensor_v2\n", &tuple(&arguments), b"R"].concat()
}

impl File {
    fn raw(mut self, name: &str, kind: &str, shape: &[usize], strides: &[usize], bytes: &[u8]) -> Self {
        let count = shape.iter().product();
        self.tensors.extend(a_tensor(name, kind, count, 0, shape, strides));
        self.keys.push(name.into());
        self.storages.extend((count as u64).to_le_bytes());
        self.storages.extend(bytes);
        self
    }

    fn floats(self, name: &str, shape: &[usize], values: &[f32]) -> Self {
        let strides: Vec<usize> = (1..=shape.len()).map(|at| shape[at..].iter().product()).collect();
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.raw(name, "FloatStorage", shape, &strides, &bytes)
    }

    fn bytes(&self) -> Vec<u8> {
        let magic = a_pickle(b"\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19");
        let machine = a_pickle(&[b"}", text("little_endian").as_slice(), b"\x88s"].concat());
        let named = [b"ccollections\nOrderedDict\n)Rq\x01(", self.tensors.as_slice(), b"u}b"].concat();
        let keys: Vec<u8> = self.keys.iter().flat_map(|key| text(key)).collect();
        let keys = [b"](", keys.as_slice(), b"e"].concat();
        [magic, a_pickle(b"M\xe9\x03"), machine, a_pickle(&named), a_pickle(&keys), self.storages.clone()]
            .concat()
    }
}

fn small() -> File {
    let file = File::default().floats("a", &[2, 3], &[0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
    let file = file.raw("h", "HalfStorage", &[2], &[1], &[0x00, 0x3c, 0x00, 0xc0]);
    let file = file.raw("n", "LongStorage", &[], &[], &7_u64.to_le_bytes());
    // As TensorFlow lays it: the first length steps least.
    file.raw("t", "FloatStorage", &[2, 2], &[1, 2], &[0_f32, 1.0, 2.0, 3.0].map(f32::to_le_bytes).concat())
}

fn refused(bytes: &[u8]) -> String {
    legacy_pth::read(bytes).unwrap_err()
}

/// A pickle whose body is given, as the dictionary of tensors.
fn with_tensors(body: &[u8]) -> Vec<u8> {
    let whole = File::default().bytes();
    let [empty, body] = [a_pickle(b"ccollections\nOrderedDict\n)Rq\x01(u}b"), a_pickle(body)];
    let at = whole.windows(empty.len()).position(|window| window == empty).unwrap();
    [&whole[..at], &body, &whole[at + empty.len()..]].concat()
}

#[test]
fn tensors_are_read_in_the_order_of_their_shape() {
    let bytes = small().bytes();
    let tensors = legacy_pth::read(&bytes).unwrap();
    let names: Vec<_> = tensors.keys().map(String::as_str).collect();
    assert_eq!(names, ["a", "h", "n", "t"]);
    assert_eq!(tensors["a"].shape, [2, 3]);
    assert_eq!(tensors["a"].values().unwrap(), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
    assert_eq!(tensors["h"].values().unwrap(), [1.0, -2.0]);
    assert_eq!(tensors["t"].values().unwrap(), [0.0, 2.0, 1.0, 3.0]);
    assert_eq!(tensors["n"].values(), None);
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    let whole = small().bytes();
    for length in 0..whole.len() {
        assert!(!refused(&whole[..length]).is_empty(), "cut to {length}");
    }
    assert_eq!(refused(&[&whole[..], b"??"].concat()), "2 bytes follow its last storage");
    assert_eq!(refused(b"PK\x03\x04"), "it is not a PyTorch file of the kind that is known here");
}

/// Whatever a byte is changed to, reading ends with tensors or with a sentence, and soon.
#[test]
fn a_damaged_file_does_no_harm() {
    let whole = small().bytes();
    for at in 0..whole.len() {
        for change in 1..=255 {
            let mut damaged = whole.clone();
            damaged[at] ^= change;
            if let Ok(tensors) = legacy_pth::read(&damaged) {
                tensors.values().for_each(|tensor| drop(tensor.values()));
            }
        }
    }
}

#[test]
fn what_is_not_a_tensor_is_refused_by_name() {
    let cases: [(&[u8], &str); 9] = [
        (b"cos\nsystem\n(X\x02\0\0\0lstR", "it asks for Python's “os.system”, which tensors do not need"),
        (b"cbuiltins\neval\n", "it asks for Python's “builtins.eval”"),
        (b"ctorch\nBoolStorage\n", "it asks for Python's “torch.BoolStorage”"),
        (b"(iposix\nsystem\n", "its instruction 0x69 is none that tensors need"),
        (b"ccollections\nOrderedDict\n)\x81", "its instruction 0x81 is none"),
        (b"NNR", "its pickle calls what cannot be called"),
        (b"ctorch\nFloatStorage\n)R", "its pickle calls what cannot be called"),
        (b"h\x63", "its pickle asks for a value that it did not keep"),
        (b"t", "its pickle goes back to a mark that is not there"),
    ];
    for (body, expected) in cases {
        let reason = refused(&with_tensors(body));
        assert!(reason.starts_with(expected), "{reason}");
    }
    // Nested a million deep, and doubled forty times: neither the stack nor the memory may feel it.
    let deep = [&b")"[..], &[0x85; 900_000], b"."].concat();
    assert!(pickle::read(&mut deep.as_slice()).is_ok());
    let doubled: Vec<u8> = (0..40).flat_map(|at| [b'q', at, b'h', at, 0x86]).collect();
    assert!(pickle::read(&mut [b")", doubled.as_slice(), b"."].concat().as_slice()).is_ok());
    assert!(pickle::read(&mut [b'N'; 2_000_000].as_slice()).is_err());
}

#[test]
fn tensors_that_do_not_fit_their_storage_are_refused() {
    let huge = u32::MAX as usize / 2;
    let cases: [(usize, usize, &[usize], &[usize]); 8] = [
        (4, 0, &[5], &[1]),
        (4, 1, &[4], &[1]),
        (4, 0, &[2], &[4]),
        (4, 0, &[2, 2], &[1]),
        (4, 0, &[8], &[0]),
        (4, 0, &[huge, huge, huge], &[1, 1, 1]),
        (4, 0, &[huge, 0], &[1, 1]),
        (4, huge, &[1], &[1]),
    ];
    for (count, offset, shape, strides) in cases {
        let file = File {
            tensors: a_tensor("x", "FloatStorage", count, offset, shape, strides),
            keys: vec!["x".into()],
            storages: [(count as u64).to_le_bytes().as_slice(), &vec![0; count * 4]].concat(),
        };
        assert_eq!(refused(&file.bytes()), "x: it reaches beyond its storage", "{shape:?} {strides:?}");
    }
    let file = File {
        tensors: a_tensor("x", "FloatStorage", huge, 0, &[huge], &[1]),
        keys: vec!["x".into()],
        storages: (huge as u64).to_le_bytes().to_vec(),
    };
    assert_eq!(refused(&file.bytes()), "it ends within a storage");
}

fn layer(name: &str, op: Op, from: [usize; 3], to: [usize; 3]) -> Layer {
    Layer {
        name: name.into(),
        part: String::new(),
        op,
        padding: Padding::Same,
        activation: Activation::Nothing,
        adds: None,
        inputs: Vec::new(),
        from,
        to,
    }
}

/// One convolution of 1 × 1 and a classifier, small enough to follow with a pencil.
fn tiny() -> Pretrained {
    let nowhere = || PackageFile { package: "tiny", version: "1", file: "tiny.pth", sha256: "" };
    Pretrained {
        id: "tiny",
        title: "",
        blurb: "",
        trained_on: "",
        homepage: "",
        licence: "",
        citation: "",
        input: Input { resize: 4, side: 4, mean: 0.0, scale: 1.0 },
        layers: || {
            let project = layer("blocks.3.project", Op::Pointwise, [1, 4, 4], [2, 4, 4]);
            vec![project, layer("classifier", Op::Dense, [2, 1, 1], [2, 1, 1])]
        },
        version: 3,
        weights: nowhere(),
        labels: nowhere(),
    }
}

fn tiny_file() -> File {
    let norm = |file: File, part: &str, values: &[f32; 2]| {
        file.floats(&format!("_blocks.3._bn2.{part}"), &[2], values)
    };
    let file = File::default().floats("_blocks.3._project_conv.weight", &[2, 1, 1, 1], &[3.0, 5.0]);
    let file = norm(file, "weight", &[2.0, 1.0]);
    let file = norm(file, "bias", &[0.5, 0.0]);
    let file = norm(file, "running_mean", &[1.0, 4.0]);
    let file = norm(file, "running_var", &[4.0 - 1e-3, 0.25 - 1e-3]);
    let file = file.raw("_blocks.3._bn2.num_batches_tracked", "LongStorage", &[], &[], &[0; 8]);
    file.floats("_fc.weight", &[2, 2], &[1.0, 2.0, 3.0, 4.0]).floats("_fc.bias", &[2], &[-1.0, 1.0])
}

fn folded(file: &File) -> Result<Vec<fold::Weights>, String> {
    let bytes = file.bytes();
    fold::fold(&tiny(), &legacy_pth::read(&bytes)?)
}

#[test]
fn batch_normalisation_becomes_a_factor_and_a_bias() {
    let weights = folded(&tiny_file()).unwrap();
    let named: Vec<_> = weights.iter().map(|tensor| tensor.name.as_str()).collect();
    let expected =
        ["blocks.3.project.weight", "blocks.3.project.bias", "classifier.weight", "classifier.bias"];
    assert_eq!(named, expected);
    assert_eq!(weights[0].shape, [2, 1, 1, 1]);
    // γ / √(σ² + ε) is 1 and 2.
    for (found, expected) in [(&weights[0].values, [3.0, 10.0]), (&weights[1].values, [-0.5, -8.0])] {
        assert!(found.iter().zip(expected).all(|(a, b): (&f32, f32)| (a - b).abs() < 1e-5), "{found:?}");
    }
    assert_eq!(weights[2].values, [1.0, 2.0, 3.0, 4.0]);
}

#[test]
fn every_tensor_must_belong_to_a_layer_and_every_layer_have_its_tensors() {
    let more = tiny_file().floats("_blocks.4._project_conv.weight", &[1], &[0.0]);
    assert_eq!(folded(&more).unwrap_err(), "its tensor _blocks.4._project_conv.weight belongs to no layer");
    let without = File::default().floats("_fc.bias", &[2], &[0.0; 2]);
    assert_eq!(folded(&without).unwrap_err(), "it has no tensor _blocks.3._project_conv.weight");
    let other = File::default().floats("_blocks.3._project_conv.weight", &[1, 2, 1, 1], &[0.0; 2]);
    let reason = folded(&other).unwrap_err();
    assert_eq!(
        reason,
        "its tensor _blocks.3._project_conv.weight is [1, 2, 1, 1] where [2, 1, 1, 1] was expected"
    );
}

fn scratch(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("intab-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    folder.join("v3")
}

#[test]
fn a_network_is_there_whole_or_not_at_all() {
    let (folder, network) = (scratch("weights"), tiny());
    assert_eq!(weights::complete(&folder, &network), None);
    let labels = vec!["a".to_string(), "b".into()];
    let written = weights::write(&folder, &network, labels, &folded(&tiny_file()).unwrap()).unwrap();
    assert_eq!(weights::complete(&folder, &network), Some(written.clone()));
    assert_eq!(written.tensors.iter().map(|t| t.start).collect::<Vec<_>>(), [0, 2, 4, 8]);
    let part = &written.parts[0];
    let bytes = fs::read(folder.join(&part.file)).unwrap();
    assert_eq!((bytes.len() as u64, crc32fast::hash(&bytes)), (part.bytes, part.crc32));
    let values: Vec<f32> =
        bytes.as_chunks().0.iter().map(|two| half::to_f32(u16::from_le_bytes(*two))).collect();
    assert_eq!(values[4..], [1.0, 2.0, 3.0, 4.0, -1.0, 1.0]);

    let says = |change: fn(&mut WeightsManifest)| {
        let mut manifest = written.clone();
        change(&mut manifest);
        fs::write(folder.join("manifest.json"), serde_json::to_vec(&manifest).unwrap()).unwrap();
        weights::complete(&folder, &network).is_some()
    };
    assert!(says(|_| ()));
    assert!(!says(|manifest| manifest.version += 1));
    assert!(!says(|manifest| manifest.source.push('0')));
    assert!(!says(|manifest| manifest.labels.truncate(1)));
    assert!(!says(|manifest| manifest.tensors[1].start += 1));
    assert!(!says(|manifest| manifest.parts.clear()));
    // Too long to be multiplied, or to be added up.
    assert!(!says(|manifest| manifest.tensors.iter_mut().for_each(|t| t.shape = vec![usize::MAX; 2])));
    assert!(!says(|manifest| {
        manifest.parts[0].bytes = u64::MAX;
        manifest.parts.extend_from_within(..1);
    }));
    assert!(says(|_| ()));
    fs::write(folder.join(&part.file), &bytes[1..]).unwrap();
    assert_eq!(weights::complete(&folder, &network), None);
    let _ = fs::remove_dir_all(folder.parent().unwrap());
}

/// Our files of every network, where they are there, against the published ones.
#[test]
fn what_was_written_is_what_was_published() {
    let places = Places::find().unwrap();
    for network in PRETRAINED {
        let folder = places.public().join(network.folder());
        let Some(manifest) = weights::complete(&folder, network) else {
            println!("not compared: {} is not there (cargo intab data)", network.id);
            continue;
        };
        let parts = manifest.parts.iter().flat_map(|part| {
            assert!(part.bytes <= weights::BYTES_PER_PART as u64);
            let bytes = fs::read(folder.join(&part.file)).unwrap();
            assert_eq!(crc32fast::hash(&bytes), part.crc32, "{}", part.file);
            bytes
        });
        let bytes: Vec<u8> = parts.collect();
        let halves: Vec<u16> = bytes.as_chunks().0.iter().map(|two| u16::from_le_bytes(*two)).collect();
        let Ok(published) = weights::read(network, &places.cache.join("downloads")) else {
            println!("not compared: {} cannot be had", network.weights.package);
            continue;
        };
        let values = published.iter().flat_map(|tensor| &tensor.values);
        assert!(values.map(|value| half::from_f32(*value)).eq(halves), "{}", network.id);
        let parameters: usize = (network.layers)().iter().map(Layer::parameters).sum();
        assert_eq!(published.iter().map(|tensor| tensor.values.len()).sum::<usize>(), parameters);
    }
}

/// An archive with one file and a comment.
fn archive(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(bytes).unwrap();
    archive.set_comment("zip").unwrap();
    archive.finish().unwrap().into_inner()
}

#[test]
fn archives_give_the_file_or_a_reason() {
    let whole = archive("a/b.txt", b"hello");
    assert_eq!(unzip::file(&whole, "a/b.txt").unwrap(), b"hello");
    assert_eq!(unzip::file(&whole, "a/c.txt").unwrap_err(), "it has no file a/c.txt");
    assert_eq!(unzip::file(b"<html>", "a/b.txt").unwrap_err(), "it is not a whole ZIP archive");
    for length in 0..whole.len() - 3 {
        assert!(unzip::file(&whole[..length], "a/b.txt").is_err(), "cut to {length}");
    }
    for at in 0..whole.len() {
        for change in 1..=255 {
            let mut damaged = whole.clone();
            damaged[at] ^= change;
            let _ = unzip::file(&damaged, "a/b.txt");
        }
    }
}

#[test]
fn a_file_that_was_not_published_is_refused() {
    let sha256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    assert_eq!(pypi::checked(b"hello".to_vec(), sha256, "x").unwrap(), b"hello");
    let reason = pypi::checked(b"hallo".to_vec(), sha256, "x.pth").unwrap_err();
    assert!(reason.starts_with("x.pth is not the file that was published: its SHA-256 is "), "{reason}");
}
