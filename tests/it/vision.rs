//! Networks that come trained: our kernels against Burn's, classifiers of one's own, and bad files.

use burn::tensor::module::conv2d;
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Device, Tensor, TensorData};
use futures_executor::block_on;
use intab::engine::device;
use intab::engine::kernels::depthwise::{Depthwise, Window};
use intab::engine::kernels::maps;
use intab::engine::kernels::pointwise::{After, Pointwise};
use intab::engine::vision::feature_cache::Collection;
use intab::engine::vision::graph::Graph;
use intab::engine::vision::network::Classifier;
use intab::engine::vision::weights::Weights;
use intab::engine::vision::{linear_probe, linear_probe_file, weights};
use intab::engine::weights::half;
use intab::platform;
use intab::pretrained::{
    Activation, DETECTORS, Layer, Op, PRETRAINED, Padding, PartInfo, TensorInfo, WeightsManifest,
};
use intab::protocol::vision::HeadSpec;
use intab::random::Random;

pub fn numbers(count: usize, seed: u32, bound: f32) -> Vec<f32> {
    let mut random = Random::new(seed, count as u64);
    (0..count).map(|_| random.uniform(bound)).collect()
}

pub fn flex() -> Device {
    block_on(device::open()).unwrap().0
}

/// `[height, width, channels]` to a batch of one with a layer's padding around it.
fn padded(values: &[f32], layer: &Layer, kernel: usize, stride: usize) -> Tensor<4> {
    let [channels, height, width] = layer.from;
    let ends = |length: usize| {
        let before = layer.padding.before(length, kernel, stride);
        let whole = (length.div_ceil(stride) - 1) * stride + kernel;
        (before, whole.max(length + before))
    };
    let ((top, rows), (left, columns)) = (ends(height), ends(width));
    let mut planes = vec![0.0; channels * rows * columns];
    for (at, value) in values.iter().enumerate() {
        let (pixel, channel) = (at / channels, at % channels);
        let (y, x) = (pixel / width + top, pixel % width + left);
        planes[(channel * rows + y) * columns + x] = *value;
    }
    Tensor::from_data(TensorData::new(planes, [1, channels, rows, columns]), &flex())
}

/// What Burn makes of a layer: `[height, width, filters]`, before its activation and what is added.
fn by_burn(layer: &Layer, input: &[f32], weight: &[f32], bias: &[f32]) -> Vec<f32> {
    let (kernel, stride, groups) = match layer.op {
        Op::Conv { kernel, stride } => (kernel, stride, 1),
        Op::Depthwise { kernel, stride } => (kernel, stride, layer.from[0]),
        _ => (1, 1, 1),
    };
    let mut shape = layer.weight().unwrap();
    shape.resize(4, 1);
    let weight = Tensor::<4>::from_data(TensorData::new(weight.to_vec(), shape), &flex());
    let bias = Tensor::<1>::from_data(TensorData::new(bias.to_vec(), [bias.len()]), &flex());
    let options = ConvOptions::new([stride, stride], [0, 0], [1, 1], groups);
    let output = conv2d(padded(input, layer, kernel, stride), weight, Some(bias), options);
    output.permute([0, 2, 3, 1]).into_data().iter::<f32>().collect()
}

fn activated(activation: Activation, x: f32) -> f32 {
    match activation {
        Activation::Nothing => x,
        Activation::Relu6 => x.clamp(0.0, 6.0),
        Activation::Silu => x / (1.0 + (-x).exp()),
        Activation::Sigmoid => 1.0 / (1.0 + (-x).exp()),
    }
}

fn close(ours: &[f32], theirs: &[f32], what: &str) {
    assert_eq!(ours.len(), theirs.len(), "{what}");
    let most = ours.iter().zip(theirs).map(|(a, b)| (a - b).abs() / (1.0 + b.abs())).fold(0.0, f32::max);
    assert!(most < 1e-4, "{what}: differs by {most}");
}

fn layer(op: Op, from: [usize; 3], to: [usize; 3]) -> Layer {
    Layer {
        name: "a".into(),
        part: "a".into(),
        op,
        padding: Padding::Same,
        activation: Activation::Nothing,
        adds: None,
        inputs: Vec::new(),
        from,
        to,
    }
}

