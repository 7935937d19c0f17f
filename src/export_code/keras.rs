//! A run as a Keras script, on whatever backend Keras has.

use super::rows::{self, Rows};
use super::tokens::{Tokens, WRITE_ALL};
use super::{CELLS, DRAWN, Framework, Line, ROWS, Script};
use crate::datasets::Dataset;
use crate::layers::page::LayerPage;
use crate::spec::BETA2;

pub const FRAMEWORK: Framework = Framework {
    id: "keras",
    title: "Keras",
    file: "train_keras.py",
    takes_weights: true,
    pictures: |script, dataset| write(script, None, &pictures(script, dataset)),
    rows: Some(|script, rows| write(script, Some(rows), &examples(script, rows))),
    tokens: Some(write_tokens),
};

/// Datasets that Keras fetches.
const KNOWN: &[(&str, &str)] =
    &[("mnist", "mnist"), ("fashion_mnist", "fashion_mnist"), ("cifar10", "cifar10")];

fn write(script: &Script, rows: Option<&Rows>, data: &str) -> String {
    let number = rows.is_some_and(Rows::is_number);
    let loss = if number { (String::new(), "\"mse\"") } else { loss(script) };
    let metric = if number { "keras.metrics.R2Score()" } else { "\"accuracy\"" };
    [
        format!("{}\n{}", script.heading_without_augment("#"), rows::usage(&FRAMEWORK)),
        format!("{}\n{IMPORTS}", rows::imports(script, rows)),
        data.into(),
        model(script, &format!("({})", dimensions(&script.shape))),
        training(script, loss, metric),
    ]
    .concat()
}

const IMPORTS: &str = "import keras\nimport numpy\nfrom keras import layers\n\n";

/// The network, which takes what `input` says, and how it begins.
fn model(script: &Script, input: &str) -> String {
    let line =
        |line: &Line| format!("x = {}  # {}\n", (LayerPage::of(line.info.layer).in_keras)(line), shape(line));
    let layers: String = script.layers.iter().map(line).collect();
    let (start, definitions) = (start(script), script.definitions(1));
    format!(
        "{start}{definitions}inputs = keras.Input({input})\nx = inputs\n{layers}model = keras.Model(inputs, x)\n"
    )
}

/// A script that reads a text, and writes on.
fn write_tokens(script: &Script, tokens: &Tokens) -> String {
    let training = training(script, token_loss(script), "");
    let training =
        training.replacen("sys.argv) > 1", "sys.argv) > 2", 1).replacen("sys.argv[1]", "sys.argv[2]", 1);
    let (before, after) = training.split_once("else:\n").unwrap_or((&training, ""));
    [
        format!("# {}\n{}{}\n{IMPORTS}", script.heading(), tokens.usage(&FRAMEWORK), tokens.imports(script)),
        tokens.python(),
        tokens.python_examples(),
        format!(
            "x_train, y_train = examples(train)
x_test, y_test = examples(test)
keras.utils.set_random_seed({})

",
            script.spec.seed
        ),
        model(script, "(None,), dtype=\"int32\""),
        following(script).replacen("LIKELIEST", &tokens.python_likeliest("argmax()"), 1),
        tokens.python_writing().into(),
        format!("\n\n{before}{WRITE_ALL}else:\n{after}    print(write(\"\"))\n"),
    ]
    .concat()
}

/// All beginnings are filled up to the same length, for which one program is compiled.
const FOLLOWING: &str = "

