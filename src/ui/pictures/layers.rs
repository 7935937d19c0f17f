//! How the picture went through the network: its parts in order, their layers, and what a layer makes of the
//! picture. All but the maps is known without any engine.

use super::maps;
use super::queue::{Shelf, unexpected};
use super::viewer_state::Maps;
use crate::layers;
use crate::pretrained::{Activation, Layer, Op};
use crate::protocol::vision::{VisionAnswer, VisionQuestion};
use crate::ui::components::format;
use crate::ui::components::reactive::{effect, part, text};
use crate::ui::language::tr;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_bytes::ByteBuf;
use std::sync::Arc;

/// Layers that follow each other and have one name for people.
struct Block {
    name: String,
    layers: Vec<(usize, Layer)>,
}

impl Block {
    fn all(layers: Vec<Layer>) -> Vec<Self> {
        let mut blocks: Vec<Self> = Vec::new();
        for (index, layer) in layers.into_iter().enumerate() {
            match blocks.last_mut() {
                Some(block) if block.name == layer.part => block.layers.push((index, layer)),
                _ => blocks.push(Self { name: layer.part.clone(), layers: vec![(index, layer)] }),
            }
        }
        blocks
    }

    fn sum(&self, of: fn(&Layer) -> usize) -> usize {
        self.layers.iter().map(|(_, layer)| of(layer)).sum()
    }
}

pub fn panel(shelf: Shelf) -> AnyView {
    ask_when_needed(shelf);
    let blocks = Block::all((shelf.network.layers)());
    let total = |of: fn(&Layer) -> usize| blocks.iter().map(|b| b.sum(of)).sum::<usize>();
    let (parameters, multiply_adds) = (total(Layer::parameters), total(Layer::multiply_adds));
    let most = blocks.iter().map(|b| b.sum(Layer::multiply_adds)).max().unwrap_or(1);
    let count = blocks.iter().map(|b| b.layers.len()).sum::<usize>();
    let side = shelf.network.input.side;
    let rows = blocks.iter().map(|b| block_row(shelf, b, most)).collect_view();
    view! {
        <section class="vision-panel inside" aria-labelledby="title-inside" data-testid="inside">
            <h2 class="panel-title" id="title-inside">{tr!("The network")}</h2>
            <p class="inside-lead">
                <strong>{shelf.network.title}</strong>": "
                {tr!(
                    "{} layers, {} parameters, {} million multiply-adds for each picture. From part to part it has fewer places and more channels. Open a part and choose a layer to see what it makes of your picture.",
                    count,
                    format::count(parameters as u64),
                    format::decimals(multiply_adds as f64 / 1e6, 0)
                )}
            </p>
            <div class="net-head" aria-hidden="true">
                <span>{tr!("Part")}</span><span>{tr!("Output")}</span><span>{tr!("Parameters")}</span><span>{tr!("Multiply-adds")}</span>
            </div>
            <div class="net-input"><span class="net-name">{tr!("Input")}</span><span class="net-shape mono">{format!("3 × {side} × {side}")}</span></div>
            {rows}
        </section>
    }
    .into_any()
}

fn block_row(shelf: Shelf, block: &Block, most: usize) -> AnyView {
    let shape = block.layers.last().map(|(_, l)| shape(&l.to)).unwrap_or_default();
    let work = block.sum(Layer::multiply_adds);
    let share = format!("{:.1}%", work as f64 / most.max(1) as f64 * 100.0);
    let rows = block.layers.iter().map(|(index, layer)| layer_row(shelf, *index, layer)).collect_view();
    let name = part_name(&block.name);
    view! {
        <details class="net-part" data-testid="part">
            <summary>
                <span class="net-name">{name}</span>
                <span class="net-shape mono">{shape}</span>
                <span class="net-parameters num" data-unit=tr!("parameters")>{format::count(block.sum(Layer::parameters) as u64)}<span class="sr-only">" "{tr!("parameters")}</span></span>
                <span class="net-work num">
                    <i style:width=share></i>
                    {tr!("{} M", format::decimals(work as f64 / 1e6, 1))}<span class="sr-only">" "{tr!("multiply-adds")}</span>
                </span>
            </summary>
            <div class="net-layers">{rows}</div>
        </details>
    }
    .into_any()
}

fn layer_row(shelf: Shelf, index: usize, layer: &Layer) -> AnyView {
    let look = shelf.look;
    let open = move || look.layer.get() == Some(index);
    let toggle = move |_| {
        let now = (!untrack(open)).then_some(index);
        if now.is_some() {
            shelf.scene.state.count_action("layer");
        }
        look.layer.set(now);
    };
    let about = StoredValue::new(about(layer));
    let channels = layer.to[0];
    let title = op_title(layer.op);
    view! {
        <button
            type="button"
            class="net-layer"
            aria-expanded=text(move || open().to_string())
            on:click=toggle
        >
            <span class="net-name">{title}{layer.adds.map(|_| format!(" {}", tr!("+ shortcut")))}</span>
            <span class="net-shape mono">{shape(&layer.to)}</span>
            <span class="net-parameters num" data-unit=tr!("parameters")>{format::count(layer.parameters() as u64)}</span>
            <span class="net-work num">{tr!("{} M", format::decimals(layer.multiply_adds() as f64 / 1e6, 1))}</span>
        </button>
        {part(move || open().then(|| maps::view(shelf, about, channels)))}
    }
    .into_any()
}

