//! A network continues a series: one step ahead from what is true, and by itself from what it said before.

use super::dataset_store::Sample;
use super::inspector::Inspector;
use super::requests::refuse;
use crate::datasets::series::Series;
use crate::protocol::{
    Continued, Failure, Floats, HeldOut, Prediction, Response, SeriesAnswer, SeriesQuestion,
};

/// More steps are not gone on at once: commands are not heard meanwhile.
const MAX_STEPS: u32 = 500;
/// The same of held-out steps: so many multiply-adds, but…
const MAX_MULTIPLY_ADDS: u64 = 200_000_000;
/// …at least and at most so many steps.
const HELD_OUT: [u64; 2] = [50, 1000];

impl Inspector<'_> {
    pub async fn series(&self, question: SeriesQuestion) -> Result<Response, Failure> {
        let series = self.data.series.as_ref().ok_or_else(|| {
            refuse("This network does not continue a series.", "Open one that learns from steps in order.")
        })?;
        Ok(Response::Series(match question {
            SeriesQuestion::Truth => SeriesAnswer::Truth(Floats(series.truth.clone())),
            SeriesQuestion::HeldOut => SeriesAnswer::HeldOut(self.held_out(series).await?),
            SeriesQuestion::Continue { from, steps } => {
                SeriesAnswer::Continued(self.go_on(series, from as usize, steps.min(MAX_STEPS)).await?)
            }
        }))
    }

    async fn held_out(&self, series: &Series) -> Result<HeldOut, Failure> {
        let run = &self.session.run;
        let [least, most] = HELD_OUT;
        let count = (MAX_MULTIPLY_ADDS / run.network.multiply_adds(1).max(1)).clamp(least, most);
        let mut steps = series.held_out();
        steps.truncate(count as usize);
        let windows: Vec<Sample> = steps.iter().map(|step| Sample::Row(series.before(*step))).collect();
        let predicted: Vec<f32> = self.predictions(&windows).await?.iter().map(number).collect();
        Ok(HeldOut {
            step: run.step,
            scores: series.scores(&steps, &predicted),
            persistence: series.persistence(&steps),
            steps: steps.into_iter().map(|step| step as u32).collect(),
            predicted: Floats(predicted),
        })
    }

    /// The steps before `from` are true; from there on the network reads what it said itself.
    async fn go_on(&self, series: &Series, from: usize, steps: u32) -> Result<Continued, Failure> {
        if !(series.window..=series.steps()).contains(&from) {
            let what = format!(
                "It goes on from one of the steps {} to {}, and {from} was asked for.",
                series.window,
                series.steps()
            );
            return Err(refuse(what, "Choose a step in between."));
        }
        let mut window = series.before(from).to_vec();
        let mut before = series.last_before(from).unwrap_or(0.0);
        let mut predicted = Vec::with_capacity(steps as usize);
        for step in from..from + steps as usize {
            let said = self.predictions(&[Sample::Row(&window)]).await?;
            let Some(value) = said.first().map(number).filter(|value| value.is_finite()) else { break };
            predicted.push(value);
            window.drain(..series.features.len());
            series.follow(step, value, before, &mut window);
            before = value;
        }
        Ok(Continued { step: self.session.run.step, from: from as u32, predicted: Floats(predicted) })
    }
}

fn number(said: &Prediction) -> f32 {
    match said {
        Prediction::Value(value) => *value,
        Prediction::Class(_) => f32::NAN,
    }
}
