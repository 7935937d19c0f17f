//! A photograph in which there may be several digits: each is found, and read by the network on its own.

use super::dataset_store::Sample;
use super::digit_preprocess::Ink;
use super::event_loop::EngineLoop;
use super::find::{self, DigitBox};
use super::requests::{no_ink, photograph, prepared};
use crate::protocol::{Event, Failure, FoundDigit, Picture, Response};
use serde_bytes::ByteBuf;

/// The whole picture, as `FoundDigit::place`.
const WHOLE: [f32; 4] = [0.0, 0.0, 1.0, 1.0];

impl<S: Fn(Event)> EngineLoop<S> {
    /// Of data that no pen made the photograph is one picture.
    pub(super) async fn read_digits(&mut self, photo: &ByteBuf) -> Result<Response, Failure> {
        let dataset = self.session.as_ref().and_then(|s| s.run.ground.pictures);
        let inputs = match dataset.filter(|d| d.written) {
            Some(_) => found(&Ink::of_strokes(&photograph(photo, None).await?))?,
            None => vec![(WHOLE, prepared(Picture::File(photo.clone()), dataset).await?)],
        };
        let samples: Vec<_> = inputs.iter().map(|(_, input)| Sample::Picture(input)).collect();
        let predictions = self.inspector()?.predictions(&samples).await?;
        let digit = |((place, input), prediction)| FoundDigit { place, input, prediction: Some(prediction) };
        let digits = inputs.into_iter().zip(predictions).map(digit).collect();
        Ok(Response::Digits(digits))
    }
}

/// Each digit's place, in shares of the picture, and what the network gets of it.
fn found(ink: &Ink) -> Result<Vec<([f32; 4], ByteBuf)>, Failure> {
    let share = |DigitBox { left, top, right, bottom }: DigitBox| {
        let of = |a: usize, b: usize| a as f32 / b as f32;
        let (width, height) = (ink.width, ink.height);
        [of(left, width), of(top, height), of(right - left, width), of(bottom - top, height)]
    };
    let digits = find::digits(ink).into_iter();
    let inputs = digits.filter_map(|(place, ink)| Some((share(place), ByteBuf::from(ink.to_digit()?))));
    let inputs: Vec<_> = inputs.collect();
    if inputs.is_empty() { Err(no_ink()) } else { Ok(inputs) }
}
