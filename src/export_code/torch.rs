//! A run as a PyTorch script. Layers are numbered and named as in the weight file, which the network can load.

use super::rows::{self, Rows};
use super::tokens::{Tokens, WRITE_ALL};
use super::{CELLS, Framework, Line, Script};
use crate::datasets::Dataset;
use crate::layers::page::LayerPage;
use crate::layers::{LayerKind, block, class_token, embedding, positions};
use crate::spec::{AFFINE, BETA2};

pub const FRAMEWORK: Framework = Framework {
    id: "pytorch",
    title: "PyTorch",
    file: "train_pytorch.py",
    takes_weights: true,
    pictures: |script, dataset| write(script, None, &pictures(script, dataset)),
    rows: Some(|script, rows| write(script, Some(rows), &examples(script, rows))),
    tokens: Some(write_tokens),
};

/// Datasets that torchvision fetches.
const KNOWN: &[(&str, &str)] =
    &[("mnist", "MNIST"), ("fashion_mnist", "FashionMNIST"), ("cifar10", "CIFAR10")];

fn write(script: &Script, rows: Option<&Rows>, data: &str) -> String {
    let number = rows.is_some_and(Rows::is_number);
    let mut imports = rows::imports(script, rows);
    imports += if script.ends_within() { "from itertools import islice\n" } else { "" };
    let numpy = rows.map_or("", |_| "import numpy\n");
    let loss = if number { "MSELoss()".into() } else { format!("CrossEntropyLoss({})", smoothing(script)) };
    [
        format!(
            "# {}\n{}{imports}\n{numpy}import torch\nfrom torch import nn\n",
            script.heading(),
            rows::usage(&FRAMEWORK)
        ),
        data.into(),
        model(script),
        format!("\ncriterion = nn.{loss}\n"),
        training(script),
        evaluation(number).into(),
        format!("epochs = {}\n{WEIGHTS}", script.spec.train.epochs.ceil()),
        format!("for epoch in range(epochs):\n{}", epoch(script)),
    ]
    .concat()
}

/// The network, and how it begins.
fn model(script: &Script) -> String {
    let line = |line: &Line| {
        format!("    {},  # {}\n", (LayerPage::of(line.info.layer).in_torch)(line), line.shape())
    };
    let layers: String = script.layers.iter().map(line).collect();
    format!("{}model = nn.Sequential(\n{layers})\n\n{}", script.definitions(0), start(script))
}

fn smoothing(script: &Script) -> String {
    match script.spec.train.label_smoothing {
        0.0 => String::new(),
        share => format!("label_smoothing={share}"),
    }
}

/// A script that reads a text, and writes on.
fn write_tokens(script: &Script, tokens: &Tokens) -> String {
    let mut imports = tokens.imports(script);
    imports += if script.ends_within() { "from itertools import islice\n" } else { "" };
    let smoothed = match smoothing(script) {
        none if none.is_empty() => none,
        share => format!(", {share}"),
    };
    let (seed, batch) = (script.spec.seed, script.spec.train.batch_size);
    [
        format!(
            "# {}\n{}{imports}\nimport numpy\nimport torch\nfrom torch import nn\n\n",
            script.heading(),
            tokens.usage(&FRAMEWORK)
        ),
        tokens.python(),
        tokens.python_examples(),
        format!(
            "torch.manual_seed({seed})
train_set, test_set = (
    torch.utils.data.TensorDataset(*map(torch.tensor, examples(part))) for part in (train, test)
)
train_batches = torch.utils.data.DataLoader(
    train_set, batch_size=min({batch}, len(train_set)), shuffle=True, drop_last=True
)
test_batches = torch.utils.data.DataLoader(test_set, batch_size=250)

"
        ),
        model(script),
        format!(
            "

def criterion(outputs, y):
    return nn.functional.cross_entropy(outputs.transpose(1, 2), y{smoothed})


"
        ),
        training(script),
        TOKEN_EVALUATION.replacen("LIKELIEST", &tokens.python_likeliest("argmax().item()"), 1).replacen(
            "tokens[None]",
            &read(script),
            1,
        ),
        tokens.python_writing().into(),
        format!("\n\nepochs = {}\n{TOKEN_WEIGHTS}{WRITE_ALL}", script.spec.train.epochs.ceil()),
        format!("for epoch in range(epochs):\n{}    print(write(\"\"))\n", epoch(script)),
    ]
    .concat()
}

/// What is read of all tokens, as a batch of one.
fn read(script: &Script) -> String {
    script.context().map_or("tokens[None]".into(), |most| format!("tokens[None, -{most}:]"))
}

/// The loss without smoothing, over all tokens that are asked for; and the likeliest token behind others.
const TOKEN_EVALUATION: &str = "