#[test]
fn a_depthwise_convolution_is_burns() {
    let cases = [
        (4, 9, 7, 3, 1),
        (8, 6, 11, 3, 2),
        (12, 7, 7, 5, 1),
        (16, 10, 5, 5, 2),
        (4, 1, 3, 3, 1),
        (20, 2, 16, 5, 2),
    ];
    for (seed, (channels, height, width, kernel, stride)) in (1..).zip(cases) {
        let input = numbers(channels * height * width, seed, 2.0);
        let weight = numbers(channels * kernel * kernel, seed + 100, 1.0);
        let bias = numbers(channels, seed + 200, 1.0);
        let to = [channels, height.div_ceil(stride), width.div_ceil(stride)];
        let ways = [(Padding::Same, Activation::Relu6), (Padding::Centred, Activation::Silu)];
        for (padding, activation) in ways {
            let window = Window { kernel, stride, padding };
            let depthwise = Depthwise::new(&weight, &bias, window, activation).unwrap();
            let mut ours = vec![0.0; to.iter().product()];
            depthwise.run(&input, height, width, &mut ours);
            let op = Op::Depthwise { kernel, stride };
            let described = Layer { padding, ..layer(op, [channels, height, width], to) };
            let sums = by_burn(&described, &input, &weight, &bias);
            let theirs: Vec<f32> = sums.into_iter().map(|x| activated(activation, x)).collect();
            let what = format!("depthwise {channels} × {height} × {width}, {kernel}, {stride}, {padding:?}");
            close(&ours, &theirs, &what);
        }
    }
    let window = Window { kernel: 3, stride: 1, padding: Padding::Same };
    let refused =
        |weight: &[f32], bias: &[f32]| Depthwise::new(weight, bias, window, Activation::Relu6).is_err();
    assert!(refused(&[0.0; 27], &[0.0; 3]), "three channels");
    assert!(refused(&[0.0; 35], &[0.0; 4]), "a weight too few");
}

#[test]
fn a_pointwise_convolution_is_burns() {
    for (seed, (channels, filters, pixels)) in (1..).zip([
        (1, 8, 1),
        (3, 16, 5),
        (27, 8, 30),
        (40, 24, 49),
        (1152, 8, 7),
        (64, 4, 9),
        (5, 13, 6),
        (7, 1, 3),
    ]) {
        let input = numbers(channels * pixels, seed, 2.0);
        let weight = numbers(channels * filters, seed + 100, 1.0);
        let bias = numbers(filters, seed + 200, 1.0);
        let add = numbers(filters * pixels, seed + 300, 3.0);
        let described = layer(Op::Pointwise, [channels, 1, pixels], [filters, 1, pixels]);
        let theirs = by_burn(&described, &input, &weight, &bias);
        let dense = Pointwise::new(&weight, &bias, channels).unwrap();
        let mut ours = vec![0.0; filters * pixels];
        for activation in [Activation::Nothing, Activation::Relu6, Activation::Silu, Activation::Sigmoid] {
            let expected: Vec<f32> = theirs.iter().map(|&x| activated(activation, x)).collect();
            dense.run(&input, After { activation, add: None }, &mut ours);
            close(&ours, &expected, &format!("pointwise, {activation:?}"));
            dense.run(&input, After { activation, add: Some(&add) }, &mut ours);
            let expected: Vec<f32> = expected.iter().zip(&add).map(|(x, a)| x + a).collect();
            close(&ours, &expected, &format!("pointwise, {activation:?}, added"));
        }
        let row = &weight[(filters - 1) * channels..];
        assert_eq!(dense.weights_of(filters - 1), row, "the last filter's weights");
    }
    assert!(Pointwise::new(&[0.0; 11], &[0.0; 12], 1).is_err(), "a weight too few");
}

#[test]
fn maps_are_rearranged_pixel_by_pixel() {
    // Two channels: 10 · pixel and 10 · pixel + 1, row by row, 4 wide.
    let input: Vec<f32> = (0..16).flat_map(|at| [at as f32 * 10.0, at as f32 * 10.0 + 1.0]).collect();
    let mut deep = vec![0.0; 32];
    maps::space_to_depth(&input, [4, 4, 2], &mut deep);
    assert_eq!(deep[..8], [0.0, 1.0, 40.0, 41.0, 10.0, 11.0, 50.0, 51.0]);
    assert_eq!(deep[24..], [100.0, 101.0, 140.0, 141.0, 110.0, 111.0, 150.0, 151.0]);
    let mut large = vec![0.0; 16];
    maps::upsample(&[1.0, 2.0, 3.0, 4.0], [1, 2, 2], &mut large);
    assert_eq!(large, [1.0, 2.0, 1.0, 2.0, 3.0, 4.0, 3.0, 4.0].repeat(2));
    for channels in [1, 3, 4, 6] {
        let input = numbers(7 * 5 * channels, 3, 9.0);
        let mut ours = vec![0.0; input.len()];
        for kernel in [3, 5, 13] {
            maps::max_pool(&input, [7, 5, channels], kernel, &mut ours);
            for (at, value) in ours.iter().enumerate() {
                let (y, x, c) = (at / channels / 5, at / channels % 5, at % channels);
                let near = |a: usize, b: usize| a.abs_diff(b) <= kernel / 2;
                let window = (0..input.len()).filter(|other| {
                    let (row, column) = (other / channels / 5, other / channels % 5);
                    other % channels == c && near(row, y) && near(column, x)
                });
                assert_eq!(*value, window.map(|other| input[other]).fold(f32::MIN, f32::max), "{kernel}");
            }
        }
    }
}

