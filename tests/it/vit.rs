//! The Vision Transformer: how a picture is cut, its counts, what positions are for, the gradient of all of it, and which
//! data it is offered on.

use crate::host::{self, with_engine};
use burn::tensor::{Device, Tensor};
use intab::datasets::DATASETS;
use intab::engine::layers::patches::cut;
use intab::engine::network::Network;
use intab::engine::value::Value;
use intab::explain::likeness::cosines;
use intab::explain::rollout::rollout;
use intab::layers::describe;
use intab::layers::syntax::{parse, print, with_classes};
use intab::models::Model;
use intab::protocol::{AttentionMaps, Catalogue, Command, Floats, HeadMaps, Picture, Request, Response};
use intab::random::Random;
use intab::spec::{ModelSpec, PRESETS, Preset};
use serde_json::Value as Json;

const CLASSES: usize = 3;
const LISTS: [&str; 3] = [
    "patches8x2-classtoken-positions-block2f2b1-block2f1b1-first-layernorm-dense",
    "patches6x3-sinusoidal-block3f1b1-mean-layernorm-dense",
    "conv2x3-relu-patches4x2-classtoken-block1f2b1-layernorm-mean-dense",
];

/// A network all of whose parameters are random: what begins at 0 would hide mistakes.
fn network(text: &str, shape: [usize; 3], device: &Device) -> Network {
    let layers = with_classes(parse(text).unwrap(), CLASSES);
    let mut network = Network::new(&layers, &shape, 3, device).unwrap();
    let mut random = Random::new(5, 1);
    for parameter in &mut network.parameters {
        let moved: Vec<f32> = (0..parameter.len()).map(|_| random.uniform(0.5)).collect();
        parameter.value = parameter.value.clone() + Tensor::from_floats(moved.as_slice(), device);
    }
    network
}

fn picture(seed: u32, shape: [usize; 3]) -> Vec<f32> {
    let mut random = Random::new(seed, 2);
    (0..shape.iter().product()).map(|_| random.uniform(1.0)).collect()
}

fn logits(network: &Network, picture: &[f32]) -> Vec<f32> {
    let value = Value::of(picture.to_vec(), &network.input, &Device::flex());
    network.forward(value).unwrap().into_data().iter().collect()
}

