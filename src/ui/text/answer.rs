//! What is looked at of a network that answers: a visitor's question, and the answer that it writes to it.

use crate::protocol::{Continuation, Failure, Request, Response};
use crate::sequences::ASK;
use crate::ui::controller::Controller;

/// No answer is longer.
const LONGEST: u32 = 100;

/// A text up to the sign behind which its answer begins.
pub fn question_of(text: &str) -> &str {
    text.split(ASK).next().unwrap_or(text)
}

/// The question with the likeliest answer, up to the token that is written last, and that one: nothing is looked at from
/// there, since nothing is written behind it.
pub async fn answered(lab: Controller, text: &str) -> Result<(String, String), Failure> {
    let prompt = format!("{}{ASK}", question_of(text));
    let (temperature, top_k, top_p) = (0.0, 0, 1.0);
    let how = Continuation { prompt, tokens: LONGEST, temperature, top_k, top_p, seed: 1, choices: false };
    let Response::Written(written) = lab.ask(Request::Generate(how)).await? else {
        return Ok((text.into(), String::new()));
    };
    let mut tokens: Vec<String> = written.tokens.into_iter().map(|token| token.text).collect();
    let last = if tokens.len() > written.prompt as usize { tokens.pop() } else { None };
    Ok((tokens.concat(), last.unwrap_or_default()))
}
