//! A run as a Keras script, on whatever backend Keras has.

use super::{Framework, Line, Script};
use crate::layers::LayerSpec;

pub const FRAMEWORK: Framework = Framework { id: "keras", title: "Keras", file: "train_keras.py", write };

/// Datasets that Keras fetches.
const KNOWN: &[(&str, &str)] =
    &[("mnist", "mnist"), ("fashion_mnist", "fashion_mnist"), ("cifar10", "cifar10")];

fn write(script: &Script) -> String {
    let math = if script.python_schedule().is_some() { "import math\n\n" } else { "" };
    let residual = if script.has_residual() { RESIDUAL } else { "" };
    let layers: String = script
        .layers
        .iter()
        .map(|line| format!("x = {}  # {}\n", layer(script, line), shape(line)))
        .collect();
    [
        format!("{}\n{math}import keras\nfrom keras import layers\n\n", script.heading_without_augment("#")),
        data(script),
        start(script),
        residual.into(),
        format!("inputs = keras.Input(({}))\nx = inputs\n{layers}", dimensions(&script.shape())),
        "model = keras.Model(inputs, x)\n".into(),
        training(script),
    ]
    .concat()
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

fn data(script: &Script) -> String {
    let (mean, std) = (Script::tuple(script.dataset.mean), Script::tuple(script.dataset.std));
    let known = KNOWN.iter().find(|(id, _)| *id == script.dataset.about.id);
    let seed = script.spec.seed;
    let Some((_, name)) = known else {
        return format!(
            "import numpy

# Arrays of your own: x_train and x_test [examples, {}], y_train and y_test [examples].
arrays = numpy.load(\"data.npz\")
x_train, y_train, x_test, y_test = (arrays[name] for name in (\"x_train\", \"y_train\", \"x_test\", \"y_test\"))
keras.utils.set_random_seed({seed})

",
            dimensions(&script.shape()).trim_end_matches(',')
        );
    };
    format!(
        "(x_train, y_train), (x_test, y_test) = keras.datasets.{name}.load_data()


def prepare(x):
    x = x.reshape(-1, {}).astype(\"float32\") / 255
    return (x - ({mean})) / ({std})


x_train, x_test = prepare(x_train), prepare(x_test)
keras.utils.set_random_seed({seed})

",
        dimensions(&script.shape()).trim_end_matches(',')
    )
}

fn layer(script: &Script, line: &Line) -> String {
    let layer = match line.info.layer {
        LayerSpec::Conv { filters, kernel } => {
            format!("Conv2D({filters}, {kernel}, padding=\"same\", **start)")
        }
        LayerSpec::Crop { border } => format!("Cropping2D({border})"),
        LayerSpec::Relu => "ReLU()".into(),
        LayerSpec::LeakyRelu => "LeakyReLU(negative_slope=0.01)".into(),
        LayerSpec::Gelu => "Activation(\"gelu\")".into(),
        LayerSpec::Tanh => "Activation(\"tanh\")".into(),
        LayerSpec::Sigmoid => "Activation(\"sigmoid\")".into(),
        LayerSpec::MaxPool => "MaxPooling2D(2)".into(),
        LayerSpec::AvgPool => "AveragePooling2D(2)".into(),
        LayerSpec::GlobalAvgPool => "GlobalAveragePooling2D()".into(),
        LayerSpec::BatchNorm => NORM.into(),
        LayerSpec::Dropout { percent } => format!("Dropout({})", percent as f64 / 100.0),
        LayerSpec::Flatten => "Flatten()".into(),
        // Undecided at first.
        LayerSpec::Dense { units } if line.last && script.spec.train.init == "he" => {
            let small = "keras.initializers.VarianceScaling(1 / 3, \"fan_in\", \"uniform\")";
            format!("Dense({units}, **{{**start, \"kernel_initializer\": {small}}})")
        }
        LayerSpec::Dense { units } => format!("Dense({units}, **start)"),
        LayerSpec::Residual { filters, stride } => return format!("residual(x, {filters}, {stride})"),
    };
    format!("layers.{layer}(x)")
}

const NORM: &str = "BatchNormalization(momentum=0.9, epsilon=1e-5)";

const RESIDUAL: &str = "

def residual(x, filters, stride):
    def conv(x, kernel, stride):
        x = layers.Conv2D(filters, kernel, stride, padding=\"same\", use_bias=False, **start)(x)
        return layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)

    y = layers.ReLU()(conv(x, 3, stride))
    y = conv(y, 3, 1)
    if stride != 1 or x.shape[-1] != filters:
        x = conv(x, 1, stride)
    return layers.ReLU()(layers.Add()([x, y]))


";

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
    format!("start = dict(kernel_initializer={init}{penalty})\n")
}

fn training(script: &Script) -> String {
    let train = &script.spec.train;
    let (rate, batch, epochs) = (train.learning_rate, train.batch_size, train.epochs.ceil());
    let clip = if train.clip > 0.0 { format!(", global_clipnorm={}", train.clip) } else { String::new() };
    let optimizer = match train.optimizer.as_str() {
        "sgd" => format!("SGD({rate}{clip})"),
        "momentum" => format!("SGD({rate}, momentum=0.9{clip})"),
        "adamw" => format!("AdamW({rate}, weight_decay={}, epsilon=1e-8{clip})", train.weight_decay),
        _ => format!("Adam({rate}, epsilon=1e-8{clip})"),
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
    let (smoothed, loss) = loss(script);
    format!(
        "{before}{smoothed}model.compile(
    optimizer=keras.optimizers.{optimizer},
    loss={loss},
    metrics=[\"accuracy\"],
)
model.fit(x_train, y_train, batch_size={batch}, epochs={epochs}, validation_data=(x_test, y_test){callbacks})
"
    )
}

/// Of a run whose last epoch is a part of one.
const END: &str = "class End(keras.callbacks.Callback):
    step = 0

    def on_train_batch_end(self, batch, logs=None):
        self.step += 1
        self.model.stop_training = self.step == steps


";

/// What must be defined for the loss, and the loss.
fn loss(script: &Script) -> (String, &'static str) {
    let (share, classes) = (script.spec.train.label_smoothing, script.dataset.classes.len());
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
