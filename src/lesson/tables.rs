//! The names that a lesson may use: places of the page to point at, facts to check, and questions that the visitor's
//! own run answers. Adding one is a row here and, for a fact, what tells its value (`ui/lessons/conditions.rs`).

/// A place of the page that a lesson can point at.
#[derive(Debug)]
pub struct Landmark {
    pub name: &'static str,
    /// The panel that it is on; empty where it is on none.
    pub panel: &'static str,
    /// A link that leaves this control out (`link::CONTROLS`) leaves out the place; empty where none does.
    pub control: &'static str,
    /// CSS selectors of which the first that is there counts: some things are there only when something was done, and
    /// a phone leaves some out.
    pub selectors: &'static str,
}

impl Landmark {
    pub fn by_name(name: &str) -> Option<&'static Self> {
        PLACES.iter().find(|place| place.name == name)
    }
}

const fn at(
    name: &'static str,
    panel: &'static str,
    control: &'static str,
    selectors: &'static str,
) -> Landmark {
    Landmark { name, panel, control, selectors }
}

pub const PLACES: &[Landmark] = &[
    at("data", "data", "", "#panel-data"),
    at("samples", "data", "", "[data-testid=samples]"),
    at("split", "data", "", "[data-testid=split]"),
    at("pipeline", "data", "", "[data-testid=pipeline]"),
    at("model", "model", "model.id", "#panel-model"),
    at("network", "model", "", "[data-testid=network]"),
    at("channels", "model", "", "[data-testid=channels] | [data-testid=network]"),
    at("parameters", "model", "", "[data-testid=parameters]"),
    at("sizes", "model", "settings", "[data-testid=sizes]"),
    at("training", "model", "settings", "[data-testid=training]"),
    at("learned", "learned", "", "#panel-learned"),
    at("accuracy", "learned", "", "[data-testid=accuracy]"),
    at("loss", "learned", "", "[data-testid=chart-loss]"),
    at("tests", "learned", "", "[data-testid=test-grid]"),
    at("confusion", "learned", "", "[data-testid=confusion]"),
    at("mistakes", "learned", "", "[data-testid=mistakes]"),
    at("pad", "try", "", "[data-testid=pad] | [data-testid=photo]"),
    at("answer", "try", "", "[data-testid=answer]"),
    // Points of the plane.
    at("points", "data", "", "[data-testid=point-sets]"),
    at("neurons", "model", "", "[data-testid=graph]"),
    at("neuron", "model", "", "[data-testid=neuron-card] | [data-testid=graph]"),
    at("plane", "learned", "", "[data-testid=surface]"),
    at("trace", "try", "", "[data-testid=stages]"),
    // Texts and recurrent networks.
    at("text-data", "data", "", "[data-testid=text-data] | [data-testid=example] | #panel-data"),
    at("distance", "data", "settings", "[data-testid=\"number-data.distance\"]"),
    at("cell", "model", "settings", "[data-control=\"model.cell\"] | #panel-model"),
    at("sample", "learned", "", "[data-testid=sample]"),
    at("lines-to-beat", "learned", "", "[data-testid=lines-to-beat] | [data-testid=baselines]"),
    at("states", "learned", "", "[data-testid=states]"),
    at("positions", "model", "settings", "[data-control=\"model.positions\"] | #panel-model"),
    at("attention", "learned", "", "[data-testid=attention]"),
    at("experiment", "learned", "", "[data-testid=experiment]"),
    at("amount", "data", "settings", "[data-testid=amount] | #panel-data"),
    at("patches", "learned", "", "[data-testid=patch-attention] | #panel-learned"),
    at("prompt", "try", "", "[data-testid=prompt]"),
    at("fill", "try", "", "[data-testid=fill]"),
    at("play", "", "play", "[data-testid=play]"),
    // A phone has no room for it in its bar: there it is among the settings of the training.
    at("rate", "", "rate", "[data-testid=learning-rate] | [data-testid=training]"),
    // A network that comes trained.
    at("give", "", "", "[data-testid=drop]"),
    at("photos", "", "", "[data-testid=picture-samples]"),
    at("says", "", "", "[data-testid=says] | [data-testid=drop]"),
    at("sees", "", "", "[data-testid=stage] | [data-testid=drop]"),
    at("inside", "", "", "[data-testid=inside]"),
    // Boxes around things.
    at("score", "", "", "[data-control=score] | [data-testid=drop]"),
    at("suppress", "", "", "[data-control=suppress] | [data-testid=drop]"),
    at(
        "step-by-step",
        "",
        "",
        "[data-control=step-by-step] | [data-testid=detect-step] | [data-testid=drop]",
    ),
    at("own-box", "", "", "[data-testid=own] | [data-testid=drop]"),
    // A network that draws.
    at("kinds", "", "", "[data-testid=sketch-kinds]"),
    at("paper", "", "", "[data-testid=sketch-paper]"),
    at("expected", "", "", "[data-testid=sketch-expects]"),
    at("temperature", "", "", "[data-testid=sketch-temperature]"),
    at("endings", "", "", "[data-testid=sketch-endings]"),
    // The visitor's own classes.
    at("classes", "data", "", "[data-testid=classes]"),
    at("train", "", "", "[data-testid=train]"),
    at("own-accuracy", "learned", "", "[data-testid=own-accuracy] | #panel-learned"),
    at("own-curve", "model", "", "[data-testid=own-curve] | #panel-model"),
    at("own-try", "try", "", "#panel-try"),
];

