//! What can be asked of a run as it stands, nothing changed by it.

use super::dataset_store::{Loaded, Sample, Split};
use super::inspect::Inspection;
use super::requests::{prepared, refuse};
use super::session::Session;
use super::{layer_io, trace};
use crate::protocol::{Example, Failure, Look, Picture, Prediction, Response, Target};
use burn::tensor::Device;

/// A run with its data.
pub(super) struct Inspector<'a> {
    pub session: &'a Session,
    pub data: &'a Loaded,
    pub device: &'a Device,
}

impl Inspector<'_> {
    /// Test examples of the last evaluation that `wanted` picks by target and prediction, surest first.
    pub fn tested(
        &self,
        limit: u32,
        wanted: impl Fn(&Target, &Prediction) -> bool,
    ) -> Result<Response, Failure> {
        let data = self.data;
        let Some(evaluated) = &self.session.evaluated else { return Ok(Response::Examples(Vec::new())) };
        let targets = (0..data.test.len()).map(|index| data.test.target(index));
        let all = targets.zip(&evaluated.predictions).enumerate();
        let mut found: Vec<(usize, &Prediction)> =
            all.filter(|(_, (target, said))| wanted(target, said)).map(|(i, (_, said))| (i, said)).collect();
        found.sort_by(|a, b| b.1.confidence().total_cmp(&a.1.confidence()));
        found.truncate(limit as usize);
        let example = |(index, prediction): (usize, &Prediction)| Example {
            prediction: Some(prediction.clone()),
            ..data.example(&data.test, index as u32)
        };
        Ok(Response::Examples(found.into_iter().map(example).collect()))
    }

    /// As the network takes it, if it is not an example already.
    pub(super) async fn ready(&self, picture: &Picture) -> Result<Picture, Failure> {
        let dataset = self.session.run.ground.pictures;
        Ok(match picture {
            Picture::Test(_) | Picture::Train(_) | Picture::Exact(_) | Picture::Row(_) => picture.clone(),
            other => Picture::Exact(prepared(other.clone(), dataset).await?),
        })
    }

    pub async fn predict(&self, picture: &Picture) -> Result<Response, Failure> {
        let picture = self.ready(picture).await?;
        let (look, _) = self.look(Some(&picture), true, &[]).await?;
        look.map(Response::Look).ok_or_else(not_there)
    }

    /// What the network makes of a picture, in depth with `inside`, and of test examples.
    pub async fn look(
        &self,
        look: Option<&Picture>,
        inside: bool,
        grid: &[u32],
    ) -> Result<(Option<Look>, Vec<Prediction>), Failure> {
        let data = self.data;
        let look = look.map(|picture| sample(data, picture)).transpose()?.flatten();
        let test = |i: &u32| ((*i as usize) < data.test.len()).then(|| data.sample(&data.test, *i as usize));
        let others = grid.iter().map(test).collect::<Option<Vec<_>>>().unwrap_or_default();
        Inspection { look, inside, others }.take(&self.session.run, data, self.device).await
    }

    pub async fn predict_rows(&self, rows: &[Vec<f32>]) -> Result<Response, Failure> {
        let data = self.data;
        let samples = rows.iter().map(|row| checked(data, row)).collect::<Result<Vec<_>, _>>()?;
        self.predictions(&samples).await.map(Response::Predictions)
    }

    /// What the network says of each.
    pub async fn predictions(&self, samples: &[Sample<'_>]) -> Result<Vec<Prediction>, Failure> {
        let data = self.data;
        let mut predictions = Vec::with_capacity(samples.len());
        for others in samples.chunks(ROWS_AT_ONCE) {
            let inspection = Inspection { look: None, inside: false, others: others.to_vec() };
            predictions.extend(inspection.take(&self.session.run, data, self.device).await?.1);
        }
        Ok(predictions)
    }

    pub async fn trace(&self, picture: &Picture) -> Result<Response, Failure> {
        let data = self.data;
        let (split, index) = match picture {
            Picture::Test(index) => (&data.test, *index as usize),
            Picture::Train(index) => (&data.train, *index as usize),
            _ => return Err(refuse("Only an example of the dataset has a truth.", "Choose one of them.")),
        };
        if index >= split.len() {
            return Err(refuse("This example is not there.", "Choose another."));
        }
        let targets = split.select(index..index + 1);
        let example = (data.sample(split, index), &targets);
        trace::of(&self.session.run, data, example, self.device).await.map(|t| Response::Trace(Box::new(t)))
    }

    pub async fn layer_io(&self, picture: &Picture, layer: usize, map: usize) -> Result<Response, Failure> {
        let data = self.data;
        let picture = self.ready(picture).await?;
        let sample = sample(data, &picture)?.ok_or_else(not_there)?;
        let passage = layer_io::of(&self.session.run, data, sample, (layer, map), self.device).await?;
        passage
            .map(|passage| Response::LayerIo(Box::new(passage)))
            .ok_or_else(|| refuse("The network has no such layer or map.", "Ask for one that it has."))
    }
}

pub(super) fn not_there() -> Failure {
    refuse("This picture is not there yet.", "Wait until the test set has arrived.")
}

/// Rows in one forward pass.
const ROWS_AT_ONCE: usize = 1000;

/// A picture or row as the dataset's examples are; none if that example has not arrived.
pub(super) fn sample<'a>(data: &'a Loaded, picture: &'a Picture) -> Result<Option<Sample<'a>>, Failure> {
    let of = |split: &'a Split, index: u32| {
        ((index as usize) < split.len()).then(|| data.sample(split, index as usize))
    };
    Ok(match picture {
        Picture::Test(index) => of(&data.test, *index),
        Picture::Train(index) => of(&data.train, *index),
        Picture::Row(row) => Some(checked(data, row)?),
        Picture::Exact(bytes) if bytes.len() == data.picture_len() => Some(Sample::Picture(bytes)),
        Picture::Exact(bytes) => {
            let what = format!(
                "A picture of {} numbers was given, the network takes {}.",
                bytes.len(),
                data.picture_len()
            );
            return Err(refuse(what, "Give the picture in the size that the network takes."));
        }
        Picture::Drawing { .. } | Picture::File(_) => None,
    })
}

fn checked<'a>(data: &Loaded, row: &'a [f32]) -> Result<Sample<'a>, Failure> {
    if row.len() == data.row_len()
        && data.ground.pictures.is_none()
        && data.tokens.is_none()
        && row.iter().all(|x| x.is_finite())
    {
        return Ok(Sample::Row(row));
    }
    let what = format!("A row of {} numbers was given, the data has {}.", row.len(), data.row_len());
    Err(refuse(what, "Give a row as the dataset's rows are."))
}