/// Weights at random, but of a size that keeps the numbers alive through sixty layers.
fn random_weights(layers: &[Layer]) -> Vec<(String, Vec<usize>, Vec<f32>)> {
    let mut tensors = Vec::new();
    for (seed, layer) in (1..).zip(layers) {
        let Some(shape) = layer.weight() else { continue };
        let fan_in: usize = shape[1..].iter().product();
        let count = shape.iter().product();
        tensors.push((format!("{}.bias", layer.name), vec![shape[0]], numbers(shape[0], seed, 0.5)));
        let bound = (6.0 / fan_in as f32).sqrt();
        tensors.push((format!("{}.weight", layer.name), shape, numbers(count, seed + 1000, bound)));
    }
    tensors
}

/// Each layer, from what those that it reads computed.
fn layers_are_burns(graph: &mut Graph, start: &[f32], tensors: &[(String, Vec<usize>, Vec<f32>)]) {
    let mut outputs: Vec<Vec<f32>> = Vec::new();
    graph.run(start, |_, values| outputs.push(values.to_vec()));
    for (index, layer) in graph.layers.iter().enumerate() {
        let input = layer.inputs.first().map_or(start, |&input| &outputs[input]);
        let mut expected = match layer.op {
            Op::GlobalAverage => averages(input, layer.from),
            _ if layer.weight().is_none() => {
                // The kernels without weights have tests of their own; here it is seen that the right ones are read.
                let from: usize = layer.inputs.iter().map(|&input| outputs[input].len()).sum();
                let all: usize = layer.from.iter().product();
                assert!(from == all || layer.inputs.is_empty(), "{}", layer.name);
                outputs[index].clone()
            }
            _ => {
                let find = |what: &str| {
                    let name = format!("{}.{what}", layer.name);
                    &tensors.iter().find(|t| t.0 == name).unwrap().2
                };
                by_burn(layer, input, find("weight"), find("bias"))
            }
        };
        expected.iter_mut().for_each(|x| *x = activated(layer.activation, *x));
        if let Some(other) = layer.adds {
            expected.iter_mut().zip(&outputs[other]).for_each(|(x, a)| *x += a);
        }
        close(&outputs[index], &expected, &format!("{} {}", layer.name, layer.title()));
    }
}

#[test]
fn every_layer_of_every_network_is_burns() {
    let sizes = PRETRAINED.iter().map(|about| (about.input.side, (about.layers)()));
    for (side, layers) in sizes.chain(DETECTORS.iter().map(|about| (about.side, (about.layers)()))) {
        let tensors = random_weights(&layers);
        let mut graph = Graph::new(layers, &Weights::from_tensors(tensors.clone())).unwrap();
        layers_are_burns(&mut graph, &numbers(side * side * 3, 5, 1.0), &tensors);
    }
}

fn averages(input: &[f32], [channels, height, width]: [usize; 3]) -> Vec<f32> {
    let mean = |c: usize| input.iter().skip(c).step_by(channels).sum::<f32>() / (height * width) as f32;
    (0..channels).map(mean).collect()
}

#[test]
fn half_precision_is_read_as_it_is_written() {
    let cases = [
        (0x0000, 0.0),
        (0x8000, -0.0),
        (0x3c00, 1.0),
        (0xc000, -2.0),
        (0x7bff, 65504.0),
        (0x0400, 6.103_515_6e-5),
        (0x0001, 5.960_464_5e-8),
        (0x3555, 0.333_251_95),
    ];
    for (bits, value) in cases {
        assert_eq!(half(bits).to_bits(), f32::to_bits(value), "{bits:04x}");
    }
    assert!(half(0x7c00).is_infinite() && half(0x7e00).is_nan());
}

