//! Layers as data: every kind is in the table with its words, texts are read back, and what does not fit is said.

use intab::catalogue::affordable;
use intab::layers::syntax::{MOST_LAYERS, parse, print, with_classes};
use intab::layers::{KINDS, LayerSpec, Number, dense, describe, describe_until, flatten};
use intab::models::{MODELS, Recipe};
use intab::protocol::Catalogue;
use intab::spec::{PRESETS, RunSpec};
use serde_json::Value;

/// Any list that fits pictures of 28 × 28: `below` is a number below its argument.
pub fn layers(below: &mut impl FnMut(usize) -> usize) -> Vec<LayerSpec> {
    loop {
        let mut layers: Vec<LayerSpec> = (0..below(10))
            .map(|_| {
                let kind = KINDS[below(KINDS.len())];
                let mut number = |n: &Number| {
                    // Small enough for any order of them to be affordable.
                    let most = ((n.max.min(8) - n.min) / n.step).max(1);
                    n.min + n.step * below(most + 1)
                };
                LayerSpec::of(kind, &kind.numbers.iter().map(&mut number).collect::<Vec<_>>())
            })
            .collect();
        layers.extend([flatten(), dense(0)]);
        let checked = with_classes(layers.clone(), 10);
        if let Ok(infos) = describe(&checked, &[1, 28, 28])
            && affordable(infos.iter().map(|l| (l.parameters, l.multiply_adds))).is_ok()
        {
            return layers;
        }
    }
}

fn random() -> impl FnMut(usize) -> usize {
    let mut state = 0x9e37_79b9_u64;
    move |n| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) % n as u64) as usize
    }
}

#[test]
fn any_list_survives_its_text_and_the_text_any_punctuation() {
    let mut below = random();
    for _ in 0..2000 {
        let list = layers(&mut below);
        let text = print(&list);
        assert_eq!(parse(&text).as_ref(), Ok(&list), "{text}");
        assert!(
            text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'),
            "{text} stays as it is in a link"
        );
        let loose = text.replace('-', [", ", "\n", " ; ", "→"][below(4)]).to_uppercase().replace('X', " x ");
        assert_eq!(parse(&loose.to_lowercase()).as_ref(), Ok(&list), "{loose}");
    }
}

#[test]
fn every_model_is_a_list_that_the_builder_can_begin_with() {
    for model in MODELS {
        let list = model.layers_of(&PRESETS[0].spec().model, 7).unwrap();
        for layer in &list {
            assert_eq!(LayerSpec::of(layer.kind(), layer.numbers()), *layer);
            for (number, value) in layer.kind().numbers.iter().zip(layer.numbers()) {
                assert_eq!(number.check(*value), Ok(()), "{} in {}", number.label, model.id);
            }
        }
        assert_eq!(with_classes(parse(&print(&list)).unwrap(), 7), list, "{}", model.id);
        if let Recipe::Text(first) = model.recipe {
            assert_eq!(print(&parse(first).unwrap()), first, "{} begins as it would be written", model.id);
        }
    }
}

#[test]
fn kinds_have_words_of_their_own_and_numbers_in_range() {
    for (at, kind) in KINDS.iter().enumerate() {
        assert!(kind.word.bytes().all(|b| b.is_ascii_lowercase()), "{}", kind.word);
        assert!(KINDS[..at].iter().all(|other| other.word != kind.word), "{} is there twice", kind.word);
        for number in kind.numbers {
            assert_eq!(number.check(number.default), Ok(()), "{} of {}", number.label, kind.word);
            assert!(number.check(number.max + 1).is_err());
        }
        assert_eq!(parse(&format!("{}-flatten-dense", kind.word)).unwrap()[0], kind.standard());
    }
}

#[test]
fn what_is_wrong_with_a_text_names_the_layer() {
    let cases = [
        ("", "a network needs at least one layer"),
        ("conv8x3-relu", "layer 2: the last layer must be Dense, but is ReLU"),
        ("conv8x3-rellu-dense", "layer 2: there is no layer “rellu”; there is conv, crop, pool"),
        ("conv8x4-dense", "layer 1: Kernel is an odd number"),
        ("conv8x9-dense", "layer 1: Kernel goes from 1 to 7"),
        ("flatten-dense99999999999999999999-relu-dense", "layer 2: Units goes from 1 to 1024"),
        ("relu7-dense", "layer 1: “7” is not a number of “relu”"),
        ("dropout0x5-dense", "layer 1: “x5” is not a number of “dropout”"),
        ("dense10-7-dense", "layer 2: there is no layer “7-dense”"),
    ];
    for (text, expected) in cases {
        let why = parse(text).unwrap_err();
        assert!(why.starts_with(expected), "{text}: {why}");
    }
    let long = ["relu"; MOST_LAYERS + 1].join("-");
    assert_eq!(parse(&long).unwrap_err(), format!("a network has at most {MOST_LAYERS} layers"));
}