/// What can be checked besides the settings by their dotted keys.
#[derive(Debug)]
pub struct Fact {
    pub name: &'static str,
    /// Without this control of the page it cannot come true; empty where there is none.
    pub control: &'static str,
    /// Something that the visitor does by hand, counted since the step was shown (for a goal: since the lesson was
    /// opened).
    pub deed: bool,
}

impl Fact {
    pub fn by_name(name: &str) -> Option<&'static Self> {
        FACTS.iter().find(|fact| fact.name == name)
    }

    /// All of them, for who wrote one that is none.
    pub fn names() -> String {
        FACTS.iter().map(|fact| fact.name).collect::<Vec<_>>().join(", ")
    }
}

const fn of_run(name: &'static str) -> Fact {
    Fact { name, control: "play", deed: false }
}

const fn state(name: &'static str) -> Fact {
    Fact { name, control: "", deed: false }
}

const fn deed(name: &'static str) -> Fact {
    Fact { name, control: "", deed: true }
}

pub const FACTS: &[Fact] = &[
    of_run("step"),
    of_run("epoch"),
    of_run("seconds"),
    of_run("train_loss"),
    of_run("train_accuracy"),
    of_run("test_loss"),
    of_run("test_accuracy"),
    // Steps that were trained since the step was shown; of the visitor's own classes: trainings.
    of_run("trained_since"),
    // The same, but no longer than the learning rate is what it is.
    of_run("step_at_rate"),
    // Photos that are there and have been read.
    state("photo"),
    // The visitor's own classes: pictures, classes with any, a classifier, and pictures that it was trained with.
    state("pictures"),
    state("classes"),
    state("taught"),
    state("trained_on"),
    deed("shown"),
    deed("played"),
    deed("stepped"),
    deed("reset"),
    deed("drawn"),
    deed("looked"),
    deed("probed"),
    deed("cell"),
    deed("neuron"),
    deed("weighed"),
    deed("traced"),
    deed("pixel"),
    deed("pipeline"),
    deed("classified"),
    // Had things found in a picture, moved how sure a box must be, saw all boxes, and went through them one by one.
    deed("detected"),
    deed("scored"),
    deed("raw_boxes"),
    deed("walked_box"),
    // Drew a box; one that shares half, or four fifths, with a found one (intersection over union).
    deed("boxed"),
    deed("boxed_half"),
    deed("boxed_tight"),
    // Saw where the network looked: each time, and in how many different photos.
    deed("overlay"),
    deed("overlaid"),
    // Chose a layer of a network that comes trained.
    deed("layer"),
    // Had the visitor's own classifier answer.
    deed("tried"),
    // Had the network write, with a beginning of the visitor's own, and put another token into what it wrote.
    deed("wrote"),
    deed("began"),
    deed("chose_token"),
    // Had an experiment train a network: each run of it.
    deed("measured"),
    // Typed what recurrent layers read, chose another unit of theirs, opened another of their strips.
    deed("read"),
    deed("unit"),
    deed("gate"),
    // Switched a head off or on.
    deed("switched_head"),
    // Chose another head of a Transformer block, or another token that looks.
    deed("head"),
    deed("looking_token"),
    // Chose a patch of a picture that looks, or all blocks together.
    deed("looking_patch"),
    deed("rollout"),
    // Hid a token of a text, and put one where another was hidden.
    deed("hid"),
    deed("filled"),
    // Had a drawing finished that the visitor began, or one drawn from nothing.
    deed("finished"),
    deed("dreamed"),
    // Looked at where the pen may go, or looked after another move.
    deed("expected"),
    // Nine endings at a low temperature, and at a high one.
    deed("nine_cold"),
    deed("nine_hot"),
];

/// Questions whose answers are computed: from the run (`lesson::offered`), and from how far nine endings of a drawing lie
/// apart (`lesson::varied`).
pub const QUESTIONS: &[&str] = &["confused", VARIED];
pub const VARIED: &str = "varied";