def evaluate(when):
    model.eval()
    loss, count = 0.0, 0
    with torch.no_grad():
        for x, y in test_batches:
            loss += nn.functional.cross_entropy(model(x).transpose(1, 2), y, reduction=\"sum\").item()
            count += (y >= 0).sum().item()
    print(f\"{when}: {loss / count:.3f} nats a token on {count} test tokens\")


def following(tokens):
    with torch.no_grad():
        logits = model(torch.tensor(tokens[None]))[0, -1]
    return LIKELIEST

";

const TOKEN_WEIGHTS: &str = "if len(sys.argv) > 2:
    from safetensors.torch import load_file

    model.load_state_dict(load_file(sys.argv[2]))
    epochs = 0
    evaluate(\"with these weights\")
";

const WEIGHTS: &str = "if len(sys.argv) > 1:
    from safetensors.torch import load_file

    model.load_state_dict(load_file(sys.argv[1]))
    epochs = 0
    evaluate(\"with these weights\")
";

/// The rows of the file that comes with the script.
fn examples(script: &Script, rows: &Rows) -> String {
    let (seed, batch) = (script.spec.seed, script.spec.train.batch_size);
    format!(
        "{}

def examples(rows):
    return torch.utils.data.TensorDataset(torch.tensor(features(rows)), torch.tensor(targets(rows)))


torch.manual_seed({seed})
train_set, test_set = examples(train), examples(test)
train_batches = torch.utils.data.DataLoader(
    train_set, batch_size=min({batch}, len(train_set)), shuffle=True, drop_last=True
)
test_batches = torch.utils.data.DataLoader(test_set, batch_size=250)

",
        rows.python()
    )
}

fn pictures(script: &Script, dataset: &Dataset) -> String {
    let (mean, std) = (Script::tuple(dataset.mean), Script::tuple(dataset.std));
    let (seed, batch) = (script.spec.seed, script.spec.train.batch_size);
    let known = KNOWN.iter().find(|(id, _)| *id == dataset.about.id);
    let sets = match known {
        Some((_, name)) => {
            let (changes, train) = match changes(script) {
                Some(changes) => (format!("change = transforms.Compose([{changes}, prepare])\n"), "change"),
                None => (String::new(), "prepare"),
            };
            format!(
                "from torchvision import datasets, transforms

torch.manual_seed({seed})
prepare = transforms.Compose([transforms.ToTensor(), transforms.Normalize(({mean}), ({std}))])
{changes}train_set = datasets.{name}(\"data\", train=True, download=True, transform={train})
test_set = datasets.{name}(\"data\", train=False, download=True, transform=prepare)
"
            )
        }
        None => format!(
            "import numpy

torch.manual_seed({seed})
# Arrays of your own: x_train and x_test [examples, {}], y_train and y_test [examples].
arrays = numpy.load(\"data.npz\")


def examples(split):
    x = torch.tensor(arrays[\"x_\" + split], dtype=torch.float32)
    y = torch.tensor(arrays[\"y_\" + split], dtype=torch.int64)
    return torch.utils.data.TensorDataset(x, y)


train_set, test_set = examples(\"train\"), examples(\"test\")
",
            script.shape.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")
        ),
    };
    format!(
        "{sets}train_batches = torch.utils.data.DataLoader(train_set, batch_size={batch}, shuffle=True, drop_last=True)
test_batches = torch.utils.data.DataLoader(test_set, batch_size=250)

"
    )
}

/// What happens to a training picture by chance.
fn changes(script: &Script) -> Option<String> {
    let side = *script.shape.last()?;
    let [shift, degrees, scale] = AFFINE;
    let [less, more] = [1.0 - scale, 1.0 + scale];
    Some(match script.spec.train.augment.as_str() {
        "flip" => "transforms.RandomHorizontalFlip()".into(),
        "flip_crop" => {
            format!("transforms.RandomHorizontalFlip(), transforms.RandomCrop({side}, padding=4)")
        }
        "affine" => format!(
            "transforms.RandomAffine({degrees}, translate=({shift} / {side}, {shift} / {side}), scale=({less}, {more}), \
             interpolation=transforms.InterpolationMode.BILINEAR)"
        ),
        _ => return None,
    })
}

fn start(script: &Script) -> String {
    let init = |weight: &str| match script.spec.train.init.as_str() {
        "xavier" => format!("nn.init.xavier_uniform_({weight})"),
        "small" => format!("nn.init.uniform_({weight}, -0.01, 0.01)"),
        "zeros" => format!("nn.init.zeros_({weight})"),
        _ => format!("nn.init.kaiming_uniform_({weight}, nonlinearity=\"relu\")"),
    };
    let last = match script.layers.last() {
        Some(line) if script.spec.train.init == "he" => {
            let bound = format!("{} ** -0.5", line.channels());
            format!("nn.init.uniform_(model[-1].weight, -({bound}), {bound})  # undecided at first\n")
        }
        _ => String::new(),
    };
    let dense = init("layer.weight");
    let plain = script.begins_plainly();
    let rows = if plain { init("layer.weight") } else { "nn.init.normal_(layer.weight, std=0.3)".into() };
    let embedding = match script.has(&[&embedding::KIND]) {
        true => format!("    if isinstance(layer, nn.Embedding):\n        {rows}\n"),
        false => String::new(),
    };
    let matrix = if plain { init("matrix") } else { "nn.init.orthogonal_(matrix, layer.gain)".into() };
    let cells = match script.has(CELLS) {
        true => format!(
            "    if isinstance(layer, nn.RNNBase):
        for name, weight in layer.named_parameters():
            parts = weight.data.chunk(len(layer.gates))
            if \"weight_ih\" in name:
                {}
            elif \"weight_hh\" in name:
                for matrix in parts:
                    {matrix}
            elif \"bias_ih\" in name:
                for bias, number in zip(parts, layer.gates):
                    nn.init.constant_(bias, number)
            else:
                nn.init.zeros_(weight)
",
            init("weight")
        ),
        false => String::new(),
    };
    let drawn = |kind: &LayerKind, class: &str, weights: &[&str]| {
        if !plain || !script.has(&[kind]) {
            return String::new();
        }
        let lines: String = weights.iter().map(|weight| format!("        {}\n", init(weight))).collect();
        format!("    if isinstance(layer, {class}):\n{lines}")
    };
    let blocks = drawn(&block::KIND, "Block", &["layer.self_attn.in_proj_weight", "layer.linear1.weight"]);
    let positions = drawn(&positions::KIND, "Positions", &["layer.weight"]);
    let class_token = drawn(&class_token::KIND, "ClassToken", &["layer.weight[None]"]);
    format!(
        "for layer in model.modules():
    if isinstance(layer, (nn.Conv2d, nn.Linear)):
        {dense}
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)
{embedding}{cells}{blocks}{positions}{class_token}{last}"
    )
}

fn training(script: &Script) -> String {
    let train = &script.spec.train;
    let rate = train.learning_rate;
    let betas = if train.beta2 == BETA2 { String::new() } else { format!(", betas=(0.9, {})", train.beta2) };
    let optimizer = match train.optimizer.as_str() {
        "sgd" => format!("SGD(model.parameters(), lr={rate})"),
        "momentum" => format!("SGD(model.parameters(), lr={rate}, momentum=0.9)"),
        "adamw" => {
            format!("AdamW(model.parameters(), lr={rate}, weight_decay={}{betas})", train.weight_decay)
        }
        _ => format!("Adam(model.parameters(), lr={rate}{betas})"),
    };
    let mut out = format!("optimizer = torch.optim.{optimizer}\n");
    if train.l1 > 0.0 || train.l2 > 0.0 {
        out += "weights = [p for p in model.parameters() if p.dim() > 1]\n";
    }
    if script.python_schedule().is_some() || script.ends_within() {
        out += &format!("steps = {}\n", script.python_steps("len(train_batches)"));
    }
    if let Some(schedule) = script.python_schedule() {
        out += &format!("\n\n{schedule}\n\n");
        out += "scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, factor)\n";
    }
    out
}

fn epoch(script: &Script) -> String {
    let train = &script.spec.train;
    let batches = match script.ends_within() {
        true => "islice(train_batches, steps - epoch * len(train_batches))",
        false => "train_batches",
    };
    let mut out = format!(
        "    model.train()
    for x, y in {batches}:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
"
    );
    if train.l1 > 0.0 {
        out += &format!("        loss = loss + {} * sum(w.abs().sum() for w in weights)\n", train.l1);
    }
    if train.l2 > 0.0 {
        out += &format!("        loss = loss + {} / 2 * sum((w * w).sum() for w in weights)\n", train.l2);
    }
    out += "        loss.backward()\n";
    if train.clip > 0.0 {
        out += &format!("        nn.utils.clip_grad_norm_(model.parameters(), {})\n", train.clip);
    }
    out += "        optimizer.step()\n";
    if script.python_schedule().is_some() {
        out += "        scheduler.step()\n";
    }
    out + "    evaluate(f\"epoch {epoch + 1}\")
"
}

/// What is right, or how much of the spread of a number is explained.
fn evaluation(number: bool) -> &'static str {
    if number {
        "

def evaluate(when):
    model.eval()
    x, y = test_set.tensors
    with torch.no_grad():
        r2 = 1 - ((model(x) - y) ** 2).sum() / ((y - y.mean()) ** 2).sum()
    print(f\"{when}: R² = {r2:.3f} on {len(test_set)} test examples\")


"
    } else {
        "

def evaluate(when):
    model.eval()
    with torch.no_grad():
        right = sum((model(x).argmax(1) == y).sum().item() for x, y in test_batches)
    print(f\"{when}: {right / len(test_set):.2%} of {len(test_set)} test examples\")


"
    }
}
