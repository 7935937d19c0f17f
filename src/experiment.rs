//! How much data is enough: one network trained again and again, on more and more examples or with more and more wrong
//! labels, each time with several seeds. What is planned, and what came of it; plain data.

use crate::datasets::amount::{MOST_WRONG, PER_CLASS, WRONG};
use crate::spec::RunSpec;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What differs from run to run.
#[derive(Debug, PartialEq)]
pub struct Axis {
    pub id: &'static str,
    pub title: &'static str,
    /// The key after `data.`
    key: &'static str,
    values: &'static [u32],
    /// Values are places on a logarithmic axis, and the last is all that there is.
    pub amount: bool,
}

/// Adding one is one row.
pub static AXES: [Axis; 2] = [
    Axis {
        id: "examples",
        title: "Labelled examples of each class",
        key: PER_CLASS,
        values: &[1, 3, 10, 30, 100, 300, 1000],
        amount: true,
    },
    Axis { id: "labels", title: "Wrong labels, %", key: WRONG, values: &[0, 10, 20, 40, 60], amount: false },
];

/// The preset that is about experiments: they are at hand there.
pub const PRESET: &str = "how_much";

/// A network needs about so many steps, however few its examples are…
const STEPS: f64 = 300.0;
/// …and of more examples than this more, by the root of how many times more.
const EXAMPLES: f64 = 1000.0;

/// A run that belongs to an experiment.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    pub value: u32,
    pub spec: RunSpec,
}

/// A run that is over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finished {
    /// The id of a row of `AXES`.
    pub axis: String,
    pub value: u32,
    pub spec: RunSpec,
    /// Of so many test examples.
    pub score: f64,
    pub count: u32,
    pub steps: u32,
    /// Spent training.
    pub seconds: f64,
}

/// What runs that differ only by value and seed came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// What they have in common.
    pub spec: RunSpec,
    /// By value, smallest first: its scores.
    pub points: Vec<(u32, Vec<f64>)>,
}

impl Axis {
    pub fn by_id(id: &str) -> &'static Self {
        AXES.iter().find(|axis| axis.id == id).unwrap_or(&AXES[0])
    }

    /// Its values where there are `most` examples of each class.
    pub fn values(&self, most: u32) -> Vec<u32> {
        let smaller = self.values.iter().copied().filter(|value| !self.amount || *value < most);
        smaller.chain(self.amount.then_some(most)).collect()
    }

    /// Why these cannot be its values where there are `most` examples of each class, if so.
    pub fn refusal(&self, values: &[f64], most: u32) -> Option<String> {
        let (low, high) = if self.amount { (1, most) } else { (0, MOST_WRONG) };
        let fits = |value: &f64| value.fract() == 0.0 && (f64::from(low)..=f64::from(high)).contains(value);
        let why = || format!("“{}” takes whole numbers from {low} to {high}, each once", self.title);
        let twice = values.iter().enumerate().any(|(at, value)| values[..at].contains(value));
        (values.is_empty() || twice || !values.iter().all(fits)).then(why)
    }

    /// All runs, the first seed's first, so that the whole curve is there soon. `examples` are all that can be learned from;
    /// `only` are values, its own if there are none.
    pub fn plan(
        &self,
        base: &RunSpec,
        seeds: u32,
        [classes, examples]: [u32; 2],
        only: &[u32],
    ) -> Vec<Planned> {
        let most = examples / classes.max(1);
        let values = if only.is_empty() { self.values(most) } else { only.to_vec() };
        let run = |seed: u32, value: u32| {
            let mut spec = self.common(base);
            spec.seed = seed;
            // All examples, and no wrong label, are what there is by itself.
            let all = if self.amount { value == most } else { value == 0 };
            if !all {
                spec.data.options.insert(self.key.into(), json!(f64::from(value)));
            }
            if self.amount {
                spec.train.epochs = epochs(f64::from(value * classes), spec.train.batch_size);
            }
            Planned { value, spec }
        };
        (1..=seeds).flat_map(|seed| values.iter().map(move |value| run(seed, *value))).collect()
    }

    /// What runs of an experiment have in common.
    pub fn common(&self, spec: &RunSpec) -> RunSpec {
        let mut common = spec.clone();
        common.seed = 1;
        common.data.options.remove(self.key);
        if self.amount {
            common.train.epochs = 1.0;
        }
        common
    }

    /// What these came to, a curve for each kind of run, in the order in which they were first run.
    pub fn curves(&self, finished: &[Finished]) -> Vec<Curve> {
        let mut curves: Vec<Curve> = Vec::new();
        for run in finished.iter().filter(|run| run.axis == self.id) {
            let spec = self.common(&run.spec);
            let at = curves.iter().position(|curve| curve.spec == spec).unwrap_or(curves.len());
            if at == curves.len() {
                curves.push(Curve { spec, points: Vec::new() });
            }
            let points = &mut curves[at].points;
            match points.iter_mut().find(|point| point.0 == run.value) {
                Some(point) => point.1.push(run.score),
                None => points.push((run.value, vec![run.score])),
            }
            points.sort_by_key(|point| point.0);
        }
        curves
    }
}