/// Pictures of three classes as features that overlap a little.
fn collection(count: u32) -> (Collection, HeadSpec) {
    let mut collection = Collection::default();
    let mut examples = Vec::new();
    for id in 0..count {
        let class = (id % 3) as u8;
        let mut features = numbers(1280, id + 7, 1.0);
        features.iter_mut().skip(usize::from(class)).step_by(3).for_each(|x| *x += 0.1);
        // No two look alike.
        let input: Vec<u8> = numbers(12, id + 7, 127.0).iter().map(|x| (x + 127.0) as u8).collect();
        block_on(collection.add(id, features, &input, 2)).unwrap();
        examples.push((id, class));
    }
    let spec = HeadSpec {
        network: "efficientnet_lite0".into(),
        examples,
        classes: 3,
        epochs: 20,
        learning_rate: 0.01,
        held_out: 0.2,
        seed: 3,
        recordings: Vec::new(),
    };
    (collection, spec)
}

#[test]
fn a_classifier_of_ones_own_learns_and_is_kept() {
    let (collection, spec) = collection(150);
    let run =
        || block_on(linear_probe::train(&spec, "efficientnet_lite0", &collection, &flex(), |_| ())).unwrap();
    let (head, result) = run();
    assert_eq!((result.train_count, result.held_out_count, result.curve.len()), (120, 30, 20));
    let last = result.curve.last().unwrap();
    assert!(last.held_out_accuracy.unwrap() > 0.8, "{last:?}");
    assert!(last.train_loss < result.curve[0].train_loss);
    assert_eq!(result.confusion.iter().sum::<u32>(), 30);
    let right = (0..3).map(|c| result.confusion[c * 4]).sum::<u32>() as f32 / 30.0;
    // The head that is used is the one that was scored, with standardising folded in.
    assert!((right - last.held_out_accuracy.unwrap()).abs() < 0.04, "{right} and {last:?}");
    let again = run().1;
    assert_eq!(again.curve, result.curve, "the same pictures and seed");

    let labels: Vec<String> = ["cup", "pen", "a “third” thing"].map(String::from).to_vec();
    let file = linear_probe_file::save(&head, &labels, &PRETRAINED[0]).unwrap();
    let (loaded, names) = linear_probe_file::load(&file).unwrap();
    assert_eq!((names, &loaded.weight, &loaded.bias), (labels, &head.weight, &head.bias));
    for end in (0..file.len()).step_by(file.len() / 40) {
        assert!(linear_probe_file::load(&file[..end]).is_err(), "cut at {end}");
    }
}

#[test]
fn a_training_that_cannot_be_is_refused_in_words() {
    let (collection, spec) = collection(6);
    let refused = |change: fn(&mut HeadSpec)| {
        let mut spec = spec.clone();
        change(&mut spec);
        block_on(linear_probe::train(&spec, "efficientnet_lite0", &collection, &flex(), |_| ()))
            .err()
            .unwrap()
            .what
    };
    assert!(refused(|s| s.classes = 1).contains("two classes"));
    assert!(refused(|s| s.classes = 4).contains("at least one picture"));
    assert!(refused(|s| s.examples.iter_mut().for_each(|e| e.0 += 100)).contains("at least one picture"));
    assert!(refused(|s| s.epochs = u32::MAX).contains("more passes"));
    assert!(refused(|s| s.examples.push((1, 9))).contains("classes than"));
    assert!(refused(|s| s.learning_rate = f64::INFINITY).contains("diverged"));
}

#[test]
fn pictures_of_an_earlier_visit_come_back() {
    let mut first = Collection::default();
    let features = numbers(1280, 1, 3.0);
    let kept = block_on(first.add(41, features.clone(), &[9; 12], 2)).unwrap();
    assert!(kept.kept);
    block_on(first.add(42, features.clone(), &[9; 12], 2)).unwrap();
    let mut second = Collection::default();
    assert_eq!(block_on(second.recall(41, 1280)).as_ref(), Some(&kept));
    assert_eq!(second.features(41), Some(features.as_slice()));
    block_on(second.recall(42, 1280));
    assert_eq!(second.similar(), [[41, 42]], "and it is seen that they are the same");
    assert_eq!(block_on(second.recall(41, 640)), None, "another network's features");
    block_on(second.forget(&[41]));
    assert_eq!(block_on(Collection::default().recall(41, 1280)), None);
}