#[test]
fn what_does_not_fit_is_said_with_the_layer_and_what_to_do() {
    let check = |text: &str, shape: &[usize]| {
        let (infos, misfit) = describe_until(&with_classes(parse(text).unwrap(), 10), shape);
        let misfit = misfit.unwrap();
        assert_eq!(infos.len() + 1, misfit.layer, "everything before it has its shape");
        misfit.to_string()
    };
    assert_eq!(
        check("conv16x3-relu-pool-dense64-dense", &[1, 28, 28]),
        "layer 4: Dense takes a list of numbers, but gets a picture of 16 × 14 × 14; put Flatten before it"
    );
    assert_eq!(
        check("flatten-conv8x3-dense", &[1, 28, 28]),
        "layer 2: Convolution 3 × 3 takes a picture, but gets a list of 784"
    );
    assert_eq!(
        check("pool-avgpool-pool-flatten-dense", &[3, 4, 7]),
        "layer 3: Max pooling 2 × 2 needs at least 2 × 2 pixels, but gets 3 × 1 × 1"
    );
    assert_eq!(check("crop4-flatten-dense", &[1, 9, 8]), "layer 1: Cropping leaves nothing of 1 × 9 × 8");
    assert_eq!(
        check("residual8-dense", &[4]),
        "layer 1: Residual block takes a picture, but gets a list of 4"
    );
    assert_eq!(
        check("embedding8-conv8x3-dense", &[16, 40]),
        "layer 2: Convolution 3 × 3 takes a picture, but gets a sequence of 16 × 8"
    );
    assert_eq!(
        check("lstm8-norm-dense", &[16, 40]),
        "layer 2: Batch normalisation takes a list of numbers, but gets a sequence of 16 × 8; put Last step or Flatten before it"
    );
    assert_eq!(check("gru8-dense", &[4]), "layer 1: GRU takes a sequence, but gets a list of 4");
    assert_eq!(
        check("rnn8-dense", &[1, 28, 28]),
        "layer 1: RNN takes a sequence, but gets a picture of 1 × 28 × 28"
    );
    assert_eq!(
        check("patches8x5-first-dense", &[3, 10, 8]),
        "layer 1: Patches 5 × 5 leave something of a picture of 3 × 10 × 8 over; a patch can have 1, 2 pixels each way"
    );
    assert_eq!(
        check("patches8x3-first-dense", &[16, 40]),
        "layer 1: Patches 3 × 3 takes a picture, but gets a sequence of 16 × 40"
    );
    assert_eq!(
        check("classtoken-first-dense", &[1, 28, 28]),
        "layer 1: Class token takes a sequence, but gets a picture of 1 × 28 × 28"
    );
    assert_eq!(
        check("lstm8-embedding4-dense", &[16, 40]),
        "layer 2: Embedding takes tokens, which only the first layer gets"
    );
}

#[test]
fn a_list_that_does_not_fit_or_is_too_large_is_no_spec() {
    let catalogue = Catalogue::of_tables(|_| true);
    let set = |spec: &RunSpec, key: &str, value: &str| catalogue.change(spec, key, &Value::from(value));
    let custom = set(&PRESETS[0].spec(), "model.id", "custom").unwrap();
    let refused = |text: &str| set(&custom, "model.layers", text).unwrap_err();
    assert!(refused("conv8x3-dense").starts_with("layer 2: Dense takes a list"));
    assert!(refused("dense").starts_with("layer 1: Dense takes a list"));
    assert!(refused("flatten-nothing").starts_with("layer 2: there is no layer “nothing”"));
    assert!(refused("conv256x7-conv256x7-globalpool-dense").contains("million"), "too large");
    let deep = set(&custom, "model.layers", "conv 4x3, norm, relu, global pool").unwrap_err();
    assert!(deep.starts_with("layer 4: there is no layer “global”"), "{deep}");
    let fits = set(&custom, "model.layers", "conv 4x3, norm, relu, globalpool, dense").unwrap();
    assert_eq!(catalogue.check(&fits), Ok(()));
    assert!(
        set(&PRESETS[0].spec(), "model.layers", "flatten-dense").is_err(),
        "only the custom model has a list"
    );
}

#[test]
fn parameters_are_those_of_the_papers() {
    let of = |text: &str, shape: &[usize]| {
        let infos = describe(&with_classes(parse(text).unwrap(), 10), shape).unwrap();
        infos.iter().map(|l| l.parameters).collect::<Vec<_>>()
    };
    // ResNet-20's first block has 2 · 9 · 16² weights and 4 · 16 of normalisations; the first of a stage projects.
    let blocks = of("residual16-residual32s2-globalpool-dense", &[16, 32, 32]);
    assert_eq!(blocks[..2], [4672, 9 * 16 * 32 + 9 * 32 * 32 + 16 * 32 + 6 * 32]);
    assert_eq!(of("norm-flatten-norm-dense", &[3, 4, 4])[..3], [6, 0, 96]);
}