/// So that it comes to `STEPS` steps, or more of many examples.
fn epochs(examples: f64, batch: f64) -> f64 {
    let steps = STEPS * (examples / EXAMPLES).max(1.0).sqrt();
    let an_epoch = (examples / batch.min(examples)).floor().max(1.0);
    (steps / an_epoch * 100.0).round() / 100.0
}

pub fn mean(scores: &[f64]) -> f64 {
    scores.iter().sum::<f64>() / scores.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Catalogue;
    use crate::spec::Preset;

    fn base() -> RunSpec {
        Preset::by_id("digits").map(Preset::spec).unwrap_or_else(|| crate::spec::PRESETS[0].spec())
    }

    #[test]
    fn every_planned_run_can_be_opened_and_takes_as_many_steps() {
        let catalogue = Catalogue::of_tables(|_| true);
        for axis in &AXES {
            let plan = axis.plan(&base(), 3, [10, 60_000], &[]);
            assert_eq!(plan.len(), 3 * axis.values(6000).len());
            for Planned { value, spec } in &plan {
                assert_eq!(catalogue.check(spec), Ok(()), "{spec:?}");
                assert_eq!(axis.common(spec), axis.common(&base()));
                if axis.amount {
                    let examples = f64::from(value * 10);
                    let steps = (examples / spec.train.batch_size.min(examples)).floor() * spec.train.epochs;
                    let expected = if *value <= 100 { 300.0 } else { 300.0 * (examples / 1000.0).sqrt() };
                    assert!((steps - expected).abs() < expected * 0.02, "{value}: {steps}, not {expected}");
                }
            }
            let mut specs: Vec<_> = plan.iter().map(|planned| format!("{:?}", planned.spec)).collect();
            specs.sort();
            specs.dedup();
            assert_eq!(specs.len(), plan.len(), "no run is there twice");
        }
        assert_eq!(AXES[0].values(800), [1, 3, 10, 30, 100, 300, 800]);
        assert!(Preset::by_id(PRESET).is_some());
    }

    #[test]
    fn values_can_be_others_if_they_can_be_at_all() {
        let [examples, labels] = &AXES;
        let plan = examples.plan(&base(), 2, [10, 60_000], &[50, 6000]);
        let seen: Vec<_> = plan.iter().map(|planned| (planned.spec.seed, planned.value)).collect();
        assert_eq!(seen, [(1, 50), (1, 6000), (2, 50), (2, 6000)]);
        assert_eq!(plan[0].spec.data.options[PER_CLASS], json!(50.0));
        assert!(!plan[1].spec.data.options.contains_key(PER_CLASS), "all that there are");
        for (axis, values) in [(examples, [1.0, 6000.0]), (labels, [0.0, 90.0])] {
            assert_eq!(axis.refusal(&values, 6000), None);
        }
        for (axis, values) in [
            (examples, &[0.0][..]),
            (examples, &[6001.0]),
            (examples, &[10.0, 10.0]),
            (examples, &[]),
            (labels, &[0.5]),
            (labels, &[f64::NAN]),
            (labels, &[91.0]),
        ] {
            assert!(axis.refusal(values, 6000).is_some(), "{values:?}");
        }
    }

    #[test]
    fn runs_that_differ_by_value_and_seed_are_one_curve() {
        let axis = &AXES[0];
        let mut other = base();
        other.model.id = "mlp".into();
        let run = |planned: &Planned, score: f64| Finished {
            axis: axis.id.into(),
            value: planned.value,
            spec: planned.spec.clone(),
            score,
            count: 10_000,
            steps: 300,
            seconds: 1.0,
        };
        let [ours, others] = [base(), other].map(|base| axis.plan(&base, 2, [10, 60_000], &[]));
        let mut finished: Vec<Finished> =
            ours.iter().map(|planned| run(planned, f64::from(planned.spec.seed) / 10.0)).collect();
        finished.push(run(&others[3], 0.5));
        let curves = axis.curves(&finished);
        assert_eq!(curves.len(), 2);
        assert_eq!(curves[0].points.len(), 8);
        assert!(curves[0].points.iter().all(|(_, scores)| (mean(scores) - 0.15).abs() < 1e-9));
        assert_eq!(curves[1].points, [(30, vec![0.5])]);
        assert!(AXES[1].curves(&finished).is_empty());
    }
}