/// Asks what the chosen layer makes of the picture whenever one of the two changes; late answers are dropped.
fn ask_when_needed(shelf: Shelf) {
    let look = shelf.look;
    let latest = StoredValue::new(0_u32);
    effect(move |_| {
        let mine = latest.get_value().wrapping_add(1);
        latest.set_value(mine);
        // A stroke that is still being painted asks nothing; its end does.
        look.after.track();
        let there = look.read.with(Option::is_some);
        let Some(layer) = look.layer.get().filter(|_| there) else { return look.maps.set(None) };
        let input = look.painted.get_untracked().unwrap_or_else(|| look.input.get_untracked());
        if look.maps.with_untracked(Option::is_none) {
            look.maps.set(Some(Maps::Waiting));
        }
        spawn_local(async move {
            let question = VisionQuestion::Inside {
                network: shelf.network.id.into(),
                input: ByteBuf::from(input.as_slice()),
                layer: layer as u16,
            };
            let answer = shelf.reader.ask(question).await;
            if latest.try_get_value() != Some(mine) {
                return;
            }
            look.maps.set(Some(match answer {
                Ok(VisionAnswer::Inside(plane)) => Maps::Here(Arc::new(plane)),
                Ok(_) => Maps::Failed(unexpected()),
                Err(failure) => Maps::Failed(failure),
            }));
        });
    });
}

/// “144 × 56 × 56”, or how many numbers where there are no places any more.
fn shape(shape: &[usize; 3]) -> String {
    match *shape {
        [channels, 1, 1] => format::count(channels as u64),
        _ => layers::format_shape(shape),
    }
}

/// “Block 3”, or the part’s own name.
fn part_name(name: &str) -> String {
    match name.strip_prefix("Block ") {
        Some(number) => tr!("Block {}", number),
        None if name == "Stem" => tr!("Stem"),
        None if name == "Head" => tr!("Head"),
        None => tr!("Classifier"),
    }
}

/// What the layer is called in the field, in the page's language.
fn op_title(op: Op) -> String {
    let (name, stride) = match op {
        Op::Conv { kernel, stride } => (tr!("Convolution {0} × {0}", kernel), stride),
        Op::Depthwise { kernel, stride } => (tr!("Depthwise {0} × {0}", kernel), stride),
        Op::Pointwise => (tr!("Pointwise 1 × 1"), 1),
        Op::GlobalAverage => (tr!("Global average"), 1),
        Op::Dense => (tr!("Dense"), 1),
        Op::SpaceToDepth => (tr!("Space to depth 2 × 2"), 1),
        Op::MaxPool { kernel } => (tr!("Max pooling {0} × {0}", kernel), 1),
        Op::Upsample => (tr!("Upsampling 2 × 2"), 1),
        Op::Concat => (tr!("Concatenation"), 1),
    };
    if stride > 1 { tr!("{}, stride {}", name, stride) } else { name }
}

/// What the layer does, in a sentence or two.
fn about(layer: &Layer) -> String {
    let number = |n: usize| format::count(n as u64);
    let (from, to) = (number(layer.from[0]), number(layer.to[0]));
    let mut said = match layer.op {
        Op::Conv { kernel, .. } => tr!(
            "{0} filters of {1} × {1} slide over the picture; each sees red, green and blue at once.",
            to,
            kernel
        ),
        Op::Depthwise { kernel, .. } => tr!(
            "One {0} × {0} filter for each of the {1} channels, and it sees no other: the only layer of the block that looks at neighbours, and cheap.",
            kernel,
            from
        ),
        Op::Pointwise if layer.to[0] > layer.from[0] => tr!(
            "At each place {} weighted sums of the {} channels there: more channels for what follows to work on.",
            to,
            from
        ),
        Op::Pointwise => tr!(
            "At each place {} weighted sums of the {} channels there: what was found is put together and made narrow again.",
            to,
            from
        ),
        Op::GlobalAverage => {
            tr!(
                "The mean of each of the {} channels over all places: where something is no longer counts, only that it is.",
                from
            )
        }
        Op::Dense => tr!(
            "A score for each of the {} kinds: a weighted sum of {} features. Softmax turns scores into probabilities.",
            to,
            from
        ),
        Op::SpaceToDepth => {
            tr!(
                "Each 2 × 2 pixels become one of four times the channels: nothing is lost, and what follows has a quarter of the places."
            )
        }
        Op::MaxPool { kernel } => {
            tr!(
                "The largest of each {0} × {0} window, channel by channel: what was found somewhere near.",
                kernel
            )
        }
        Op::Upsample => tr!("Each place becomes 2 × 2 like it, so that it fits a finer map."),
        Op::Concat => tr!("The channels of several layers side by side: {} of them.", to),
    };
    if layer.adds.is_some() {
        said.push(' ');
        said += &tr!(
            "Then what came into the block is added: a shortcut, so that the block need only learn what to change."
        );
    }
    if layer.activation == Activation::Relu6 {
        said.push(' ');
        said += &tr!("Below 0 becomes 0, above 6 becomes 6.");
    }
    said
}
