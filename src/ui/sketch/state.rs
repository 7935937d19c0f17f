//! What there is: the visitor's strokes, how the network finished them, and what was measured of several endings.

use crate::protocol::Failure;
use crate::sampling::stroke::NextMove;
use crate::sketch::moves::{PAPER, Pen, PenMove, Point, moves_of, places};
use crate::sketch::{SKETCHERS, Sketcher};
use crate::ui::client::vision::VisionClient;
use crate::ui::panels::panel_state::PanelState;
use crate::ui::pictures::queue::WeightsState;
use crate::ui::timers::Debounce;
use leptos::prelude::*;
use std::sync::Arc;

/// Bold enough to be various, and yet what is drawn can be told.
const TEMPERATURE: f64 = 0.4;
pub const HOTTEST: f64 = 1.5;
pub const SEED: u32 = 7;

/// One ending of what was begun, and the strokes that it draws.
#[derive(Clone, Debug, PartialEq)]
pub struct Ending {
    /// Where the pen was.
    pub start: Point,
    /// What the visitor drew last, if anything.
    pub before: Option<PenMove>,
    pub moves: Vec<PenMove>,
    pub strokes: Vec<Vec<Point>>,
}

/// How far apart the pens of nine endings of one beginning are, as a share of the paper's side (`sketch::spread`).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    pub temperature: f64,
    pub spread: f64,
}

/// `Copy`. It belongs to the page, not to the view: nothing is lost when the visitor comes back.
#[derive(Clone, Copy)]
pub struct SketchState {
    pub reader: VisionClient,
    pub scene: PanelState,
    pub kind: RwSignal<&'static Sketcher>,
    /// The visitor's, in units of the paper.
    pub strokes: RwSignal<Vec<Vec<Point>>>,
    pub temperature: RwSignal<f64>,
    pub ending: RwSignal<Option<Arc<Ending>>>,
    /// So many moves of the ending are drawn by now.
    pub shown: RwSignal<usize>,
    pub nine: RwSignal<Vec<Arc<Ending>>>,
    /// Of the beginning that is there, by rising temperature.
    pub measured: RwSignal<Vec<Measured>>,
    /// What the network expects of the pen is shown.
    pub looks: RwSignal<bool>,
    /// Before every move of what is drawn, and of the next one.
    pub expected: RwSignal<Option<Arc<Vec<NextMove>>>>,
    /// The move that is looked at, where it is not the pen's present one.
    pub at: RwSignal<Option<usize>>,
    pub weights: RwSignal<WeightsState>,
    /// Bytes of the weights, and whether an earlier visit left them here; none until the server has said.
    pub size: RwSignal<Option<(u64, bool)>>,
    /// The network draws.
    pub working: RwSignal<bool>,
    pub trouble: RwSignal<Option<Failure>>,
    /// Milliseconds of its last step.
    pub pace: RwSignal<Option<f64>>,
    pub seed: StoredValue<u32>,
    /// Raised whenever what was asked for is no longer wanted.
    pub turn: StoredValue<u32>,
    pub soon: StoredValue<Debounce, LocalStorage>,
}

impl SketchState {
    fn new(reader: VisionClient, scene: PanelState) -> Self {
        Self {
            reader,
            scene,
            kind: RwSignal::new(&SKETCHERS[0]),
            strokes: RwSignal::default(),
            temperature: RwSignal::new(TEMPERATURE),
            ending: RwSignal::new(None),
            shown: RwSignal::new(0),
            nine: RwSignal::default(),
            measured: RwSignal::default(),
            looks: RwSignal::new(false),
            expected: RwSignal::new(None),
            at: RwSignal::new(None),
            weights: RwSignal::new(WeightsState::Away),
            size: RwSignal::new(None),
            working: RwSignal::new(false),
            trouble: RwSignal::new(None),
            pace: RwSignal::new(None),
            seed: StoredValue::new(SEED),
            turn: StoredValue::new(0),
            soon: StoredValue::new_local(Debounce::default()),
        }
    }

    /// What the visitor has drawn, as moves.
    pub fn begun(self) -> Vec<PenMove> {
        self.strokes.with(|strokes| moves_of(strokes))
    }

    /// All moves on the paper, the ending's without its last, which draws nothing.
    pub fn moves(self) -> Vec<PenMove> {
        let mut moves = self.begun();
        self.ending.with(|ending| {
            let drawn = ending.iter().flat_map(|ending| &ending.moves);
            moves.extend(drawn.filter(|step| step.pen != Pen::End));
        });
        moves
    }

    /// Where the drawing began: its first point, or where the network put it.
    pub fn start(self) -> Point {
        let own = self.strokes.with(|strokes| strokes.first().and_then(|stroke| stroke.first().copied()));
        let middle = PAPER / 2.0;
        own.or_else(|| self.ending.with(|e| e.as_ref().map(|e| e.start))).unwrap_or((middle, middle))
    }

    /// Where the pen was before each move, and where it is now.
    pub fn places(self) -> Vec<Point> {
        places(self.start(), &self.moves())
    }

    pub fn is_blank(self) -> bool {
        self.strokes.with(Vec::is_empty) && self.ending.with(Option::is_none)
    }

    /// Another beginning, or another kind: what was asked of the last is not wanted, and what it gave goes.
    pub fn begin_anew(self) {
        self.forget_ending();
        self.nine.set(Vec::new());
        self.measured.set(Vec::new());
        self.seed.set_value(SEED);
    }

    /// Only the beginning stays.
    pub fn forget_ending(self) {
        self.soon.with_value(Debounce::cancel);
        self.turn.update_value(|turn| *turn += 1);
        self.working.set(false);
        self.trouble.set(None);
        self.ending.set(None);
        self.shown.set(0);
        self.forget_expected();
    }

    pub fn forget_expected(self) {
        self.expected.set(None);
        self.at.set(None);
    }

    /// The view goes; an ending that is being drawn is drawn when the visitor comes back.
    pub fn leave(self) {
        self.soon.with_value(Debounce::cancel);
        let whole = self.ending.with_untracked(|e| e.as_ref().map_or(0, |e| e.moves.len()));
        self.shown.set(whole);
    }
}

/// In the Leptos context: what the page of drawings knows, from when it is opened first.
#[derive(Clone, Copy)]
pub struct Studio {
    scene: PanelState,
    reader: VisionClient,
    owner: StoredValue<Option<Owner>>,
    pub there: RwSignal<Option<SketchState>>,
}

impl Studio {
    /// Must be called under the page's owner.
    pub fn new(scene: PanelState) -> Self {
        Self {
            scene,
            reader: expect_context::<VisionClient>(),
            owner: StoredValue::new(Owner::current()),
            there: RwSignal::new(None),
        }
    }

    /// Made at the first call.
    pub fn open(self) -> SketchState {
        let there = self.there.get_untracked();
        there.unwrap_or_else(|| {
            let make = || SketchState::new(self.reader, self.scene);
            // Under the page's owner, which stays when the view goes.
            let made = self.owner.get_value().map_or_else(make, |owner| owner.with(make));
            self.there.set(Some(made));
            made
        })
    }
}

pub fn studio() -> Studio {
    expect_context::<Studio>()
}