fn apart(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn a_picture_is_cut_row_after_row() {
    for (batch, [channels, height, width], side) in
        [(2, [1, 4, 6], 2), (3, [3, 6, 3], 3), (1, [3, 4, 8], 4), (2, [2, 3, 5], 1), (1, [1, 28, 28], 7)]
    {
        let all: Vec<f32> = (0..batch * channels * height * width).map(|at| at as f32).collect();
        let shape = [batch, channels, height, width];
        let x = Tensor::<1>::from_floats(all.as_slice(), &Device::flex()).reshape(shape);
        let patches = cut(x, side);
        let (down, across) = (height / side, width / side);
        assert_eq!(patches.dims(), [batch, down * across, channels * side * side]);
        let mut expected = Vec::new();
        for example in 0..batch {
            for (top, left) in (0..down).flat_map(|row| (0..across).map(move |c| (row * side, c * side))) {
                for channel in 0..channels {
                    for (row, column) in
                        (top..top + side).flat_map(|r| (left..left + side).map(move |c| (r, c)))
                    {
                        expected.push(all[((example * channels + channel) * height + row) * width + column]);
                    }
                }
            }
        }
        assert_eq!(patches.into_data().iter::<f32>().collect::<Vec<_>>(), expected, "{shape:?} by {side}");
    }
}

#[test]
fn each_token_is_weighted_sums_of_its_own_patch() {
    let shape = [3, 4, 6];
    let layers = with_classes(parse("patches5x2-flatten-dense").unwrap(), CLASSES);
    let network = Network::new(&layers, &shape, 3, &Device::flex()).unwrap();
    let picture = picture(1, shape);
    let mut tokens = Vec::new();
    let value = Value::of(picture.clone(), &shape, &Device::flex());
    let watched = network.forward_with(&network.weights(), value, |flow| {
        if let Value::Sequence(x) = flow {
            tokens = x.clone().into_data().iter::<f32>().collect();
        }
    });
    watched.unwrap();
    let parameter = |name: &str| -> Vec<f32> {
        let found = network.parameters.iter().find(|p| p.name == name).unwrap();
        found.value.clone().into_data().iter().collect()
    };
    let (weight, bias) = (parameter("0.weight"), parameter("0.bias"));
    assert_eq!(tokens.len(), 6 * 5);
    for (at, token) in tokens.iter().enumerate() {
        let (patch, unit) = (at / 5, at % 5);
        let mut sum = f64::from(bias[unit]);
        for (channel, row, column) in
            (0..3).flat_map(|c| (0..2).flat_map(move |r| (0..2).map(move |x| (c, r, x))))
        {
            let pixel = (channel * 4 + patch / 3 * 2 + row) * 6 + patch % 3 * 2 + column;
            let weight = weight[((unit * 3 + channel) * 2 + row) * 2 + column];
            sum += f64::from(picture[pixel]) * f64::from(weight);
        }
        assert!(
            (sum - f64::from(*token)).abs() < 1e-5,
            "number {unit} of patch {patch}: {token} is not {sum}"
        );
    }
}

#[test]
fn counts_are_those_of_the_paper() {
    let list = "patches8x7-classtoken-positions-block2f4b1-first-layernorm-dense";
    let infos = describe(&with_classes(parse(list).unwrap(), 10), &[1, 28, 28]).unwrap();
    let counts: Vec<_> = infos.iter().map(|info| info.parameters).collect();
    let block = 4 * 64 + 4 * 8 + 2 * 8 * 32 + 32 + 8 + 4 * 8;
    assert_eq!(counts, [8 * 50, 8, 17 * 8, block, 0, 16, 90]);
    let shapes: Vec<_> = infos.iter().map(|info| info.output.as_slice()).collect();
    assert_eq!(shapes[..5], [&[16, 8][..], &[17, 8], &[17, 8], &[17, 8], &[8]]);
}

/// Patches in another order are another picture; to a network without positions they are the same bag.
#[test]
fn without_positions_patches_are_a_bag() {
    let shape = [2, 6, 6];
    let picture = picture(4, shape);
    let order = [4, 0, 8, 3, 1, 7, 2, 6, 5];
    let mut shuffled = picture.clone();
    for (to, from) in order.iter().enumerate() {
        for (channel, row, column) in
            (0..2).flat_map(|c| (0..2).flat_map(move |r| (0..2).map(move |x| (c, r, x))))
        {
            let place = |patch: usize| (channel * 6 + patch / 3 * 2 + row) * 6 + patch % 3 * 2 + column;
            shuffled[place(to)] = picture[place(*from)];
        }
    }
    let model = Model::by_id("vit").unwrap();
    for positions in ["none", "learned", "sinusoidal"] {
        for answer in ["class", "mean"] {
            let options: [(&str, Json); 6] = [
                ("positions", positions.into()),
                ("answer", answer.into()),
                ("patch", 2.into()),
                ("width", 8.into()),
                ("heads", 2.into()),
                ("blocks", 2.into()),
            ];
            let options = options.map(|(key, value)| (key.to_string(), value)).into();
            let spec = ModelSpec { id: "vit".into(), options };
            let text = intab::layers::syntax::print(&model.layers_of(&spec, CLASSES).unwrap());
            let network = network(&text, shape, &Device::flex());
            let moved = apart(&logits(&network, &picture), &logits(&network, &shuffled));
            match positions {
                "none" => assert!(moved < 1e-4, "{answer}: {moved}"),
                _ => assert!(moved > 1e-3, "{positions}, {answer}: {moved}"),
            }
        }
    }
}

#[test]
fn what_is_looked_at_is_what_is_computed() {
    for list in LISTS {
        let network = network(list, [1, 6, 6], &Device::flex());
        let picture = picture(6, [1, 6, 6]);
        let mut last = Vec::new();
        let value = Value::of(picture.clone(), &[1, 6, 6], &Device::flex());
        let watched = network.forward_with(&network.weights(), value, |flow| {
            last = flow.clone().flat().into_data().iter::<f32>().collect();
        });
        watched.unwrap();
        assert!(apart(&last, &logits(&network, &picture)) < 1e-4, "{list}");
    }
}

#[test]
fn gradients_are_slopes() {
    let shape = [1, 6, 6];
    let pictures: Vec<f32> = [picture(7, shape), picture(8, shape)].concat();
    let share = [0.6_f32, -1.0, 0.8, -0.2, 0.4, 1.0];
    for list in LISTS {
        let sum = |network: &Network, weights: &[Tensor<1>], device: &Device| {
            let outputs = network.forward_by(weights, Value::of(pictures.clone(), &shape, device)).unwrap();
            (outputs * Tensor::<1>::from_floats(share, device).reshape([2, CLASSES])).sum()
        };
        let device = Device::flex().autodiff();
        let training = network(list, shape, &device);
        let weights: Vec<_> = training.weights().into_iter().map(Tensor::require_grad).collect();
        let gradients = sum(&training, &weights, &device).backward();
        let plain = network(list, shape, &Device::flex());
        for (at, parameter) in plain.parameters.iter().enumerate() {
            let found: Vec<f32> = weights[at].grad(&gradients).unwrap().into_data().iter::<f32>().collect();
            let (mut error, mut size) = (0.0_f64, 0.0_f64);
            let numbers: Vec<f32> = parameter.value.clone().into_data().iter::<f32>().collect();
            for place in (0..numbers.len()).step_by(1 + numbers.len() / 9) {
                let moved = |by: f32| {
                    let mut numbers = numbers.clone();
                    numbers[place] += by;
                    let mut weights = plain.weights();
                    weights[at] = Tensor::from_floats(numbers.as_slice(), &Device::flex());
                    f64::from(sum(&plain, &weights, &Device::flex()).into_scalar::<f32>())
                };
                let slope = (moved(3e-3) - moved(-3e-3)) / 6e-3;
                error += (slope - f64::from(found[place])).powi(2);
                size += slope.powi(2);
            }
            let relative = (error / size.max(1e-6)).sqrt();
            assert!(relative < 0.02, "{list}, {}: relative error {relative}", parameter.name);
        }
    }
}

#[test]
fn it_is_offered_on_all_pictures_with_patches_that_fill_them() {
    let catalogue = Catalogue::of_tables(|_| true);
    let side =
        |spec: &intab::spec::RunSpec| spec.model.options.get("patch").and_then(Json::as_f64).unwrap_or(7.0);
    for dataset in DATASETS {
        let spec = catalogue.change(&PRESETS[0].spec(), "data.id", &dataset.about.id.into()).unwrap();
        let spec = catalogue.change(&spec, "model.id", &"vit".into()).unwrap();
        assert_eq!(dataset.shape[1] % side(&spec) as usize, 0, "{}", dataset.about.id);
        let layers = Model::by_id("vit").unwrap().layers_of(&spec.model, dataset.classes.len()).unwrap();
        assert!(describe(&layers, &dataset.shape).is_ok(), "{}", dataset.about.id);
    }
    let digits = Preset::by_id("vit_digits").unwrap().spec();
    assert_eq!(catalogue.check(&digits), Ok(()));
    let layers = |spec: &intab::spec::RunSpec| {
        print(&Model::by_id("vit").unwrap().layers_of(&spec.model, 10).unwrap())
    };
    let by_class = catalogue.change(&digits, "model.answer", &"class".into()).unwrap();
    assert!(layers(&digits).contains("-mean-") && !layers(&digits).contains("classtoken"));
    assert!(layers(&by_class).contains("classtoken-positions") && !layers(&by_class).contains("-mean-"));
    // Other pictures have other patches, and with the digits the usual ones come back.
    let photos = catalogue.change(&digits, "data.id", &"cifar10".into()).unwrap();
    assert_eq!((photos.model.id.as_str(), side(&photos)), ("vit", 8.0));
    let back = catalogue.change(&photos, "data.id", &"fashion_mnist".into()).unwrap();
    assert_eq!((back.model.id.as_str(), side(&back)), ("vit", 7.0));
    let refused = catalogue.change(&digits, "model.patch", &5.into()).unwrap_err();
    let words = "layer 1: Patches 5 × 5 leave something of a picture of 1 × 28 × 28 over; a patch can have 1, 2, 4, 7, 14, 28 pixels each way";
    assert_eq!(refused, words);
    assert_eq!(catalogue.change(&photos, "model.patch", &8.into()).map(|spec| side(&spec)), Ok(8.0));
    let none = |data: &str| {
        let spec = Preset::by_id(data).unwrap().spec();
        catalogue.change(&spec, "model.id", &"vit".into()).unwrap_err()
    };
    assert_eq!(none("penguins"), "this network takes other data");
    assert_eq!(none("gpt"), "this network takes other data");
}

/// Maps of `[query, key]` weights, heads and blocks in order.
fn maps(time: usize, heads: u32, blocks: &[Vec<f32>]) -> AttentionMaps {
    let layer = |(layer, weights): (usize, &Vec<f32>)| HeadMaps {
        layer: layer as u32,
        heads,
        crosses: false,
        queries: [0, time as u32],
        keys: [0, time as u32],
        weights: Floats(weights.clone()),
    };
    let layers = blocks.iter().enumerate().map(layer).collect();
    AttentionMaps { step: 0, tokens: vec![String::new(); time], layers, positions: None, off: Vec::new() }
}

#[test]
fn rollout_multiplies_half_of_what_each_block_takes() {
    // Two heads whose mean is [[0.5, 0.5], [0.25, 0.75]], then one block that only looks at the first token.
    let first = vec![1.0, 0.0, 0.5, 0.5, 0.0, 1.0, 0.0, 1.0];
    let second = [1.0, 0.0, 1.0, 0.0].repeat(2);
    // Half of each is the token itself: [[0.75, 0.25], [0.125, 0.875]], then [[1, 0], [0.5, 0.5]].
    let rolled = rollout(&maps(2, 2, &[first, second]));
    assert!(apart(&rolled, &[0.75, 0.25, 0.4375, 0.5625]) < 1e-6, "{rolled:?}");
    assert!(rollout(&maps(0, 1, &[])).is_empty());
}

#[test]
fn rows_are_alike_by_their_direction() {
    let alike = cosines(&[1.0, 0.0, 2.0, 2.0, -3.0, 0.0], 2);
    let half = 0.5_f32.sqrt();
    assert!(apart(&alike, &[1.0, half, -1.0, half, 1.0, -half, -1.0, -half, 1.0]) < 1e-6, "{alike:?}");
    assert_eq!(cosines(&[0.0, 0.0], 2), [0.0], "a row of zeros is like nothing");
}

#[test]
fn the_page_gets_what_each_token_takes_of_a_picture() {
    let mut spec = host::spec();
    spec.model.id = "vit".into();
    let options: [(&str, Json); 4] =
        [("width", 8.into()), ("heads", 2.into()), ("blocks", 2.into()), ("patch", 14.into())];
    spec.model.options = options.map(|(key, value)| (key.to_string(), value)).into();
    with_engine(&host::site("vit"), async |page| {
        page.send(Command::Open { run: 1, spec: spec.clone(), checkpoint: None });
        let asked = page.ask(Request::PictureAttention(Picture::Exact(vec![90; 784].into()))).await;
        let Ok(Response::Attention(maps)) = asked else { panic!("{asked:?}") };
        assert_eq!(maps.tokens.len(), 5, "four patches and the class token");
        assert_eq!(maps.layers.iter().map(|of| (of.layer, of.heads)).collect::<Vec<_>>(), [(3, 2), (4, 2)]);
        for row in maps.layers.iter().flat_map(|of| of.weights.chunks_exact(5)) {
            assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-5 && row.iter().all(|weight| *weight > 0.0));
        }
        let rolled = rollout(&maps);
        assert!(rolled.chunks_exact(5).all(|row| (row.iter().sum::<f32>() - 1.0).abs() < 1e-5));
        assert_eq!(maps.positions.map(|rows| (rows.width, rows.values.len())), Some((8, 40)));
        let refused = page.ask(Request::PictureAttention(Picture::Exact(vec![90; 5].into()))).await;
        assert!(refused.unwrap_err().what.contains("5 numbers"));
        page.send(Command::Open { run: 2, spec: host::spec(), checkpoint: None });
        let refused = page.ask(Request::PictureAttention(Picture::Exact(vec![90; 784].into()))).await;
        assert_eq!(refused.unwrap_err().what, "This network has no Transformer block.");
    });
}