def following(tokens):
    filled = numpy.zeros((1, max(256, len(tokens))), \"int32\")
    filled[0, : len(tokens)] = tokens
    logits = model.predict(filled, verbose=0)[0, len(tokens) - 1]
    return LIKELIEST

";

/// Of all tokens those that the network looks at.
fn following(script: &Script) -> String {
    let Some(most) = script.context() else { return FOLLOWING.into() };
    let last = format!("(tokens):\n    tokens = tokens[-{most}:]\n");
    FOLLOWING.replacen("(tokens):\n", &last, 1).replacen("max(256, len(tokens))", &most.to_string(), 1)
}

/// Keras has a picture's channels last.
fn last(shape: &[usize]) -> Vec<usize> {
    match *shape {
        [channels, height, width] => vec![height, width, channels],
        _ => shape.to_vec(),
    }
}

fn dimensions(shape: &[usize]) -> String {
    last(shape).iter().map(|n| format!("{n}, ")).collect::<String>().trim_end().into()
}

fn shape(line: &Line) -> String {
    crate::layers::format_shape(&last(&line.info.output))
}

/// The rows of the file that comes with the script.
fn examples(script: &Script, rows: &Rows) -> String {
    format!(
        "{}
x_train, y_train = features(train), targets(train)
x_test, y_test = features(test), targets(test)
keras.utils.set_random_seed({})

",
        rows.python(),
        script.spec.seed
    )
}

fn pictures(script: &Script, dataset: &Dataset) -> String {
    let (mean, std) = (Script::tuple(dataset.mean), Script::tuple(dataset.std));
    let known = KNOWN.iter().find(|(id, _)| *id == dataset.about.id);
    let (seed, shape) = (script.spec.seed, dimensions(&script.shape));
    let shape = shape.trim_end_matches(',');
    let Some((_, name)) = known else {
        return format!(
            "# Arrays of your own: x_train and x_test [examples, {shape}], y_train and y_test [examples].
arrays = numpy.load(\"data.npz\")
x_train, y_train, x_test, y_test = (arrays[name] for name in (\"x_train\", \"y_train\", \"x_test\", \"y_test\"))
keras.utils.set_random_seed({seed})

"
        );
    };
    format!(
        "(x_train, y_train), (x_test, y_test) = keras.datasets.{name}.load_data()


def prepare(x):
    x = x.reshape(-1, {shape}).astype(\"float32\") / 255
    return (x - numpy.array(({mean}), \"float32\")) / numpy.array(({std}), \"float32\")


x_train, x_test = prepare(x_train), prepare(x_test)
keras.utils.set_random_seed({seed})

"
    )
}

fn start(script: &Script) -> String {
    let train = &script.spec.train;
    let init = match train.init.as_str() {
        "xavier" => "\"glorot_uniform\"",
        "small" => "keras.initializers.RandomUniform(-0.01, 0.01)",
        "zeros" => "\"zeros\"",
        _ => "\"he_uniform\"",
    };
    let penalty = if train.l1 > 0.0 || train.l2 > 0.0 {
        format!(", kernel_regularizer=keras.regularizers.L1L2({}, {} / 2)", train.l1, train.l2)
    } else {
        String::new()
    };
    let mut out = format!("start = dict(kernel_initializer={init}{penalty})\n");
    let plain = script.begins_plainly();
    if script.has(ROWS) {
        let init = if plain { init } else { "keras.initializers.RandomNormal(stddev=0.3)" };
        let penalty = penalty.replace("kernel_", "embeddings_");
        out += &format!("rows = dict(embeddings_initializer={init}{penalty})\n");
    }
    if script.has(DRAWN) {
        let init = if plain { init } else { "keras.initializers.RandomNormal(stddev=std)" };
        out += &format!("drawn = lambda std: {init}\n");
    }
    if script.has(CELLS) {
        let matrices = if plain { init } else { "matrices" };
        let penalty = penalty.replace("kernel_", "recurrent_");
        let body = if plain { "" } else { MATRICES };
        out += &format!(
            "\n\ndef turns(gain):\n{body}    return dict(recurrent_initializer={matrices}{penalty})\n{GATES}"
        );
    }
    out
}

/// Every gate has a matrix of its own.
const MATRICES: &str = "    def matrices(shape, dtype=None):
        units, wide = shape
        one = lambda: keras.initializers.Orthogonal(gain)((units, units), dtype)
        return keras.ops.concatenate([one() for _ in range(wide // units)], axis=1)

";

/// A GRU has biases of its own for what it gave before, as the second row.
const GATES: &str = "

def gates(*numbers):
    def biases(shape, dtype=None):
        row = numpy.repeat(numpy.array(numbers, \"float32\"), shape[-1] // len(numbers))
        return keras.ops.convert_to_tensor(row if len(shape) == 1 else numpy.stack([row, 0 * row]), dtype)

    return biases


";

fn training(script: &Script, (defined, loss): (String, &str), metric: &str) -> String {
    let train = &script.spec.train;
    let (rate, batch, epochs) = (train.learning_rate, train.batch_size, train.epochs.ceil());
    let clip = if train.clip > 0.0 { format!(", global_clipnorm={}", train.clip) } else { String::new() };
    let beta2 = if train.beta2 == BETA2 { String::new() } else { format!(", beta_2={}", train.beta2) };
    let optimizer = match train.optimizer.as_str() {
        "sgd" => format!("SGD({rate}{clip})"),
        "momentum" => format!("SGD({rate}, momentum=0.9{clip})"),
        "adamw" => format!("AdamW({rate}, weight_decay={}{beta2}, epsilon=1e-8{clip})", train.weight_decay),
        _ => format!("Adam({rate}{beta2}, epsilon=1e-8{clip})"),
    };
    let mut before = String::new();
    if script.python_schedule().is_some() || script.ends_within() {
        before += &format!("steps = {}\n\n\n", script.python_steps(&format!("(len(x_train) // {batch})")));
    }
    let mut callbacks = Vec::new();
    if let Some(factor) = script.python_schedule() {
        callbacks.push("Schedule()");
        before += &format!(
            "{factor}

class Schedule(keras.callbacks.Callback):
    step = 0

    def on_train_batch_begin(self, batch, logs=None):
        self.model.optimizer.learning_rate = {rate} * factor(self.step)
        self.step += 1


"
        );
    }
    if script.ends_within() {
        callbacks.push("End()");
        before += END;
    }
    let callbacks = match callbacks.join(", ") {
        none if none.is_empty() => none,
        some => format!(", callbacks=[{some}]"),
    };
    let own = if script.has(DRAWN) { OWN_PARTS } else { "" };
    let weights = match script.has(CELLS) || script.has(ROWS) || script.has(DRAWN) {
        true => {
            WEIGHTS.replacen(PARTS, &format!("{own}{CELL_PARTS}{PARTS}"), 1).replacen(TURN, TURN_MATRICES, 1)
        }
        false => WEIGHTS.to_string(),
    };
    format!(
        "{before}{defined}model.compile(
    optimizer=keras.optimizers.{optimizer},
    loss={loss},
    metrics=[{metric}],
)
{weights}    model.fit(x_train, y_train, batch_size={batch}, epochs={epochs}, validation_data=(x_test, y_test){callbacks})
"
    )
}

/// A weight file is laid out as PyTorch has it: what comes out of a layer stands first, here it stands last.
const WEIGHTS: &str = "if len(sys.argv) > 1:
    from safetensors.numpy import load_file

    saved = load_file(sys.argv[1])
    for layer in model.layers:
        parts = [saved.get(f\"{layer.name}.{part}\") for part in (\"weight\", \"bias\", \"running_mean\", \"running_var\")]
        parts = [part for part in parts if part is not None]
        if parts and parts[0].ndim > 1:
            parts[0] = numpy.moveaxis(parts[0], (0, 1), (-1, -2))
        layer.set_weights(parts)
    model.evaluate(x_test, y_test)
else:
";

/// Where `WEIGHTS` puts a layer's parts together, and turns them.
const PARTS: &str = "        if parts and ";
const TURN: &str = "parts[0].ndim > 1:";
/// A table of rows is as PyTorch has it.
const TURN_MATRICES: &str = "parts[0].ndim > 1 and not isinstance(layer, (layers.Embedding, layers.RNN)):";

/// Layers that the script defines have their parts as PyTorch has them.
const OWN_PARTS: &str = "        if hasattr(layer, \"parts\"):
            layer.set_weights([saved[f\"{layer.name}.{part}\"] for part in layer.parts])
            continue
";

/// PyTorch has a recurrent layer's gates one below the other, a GRU's reset gate first; Keras its update gate.
const CELL_PARTS: &str = "        place = layer.name.removesuffix(\"_reverse\")
        names = (\"weight_ih_l0\", \"weight_hh_l0\", \"bias_ih_l0\", \"bias_hh_l0\")
        cell = [saved.get(f\"{place}.{name}{layer.name[len(place) :]}\") for name in names]
        if cell[0] is not None:
            if isinstance(layer, layers.GRU):
                blocks = [numpy.split(part, 3) for part in cell]
                cell = [numpy.concatenate([update, reset, new]) for reset, update, new in blocks]
            biases = numpy.stack(cell[2:]) if isinstance(layer, layers.GRU) else cell[2] + cell[3]
            parts = [cell[0].T, cell[1].T, biases]
";

/// Of a run whose last epoch is a part of one.
const END: &str = "class End(keras.callbacks.Callback):
    step = 0

    def on_train_batch_end(self, batch, logs=None):
        self.step += 1
        self.model.stop_training = self.step == steps


";

/// What must be defined for the loss, and the loss.
fn loss(script: &Script) -> (String, &'static str) {
    let (share, classes) = (script.spec.train.label_smoothing, script.outputs);
    if share == 0.0 {
        return (String::new(), "keras.losses.SparseCategoricalCrossentropy(from_logits=True)");
    }
    let smoothed = format!(
        "def loss(truth, logits):
    truth = keras.ops.one_hot(keras.ops.cast(keras.ops.reshape(truth, [-1]), \"int32\"), {classes})
    return keras.losses.categorical_crossentropy(truth, logits, from_logits=True, label_smoothing={share})


"
    );
    (smoothed, "loss")
}

/// Of every token that is asked for.
fn token_loss(script: &Script) -> (String, &'static str) {
    let (share, classes) = (script.spec.train.label_smoothing, script.outputs);
    let each = match share {
        0.0 => "keras.losses.sparse_categorical_crossentropy(truth, logits, from_logits=True)".to_string(),
        _ => format!(
            "keras.losses.categorical_crossentropy(\n        keras.ops.one_hot(truth, {classes}), logits, from_logits=True, label_smoothing={share}\n    )"
        ),
    };
    let defined = format!(
        "def loss(truth, logits):
    truth = keras.ops.cast(truth, \"int32\")
    asked = keras.ops.cast(truth >= 0, \"float32\")
    truth = keras.ops.maximum(truth, 0)
    each = {each}
    return keras.ops.sum(each * asked) / keras.ops.sum(asked)


"
    );
    (defined, "loss")
}
