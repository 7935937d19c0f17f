//! The answer to a question: next tokens, of which all must be right.

use super::{Task, next_token};
use crate::datasets::target::TargetField;
use std::rc::Rc;

pub fn make(field: &TargetField) -> Rc<dyn Task> {
    next_token::of_answers(field)
}