/// A site with a manifest and one part of the weights, `given` of `bytes` long.
fn site_with_part(name: &str, bytes: &[u8], given: &[u8]) -> std::path::PathBuf {
    let root = std::env::temp_dir().join(format!("intab-weights-{}-{name}", std::process::id()));
    let folder = root.join(PRETRAINED[0].folder());
    std::fs::create_dir_all(&folder).unwrap();
    let manifest = WeightsManifest {
        id: PRETRAINED[0].id.into(),
        version: PRETRAINED[0].version,
        source: "a test".into(),
        labels: vec!["a".into()],
        tensors: vec![TensorInfo { name: "stem.bias".into(), shape: vec![2], start: 1 }],
        parts: vec![PartInfo {
            file: "part".into(),
            bytes: bytes.len() as u64,
            crc32: crc32fast::hash(bytes),
        }],
    };
    std::fs::write(folder.join("manifest.json"), serde_json::to_vec(&manifest).unwrap()).unwrap();
    std::fs::write(folder.join("part"), given).unwrap();
    root
}

fn load(root: &std::path::Path) -> Result<Weights, intab::protocol::Failure> {
    platform::set_root(root);
    platform::block_on(weights::load(&PRETRAINED[0].files(), |_, _| ()))
}

#[test]
fn weights_arrive_whole_or_not_at_all() {
    // 0.5, 1.0, −2.0 in half precision.
    let bytes = [0x00, 0x38, 0x00, 0x3c, 0x00, 0xc0];
    let whole = load(&site_with_part("whole", &bytes, &bytes)).unwrap();
    assert_eq!(whole.tensor("stem.bias", &[2]).unwrap(), [1.0, -2.0]);
    assert!(whole.tensor("stem.bias", &[3]).is_err(), "another shape");
    assert!(whole.tensor("head.bias", &[2]).is_err(), "not there");
    let Err(incomplete) = Classifier::new(&PRETRAINED[0], &whole) else { panic!("it has one bias only") };
    assert!(incomplete.contains("stem.weight"), "{incomplete}");

    let said = |root: &std::path::Path| load(root).err().unwrap().what;
    assert!(said(&site_with_part("short", &bytes, &bytes[..4])).contains("cut short"));
    assert!(
        said(&site_with_part("flipped", &bytes, &[0x00, 0x38, 0x00, 0x3d, 0x00, 0xc0])).contains("damaged")
    );
    let missing = site_with_part("missing", &bytes, &bytes);
    std::fs::remove_file(missing.join(PRETRAINED[0].folder()).join("part")).unwrap();
    assert!(said(&missing).contains("404"));
    assert!(said(std::path::Path::new("/nowhere")).contains("404"));
}

/// Largest difference of any logit over all reference pictures; the top classes must be the same.
#[cfg(feature = "tools")]
fn furthest(classifier: &mut Classifier) -> Option<f32> {
    let pictures = crate::imagenet::reference();
    let mut most: f32 = 0.0;
    for picture in &pictures {
        let logits = classifier.run(&picture.input, |_, _| ());
        let differences = logits.iter().zip(&picture.logits).map(|(a, b)| (a - b).abs());
        assert_eq!(logits.len(), picture.logits.len());
        most = differences.fold(most, f32::max);
        let top = (0..logits.len()).max_by(|&a, &b| logits[a].total_cmp(&logits[b]));
        assert_eq!(top, Some(picture.top[0]), "{}", picture.id);
    }
    (pictures.len() >= 20).then_some(most)
}

/// numpy's logits, from the file as it was published (tests/reference/imagenet.py), against ours from what a visitor
/// fetches.
#[cfg(feature = "tools")]
#[test]
fn the_answer_is_numpys_in_half_precision() {
    platform::set_root(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("public"));
    let Ok(weights) = platform::block_on(weights::load(&PRETRAINED[0].files(), |_, _| ())) else {
        return println!("not compared: there are no weights (cargo intab data)");
    };
    let most = furthest(&mut Classifier::new(&PRETRAINED[0], &weights).unwrap());
    println!("largest difference of a logit: {most:?}");
    assert!(most.is_none_or(|most| most < 0.05), "{most:?}");
}

/// The same before the weights were made half as large.
#[cfg(feature = "tools")]
#[test]
fn the_answer_is_numpys_in_single_precision() {
    let downloads = intab::tools::paths::Places::find().unwrap().cache.join("downloads");
    let Ok(tensors) = intab::tools::data::weights::read(&PRETRAINED[0], &downloads) else {
        return println!("not compared: the published weights cannot be had");
    };
    let tensors = tensors.into_iter().map(|t| (t.name, t.shape, t.values));
    let mut weights = Weights::from_tensors(tensors);
    weights.labels = vec![String::new(); 1000];
    let most = furthest(&mut Classifier::new(&PRETRAINED[0], &weights).unwrap());
    println!("largest difference of a logit: {most:?}");
    assert!(most.is_none_or(|most| most < 1e-3), "{most:?}");
}
