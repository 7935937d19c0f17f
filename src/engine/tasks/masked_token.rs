//! Hidden tokens: softmax and cross-entropy where one is hidden, as of next tokens.

use super::{Task, next_token};
use crate::datasets::target::TargetField;
use std::rc::Rc;

pub fn make(field: &TargetField) -> Rc<dyn Task> {
    next_token::make(field)
}
